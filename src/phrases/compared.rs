//! How a failure compares with what else runs, and how often a container ended.

use std::time::Duration;

use super::{counted, joined, length};
use crate::{
    clean,
    evidence::{Comparison, NodeCompared, OldPodsCompared, Runs},
    text::Clean,
};

/// What a failure is like beside what else runs, a sentence each.
pub fn compared(comparison: &Comparison) -> Clean {
    let old_pods = comparison.old_pods.map(|OldPodsCompared { same, of, before_rollout }| {
        let pods = counted(of, "old pod");
        match before_rollout {
            true => clean!(
                "{} of {} broke in the same way since the rollout began, and there were restarts before it: the change may not be the cause",
                same,
                pods
            ),
            false => clean!(
                "{} of {} broke in the same way since the rollout began: look at what both revisions depend on",
                same,
                pods
            ),
        }
    });
    let node = comparison.node.as_ref().map(|compared| {
        let NodeCompared { node, failing, healthy_here: here, healthy_elsewhere } = compared;
        let elsewhere = *healthy_elsewhere;
        match (*here, elsewhere) {
            (0, _) => clean!(
                "only on node {} ({}); healthy on other nodes: {}",
                node,
                counted(*failing, "pod"),
                counted(elsewhere, "pod")
            ),
            (here, 0) => {
                clean!("healthy on the same node {}: {}", node, counted(here, "other pod"))
            }
            (here, _) => clean!(
                "healthy on the same node {}: {}, and elsewhere: {}",
                node,
                counted(here, "other pod"),
                elsewhere
            ),
        }
    });
    let sentences: Vec<Clean> = old_pods.into_iter().chain(node).collect();
    joined(&sentences, "; ")
}

/// How often a container ended and after how long, where it ended more than once: `ended 3 times in 24s, each 1s after its
/// start; next restart in 20s (back-off)`. Empty where there is nothing to say.
pub fn ended_runs(runs: &Runs) -> Clean {
    let back_off = runs.back_off_seconds.map(|seconds| {
        clean!("next restart in {} (back-off)", length(Duration::from_secs(seconds)))
    });
    let times = runs.ended.len();
    let span = runs.span().map(|span| clean!(" in {}", length(span))).unwrap_or_default();
    let after = match runs.lengths() {
        None => Clean::default(),
        Some((shortest, longest)) if shortest.as_secs() == longest.as_secs() => {
            clean!(", each {} after its start", length(shortest))
        }
        Some((shortest, longest)) => {
            clean!(", {} to {} after their starts", length(shortest), length(longest))
        }
    };
    let ended = (times > 1).then(|| clean!("ended {} times{}{}", times, span, after));
    joined(&ended.into_iter().chain(back_off).collect::<Vec<_>>(), "; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{evidence::EndedRun, model::ServerTime};

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
                "1 of 2 old pods broke in the same way since the rollout began, and there were restarts before it: the change may not be the cause",
            ),
            (told(None, Some(node(1, 0))), "healthy on the same node node-1: 1 other pod"),
            (
                told(None, Some(node(2, 3))),
                "healthy on the same node node-1: 2 other pods, and elsewhere: 3",
            ),
        ] {
            assert_eq!(&*told, expected);
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
        assert!(told(vec![run(0, 1)], None).is_empty(), "the message tells of one alone");
        assert_eq!(
            told(vec![run(0, 1), run(2, 3), run(23, 24)], Some(20)).to_string(),
            "ended 3 times in 24s, each 1s after its start; next restart in 20s (back-off)"
        );
        assert_eq!(
            told(vec![run(0, 1), run(2, 9)], None).to_string(),
            "ended 2 times in 9s, 1s to 7s after their starts"
        );
    }
}
