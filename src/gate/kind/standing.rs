//! What the spec of a workload asks for, and how one ended that ends by itself.

use crate::{model::ServerTime, phrases, text::Clean};

/// What the spec of a workload asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gate) enum Standing {
    /// Its pods are to run.
    Runs {
        /// How many; at least one.
        desired: u64,
    },
    /// Its rollout is held until someone resumes it.
    Paused,
    /// An Argo Rollout has come to a point where it waits for someone.
    Held {
        /// Pods of the new revision that there are.
        pods: u64,
        /// What it waits at.
        hold: Hold,
    },
    /// No pods are wanted.
    NoReplicas,
    /// Pods are replaced only when someone deletes them, and none has been.
    OnDelete,
    /// The partition keeps every pod at its revision.
    Partitioned,
}

/// Where an Argo Rollout waits until someone lets it go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::gate) enum Hold {
    /// A pause without a length.
    Step {
        /// Its place among the steps, from 1 on.
        number: u64,
        /// All steps.
        all: u64,
    },
    /// Traffic is not switched to the new revision by itself.
    Switch,
    /// An analysis or an experiment could not decide.
    Inconclusive,
    /// The spec asks for it, at whatever point.
    Spec,
}

impl Hold {
    /// What a pass leaves open that was given here.
    pub(in crate::gate) fn accepted(self) -> Clean {
        match self {
            Self::Step { number, all } => phrases::rollout::accepted_at_step(number, all),
            Self::Switch | Self::Inconclusive | Self::Spec => {
                phrases::rollout::accepted_before_switch()
            }
        }
    }

    /// Whether someone may have wanted it, so that `--accept-pause` speaks of it.
    pub(in crate::gate) const fn is_meant(self) -> bool {
        matches!(self, Self::Step { .. } | Self::Switch)
    }
}

/// How a workload ended that comes to an end by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gate) enum Ending {
    /// It did its work.
    Complete {
        /// In its controller's words.
        how: Clean,
        /// By the server's clock.
        at: Option<ServerTime>,
    },
    /// It failed for good.
    Failed {
        /// In its controller's words.
        why: Clean,
    },
}
