//! A failure compared with what else runs: with pods of the revisions before, and with pods on other nodes.

use serde::{Deserialize, Serialize};

use super::Attribution;
use crate::text::Clean;

/// What a comparison showed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Pods of revisions before that broke in the same way since the rollout began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_pods: Option<OldPodsCompared>,
    /// The only node on which it is shown, where healthy pods can be compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeCompared>,
}

/// Pods of revisions before that broke in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldPodsCompared {
    /// How many did.
    pub same: u64,
    /// How many there are.
    pub of: u64,
    /// Some of them were restarted before the rollout began as well.
    pub before_rollout: bool,
}

/// The only node on which a failure is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeCompared {
    /// Its name.
    pub node: Clean,
    /// Pods of the revision on it that fail.
    pub failing: u64,
    /// Pods of the revision on it that are well, and for long enough that they would have failed.
    pub healthy_here: u64,
    /// The same on other nodes.
    pub healthy_elsewhere: u64,
}

impl Comparison {
    /// Whether there was anything to compare with.
    pub fn is_empty(&self) -> bool {
        self.old_pods.is_none() && self.node.is_none()
    }

    /// Whose concern it makes the failure, if it tells: what breaks under both revisions at the same time, or on one
    /// node only, is not the change's doing. Few pods prove nothing.
    pub fn attribution(&self) -> Option<Attribution> {
        let breaks_alike = self
            .old_pods
            .is_some_and(|old| old.same > 0 && old.same * 2 >= old.of && !old.before_rollout);
        (breaks_alike || self.bad_node().is_some()).then_some(Attribution::Platform)
    }

    /// The node on which alone it breaks, while enough pods elsewhere are well.
    pub fn bad_node(&self) -> Option<&Clean> {
        let is_bad = |node: &&NodeCompared| {
            node.failing >= 2 && node.healthy_here == 0 && node.healthy_elsewhere >= 2
        };
        self.node.as_ref().filter(is_bad).map(|node| &node.node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old(same: u64, of: u64, before_rollout: bool) -> Comparison {
        let old_pods = Some(OldPodsCompared { same, of, before_rollout });
        Comparison { old_pods, node: None }
    }

    fn node(failing: u64, healthy_here: u64, healthy_elsewhere: u64) -> Comparison {
        let node = Clean::from_static("node-1");
        let node = Some(NodeCompared { node, failing, healthy_here, healthy_elsewhere });
        Comparison { old_pods: None, node }
    }

    #[test]
    fn what_breaks_under_both_revisions_at_once_is_not_the_changes_doing() {
        for (comparison, expected) in [
            (old(1, 2, false), Some(Attribution::Platform)),
            (old(1, 3, false), None),
            (old(2, 2, true), None),
            (Comparison::default(), None),
        ] {
            assert_eq!(comparison.attribution(), expected, "{comparison:?}");
        }
    }

    #[test]
    fn one_node_is_at_fault_only_if_several_pods_on_each_side_say_so() {
        for (comparison, expected) in [
            (node(2, 0, 2), Some(Attribution::Platform)),
            (node(1, 0, 5), None),
            (node(2, 1, 5), None),
            (node(2, 0, 1), None),
        ] {
            assert_eq!(comparison.attribution(), expected, "{comparison:?}");
        }
    }
}
