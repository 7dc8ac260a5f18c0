//! Passwords in URLs and in data source names: the user and the host stay, they are evidence.
//!
//! RFC 3986 requires `/`, `?`, `#` and `@` of a password to be encoded, but programs complain of the URLs in which they are not.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::search::{Find, MARK, Search};
use super::shape::{is_alnum_or, is_digits, is_made_of, is_random, leading};

/// The words that lead here. Anything may follow the `@` of an address without a scheme.
#[rustfmt::skip]
pub(super) const FINDS: [(&[&str], Find); 5] = [
    (&["://"], find),
    (&[ENCODED], find_encoded),
    (&["@tcp(", "@unix(", "@udp("], find_name),
    (&[
        "@a", "@b", "@c", "@d", "@e", "@f", "@g", "@h", "@i", "@j", "@k", "@l", "@m", "@n", "@o", "@p", "@q", "@r",
        "@s", "@t", "@u", "@v", "@w", "@x", "@y", "@z", "@0", "@1", "@2", "@3", "@4", "@5", "@6", "@7", "@8", "@9",
    ], find_address),
    (&["connect ", "oracle:thin:", "oracle:oci:", "sqlplus ", "expdp ", "impdp "], find_oracle),
];

/// `://`, percent-encoded.
const ENCODED: &str = "%3a%2f%2f";

/// Longer than any URL that is worth looking at.
const LONGEST: usize = 4096;

/// `scheme://user:password@host`.
fn find(search: &mut Search<'_>, at: usize, _: &str) {
    let text = search.text;
    let start = at + "://".len();
    let scheme = scheme(text, at);
    if scheme.is_empty() || search.is_hidden(at) {
        return;
    }
    let url = extent(text, start);
    let Some(password) = password(url, &scheme) else { return };
    search.hide(start + password.start..start + password.end);
}

/// `http`, `mysql+pymysql`, in small letters.
fn scheme(text: &str, at: usize) -> String {
    let is_scheme = is_alnum_or("+-.");
    let len = text[..at].bytes().rev().take(31).take_while(is_scheme).count();
    text[at - len..at].to_ascii_lowercase()
}

/// The URL from behind its scheme to where it ends for sure: white space, a quote that closes, another URL.
fn extent(text: &str, start: usize) -> &str {
    let rest = &text[start..];
    let mut end = rest.len();
    for (at, c) in rest.char_indices() {
        let stops = match c {
            '"' | '<' | '>' | '`' | '|' | '{' | '}' => true,
            // `amqp://a:b@h1,amqp://c:d@h2`: what follows the comma is another
            ':' if rest[at..].starts_with("://") => {
                let before = rest[..at].rfind([',', ';', '=', '(', '?', '&']);
                return &rest[..before.unwrap_or(at)];
            }
            '\\' => rest[at..].starts_with("\\\"") || rest[at..].starts_with("\\n"),
            // a quote around the password, or the one that ends the URL
            '\'' => {
                !rest[at + 1..].starts_with(|c: char| c.is_ascii_alphanumeric())
                    && !rest[at + 1..].starts_with('@')
            }
            _ => c.is_whitespace() || at >= LONGEST,
        };
        if stops {
            end = at;
            break;
        }
    }
    &rest[..end]
}

/// Where the password is.
fn password(url: &str, scheme: &str) -> Option<Range<usize>> {
    let authority = &url[..url.find(['/', '?', '#']).unwrap_or(url.len())];
    const WEB: [&str; 9] =
        ["http", "https", "ws", "wss", "oci", "docker", "docker-pullable", "containerd", "npm"];
    let is_web = WEB.contains(&scheme);
    let at = match authority.rfind('@') {
        Some(at) => at,
        None => outside_of_authority(url, authority, is_web)?,
    };
    let host = &url[at + 1..];
    // `docker-pullable://app:v1@sha256:…` is an image
    if host.starts_with("sha256:") || host.starts_with("sha512:") {
        return None;
    }
    let user_info = &url[..at];
    let Some(colon) = user_info.find(':') else {
        // a token in place of the user
        let is_token = authority.len() >= at && user_info.len() >= 20 && is_random(user_info);
        return is_token.then_some(0..at);
    };
    let password = &user_info[colon + 1..];
    (!password.is_empty() && !password.starts_with(MARK)).then_some(colon + 1..at)
}

/// The `@` of a URL with `/`, `?` or `#` in its user or its password.
fn outside_of_authority(url: &str, authority: &str, is_web: bool) -> Option<usize> {
    let at = url.rfind('@')?;
    let user_info = &url[..at];
    let host = &url[at + 1..];
    let host_len = leading(host, ".-_[]");
    let ends_host = |c: char| matches!(c, ':' | '/' | '?' | ')' | ',' | ';');
    let is_host =
        host_len > 0 && (host[host_len..].is_empty() || host[host_len..].starts_with(ends_host));
    if !is_host {
        return None;
    }
    match authority.split_once(':') {
        // `host:80/a@b`: a port and a path
        Some((_, port)) => {
            let is_port = (1..=5).contains(&port.len()) && is_digits(port);
            let is_address = authority.starts_with('[');
            let is_path = url[authority.len()..].starts_with('/');
            let goes_on = !is_path || host[host_len..].starts_with([':', '/']);
            // a second port tells that the first was none
            let port = host[host_len..].strip_prefix(':').unwrap_or_default();
            let has_port = port.starts_with(|c: char| c.is_ascii_digit());
            ((!is_port && !is_address) || has_port || (!is_web && goes_on)).then_some(at)
        }
        // a slash in the user: `us/er:password@host:1`
        None => (!is_web && user_info.contains(':') && host[host_len..].starts_with([':', '/']))
            .then_some(at),
    }
}

/// `https%3A%2F%2Fuser%3Apassword%40host`.
fn find_encoded(search: &mut Search<'_>, at: usize, _: &str) {
    let text = search.text;
    let start = at + ENCODED.len();
    let rest = &text[start..];
    let is_part = is_alnum_or("._-~%+!*");
    let rest = &rest[..rest.bytes().take(512).take_while(is_part).count()].to_ascii_uppercase();
    let authority = &rest[..rest.find("%2F").unwrap_or(rest.len())];
    if let Some(host) = authority.rfind("%40")
        && let Some(colon) = authority[..host].find("%3A")
    {
        search.hide(start + colon + "%3A".len()..start + host);
    }
}

/// `user:password@tcp(host)`, as Go's MySQL driver writes it
/// (<https://github.com/go-sql-driver/mysql#dsn-data-source-name>).
fn find_name(search: &mut Search<'_>, at: usize, _: &str) {
    hide_password_before(search, at, |_| true);
}

/// `user:password@host:5432`, `user:password@host/shop`: the word is the `@`.
fn find_address(search: &mut Search<'_>, at: usize, _: &str) {
    let text = search.text;
    let host = &text[at + 1..];
    let len = host.bytes().take(255).take_while(is_alnum_or(".-_")).count();
    let after = &host[len..];
    let port =
        after.strip_prefix(':').map(|after| after.bytes().take_while(u8::is_ascii_digit).count());
    let is_path = after
        .strip_prefix('/')
        .is_some_and(|path| path.starts_with(|c: char| c.is_ascii_alphanumeric()));
    let is_host = host.starts_with(|c: char| c.is_ascii_alphabetic())
        || len >= 7 && host[..len].matches('.').count() == 3;
    if len > 0 && is_host && (port.is_some_and(|digits| (2..=5).contains(&digits)) || is_path) {
        hide_password_before(search, at, |password| {
            password.len() > 2 && !super::value::is_version(password)
        });
    }
}

/// Hides the password of `user:password` that ends before this place.
fn hide_password_before(search: &mut Search<'_>, at: usize, is_password: impl Fn(&str) -> bool) {
    const LONGEST: usize = 256;
    let text = search.text;
    let is_part = |byte: &&u8| {
        !byte.is_ascii_whitespace()
            && !matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'(' | b'[')
    };
    let len = text.as_bytes()[..at].iter().rev().take(LONGEST).take_while(is_part).count();
    let Some(name) = text.get(at - len..at) else { return };
    // `dsn=user:password`, `a,b:c`
    let Some((user, password)) = name.split_once(':') else { return };
    let user = user.rsplit(['=', ',']).next().unwrap_or_default();
    let is_user = !user.is_empty() && is_made_of(user, "._-+%@");
    let is_url = password.starts_with("//") || password.contains("://") || password.contains('/');
    if is_user
        && !is_url
        && !password.is_empty()
        && !password.starts_with(MARK)
        && is_password(password)
    {
        search.hide(at - password.len()..at);
    }
}

/// `user/password@host`, as Oracle's programs take it
/// (<https://docs.oracle.com/en/database/oracle/oracle-database/23/sqpug/starting-SQL-Plus.html>).
fn find_oracle(search: &mut Search<'_>, at: usize, word: &str) {
    let text = search.text;
    let start = at + word.len();
    let line_end = search.line_end(start);
    let mut words = text[start..line_end].split([' ', '"', '\'']);
    let name =
        if word == "connect " { words.next() } else { words.find(|word| word.contains('/')) };
    let Some(name) = name else { return };
    let Some(start) = text[start..line_end].find(name).map(|at| start + at) else { return };
    let Some((user, rest)) = name.split_once('/') else { return };
    let Some(len) = rest.rfind("@//").or_else(|| rest.find('@')) else { return };
    let is_user = !user.is_empty() && is_made_of(user, "_$#");
    if is_user && len > 0 && !rest[..len].contains('/') {
        let start = start + user.len() + 1;
        search.hide(start..start + len);
    }
}
