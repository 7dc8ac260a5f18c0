//! How runs of a container ended, and how that compares with what else runs.

use std::{borrow::Cow, time::Duration};

use crate::{
    evidence::{Comparison, NodeCompared, OldPodsCompared, Runs},
    gate::{Finding, signal_name},
    phrases::{counted, length},
};

/// How the last run that failed ended: `exit code 137 (SIGKILL)`.
pub(super) fn ending(finding: &Finding) -> Option<String> {
    let signal = finding.signal.or_else(|| finding.exit_code.and_then(signal_in_exit_code));
    match (finding.exit_code, signal.map(named_signal)) {
        (Some(code), Some(signal)) => Some(format!("exit code {code} ({signal})")),
        (Some(code), None) => Some(format!("exit code {code}")),
        (None, signal) => signal.map(Cow::into_owned),
    }
}

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
/// start; next restart in 20s (back-off)`.
pub(super) fn ended_runs(runs: &Runs) -> Option<String> {
    let back_off = runs.back_off_seconds.map(|seconds| {
        let wait = length(Duration::from_secs(seconds));
        format!("next restart in {wait} (back-off)")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{evidence::EndedRun, model::ServerTime, text::Clean};

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
            "ended 3 times in 24s, each 1s after its start; next restart in 20s (back-off)"
        );
        assert_eq!(
            told(vec![run(0, 1), run(2, 9)], None).unwrap(),
            "ended 2 times in 9s, 1s to 7s after their starts"
        );
    }
}
