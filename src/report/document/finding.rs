//! A finding with its evidence: what happened, the facts, the log that shows it, the details of its pod, the events.

use std::time::Duration;

use super::{
    answers,
    naming::{run, title, whose},
    told::Told,
};
use crate::{
    evidence::{EventLine, Evidence},
    gate::Finding,
    model::EventKind,
    phrases::{self, ended_runs, length, pod::Detail},
    report::{
        block::{
            Block, Fact, Fold, Line, Look, Mark, Place, Quote, Section, Table, code, prose, words,
        },
        words::{SENTENCE, first_few, one_line},
    },
    text::Clean,
};

/// Pods that are named; the others are counted.
const PODS: usize = 5;

/// Events that are shown; the others are counted.
const EVENTS: usize = 30;

/// The section of a finding, as far as it was not told. The first one stands open.
pub(super) fn section<'a>(finding: &'a Finding, number: usize, told: &mut Told) -> Block<'a> {
    let name = format!("finding {number} ({})", finding.cause);
    let mut answers = answers::of_finding(finding, None, told);
    if told.is_new(&finding.hint.what) {
        answers.push(answers::step(&finding.hint));
    }
    let mut blocks =
        vec![Block::Facts(Look::Answers, answers), Block::Facts(Look::List, facts(finding, told))];
    if let Some(evidence) = &finding.evidence {
        blocks.extend(shown(finding, evidence, &name));
    }
    let fold = if number == 1 { Fold::Open } else { Fold::Closed };
    let section = Section::new(Place::Finding, name, title(finding)).folded(fold);
    section.marked(Mark::Finding(finding.state)).around(blocks)
}

/// Where and when it was seen, whose it is, and what the container does.
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
    let state = evidence.state.clone().unwrap_or_default();
    let last_state = evidence.last_state.clone().unwrap_or_default();
    let texts =
        [("Runs", ended_runs(&evidence.runs)), ("State", state), ("Last state", last_state)];
    let texts = texts.iter().filter(|(_, text)| !text.is_empty());
    facts.extend(texts.map(|(name, text)| Fact::new(name, [prose(one_line(text, SENTENCE))])));
    facts
}

fn pods(pods: &[Clean]) -> Line<'_> {
    let (named, more) = first_few(pods, PODS);
    let parts = named.iter().flat_map(|pod| [words(", "), code(&**pod)]).skip(1);
    parts.chain([words(more)]).collect()
}

/// What was collected, a section for each part.
fn shown<'a>(finding: &'a Finding, evidence: &'a Evidence, name: &str) -> Vec<Block<'a>> {
    let part = |title: &'static str| {
        let name = format!("the {} of {name}", title.to_lowercase());
        Section::new(Place::Evidence, name, [words(title)])
    };
    let mut blocks = Vec::new();
    if let Some(message) = &evidence.termination_message {
        blocks.push(part("Termination message").around([Block::Quote(Quote::Text(message))]));
    }
    let is_silent = evidence.log.as_ref().is_none_or(|log| log.excerpt.is_empty());
    if let Some(log) = &evidence.log {
        let run = run(log.run);
        let mut heading = whose(finding, evidence);
        heading.push(words(match log.excerpt.missing() {
            _ if is_silent => format!(", {run}: it wrote nothing"),
            cut if cut.is_none() => format!(", {run}"),
            cut => format!(", {run}, {cut}"),
        }));
        let quote = Block::Quote(Quote::Log(log, finding.diagnosis.as_ref()));
        let quote: Vec<_> = (!is_silent).then_some(quote).into_iter().collect();
        blocks.push(part("Log").beside(heading).around(quote));
    }
    let details = phrases::pod::details(evidence, finding.attribution).into_iter();
    let details = details.map(|Detail { name, text, is_trouble }| {
        let line = [prose(one_line(&text, SENTENCE))];
        Fact { is_trouble, ..Fact::new(name, line) }
    });
    let details: Vec<_> = details.collect();
    if !details.is_empty() {
        let pod = [words(" of pod "), code(&*evidence.pod)];
        let pod = pod.into_iter().filter(|_| !evidence.pod.is_empty()).collect::<Vec<_>>();
        blocks.push(part("Details").beside(pod).around([Block::Facts(Look::List, details)]));
    }
    if !evidence.events.is_empty() {
        let count = [words(format!(" ({})", evidence.events.len()))];
        // without a log they are all there is to read
        let fold = if is_silent { Fold::Open } else { Fold::Closed };
        let events = Block::Table(events(&evidence.events));
        blocks.push(part("Events").beside(count).folded(fold).around([events]));
    }
    blocks
}

fn events(events: &[EventLine]) -> Table<'_> {
    Table {
        name: "events",
        columns: &["Type", "Reason", "Count#", "Last#", "Object", "Message"],
        rows: events.iter().take(EVENTS).map(event).collect(),
        more: events.len().saturating_sub(EVENTS),
    }
}

fn event(event: &EventLine) -> Vec<Line<'_>> {
    let kind = match event.kind {
        EventKind::Normal => "Normal",
        EventKind::Warning => "Warning",
        EventKind::Unknown => "Unknown",
    };
    let ago = event.age_seconds.map(|age| format!("{} ago", length(Duration::from_secs(age))));
    let cells = [
        words(kind),
        code(&*event.reason),
        words(format!("{}×", event.count)),
        words(ago.unwrap_or_default()),
        code(&*event.object),
        code(one_line(&event.message, SENTENCE)),
    ];
    cells.map(|cell| vec![cell]).into()
}
