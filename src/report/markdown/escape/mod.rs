//! Makes text harmless in GitHub flavoured Markdown and its relatives.
//!
//! Text of the cluster may not make a heading, link, image, HTML, mention or reference, nor end a fence. Escaping
//! with backslashes is not enough: forges look for mentions and addresses after Markdown is rendered. In code they
//! do not look, so every word that is not plainly harmless becomes code.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_words_stay_prose() {
        for text in [
            "container app: CrashLoopBackOff in 2 of 3 pods (exit 1, restarts 0→4)",
            "0/3 nodes are available: 3 Insufficient cpu.",
            "90% of the pods; don't wait…",
            "from 2026-11-24 13:27:11 UTC to 13:27:12.",
        ] {
            assert_eq!(prose(text), text);
        }
    }

    #[test]
    fn words_that_a_forge_reads_become_code() {
        let table = [
            ("ask @all now", "ask `@all` now"),
            ("see http://x.y/z", "see `http://x.y/z`"),
            ("see www.x.y", "see `www.x.y`"),
            ("(www.x.y), \"@all\": no", "(`www.x.y`), \"`@all`\": no"),
            ("fixes #12 and GH-3", "fixes `#12` and `GH-3`"),
            ("at 6d5f9c7b8", "at `6d5f9c7b8`"),
            ("<img src=x> **b**", "`<img src=x> **b**`"),
            (":tada: a:b:c", "`:tada`: `a:b:c`"),
            ("12:100:00 1:34:56 :12:34:56", "`12:100:00 1:34:56 :12:34:56`"),
            ("::: x", "`:::` x"),
            ("a@sha256:00", "`a@sha256:00`"),
            ("%12 100% %x", "`%12` 100% `%x`"),
        ];
        for (text, expected) in table {
            assert_eq!(prose(text), expected, "{text}");
        }
    }

    /// What cmark-gfm leaves outside of code in a line: it gives up on more than 80 backticks.
    fn outside_of_code(line: &str) -> String {
        let mut outside = String::new();
        let mut rest = line;
        while let Some(start) = rest.find('`') {
            outside.push_str(&rest[..start]);
            let run = rest.len() - start - rest[start..].trim_start_matches('`').len();
            let (fence, after) = rest[start..].split_at(run);
            let mut ends = after.match_indices('`').map(|(at, _)| at).filter(|at| {
                let here = &after[*at..];
                !after[..*at].ends_with('`')
                    && here.len() - here.trim_start_matches('`').len() == run
            });
            rest = match ends.next().filter(|_| run <= 80) {
                Some(end) => &after[end + run..],
                None => {
                    outside.push_str(fence);
                    after
                }
            };
        }
        outside + rest
    }

    #[test]
    fn no_run_of_backticks_leaves_code_where_the_reader_gives_up() {
        for length in (1..300).chain([1_000, 65_536]) {
            let ticks = "`".repeat(length);
            for text in [
                format!("{ticks} ![x](https://x.y) @all <img src=x>"),
                format!("![x](https://x.y) {ticks}@all{ticks}"),
                format!("{ticks}@all{ticks} [x](https://x.y)"),
            ] {
                for shown in [code(&text), prose(&text), cell(&prose(&text))] {
                    let outside = outside_of_code(&shown);
                    assert!(!outside.contains(['@', '<', '[']), "{length}: {outside}");
                }
            }
            let lines = fenced(&[ticks.clone(), format!("    {ticks}")]);
            let fence = lines.len() - lines.trim_start_matches('`').len();
            assert!(fence <= 80, "{length}");
            assert_eq!(
                lines
                    .lines()
                    .filter(
                        |line| line.trim().len() >= fence && line.trim().chars().all(|c| c == '`')
                    )
                    .count(),
                1
            );
        }
        // the model itself gives up
        assert_eq!(
            outside_of_code(&format!("{0}@all{0}", "`".repeat(81))).matches("@all").count(),
            1
        );
        assert_eq!(outside_of_code(&format!("{0}@all{0}", "`".repeat(80))), "");
    }

    #[test]
    fn what_stands_in_backticks_is_code() {
        let table = [
            ("`--expect-image` was not given", "`--expect-image` was not given"),
            ("correct `command`, or `args`: see", "correct `command`, or `args`: see"),
            ("a `b`c`d`", "a `b`c `d`"),
            ("`a``b`@x", "`a` `b` `@x`"),
            ("`` ` <x>", "``` `` ` <x> ```"),
            ("ww` `w.x.y", "ww w.x.y"),
            ("`<img>` <img>", "`<img>` `<img>`"),
        ];
        for (text, expected) in table {
            assert_eq!(prose(text), expected, "{text}");
        }
    }

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("```"), "```` ``` ````");
        assert_eq!(code(" a\n\nb "), "`a b`");
        assert_eq!(code(" \n "), "");
    }

    #[test]
    fn a_pipe_stays_in_its_cell() {
        assert_eq!(cell("`a|b`"), "`a\\|b`");
        assert_eq!(cell("`a\\|b`"), "`a\\ \\|b`");
    }

    #[test]
    fn a_fence_is_longer_than_any_in_the_text() {
        let lines = ["`````".to_owned(), "~~~~".to_owned()];
        assert_eq!(fenced(&lines), "``````text\n`````\n~~~~\n``````\n");
        assert_eq!(fenced(&[""; 0]), "```text\n```\n");
    }
}
