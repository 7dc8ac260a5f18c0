//! The commands that the runner finds in a step's log (`ActionCommand.cs`, `ActionCommandManager.cs`).

use std::sync::LazyLock;

use regex::Regex;

/// A command that was obeyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    pub(crate) name: String,
    /// Not decoded.
    pub(crate) properties: String,
    /// Not decoded.
    pub(crate) data: String,
}

/// Those that the runner knows; any other is text.
const KNOWN: [&str; 14] = [
    "add-mask",
    "add-matcher",
    "add-path",
    "debug",
    "echo",
    "endgroup",
    "error",
    "group",
    "notice",
    "remove-matcher",
    "save-state",
    "set-env",
    "set-output",
    "warning",
];

/// What is obeyed of a step's output. Lines that wait on stderr are taken before those on stdout.
pub(crate) fn obeyed(stderr: &str, stdout: &str) -> Vec<Command> {
    let mut obeyed = Vec::new();
    let mut resume: Option<String> = None;
    // .NET's `ReadLine` ends a line at a lone CR too
    for line in [stderr, stdout].into_iter().flat_map(|text| text.split(['\n', '\r'])) {
        // comparisons by culture skip what has no width
        let seen = HIDDEN.replace_all(line, "");
        let Some(command) = second_form(&seen).or_else(|| first_form(&seen)) else { continue };
        let name = command.name.to_lowercase();
        match &resume {
            Some(token) if name == *token => resume = None,
            Some(_) => {}
            None if name == "stop-commands" => resume = Some(command.data.to_lowercase()),
            None if KNOWN.contains(&&*name) => obeyed.push(Command { name, ..command }),
            None => {}
        }
    }
    obeyed
}

static HIDDEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{Default_Ignorable_Code_Point}\p{Cf}]").unwrap());

/// `::name key=value::data` at the start of a line, but for white space.
fn second_form(line: &str) -> Option<Command> {
    let (head, data) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    Some(command(head, data))
}

/// `##[name key=value]data` anywhere in a line.
fn first_form(line: &str) -> Option<Command> {
    let (_, rest) = line.split_once("##[")?;
    let (head, data) = rest.split_once(']')?;
    Some(command(head, data))
}

fn command(head: &str, data: &str) -> Command {
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    Command { name: name.to_owned(), properties: properties.to_owned(), data: data.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(stderr: &str, stdout: &str) -> Vec<String> {
        obeyed(stderr, stdout).into_iter().map(|command| command.name).collect()
    }

    #[test]
    fn the_runner_looks_everywhere() {
        let texts = ["a\r::error::b", " \u{a0}::Error::b", "│ ##[error]b", "#\u{200b}#[error]b"];
        for text in texts {
            assert_eq!(names(text, ""), ["error"], "{text:?}");
        }
        assert_eq!(names("a ::error::b", "::no-such::b"), [""; 0]);
    }

    #[test]
    fn a_stop_on_stdout_comes_too_late_for_stderr() {
        let stop = "::stop-commands::x9\n::error::b\n::X9::\n::warning::c";
        assert_eq!(names("::notice::a", stop), ["notice", "warning"]);
    }
}
