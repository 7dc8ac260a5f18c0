//! The value after a name: where it ends, and whether it is a secret at all.

use std::ops::Range;

use super::search::{CLOSINGS, MARK, Search};
use super::shape::{is_alnum_or, is_digits, is_made_of};

/// A value, without its quotes.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) range: Range<usize>,
    pub(super) is_quoted: bool,
}

impl Value {
    /// The value that starts here, without what wraps it: `Some("…")`, `[]byte("…")`, `b'…'`, `Authorization:[…]`.
    pub(super) fn at(search: &mut Search<'_>, start: usize) -> Self {
        let start = start + wrapper(&search.text[start..]);
        let rest = &search.text[start..];
        if let Some(opening) = opening_quote(rest) {
            let content = start + opening.len();
            let end = end_of_quoted(search, content, opening);
            return Self { range: content..end, is_quoted: true };
        }
        if let Some(long) = rest.strip_prefix("[[")
            && let Some(len) = long.find("]]").filter(|len| !long[..*len].contains('\n'))
        {
            return Self { range: start + 2..start + 2 + len, is_quoted: true };
        }
        // a header in Go's map
        if let Some(list) = rest.strip_prefix('[')
            && let Some(len) = list.find([']', '\n', '[', '"'])
            && list[len..].starts_with(']')
            && !rest.starts_with(MARK)
        {
            return Self { range: start + 1..start + 1 + len, is_quoted: false };
        }
        Self { range: start..search.bare_end(start), is_quoted: false }
    }

    pub(super) fn text<'t>(&self, search: &Search<'t>) -> &'t str {
        &search.text[self.range.clone()]
    }
}

/// The length of what wraps a quoted value.
fn wrapper(text: &str) -> usize {
    const LONGEST: usize = 24;
    let len = text.bytes().take(LONGEST).take_while(is_alnum_or("_:.&*[]")).count();
    if len == 0 || text.starts_with(MARK) {
        return 0;
    }
    let open = text[len..].starts_with(['(', '{']);
    let inside = len + usize::from(open);
    let is_prefix = open || len <= 2 && text.as_bytes()[..len].iter().all(u8::is_ascii_alphabetic);
    if is_prefix && opening_quote(&text[inside..]).is_some() { inside } else { 0 }
}

/// The quote that the text begins with: as a character, after backslashes, or as URLs and XML write it.
pub(super) fn opening_quote(text: &str) -> Option<&str> {
    const WRITTEN: [&str; 6] = ["%22", "%27", "&quot;", "&apos;", "&#34;", "&#39;"];
    if let Some(quote) = WRITTEN.iter().find(|quote| text.starts_with(**quote)) {
        return Some(&text[..quote.len()]);
    }
    let slashes = text.bytes().take(16).take_while(|byte| *byte == b'\\').count();
    let quote =
        text[slashes..].chars().next().filter(|c| matches!(c, '"' | '\'' | '`' | '“' | '«'))?;
    Some(&text[..slashes + quote.len_utf8()])
}

/// Where the quoted text ends whose content starts here: before its closing quote, else with its line.
fn end_of_quoted(search: &mut Search<'_>, content: usize, opening: &str) -> usize {
    // inside of what is hidden already only what reaches beyond it matters
    let longest = if search.is_hidden(content) { 1024 } else { 64 * 1024 };
    let line_end = search.line_end(content);
    let near = search.text.floor_char_boundary(line_end.min(content + longest));
    let closing = match opening {
        "“" => "”",
        "«" => "»",
        other => other,
    };
    let line = &search.text[content..near];
    // How deep the text stands in texts with quotes of their own: each doubles the backslashes.
    let quote = closing.trim_start_matches('\\');
    let depth = closing.len() - quote.len();
    let slashes = |at: usize| line[..at].bytes().rev().take_while(|byte| *byte == b'\\').count();
    line.match_indices(quote)
        .map(|(at, _)| (at, slashes(at)))
        .find(|(_, slashes)| *slashes >= depth && (slashes - depth) % (2 * (depth + 1)) == 0)
        .map_or(line_end, |(at, _)| content + at - depth)
}

/// Whether the value is a reference, hidden already, or a word about a value: `${TOKEN}`, `****`, `missing`.
pub(super) fn is_placeholder(value: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 41] = [
        "null", "nil", "none", "true", "false", "yes", "no", "ok", "eof", "empty", "required", "missing", "invalid", "expired",
        "revoked", "unauthorized", "forbidden", "denied", "unset", "set", "unknown", "undefined", "redacted", "hidden",
        "timeout", "unauthenticated", "error", "failed", "found", "optional", "enabled", "disabled", "string",
        "basic", "bearer", "present", "accepted", "rejected", "mismatch", "incorrect", "sensitive",
    ];
    // References and what opens a structure. A Go program shows a pointer as `0xc0…`.
    const OPENINGS: [&str; 9] = ["${", "$(", "{", "[", "|", ">", "(*", "0xc0", "(sensitive"];
    if let Some(rest) = value.strip_prefix(MARK) {
        return rest.chars().all(|c| CLOSINGS.contains(&c));
    }
    let word = value.trim_matches(['<', '>', '(', ')', '[', ']', '.', ':', ',']);
    let mut chars = value.chars();
    let first = chars.next();
    OPENINGS.iter().any(|opening| value.starts_with(opening))
        || value.chars().all(|c| matches!(c, '*' | '.' | '-' | '~' | '•' | '…' | '_' | '?' | '/'))
        || (value.len() >= 3 && first == Some('x') && chars.all(|c| c == 'x' || c == 'X'))
        || WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
        || is_variable(value)
        || (value.starts_with('<')
            && word.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b' ' | b'_' | b'-')))
}

/// `$NAME`, `%NAME%`, `@NAME@`: to be filled in by a template or a shell.
fn is_variable(value: &str) -> bool {
    let name = value.strip_prefix('$').or_else(|| value.strip_prefix('%')?.strip_suffix('%'));
    let name = name.or_else(|| value.strip_prefix('@')?.strip_suffix('@'));
    name.is_some_and(|name| {
        !name.is_empty()
            && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    })
}

/// Whether the value is a file or, for `PWD`, a directory.
pub(super) fn is_path(value: &str, name: &str) -> bool {
    #[rustfmt::skip]
    const ROOTS: [&str; 18] = [
        "/var/", "/run/", "/etc/", "/app/", "/opt/", "/home/", "/tmp/", "/root/", "/usr/", "/mnt/", "/secrets/", "/vault/",
        "/data/", "/srv/", "/config/", "./", "../", "file://",
    ];
    ROOTS.iter().any(|root| value.starts_with(root))
        || value.starts_with('/') && name.to_ascii_lowercase().ends_with("pwd")
}

/// Whether the value may be an object's name in Kubernetes: `app-secret`, `default/app-secret`.
pub(super) fn is_object_name(value: &str) -> bool {
    let is_lower = !value.bytes().any(|byte| byte.is_ascii_uppercase());
    is_lower && value.split('/').all(|part| !part.is_empty() && is_made_of(part, "-."))
}

/// `8080`, `8080/tcp`.
pub(super) fn is_port(value: &str) -> bool {
    let digits = value.split([':', '/']).next().unwrap_or_default();
    (1..=5).contains(&digits.len()) && is_digits(digits)
}

/// `1.2.3`, `^5.3.0`, `v2`, `>=1`.
pub(super) fn is_version(value: &str) -> bool {
    let number = value.trim_start_matches(['^', '~', '=', '>', '<', 'v']);
    number.starts_with(|c: char| c.is_ascii_digit())
        && value.contains('.')
        && number.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'x' | b'*'))
        || (value.starts_with(['^', '~'])
            && number.starts_with(|c: char| c.is_ascii_digit())
            && number.contains('.'))
}

/// Whether a word after "password" is one rather than prose: at least six characters, with a digit or a sign among them.
pub(super) fn is_credential(word: &str) -> bool {
    #[rustfmt::skip]
    const TECHNICAL: [&str; 26] = [
        "sha1", "sha224", "sha256", "sha384", "sha512", "sha2", "sha3", "md5", "base32", "base64", "utf8", "rs256", "hs256",
        "es256", "oauth2", "pbkdf2", "argon2", "argon2id", "bcrypt2", "http2", "ipv4", "ipv6", "x509", "pkcs8", "pkcs12",
        "aes256",
    ];
    let lower = word.to_ascii_lowercase();
    let has = |test: fn(&u8) -> bool| word.bytes().any(|byte| test(&byte));
    let (digit, capital) = (has(u8::is_ascii_digit), has(u8::is_ascii_uppercase));
    let sign = word.contains(['!', '@', '#', '$', '%', '^', '&', '*', '+', ';', '?', '~', '|']);
    let is_pair = word.split_once('=').is_some_and(|(name, value)| {
        !name.is_empty() && !value.is_empty() && is_made_of(name, "_")
    });
    let joined = word.contains(['-', '.', '/', ':', '_']);
    (6..=128).contains(&word.len())
        && has(u8::is_ascii_alphabetic)
        && (digit || sign)
        && !(joined && !capital && !sign)
        && !is_pair
        && !word.starts_with(['/', '-', '.', '(', '[', '{', '<', '"', '\'', '$', '%', '@', '&'])
        && !word.contains("://")
        && !word.ends_with([':', ')', ']', '='])
        && !TECHNICAL.iter().any(|known| lower.split(['-', '_']).any(|part| part == *known))
        && !is_duration(word)
}

/// `30s`, `5m3s`, `12.5ms`.
fn is_duration(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && word.len() < 12
        && word.bytes().all(|b| {
            b.is_ascii_digit() || matches!(b, b'h' | b'm' | b's' | b'n' | b'u' | b'd' | b'.')
        })
}
