//! The traces of the runtimes, line by line: which one is the message, and which only tells where.

use super::{Level, Weight};

/// What is known of the lines so far.
#[derive(Debug, Default)]
pub(super) struct Trace {
    state: State,
    /// The weight of the line that the indented ones below it belong to.
    head: Option<Weight>,
    /// The level of the line right above.
    above: Option<Level>,
}

/// What is expected next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Free,
    /// Python's frames, until the first line that is not indented; after a warning that the program wrote.
    Python { is_warning: bool },
    /// Node's place and line of source, until the first error.
    Node,
    /// The stacks of Go's goroutines, to the end.
    Go,
    /// The line that says what was meant: of a Rust panic, a record of .NET, a failure analysis of Spring Boot.
    Message,
    /// Spring Boot's advice, to the next line with a level.
    Advice,
    /// The causes that Rust's anyhow and eyre list.
    Causes,
}

/// What a line is by its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A part of a trace, or like one.
    Weighs(Weight),
    /// It has to be read.
    Unknown,
}

impl Trace {
    /// What the next line is, given those after it.
    pub(super) fn shape(&mut self, line: &str, rest: &[&str]) -> Shape {
        let text = line.trim_start();
        let is_indented = text.len() < line.len();
        if let Some(weight) = self.expected(line, text, is_indented, rest) {
            return Shape::Weighs(weight);
        }
        if text.is_empty() || tells_nothing(text) {
            return Shape::Weighs(Weight::Nothing);
        }
        if let Some(weight) = self.begun(line, text, rest) {
            return Shape::Weighs(weight);
        }
        if is_cause(text) {
            let weight = self.head.unwrap_or(Weight::Failed).max(Weight::Warned);
            return Shape::Weighs(weight);
        }
        if is_indented && Level::of_line(text).is_none() && !is_exception(text) {
            // a part of the line above, or of a usage text
            let is_part = self.head.is_some_and(|head| head != Weight::Said);
            return Shape::Weighs(if is_part { Weight::Nothing } else { Weight::Said });
        }
        Shape::Unknown
    }

    /// Remembers a line and what it was worth.
    pub(super) fn passed(&mut self, line: &str, weight: Weight) {
        let text = line.trim_start();
        if text.is_empty() {
            self.head = None;
        } else if text.len() == line.len() && !is_cause(text) && !tells_nothing(text) {
            self.head = Some(weight);
        }
        self.above = Level::of_line(line);
    }

    /// What the state asks of the line.
    fn expected(
        &mut self,
        line: &str,
        text: &str,
        is_indented: bool,
        rest: &[&str],
    ) -> Option<Weight> {
        let has_level = || super::level(line).is_some();
        match self.state {
            State::Free => None,
            State::Python { .. } if is_indented || text.is_empty() || text.starts_with('|') => {
                Some(Weight::Nothing)
            }
            State::Python { is_warning } => {
                self.state = State::Free;
                let is_outlived = is_warning && rest.iter().any(|line| !line.trim().is_empty());
                Some(if is_outlived { Weight::Warned } else { Weight::Fatal })
            }
            State::Node if is_exception(line) || line.starts_with('[') || has_level() => {
                self.state = State::Free;
                is_exception(line).then_some(Weight::Fatal)
            }
            State::Node if text.is_empty() || is_indented => Some(Weight::Nothing),
            State::Node => Some(Weight::Nothing),
            State::Go if has_level() => {
                self.state = State::Free;
                None
            }
            State::Go => Some(Weight::Nothing),
            State::Message if text.is_empty() => Some(Weight::Nothing),
            State::Message => {
                self.state = State::Free;
                Some(Weight::Fatal)
            }
            State::Advice if has_level() => {
                self.state = State::Free;
                None
            }
            State::Advice if text == "Description:" => {
                self.state = State::Message;
                Some(Weight::Nothing)
            }
            State::Advice => Some(Weight::Nothing),
            State::Causes if is_indented => Some(Weight::Failed),
            State::Causes => {
                self.state = State::Free;
                None
            }
        }
    }

    /// What the line is, if a trace begins with it.
    fn begun(&mut self, line: &str, text: &str, rest: &[&str]) -> Option<Weight> {
        if let Some(state) = self.next_state(line, text, rest) {
            self.state = state;
            return Some(Weight::Nothing);
        }
        if line.starts_with("panic: ") || line.starts_with("fatal error: ") {
            let goes_on = rest.iter().take(6).any(|line| line.starts_with("goroutine "));
            self.state = if goes_on { State::Go } else { State::Free };
            return Some(Weight::Fatal);
        }
        is_end(line, text, rest.first().copied().unwrap_or_default()).then_some(Weight::Fatal)
    }

    /// The state after a line that tells nothing itself.
    fn next_state(&self, line: &str, text: &str, rest: &[&str]) -> Option<State> {
        let next = rest.first().copied().unwrap_or_default();
        if text.ends_with("Traceback (most recent call last):") {
            return Some(State::Python { is_warning: self.above == Some(Level::Warning) });
        }
        if is_place_in_source(line) && rest.iter().take(4).any(|line| is_mark(line)) {
            return Some(State::Node);
        }
        if line.starts_with("goroutine ") && line.ends_with("]:") {
            return Some(State::Go);
        }
        let is_rust = line.starts_with("thread '") && line.contains(" panicked at ");
        // the category and number of an event, and its message on the next line
        let is_dotnet = ["fail: ", "crit: "].iter().any(|level| line.starts_with(level))
            && line.ends_with(']')
            && next.starts_with("      ");
        if is_rust && line.ends_with(':') && !next.trim().is_empty() || is_dotnet {
            return Some(State::Message);
        }
        match text {
            "Caused by:" => Some(State::Causes),
            // Spring Boot's failure analysis
            "APPLICATION FAILED TO START" | "Action:" => Some(State::Advice),
            _ => None,
        }
    }
}

/// Whether the line says that the program ended by an exception that nobody caught.
fn is_end(line: &str, text: &str, next: &str) -> bool {
    const STARTS: [&str; 16] = [
        // OpenJDK, .NET
        "Exception in thread ",
        "Exception in Application ",
        "Unhandled exception",
        "Unhandled Exception",
        // Node, Deno
        "Uncaught ",
        "error: Uncaught",
        "[UnhandledPromiseRejection: ",
        "FATAL ERROR: ",
        // C++
        "what():  ",
        "terminate called ",
        "libc++abi: ",
        // PHP
        "PHP Fatal error:",
        "Fatal error: Uncaught",
        "PHP Parse error:",
        // Elixir, CPython
        "** (",
        "Fatal Python error: ",
    ];
    let is_ruby = !line.starts_with(char::is_whitespace)
        && line.contains(".rb:") | line.contains(":in ")
        && line.ends_with(')')
        && line.rsplit_once(" (").is_some_and(|(_, class)| class.starts_with(char::is_uppercase))
        && line.split(':').nth(1).is_some_and(is_number);
    // V8 in a module, Go in a goroutine
    let has_frames = is_exception(line) && next.trim_start().starts_with("at ");
    // the next line says what was thrown
    let is_announced = line.starts_with("terminate called after") && next.contains("what():");
    let is_start = STARTS.iter().any(|start| text.starts_with(start)) && !is_announced;
    let is_rust = line.starts_with("thread '") && line.contains(" panicked at ");
    is_start || is_rust || is_ruby || has_frames
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether the line begins with the name of an exception.
pub(super) fn is_exception(line: &str) -> bool {
    const ENDS: [&str; 5] = ["Error", "Exception", "error", "Panic", "Failure"];
    let is_part =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '$' | ':' | '\\' | '/');
    let end = line.find(|c: char| !is_part(c)).unwrap_or(line.len());
    let name = line[..end].trim_end_matches(':');
    let rest = &line[end..];
    let is_named = ENDS.iter().any(|end| name.ends_with(end))
        && name.starts_with(|c: char| c.is_ascii_alphabetic());
    is_named && (line[..end].ends_with(':') || rest.is_empty() || rest.starts_with(" ["))
}

/// Whether the line names the cause of the one above.
fn is_cause(text: &str) -> bool {
    ["Caused by: ", "[cause]: ", "---> ", "Root cause: "]
        .iter()
        .any(|start| text.starts_with(start))
}

/// Node's `/app/server.js:6` and `node:internal/validators:409`.
fn is_place_in_source(line: &str) -> bool {
    let starts = ["/", "node:", "file://", "evalmachine", "[eval]"];
    starts.iter().any(|start| line.starts_with(start))
        && line.rsplit_once(':').is_some_and(|(_, line)| is_number(line))
}

/// The line that marks a place in the one above.
fn is_mark(line: &str) -> bool {
    line.contains('^') && line.chars().all(|c| c.is_whitespace() || matches!(c, '^' | '~'))
}

/// Whether the line is a part of a trace that says where, or another that never tells why.
fn tells_nothing(text: &str) -> bool {
    const STARTS: [&str; 33] = [
        // frames of V8, Java and .NET, Ruby, PHP, CPython, gdb and Go
        "at ",
        "from ",
        "#",
        "File \"",
        "goroutine ",
        "created by ",
        "... ",
        "[signal ",
        "[Previous line repeated",
        "Suppressed: ",
        "--- End of",
        // what stands between them
        "Stack trace:",
        "Stacktrace:",
        "stack backtrace:",
        "Stack backtrace:",
        "Require stack:",
        "- /",
        "Emitted 'error' event",
        "Next ",
        "thrown in ",
        "During handling of the above exception",
        "The above exception was",
        "BEGIN failed--",
        "Compilation failed in require",
        // what runtimes add
        "Node.js v",
        "(Use `node ",
        "Picked up ",
        // how it is called, and where to read on
        "Usage:",
        "Usage of ",
        "usage:",
        "See ",
        "http://",
        "https://",
    ];
    const PARTS: [&str; 5] = [
        "common frames omitted",
        " --help' for more",
        "for more information",
        "For more information",
        "(Background on this error at:",
    ];
    // PostgreSQL's remarks on the line above
    const REMARKS: [&str; 5] =
        ["DETAIL:  ", "HINT:  ", "CONTEXT:  ", "STATEMENT:  ", "LOCATION:  "];
    // of npm on a script that failed
    const NPM: [&str; 8] =
        ["code", "path", "workspace", "location", "command", "errno", "signal", "lifecycle"];
    let is_npm = ["npm error ", "npm ERR! "].iter().any(|start| {
        let word = text.strip_prefix(start).and_then(|rest| rest.split(' ').next());
        word.is_some_and(|word| NPM.contains(&&*word.to_ascii_lowercase()))
            || text.contains("A complete log of this run")
    });
    let has_words = text.bytes().filter(u8::is_ascii_alphabetic).count() >= 3
        || !text.is_ascii() && text.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    !has_words
        || is_npm
        || STARTS.iter().any(|start| text.starts_with(start))
        || PARTS.iter().any(|part| text.contains(part))
            && !super::words::speaks_of_failure(&text.to_ascii_lowercase())
        || REMARKS.iter().any(|remark| text.contains(remark))
}
