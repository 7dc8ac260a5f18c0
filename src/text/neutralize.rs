//! Makes text harmless: nothing in it is invisible, and nothing commands a CI runner.
//!
//! The rules are the readers' own: actions/runner `ActionCommand.cs` (`##[` anywhere in a line,
//! `::` at its start, a lone CR ends a line), azure-pipelines-agent `Command.cs` (`##vso[`
//! anywhere), TeamCity service messages, the junit-attachments plugin, XML 1.0 `Char`. GitLab's
//! section markers need CR and ESC and are plain text without.

use std::borrow::Cow;

/// What replaces a tab. Its width is fixed, so that a line looks the same wherever it starts.
const TAB: &str = "    ";

/// Makes text harmless to print as it is, on a terminal, in a CI log and in XML.
///
/// Doing it twice changes nothing more.
pub fn neutralize(text: &str) -> Cow<'_, str> {
    match strip(text) {
        Cow::Borrowed(text) => defuse(text),
        Cow::Owned(text) => match defuse(&text) {
            Cow::Owned(defused) => Cow::Owned(defused),
            Cow::Borrowed(_) => Cow::Owned(text),
        },
    }
}

/// Removes what a reader cannot see: escape sequences, control characters and zero-width characters.
///
/// Every kind of line end becomes `\n`. What deceives the eye or breaks XML becomes U+FFFD.
pub(super) fn strip(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(|c| !is_plain(c)) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\r' if rest.starts_with('\n') => {}
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push_str(TAB),
            '\u{1b}' => rest = after_escape(rest),
            '\u{9b}' => rest = after_csi(rest),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => rest = after_control_string(rest),
            _ if is_plain(c) => out.push(c),
            _ if deceives(c) => out.push(char::REPLACEMENT_CHARACTER),
            _ => {}
        }
    }
    Cow::Owned(out)
}

/// Breaks the words that command a runner with a visible space: a runner that compares by the rules of its culture skips
/// zero-width characters.
pub(super) fn defuse(text: &str) -> Cow<'_, str> {
    let mut breaks = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_start();
        if body.starts_with("::") {
            breaks.push(start + line.len() - body.len() + 1);
        }
        let brackets = line.match_indices('[').map(|(at, _)| at);
        breaks.extend(
            brackets.filter(|&at| commands(&line[..at], &line[at + 1..])).map(|at| start + at),
        );
        start += line.len();
    }
    if breaks.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + breaks.len());
    let mut from = 0;
    for at in breaks {
        out.push_str(&text[from..at]);
        out.push(' ');
        from = at;
    }
    out.push_str(&text[from..]);
    Cow::Owned(out)
}

/// Whether a `[` between these two makes a command.
fn commands(before: &str, after: &str) -> bool {
    ["##", "##vso", "##teamcity"].iter().any(|word| ends_with(before, word))
        || before.ends_with('[')
            && ["ATTACHMENT|", "PROPERTY|"].iter().any(|word| starts_with(after, word))
}

fn ends_with(text: &str, word: &str) -> bool {
    text.len()
        .checked_sub(word.len())
        .is_some_and(|at| text.as_bytes()[at..].eq_ignore_ascii_case(word.as_bytes()))
}

fn starts_with(text: &str, word: &str) -> bool {
    text.as_bytes().get(..word.len()).is_some_and(|s| s.eq_ignore_ascii_case(word.as_bytes()))
}

fn is_plain(c: char) -> bool {
    matches!(c, '\n' | ' '..='~') || (c > '\u{9f}' && !is_invisible(c) && !deceives(c))
}

/// Characters that reorder what is read, and those XML 1.0 forbids (with the other
/// noncharacters, which are not for interchange).
fn deceives(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fdd0}'..='\u{fdef}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// `Default_Ignorable_Code_Point` of Unicode 16 and other format characters without a glyph, except
/// those of `deceives`: a culture-sensitive comparison skips them, a reader does not see them.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}'
            | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// The rest after an escape sequence whose ESC is already taken (ECMA-48).
fn after_escape(rest: &str) -> &str {
    if let Some(csi) = rest.strip_prefix('[') {
        return after_csi(csi);
    }
    if let Some(string) = rest.strip_prefix([']', 'P', 'X', '^', '_']) {
        return after_control_string(string);
    }
    let last = rest.trim_start_matches(|c| matches!(c, ' '..='/'));
    last.strip_prefix(|c| matches!(c, '0'..='~')).unwrap_or(rest)
}

/// The rest after the parameters and the final character of a control sequence.
fn after_csi(rest: &str) -> &str {
    let rest = rest.trim_start_matches(|c| matches!(c, '0'..='?'));
    let rest = rest.trim_start_matches(|c| matches!(c, ' '..='/'));
    rest.strip_prefix(|c| matches!(c, '@'..='~')).unwrap_or(rest)
}

/// The rest after a title, link or other control string.
///
/// One that is never closed ends with its line, so that it cannot swallow the log.
fn after_control_string(rest: &str) -> &str {
    let ends = ['\u{7}', '\u{9c}', '\u{1b}', '\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];
    let Some(at) = rest.find(ends) else { return "" };
    let rest = &rest[at..];
    rest.strip_prefix("\u{1b}\\").or_else(|| rest.strip_prefix(['\u{7}', '\u{9c}'])).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(neutralize("panic: 中文 é 😀\n  at main [x] ::"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_is_hidden_goes_and_what_is_seen_stays() {
        let table = [
            ("colour", "\u{1b}[1;31mred\u{1b}[0m", "red"),
            ("C1 control sequence", "a\u{9b}31mb", "ab"),
            ("title closed by BEL", "\u{1b}]0;title\u{7}x", "x"),
            ("link closed by ST", "\u{1b}]8;;http://x\u{1b}\\text\u{1b}]8;;\u{1b}\\", "text"),
            ("title never closed", "\u{1b}]0;title\nnext", "\nnext"),
            ("title cancelled by a sequence", "\u{1b}]0;ti\u{1b}[31mx", "x"),
            ("charset", "\u{1b}(Bx", "x"),
            ("ESC alone", "a\u{1b}", "a"),
            ("ESC twice", "\u{1b}\u{1b}[31mx", "x"),
            ("sequence with no end", "\u{1b}[12;é", "é"),
            ("control characters", "a\0\u{7}\u{8}\u{b}\u{c}\u{7f}b", "ab"),
            ("line ends", "a\rb\r\nc\u{85}d\u{2028}e\u{2029}f", "a\nb\nc\nd\ne\nf"),
            ("CR, then CR LF", "a\r\r\nb", "a\n\nb"),
            ("tab", "a\tb", "a    b"),
            ("bidi override", "\u{202e}x\u{2066}", "\u{fffd}x\u{fffd}"),
            (
                "XML noncharacters",
                "x\u{fffe}\u{ffff}\u{1ffff}\u{fdd0}",
                "x\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
            ),
            ("zero width", "a\u{200b}\u{200d}\u{feff}\u{ad}\u{2060}\u{fe0f}\u{e0041}b", "ab"),
        ];
        for (case, text, expected) in table {
            assert_eq!(neutralize(text), expected, "{case}");
        }
    }

    #[test]
    fn commands_are_broken_with_a_visible_space() {
        let table = [
            ("::error::x", ": :error::x"),
            (" \u{a0}\t::error::x", " \u{a0}    : :error::x"),
            ("a\r::add-mask::e", "a\n: :add-mask::e"),
            (":::x", ": ::x"),
            ("x ##[error]y ###[z", "x ## [error]y ### [z"),
            ("##VSO[task.complete]", "##VSO [task.complete]"),
            ("x##teamcity[buildStatus", "x##teamcity [buildStatus"),
            ("[[ATTACHMENT|/x]] [[property|a=b]]", "[ [ATTACHMENT|/x]] [ [property|a=b]]"),
            ("##[[ATTACHMENT|x", "## [ [ATTACHMENT|x"),
            ("#\u{200b}#[error]x", "## [error]x"),
            (":\u{200d}:error::x", ": :error::x"),
            ("#\u{1b}[0m#\u{1b}[31m[error]", "## [error]"),
        ];
        for (text, expected) in table {
            assert_eq!(neutralize(text), expected, "{text:?}");
        }
    }

    #[test]
    fn ordinary_colons_and_brackets_stay() {
        for text in ["std::vec::Vec", "a [[x]] b", "# [x]", "#[derive]", "10::20", "[ATTACHMENT|x]"]
        {
            assert_eq!(neutralize(text), text);
        }
    }
}
