//! Limits of length. Every cut is between two characters, and is marked.

use std::borrow::Cow;

/// The longest line that is shown, in bytes.
pub(super) const LINE_MAX: usize = 8 * 1024;

/// The longest text that is shown, in bytes.
pub(super) const TEXT_MAX: usize = 64 * 1024;

/// Room for the note about a cut, with the largest number in it.
const NOTE_MAX: usize = 40;

/// Bytes of a line that is too long which are kept from its start, and before the place that matters.
const START_MAX: usize = 512;
const BEFORE_PLACE: usize = 1024;

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

/// The same for a line of which `unseen` more bytes were dropped before.
pub(super) fn cap_longer_line(line: &str, unseen: u64) -> Cow<'_, str> {
    if unseen == 0 && line.len() <= LINE_MAX {
        return Cow::Borrowed(line);
    }
    let kept = line.floor_char_boundary(LINE_MAX - NOTE_MAX);
    let cut = unseen.saturating_add((line.len() - kept) as u64);
    Cow::Owned(format!("{}… ({cut} bytes cut)", &line[..kept]))
}

/// The same, but keeps what is around the byte `at`, and the first words of the line.
pub(super) fn cap_line_around(line: &str, at: usize, unseen: u64) -> Cow<'_, str> {
    let from = line.floor_char_boundary(at.saturating_sub(BEFORE_PLACE));
    if from <= START_MAX {
        return cap_longer_line(line, unseen);
    }
    let start = line.floor_char_boundary(START_MAX);
    let note = format!("… ({} bytes cut) … ", from - start);
    let kept = line[from..].floor_char_boundary(LINE_MAX - NOTE_MAX - start - note.len());
    let end = from + kept;
    let rest = unseen.saturating_add((line.len() - end) as u64);
    let end_note = if rest == 0 { String::new() } else { format!("… ({rest} bytes cut)") };
    Cow::Owned(format!("{}{note}{}{end_note}", &line[..start], &line[from..end]))
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

/// The same, but keeps what is around the byte `at`; a cut before it is marked by "…" too.
pub(super) fn cut_chars_around(text: &str, at: usize, max: usize) -> Cow<'_, str> {
    let before: Vec<usize> =
        text.char_indices().map(|(start, _)| start).take_while(|start| *start < at).collect();
    // a quarter is for what comes before it, unless what follows is short
    let after = text[text.floor_char_boundary(at)..].chars().count();
    let lead = (max / 4).max(max.saturating_sub(after + 1));
    match before
        .len()
        .checked_sub(lead)
        .map(|skipped| skipped + 1)
        .and_then(|skipped| before.get(skipped))
    {
        Some(from) if text.chars().nth(max).is_some() && max > 1 => {
            Cow::Owned(format!("…{}", cut_chars(&text[*from..], max - 1)))
        }
        _ => cut_chars(text, max),
    }
}

fn cap(text: &str, max: usize, before_note: &str) -> String {
    let kept = text.floor_char_boundary(max - NOTE_MAX - before_note.len());
    format!("{}{before_note}… ({} bytes cut)", &text[..kept], text.len() - kept)
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
    fn the_words_that_tell_are_within_the_cut() {
        let text = format!("{} refused by db {}", "é".repeat(50), "x".repeat(50));
        let at = text.find("refused").unwrap();
        assert_eq!(cut_chars_around(&text, at, 30), "…ééééé refused by db xxxxxxxx…");
        assert_eq!(cut_chars_around(&text[..at + 13], at, 30), "…éééééééééééééé refused by db");
        assert_eq!(cut_chars_around(&text, 0, 4), "ééé…");
        assert_eq!(cut_chars_around("refused", 0, 7), "refused");
        assert_eq!(cut_chars_around("a refused", 2, 1), "…");
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        assert_eq!(cut_chars("éé😀é", 4), "éé😀é");
        assert_eq!(cut_chars("éé😀é", 3), "éé…");
    }
}
