//! A finding with its evidence: what happened, the facts, the log that shows it, the details of its pod, the events.

use std::time::Duration;

use super::{
    Answer, Block, Fact, Fold, Line, Mark, Place, Quote, Section, Table, TableKind, Topic, answers,
    code, more,
    naming::{run, title},
    prose,
    told::Told,
    words,
};
use crate::{
    evidence::{EventLine, Evidence, LogEvidence},
    gate::Finding,
    model::EventKind,
    phrases::{self, ended_runs, length, pod::Detail},
    report::words::{first_few, one_line},
    text::Clean,
};

/// Pods that are named; the others are counted.
const PODS: usize = 5;

/// Events that are shown; the others are counted.
const EVENTS: usize = 30;

/// Characters of an event's message, and of a state.
const MESSAGE: usize = 1000;

/// The section of a finding, as far as it was not told. The first one stands open.
pub(super) fn section<'a>(finding: &'a Finding, number: usize, told: &mut Told) -> Block<'a> {
    let name = format!("finding {number} ({})", finding.cause);
    let mut blocks = Vec::new();
    let answers = answers::of_finding(finding, None, told);
    if !answers.is_empty() {
        blocks.push(Block::Answers(answers));
    }
    if told.is_new(&finding.hint) {
        let line = [prose(one_line(&finding.hint, MESSAGE))];
        blocks.push(Block::Answers(vec![Answer::new(Topic::Next, line)]));
    }
    blocks.push(Block::Details(facts(finding, told)));
    if let Some(evidence) = &finding.evidence {
        blocks.extend(shown(finding, evidence, &name));
    }
    let fold = if number == 1 { Fold::Open } else { Fold::Closed };
    let mark = Some(Mark::Finding(finding.state));
    let section = Section::new(Place::Finding, name, title(finding));
    Block::Section(Section { mark, fold, blocks, ..section })
}

/// How it ended, where, whose it is, and the states of the container.
fn facts<'a>(finding: &'a Finding, told: &mut Told) -> Vec<Fact<'a>> {
    let mut facts = Vec::new();
    if !finding.pods.is_empty() {
        facts.push(Fact::new("Pods", pods(&finding.pods)));
    }
    if told.is_new(&answers::owner_of(finding)) {
        facts.push(Fact::new("Likely owner", [words(finding.attribution.as_str())]));
    }
    let (first, last) = (finding.first_seen, finding.last_seen);
    let seen = if first == last { format!("at {first}") } else { format!("{first} to {last}") };
    facts.push(Fact::new("Seen", [words(seen)]));
    let Some(evidence) = &finding.evidence else { return facts };
    let runs = ended_runs(&evidence.runs);
    let states = [("State", &evidence.state), ("Last state", &evidence.last_state)];
    let states = states.iter().filter_map(|(name, state)| Some((*name, state.as_deref()?)));
    for (name, text) in [("Runs", &*runs)].into_iter().chain(states) {
        if !text.is_empty() {
            facts.push(Fact::new(name, [prose(one_line(text, MESSAGE))]));
        }
    }
    facts
}

fn pods(pods: &[Clean]) -> Line<'_> {
    let (named, more) = first_few(pods, PODS);
    let mut line = Line::new();
    for pod in named {
        line.extend([words(", "), code(&**pod)].into_iter().skip(usize::from(line.is_empty())));
    }
    line.push(words(more));
    line
}

/// What was collected, a section for each part.
fn shown<'a>(finding: &'a Finding, evidence: &'a Evidence, name: &str) -> Vec<Block<'a>> {
    let part = |what: &'static str, title: &'static str| {
        Section::new(Place::Evidence, format!("the {what} of {name}"), [words(title)])
    };
    let mut blocks = Vec::new();
    if let Some(message) = &evidence.termination_message {
        let section = part("termination message", "Termination message");
        blocks.push(section.around(Block::Quote(Quote::Text(message))));
    }
    let is_silent = evidence.log.as_ref().is_none_or(|log| log.excerpt.is_empty());
    if let Some(log) = &evidence.log {
        let aside = log_heading(finding, evidence, log);
        let quote = Quote::Log(log, finding.diagnosis.as_ref());
        let quote = (!is_silent).then_some(Block::Quote(quote)).into_iter().collect();
        blocks.push(Block::Section(Section { aside, blocks: quote, ..part("log", "Log") }));
    }
    let details: Vec<Fact<'_>> = phrases::pod::details(evidence, finding.attribution)
        .into_iter()
        .map(|Detail { name, text, is_trouble }| Fact {
            is_trouble,
            ..Fact::new(name, [prose(one_line(&text, MESSAGE))])
        })
        .collect();
    if !details.is_empty() {
        let aside = match &*evidence.pod {
            "" => Line::new(),
            pod => vec![words(" of pod "), code(pod)],
        };
        let section = Section { aside, ..part("details", "Details") };
        blocks.push(section.around(Block::Details(details)));
    }
    if !evidence.events.is_empty() {
        let aside = vec![words(format!(" ({})", evidence.events.len()))];
        // without a log they are all there is to read
        let fold = if is_silent { Fold::Open } else { Fold::Closed };
        let section = Section { aside, fold, ..part("events", "Events") };
        blocks.push(section.around(Block::Table(events(&evidence.events))));
    }
    blocks
}

/// Whose log it is, of which run, and how much is missing.
fn log_heading<'a>(finding: &'a Finding, evidence: &'a Evidence, log: &LogEvidence) -> Line<'a> {
    let mut line = Line::new();
    if let Some(container) = &finding.container {
        line.extend([words(" of container "), code(&**container)]);
    }
    if !evidence.pod.is_empty() {
        line.extend([words(" in pod "), code(&*evidence.pod)]);
    }
    let run = run(log.run);
    line.push(words(match log.excerpt.missing() {
        _ if log.excerpt.is_empty() => format!(", {run}: it wrote nothing"),
        cut if cut.is_none() => format!(", {run}"),
        cut => format!(", {run}, {cut}"),
    }));
    line
}

fn events(events: &[EventLine]) -> Table<'_> {
    Table {
        kind: TableKind::Events,
        columns: &["Type", "Reason", "Count#", "Last#", "Object", "Message"],
        rows: events.iter().take(EVENTS).map(event).collect(),
        note: more(events.len(), EVENTS),
    }
}

fn event(event: &EventLine) -> Vec<Line<'_>> {
    let kind = match event.kind {
        EventKind::Normal => "Normal",
        EventKind::Warning => "Warning",
        EventKind::Unknown => "Unknown",
    };
    let ago = event.age_seconds.map(|age| format!("{} ago", length(Duration::from_secs(age))));
    vec![
        vec![words(kind)],
        vec![code(&*event.reason)],
        vec![words(format!("{}×", event.count))],
        vec![words(ago.unwrap_or_default())],
        vec![code(&*event.object)],
        vec![code(one_line(&event.message, MESSAGE))],
    ]
}
