//! Secrets that only their name tells: `password=…`, `"token": "…"`, `--api-key …`.
//!
//! With `=` or quotes the value is hidden whatever it is. After a colon prose is as likely
//! ("invalid token: signature mismatch"), and prose is evidence: there the shape of the value and
//! what follows it decide.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::rules::{MARK, compiled};

/// Replaces the values that are likely secrets.
pub(super) fn hide_assignments(text: &str) -> Cow<'_, str> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        compiled(
            r#"(?xi-u)
            (?: passw(?:or)?d | passphrase | pwd | [_.-]pass | secret | token | authorization
              | (?:api|access|secret|private|encryption|signing|account|auth|master|client)
                [_-]?key (?:[_-](?:data|base))? )
            (?: (?P<close> \\*["'] )? (?: [\ \t]* (?P<equals> => | := | =) | : ) [\ \t]*
              | (?P<flag> [\ \t]+ ) )"#,
        )
    });
    let mut out = String::new();
    let mut copied = 0;
    let mut from = 0;
    while let Some(found) = NAME.captures_at(text, from) {
        let Some(all) = found.get(0) else { break };
        from = all.end();
        if from <= copied {
            continue;
        }
        let separator = if found.name("equals").is_some() {
            Separator::Equals
        } else if found.name("flag").is_some() {
            Separator::Flag
        } else {
            Separator::Colon
        };
        let closing = found.name("close").map_or("", |close| close.as_str());
        let assignment = Assignment::new(text, all.range(), separator, closing);
        if let Some(secret) = assignment.secret().filter(|secret| secret.start >= copied) {
            out.push_str(&text[copied..secret.start]);
            out.push_str(MARK);
            copied = secret.end;
            // Not from its end: what passed for a value may be a name with a value of its own.
            from = secret.start;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

#[derive(Clone, Copy, PartialEq)]
enum Separator {
    Equals,
    Colon,
    Flag,
}

/// A name that tells of a secret, with its value.
struct Assignment<'t> {
    text: &'t str,
    /// The whole name, `DB_PASSWORD` or `secret`.
    name: &'t str,
    /// What stands before the name.
    before: &'t str,
    separator: Separator,
    /// White space between the separator and the value.
    is_spaced: bool,
    /// The quote behind the name, with its backslashes.
    closing: &'t str,
    value: Range<usize>,
    is_quoted: bool,
}

impl<'t> Assignment<'t> {
    fn new(text: &'t str, found: Range<usize>, separator: Separator, closing: &'t str) -> Self {
        let matched = &text[found.clone()];
        let name_end = found.start + matched.find(|c: char| !is_name(c)).unwrap_or(matched.len());
        let name_start = start_of_name(text, found.start);
        let (value, is_quoted) = value_at(text, found.end);
        Self {
            text,
            name: &text[name_start..name_end],
            before: &text[..name_start],
            separator,
            is_spaced: matched.ends_with([' ', '\t']),
            closing,
            value,
            is_quoted,
        }
    }

    /// Where the secret is, if the value is likely one.
    fn secret(&self) -> Option<Range<usize>> {
        if self.separator == Separator::Flag && !self.name.starts_with("--") {
            return None;
        }
        let value = match self.after_scheme() {
            Some(credentials) => credentials,
            None if self.is_secret() => self.value.clone(),
            None => return None,
        };
        let text = &self.text[value.clone()];
        (!text.is_empty() && !is_placeholder(text)).then_some(value)
    }

    /// What follows the scheme in `Authorization: Bearer …`, if this is one.
    fn after_scheme(&self) -> Option<Range<usize>> {
        const SCHEMES: [&str; 7] =
            ["bearer", "basic", "token", "digest", "negotiate", "apikey", "splunk"];
        if !self.name.to_ascii_lowercase().ends_with("authorization") {
            return None;
        }
        let value = &self.text[self.value.start..];
        let (scheme, rest) = value.split_once(' ')?;
        if !SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
            return None;
        }
        let start = self.text.len() - rest.trim_start_matches(' ').len();
        let end = if self.is_quoted { self.value.end } else { end_of_bare(self.text, start) };
        (start <= end).then_some(start..end)
    }

    fn is_secret(&self) -> bool {
        let value = &self.text[self.value.clone()];
        let is_bare_secret = self.name.eq_ignore_ascii_case("secret");
        if value.len() > PROSE_MAX {
            return true;
        }
        if is_path(value, self.name) {
            return false;
        }
        if is_bare_secret && is_object_name(value) && (value.contains('/') || self.is_told_of()) {
            return false;
        }
        if self.is_quoted {
            return true;
        }
        match self.separator {
            Separator::Equals => !value.starts_with(['=', '~']),
            Separator::Colon if !self.is_spaced => !self.is_inside_reference() && !is_port(value),
            Separator::Colon | Separator::Flag => self.is_no_prose(value),
        }
    }

    /// `acme/token:v2`, `"vault-token:v2"`, `token:8080`: an image or an address.
    fn is_inside_reference(&self) -> bool {
        let opens_quote = self.before.ends_with(['"', '\'', '`']) && self.closing.is_empty();
        self.before.ends_with(['/', '@']) || opens_quote
    }

    /// Whether a value behind a colon and a space is a secret rather than the next word.
    fn is_no_prose(&self, value: &str) -> bool {
        let word = value.trim_end_matches([':', '.']);
        let is_word =
            word.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '\'' | '/'));
        if is_word && (self.is_told_of() || value.ends_with(':')) {
            return false;
        }
        if self.is_at_line_start() && self.is_last_on_line() {
            return true;
        }
        if value.ends_with(':') && !has_digit(value) {
            return false;
        }
        let name = self.name.to_ascii_lowercase();
        if name.contains("pass") || name.ends_with("pwd") {
            return true;
        }
        if self.is_told_of() { is_random(word) } else { !is_word }
    }

    /// Whether more words follow on the line.
    fn is_told_of(&self) -> bool {
        let after =
            self.text[self.value.end..].trim_start_matches(['"', '\'', '`', '\\', ':', ',']);
        after.trim_start_matches(' ').starts_with(|c: char| c.is_alphabetic())
            && after.starts_with(' ')
    }

    fn is_at_line_start(&self) -> bool {
        let line = self.before.rsplit('\n').next().unwrap_or_default();
        line.chars().all(|c| matches!(c, ' ' | '-' | '"' | '\''))
    }

    fn is_last_on_line(&self) -> bool {
        let after =
            self.text[self.value.end..].trim_start_matches([' ', '\t', '\r', '"', '\'', ',']);
        after.is_empty() || after.starts_with('\n')
    }
}

/// A longer value is no word or path; this also bounds how often a text is searched again.
const PROSE_MAX: usize = 1024;

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// Where the name begins of which a part was found; names are short, so is the search.
fn start_of_name(text: &str, found: usize) -> usize {
    const NAME_MAX: usize = 80;
    let name = text.as_bytes()[..found].iter().rev().take(NAME_MAX);
    found - name.take_while(|byte| is_name(char::from(**byte))).count()
}

/// The value that starts here, and whether it stands in quotes.
fn value_at(text: &str, start: usize) -> (Range<usize>, bool) {
    let rest = &text[start..];
    let quote_at = rest.len() - rest.trim_start_matches('\\').len();
    let Some(quote) = rest[quote_at..].chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))
    else {
        return (start..end_of_bare(text, start), false);
    };
    let opening = &rest[..quote_at + quote.len_utf8()];
    let content = start + opening.len();
    let line = text[content..].split('\n').next().unwrap_or_default();
    let end = line
        .match_indices(opening)
        // An unescaped quote is not closed by an escaped one.
        .find(|(at, _)| !line[..*at].ends_with('\\'))
        .map_or(line.len(), |(at, _)| at);
    (content..content + end, true)
}

/// What closes a structure and does not belong to the value before it.
const CLOSINGS: [char; 6] = [')', ']', '}', '>', ',', ';'];

/// The end of a value without quotes: at white space, a closing quote, or before the next pair.
fn end_of_bare(text: &str, start: usize) -> usize {
    static END: LazyLock<Regex> = LazyLock::new(|| {
        compiled(
            r#"(?x) \s | [,;&] [A-Za-z_][A-Za-z0-9_.-]* \\*["']? [=:]
            | \\+ ["'nrt] | ["'] (?: [^A-Za-z0-9] | $ )"#,
        )
    });
    let rest = &text[start..];
    let value = &rest[..END.find(rest).map_or(rest.len(), |end| end.start())];
    if value.starts_with(MARK) {
        return start + value.len();
    }
    start + value.trim_end_matches(CLOSINGS).len()
}

/// What stands for a value that is not there, is hidden already, or is a word about it.
fn is_placeholder(value: &str) -> bool {
    const WORDS: [&str; 30] = [
        "null",
        "nil",
        "none",
        "true",
        "false",
        "yes",
        "no",
        "ok",
        "eof",
        "empty",
        "required",
        "missing",
        "invalid",
        "expired",
        "revoked",
        "unauthorized",
        "forbidden",
        "denied",
        "unset",
        "set",
        "unknown",
        "undefined",
        "redacted",
        "hidden",
        "timeout",
        "unauthenticated",
        "error",
        "failed",
        "found",
        "optional",
    ];
    // References and what opens a structure. A Go program shows a pointer as `0xc0…`.
    const OPENINGS: [&str; 8] = ["${", "$(", "{", "[", "|", ">", "(*", "0xc0"];
    if let Some(rest) = value.strip_prefix(MARK) {
        return rest.chars().all(|c| CLOSINGS.contains(&c));
    }
    let word = value.trim_matches(['<', '>', '(', ')', '[', ']', '.', ':']);
    OPENINGS.iter().any(|opening| value.starts_with(opening))
        || value.chars().all(|c| matches!(c, '*' | '.' | '-' | '~'))
        || WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// A file or, for `PWD`, a folder.
fn is_path(value: &str, name: &str) -> bool {
    const ROOTS: [&str; 14] = [
        "/var/",
        "/run/",
        "/etc/",
        "/app/",
        "/opt/",
        "/home/",
        "/tmp/",
        "/root/",
        "/usr/",
        "/mnt/",
        "/secrets/",
        "/vault/",
        "/data/",
        "/srv/",
    ];
    ROOTS.iter().any(|root| value.starts_with(root))
        || value.starts_with('/') && name.to_ascii_lowercase().ends_with("pwd")
}

/// `app-secret` or `default/app-secret`, as Kubernetes names objects.
fn is_object_name(value: &str) -> bool {
    value.split('/').all(|part| {
        !part.is_empty() && part.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-' | '.'))
    })
}

fn is_port(value: &str) -> bool {
    let digits = value.split([':', '/']).next().unwrap_or_default();
    (1..=5).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit())
}

fn has_digit(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_digit())
}

/// Letters and digits mixed as no word or name of an object is.
fn is_random(word: &str) -> bool {
    let has = |test: fn(&char) -> bool| word.chars().any(|c| test(&c));
    let mixes_case = has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
    word.len() >= 12
        && has_digit(word)
        && has(char::is_ascii_alphabetic)
        && (mixes_case || (word.len() >= 20 && !word.contains(['-', '.', '/'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_hidden_and_names_and_neighbours_stay() {
        let table = [
            (
                "password=hunter2 AWS_SECRET_ACCESS_KEY=abc",
                "password=[redacted] AWS_SECRET_ACCESS_KEY=[redacted]",
            ),
            ("DB_PASSWORD = hunter2", "DB_PASSWORD = [redacted]"),
            ("PGPASSWORD=x, PGUSER=app", "PGPASSWORD=[redacted], PGUSER=app"),
            ("Server=db;Password=a,b&c;Port=5", "Server=db;Password=[redacted];Port=5"),
            ("?token=abc&page=2", "?token=[redacted]&page=2"),
            ("password='two words' x", "password='[redacted]' x"),
            (r#"password="a\"b" x"#, r#"password="[redacted]" x"#),
            (r#"{"password":"x","user":"app"}"#, r#"{"password":"[redacted]","user":"app"}"#),
            (r#"{"apiKey": "x", "n": 1}"#, r#"{"apiKey": "[redacted]", "n": 1}"#),
            (r#""{\"password\":\"x y\",\"u\":1}""#, r#""{\"password\":\"[redacted]\",\"u\":1}""#),
            ("password=\"never closed\nnext line", "password=\"[redacted]\nnext line"),
            (r#"msg="password=hunter2" level=info"#, r#"msg="password=[redacted]" level=info"#),
            (r"password=hunter2\nnext", r"password=[redacted]\nnext"),
            ("{User:app Password:hunter2}", "{User:app Password:[redacted]}"),
            ("    token: abcdef", "    token: [redacted]"),
            ("- client-key-data: LS0tLS1CRUdJTg==", "- client-key-data: [redacted]"),
            ("  client_secret: letmein\n  id: 5", "  client_secret: [redacted]\n  id: 5"),
            ("login with password: hunter2", "login with password: [redacted]"),
            ("rejected token: 8f3aB7c2D9e1 by server", "rejected token: [redacted] by server"),
            ("X-Api-Key: 4f5e6d", "X-Api-Key: [redacted]"),
            ("run --api-key s3cr3t --verbose", "run --api-key [redacted] --verbose"),
            ("--password=hunter2", "--password=[redacted]"),
            (r#"--password "db_password":"x","#, r#"--password "[redacted]":"[redacted]","#),
            ("SMTP_PASS=x", "SMTP_PASS=[redacted]"),
            ("AccountKey=ab/c==;EndpointSuffix=x", "AccountKey=[redacted];EndpointSuffix=x"),
            ("password => hunter2", "password => [redacted]"),
            ("password=пароль", "password=[redacted]"),
            (
                "SECRET_KEY_BASE=1 passphrase=2 pwd=3",
                "SECRET_KEY_BASE=[redacted] passphrase=[redacted] pwd=[redacted]",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(hide_assignments(text), expected, "{text}");
            assert_eq!(hide_assignments(expected), expected, "twice");
        }
    }
}
