//! The first things that a person asks: what is broken, what shows it, what to do, who should do it.
//!
//! The terminal, annotations and all reports give these answers, in this order.

use super::{Line, Quote, code, naming, prose, told::Told, words};
use crate::{
    evidence::Attribution,
    gate::{Finding, FindingState, Said, SaidIn, Verdict},
    outcome::TargetOutcome,
    phrases::{compared, counted},
    report::words::one_line,
    signs::{Certainty, Diagnosis, Place},
};

/// Characters of a sentence.
const SENTENCE: usize = 1000;

/// Characters of a text that shows a cause.
const QUOTE: usize = 200;

/// Findings that were tolerated and that are named.
const TOLERATED: usize = 3;

/// What an answer is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Topic {
    /// What is broken.
    Cause(Certainty),
    /// Why there is no better verdict.
    Why,
    /// What was seen of it.
    Seen,
    /// What the container, or Kubernetes, said of it.
    Said(Place),
    /// What the rollout still waited for.
    Waiting,
    /// What to do.
    Next,
    /// How to go back.
    Undo,
    /// Who should look at it.
    Owner,
    /// What is new in the revision.
    Changed,
    /// What a pass puts up with.
    Note,
}

/// An answer. A writer shows what is there, in the order of the fields.
#[derive(Clone, Debug)]
pub(in crate::report) struct Answer<'a> {
    /// What it is about.
    pub(in crate::report) topic: Topic,
    /// The answer; may be empty beside a command.
    pub(in crate::report) line: Line<'a>,
    /// Words of our closed lists for it, e.g. ` [crash-loop, application]`; only of short answers.
    pub(in crate::report) tag: String,
    /// The same more closely, where there is room for it.
    pub(in crate::report) asides: Vec<Line<'a>>,
    /// A command to be copied.
    pub(in crate::report) command: Option<&'a str>,
    /// What it is made of.
    pub(in crate::report) items: Vec<Line<'a>>,
}

impl Topic {
    /// Its name in reports.
    pub(in crate::report) const fn title(self) -> &'static str {
        match self {
            Self::Cause(Certainty::Certain) => "Cause",
            Self::Cause(Certainty::Probable) => "Probable cause",
            Self::Cause(Certainty::Guess) => "Possible cause",
            Self::Why => "Why",
            Self::Seen => "What happened",
            Self::Said(Place::Kubernetes) => "Event",
            Self::Said(Place::TerminationMessage) => "Termination message",
            Self::Said(Place::Log) => "Log",
            Self::Said(Place::ExitCode) => "Exit code",
            Self::Waiting => "Still waiting for",
            Self::Next => "Next step",
            Self::Undo => "Undo",
            Self::Owner => "Likely owner",
            Self::Changed => "What changed",
            Self::Note => "Note",
        }
    }

    /// Its name in the few lines at the end of a run, of at most five letters; `None` where they do not have it.
    pub(in crate::report) const fn label(self) -> Option<&'static str> {
        Some(match self {
            Self::Cause(Certainty::Guess) => "guess",
            Self::Cause(_) => "cause",
            Self::Why => "why",
            Self::Seen => "seen",
            Self::Said(Place::Kubernetes) => "event",
            Self::Said(Place::TerminationMessage) => "said",
            Self::Said(Place::Log) => "log",
            Self::Said(Place::ExitCode) => "exit",
            Self::Waiting => "wait",
            Self::Next => "next",
            Self::Undo => "undo",
            Self::Note => "note",
            Self::Owner | Self::Changed => return None,
        })
    }
}

impl<'a> Answer<'a> {
    pub(super) fn new(topic: Topic, line: impl Into<Line<'a>>) -> Self {
        let line = line.into();
        let (tag, command) = (String::new(), None);
        Self { topic, line, tag, asides: Vec::new(), command, items: Vec::new() }
    }
}

/// The finding that decided, or that keeps the rollout from its end.
pub(super) fn decisive(target: &TargetOutcome) -> Option<&Finding> {
    let of = |state| target.findings.iter().find(move |finding| finding.state == state);
    let suspected = || of(FindingState::Suspected).filter(|_| target.verdict == Verdict::TimedOut);
    of(FindingState::Confirmed).or_else(suspected)
}

/// What is wrong and what shows it.
pub(super) fn lead<'a>(target: &'a TargetOutcome, told: &mut Told) -> Vec<Answer<'a>> {
    let Some(finding) = decisive(target) else {
        told.say(&target.reason.sentence());
        let why = Answer::new(Topic::Why, [prose(one_line(&target.reason.sentence(), SENTENCE))]);
        return vec![why];
    };
    let mut answers = of_finding(finding, Some(target), told);
    if target.verdict == Verdict::TimedOut {
        answers.extend(waiting(target, told));
    }
    answers
}

/// What a finding is and what shows it, as far as that was not said.
///
/// `of`: the target that it decided on. Without a known cause the container's own words come first: they are the nearest
/// to one.
pub(super) fn of_finding<'a>(
    finding: &'a Finding,
    of: Option<&'a TargetOutcome>,
    told: &mut Told,
) -> Vec<Answer<'a>> {
    let diagnosis = finding.diagnosis.as_ref();
    let cause = diagnosis.filter(|diagnosis| told.is_new(&diagnosis.cause)).map(cause);
    let seen = told.is_new(&finding.message).then(|| seen(finding, of));
    let mut said: Vec<Answer<'a>> = Vec::new();
    for Said { source, text } in of.iter().flat_map(|target| &target.reason.said) {
        let place = match source {
            SaidIn::TerminationMessage => Place::TerminationMessage,
            SaidIn::Log => Place::Log,
        };
        said.extend(told.is_new(text).then(|| Answer::new(Topic::Said(place), [code(&**text)])));
    }
    if let Some(Diagnosis { place, quote, .. }) = diagnosis {
        let quote = one_line(quote, QUOTE);
        // after a colon at its end it says nothing
        if !quote.ends_with(':') && told.is_new(&quote) {
            said.push(Answer::new(Topic::Said(*place), [code(quote)]));
        }
    }
    match cause {
        Some(cause) => [cause].into_iter().chain(seen).chain(said).collect(),
        None => said.into_iter().chain(seen).collect(),
    }
}

fn cause(diagnosis: &Diagnosis) -> Answer<'_> {
    let shown_by = match diagnosis.place {
        Place::Kubernetes => "reported by Kubernetes",
        Place::TerminationMessage => "shown by the termination message",
        Place::Log => "shown by the log",
        Place::ExitCode => "inferred from the exit code only",
    };
    let line = [prose(one_line(&diagnosis.cause, SENTENCE))];
    let asides = vec![vec![words(shown_by)]];
    Answer { asides, ..Answer::new(Topic::Cause(diagnosis.certainty), line) }
}

/// `container app: exit code 1 after 1s, 2 of 2 pods`.
fn seen<'a>(finding: &'a Finding, of: Option<&TargetOutcome>) -> Answer<'a> {
    let mut line = Line::new();
    if let Some(container) = &finding.container {
        let role = naming::role(finding.role);
        line.extend([words(format!("{role}container ")), code(&**container), words(": ")]);
    }
    let message = one_line(&finding.message, SENTENCE);
    line.push(prose(message.trim_end_matches('.').to_owned()));
    let (shown, all) = (finding.pods.len(), of.map_or(0, |target| target.coverage.pods));
    if shown > 0 && all > 1 {
        line.push(words(format!(", {shown} of {}", counted(all, "pod"))));
    } else if shown > 1 {
        line.push(words(format!(", {}", counted(shown as u64, "pod"))));
    }
    Answer::new(Topic::Seen, line)
}

/// What the rollout still waited for.
pub(super) fn waiting<'a>(target: &'a TargetOutcome, told: &mut Told) -> Option<Answer<'a>> {
    let waits: Vec<&str> = target.rollout.waiting_for.iter().map(|wait| &**wait).collect();
    waits.iter().for_each(|wait| told.say(wait));
    let line = [prose(one_line(&waits.join("; "), SENTENCE))];
    (!waits.is_empty()).then(|| Answer::new(Topic::Waiting, line))
}

/// What to do, and how to go back.
pub(super) fn next<'a>(target: &'a TargetOutcome, told: &mut Told) -> Vec<Answer<'a>> {
    let mut answers = Vec::new();
    let step = &target.next_step;
    if !step.is_empty() {
        told.say(&step.what);
        let line = [prose(one_line(&step.what, SENTENCE))];
        answers.push(Answer { command: step.command.as_deref(), ..Answer::new(Topic::Next, line) });
    }
    answers.extend(target.undo.as_ref().map(|undo| match undo.is_command {
        true => Answer { command: Some(&undo.how), ..Answer::new(Topic::Undo, []) },
        false => Answer::new(Topic::Undo, [prose(&*undo.how)]),
    }));
    answers
}

/// Who should look at a finding, and what the comparison with other pods says of that.
pub(super) fn owner<'a>(finding: &'a Finding, told: &mut Told) -> Answer<'a> {
    told.say(&owner_of(finding));
    let what = match finding.attribution {
        Attribution::Application => "the program in the container",
        Attribution::Configuration => "the manifest, or objects that it refers to",
        Attribution::Platform => "nodes, network, registry, storage, or the cluster",
        Attribution::Unknown => "unclear from the evidence",
    };
    let mut asides = vec![vec![words(what)]];
    asides.extend(finding.comparison.as_ref().map(|with| vec![prose(compared(with).to_string())]));
    Answer { asides, ..Answer::new(Topic::Owner, [words(finding.attribution.as_str())]) }
}

/// What is taken down once the owner of a finding is said.
pub(super) fn owner_of(finding: &Finding) -> String {
    let Finding { cause, container, attribution, .. } = finding;
    format!("{cause} of {container:?}: {attribution}")
}

/// What a pass puts up with.
fn notes(target: &TargetOutcome) -> Vec<Answer<'_>> {
    let mut notes: Vec<Line<'_>> = Vec::new();
    if target.verdict != Verdict::Passed {
        return Vec::new();
    }
    let findings = target.findings.iter();
    let tolerated: Vec<_> = findings.filter(|f| f.state == FindingState::Tolerated).collect();
    notes.extend(tolerated.iter().take(TOLERATED).map(|finding| naming::in_a_line(finding)));
    if let Some(more @ 1..) = tolerated.len().checked_sub(TOLERATED) {
        notes.push(vec![words(format!("{more} more were tolerated"))]);
    }
    if target.rollout.old > 0 {
        let old = counted(target.rollout.old, "old pod");
        notes.push(vec![words(format!("{old} still terminating, tolerated"))]);
    }
    notes.into_iter().map(|line| Answer::new(Topic::Note, line)).collect()
}

/// The answers for the few lines at the end of a run and for annotations, with the cause and the likely owner in a word
/// each beside the first of them.
pub(in crate::report) fn in_short(target: &TargetOutcome) -> Vec<Answer<'_>> {
    let mut told = Told::default();
    let mut answers = lead(target, &mut told);
    answers.extend(next(target, &mut told));
    answers.extend(notes(target));
    let about = |answer: &&mut Answer<'_>| matches!(answer.topic, Topic::Cause(_) | Topic::Seen);
    if let (Some(finding), Some(first)) = (decisive(target), answers.iter_mut().find(about)) {
        first.tag = format!(" [{}, {}]", finding.cause, finding.attribution);
    } else if let (Some(code), Some(first)) = (target.reason_code, answers.first_mut()) {
        first.tag = format!(" [{code}]");
    }
    answers
}

/// The log that a person has to read, or else the termination message, with its heading: none of its lines is known to
/// show the cause. One line of it stands among the answers already.
pub(in crate::report) fn log_to_read(target: &TargetOutcome) -> Option<(Line<'_>, Quote<'_>)> {
    let suspected = || target.findings.iter().find(|f| f.state == FindingState::Suspected);
    let finding =
        decisive(target).or_else(suspected).filter(|_| target.verdict != Verdict::Passed)?;
    let is_shown = |of: &Diagnosis| {
        of.is_sound() && matches!(of.place, Place::Log | Place::TerminationMessage)
    };
    if finding.diagnosis.as_ref().is_some_and(is_shown) {
        return None;
    }
    let evidence = finding.evidence.as_ref()?;
    let is_long = |text: &Quote<'_>| text.rows(Quote::ALL).len() > 1;
    let log = evidence.log.as_ref();
    let log = log.map(|log| (Quote::Log(log, finding.diagnosis.as_ref()), Some(log.run)));
    let message = evidence.termination_message.as_ref().map(|text| (Quote::Text(text), None));
    let (quote, run) = [log, message].into_iter().flatten().find(|(quote, _)| is_long(quote))?;
    let mut heading = vec![words(if run.is_some() { "log" } else { "termination message" })];
    if let Some(container) = &finding.container {
        heading.extend([words(" of container "), code(&**container)]);
    }
    if !evidence.pod.is_empty() {
        heading.extend([words(" in pod "), code(&*evidence.pod)]);
    }
    heading.extend(run.map(|run| words(format!(", {}", naming::run(run)))));
    Some((heading, quote))
}
