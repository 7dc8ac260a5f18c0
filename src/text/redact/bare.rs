//! Where a value without quotes ends.

use super::shape::leading;

/// The length of a value without quotes: up to white space, a closing quote, or the next pair.
pub(super) fn bare_len(text: &str) -> usize {
    let end = text.char_indices().find(|(at, c)| ends_bare(&text[*at..], *c, *at));
    end.map_or(text.len(), |(at, _)| at)
}

fn ends_bare(rest: &str, c: char, at: usize) -> bool {
    let after = &rest[c.len_utf8()..];
    match c {
        '"' | '\'' => !after.starts_with(|c: char| c.is_ascii_alphanumeric()),
        '\\' => {
            let after = after.trim_start_matches('\\');
            after.starts_with(['"', '\'', 'n', 'r', 't'])
        }
        ',' | ';' | '&' => {
            const WRITTEN: [&str; 6] = ["amp;", "quot;", "apos;", "#34;", "#39;", "lt;"];
            is_pair(after) || c == '&' && WRITTEN.iter().any(|word| after.starts_with(word))
        }
        '<' => at > 0 && after.starts_with('/'),
        '%' => {
            // a percent sign may be part of the value: what follows must be the next pair, or not belong to a value
            const CODES: [&str; 7] = ["26", "22", "27", "0A", "0a", "0D", "0d"];
            let code = after.trim_start_matches("25");
            let next = CODES.iter().find_map(|known| code.strip_prefix(known));
            let is_end =
                |next: &str| is_encoded_pair(next) || !code.starts_with("26") && is_over(next);
            at > 0 && next.is_some_and(is_end)
        }
        _ => c.is_whitespace(),
    }
}

/// Whether a text after a code that may end a value cannot be more of it.
fn is_over(text: &str) -> bool {
    match text.chars().next() {
        Some('%') => ends_bare(text, '%', 1),
        Some(c) => c.is_whitespace() || "\"',;&()[]{}<>".contains(c),
        None => true,
    }
}

/// `name%3D` or `name=` after a separator in percent encoding.
fn is_encoded_pair(text: &str) -> bool {
    let len = leading(text, "_.-");
    let separators = ["%3D", "%3d", "%3A", "%3a", "%253D", "%253d", "=", ":", "%22", "%27"];
    len > 0 && separators.iter().any(|separator| text[len..].starts_with(separator))
}

/// `name=`, `name:`, `"name":` after a separator between pairs.
fn is_pair(text: &str) -> bool {
    let text = text.trim_start_matches(['\\', '"', '\'']);
    let len = leading(text, "_.-");
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let after = text[len..].trim_start_matches('\\');
    let after = after.strip_prefix(['"', '\'']).unwrap_or(after);
    starts && after.starts_with(['=', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_ends_a_value_only_before_what_cannot_be_more_of_it() {
        for (text, value) in [
            ("s3cret%22", "s3cret"),
            ("s3cret%0a", "s3cret"),
            ("s3cret%0a%0a next", "s3cret"),
            ("s3cret%22,%22user", "s3cret"),
            ("s3cret%26user%3Dme", "s3cret"),
            ("+%0a#s3cret", "+%0a#s3cret"),
            ("a%0a%0ab", "a%0a%0ab"),
            ("a%22/b", "a%22/b"),
        ] {
            assert_eq!(&text[..bare_len(text)], value, "{text}");
        }
    }
}
