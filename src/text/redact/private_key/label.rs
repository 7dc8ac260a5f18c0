//! The labels of private keys: `-----BEGIN … PRIVATE KEY-----`.

use std::ops::Range;

/// The words that lead to labels: PuTTY has one of its own.
pub(super) const LABEL: &str = "PRIVATE KEY";
const PUTTY: &str = "Private-Lines:";

/// Whether the text may have the label of a private key.
pub(super) fn names_key(text: &str) -> bool {
    text.contains(LABEL) || text.contains(PUTTY)
}

/// Whether a text that ends here would end inside a key; `open` if it began in one.
pub(in crate::text) fn ends_in_key(text: &str, open: bool) -> bool {
    if !names_key(text) {
        return open;
    }
    labels(text).last().map_or(open, |label| label.kind != LabelKind::End)
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum LabelKind {
    Begin,
    End,
    /// The number of lines that follow in a file of PuTTY.
    Putty,
}

pub(super) struct Label {
    pub(super) kind: LabelKind,
    pub(super) range: Range<usize>,
}

/// Each `-----BEGIN … PRIVATE KEY-----` and its END.
pub(super) fn labels(text: &str) -> Vec<Label> {
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
