//! The rows of a log excerpt that fit: what is left out is counted, and the end of the log is kept.

use crate::text::{Cut, Excerpt, ExcerptLine};

/// How much of a log may be shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Bytes, line ends included.
    pub(super) bytes: usize,
    /// Rows, the one that tells of a cut not counted.
    pub(super) lines: usize,
    /// Bytes that are put before each line.
    pub(super) indent: usize,
}

/// The rows in reading order. If not all fit, the last ones do: they are nearest to the crash.
pub(super) fn rows(excerpt: &Excerpt, room: Room) -> Vec<String> {
    let lines = excerpt.head.len() + excerpt.tail.len();
    let size = |line: &str| room.indent + line.len() + 1;
    let bytes: usize = excerpt.head.iter().chain(&excerpt.tail).map(|line| size(line)).sum();
    if lines <= room.lines && bytes <= room.bytes {
        return excerpt
            .lines()
            .map(|row| match row {
                ExcerptLine::Line(line) => line.to_string(),
                ExcerptLine::Cut(cut) => note(cut),
            })
            .collect();
    }
    let mut left = room.bytes;
    let last = excerpt.head.iter().chain(&excerpt.tail).rev().take(room.lines);
    let mut kept: Vec<String> = last
        .map_while(|line| {
            left = left.checked_sub(size(line))?;
            Some(line.to_string())
        })
        .collect();
    // lines of the head can be among the kept ones, on the other side of the excerpt's own cut
    let dropped = lines - kept.len();
    let inner_cut_at = (kept.len() > excerpt.tail.len()).then_some(excerpt.tail.len());
    match inner_cut_at {
        Some(at) if !excerpt.cut.is_none() => {
            kept.insert(at, note(excerpt.cut));
            kept.push(note(Cut { lines: dropped as u64, exact: true }));
        }
        _ => kept.push(note(Cut {
            lines: excerpt.cut.lines.saturating_add(dropped as u64),
            exact: excerpt.cut.exact,
        })),
    }
    kept.reverse();
    kept
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
        Excerpt { head: clean(head), cut: Cut { lines: cut, exact: true }, tail: clean(tail) }
    }

    const AMPLE: Room = Room { bytes: 1000, lines: 100, indent: 0 };

    #[test]
    fn all_is_shown_where_it_fits() {
        assert_eq!(rows(&excerpt(&["a"], 0, &["b", "c"]), AMPLE), ["a", "b", "c"]);
        assert_eq!(rows(&excerpt(&["a"], 7, &["b"]), AMPLE), ["a", "… 7 lines cut …", "b"]);
    }

    #[test]
    fn the_end_is_kept_and_the_rest_is_counted() {
        let long = excerpt(&["a", "b"], 7, &["c", "d"]);
        assert_eq!(rows(&long, Room { lines: 1, ..AMPLE }), ["… 10 lines cut …", "d"]);
        assert_eq!(rows(&long, Room { bytes: 4, ..AMPLE }), ["… 9 lines cut …", "c", "d"]);
        assert_eq!(rows(&long, Room { bytes: 4, indent: 2, ..AMPLE }), ["… 10 lines cut …", "d"]);
        assert_eq!(
            rows(&long, Room { lines: 3, ..AMPLE }),
            ["… 1 line cut …", "b", "… 7 lines cut …", "c", "d"]
        );
        assert_eq!(rows(&long, Room { bytes: 0, lines: 0, indent: 0 }), ["… 11 lines cut …"]);
    }
}
