//! Makes text harmless in GitHub flavoured Markdown and its relatives.
//!
//! Text of the cluster may not make a heading, link, image, HTML, mention or reference, nor end a fence. Escaping
//! with backslashes is not enough: forges look for mentions and addresses after Markdown is rendered. In code they
//! do not look, so every word that is not plainly harmless becomes code.

#[cfg(test)]
mod tests;

use std::{borrow::Cow, fmt::Write};

use super::emoji;
use crate::report::block::Part;

/// The parts of a line, each as what it is.
pub(super) fn line(parts: &[Part<'_>]) -> String {
    let part = |part: &Part<'_>| match part {
        Part::Words(words) => words.to_string(),
        Part::Prose(text) => prose(text),
        Part::Target(_, name) => prose(name),
        Part::Code(text) => code(text),
        Part::Before(text) | Part::After(text) => code(text),
        Part::Mark(mark) => emoji(*mark).to_owned(),
    };
    parts.iter().map(part).collect()
}

/// A text in a line of prose: harmless words as they are, the others as code, and as code too what stands in
/// backticks, as our own hints have it.
///
/// It must not stand at the start of a line, where `1.`, `+` or `-` would make a list.
pub(super) fn prose(text: &str) -> String {
    let mut line = Line::default();
    let parts: Vec<&str> = text.split('`').collect();
    // an odd number of parts means that every backtick has its partner
    if parts.len().is_multiple_of(2) {
        line.words(text);
        return line.finish();
    }
    for (index, part) in parts.into_iter().enumerate() {
        if index % 2 == 1 {
            line.code(part);
        } else {
            line.words(part);
        }
    }
    line.finish()
}

/// A line of prose that grows.
#[derive(Default)]
struct Line {
    text: String,
    /// Words that will be code, together since they stand together.
    code_words: Vec<String>,
}

impl Line {
    fn words(&mut self, text: &str) {
        let mut glued = !text.starts_with(char::is_whitespace);
        for word in text.split_whitespace() {
            if is_harmless(word) {
                self.flush();
                // `,` after code; code after code needs a space, or the two would be one
                if !(glued && self.text.ends_with('`')) {
                    self.space();
                }
                self.text.push_str(word);
            } else {
                self.code_word(word);
            }
            glued = false;
        }
    }

    /// Adds a word as code, the quotes and brackets around it outside.
    fn code_word(&mut self, word: &str) {
        let rest = word.trim_start_matches(['"', '\'', '(']);
        let core = rest.trim_end_matches(['"', '\'', ')', ',', '.', ';', ':']);
        if core.is_empty() {
            self.code_words.push(word.to_owned());
            return;
        }
        let before = &word[..word.len() - rest.len()];
        if !before.is_empty() {
            self.flush();
            self.space();
            self.text.push_str(before);
            self.text.push_str(&code(core));
        } else {
            self.code_words.push(core.to_owned());
        }
        let after = &rest[core.len()..];
        if !after.is_empty() || !before.is_empty() {
            self.flush();
            self.text.push_str(after);
        }
    }

    fn code(&mut self, text: &str) {
        self.flush();
        self.code_words.push(text.to_owned());
        self.flush();
    }

    fn flush(&mut self) {
        let code = code(&self.code_words.join(" "));
        self.code_words.clear();
        if !code.is_empty() {
            self.space();
            self.text.push_str(&code);
        }
    }

    fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('(') {
            self.text.push(' ');
        }
    }

    fn finish(mut self) -> String {
        self.flush();
        self.text
    }
}

/// Whether neither Markdown nor a forge reads anything into a word.
///
/// Letters, digits and common punctuation, without the beginnings of addresses, references (`GH-1`, long hex numbers
/// as commits) and emoji (`:x:`).
fn is_harmless(word: &str) -> bool {
    let allowed = |c: char| {
        c.is_alphanumeric()
            || matches!(c, ',' | '.' | ';' | ':' | '(' | ')' | '\'' | '"' | '/')
            || matches!(c, '+' | '=' | '-' | '?' | '…' | '→' | '–' | '×')
    };
    let is_percentage = word.strip_suffix('%').is_some_and(|number| number.parse::<u32>().is_ok());
    let core = word.trim_matches(|c: char| !c.is_alphanumeric());
    let is_hex = core.len() >= 7 && core.chars().all(|c| c.is_ascii_hexdigit());
    let lower = core.to_lowercase();
    let is_reference = is_hex
        || lower.starts_with("www.")
        || lower.starts_with("gh-")
        || lower.contains("://")
        || (word.starts_with(':') && word != ":")
        || (word.matches(':').count() > 1 && !is_time(core));
    // a mention begins with it only where no space follows
    is_percentage || word == "@" || (word.chars().all(allowed) && !is_reference)
}

/// Whether a word is a time of day, `13:27:08`: no emoji has a name of two digits.
fn is_time(word: &str) -> bool {
    let is_pair = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    word.split(':').count() == 3 && word.split(':').all(is_pair)
}

/// A text as code: white space and line ends become spaces.
pub(super) fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return String::new();
    }
    let text = broken(&text);
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A text as it stands in a cell of a table, already rendered by [`prose`] or [`code`].
///
/// A pipe ends a cell even in code, unless a backslash stands before it; a backslash of the text before that one
/// would take its force, so a space comes between.
pub(super) fn cell(rendered: &str) -> String {
    let mut out = String::with_capacity(rendered.len());
    for c in rendered.chars() {
        match c {
            '|' if out.ends_with('\\') => out.push_str(" \\|"),
            '|' => out.push_str("\\|"),
            '\n' | '\r' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

/// Lines as they are, in a fence that none of them can close.
pub(super) fn fenced(lines: &[impl AsRef<str>]) -> String {
    let lines: Vec<_> = lines.iter().map(|line| broken(line.as_ref())).collect();
    let longest = lines.iter().map(|line| longest_run(line, '`')).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let mut out = format!("{fence}text\n");
    for line in lines {
        // infallible for a String
        let _ = writeln!(out, "{}", line.replace('\r', ""));
    }
    out + &fence + "\n"
}

/// The most backticks in a row that are left together. The readers of forges follow the specification only so far:
/// cmark-gfm knows no code between more than 80 of them (`MAXBACKTICKS` of its `inlines.c`), and no fence of more than 255
/// (`fence_length` of its `blocks.c`).
const BACKTICKS: usize = 60;

/// The text with a space in each longer run of backticks.
fn broken(text: &str) -> Cow<'_, str> {
    if longest_run(text, '`') <= BACKTICKS {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + text.len() / BACKTICKS);
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        if run > BACKTICKS {
            out.push(' ');
            run = 1;
        }
        out.push(c);
    }
    Cow::Owned(out)
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}
