//! A name that is a value itself, with the secret beside it: `name: DB_PASSWORD, value: …`, `<property name="password">…`,
//! `<password>…</password>`, `('password', '…')`.

use std::ops::Range;

use super::name::Kind;
use super::search::Search;
use super::separator::{self, skip_blanks};
use super::value::{Value, is_path, is_placeholder, opening_quote};

/// Looks for the secret beside this name; whether the name has such a place.
pub(super) fn find(search: &mut Search<'_>, name: &Range<usize>, kind: Kind) -> bool {
    if kind == Kind::Signature {
        return false;
    }
    let found = element(search, name)
        .or_else(|| elements(search, name))
        .or_else(|| attribute(search, name))
        .or_else(|| value_field(search, name))
        .or_else(|| tuple(search, name))
        .or_else(|| form(search, name))
        .or_else(|| call(search, name));
    let Some(secret) = found else { return false };
    let value = &search.text[secret.clone()];
    if !value.is_empty() && !is_placeholder(value) && !is_path(value, "") {
        search.hide(secret);
    }
    true
}

/// `<password>…</password>`, with a prefix and attributes, and written as `&lt;`.
fn element(search: &Search<'_>, name: &Range<usize>) -> Option<Range<usize>> {
    let text = search.text;
    let before = &text[..name.start];
    let before = match before.strip_suffix(':') {
        Some(before) => before.trim_end_matches(|c: char| c.is_ascii_alphanumeric()),
        None => before,
    };
    let (close, open) =
        [(">", "<"), ("&gt;", "&lt;")].into_iter().find(|(_, open)| before.ends_with(open))?;
    let rest = &text[name.end..];
    let attributes = rest.get(..rest.find(close)?)?;
    if attributes.len() > 200 || attributes.contains(['\n', '<']) || attributes.ends_with('/') {
        return None;
    }
    let start = name.end + attributes.len() + close.len();
    let (start, end) = match text[start..].strip_prefix(CDATA) {
        Some(content) => (start + CDATA.len(), start + CDATA.len() + content.find("]]>")?),
        None => (start, start + text[start..].find(open)?),
    };
    let value = text[start..end].trim();
    let start = start + (text[start..end].len() - text[start..end].trim_start().len());
    (value.len() < 4096 && !value.contains('\n')).then_some(start..start + value.len())
}

/// How XML has text in which nothing is escaped.
const CDATA: &str = "<![CDATA[";

/// `<name>password</name><value>…</value>`, `<key>password</key><string>…</string>`.
fn elements(search: &Search<'_>, name: &Range<usize>) -> Option<Range<usize>> {
    let text = search.text;
    let rest = text[name.end..].strip_prefix("</").filter(|_| text[..name.start].ends_with('>'))?;
    let (_, rest) = rest.split_once('>').filter(|(tag, _)| tag.len() < 40)?;
    let (tag, value) = rest.trim_start().strip_prefix('<')?.split_once('>')?;
    let start = text.len() - value.len();
    let len = value
        .find("</")
        .filter(|len| *len < 4096 && tag.bytes().all(|b| b.is_ascii_alphanumeric()))?;
    Some(start..start + len)
}

/// `name="password">…<`, `key="ApiKey" value="…"`.
fn attribute(search: &mut Search<'_>, name: &Range<usize>) -> Option<Range<usize>> {
    let text = search.text;
    let rest = after_quote(text, name)?;
    if let Some(content) = rest.strip_prefix('>') {
        let len = content.find('<').filter(|len| *len < 4096)?;
        let start = text.len() - content.len();
        return Some(start..start + len);
    }
    let value = skip_blanks(rest).0.strip_prefix("value=")?;
    Some(Value::at(search, text.len() - value.len()).range)
}

/// `name: DB_PASSWORD` and on the next line `value: …`; the same in JSON and as Go shows a structure.
fn value_field(search: &mut Search<'_>, name: &Range<usize>) -> Option<Range<usize>> {
    let text = search.text;
    let rest = after_quote(text, name).unwrap_or(&text[name.end..]);
    let (field, _) = skip_blanks(rest.trim_start_matches([',', '\n', ' ']));
    if field.len() == rest.len() {
        return None;
    }
    let field = field.strip_prefix(opening_quote(field).unwrap_or_default())?;
    let field_end = text.len() - field.len() + "value".len();
    if !field.get(.."value".len())?.eq_ignore_ascii_case("value") {
        return None;
    }
    let separator = separator::behind(text, field_end)?;
    if !matches!(separator.kind, separator::Kind::Colon | separator::Kind::Equals) {
        return None;
    }
    Some(Value::at(search, separator.value).range)
}

/// `('password', '…')`, `["password", "…"]`, `{password, "…"}`.
fn tuple(search: &mut Search<'_>, name: &Range<usize>) -> Option<Range<usize>> {
    let text = search.text;
    let before = text[..name.start].trim_end_matches(['"', '\'', '\\']);
    let close = match before.chars().next_back()? {
        '(' => ')',
        '[' => ']',
        // Erlang's names need no quotes
        '{' => '}',
        _ => return None,
    };
    let rest = if close == '}' { &text[name.end..] } else { after_quote(text, name)? };
    let (value, _) = skip_blanks(rest.strip_prefix(',')?);
    opening_quote(value)?;
    let value = Value::at(search, text.len() - value.len());
    let after = text[value.range.end..].trim_start_matches(['\\', '"', '\'']);
    after.starts_with(close).then_some(value.range)
}

/// A field of a form with parts (RFC 7578): `name="password"`, an empty line, the value.
fn form(search: &mut Search<'_>, name: &Range<usize>) -> Option<Range<usize>> {
    let rest = after_quote(search.text, name)?;
    let rest = rest.strip_prefix('\r').unwrap_or(rest);
    let value = ["\n\n", "\n\r\n", "\\r\\n\\r\\n"].iter().find_map(|gap| rest.strip_prefix(gap))?;
    let start = search.text.len() - value.len();
    let end = value.find(['\r', '\n']).or_else(|| value.find("\\r")).unwrap_or(value.len());
    Some(start..start + end)
}

/// `setPassword("…")`, `PASSWORD('…')`.
fn call(search: &mut Search<'_>, name: &Range<usize>) -> Option<Range<usize>> {
    let value = search.text[name.end..].strip_prefix('(')?;
    opening_quote(value)?;
    Some(Value::at(search, search.text.len() - value.len()).range)
}

/// What follows the quote that closes the name.
fn after_quote<'t>(text: &'t str, name: &Range<usize>) -> Option<&'t str> {
    let rest = &text[name.end..];
    Some(&rest[opening_quote(rest)?.len()..])
}
