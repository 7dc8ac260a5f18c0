//! Why a verdict fell and what to do about it, in parts: the sentences are made of them, never taken apart again.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Cause, Finding, FindingState, Gate, Verdict};
use crate::{
    clean,
    evidence::Evidence,
    phrases::{self, NextStep},
    text::{Clean, Shown, Untrusted, words},
};

/// Why a verdict fell.
///
/// In JSON it is `reason`, one sentence, and `reason_parts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "ReasonFields", from = "ReasonFields")]
pub struct Reason {
    /// What happened, in one line.
    pub what: Clean,
    /// What the container said last itself, each text once.
    pub said: Vec<Said>,
}

/// A line in which a container says what went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Where it said so.
    pub source: SaidIn,
    /// One line, shortened.
    pub text: Clean,
}

words! {
    /// Where a container leaves its last words.
    pub enum SaidIn {
        /// Its termination message.
        TerminationMessage = "termination-message" / "termination message",
        /// Its log.
        Log = "log",
    }
}

impl Reason {
    /// A reason in which no container has a say.
    pub const fn new(what: Clean) -> Self {
        Self { what, said: Vec::new() }
    }

    /// The reason with what the container that failed said last.
    fn with_words_of(what: Clean, evidence: &Evidence, is_killed: bool) -> Self {
        let line = |text: &Clean| Untrusted::from(text.as_ref()).to_clean_line(200);
        let left = evidence.termination_message.as_ref().map(line);
        let logged = evidence.telling_line(200, is_killed);
        let mut said: Vec<Said> = Vec::new();
        let sources = [(SaidIn::TerminationMessage, left), (SaidIn::Log, logged)];
        for (source, text) in sources {
            // with `FallbackToLogsOnError` the termination message is the end of the log
            let is_new = |text: &Clean| {
                !what.contains(&**text) && !said.iter().any(|said| said.text.contains(&**text))
            };
            if let Some(text) = text.filter(is_new) {
                said.push(Said { source, text });
            }
        }
        Self { what, said }
    }
}

impl Reason {
    /// The whole in one sentence.
    pub fn sentence(&self) -> Clean {
        clean!("{}", self)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        for Said { source, text } in &self.said {
            write!(f, "; its {}: {text}", source.as_str())?;
        }
        Ok(())
    }
}

impl Shown for Reason {}

impl Gate {
    /// Why the verdict fell, with what the container said last: that may have come after the decision.
    pub fn reason(&self, findings: &[Finding]) -> Reason {
        let Some(decision) = &self.decision else {
            return Reason::new(phrases::verdict::undecided());
        };
        let decisive = decisive(findings);
        let is_killed = decisive
            .is_some_and(|finding| matches!(finding.cause, Cause::Liveness | Cause::Startup));
        match decisive.and_then(|finding| finding.evidence.as_ref()) {
            Some(evidence) => Reason::with_words_of(decision.reason.clone(), evidence, is_killed),
            None => Reason::new(decision.reason.clone()),
        }
    }

    /// What to do: what the finding that decided asks for, with evidence that may have come after the decision.
    pub fn next_step(&self, findings: &[Finding]) -> NextStep {
        let Some(decision) = &self.decision else { return NextStep::default() };
        match (decision.verdict, decisive(findings)) {
            (Verdict::Failed, Some(finding)) => finding.hint.clone(),
            (Verdict::TimedOut, _) => self.step_at_deadline(),
            _ => decision.next_step.clone(),
        }
    }
}

/// The finding that decided.
fn decisive(findings: &[Finding]) -> Option<&Finding> {
    findings.iter().find(|finding| finding.state == FindingState::Confirmed)
}

/// A [`Reason`] as it stands among the fields of a target.
#[derive(Serialize, Deserialize)]
struct ReasonFields {
    reason: Clean,
    reason_parts: ReasonParts,
}

#[derive(Serialize, Deserialize)]
struct ReasonParts {
    what: Clean,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    said: Vec<Said>,
}

impl From<Reason> for ReasonFields {
    fn from(reason: Reason) -> Self {
        let sentence = reason.sentence();
        let Reason { what, said } = reason;
        Self { reason: sentence, reason_parts: ReasonParts { what, said } }
    }
}

impl From<ReasonFields> for Reason {
    fn from(fields: ReasonFields) -> Self {
        let ReasonParts { what, said } = fields.reason_parts;
        Self { what, said }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn evidence(message: &str, logged: &str, run: &str) -> Evidence {
        serde_json::from_value(json!({"pod": "app-1", "termination_message": message,
            "log": {"run": run, "excerpt": {"head": [logged], "cut": {"lines": 0, "exact": true}, "tail": []}}}))
        .unwrap()
    }

    #[test]
    fn words_after_a_kill_by_a_probe_are_not_said() {
        let mut evidence = evidence("", "listening", "current");
        let log = evidence.log.as_mut().unwrap();
        let noise = ["INFO SIGTERM: shutting down", "ERROR no consul: connection refused"];
        log.excerpt.tail = noise.map(Clean::from_static).to_vec();
        let said = |is_killed| evidence.telling_line(200, is_killed).unwrap();
        assert_eq!(&*said(true), "listening");
        assert_eq!(&*said(false), "ERROR no consul: connection refused");
    }

    #[test]
    fn each_text_of_a_container_is_said_once() {
        let table = [
            (
                "no db",
                "a; its b: c",
                "current",
                "exit code 1; its termination message: no db; its log: a; its b: c",
            ),
            ("exit code 1", "no db", "previous", "exit code 1; its log: no db"),
            // with `FallbackToLogsOnError`
            (
                "starting\nno db",
                "no db",
                "current",
                "exit code 1; its termination message: starting no db",
            ),
            ("no db", "bye", "next", "exit code 1; its termination message: no db"),
        ];
        for (message, logged, run, expected) in table {
            let what = Clean::from_static("exit code 1");
            let reason =
                Reason::with_words_of(what.clone(), &evidence(message, logged, run), false);
            assert_eq!(&*reason.sentence(), expected);
            assert_eq!(reason.what, what);
        }
    }
}
