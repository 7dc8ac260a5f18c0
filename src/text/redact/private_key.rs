//! Private keys as text (RFC 7468, OpenSSH, OpenPGP, RFC 4716, PuTTY), which span lines, whatever stands before each line,
//! and which may be cut at either end.

use std::ops::Range;

use super::search::Search;
use super::shape::{Class, is_mixed};

/// The words that lead to labels: PuTTY has one of its own.
const LABEL: &str = "PRIVATE KEY";
const PUTTY: &str = "Private-Lines:";

/// Between two lines of a key there is less than this: what a log writes before a line, or the headers of a key.
const GAP: usize = 256;

/// A full line of a key has 64, 70 or 76 characters; shorter words may be anything.
const LINE: usize = 40;

/// Hides each private key, also one whose first or last line is missing.
///
/// `open`: the text starts inside a key whose BEGIN line was cut away.
pub(super) fn find(search: &mut Search<'_>, open: bool) {
    let text = search.text;
    let lines = long_words(text);
    let labels = if names_key(text) { labels(text) } else { Vec::new() };
    let keys = Keys { text, lines: &lines, labels: &labels };
    let mut from = 0;
    if open {
        from = keys.end(0, 0);
        search.hide(0..from);
    }
    for (index, label) in labels.iter().enumerate() {
        let Range { start, end } = label.range;
        if end <= from {
            continue;
        }
        let key = match label.kind {
            LabelKind::Begin => start.max(from)..keys.end(end, index + 1),
            LabelKind::End => keys.start(from, start.max(from))..end,
            LabelKind::Putty => {
                let body = &text[end..keys.end(end, index + 1)];
                end + (body.len() - body.trim_start().len())..end + body.len()
            }
        };
        from = key.end.max(end);
        search.hide(key);
    }
    if lines.len() > 1 {
        find_bare(search, &lines);
    }
}

/// Whether the text may have the label of a private key.
pub(in super::super) fn names_key(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('P') {
        rest = &rest[at..];
        if rest.starts_with(LABEL) || rest.starts_with(PUTTY) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

/// Whether a text that ends here would end inside a key; `open` if it began in one.
pub(in super::super) fn ends_in_key(text: &str, open: bool) -> bool {
    if !names_key(text) {
        return open;
    }
    labels(text).last().map_or(open, |label| label.kind != LabelKind::End)
}

#[derive(Clone, Copy, PartialEq)]
enum LabelKind {
    Begin,
    End,
    /// The number of lines that follow in a file of PuTTY.
    Putty,
}

struct Label {
    kind: LabelKind,
    range: Range<usize>,
}

/// Each `-----BEGIN … PRIVATE KEY-----` and its END.
fn labels(text: &str) -> Vec<Label> {
    let mut labels: Vec<Label> =
        text.match_indices(LABEL).filter_map(|(at, _)| label_around(text, at)).collect();
    let putty = text.match_indices(PUTTY).map(|(start, _)| {
        let rest = &text[start + PUTTY.len()..];
        let number = rest.bytes().take_while(|b| *b == b' ' || b.is_ascii_digit()).count();
        Label { kind: LabelKind::Putty, range: start..start + PUTTY.len() + number }
    });
    labels.extend(putty);
    labels.sort_by_key(|label| label.range.start);
    labels
}

/// The label whose words stand here: dashes before BEGIN or END, and dashes at its end.
fn label_around(text: &str, at: usize) -> Option<Label> {
    // The longest label in use is "PGP PRIVATE KEY BLOCK" or "SSH2 ENCRYPTED PRIVATE KEY".
    let is_word = |byte: &&u8| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b' ');
    let words = text.as_bytes()[..at].iter().rev().take(40).take_while(is_word).count();
    let before = text[at - words..at].trim_start();
    let kind = match before.split(' ').next()? {
        "BEGIN" => LabelKind::Begin,
        "END" => LabelKind::End,
        _ => return None,
    };
    let words = at - before.len();
    let dashes = text[..words].trim_end_matches(' ').len();
    let start =
        dashes - text.as_bytes()[..dashes].iter().rev().take(5).take_while(|b| **b == b'-').count();
    let rest = &text[at + LABEL.len()..];
    let after = rest.strip_prefix(" BLOCK").unwrap_or(rest).trim_start_matches(' ');
    let end = after.bytes().take(5).take_while(|byte| *byte == b'-').count();
    let is_label = dashes - start >= 4 && end >= 4 && words - dashes <= 1;
    is_label.then(|| Label { kind, range: start..text.len() - after.len() + end })
}

/// What is known of the keys of a text.
struct Keys<'a> {
    text: &'a str,
    lines: &'a [Range<usize>],
    labels: &'a [Label],
}

impl Keys<'_> {
    /// Where the key ends whose label ends at `from`: after its END label, else after its last line. `next`: the label
    /// after its own.
    fn end(&self, from: usize, next: usize) -> usize {
        let label = self.labels.get(next);
        let limit = label.map_or(self.text.len(), |label| label.range.start);
        let (mut end, mut last) = (from, None);
        let first = self.lines.partition_point(|line| line.start < from);
        for line in &self.lines[first..] {
            if line.start > limit || line.start - end > GAP {
                break;
            }
            (end, last) = (line.end, Some(line));
        }
        match label {
            Some(label) if label.kind == LabelKind::End && limit.saturating_sub(end) <= GAP => {
                label.range.end
            }
            _ => last.map_or(end, |line| last_line(self.text, line)),
        }
    }

    /// The start of the key that ends before the END label at `to`, not before `from`.
    fn start(&self, from: usize, to: usize) -> usize {
        let near = self.text.ceil_char_boundary(to.saturating_sub(GAP).max(from));
        let mut start = to;
        // a last line may be short
        let body = trim_gap_end(&self.text[near..to]);
        let len = Class::Base64.trailing(body);
        let word = &body[body.len() - len..];
        if len > 0
            && near + body.len() < to
            && (len >= LINE || word.ends_with('=') || is_mixed(word))
        {
            start = near + body.len() - len;
        }
        let end = self.lines.partition_point(|line| line.end <= to);
        for line in self.lines[..end].iter().rev() {
            if line.end < from || start.saturating_sub(line.end) > GAP {
                break;
            }
            start = start.min(line.start.max(from));
        }
        start
    }
}

/// The end of a short last line, in which nothing tells but that it stands where the line above does.
fn last_line(text: &str, above: &Range<usize>) -> usize {
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
fn find_bare(search: &mut Search<'_>, lines: &[Range<usize>]) {
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
fn long_words(text: &str) -> Vec<Range<usize>> {
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
fn trim_gap_end(mut text: &str) -> &str {
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

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n\
                        MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu\n\
                        NMoSfm76oqFvAp8Gy0iz5sxjZmSnXyCdPEovGhLa0VzMaQ8s\nCLOyS56Y";

    fn hide(text: &str) -> String {
        hide_from(text, false)
    }

    fn hide_from(text: &str, open: bool) -> String {
        let mut search = Search::new(text);
        find(&mut search, open);
        search.finish().into_owned()
    }

    #[test]
    fn a_key_is_hidden_and_its_surroundings_stay() {
        for kind in
            ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"]
        {
            let text = format!("a\n-----BEGIN {kind}-----\n{BODY}\n-----END {kind}-----\nb c");
            assert_eq!(hide(&text), "a\n[redacted]\nb c");
        }
    }

    #[test]
    fn a_key_with_headers_or_prefixed_lines_is_hidden_up_to_its_end() {
        let text = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIE\n\
                    -----END RSA PRIVATE KEY-----!";
        assert_eq!(hide(text), "[redacted]!");
        let text = "12 -----BEGIN PRIVATE KEY-----\n12 MIIE\n12 -----END PRIVATE KEY-----\n12 x";
        assert_eq!(hide(text), "12 [redacted]\n12 x");
    }

    #[test]
    fn a_key_written_as_a_json_string_is_hidden() {
        let escaped = BODY.replace('\n', "\\n");
        let text = format!(
            r#"{{"k":"-----BEGIN PRIVATE KEY-----\n{escaped}\n-----END PRIVATE KEY-----\n","x":1}}"#
        );
        assert_eq!(hide(&text), r#"{"k":"[redacted]\n","x":1}"#);
    }

    #[test]
    fn a_key_without_its_end_is_hidden_and_the_words_after_it_stay() {
        let text = format!("-----BEGIN PRIVATE KEY-----\n{}\npanic: x", &BODY[..129]);
        assert_eq!(hide(&text), "[redacted]\npanic: x");
        assert_eq!(hide("no -----BEGIN PRIVATE KEY----- in file"), "no [redacted] in file");
    }

    #[test]
    fn a_key_without_its_begin_is_hidden_and_the_words_before_it_stay() {
        for body in [BODY.to_owned(), BODY.replace('\n', "\\n")] {
            let text = format!("panic: x\n{body}\n-----END PRIVATE KEY-----\ny");
            assert_eq!(hide(&text), "panic: x\n[redacted]\ny");
        }
    }

    #[test]
    fn a_text_that_starts_inside_a_key_is_hidden_from_there() {
        let text = format!("{}\npanic: x", &BODY[..129]);
        assert_eq!(hide_from(&text, true), "[redacted]\npanic: x");
        assert_eq!(hide_from("panic: x", true), "panic: x");
        assert!(ends_in_key("-----BEGIN PRIVATE KEY-----\nMII", false));
        assert!(!ends_in_key("MII\n-----END PRIVATE KEY-----", true));
    }

    #[test]
    fn certificates_and_public_keys_stay() {
        for kind in ["CERTIFICATE", "PUBLIC KEY", "RSA PUBLIC KEY"] {
            let text = format!("-----BEGIN {kind}-----\n{BODY}\n-----END {kind}-----");
            assert_eq!(hide(&text), text);
        }
    }
}
