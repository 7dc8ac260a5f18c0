//! Stack traces, line by line: which line is the message, and which only shows a place.

use super::{
    Level, Weight,
    frame::{
        is_cause, is_end, is_exception, is_mark, is_place_in_source, is_rust_panic, tells_nothing,
    },
};

/// What the lines so far have shown.
#[derive(Debug, Default)]
pub(super) struct Trace {
    state: State,
    /// The weight of the line to which indented lines below it belong.
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
    /// The message itself: of a Rust panic, a record of .NET, a failure analysis of Spring Boot.
    Message,
    /// Spring Boot's advice, to the next line with a level.
    Advice,
    /// The causes that Rust's anyhow and eyre list.
    Causes,
}

/// What the shape of a line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Its weight: it is part of a trace, or looks like it.
    Weighs(Weight),
    /// Nothing: its words decide.
    Unknown,
}

impl Trace {
    /// What the shape of the next line shows, given the lines after it.
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

    /// Remembers a line and its weight.
    pub(super) fn passed(&mut self, line: &str, weight: Weight) {
        let text = line.trim_start();
        if text.is_empty() {
            self.head = None;
        } else if text.len() == line.len() && !is_cause(text) && !tells_nothing(text) {
            self.head = Some(weight);
        }
        self.above = Level::of_line(line);
    }

    /// The weight of a line that the state expects.
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
                let is_outlived = is_warning && super::goes_on(rest);
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

    /// The weight of a line with which a trace begins.
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

    /// The state after a line with which a trace begins and that tells nothing itself.
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
        // the category and number of an event, and its message on the next line
        let is_dotnet = ["fail: ", "crit: "].iter().any(|level| line.starts_with(level))
            && line.ends_with(']')
            && next.starts_with("      ");
        if is_rust_panic(line) && line.ends_with(':') && !next.trim().is_empty() || is_dotnet {
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
