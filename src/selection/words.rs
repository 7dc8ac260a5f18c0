//! The words of a selector.

use std::fmt;

/// A word of a selector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word<'t> {
    /// A label, a value, `in` or `notin`.
    Text(&'t str),
    Comma,
    Open,
    Close,
    /// `=` or `==`.
    Equal,
    /// `!=`.
    Unequal,
    /// `!` by itself.
    Not,
    Above,
    Below,
}

impl fmt::Display for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self {
            Self::Text(text) => text,
            Self::Comma => ",",
            Self::Open => "(",
            Self::Close => ")",
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Not => "!",
            Self::Above => ">",
            Self::Below => "<",
        };
        write!(f, "`{sign}`")
    }
}

/// The signs, longer ones before those that they begin with.
const SIGNS: [(&str, Word<'static>); 9] = [
    ("==", Word::Equal),
    ("!=", Word::Unequal),
    ("=", Word::Equal),
    ("!", Word::Not),
    (",", Word::Comma),
    ("(", Word::Open),
    (")", Word::Close),
    (">", Word::Above),
    ("<", Word::Below),
];

/// Each word with the number of its first character, from 1 on.
pub(super) fn words(text: &str) -> Vec<(usize, Word<'_>)> {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
    let is_sign = |c: char| "=!,()<>".contains(c);
    let mut words = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        let place = text[..text.len() - rest.len()].chars().count() + 1;
        let sign = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign));
        let (word, len) = match sign {
            Some((sign, word)) => (*word, sign.len()),
            None => {
                let end = rest.find(|c| is_space(c) || is_sign(c)).unwrap_or(rest.len());
                (Word::Text(&rest[..end]), end)
            }
        };
        words.push((place, word));
        rest = rest[len..].trim_start_matches(is_space);
    }
    words
}
