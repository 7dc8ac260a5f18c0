//! A finding as a section: what happened, the facts, the log that shows it, the events.

use super::escape::{cell, code, fenced, line, prose};
use crate::{
    evidence::{EventLine, Evidence, LogEvidence},
    gate::{Finding, FindingState},
    report::{
        content::{EVENTS, finding_facts, finding_title, log_heading},
        details, log,
        sheet::Sheet,
        words,
    },
    text::Room,
};

/// Characters of a detail that are shown.
const DETAIL: usize = 1000;

/// The section of a finding. What was said above already, its message or its hint, is left out.
pub(super) fn section(finding: &Finding, number: usize, said: &[&str], sheet: &mut Sheet) {
    let is_new = |text: &str| !said.iter().any(|said| said.contains(text));
    let name = format!("finding {number} ({})", finding.cause);
    let mut top = format!("### {} {}\n\n", mark(finding), line(&finding_title(finding)));
    if is_new(&finding.message) {
        top.push_str(&format!("**What happened:** {}\n\n", prose(&finding.message)));
    }
    if let Some(cause) = words::probable_cause(finding, said).filter(|cause| is_new(cause)) {
        top.push_str(&format!("**Probable cause:** {}\n\n", prose(&cause)));
    }
    if is_new(&finding.hint) {
        top.push_str(&format!("**What to do:** {}\n\n", prose(&finding.hint)));
    }
    for fact in finding_facts(finding) {
        top.push_str(&format!("- **{}** {}\n", fact.name, line(&fact.parts)));
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

fn log_piece(finding: &Finding, evidence: &Evidence, log: &LogEvidence) -> String {
    let room = Room { bytes: usize::MAX, lines: usize::MAX, head: 0, indent: 0 };
    let rows = log::rows(log, finding, room);
    let heading = line(&log_heading(finding, evidence, log, rows.is_empty()));
    match rows.is_empty() {
        true => format!("**Log**{heading}\n\n"),
        false => format!("**Log**{heading}\n\n{}\n", fenced(&rows)),
    }
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
    piece.push_str(
        "| Type | Reason | Count | Last | Object | Message |\n|---|---|---:|---:|---|---|\n",
    );
    for event in events.iter().take(EVENTS) {
        piece.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            words::event_kind(event.kind),
            cell(&code(&event.reason)),
            event.count,
            words::ago(event).unwrap_or_default(),
            cell(&code(&event.object)),
            cell(&code(&event.message)),
        ));
    }
    if let Some(more @ 1..) = events.len().checked_sub(EVENTS) {
        piece.push_str(&format!("\nand {more} more\n"));
    }
    piece + "\n</details>\n\n"
}
