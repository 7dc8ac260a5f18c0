//! What the readers of a CI log make of a text: which commands it gives them, what it hides.
//!
//! Written from the readers' sources, apart from the program's own rules: actions/runner
//! `ActionCommand.cs`, azure-pipelines-agent `Command.cs`, GitLab `lib/gitlab/regex.rb`, the
//! junit-attachments plugin, XML 1.0 `Char`. Where a reader looks at the first token only or knows
//! a command by its name, this takes every one.

use std::sync::LazyLock;

use regex::Regex;

/// Who would obey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    GitHub,
    Azure,
    GitLab,
    TeamCity,
    Jenkins,
}

/// Each command in a text, with the line it stands on.
pub(crate) fn commands(text: &str) -> Vec<(Reader, String)> {
    let sections = SECTION.find_iter(text).map(|found| (Reader::GitLab, found.as_str().to_owned()));
    let mut found: Vec<_> = sections.collect();
    // .NET's `ReadLine` ends a line at a CR too, and its comparisons skip what has no width.
    for line in text.split(['\n', '\r']) {
        let raw = readers(line);
        let seen = readers(&HIDDEN.replace_all(line, ""));
        let more = seen.iter().filter(|reader| !raw.contains(reader));
        found.extend(raw.iter().chain(more).map(|reader| (*reader, line.to_owned())));
    }
    found
}

/// Whether a text holds a character that is not seen, changes how others are read, or breaks XML.
pub(crate) fn hidden(text: &str) -> bool {
    HIDDEN.is_match(text)
}

static SECTION: LazyLock<Regex> = LazyLock::new(|| {
    let marker = r"section_(?:start|end):\d+:[a-zA-Z0-9_.-]+(?:\[[^\]\n]*\])?\r\x1b\[0K";
    Regex::new(marker).unwrap()
});

static HIDDEN: LazyLock<Regex> = LazyLock::new(|| {
    let class = r"(?x)[
        [\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]
        --[\n\p{Prepended_Concatenation_Mark}]]";
    Regex::new(class).unwrap()
});

fn readers(line: &str) -> Vec<Reader> {
    let mut readers = Vec::new();
    let holds = |token: &str| line.to_ascii_lowercase().contains(token);
    let v2 = line.trim_start().strip_prefix("::").is_some_and(|rest| rest.contains("::"));
    if v2 || line.split_once("##[").is_some_and(|(_, rest)| rest.contains(']')) {
        readers.push(Reader::GitHub);
    }
    if holds("##vso[") {
        readers.push(Reader::Azure);
    }
    if holds("##teamcity[") {
        readers.push(Reader::TeamCity);
    }
    if holds("[[attachment|") || holds("[[property|") {
        readers.push(Reader::Jenkins);
    }
    readers
}
