//! Private keys in PEM form, which span lines and may be cut at either end.

use std::borrow::Cow;
use std::ops::Range;

/// Replaces each private key, also one whose first or last line is missing.
///
/// `open`: the text starts inside a key whose BEGIN line was cut away.
pub(super) fn hide_private_keys<'t>(text: &'t str, open: bool, mark: &str) -> Cow<'t, str> {
    let mut keys: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    if open {
        from = after_body(text, 0);
        keys.extend((from > 0).then_some(0..from));
    }
    while let Some(label) = next_label(text, from) {
        let range = match label.kind {
            LabelKind::Begin => label.range.start..end_of_key(text, label.range.end),
            LabelKind::End => start_of_body(text, from, label.range.start)..label.range.end,
        };
        from = range.end;
        keys.push(range);
    }
    if keys.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for key in keys {
        out.push_str(&text[from..key.start]);
        out.push_str(mark);
        from = key.end;
    }
    out.push_str(&text[from..]);
    Cow::Owned(out)
}

/// Whether a text that ends here would end inside a key; `open` if it began in one.
pub(super) fn ends_in_key(text: &str, open: bool) -> bool {
    let mut open = open;
    let mut from = 0;
    while let Some(label) = next_label(text, from) {
        open = matches!(label.kind, LabelKind::Begin);
        from = label.range.end;
    }
    open
}

enum LabelKind {
    Begin,
    End,
}

struct Label {
    kind: LabelKind,
    range: Range<usize>,
}

/// The next `-----BEGIN … PRIVATE KEY-----` or its END.
fn next_label(text: &str, mut from: usize) -> Option<Label> {
    const DASHES: &str = "-----";
    while let Some(start) = text[from..].find(DASHES).map(|at| from + at) {
        let rest = &text[start + DASHES.len()..];
        let (kind, words) = match (rest.strip_prefix("BEGIN "), rest.strip_prefix("END ")) {
            (Some(words), _) => (LabelKind::Begin, words),
            (_, Some(words)) => (LabelKind::End, words),
            (None, None) => {
                from = start + 1;
                continue;
            }
        };
        // The longest label in use is "OPENSSH PRIVATE KEY" or "PGP PRIVATE KEY BLOCK".
        let name = words.trim_start_matches(|c| matches!(c, 'A'..='Z' | '0'..='9' | ' '));
        let name_len = words.len() - name.len();
        if words[..name_len].contains("PRIVATE KEY") && name.starts_with(DASHES) {
            let end = text.len() - name.len() + DASHES.len();
            return Some(Label { kind, range: start..end });
        }
        from = start + DASHES.len();
    }
    None
}

/// Where the key ends whose BEGIN label ends at `from`: after its END label, else after its body.
fn end_of_key(text: &str, from: usize) -> usize {
    match next_label(text, from) {
        Some(Label { kind: LabelKind::End, range }) => range.end,
        _ => after_body(text, from),
    }
}

/// The end of the lines of base64 that start at `from`; only words too long for prose count.
fn after_body(text: &str, from: usize) -> usize {
    let mut end = from;
    loop {
        let rest = &text[end..];
        let gap = rest.len() - skip_gap(rest).len();
        let word = &rest[gap..];
        let after = word.trim_start_matches(is_base64);
        let len = word.len() - after.len();
        let after = after.trim_start_matches('=');
        // `long_name=value` is no line of a key.
        if len < BODY_WORD_MIN || after.starts_with(|c: char| !ends_word(c)) {
            return end;
        }
        end = text.len() - after.len();
    }
}

/// The start of the lines of base64 that end at `to`, not before `from`.
fn start_of_body(text: &str, from: usize, to: usize) -> usize {
    let mut start = to;
    let mut may_be_short = true;
    loop {
        let rest = &text[from..start];
        let body = trim_gap_end(rest);
        let len = body.len() - body.trim_end_matches('=').trim_end_matches(is_base64).len();
        if len < BODY_WORD_MIN && !(may_be_short && len > 0 && len < rest.len()) {
            return start;
        }
        may_be_short = false;
        start = from + body.len() - len;
    }
}

/// A full line of a key has 64 or 76 characters; shorter words may be prose.
const BODY_WORD_MIN: usize = 16;

fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/')
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\\' | '"' | '\'' | '`' | '-' | ',' | ']' | '}')
}

/// Skips line ends, real ones and those written as `\n` in a JSON string.
fn skip_gap(mut text: &str) -> &str {
    loop {
        let next = text.trim_start();
        let next = ["\\n", "\\r"].iter().find_map(|gap| next.strip_prefix(gap)).unwrap_or(next);
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
        let gaps = ["\\n", "\\r", "\\"];
        let next = gaps.iter().find_map(|gap| next.strip_suffix(gap)).unwrap_or(next);
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
        hide_private_keys(text, false, "[redacted]").into_owned()
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
        assert_eq!(hide_private_keys(&text, true, "[redacted]"), "[redacted]\npanic: x");
        assert_eq!(hide_private_keys("panic: x", true, "[redacted]"), "panic: x");
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
