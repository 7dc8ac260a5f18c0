//! Tokens that are known by their shape; `token_rows.rs` has the tables.

use std::ops::Range;

use super::search::Search;
use super::shape::{Class, may_begin_after};
use Class::{Digit, Hex, HexGroups, Path, Upper};

/// The tokens of one provider.
pub(super) struct Provider {
    /// Where the formats are documented.
    #[cfg_attr(not(test), expect(dead_code, reason = "for maintainers of the table"))]
    pub(super) source: &'static str,
    pub(super) tokens: &'static [Token],
}

/// What a token begins with, and the least number of characters after it.
#[derive(Clone, Copy)]
pub(super) struct Token(pub(super) &'static str, pub(super) Class, pub(super) usize);

pub(super) const fn by(source: &'static str, tokens: &'static [Token]) -> Provider {
    Provider { source, tokens }
}

/// A word in the middle of a token, with the least and the most characters before it, and the least after it.
pub(super) struct Middle {
    pub(super) word: &'static str,
    pub(super) before: (Class, usize, usize),
    pub(super) after: (Class, usize),
    #[cfg_attr(not(test), expect(dead_code, reason = "for maintainers of the table"))]
    pub(super) source: &'static str,
}

pub(super) const fn middle(
    word: &'static str,
    before: (Class, usize, usize),
    after: (Class, usize),
    source: &'static str,
) -> Middle {
    Middle { word, before, after, source }
}

/// Tokens of several parts with dots between them, and the least and the most characters of each part.
pub(super) struct Parts {
    pub(super) begins: &'static [&'static str],
    pub(super) parts: &'static [(Class, usize, usize)],
    #[cfg_attr(not(test), expect(dead_code, reason = "for maintainers of the table"))]
    pub(super) source: &'static str,
}

/// A service whose keys have no shape of their own: its name, and the lengths of a key right after it.
pub(super) struct Service(pub(super) &'static str, pub(super) Class, pub(super) &'static [usize]);

/// A row of one of the tables.
#[derive(Clone, Copy)]
pub(super) enum Row {
    Token(&'static Token),
    Hook(&'static Token),
    Middle(&'static Middle),
    Parts(&'static Parts, &'static str),
    Service(&'static Service),
}

impl Row {
    /// Hides the token to which the word here belongs.
    pub(super) fn find(self, search: &mut Search<'_>, at: usize) {
        let text = search.text;
        if search.is_hidden(at) {
            return;
        }
        let found = match self {
            Self::Token(token) => token.at(text, at).map(|end| at..end),
            Self::Hook(hook) => hook.at(text, at).map(|end| at + hook.0.len()..end),
            Self::Middle(middle) => middle.around(text, at),
            Self::Parts(parts, begins) => parts.at(text, at, begins).map(|end| at..end),
            Self::Service(service) => service.after(text, at),
        };
        if let Some(token) = found {
            search.hide(token);
        }
    }
}

impl Token {
    /// The end of the token that begins here.
    fn at(&self, text: &str, at: usize) -> Option<usize> {
        let Self(begins, class, least) = *self;
        let body = text[at..].strip_prefix(begins)?;
        if class != Path && !may_begin_after(&text[..at]) {
            return None;
        }
        let end = body_end(body, class).filter(|len| *len >= least)?;
        Some(at + begins.len() + end)
    }
}

/// The length of the characters at the start of the text; none if what follows shows that they are no token.
fn body_end(body: &str, class: Class) -> Option<usize> {
    let run = &body[..class.leading(body)];
    let next = body.as_bytes().get(run.len());
    let is_cut = matches!(class, Hex | HexGroups | Upper | Digit)
        && next.is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'_');
    (!is_cut).then(|| run.trim_end_matches(['.', '-', ',', ':', '@']).len())
}

impl Middle {
    fn around(&self, text: &str, at: usize) -> Option<Range<usize>> {
        let after = text[at..].strip_prefix(self.word)?;
        let (class, least, most) = self.before;
        let near = text.ceil_char_boundary(at.saturating_sub(most + 1));
        let before = class.trailing(&text[near..at]);
        if !(least..=most).contains(&before) {
            return None;
        }
        let (class, least) = self.after;
        let end = body_end(after, class).filter(|len| *len >= least)?;
        Some(at - before..at + self.word.len() + end)
    }
}

impl Parts {
    fn at(&self, text: &str, at: usize, begins: &str) -> Option<usize> {
        let mut rest = text[at..].strip_prefix(begins).filter(|_| may_begin_after(&text[..at]))?;
        for (index, (class, least, most)) in self.parts.iter().enumerate() {
            rest = if index == 0 { rest } else { rest.strip_prefix('.')? };
            let run = rest.bytes().take(*most + 1).take_while(|byte| class.has(*byte)).count();
            rest = (*least..=*most).contains(&run).then(|| &rest[run..])?;
        }
        let ends = !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        ends.then_some(text.len() - rest.len())
    }
}

impl Service {
    fn after(&self, text: &str, at: usize) -> Option<Range<usize>> {
        const LONGEST: usize = 80;
        let Self(name, class, lengths) = *self;
        let rest = &text[at + name.len()..];
        let value = rest.trim_start_matches([':', '=', '>', ' ', '"', '\\', '\'']);
        let skipped = rest.len() - value.len();
        let run = value.bytes().take(LONGEST).take_while(|byte| class.has(*byte)).count();
        let start = at + name.len() + skipped;
        let is_key = (1..8).contains(&skipped)
            && lengths.contains(&run)
            && value[..run].bytes().any(|byte| byte.is_ascii_digit())
            && !value[run..].starts_with(|c: char| c.is_ascii_alphanumeric());
        is_key.then_some(start..start + run)
    }
}
