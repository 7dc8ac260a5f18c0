//! The lines of a key between its labels, or without them.

use std::ops::Range;

use super::{GAP, LINE, label::LABEL};
use crate::text::redact::{
    search::Search,
    shape::{Class, is_mixed},
};

/// The end of a short last line, which is recognized only by having the same prefix as the line above.
pub(super) fn last_line(text: &str, above: &Range<usize>) -> usize {
    let rest = &text[above.end..text.ceil_char_boundary(above.end + GAP)];
    let line = skip_gap(rest);
    let escaped = rest.len() - line.len();
    // on the same line of the log, after a `\\n`
    if escaped > 0 && !rest[..escaped].contains('\n') {
        let len = Class::Base64.leading(line);
        return above.end + if is_tail(&line[..len]) { escaped + len } else { 0 };
    }
    let near = text.ceil_char_boundary(above.start.saturating_sub(GAP));
    let line_start = text[near..above.start].rfind('\n').map_or(near, |end| near + end + 1);
    let prefix = &text[line_start..above.start];
    let Some(below) = rest.find('\n').map(|end| above.end + end + 1) else { return above.end };
    let Some(same) = text.get(below..below + prefix.len()) else { return above.end };
    let alike = |(a, b): (u8, u8)| a == b || a.is_ascii_digit() && b.is_ascii_digit();
    if !prefix.bytes().zip(same.bytes()).all(alike) {
        return above.end;
    }
    let word = below + prefix.len();
    let len = Class::Base64.leading(&text[word..]);
    let after = text[word + len..].split('\n').next().unwrap_or_default();
    let is_line = after.trim_matches(['"', '\'', '}', ']', ')', ',', ' ', '\r']).is_empty();
    if is_line && is_tail(&text[word..word + len]) { word + len } else { above.end }
}

/// Base64 rather than a word.
fn is_tail(word: &str) -> bool {
    let inner = word.bytes().skip(1).any(|byte| byte.is_ascii_uppercase());
    word.len() >= 4
        && (word.ends_with('=')
            || inner && word.bytes().any(|byte| byte.is_ascii_lowercase())
            || word.len() >= 12 && is_mixed(word))
}

/// Lines of a key without either label: two or more of the same width below each other.
pub(super) fn find_bare(search: &mut Search<'_>, lines: &[Range<usize>]) {
    const WIDTHS: [usize; 3] = [64, 70, 76];
    let text = search.text;
    let follows = |before: &Range<usize>, after: &Range<usize>| {
        let gap = &text[before.end..after.start];
        gap.len() <= GAP
            && (gap.matches('\n').count() == 1 || gap.starts_with('\\') && gap.len() <= 8)
    };
    let mut index = 0;
    while index < lines.len() {
        let width = lines[index].len();
        let mut last = index;
        while last + 1 < lines.len()
            && WIDTHS.contains(&width)
            && lines[last].len() == width
            && lines[last + 1].len() <= width
            && follows(&lines[last], &lines[last + 1])
        {
            last += 1;
        }
        let key = &lines[index..=last];
        index = last + 1;
        let (Some(first), Some(end)) = (key.first(), key.last()) else { continue };
        if key.len() < 2 || is_public(text, first.start, end.end) {
            continue;
        }
        key.iter().for_each(|line| search.hide(line.clone()));
        let tail = last_line(text, end);
        let gap = text[end.end..tail].rfind(|c| !is_base64(c)).map_or(0, |at| at + 1);
        search.hide(end.end + gap..tail);
    }
}

/// Whether the label before or after these lines is that of a certificate or a public key.
fn is_public(text: &str, start: usize, end: usize) -> bool {
    let before = &text[text.ceil_char_boundary(start.saturating_sub(GAP))..start];
    let begins = before.rfind("-BEGIN ").map(|at| &before[at..]);
    let after = &text[end..text.ceil_char_boundary(end + GAP)];
    let ends = after.find("-END ").map(|at| &after[at..]);
    [begins, ends].into_iter().flatten().any(|label| !label.contains(LABEL))
}

/// Words of base64 that are long enough for a line of a key, and are no word, path or digest.
pub(super) fn long_words(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let is_part =
        |at: usize| bytes.get(at).is_some_and(|byte| Class::Base64.has(*byte) && *byte != b'=');
    let mut words = Vec::new();
    // every word of this length has a part at one of these places
    let mut at = LINE - 1;
    while at < bytes.len() {
        if !is_part(at) {
            at += LINE;
            continue;
        }
        let start = at
            - bytes[..at]
                .iter()
                .rev()
                .take_while(|byte| Class::Base64.has(**byte) && **byte != b'=')
                .count();
        let mut end = at
            + bytes[at..]
                .iter()
                .take_while(|byte| Class::Base64.has(**byte) && **byte != b'=')
                .count();
        while bytes.get(end) == Some(&b'=') {
            end += 1;
        }
        // the letter of `\n` has passed for base64
        let start = if start > 0 && bytes[start - 1] == b'\\' { start + 1 } else { start };
        if end >= start + LINE && is_mixed(&text[start..end]) {
            words.push(start..end);
        }
        at = end + LINE;
    }
    words
}

fn is_base64(c: char) -> bool {
    u8::try_from(c).is_ok_and(|byte| Class::Base64.has(byte))
}

/// Skips line ends, real ones and those written as `\n` in a JSON string.
fn skip_gap(mut text: &str) -> &str {
    loop {
        let next = text.trim_start().trim_start_matches('\\');
        let is_escaped = next.len() < text.trim_start().len();
        let next = if is_escaped { next.strip_prefix(['n', 'r']).unwrap_or(next) } else { next };
        if next.len() == text.len() {
            return text;
        }
        text = next;
    }
}

/// The same from the end, where the letter of `\n` has passed for base64 already.
pub(super) fn trim_gap_end(mut text: &str) -> &str {
    loop {
        let next = text.trim_end();
        let gap = ["\\n", "\\r"].iter().find_map(|gap| next.strip_suffix(gap));
        let next = gap.map_or(next, |next| next.trim_end_matches('\\'));
        if next.len() == text.len() {
            return text;
        }
        text = next;
    }
}
