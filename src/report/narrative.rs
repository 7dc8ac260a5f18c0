//! A finding as plain text: what happened, the facts, the log, the events. The body of a JUnit failure.

use super::{details, log, words};
use crate::{
    evidence::{Changes, EventLine, Evidence},
    gate::Finding,
    text::{Clean, Room},
};

/// Stands before every line of the cluster's, so that none of them can pass for one of ours.
pub(super) const BAR: &str = "│ ";

/// Pods that are named; the others are counted.
const PODS: usize = 5;

/// Differences between revisions that are told; the others are counted.
const CHANGES: usize = 30;

/// A text that grows line by line up to a limit, and says so where it ends.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    max_bytes: usize,
    is_cut: bool,
}

impl Page {
    const NOTE: &str = "… the rest is cut here …\n";

    /// An empty page; `max_bytes` counts the note of a cut too.
    pub(super) fn new(max_bytes: usize) -> Self {
        Self { text: String::new(), max_bytes, is_cut: false }
    }

    /// Bytes that are left.
    pub(super) fn room(&self) -> usize {
        self.max_bytes.saturating_sub(self.text.len() + Self::NOTE.len())
    }

    /// Adds a line; after the first one that does not fit, nothing more.
    pub(super) fn line(&mut self, line: &str) {
        if self.is_cut {
            return;
        }
        if line.len() + 1 > self.room() {
            self.is_cut = true;
            return;
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Adds a line `what: value` where there is a value.
    fn fact(&mut self, what: &str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value.filter(|value| !value.as_ref().is_empty()) {
            self.line(&format!("{what}: {}", words::one_line(value.as_ref(), 1000)));
        }
    }

    /// Adds a text of the cluster's under a heading.
    fn block<'t>(&mut self, heading: &str, lines: impl Iterator<Item = &'t str>) {
        self.line(heading);
        for line in lines {
            self.line(format!("{BAR}{line}").trim_end());
        }
    }

    /// The text.
    pub(super) fn finish(mut self) -> String {
        if self.is_cut {
            self.text.push_str(Self::NOTE);
        }
        self.text
    }
}

/// Tells of a finding. What was said above already, its message or its hint, is left out.
pub(super) fn tell(finding: &Finding, said: &[&str], page: &mut Page) {
    if page.is_cut {
        return;
    }
    let is_new = |text: &str| !said.iter().any(|said| said.contains(text));
    if is_new(&finding.message) {
        page.line(&words::one_line(&finding.message, 1000));
    }
    page.line(&format!(
        "cause: {} ({}), {} at {}",
        finding.cause, finding.attribution, finding.state, finding.last_seen,
    ));
    page.fact("container", finding.container.as_ref().map(|name| container(finding, name)));
    page.fact("pods", Some(pods(&finding.pods)));
    page.fact("ended with", words::ending(finding));
    page.fact("compared", finding.comparison.as_ref().map(words::compared));
    let cause = words::probable_cause(finding, said).filter(|cause| is_new(cause));
    page.fact("probable cause", cause);
    page.fact("what to do", Some(&*finding.hint).filter(|hint| is_new(hint)));
    if let Some(evidence) = &finding.evidence {
        tell_evidence(finding, evidence, page);
    }
}

/// Tells what changed since the revision before.
pub(super) fn tell_changes(changes: &Changes, page: &mut Page) {
    page.line("");
    page.line(&format!("{}:", words::changed_since(changes)));
    let (named, more) = words::first_few(&changes.changes, CHANGES);
    for change in named {
        page.line(&format!("- {}", change.line()));
    }
    if !more.is_empty() {
        page.line(&format!("-{more}"));
    }
    if let Some(remark) = words::remark_on(changes) {
        page.line(&remark);
    }
}

fn container(finding: &Finding, name: &Clean) -> String {
    match words::role(finding.role) {
        "" => name.to_string(),
        role => format!("{name} ({role}container)"),
    }
}

fn pods(pods: &[Clean]) -> String {
    let (named, more) = words::first_few(pods, PODS);
    named.iter().map(|pod| &**pod).collect::<Vec<_>>().join(", ") + &more
}

fn tell_evidence(finding: &Finding, evidence: &Evidence, page: &mut Page) {
    page.line("");
    page.fact("pod shown", Some(&*evidence.pod));
    page.fact("state", evidence.state.as_deref());
    page.fact("last state", evidence.last_state.as_deref());
    page.fact("runs", words::ended_runs(&evidence.runs));
    if let Some(message) = &evidence.termination_message {
        page.block("termination message:", message.lines());
    }
    if let Some(log) = &evidence.log {
        // the events come after it, and some of them should fit
        let bytes = page.room() / 4 * 3;
        let room = Room { bytes, lines: usize::MAX, head: 0, indent: BAR.len() };
        let rows = log::rows(log, finding, room);
        let nothing = if rows.is_empty() { " it wrote nothing" } else { "" };
        let heading = format!("log, {}:{nothing}", words::run(log.run));
        page.block(&heading, rows.iter().map(String::as_str));
    }
    for row in details::rows(evidence) {
        let mark = if row.is_trouble { "! " } else { "" };
        page.fact(&format!("{mark}{}", row.what), Some(row.text));
    }
    if !evidence.events.is_empty() {
        let lines: Vec<_> = evidence.events.iter().map(event).collect();
        page.block("events:", lines.iter().map(String::as_str));
    }
}

/// `Warning BackOff, 4 times, 12s ago, Pod app-1: Back-off restarting failed container`.
fn event(event: &EventLine) -> String {
    let times = match event.count {
        0 | 1 => String::new(),
        count => format!(", {count} times"),
    };
    let kind = words::event_kind(event.kind);
    let message = words::one_line(&event.message, 1000);
    let ago = words::ago(event).map(|ago| format!(", {ago}")).unwrap_or_default();
    format!("{kind} {}{times}{ago}, {}: {message}", event.reason, event.object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_at_its_limit_and_says_so() {
        let mut page = Page::new(60);
        page.line(&"a".repeat(20));
        page.line(&"b".repeat(20));
        page.line("c");
        let text = page.finish();
        assert!(text.len() <= 60, "{text}");
        assert_eq!(text, format!("{}\n{}", "a".repeat(20), Page::NOTE));
    }
}
