//! Limits of length: every cut is at a character's border and is told.

use std::borrow::Cow;

/// The longest line that is shown, in bytes.
pub(super) const LINE_MAX: usize = 8 * 1024;

/// The longest text that is shown, in bytes.
pub(super) const TEXT_MAX: usize = 64 * 1024;

/// Room for the note that tells of a cut, with the largest number in it.
const NOTE_MAX: usize = 40;

/// Cuts each line to [`LINE_MAX`] and the whole to [`TEXT_MAX`], notes included.
pub(super) fn cap_lines(text: &str) -> Cow<'_, str> {
    let lines = if text.split('\n').any(|line| line.len() > LINE_MAX) {
        Cow::Owned(text.split('\n').map(cap_line).collect::<Vec<_>>().join("\n"))
    } else {
        Cow::Borrowed(text)
    };
    if lines.len() <= TEXT_MAX { lines } else { Cow::Owned(cap(&lines, TEXT_MAX, "\n")) }
}

/// Cuts one line to [`LINE_MAX`], its note included.
pub(super) fn cap_line(line: &str) -> Cow<'_, str> {
    cap_longer_line(line, 0)
}

/// The same for a line of which `unseen` more bytes were never kept.
pub(super) fn cap_longer_line(line: &str, unseen: u64) -> Cow<'_, str> {
    if unseen == 0 && line.len() <= LINE_MAX {
        return Cow::Borrowed(line);
    }
    let kept = floor_boundary(line, LINE_MAX - NOTE_MAX);
    let cut = unseen.saturating_add((line.len() - kept) as u64);
    Cow::Owned(format!("{}… ({cut} bytes cut)", &line[..kept]))
}

/// Cuts after `max` characters, the last of which is then "…".
pub(super) fn cut_chars(text: &str, max: usize) -> Cow<'_, str> {
    if text.len() <= max || text.chars().nth(max).is_none() {
        return Cow::Borrowed(text);
    }
    let Some(kept) = max.checked_sub(1) else { return Cow::Borrowed("") };
    let end = text.char_indices().nth(kept).map_or(text.len(), |(at, _)| at);
    Cow::Owned(format!("{}…", &text[..end]))
}

fn cap(text: &str, max: usize, before_note: &str) -> String {
    let kept = floor_boundary(text, max - NOTE_MAX - before_note.len());
    format!("{}{before_note}… ({} bytes cut)", &text[..kept], text.len() - kept)
}

/// The largest character border at or before `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_and_its_neighbours_are_not() {
        let text = format!("first\n{}\nlast", "x".repeat(70_000));
        let capped = cap_lines(&text);
        let lines: Vec<_> = capped.split('\n').collect();
        assert_eq!((lines[0], lines[2], lines.len()), ("first", "last", 3));
        assert!(lines[1].len() <= LINE_MAX);
        assert!(lines[1].ends_with("x… (61848 bytes cut)"), "{}", &lines[1][8000..]);
    }

    #[test]
    fn a_long_text_is_cut_with_a_note_on_its_own_line() {
        let text = "é".repeat(3_000) + "\n";
        let text = text.repeat(20);
        let capped = cap_lines(&text);
        assert!(capped.len() <= TEXT_MAX);
        assert!(capped.lines().last().unwrap().starts_with("… ("));
    }

    #[test]
    fn a_cut_text_is_not_cut_again() {
        for text in ["x".repeat(70_000), "line of text\n".repeat(10_000), "é".repeat(9_000)] {
            let once = cap_lines(&text).into_owned();
            assert_eq!(cap_lines(&once), once);
        }
    }

    #[test]
    fn bytes_that_were_never_kept_are_counted() {
        assert_eq!(cap_longer_line("abc", 7), "abc… (7 bytes cut)");
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        assert_eq!(cut_chars("éé😀é", 4), "éé😀é");
        assert_eq!(cut_chars("éé😀é", 3), "éé…");
    }
}
