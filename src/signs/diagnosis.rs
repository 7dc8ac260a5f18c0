//! What the table says of a failure.

use serde::{Deserialize, Serialize};

use super::Subject;
use crate::{
    evidence::{Attribution, LogEvidence},
    text::{Clean, telling_line},
};

/// What most probably caused a failure, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// The row of the table, a word of ours, e.g. `connection-refused`.
    pub sign: Clean,
    /// The cause in a sentence.
    pub cause: Clean,
    /// Whose concern the cause is.
    pub attribution: Attribution,
    /// What to do, in one line.
    pub next_step: Clean,
    /// How far it can be believed.
    pub certainty: Certainty,
    /// Where the sign was seen.
    pub place: Place,
    /// The text that shows it; empty for an exit code.
    pub quote: Clean,
    /// What it hangs on outside of the pod; `None` where it is the target's own concern, or nothing names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
}

impl Diagnosis {
    /// Whether it is this line that shows it.
    pub fn is_shown_by(&self, line: &str) -> bool {
        let quote = self.quote.trim_matches('…').trim();
        // the quote is on one line, with one space between its words
        let is_in = |line: &str| line.contains(quote);
        !quote.is_empty()
            && (is_in(line) || is_in(&line.split_whitespace().collect::<Vec<_>>().join(" ")))
    }

    /// Whether it is sound enough to say what to do.
    pub fn is_sound(&self) -> bool {
        self.certainty != Certainty::Guess
    }
}

/// How far a diagnosis can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Kubernetes or the runtime says so.
    Certain,
    /// The program's own output says so.
    Probable,
    /// An exit code, or a line that may have no part in it.
    Guess,
}

/// Where a sign was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// A message or an event.
    Kubernetes,
    /// The termination message.
    TerminationMessage,
    /// The log.
    Log,
    /// The exit code.
    ExitCode,
}

/// A figure of a container that explains a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Its memory limit, which was reached.
    MemoryLimitReached,
    /// Its memory limit, which may have been reached.
    MemoryLimit,
    /// The time that its probes give it to start.
    TimeToStart,
}

/// The lines of a log that have to be shown, by their numbers in the excerpt: the one that a diagnosis rests on, and the
/// one that tells most.
pub fn telling_lines(log: &LogEvidence, diagnosis: Option<&Diagnosis>) -> Vec<usize> {
    let lines: Vec<&str> = log.excerpt.lines().map(AsRef::as_ref).collect();
    let diagnosis = diagnosis.filter(|diagnosis| diagnosis.place == Place::Log);
    let shows = |diagnosis: &Diagnosis| lines.iter().rposition(|line| diagnosis.is_shown_by(line));
    let mut telling: Vec<usize> = diagnosis.and_then(shows).into_iter().collect();
    telling.extend(telling_line(&lines).filter(|line| !telling.contains(line)));
    telling
}
