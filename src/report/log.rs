//! The rows of a log excerpt that fit; what is left out is counted.

use crate::{
    evidence::LogEvidence,
    gate::Finding,
    signs::telling_lines,
    text::{Cut, Excerpt, ExcerptRow, Room},
};

/// The rows of a finding's log in reading order. If not all fit, these do: the line that its probable cause rests on,
/// the one that tells most, what stands beside them, and the end.
pub(super) fn rows(log: &LogEvidence, finding: &Finding, room: Room) -> Vec<String> {
    let fits = log.excerpt.fits(room);
    let telling = if fits { Vec::new() } else { telling_lines(log, finding.diagnosis.as_ref()) };
    fitting(&log.excerpt, &telling, room)
}

fn fitting(excerpt: &Excerpt, telling: &[usize], room: Room) -> Vec<String> {
    let shown = excerpt.shortened(telling, room);
    let row = |row: ExcerptRow<'_>| match row {
        ExcerptRow::Line(line) => line.to_string(),
        ExcerptRow::Cut(cut) => note(cut),
    };
    shown.rows().map(row).collect()
}

fn note(cut: Cut) -> String {
    format!("… {cut} …")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Untrusted;

    fn excerpt(head: &[&str], cut: u64, tail: &[&str]) -> Excerpt {
        let clean = |lines: &[&str]| {
            lines.iter().map(|line| Untrusted::from(*line).to_clean()).collect::<Vec<_>>()
        };
        Excerpt {
            head: clean(head),
            cut: Cut { lines: cut, exact: true },
            tail: clean(tail),
            ..Excerpt::default()
        }
    }

    const AMPLE: Room = Room { bytes: 1000, lines: 100, indent: 0, head: 0 };

    #[test]
    fn all_is_shown_where_it_fits() {
        assert_eq!(fitting(&excerpt(&["a"], 0, &["b", "c"]), &[], AMPLE), ["a", "b", "c"]);
        assert_eq!(fitting(&excerpt(&["a"], 7, &["b"]), &[], AMPLE), ["a", "… 7 lines cut …", "b"]);
    }

    #[test]
    fn the_end_is_kept_and_the_rest_is_counted() {
        let long = excerpt(&["a", "b"], 7, &["c", "d"]);
        assert_eq!(fitting(&long, &[], Room { lines: 1, ..AMPLE }), ["… 10 lines cut …", "d"]);
        assert_eq!(fitting(&long, &[], Room { bytes: 4, ..AMPLE }), ["… 9 lines cut …", "c", "d"]);
        assert_eq!(
            fitting(&long, &[], Room { bytes: 4, indent: 2, ..AMPLE }),
            ["… 10 lines cut …", "d"]
        );
        assert_eq!(
            fitting(&long, &[], Room { lines: 3, ..AMPLE }),
            ["… 1 line cut …", "b", "… 7 lines cut …", "c", "d"]
        );
        assert_eq!(fitting(&long, &[], Room { bytes: 0, lines: 0, ..AMPLE }), ["… 11 lines cut …"]);
    }
}
