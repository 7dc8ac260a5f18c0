//! The end of a run in a few lines: the last words of what failed, then the verdict, why, and what to do.

use super::{log, narrative::BAR, paint::Tone, words};
use crate::{
    gate::{Finding, FindingState, Verdict},
    outcome::{Outcome, TargetOutcome},
    signs::Certainty,
    text::{Room, around},
};

/// Lines of log that are shown: in CI the job's log is all that many people look at, and it should stay short.
const LOG_LINES: usize = 10;

/// Characters of a line of log.
const LOG_WIDTH: usize = 400;

/// Targets whose logs are shown.
const LOGS: usize = 3;

/// Findings that were tolerated and that are shown.
const TOLERATED: usize = 3;

/// Characters of a reason or a next step.
const WIDTH: usize = 500;

/// A line of terminal output: a first part with a tone, and plain text after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// What stands before it, e.g. the time; often nothing.
    before: String,
    /// How the lead looks.
    tone: Tone,
    /// What the eye should find, e.g. `FAILED`.
    lead: String,
    /// The rest of the line.
    text: String,
}

impl Line {
    pub(super) fn new(tone: Tone, lead: impl Into<String>, text: impl Into<String>) -> Self {
        Self { before: String::new(), tone, lead: lead.into(), text: text.into() }
    }

    /// The line with the codes of its colours.
    pub(super) fn painted(&self) -> String {
        Tone::Dim.paint(&self.before) + &self.tone.paint(&self.lead) + &self.text
    }

    /// The line without colours.
    pub(super) fn unpainted(&self) -> String {
        format!("{}{}{}", self.before, self.lead, self.text)
    }

    /// The line after a time or another margin.
    pub(super) fn after(self, before: &str) -> Self {
        Self { before: before.to_owned(), ..self }
    }
}

/// The verdict lines, the last ones of a run: for each target what, why, and what to do; the worst target last.
pub(super) fn verdict_lines(outcome: &Outcome) -> Vec<Line> {
    let mut targets: Vec<_> = outcome.targets.iter().collect();
    targets.sort_by_key(|target| target.verdict);
    let mut lines: Vec<Line> =
        targets.iter().flat_map(|target| target_lines(target, outcome)).collect();
    if targets.len() != 1 {
        lines.push(total(outcome));
    }
    lines
}

/// The verdict lines, with the last lines of log of what failed before them.
pub(super) fn final_lines(outcome: &Outcome) -> Vec<Line> {
    let failing = outcome.targets.iter().filter(|target| target.verdict != Verdict::Passed);
    let mut lines: Vec<Line> = failing.filter_map(last_words).take(LOGS).flatten().collect();
    lines.extend(verdict_lines(outcome));
    lines
}

/// How a verdict looks.
pub(super) const fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Passed => Tone::Good,
        Verdict::Failed | Verdict::TimedOut => Tone::Bad,
        Verdict::Superseded | Verdict::Inconclusive | Verdict::Interrupted => Tone::Doubtful,
    }
}

fn target_lines(target: &TargetOutcome, outcome: &Outcome) -> Vec<Line> {
    let verdict = target.verdict;
    let took = words::length_of_seconds(outcome.duration_seconds);
    let what = format!(" {} after {took}", words::target(target));
    let mut lines = vec![Line::new(tone(verdict), words::shouted(verdict), what)];
    let why = match target.confirmed().next().and_then(|finding| finding.diagnosis.as_ref()) {
        Some(diagnosis) => {
            let label = match diagnosis.certainty {
                Certainty::Certain => "cause",
                Certainty::Probable => "probable cause",
                Certainty::Guess => "a guess",
            };
            format!("{}; {label}: {}", target.reason, diagnosis.cause)
        }
        None => target.reason.to_string(),
    };
    let next = target.next_step.to_string();
    let undo = target.undo.as_ref().map_or("", |undo| &*undo.how);
    for (label, text) in [("  why:  ", &*why), ("  next: ", &*next), ("  undo: ", undo)] {
        if !text.is_empty() {
            lines.push(Line::new(Tone::Dim, label, words::one_line(text, WIDTH)));
        }
    }
    if verdict == Verdict::Passed {
        let borne = tolerated(target).into_iter();
        lines.extend(borne.map(|text| Line::new(Tone::Doubtful, "  note: ", text)));
    }
    lines
}

/// What was tolerated in a pass, a line each.
fn tolerated(target: &TargetOutcome) -> Vec<String> {
    let findings = target.findings.iter();
    let findings = findings.filter(|finding| finding.state == FindingState::Tolerated);
    let mut texts: Vec<String> = findings
        .map(|finding| {
            let container = finding.container.as_ref();
            let of = container.map(|name| format!(" of container {name}")).unwrap_or_default();
            let pods = match finding.pods.as_slice() {
                [] => String::new(),
                pods => format!(" ({})", words::counted_len(pods.len(), "pod")),
            };
            let text = format!("tolerated {}{of}{pods}: {}", finding.cause, finding.message);
            words::one_line(&text, WIDTH)
        })
        .collect();
    let more = texts.len().saturating_sub(TOLERATED);
    texts.truncate(TOLERATED);
    if more > 0 {
        texts.push(format!("{more} more were tolerated"));
    }
    if target.rollout.old > 0 {
        let old = words::counted(target.rollout.old, "old pod");
        texts.push(format!("tolerated {old} that had not ended"));
    }
    texts
}

fn total(outcome: &Outcome) -> Line {
    let verdict = outcome.verdict;
    let total = outcome.targets.len();
    let text = match total {
        0 => " there was no target to judge".to_owned(),
        _ => {
            let passed = outcome.targets.iter().filter(|t| t.verdict == Verdict::Passed).count();
            format!(" {passed} of {total} targets passed")
        }
    };
    Line::new(tone(verdict), words::shouted(verdict), text)
}

/// The end of the log of the finding that tells most, or else its termination message.
fn last_words(target: &TargetOutcome) -> Option<Vec<Line>> {
    let telling = |state| {
        let findings = target.findings.iter().filter(move |finding| finding.state == state);
        findings.map(rows).find(|lines| !lines.is_empty())
    };
    telling(FindingState::Confirmed).or_else(|| telling(FindingState::Suspected))
}

fn rows(finding: &Finding) -> Vec<Line> {
    let Some(evidence) = &finding.evidence else { return Vec::new() };
    let container = match &finding.container {
        Some(container) => format!(" of container {container}"),
        None => String::new(),
    };
    let (heading, rows) = match (&evidence.log, &evidence.termination_message) {
        (Some(log), _) if !log.excerpt.is_empty() => {
            let room = Room { bytes: usize::MAX, lines: LOG_LINES, head: 0, indent: 0 };
            let heading = format!("log{container}, {}", words::run(log.run));
            (heading, log::rows(log, finding, room))
        }
        (_, Some(message)) => {
            let lines: Vec<_> = message.lines().map(str::to_owned).collect();
            let from = lines.len().saturating_sub(LOG_LINES);
            (format!("termination message{container}"), lines[from..].to_vec())
        }
        _ => return Vec::new(),
    };
    let pod = match &*evidence.pod {
        "" => String::new(),
        pod => format!(", pod {pod}"),
    };
    let heading = Line::new(Tone::Dim, format!("{heading}{pod}:"), "");
    let rows = rows.iter().map(|row| match around(row, LOG_WIDTH) {
        row if row.is_empty() => Line::new(Tone::Dim, BAR.trim_end(), row),
        row => Line::new(Tone::Dim, BAR, row),
    });
    std::iter::once(heading).chain(rows).collect()
}
