//! A finding as a section: what happened, the facts, the log that shows it, the events.

use super::{
    escape::{cell, code, fenced, prose},
    sheet::Sheet,
};
use crate::{
    evidence::{EventLine, Evidence, LogEvidence},
    gate::{Finding, FindingState},
    report::{
        details,
        log::{self, Room},
        words,
    },
    text::Clean,
};

/// Pods that are named; the others are counted.
const PODS: usize = 5;

/// Characters of a detail that are shown.
const DETAIL: usize = 1000;

/// Events that are shown of a finding; the others are counted.
const EVENTS: usize = 30;

/// The section of a finding. What was said above already, its message or its hint, is left out.
pub(super) fn section(finding: &Finding, number: usize, said: &[&str], sheet: &mut Sheet) {
    let is_new = |text: &str| !said.iter().any(|said| said.contains(text));
    let name = format!("finding {number} ({})", finding.cause);
    let mut top = format!("### {} {}\n\n", mark(finding), title(finding));
    if is_new(&finding.message) {
        top.push_str(&format!("**What happened:** {}\n\n", prose(&finding.message)));
    }
    if let Some(cause) = words::probable_cause(finding, said).filter(|cause| is_new(cause)) {
        top.push_str(&format!("**Probable cause:** {}\n\n", prose(&cause)));
    }
    if is_new(&finding.hint) {
        top.push_str(&format!("**What to do:** {}\n\n", prose(&finding.hint)));
    }
    for fact in facts(finding) {
        top.push_str(&format!("- {fact}\n"));
    }
    top.push('\n');
    sheet.add(name.clone(), &top);
    let Some(evidence) = &finding.evidence else { return };
    if let Some(message) = &evidence.termination_message {
        let lines: Vec<_> = message.lines().map(str::to_owned).collect();
        let piece = format!("**Termination message**\n\n{}\n", fenced(&lines));
        sheet.add(format!("the termination message of {name}"), &piece);
    }
    if let Some(log) = &evidence.log {
        sheet.add(format!("the log of {name}"), &log_piece(finding, evidence, log));
    }
    sheet.add(format!("the details of {name}"), &details_table(evidence));
    if !evidence.events.is_empty() {
        let is_all_there_is = evidence.log.as_ref().is_none_or(|log| log.excerpt.is_empty());
        sheet.add(format!("the events of {name}"), &events(&evidence.events, is_all_there_is));
    }
}

const fn mark(finding: &Finding) -> &'static str {
    match finding.state {
        FindingState::Confirmed => "❌",
        FindingState::Suspected => "🟡",
        FindingState::Resolved => "🟢",
        FindingState::Tolerated => "🔵",
    }
}

/// `crash-loop: container app, 2 pods`.
fn title(finding: &Finding) -> String {
    let mut title = finding.cause.to_string();
    if let Some(container) = &finding.container {
        title.push_str(&format!(": {}container {}", words::role(finding.role), code(container)));
    }
    if !finding.pods.is_empty() {
        title.push_str(&format!(", {}", words::counted_len(finding.pods.len(), "pod")));
    }
    if finding.state != FindingState::Confirmed {
        title.push_str(&format!(" ({})", words::finding_state(finding.state)));
    }
    title
}

fn facts(finding: &Finding) -> Vec<String> {
    let mut facts = Vec::new();
    if let Some(ending) = words::ending(finding) {
        facts.push(format!("**Ended with** {ending}"));
    }
    if !finding.pods.is_empty() {
        let (named, more) = words::first_few(&finding.pods, PODS);
        let named: Vec<_> = named.iter().map(|pod| code(pod)).collect();
        facts.push(format!("**Pods** {}{more}", named.join(", ")));
    }
    let attribution = finding.attribution;
    let seen = if finding.first_seen == finding.last_seen {
        format!("seen at {}", finding.first_seen)
    } else {
        format!("seen from {} to {}", finding.first_seen, finding.last_seen)
    };
    facts.push(format!("**Attributed to** {attribution}, {seen}"));
    let Some(evidence) = &finding.evidence else { return facts };
    let mut fact = |what: &str, value: &Option<Clean>| {
        if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
            facts.push(format!("**{what}** {}", code(value)));
        }
    };
    fact("State", &evidence.state);
    fact("Last state", &evidence.last_state);
    facts
}

fn log_piece(finding: &Finding, evidence: &Evidence, log: &LogEvidence) -> String {
    let room = Room { bytes: usize::MAX, lines: usize::MAX, indent: 0 };
    let rows = log::rows(&log.excerpt, room);
    let whose = match &finding.container {
        Some(container) => format!(" of container {}", code(container)),
        None => String::new(),
    };
    let pod = match &*evidence.pod {
        "" => String::new(),
        pod => format!(" in pod {}", code(pod)),
    };
    let cut = match log.excerpt.cut {
        cut if cut.is_none() => String::new(),
        cut => format!(", {cut}"),
    };
    let run = words::run(log.run);
    if rows.is_empty() {
        return format!("**Log**{whose}{pod}, {run}: it wrote nothing\n\n");
    }
    format!("**Log**{whose}{pod}, {run}{cut}\n\n{}\n", fenced(&rows))
}

/// What a person looks at next; what is not as it should be is marked, and first.
fn details_table(evidence: &Evidence) -> String {
    let rows = details::rows(evidence);
    if rows.is_empty() {
        return String::new();
    }
    let mut table = format!("**Details** of pod {}\n\n| | |\n|---|---|\n", code(&evidence.pod));
    for row in rows {
        let mark = if row.is_trouble { "❗ " } else { "" };
        let text = words::one_line(&row.text, DETAIL);
        table.push_str(&format!("| {mark}{} | {} |\n", row.what, cell(&prose(&text))));
    }
    table + "\n"
}

fn events(events: &[EventLine], is_open: bool) -> String {
    let open = if is_open { " open" } else { "" };
    let mut piece = format!("<details{open}><summary>Events ({})</summary>\n\n", events.len());
    piece.push_str("| Type | Reason | Count | Object | Message |\n|---|---|---:|---|---|\n");
    for event in events.iter().take(EVENTS) {
        piece.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            words::event_kind(event.kind),
            cell(&code(&event.reason)),
            event.count,
            cell(&code(&event.object)),
            cell(&code(&event.message)),
        ));
    }
    if let Some(more @ 1..) = events.len().checked_sub(EVENTS) {
        piece.push_str(&format!("\nand {more} more\n"));
    }
    piece + "\n</details>\n\n"
}
