//! Private keys as text (RFC 7468, OpenSSH, OpenPGP, RFC 4716, PuTTY). They span lines, whatever a log writes before each, and
//! may be cut off at either end.

mod label;
mod lines;

use std::ops::Range;

pub(in crate::text) use self::label::ends_in_key;
use self::label::{Label, LabelKind, labels, names_key};
use self::lines::{find_bare, last_line, long_words, trim_gap_end};
use super::search::Search;
use super::shape::{Class, is_mixed};

/// The most bytes between two lines of a key: what a log writes before a line, or the headers of a key.
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
