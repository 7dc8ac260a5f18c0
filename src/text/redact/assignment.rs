//! A name of a secret with its value: `password=…`, `"token": "…"`, `--api-key …`.
//!
//! With `=` or quotes the value is hidden whatever it is. After a colon prose is as likely
//! ("invalid token: signature mismatch"), and prose is evidence: there the shape of the value and
//! what follows it decide.

use std::ops::Range;

use super::name::Kind;
use super::search::Search;
use super::separator::{self, Separator};
use super::shape::{is_digits, is_mixed, is_random, leading};
use super::value::{self, Value, is_credential, is_object_name, is_path, is_placeholder, is_port};

/// A name of a secret, with its value.
pub(super) struct Assignment<'t> {
    pub(super) text: &'t str,
    /// The whole name, `DB_PASSWORD` or `secret`.
    pub(super) name: Range<usize>,
    pub(super) kind: Kind,
    pub(super) separator: Separator,
    pub(super) value: Value,
    line_end: usize,
}

impl<'t> Assignment<'t> {
    pub(super) fn new(
        search: &mut Search<'t>,
        name: Range<usize>,
        kind: Kind,
        separator: Separator,
    ) -> Self {
        let line_end = search.line_end(name.end);
        let value = Value::at(search, separator.value);
        Self { text: search.text, name, kind, separator, value, line_end }
    }

    pub(super) fn name(&self) -> &'t str {
        &self.text[self.name.clone()]
    }

    /// What is before the name on its line, as far as it is near.
    pub(super) fn before(&self) -> &'t str {
        const FAR: usize = 200;
        let start = self.text.ceil_char_boundary(self.name.start.saturating_sub(FAR));
        self.text[start..self.name.start].rsplit('\n').next().unwrap_or_default()
    }

    fn value(&self) -> &'t str {
        &self.text[self.value.range.clone()]
    }

    /// `--password x`, `-db-password x`.
    pub(super) fn is_flag(&self) -> bool {
        self.name().starts_with('-')
    }

    /// The lines of a block in YAML: `password: |`.
    pub(super) fn block(&self, search: &Search<'_>) -> Option<Range<usize>> {
        let mark = self.text.get(self.separator.value..self.line_end)?.trim_end();
        if !matches!(mark, "|" | "|-" | "|+" | ">" | ">-" | ">+") {
            return None;
        }
        let before = self.before();
        let indent = before.len() - before.trim_start().len();
        let start = self.line_end;
        let lines = search.text[start..].strip_prefix('\n')?.split_inclusive('\n').take(100);
        let is_inside =
            |line: &&str| line.trim().is_empty() || line.len() - line.trim_start().len() > indent;
        let len: usize = lines.take_while(is_inside).map(str::len).sum();
        let block = &search.text[start..start + 1 + len];
        let skipped = block.len() - block.trim_start().len();
        (len > 0).then(|| start + skipped..start + block.trim_end().len())
    }

    /// Whether the value is a secret.
    pub(super) fn is_secret(&self, search: &Search<'_>) -> bool {
        let value = self.value();
        // the output of Go's tests
        if self.name() == "PASS" && (self.before().ends_with("--- ") || value.starts_with("Test")) {
            return false;
        }
        if value.is_empty() || is_placeholder(value) {
            return false;
        }
        if value.len() > PROSE_MAX {
            return true;
        }
        if is_path(value, self.name()) || self.is_code(search) {
            return false;
        }
        let name = self.name().to_ascii_lowercase();
        let is_named = name == "secret" && is_object_name(value) && !is_random(value);
        if is_named && (value.contains(['/', '-']) || self.is_told_of()) {
            return false;
        }
        match self.kind {
            Kind::Password => {}
            Kind::Token if value::is_version(value) => return false,
            Kind::Token => {}
            Kind::Signature => return self.is_signature(),
            Kind::Guess | Kind::Phrase => return self.is_guess(),
        }
        if self.value.is_quoted {
            return true;
        }
        match self.separator.kind {
            separator::Kind::Equals => self.is_no_kind(value),
            separator::Kind::Colon if !self.separator.is_spaced => {
                !self.is_inside_reference(value) && !is_port(value)
            }
            _ => self.is_no_prose(value),
        }
    }

    /// Not `token=IDENT`, a kind of token, nor `pass=12`, a count; nor a comparison with `==` or `=~`.
    fn is_no_kind(&self, value: &str) -> bool {
        let is_kind = self.name() == "token"
            && value.len() <= 16
            && value.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
        let is_count =
            self.name().eq_ignore_ascii_case("pass") && value.len() <= 4 && is_digits(value);
        !is_kind && !is_count && !value.starts_with(['=', '~'])
    }

    /// A signature is long, and not a word.
    fn is_signature(&self) -> bool {
        let value = self.value();
        // `code` stands for much: that of an authorization is a key
        let is_code = self.name().ends_with("code") && (value.len() < 20 || !is_mixed(value));
        value.len() >= 16
            && !is_code
            && !value.contains(' ')
            && value.bytes().any(|byte| byte.is_ascii_digit())
            && (self.separator.kind == separator::Kind::Equals || self.value.is_quoted)
    }

    /// What may be a secret or not is one if it looks like it.
    fn is_guess(&self) -> bool {
        let (value, name) = (self.value(), self.name());
        let is_word =
            value.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_'));
        let is_variable =
            name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        if self.separator.kind == separator::Kind::Equals && is_variable {
            return !is_word || value.len() > 10;
        }
        if self.separator.kind == separator::Kind::Equals && is_digits(value) {
            return (4..=8).contains(&value.len()) && name.ends_with(['n', 'p']);
        }
        if name.ends_with("auth") && self.separator.is_closed && self.value.is_quoted {
            return value.len() >= 8 && !is_word;
        }
        if name.starts_with('_') && name.ends_with("auth") {
            return value.len() >= 8;
        }
        is_random(value)
            || (is_credential(value) && value.len() >= 8 && !value.contains(['@', '=']))
            || (value.contains([':', '/']) && self.is_pair_of_user_and_password())
    }

    /// `admin:hunter2`, `admin/hunter2`.
    fn is_pair_of_user_and_password(&self) -> bool {
        let pair = self.value().split_once([':', '/']);
        pair.is_some_and(|(user, password)| {
            !user.is_empty() && !password.contains([':', '/']) && is_credential(password)
        })
    }

    /// An expression of a program: `token = self.next()`.
    fn is_code(&self, search: &Search<'_>) -> bool {
        let start = self.separator.value;
        let rest = &search.text[start..self.line_end.max(start)];
        let (path, rest) = rest.split_at(leading(rest, "_."));
        let is_call = rest.starts_with('(') && !rest.starts_with("(\"") && !rest.starts_with("('");
        let is_member = path.contains('.') && rest.starts_with(['(', '[']);
        self.separator.is_spaced
            && self.separator.kind == separator::Kind::Equals
            && path.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && (is_member || is_call)
    }

    /// Whether the name is part of an image, an address or a path with colons: `acme/token:v2`, `arn:aws:…:secret:db`.
    fn is_inside_reference(&self, value: &str) -> bool {
        let before = &self.text[..self.name.start];
        let opens_quote = before.ends_with(['"', '\'', '`']) && !self.separator.is_closed;
        let is_path = before.ends_with(':') && !is_random(value);
        let is_coordinate = self.name().contains('.') && value.contains(':');
        before.ends_with(['/', '@']) || opens_quote || is_path || is_coordinate
    }

    /// Whether a value after a colon and a space is a secret rather than the next word.
    fn is_no_prose(&self, value: &str) -> bool {
        let word = value.trim_end_matches([':', '.']);
        let is_word =
            word.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '\'' | '/'));
        if is_word && (self.is_told_of() || value.ends_with(':')) {
            return false;
        }
        // the value of a usage text: `--token TOKEN`
        if self.is_flag()
            && word.bytes().all(|b| b.is_ascii_uppercase() || matches!(b, b'_' | b'-'))
        {
            return false;
        }
        if self.is_at_line_start() && self.is_last_on_line() {
            return true;
        }
        if value.ends_with(':') && !value.bytes().any(|byte| byte.is_ascii_digit()) {
            return false;
        }
        if self.kind == Kind::Password || self.is_flag() {
            return true;
        }
        if self.is_told_of() { is_random(word) } else { !is_word }
    }

    /// Whether more words follow on the line.
    fn is_told_of(&self) -> bool {
        let after =
            self.text[self.value.range.end..].trim_start_matches(['"', '\'', '`', '\\', ':', ',']);
        after.trim_start_matches(' ').starts_with(|c: char| c.is_alphabetic())
            && after.starts_with(' ')
    }

    pub(super) fn is_at_line_start(&self) -> bool {
        self.before().chars().all(|c| matches!(c, ' ' | '-' | '+' | '"' | '\''))
    }

    pub(super) fn is_last_on_line(&self) -> bool {
        let after =
            self.text[self.value.range.end..].trim_start_matches([' ', '\t', '\r', '"', '\'', ',']);
        after.is_empty() || after.starts_with('\n')
    }
}

/// A longer value is not a word or a path; this also bounds how often a text is searched again.
const PROSE_MAX: usize = 1024;
