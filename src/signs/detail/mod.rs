//! What a text names: an address, a file, a variable, or what stands between two of its phrases.

#[cfg(test)]
mod tests;

use std::ops::Range;

/// A pattern of a row, of which all but the holes is in lower case.
#[derive(Clone, Copy, Debug)]
enum Detail<'p> {
    /// `start<>end`: what stands between these two; at the end of the line the second may be missing.
    Between(&'p str, &'p str),
    /// `start<line>`: the rest of the line.
    Line(&'p str),
    /// `start<word>`: the word after this.
    After(&'p str),
    /// `<word>end`: the word before this.
    Before(&'p str),
    /// `start<rest>`: the rest of the text.
    Rest(&'p str),
    /// `<text>`: the whole text.
    Whole,
    /// `<address>`: `host:port`, the one nearest to the sign.
    Address,
    /// `<path>`: an absolute path, the one nearest to the sign.
    Path,
    /// `<variable>`: the name of an environment variable: upper case, with an underscore or in quotes.
    Variable,
}

/// Extensions of source files: `main.go:41` is no address.
const SOURCES: [&str; 16] = [
    "go", "js", "mjs", "cjs", "ts", "py", "rb", "rs", "java", "kt", "cs", "php", "c", "cc", "cpp",
    "scala",
];

/// Whether it may be taken from a line beside that of the sign.
pub(super) fn can_stand_apart(pattern: &str) -> bool {
    matches!(
        Detail::of(pattern),
        Detail::Between(..) | Detail::Line(_) | Detail::After(_) | Detail::Address
    )
}

/// What the pattern takes from `text`, of which `lower` is the same in lower case and `sign` where the sign is.
pub(super) fn find<'t>(
    pattern: &str,
    text: &'t str,
    lower: &str,
    sign: &Range<usize>,
) -> Option<&'t str> {
    let found = match Detail::of(pattern) {
        Detail::Between(start, end) => {
            let line = text[lower.find(start)? + start.len()..].lines().next()?;
            &line[..line.find(end).unwrap_or(line.len())]
        }
        Detail::Line(start) => text[lower.find(start)? + start.len()..].lines().next()?,
        Detail::After(start) => {
            let rest = text[lower.find(start)? + start.len()..].trim_start_matches(is_mark);
            &rest[..rest.find(ends_word).unwrap_or(rest.len())]
        }
        Detail::Before(end) => {
            let until = text[..lower.find(end)?].trim_end_matches(is_mark);
            &until[until.rfind(ends_word).map_or(0, |at| at + 1)..]
        }
        Detail::Rest(start) => &text[lower.find(start)? + start.len()..],
        Detail::Whole => text,
        Detail::Address => nearest(words(text, is_border_of_address), sign, address)?,
        Detail::Path => nearest(words(text, is_border_of_path), sign, path)?,
        Detail::Variable => variable(text)?,
    };
    // gRPC's code at the end of what containerd passes on
    let found = found.trim().trim_end_matches(": unknown");
    let found = found.trim_end_matches(['.', ',', ':', ';']).trim();
    (!found.is_empty()).then_some(found)
}

impl<'p> Detail<'p> {
    fn of(pattern: &'p str) -> Self {
        match pattern {
            "<address>" => return Self::Address,
            "<path>" => return Self::Path,
            "<variable>" => return Self::Variable,
            _ => {}
        }
        if let Some((start, end)) = pattern.split_once("<>") {
            Self::Between(start, end)
        } else if let Some(end) = pattern.strip_prefix("<word>") {
            Self::Before(end)
        } else if let Some(start) = pattern.strip_suffix("<word>") {
            Self::After(start)
        } else if let Some(start) = pattern.strip_suffix("<line>") {
            Self::Line(start)
        } else {
            pattern.strip_suffix("<rest>").map_or(Self::Whole, Self::Rest)
        }
    }
}

fn is_mark(c: char) -> bool {
    c.is_whitespace() || is_quote(c) || matches!(c, ':' | '(' | '=')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '‘' | '’')
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || is_quote(c) || matches!(c, ',' | ';' | '(' | ')' | '\\')
}

fn is_border_of_address(c: char) -> bool {
    ends_word(c) || matches!(c, '<' | '>' | '=' | '@' | '{' | '}')
}

fn is_border_of_path(c: char) -> bool {
    ends_word(c) || matches!(c, '=' | '[' | ']')
}

/// The words of a text with their places.
fn words(text: &str, is_border: fn(char) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    text.split(is_border).map(move |word| {
        let at = from;
        let border = text[at + word.len()..].chars().next().map_or(0, char::len_utf8);
        from = at + word.len() + border;
        (at, word)
    })
}

/// The last fitting word before the end of the sign, else the first one after it.
fn nearest<'t>(
    words: impl Iterator<Item = (usize, &'t str)>,
    sign: &Range<usize>,
    fits: fn(&'t str) -> Option<&'t str>,
) -> Option<&'t str> {
    let mut before = None;
    for (at, word) in words {
        if at >= sign.end && before.is_some() {
            break;
        }
        if let Some(fit) = fits(word) {
            before = Some(fit);
            if at >= sign.end {
                break;
            }
        }
    }
    before
}

fn address(word: &str) -> Option<&str> {
    let word = word.trim_end_matches([':', '.', ',']);
    let word = word.split_once("://").map_or(word, |(_, rest)| rest);
    let word = word.split('/').next()?;
    let (host, port) = word.rsplit_once(':')?;
    let is_port = (2..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit());
    let is_any = host.bytes().all(|b| b == b':');
    let is_v6 = host.starts_with('[') && host.ends_with(']');
    let is_name = host.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        && !host.bytes().all(|b| b.is_ascii_digit());
    let is_source = host.rsplit_once('.').is_some_and(|(_, end)| SOURCES.contains(&end))
        || ["line", "col", "code", "pid", "errno", "level"].contains(&host);
    // `:::3000` is Node's way to write any address
    let shown = if is_any { &word[host.len()..] } else { word };
    (is_port && (is_any || is_v6 || is_name) && !is_source).then_some(shown)
}

fn path(word: &str) -> Option<&str> {
    let word = word.trim_end_matches([':', '.', ',']);
    let is_place_in_source = word
        .rsplit_once(':')
        .is_some_and(|(_, line)| !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()));
    (word.len() > 1 && word.starts_with('/') && !word.starts_with("//") && !is_place_in_source)
        .then_some(word)
}

fn variable(text: &str) -> Option<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    words_of(text, is_part).find_map(|(at, word)| {
        let mut bytes = word.bytes();
        let is_upper = bytes.next().is_some_and(|b| b.is_ascii_uppercase())
            && bytes.all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        let before = text[..at].chars().next_back();
        let is_marked = before.is_some_and(|c| is_quote(c) || matches!(c, '$' | '{'));
        (is_upper && word.len() > 2 && (word.contains('_') || is_marked)).then_some(word)
    })
}

fn words_of(text: &str, is_part: impl Fn(char) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text[from..].find(&is_part)?;
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |at| start + at);
        from = end;
        Some((start, &text[start..end]))
    })
}
