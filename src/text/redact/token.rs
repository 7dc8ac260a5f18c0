//! Tokens that tell by their shape whose they are.

use super::search::Search;
use super::shape::{Class, may_begin_after};
use super::token_rows::{HOOKS, MIDDLES, PARTS, PROVIDERS, SERVICES};
use Class::{Digit, Hex, HexGroups, Path, Upper};

/// The tokens of one provider.
pub(super) struct Provider {
    /// Where the formats are documented.
    #[cfg_attr(not(test), expect(dead_code, reason = "for whoever looks after the table"))]
    source: &'static str,
    tokens: &'static [Token],
}

/// What a token begins with, and at least so many of what characters follow.
#[derive(Clone, Copy)]
pub(super) struct Token(pub(super) &'static str, pub(super) Class, pub(super) usize);

pub(super) const fn by(source: &'static str, tokens: &'static [Token]) -> Provider {
    Provider { source, tokens }
}

/// What stands in the middle of a token: at least so many and at most so many characters are before it, at least so many
/// after it.
pub(super) struct Middle {
    word: &'static str,
    before: (Class, usize, usize),
    after: (Class, usize),
    #[cfg_attr(not(test), expect(dead_code, reason = "for whoever looks after the table"))]
    source: &'static str,
}

pub(super) const fn middle(
    word: &'static str,
    before: (Class, usize, usize),
    after: (Class, usize),
    source: &'static str,
) -> Middle {
    Middle { word, before, after, source }
}

/// Tokens of several parts with dots between, each of at least and at most so many characters.
pub(super) struct Parts {
    pub(super) begins: &'static [&'static str],
    pub(super) parts: &'static [(Class, usize, usize)],
    #[cfg_attr(not(test), expect(dead_code, reason = "for whoever looks after the table"))]
    pub(super) source: &'static str,
}

/// Services whose keys have no shape of their own: their name, and how long a word right after it is a key.
pub(super) struct Service(pub(super) &'static str, pub(super) Class, pub(super) &'static [usize]);

/// One of the tables, with its row.
#[derive(Clone, Copy)]
pub(super) enum Row {
    Token(&'static Token),
    Hook(&'static Token),
    Middle(&'static Middle),
    Parts(&'static Parts, &'static str),
    Service(&'static Service),
}

/// The words that lead to each row.
pub(super) fn words() -> impl Iterator<Item = (&'static str, Row)> {
    let of = |providers: &'static [Provider]| providers.iter().flat_map(|of| of.tokens);
    let parts = |row: &'static Parts| {
        row.begins.iter().map(move |begins| (*begins, Row::Parts(row, begins)))
    };
    of(PROVIDERS)
        .map(|token| (token.0, Row::Token(token)))
        .chain(of(HOOKS).map(|hook| (hook.0, Row::Hook(hook))))
        .chain(MIDDLES.iter().map(|middle| (middle.word, Row::Middle(middle))))
        .chain(PARTS.iter().flat_map(parts))
        .chain(SERVICES.iter().map(|service| (service.0, Row::Service(service))))
}

impl Row {
    /// Hides the token whose word stands here.
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
    /// Where the token ends that begins here.
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

/// The length of what the text begins with; none where it goes on in a way that such a token does not.
fn body_end(body: &str, class: Class) -> Option<usize> {
    let run = &body[..class.leading(body)];
    let next = body.as_bytes().get(run.len());
    let is_cut = matches!(class, Hex | HexGroups | Upper | Digit)
        && next.is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'_');
    (!is_cut).then(|| run.trim_end_matches(['.', '-', ',', ':', '@']).len())
}

impl Middle {
    fn around(&self, text: &str, at: usize) -> Option<std::ops::Range<usize>> {
        let after = text[at..].strip_prefix(self.word)?;
        let (class, least, most) = self.before;
        let before =
            class.trailing(&text[at.saturating_sub(most + 1).max(floor(text, at, most + 1))..at]);
        if !(least..=most).contains(&before) {
            return None;
        }
        let (class, least) = self.after;
        let end = body_end(after, class).filter(|len| *len >= least)?;
        Some(at - before..at + self.word.len() + end)
    }
}

/// The first border of characters that is at most so many bytes before this place.
fn floor(text: &str, at: usize, bytes: usize) -> usize {
    (at.saturating_sub(bytes)..=at).find(|at| text.is_char_boundary(*at)).unwrap_or(at)
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
    fn after(&self, text: &str, at: usize) -> Option<std::ops::Range<usize>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> String {
        crate::text::Redactor::built_in().redact(text).into_owned()
    }

    /// So many characters of this class, in which there are all of its kinds.
    fn body(class: Class, len: usize) -> String {
        let bytes = b"a1B2c3D4e5F6a7B8".iter().filter(|byte| class.has(**byte)).cycle();
        bytes.take(len).map(|byte| char::from(*byte)).collect()
    }

    #[test]
    fn each_row_is_hidden_where_it_stands() {
        let tokens = PROVIDERS
            .iter()
            .flat_map(|of| of.tokens)
            .map(|Token(begins, class, least)| format!("{begins}{}", body(*class, *least)));
        let middles = MIDDLES.iter().map(|row| {
            let (class, least, _) = row.before;
            format!("{}{}{}", body(class, least), row.word, body(row.after.0, row.after.1))
        });
        let parts = PARTS.iter().flat_map(|row| {
            let parts: Vec<_> =
                row.parts.iter().map(|(class, least, _)| body(*class, *least)).collect();
            row.begins.iter().map(move |begins| format!("{begins}{}", parts.join(".")))
        });
        for token in tokens.chain(middles).chain(parts) {
            assert_eq!(hidden(&format!("x {token} y")), "x [redacted] y");
            assert_eq!(hidden(&format!("\"{token}\",")), "\"[redacted]\",");
        }
        for Token(begins, class, least) in HOOKS.iter().flat_map(|of| of.tokens) {
            let hook = format!("https://{begins}{}", body(*class, *least));
            assert_eq!(hidden(&hook), format!("https://{begins}[redacted]"));
        }
        for Service(name, class, lengths) in SERVICES {
            for len in *lengths {
                let line = format!("{name}: {} forbidden", body(*class, *len));
                assert_eq!(hidden(&line), format!("{name}: [redacted] forbidden"));
            }
        }
    }

    #[test]
    fn each_row_has_a_source() {
        let sources = PROVIDERS.iter().chain(HOOKS).map(|of| of.source);
        let sources = sources
            .chain(MIDDLES.iter().map(|row| row.source))
            .chain(PARTS.iter().map(|row| row.source));
        for source in sources {
            assert!(source.starts_with("https://"), "{source}");
        }
    }

    #[test]
    fn what_begins_like_a_token_stays() {
        for text in [
            "sk-frontend-deployment-7d9f8b6c5d-x2x9z",
            "glib-2.0-development-files",
            "msg.subject",
            "pattern.of.a.path.that.is.long.and.has.many.dots.in.it.and.goes.on.and.on.until.here",
            "sha256:4b1d53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
            "TASKa1B2c3D4e5F6a7B8a1B2c3D4e5F6a7B8",
            "SKIPPED_TESTS_0123456789abcdef0123456789abcdef",
            "key-0123456789abcdef0123456789abcdef0123456789abcdefghij",
            "heroku: release v123 deployed",
            "datadog: trace 8f3a",
            "VALUES ($1, $2, $3)",
        ] {
            assert_eq!(hidden(text), text);
        }
    }
}
