//! Headers of HTTP: `Authorization`, `Cookie`, and credentials after the name of a scheme.

use std::ops::Range;

use super::search::{Find, Search};
use super::separator::{Kind, Separator};
use super::shape::{is_alnum_or, leading, may_begin_after};
use super::value::{Value, is_placeholder, opening_quote};

/// The words that lead here; names of headers lead to [`find`].
pub(super) const FINDS: [(&[&str], Find); 1] =
    [(&["bearer ", "basic ", "ntlm ", "negotiate ", "apikey "], find_scheme)];

/// Schemes with one value behind them, and those with a list of parameters
/// (<https://www.iana.org/assignments/http-authschemes>).
#[rustfmt::skip]
const SINGLE: [&str; 14] = [
    "bearer", "basic", "token", "negotiate", "ntlm", "apikey", "api-key", "splunk", "sharedkey", "sharedkeylite",
    "dpop", "key", "genie-key", "aws",
];
#[rustfmt::skip]
const LISTS: [&str; 8] = [
    "digest", "oauth", "hawk", "signature", "aws4-hmac-sha256", "goog4-rsa-sha256", "mac", "sharedaccesssignature",
];

/// Hides the value of a header; returns whether the name is one of a header that is known here.
pub(super) fn find(search: &mut Search<'_>, name: &Range<usize>, separator: Separator) -> bool {
    let lower = search.text[name.clone()].to_ascii_lowercase();
    let is_colon_or_equals = matches!(separator.kind, Kind::Colon | Kind::Equals);
    if !is_colon_or_equals {
        return false;
    }
    if lower.ends_with("authorization") {
        return find_authorization(search, separator.value);
    }
    match lower.strip_suffix("cookies") {
        Some(_) => find_jar(search, separator.value),
        None => lower.ends_with("cookie") && find_cookies(search, separator.value),
    }
}

/// `Authorization: Bearer …`; in Go's map the value stands in brackets, in JSON in quotes.
fn find_authorization(search: &mut Search<'_>, start: usize) -> bool {
    let text = search.text;
    let start = start
        + usize::from(text[start..].starts_with('[') && !text[start..].starts_with("[redacted]"));
    let quote = opening_quote(&text[start..]).unwrap_or_default();
    let start = start + quote.len();
    let rest = &text[start..];
    let len = rest.bytes().take(24).take_while(is_alnum_or("-")).count();
    let (scheme, after) = rest.split_at(len);
    let is = |known: &&str| scheme.eq_ignore_ascii_case(known);
    let value = start + len + (after.len() - after.trim_start_matches([' ', '+']).len());
    if value == start + len {
        return false;
    }
    if LISTS.iter().any(is) {
        let end = end_of_parameters(search, value, quote);
        search.hide(value..end);
        return true;
    }
    if SINGLE.iter().any(is) {
        let mut end = search.bare_end(value);
        if !quote.is_empty() {
            end = text[value..end].find(quote).map_or(end, |at| value + at);
        }
        // who it is may stay: `SharedKey account:…`
        let account = text[value..end]
            .split_once(':')
            .filter(|_| scheme.to_ascii_lowercase().starts_with("shared"));
        let value = account.map_or(value, |(account, _)| value + account.len() + 1);
        if !is_placeholder(&text[value..end]) {
            search.hide(value..end);
        }
        return true;
    }
    false
}

/// The end of `name="value", name=value`.
fn end_of_parameters(search: &Search<'_>, start: usize, quote: &str) -> usize {
    let text = search.text;
    let mut at = start;
    loop {
        let rest = &text[at..];
        let name = leading(rest, "_-");
        let Some(value) = rest[name..].strip_prefix('=').filter(|_| name > 0) else { break };
        let from = at + name + 1;
        let opening = opening_quote(value).filter(|opening| *opening != quote);
        at = match opening.and_then(|opening| {
            value[opening.len()..].find(opening).map(|end| from + 2 * opening.len() + end)
        }) {
            Some(end) => end,
            None => {
                let stop =
                    |c: char| c.is_whitespace() || matches!(c, ',' | '"' | '\'' | ']' | '\\');
                from + value.find(stop).unwrap_or(value.len())
            }
        };
        let next = text[at..].trim_start_matches([',', ' ', '&', ';']);
        let has_next = next.starts_with(|c: char| c.is_ascii_alphabetic())
            && next
                .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'))
                .is_some_and(|end| next[end..].starts_with('='));
        if !has_next {
            break;
        }
        at = text.len() - next.len();
    }
    at
}

/// The values of `a=b; c=d`; attributes of a cookie are none.
fn find_cookies(search: &mut Search<'_>, start: usize) -> bool {
    const ATTRIBUTES: [&str; 8] =
        ["path", "domain", "expires", "max-age", "samesite", "version", "priority", "comment"];
    const LONGEST: usize = 16 * 1024;
    let text = search.text;
    let start = start + usize::from(text[start..].starts_with('['));
    let quote = opening_quote(&text[start..]).unwrap_or_default();
    let mut at = start + quote.len();
    let mut is_cookie = false;
    while at - start < LONGEST {
        let rest = &text[at..];
        let name = rest
            .bytes()
            .take_while(|b| {
                b.is_ascii_graphic()
                    && !matches!(b, b'=' | b';' | b'"' | b'\'' | b',' | b'[' | b']')
            })
            .count();
        let name_end = at + name;
        let Some(value) = rest[name..].strip_prefix('=').filter(|_| name > 0) else {
            // an attribute without a value, `HttpOnly`
            let Some(next) = rest[name..].strip_prefix(';').filter(|_| is_cookie && name > 0)
            else {
                break;
            };
            at = text.len() - next.trim_start_matches(' ').len();
            continue;
        };
        let stop = |c: char| c.is_whitespace() || matches!(c, ';' | '"' | '\'' | ']' | '\\' | ',');
        let len = value.find(stop).unwrap_or(value.len());
        let range = name_end + 1..name_end + 1 + len;
        is_cookie = true;
        if !ATTRIBUTES.iter().any(|known| rest[..name].eq_ignore_ascii_case(known)) {
            search.hide(range.clone());
        }
        // a date stands in `expires`, with a comma and spaces
        let after = &text[range.end..];
        let line = after.find([';', '\n', '"', '\'']).filter(|end| after[*end..].starts_with(';'));
        let Some(next) = line else { break };
        at = text.len() - after[next + 1..].trim_start_matches(' ').len();
    }
    is_cookie
}

/// `cookies={'name': 'value'}`.
fn find_jar(search: &mut Search<'_>, start: usize) -> bool {
    let text = search.text;
    if !text[start..].starts_with('{') {
        return find_cookies(search, start);
    }
    const LONGEST: usize = 4096;
    let line_end = search.line_end(start);
    let len = text.as_bytes()[start..line_end].iter().take(LONGEST).position(|byte| *byte == b'}');
    let Some(end) = len.map(|len| start + len).filter(|_| search.may_spend(LONGEST)) else {
        return false;
    };
    let mut at = start;
    while let Some(colon) = text[at..end].find(':') {
        let value = text[at + colon + 1..end].trim_start_matches(' ');
        let value = Value::at(search, end - value.len()).range;
        at = value.end.max(at + colon + 1).min(end);
        search.hide(value);
    }
    true
}

/// `Bearer …` and `Basic …` wherever they stand.
fn find_scheme(search: &mut Search<'_>, at: usize, word: &str) {
    let text = search.text;
    let start = text.len() - text[at + word.len()..].trim_start_matches([' ', '\t']).len();
    let rest = &text[start..];
    let len = leading(rest, "+/=._-~");
    let value = rest[..len].trim_end_matches(['.', '-']);
    if len < 8 || !may_begin_after(&text[..at]) {
        return;
    }
    let word = value.trim_start_matches(|c: char| c.is_ascii_uppercase());
    // "Bearer authentication", "basic-auth", "Basic AUTH": words, not credentials.
    let is_prose = word.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '.' | '-'));
    // `Bearer password=hunter2`, `Bearer realm="…"`: a name, and its value is the secret.
    let name = value.trim_end_matches('=');
    let is_name = name.len() < value.len()
        && rest[value.len()..].starts_with(|c: char| !ends_value(c))
        || value.find('=').is_some_and(|at| at < name.len());
    if !is_prose && !is_name {
        search.hide(start..start + value.len());
    }
}

fn ends_value(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '\\' | ',' | ';' | ')' | ']' | '}')
}
