//! The text of a label selector.

use super::{
    selector::{Requirement, Selector, SelectorError, Test},
    words::{Word, words},
};

impl std::str::FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        let words = words(text);
        let mut parser = Parser { words: &words, end: text.chars().count() + 1 };
        let mut requirements = vec![parser.requirement()?];
        while let Some((place, word)) = parser.next() {
            if *word != Word::Comma {
                return Err(SelectorError::new(place, format!("found {word}, expected `,`")));
            }
            requirements.push(parser.requirement()?);
        }
        Ok(Self { requirements })
    }
}

struct Parser<'w, 't> {
    words: &'w [(usize, Word<'t>)],
    /// The place behind the last character.
    end: usize,
}

impl<'w, 't> Parser<'w, 't> {
    fn next(&mut self) -> Option<(usize, &'w Word<'t>)> {
        let ((place, word), rest) = self.words.split_first()?;
        self.words = rest;
        Some((*place, word))
    }

    fn peek(&self) -> Option<&'w Word<'t>> {
        self.words.first().map(|(_, word)| word)
    }

    fn expected<T>(
        &self,
        found: Option<(usize, &Word<'_>)>,
        what: &str,
    ) -> Result<T, SelectorError> {
        Err(match found {
            Some((place, word)) => {
                SelectorError::new(place, format!("found {word}, expected {what}"))
            }
            None => SelectorError::new(self.end, format!("found the end, expected {what}")),
        })
    }

    fn requirement(&mut self) -> Result<Requirement, SelectorError> {
        const OPERATOR: &str = "`=`, `==`, `!=`, `in`, `notin`, `>`, `<` or `,`";
        let is_missing = self.peek() == Some(&Word::Not);
        if is_missing {
            self.next();
        }
        let key = match self.next() {
            Some((place, Word::Text(key))) => checked_key(place, key)?,
            found => return self.expected(found, "a label"),
        };
        let is_last = matches!(self.peek(), None | Some(Word::Comma));
        if is_missing || is_last {
            let test = if is_missing { Test::Missing } else { Test::Exists };
            return Ok(Requirement { key, test });
        }
        let test = match self.next() {
            Some((_, Word::Equal)) => Test::In(vec![self.value()?]),
            Some((_, Word::Unequal)) => Test::NotIn(vec![self.value()?]),
            Some((_, Word::Text("in"))) => Test::In(self.values()?),
            Some((_, Word::Text("notin"))) => Test::NotIn(self.values()?),
            Some((_, Word::Above)) => Test::Above(self.number()?),
            Some((_, Word::Below)) => Test::Below(self.number()?),
            found => return self.expected(found, OPERATOR),
        };
        Ok(Requirement { key, test })
    }

    /// A value, which may be empty.
    fn value(&mut self) -> Result<Box<str>, SelectorError> {
        match self.peek() {
            None | Some(Word::Comma | Word::Close) => Ok("".into()),
            Some(_) => match self.next() {
                Some((place, Word::Text(value))) => checked_value(place, value),
                found => self.expected(found, "a value"),
            },
        }
    }

    fn values(&mut self) -> Result<Vec<Box<str>>, SelectorError> {
        match self.next() {
            Some((_, Word::Open)) => {}
            found => return self.expected(found, "`(`"),
        }
        let mut values = vec![self.value()?];
        loop {
            match self.next() {
                Some((_, Word::Comma)) => values.push(self.value()?),
                Some((_, Word::Close)) => return Ok(values),
                found => return self.expected(found, "`,` or `)`"),
            }
        }
    }

    fn number(&mut self) -> Result<i64, SelectorError> {
        match self.next() {
            Some((place, Word::Text(number))) => number.parse().map_err(|_| {
                SelectorError::new(place, format!("found `{number}`, expected a number"))
            }),
            found => self.expected(found, "a number"),
        }
    }
}

/// The name of a label: letters, digits, `-`, `_` and `.`, at most 63, after a domain and a slash if it has one.
fn checked_key(place: usize, key: &str) -> Result<Box<str>, SelectorError> {
    let (domain, name) =
        key.split_once('/').map_or((None, key), |(domain, name)| (Some(domain), name));
    let is_domain = |text: &str| text.parse::<crate::model::ObjectName>().is_ok();
    if is_name(name) && domain.is_none_or(is_domain) {
        return Ok(key.into());
    }
    let what = "expected letters, digits, `-`, `_` and `.`, at most 63, with an optional DOMAIN/ before them";
    Err(SelectorError::new(place, format!("invalid label `{key}`: {what},")))
}

fn checked_value(place: usize, value: &str) -> Result<Box<str>, SelectorError> {
    if is_name(value) {
        return Ok(value.into());
    }
    let what = "expected letters, digits, `-`, `_` and `.`, at most 63,";
    Err(SelectorError::new(place, format!("invalid value `{value}`: {what}")))
}

fn is_name(text: &str) -> bool {
    let ends = |c: char| c.is_ascii_alphanumeric();
    text.len() <= 63
        && text.chars().all(|c| ends(c) || matches!(c, '-' | '_' | '.'))
        && text.starts_with(ends)
        && text.ends_with(ends)
}
