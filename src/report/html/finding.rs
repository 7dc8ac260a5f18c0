//! A finding with its evidence: what happened, the facts, the log that shows it, the events.

use maud::{Markup, PreEscaped, html};

use super::{icon, text};
use crate::{
    evidence::{EventLine, Evidence, LogEvidence},
    gate::{Finding, FindingState},
    model::EventKind,
    report::{
        content::{self, EVENTS},
        details,
        sheet::Sheet,
        words,
    },
    signs::telling_lines,
    text::ExcerptRow,
};

/// Characters of a detail that are shown.
const DETAIL: usize = 1000;

/// The section of a finding; the first one stands open. What was said above already is left out.
pub(super) fn section(finding: &Finding, number: usize, said: &[&str], sheet: &mut Sheet) {
    let name = format!("finding {number} ({})", finding.cause);
    let wrap = |inner: &str| {
        let markup = html! {
            details.finding.(class(finding.state)) open[number == 1] {
                summary { h4 { (icon::finding(finding.state)) span { (text::line(&content::finding_title(finding))) } } }
                (PreEscaped(inner))
            }
        };
        markup.into_string()
    };
    sheet.nest(
        |sheet| {
            sheet.add(name.clone(), &top(finding, said).into_string());
            let Some(evidence) = &finding.evidence else { return };
            if let Some(message) = &evidence.termination_message {
                let piece = html! { h5 { "Termination message" } pre { code { (message) } } };
                sheet.add(format!("the termination message of {name}"), &piece.into_string());
            }
            if let Some(log) = &evidence.log {
                let least = log.excerpt.lines().map(|line| line.len()).sum();
                let piece = || log_piece(finding, evidence, log).into_string();
                sheet.add_large(format!("the log of {name}"), least, piece);
            }
            let piece = details(evidence);
            sheet.add(format!("the details of {name}"), &piece.into_string());
            if !evidence.events.is_empty() {
                let is_all_there_is =
                    evidence.log.as_ref().is_none_or(|log| log.excerpt.is_empty());
                let piece = events(&evidence.events, is_all_there_is);
                sheet.add(format!("the events of {name}"), &piece.into_string());
            }
        },
        wrap,
    );
}

const fn class(state: FindingState) -> &'static str {
    match state {
        FindingState::Confirmed => "bad",
        FindingState::Suspected => "doubtful",
        FindingState::Resolved => "good",
        FindingState::Tolerated => "aside",
    }
}

fn top(finding: &Finding, said: &[&str]) -> Markup {
    let is_new = |text: &str| !text.is_empty() && !said.iter().any(|said| said.contains(text));
    let cause = words::probable_cause(finding, said).filter(|cause| is_new(cause));
    let told = [
        ("What happened", Some(finding.message.to_string()).filter(|text| is_new(text))),
        ("Probable cause", cause),
        ("What to do", Some(finding.hint.to_string()).filter(|text| is_new(text))),
    ];
    html! {
        @for (name, told) in told {
            @if let Some(told) = told { p.told { strong { (name) ": " } (text::prose(&told)) } }
        }
        dl.facts {
            @for fact in content::finding_facts(finding) {
                div { dt { (fact.name) } dd { (text::line(&fact.parts)) } }
            }
        }
    }
}

fn log_piece(finding: &Finding, evidence: &Evidence, log: &LogEvidence) -> Markup {
    let heading = content::log_heading(finding, evidence, log, log.excerpt.is_empty());
    // what shows the cause, else what tells most
    let telling = telling_lines(log, finding.diagnosis.as_ref()).first().copied();
    let mut number = 0..;
    let mut is_telling = || telling.is_some() && number.next() == telling;
    html! {
        h5 { "Log" span.muted { (text::line(&heading)) } }
        @if !log.excerpt.is_empty() {
            pre.log {
                code {
                    @for row in log.excerpt.rows() {
                        @match row {
                            ExcerptRow::Line(line) => @if is_telling() { mark { (line) } } @else { (line) },
                            ExcerptRow::Cut(cut) => span.cut { "… " (cut) " …" },
                        }
                        "\n"
                    }
                }
            }
        }
    }
}

/// What a person looks at next; what is not as it should be is marked, and first.
fn details(evidence: &Evidence) -> Markup {
    let rows = details::rows(evidence);
    html! {
        @if !rows.is_empty() {
            h5 { "Details" @if !evidence.pod.is_empty() { span.muted { " of pod " code { (evidence.pod) } } } }
            dl.facts {
                @for row in rows {
                    div.trouble[row.is_trouble] {
                        dt { @if row.is_trouble { (icon::gap()) " " } (row.what) }
                        dd { (text::prose(&words::one_line(&row.text, DETAIL))) }
                    }
                }
            }
        }
    }
}

fn events(events: &[EventLine], is_open: bool) -> Markup {
    html! {
        details.events open[is_open] {
            summary { h5 { "Events (" (events.len()) ")" } }
            table {
                thead {
                    tr {
                        th scope="col" { "Last seen" }
                        th scope="col" { "Type" }
                        th scope="col" { "Reason" }
                        th scope="col" { "Count" }
                        th scope="col" { "Object" }
                        th scope="col" { "Message" }
                    }
                }
                tbody {
                    @for event in events.iter().take(EVENTS) {
                        tr.warning[event.kind == EventKind::Warning] {
                            td.when { @if let Some(last) = event.last { (time_of_day(last.into())) } }
                            td { (words::event_kind(event.kind)) }
                            td { code { (event.reason) } }
                            td.count { (event.count) "×" }
                            td { code { (event.object) } }
                            td.message { (event.message) }
                        }
                    }
                }
            }
            @if events.len() > EVENTS { p.muted { "and " (events.len() - EVENTS) " more" } }
        }
    }
}

fn time_of_day(time: jiff::Timestamp) -> String {
    time.strftime("%H:%M:%S UTC").to_string()
}
