//! The words that all reports share for numbers, lengths of time and the ends of processes.

use std::{borrow::Cow, time::Duration};

use crate::{
    evidence::{
        Changes, Comparison, EventLine, LogRun, NodeCompared, OldPodsCompared, Presence, Runs,
    },
    gate::{Finding, Verdict, signal_name},
    model::{EventKind, Role},
    outcome::TargetOutcome,
    phrases,
    signs::{Certainty, Diagnosis, Place},
};

/// `1 pod`, `3 pods`.
pub(super) fn counted(count: impl Into<u64>, noun: &str) -> String {
    match count.into() {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

/// The same for a length.
pub(super) fn counted_len(count: usize, noun: &str) -> String {
    counted(count as u64, noun)
}

/// A length of time as options take it: `0.2s`, `45s`, `1m30s`, `2h`.
pub(super) fn length(duration: Duration) -> String {
    phrases::length(duration).to_string()
}

/// The same in seconds that are over, as a clock shows them.
pub(super) fn whole_seconds(duration: Duration) -> String {
    phrases::whole_seconds(duration).to_string()
}

/// The same for seconds; what is no length of time is none.
pub(super) fn length_of_seconds(seconds: f64) -> String {
    length(duration(seconds))
}

/// Seconds as a duration; not finite or negative is zero.
pub(super) fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// `deployment/app in prod`.
pub(super) fn target(target: &TargetOutcome) -> String {
    format!("{}/{} in {}", target.kind, target.name, target.namespace)
}

/// The verdict as it is shouted: `TIMED OUT`.
pub(super) fn shouted(verdict: Verdict) -> String {
    verdict.as_str().to_uppercase()
}

/// `Changed since revision app-5d9 (number 6)`, and whether that one works.
pub(super) fn changed_since(changes: &Changes) -> String {
    let number = changes.since_number.map(|number| format!(" (number {number})"));
    let (since, number) = (&changes.since, number.unwrap_or_default());
    let pods = match (changes.since_available, changes.since_was_available) {
        (true, _) => "whose pods are available",
        (false, true) => "whose pods were available when the run began",
        (false, false) => "of which no pod was available",
    };
    format!("Changed since revision {since}{number}, {pods}")
}

/// What the differences mean where they do not speak for themselves.
pub(super) fn remark_on(changes: &Changes) -> Option<String> {
    let (named, more) = first_few(&changes.written_since, 5);
    let named: Vec<_> = named.iter().map(|object| &**object).collect();
    let written = format!("written since then: {}{more}", named.join(", "));
    let same = match (changes.only_restarted, &*changes.changes) {
        (true, _) => "the pods were only restarted, their template is the same",
        (false, []) => "the pod template is the same",
        (false, [_, ..]) => return (!named.is_empty()).then_some(written),
    };
    Some(match *named {
        [] => format!(
            "{same}: look outside of it, at ConfigMaps and Secrets, an image behind a tag that moves, and what the program depends on"
        ),
        [_, ..] => {
            format!("{same}, so configuration outside of it is the likelier cause; {written}")
        }
    })
}

/// What kind of container it is; nothing for a regular one.
pub(super) const fn role(role: Option<Role>) -> &'static str {
    match role {
        Some(Role::Init) => "init ",
        Some(Role::Sidecar) => "sidecar ",
        Some(Role::App) | None => "",
    }
}

/// The word for a kind of event.
pub(super) const fn event_kind(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Normal => "Normal",
        EventKind::Warning => "Warning",
        EventKind::Unknown => "Unknown",
    }
}

/// Whether an object is there.
pub(super) const fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Present => "there",
        Presence::Missing => "missing",
        Presence::NotChecked => "not checked",
    }
}

/// How long before the verdict an event was last seen: `12s ago`.
pub(super) fn ago(event: &EventLine) -> Option<String> {
    let age = event.age_seconds.map(Duration::from_secs)?;
    Some(format!("{} ago", length(age)))
}

/// Which run a log is of.
pub(super) const fn run(run: LogRun) -> &'static str {
    match run {
        LogRun::Current => "last run",
        LogRun::Previous => "previous run",
        LogRun::Next => "the run after it, whose own log is gone",
    }
}

/// How the last run that failed ended, and how often: `exit code 137 (SIGKILL), 4 restarts`.
pub(super) fn ending(finding: &Finding) -> Option<String> {
    let signal = finding.signal.or_else(|| finding.exit_code.and_then(signal_in_exit_code));
    let signal = signal.map(named_signal);
    let end = match (finding.exit_code, signal) {
        (Some(code), Some(signal)) => Some(format!("exit code {code} ({signal})")),
        (Some(code), None) => Some(format!("exit code {code}")),
        (None, Some(signal)) => Some(signal.into_owned()),
        (None, None) => None,
    };
    let restarts = finding.restarts.map(|restarts| counted(restarts, "restart"));
    match (end, restarts) {
        (Some(end), Some(restarts)) => Some(format!("{end}, {restarts}")),
        (end, restarts) => end.or(restarts),
    }
}

/// What a failure is like beside what else runs, a sentence each.
pub(super) fn compared(comparison: &Comparison) -> String {
    let mut sentences = Vec::new();
    if let Some(OldPodsCompared { same, of, before_rollout }) = comparison.old_pods {
        let pods = counted(of, "old pod");
        sentences.push(match before_rollout {
            true => format!(
                "{same} of {pods} broke in the same way since the rollout began, and there were restarts before it: the change need not be at fault"
            ),
            false => format!(
                "{same} of {pods} broke in the same way since the rollout began: look at what both revisions depend on"
            ),
        });
    }
    if let Some(NodeCompared { node, failing, healthy_here, healthy_elsewhere }) = &comparison.node
    {
        let (here, elsewhere) = (*healthy_here, *healthy_elsewhere);
        let failing = counted(*failing, "pod");
        sentences.push(match (here, elsewhere) {
            (0, elsewhere) => format!(
                "only on node {node} ({failing}); healthy on other nodes: {}",
                counted(elsewhere, "pod")
            ),
            (here, 0) => {
                format!("healthy on the same node {node}: {}", counted(here, "other pod"))
            }
            (here, elsewhere) => format!(
                "healthy on the same node {node}: {}, and elsewhere: {elsewhere}",
                counted(here, "other pod")
            ),
        });
    }
    sentences.join("; ")
}

/// How often a container ended and after how long, where it ended more than once: `3 times in 24s, each 1s after its
/// start; Kubernetes holds the next run back for 20s`.
pub(super) fn ended_runs(runs: &Runs) -> Option<String> {
    let back_off = runs.back_off_seconds.map(|seconds| {
        let wait = length(Duration::from_secs(seconds));
        format!("Kubernetes holds the next run back for {wait}")
    });
    if runs.ended.len() < 2 {
        return back_off;
    }
    let span = runs.span().map(|span| format!(" in {}", length(span))).unwrap_or_default();
    let after = match runs.lengths() {
        None => String::new(),
        Some((shortest, longest)) if shortest.as_secs() == longest.as_secs() => {
            format!(", each {} after its start", length(shortest))
        }
        Some((shortest, longest)) => {
            format!(", {} to {} after their starts", length(shortest), length(longest))
        }
    };
    let ended = format!("ended {} times{span}{after}", runs.ended.len());
    Some(back_off.map_or(ended.clone(), |back_off| format!("{ended}; {back_off}")))
}

/// What most probably caused it, and which text shows that, unless it was said already; `None` where no sign is known.
pub(super) fn probable_cause(finding: &Finding, said: &[&str]) -> Option<String> {
    let diagnosis = finding.diagnosis.as_ref()?;
    let mut text = one_line(&diagnosis.cause, 500);
    if diagnosis.certainty == Certainty::Guess {
        text.push_str(" (a guess)");
    }
    if let Some((place, quote)) = quote(diagnosis, said) {
        text.push_str(&format!("; {place}: {quote}"));
    }
    Some(text)
}

/// The text that shows a cause, and where it stood, unless it was said already.
pub(super) fn quote(diagnosis: &Diagnosis, said: &[&str]) -> Option<(&'static str, String)> {
    let place = match diagnosis.place {
        Place::Kubernetes => "event",
        Place::TerminationMessage => "termination message",
        Place::Log => "log",
        Place::ExitCode => return None,
    };
    let quote = one_line(&diagnosis.quote, QUOTE);
    let is_said = |said: &&str| said.contains(quote.trim_end_matches('…'));
    // after a colon at its end it says nothing
    let says_more = !quote.ends_with(':') && !said.iter().any(is_said);
    (says_more && !diagnosis.cause.contains(&*quote)).then_some((place, quote))
}

/// Characters of a text that shows a cause.
const QUOTE: usize = 160;

/// Shells and runtimes write a signal as 128 and its number.
fn signal_in_exit_code(code: i32) -> Option<i32> {
    code.checked_sub(128).filter(|signal| (1..=64).contains(signal))
}

fn named_signal(signal: i32) -> Cow<'static, str> {
    match signal_name(signal) {
        Some(name) => Cow::Borrowed(name),
        None => Cow::Owned(format!("signal {signal}")),
    }
}

/// One line of at most so many characters; a cut shows as `…`.
pub(super) fn one_line(text: &str, max_chars: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(max_chars) {
        None => line,
        Some(_) => {
            let kept: String = line.chars().take(max_chars.saturating_sub(1)).collect();
            kept + "…"
        }
    }
}

/// The first few of many names, and how many more there are.
pub(super) fn first_few<T>(names: &[T], max: usize) -> (&[T], String) {
    match names.len().checked_sub(max) {
        None | Some(0) => (names, String::new()),
        Some(more) => (&names[..max], format!(" and {more} more")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        evidence::EndedRun,
        gate::{Attribution, FindingState},
        model::{Elapsed, ServerTime},
        text::Clean,
    };

    #[test]
    fn what_is_no_length_of_time_is_none() {
        for odd in [f64::NAN, f64::INFINITY, -1.0] {
            assert_eq!(length_of_seconds(odd), "0s");
        }
    }

    #[test]
    fn signals_are_named_also_when_they_hide_in_an_exit_code() {
        assert_eq!(signal_in_exit_code(137).map(named_signal).as_deref(), Some("SIGKILL"));
        assert_eq!(signal_in_exit_code(143).map(named_signal).as_deref(), Some("SIGTERM"));
        for code in [0, 1, 128, 255, i32::MIN] {
            assert_eq!(signal_in_exit_code(code), None, "{code}");
        }
        assert_eq!(named_signal(40), "signal 40");
    }

    #[test]
    fn what_else_runs_is_compared_with() {
        let old = |before_rollout| OldPodsCompared { same: 1, of: 2, before_rollout };
        let node = |healthy_here, healthy_elsewhere| NodeCompared {
            node: Clean::from_static("node-1"),
            failing: 2,
            healthy_here,
            healthy_elsewhere,
        };
        let told = |old_pods, node| compared(&Comparison { old_pods, node });
        for (told, expected) in [
            (
                told(Some(old(false)), Some(node(0, 3))),
                "1 of 2 old pods broke in the same way since the rollout began: look at what both revisions depend on; only on node node-1 (2 pods); healthy on other nodes: 3 pods",
            ),
            (
                told(Some(old(true)), None),
                "1 of 2 old pods broke in the same way since the rollout began, and there were restarts before it: the change need not be at fault",
            ),
            (told(None, Some(node(1, 0))), "healthy on the same node node-1: 1 other pod"),
            (
                told(None, Some(node(2, 3))),
                "healthy on the same node node-1: 2 other pods, and elsewhere: 3",
            ),
        ] {
            assert_eq!(told, expected);
        }
    }

    #[test]
    fn runs_that_end_again_and_again_are_told_together() {
        let run = |started, finished| EndedRun {
            started: ServerTime::from_unix_seconds(started),
            finished: ServerTime::from_unix_seconds(finished),
            exit_code: 1,
        };
        let told = |ended, back_off_seconds| ended_runs(&Runs { ended, back_off_seconds });
        assert_eq!(told(vec![run(0, 1)], None), None, "the message tells of one alone");
        assert_eq!(
            told(vec![run(0, 1), run(2, 3), run(23, 24)], Some(20)).unwrap(),
            "ended 3 times in 24s, each 1s after its start; Kubernetes holds the next run back for 20s"
        );
        assert_eq!(
            told(vec![run(0, 1), run(2, 9)], None).unwrap(),
            "ended 2 times in 9s, 1s to 7s after their starts"
        );
    }

    #[test]
    fn one_line_is_cut_at_characters() {
        assert_eq!(one_line(" a\n  b\tc ", 5), "a b c");
        assert_eq!(one_line("ééé", 2), "é…");
        assert_eq!(one_line("ééé", 3), "ééé");
    }

    fn explained(certainty: Certainty, place: Place) -> Finding {
        Finding {
            cause: crate::gate::Cause::CrashLoop,
            attribution: Attribution::Application,
            state: FindingState::Confirmed,
            container: None,
            role: None,
            pods: Vec::new(),
            message: Clean::default(),
            hint: Clean::default(),
            diagnosis: Some(Diagnosis {
                sign: Clean::from_static("file-missing"),
                cause: Clean::from_static("/etc/x is not there"),
                attribution: Attribution::Unknown,
                next_step: Clean::default(),
                certainty,
                place,
                quote: Clean::from_static("open /etc/x: no such file"),
            }),
            comparison: None,
            exit_code: None,
            signal: None,
            restarts: None,
            first_seen: Elapsed::ZERO,
            last_seen: Elapsed::ZERO,
            grace_until: None,
            evidence: None,
        }
    }

    #[test]
    fn a_guess_is_called_one_and_what_shows_a_cause_is_said_once() {
        let said = ["its log: open /etc/x: no such file"];
        let probable = explained(Certainty::Probable, Place::Log);
        let told = probable_cause(&probable, &[]).unwrap();
        assert_eq!(told, "/etc/x is not there; log: open /etc/x: no such file");
        assert_eq!(probable_cause(&probable, &said).unwrap(), "/etc/x is not there");
        let guess = explained(Certainty::Guess, Place::ExitCode);
        assert_eq!(probable_cause(&guess, &[]).unwrap(), "/etc/x is not there (a guess)");
    }

    #[test]
    fn without_a_sign_nothing_is_claimed() {
        let unknown = Finding { diagnosis: None, ..explained(Certainty::Guess, Place::Log) };
        assert_eq!(probable_cause(&unknown, &[]), None);
    }
}
