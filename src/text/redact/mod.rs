//! Likely secrets in text that is going to be shown or recorded.
//!
//! A CI runner masks only the secrets it knows, not those of the application and the cluster. What Kubernetes says about
//! Secrets and their keys by name must stay readable: causes are recognized by it.
//!
//! One pass over a text ([`scan`]) finds where a secret may be; what is there is examined by its family:
//!
//! | family | file |
//! |---|---|
//! | tokens, keys and hashes with a shape of their own, each row with its source (`token_rows.rs`) | `token.rs` |
//! | JSON web tokens | `web_token.rs` |
//! | private keys, over lines | `private_key.rs` |
//! | passwords in URLs and data source names | `url.rs` |
//! | `Authorization`, `Cookie`, `Bearer …` | `header.rs` |
//! | values by their names (`named.rs`): which names (`name.rs`), what is between (`separator.rs`), where it ends (`value.rs`, `bare.rs`) | `assignment.rs` |
//! | a name and its value as two values: XML, lists, `name: …, value: …` | `pair.rs` |
//! | sentences, and values on the line after their name | `prose.rs` |
//! | flags of programs, commands of protocols | `command.rs` |
//! | statements of SQL | `sql.rs` |
//! | the data of Secrets, keys in JSON | `manifest.rs` |
//!
//! `tests/redaction` has lines of each family, and lines that only look like them.

mod assignment;
mod bare;
mod command;
mod header;
mod manifest;
mod name;
mod named;
mod pair;
mod private_key;
mod prose;
mod scan;
mod search;
mod separator;
mod shape;
mod sql;
#[cfg(test)]
mod tests;
mod token;
mod token_rows;
mod url;
mod value;
mod web_token;

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use regex::{Regex, RegexBuilder};
use thiserror::Error;

use super::neutralize::strip;
pub use name::names_a_secret;
pub(super) use private_key::ends_in_key;
use scan::Scanner;
use search::{Find, MARK, Search};

/// A pattern for more text to hide that cannot be used.
#[derive(Debug, Error)]
pub enum RedactPatternError {
    /// It is not a valid regular expression.
    #[error("`{pattern}` is not a valid regular expression")]
    Invalid {
        /// The pattern as given.
        pattern: String,
        /// What is wrong with it.
        source: regex::Error,
    },
    /// It matches the empty text, so there would be a mark between any two characters.
    #[error("`{pattern}` matches the empty text")]
    MatchesEmpty {
        /// The pattern as given.
        pattern: String,
    },
}

/// Hides likely secrets and what the user's own patterns match.
///
/// The built-in families take no expressions: a text is scanned once for the words that lead to them.
#[derive(Clone, Debug)]
pub struct Redactor {
    own: Arc<[Regex]>,
}

/// The most bytes of the cache of one expression; beyond that, matching is only slower.
const DFA_BYTES: usize = 256 * 1024;

/// What a word of the text leads to.
#[derive(Clone, Copy)]
enum Family {
    Token(token::Row),
    Command(&'static command::Command),
    Other(Find, &'static str),
}

static FAMILIES: LazyLock<Scanner<Family>> = LazyLock::new(|| {
    let finds: [&'static [(&'static [&'static str], Find)]; 8] = [
        &web_token::FINDS,
        &url::FINDS,
        &prose::FINDS,
        &manifest::FINDS,
        &header::FINDS,
        &sql::FINDS,
        &command::FINDS,
        &named::FINDS,
    ];
    let others = finds.into_iter().flatten().flat_map(|(words, find)| {
        words.iter().map(move |word| (*word, Family::Other(*find, word)))
    });
    let tokens = token_rows::words().map(|(word, row)| (word, Family::Token(row)));
    let commands = command::words().map(|(word, row)| (word, Family::Command(row)));
    Scanner::new(others.chain(tokens).chain(commands))
});

impl Redactor {
    /// The built-in patterns and these.
    ///
    /// # Errors
    /// The first pattern that is not a valid regular expression, or that matches the empty text.
    pub fn new(patterns: Vec<String>) -> Result<Self, RedactPatternError> {
        let own = patterns.into_iter().map(own_pattern).collect::<Result<_, _>>()?;
        Ok(Self { own })
    }

    /// The built-in patterns only.
    pub fn built_in() -> Self {
        Self { own: Arc::new([]) }
    }

    /// The text with `[redacted]` in place of each secret; borrowed if there is none.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.redact_from(text, false)
    }

    fn redact_from<'t>(&self, text: &'t str, in_key: bool) -> Cow<'t, str> {
        let mut search = Search::new(text);
        private_key::find(&mut search, in_key);
        FAMILIES.each(text, |at, family| match family {
            Family::Token(row) => row.find(&mut search, at),
            Family::Command(command) => command.find(&mut search, at),
            Family::Other(find, word) => find(&mut search, at, word),
        });
        let mut text = search.finish();
        for own in self.own.iter() {
            if own.is_match(&text) {
                text = Cow::Owned(own.replace_all(&text, regex::NoExpand(MARK)).into_owned());
            }
        }
        text
    }

    /// The visible text without its secrets, if it has any.
    ///
    /// Both what came and what a reader sees are searched: a colour sequence in the middle hides a
    /// name from the first search, one that swallows a letter hides it from the second. `in_key`:
    /// the text starts inside a private key.
    pub(super) fn redact_visible(&self, text: &str, in_key: bool) -> Option<String> {
        let raw = self.redact_from(text, in_key);
        match (strip(&raw), &raw) {
            (Cow::Borrowed(_), Cow::Borrowed(_)) => None,
            (Cow::Borrowed(visible), Cow::Owned(_)) => Some(visible.to_owned()),
            (Cow::Owned(visible), Cow::Owned(_)) => {
                Some(self.redact_from(&visible, in_key).into_owned())
            }
            (Cow::Owned(visible), Cow::Borrowed(_)) => match self.redact_from(&visible, in_key) {
                Cow::Owned(redacted) => Some(redacted),
                Cow::Borrowed(_) => None,
            },
        }
    }
}

fn own_pattern(pattern: String) -> Result<Regex, RedactPatternError> {
    match RegexBuilder::new(&pattern).dfa_size_limit(DFA_BYTES).build() {
        Ok(regex) if regex.is_match("") => Err(RedactPatternError::MatchesEmpty { pattern }),
        Ok(regex) => Ok(regex),
        Err(source) => Err(RedactPatternError::Invalid { pattern, source }),
    }
}
