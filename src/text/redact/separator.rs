//! What stands between a name and its value.

use super::value::opening_quote;

/// A separator that was found behind a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Separator {
    pub(super) kind: Kind,
    /// Where the value begins.
    pub(super) value: usize,
    /// White space stands before the value.
    pub(super) is_spaced: bool,
    /// A quote stands right behind the name.
    pub(super) is_closed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// `=`, `:=`, `=>`, `->`: between names and values only.
    Equals,
    /// `:`, which stands in prose too.
    Colon,
    /// A colon at the end of a line: the value is on another.
    NextLine,
    /// White space, as behind a flag.
    Space,
    /// A comma, as in a list of arguments or a pair.
    Comma,
}

/// The separator behind a name that ends here; none if a name of something else follows.
pub(super) fn behind(text: &str, name_end: usize) -> Option<Separator> {
    // an accent that was put on the last letter
    let rest = text[name_end..].trim_start_matches(|c| matches!(c, '\u{300}'..='\u{36f}'));
    let quote = opening_quote(rest).unwrap_or_default();
    let is_closed = !quote.is_empty();
    let rest = without_remark(&rest[quote.len()..]);
    let after_bracket = rest.strip_prefix(']').unwrap_or(rest);
    let (spaced, is_spaced) = skip_blanks(after_bracket);
    let separator = |kind, rest: &str, is_spaced| {
        Some(Separator { kind, value: text.len() - rest.len(), is_spaced, is_closed })
    };
    for operator in ["=>", ":=", "->", "=", "＝", "%3D", "%3d", "%253D", "%253d", "&#61;"] {
        // `->` may be a member: `token->value`
        if let Some(after) = spaced.strip_prefix(operator).filter(|_| operator != "->" || is_spaced)
        {
            let (value, is_spaced) = skip_blanks(after);
            let below = value.strip_prefix('\n').map(|below| skip_blanks(below).0);
            if below.is_some_and(|below| opening_quote(below).is_some()) {
                return separator(Kind::NextLine, value, true);
            }
            return separator(Kind::Equals, value, is_spaced);
        }
    }
    if rest.starts_with(']') {
        return None;
    }
    for operator in ["::", ":", "：", "%3A", "%3a", "%253A", "%253a"] {
        let Some(after) = spaced.strip_prefix(operator) else { continue };
        let (value, is_spaced) = skip_blanks(after);
        // LDAP marks base64 by two colons, programs a path of modules
        if operator == "::" && !is_spaced {
            return None;
        }
        if value.is_empty() || value.starts_with('\n') || value.starts_with("\\n") {
            return separator(Kind::NextLine, value, true);
        }
        return separator(Kind::Colon, value, is_spaced);
    }
    if let Some(after) = spaced.strip_prefix(',').filter(|_| is_closed) {
        let (value, _) = skip_blanks(after.trim_start_matches(['\n', ' ']));
        return separator(Kind::Comma, value, true);
    }
    (is_spaced && !spaced.is_empty() && !spaced.starts_with('\n'))
        .then(|| separator(Kind::Space, spaced, true))
        .flatten()
}

/// The text without a remark before its separator: ` (DB)`, ` 1`.
fn without_remark(text: &str) -> &str {
    const LONGEST: usize = 40;
    let Some(remark) = text.strip_prefix(' ') else { return text };
    let len = match remark.strip_prefix('(') {
        Some(inner) => {
            inner.bytes().take(LONGEST).position(|b| matches!(b, b')' | b'\n')).map(|at| at + 2)
        }
        None => Some(remark.bytes().take(3).take_while(u8::is_ascii_digit).count())
            .filter(|len| *len > 0),
    };
    let after = len.and_then(|len| remark.get(len..));
    after.filter(|after| after.starts_with([':', '='])).unwrap_or(text)
}

/// The text without the white space at its start, and whether there was any.
pub(super) fn skip_blanks(text: &str) -> (&str, bool) {
    let rest = text.trim_start_matches([' ', '\t', '\u{a0}', '\u{3000}']);
    (rest, rest.len() < text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_told_apart() {
        let table = [
            ("=x", Some((Kind::Equals, "x"))),
            (" = x", Some((Kind::Equals, "x"))),
            ("\u{a0}=\u{a0}x", Some((Kind::Equals, "x"))),
            ("'] = x", Some((Kind::Equals, "x"))),
            (r#"\" => x"#, Some((Kind::Equals, "x"))),
            ("%22%3A%22x", Some((Kind::Colon, "%22x"))),
            ("\": x", Some((Kind::Colon, "x"))),
            (":: x", Some((Kind::Colon, "x"))),
            ("：x", Some((Kind::Colon, "x"))),
            (":\n x", Some((Kind::NextLine, "\n x"))),
            ("\", \"x", Some((Kind::Comma, "\"x"))),
            (" x", Some((Kind::Space, "x"))),
            ("::X", None),
            ("->x", None),
            ("]: x", None),
            (", x", None),
            (")", None),
            (" ", None),
        ];
        for (text, expected) in table {
            let found = behind(text, 0).map(|found| (found.kind, &text[found.value..]));
            assert_eq!(found, expected, "{text}");
        }
    }
}
