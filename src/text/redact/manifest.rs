//! The data of Secrets and of keys in JSON, whatever the name of a field.

use std::ops::Range;

use super::search::{Find, Search};
use super::value::{Value, is_placeholder, opening_quote};

/// The words that lead here.
pub(super) const FINDS: [(&[&str], Find); 2] = [(&["kind"], find_secret), (&["\"kty"], find_jwk)];

/// How far the parts of one object may be from each other.
const FAR: usize = 16 * 1024;

/// `kind: Secret` with its `data` and `stringData`, in YAML and in JSON.
fn find_secret(search: &mut Search<'_>, at: usize, _: &str) {
    let text = search.text;
    let rest = &text[at + "kind".len()..];
    let value = rest.trim_start_matches(['\\', '"', '\'']);
    let Some(value) = value.strip_prefix(':') else { return };
    let value = value.trim_start_matches([' ', '\\', '"', '\'']);
    let Some(after) = value.strip_prefix("Secret") else { return };
    if after.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return;
    }
    if rest.starts_with(['\\', '"', '\'']) {
        if let Some(object) = object_around(search, at) {
            find_in_json(search, object);
        }
    } else {
        find_in_yaml(search, at);
    }
}

/// The object in braces around this place.
fn object_around(search: &mut Search<'_>, at: usize) -> Option<Range<usize>> {
    let text = search.text;
    if !search.may_spend(FAR) {
        return None;
    }
    let bytes = text.as_bytes();
    let mut depth = 0_i32;
    let start = (at.saturating_sub(FAR)..at).rev().find(|at| {
        depth += i32::from(bytes[*at] == b'}') - i32::from(bytes[*at] == b'{');
        depth < 0
    })?;
    let mut depth = 1_i32;
    let end = (at..text.len().min(at + FAR)).find(|at| {
        depth += i32::from(bytes[*at] == b'{') - i32::from(bytes[*at] == b'}');
        depth == 0
    });
    let end = end.unwrap_or(text.len());
    text.is_char_boundary(end).then_some(start..end)
}

fn find_in_json(search: &mut Search<'_>, object: Range<usize>) {
    let text = search.text;
    for field in ["data", "stringData"] {
        let object_text = &text[object.clone()];
        let found = object_text.match_indices(field).find_map(|(at, _)| {
            let is_name = object_text[..at].ends_with(['"', '\'']);
            let rest = object_text[at + field.len()..]
                .trim_start_matches(['\\', '"', '\'', ':', ' ', '\n', '\t']);
            let data = rest.strip_prefix('{').filter(|_| is_name)?;
            let len = data.find('}').unwrap_or(data.len());
            let start = object.end - data.len();
            Some(start..start + len)
        });
        let Some(data) = found else { continue };
        let mut at = data.start;
        // a name, a colon, a value, and so on
        while let Some(quote) = text[at..data.end].find(['"', '\'']) {
            let name = Value::at(
                search,
                at + quote - text[at..at + quote].bytes().rev().take_while(|b| *b == b'\\').count(),
            );
            let after = &text[name.range.end..data.end.max(name.range.end)];
            let Some(colon) = after.find(':') else { break };
            let value = after[colon + 1..].trim_start();
            let value = Value::at(search, name.range.end + (after.len() - value.len()));
            search.hide(value.range.clone());
            at = value.range.end + 1;
            if at >= data.end {
                break;
            }
            at = text.ceil_char_boundary(at).min(data.end);
            let Some(next) = text[at..data.end].find(',') else { break };
            at += next + 1;
        }
    }
}

/// The fields beside `kind`, as far as their indentation tells.
fn find_in_yaml(search: &mut Search<'_>, at: usize) {
    let text = search.text;
    let Some(line_start) = search.line_start(at).filter(|_| search.may_spend(FAR)) else { return };
    let indent = at - line_start;
    let column = |line: &str| {
        let dash = line.trim_start_matches([' ', '-']);
        line.len() - dash.len()
    };
    let mut start = line_start;
    for line in text[..line_start].rsplit_inclusive_lines() {
        if line.starts_with("---")
            || line.trim().is_empty()
            || column(line) < indent
            || line_start - start > FAR
        {
            break;
        }
        start -= line.len();
        if line.trim_start().starts_with("- ") && column(line) == indent {
            break;
        }
    }
    let mut is_data = false;
    let mut from = start;
    for line in text[start..].split_inclusive('\n') {
        let (to, content) = (from + line.len(), line.trim());
        let own = column(line);
        let is_other =
            from > line_start && (line.starts_with("---") || !content.is_empty() && own < indent);
        if is_other || from > at + FAR {
            return;
        }
        if own == indent && !content.is_empty() {
            is_data = matches!(content.trim_start_matches("- "), "data:" | "stringData:");
        } else if is_data && let Some((name, value)) = line.split_once(": ") {
            let value_start = from + name.len() + 2 + (value.len() - value.trim_start().len());
            let value = value.trim();
            if !value.is_empty() && !is_placeholder(value) {
                let quote = opening_quote(value).unwrap_or_default().len();
                search.hide(
                    value_start + quote..value_start + value.len() - quote.min(value.len() - quote),
                );
            }
        } else if is_data && !content.is_empty() && !content.ends_with(':') {
            search.hide(to - line.trim_start().len()..to - (line.len() - line.trim_end().len()));
        }
        from = to;
    }
}

trait Lines {
    fn rsplit_inclusive_lines(&self) -> impl Iterator<Item = &str>;
}

impl Lines for str {
    /// The lines with their ends, the last first.
    fn rsplit_inclusive_lines(&self) -> impl Iterator<Item = &str> {
        let mut rest = self;
        std::iter::from_fn(move || {
            let body = rest.strip_suffix('\n')?;
            let start = body.rfind('\n').map_or(0, |end| end + 1);
            let line = &rest[start..];
            rest = &rest[..start];
            Some(line)
        })
    }
}

/// A key in JSON (RFC 7517): its private members (RFC 7518, sections 6.2.2, 6.3.2 and 6.4).
fn find_jwk(search: &mut Search<'_>, at: usize, _: &str) {
    let text = search.text;
    let Some(object) = object_around(search, at) else { return };
    for name in ["d", "p", "q", "dp", "dq", "qi", "k"] {
        let key = &text[object.clone()];
        for (at, _) in key.match_indices(name) {
            let Some(rest) = key[at + name.len()..]
                .strip_prefix(['"', '\\'])
                .filter(|_| key[..at].ends_with('"'))
            else {
                continue;
            };
            let Some(value) = rest.trim_start_matches(['"', ' ']).strip_prefix(':') else {
                continue;
            };
            let start = object.end - value.trim_start().len();
            if opening_quote(&text[start..]).is_some() {
                let value = Value::at(search, start);
                search.hide(value.range);
            }
        }
    }
}
