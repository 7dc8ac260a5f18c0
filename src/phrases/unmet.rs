//! What a rollout that is not complete waits for.

use std::time::Duration;

use super::{counted, counted_of, kind::Words, waiting::not_ready_for};
use crate::{clean, model::Kind, text::Clean};

/// A condition of completeness that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// The controller has not seen the change.
    Generation,
    /// There is no new revision.
    NoRevision {
        /// Old pods that are still there.
        old: u64,
    },
    /// The new revision has no number yet.
    Revision,
    /// The object of the new revision is not scaled to all its pods.
    Size,
    /// The numbers of the controller lag behind.
    Counts {
        /// Pods of the new revision, by the workload's status.
        updated: i64,
        /// All pods, by the workload's status.
        total: i64,
        /// Available pods, by the workload's status.
        available: i64,
        /// Pods that should run.
        desired: u64,
    },
    /// New pods are not ready, or not there.
    Pods {
        /// New pods that are ready.
        ready: u64,
        /// How many must be.
        needed: u64,
        /// New pods that exist.
        active: u64,
        /// How many should.
        desired: u64,
    },
    /// New pods are ready, but not for long enough.
    MinReadySeconds {
        /// New pods that have been ready for so long.
        available: u64,
        /// How many must have been.
        needed: u64,
        /// How long, in seconds.
        seconds: i64,
    },
    /// Pods cannot be created.
    ReplicaFailure,
    /// Old pods are still there.
    OldPods {
        /// How many.
        old: u64,
    },
    /// Too many nodes of those that should run a pod are not ready.
    LostNodes {
        /// Those that are not.
        lost: u64,
        /// All.
        wanted: u64,
    },
    /// Steps of an Argo Rollout are not done.
    Steps {
        /// Those that are.
        done: u64,
        /// All.
        all: u64,
    },
    /// The new revision is not the one that serves.
    Promotion,
    /// The status of a custom resource does not call it complete.
    Status,
    /// A Job has not completed.
    Completions {
        /// Pods that succeeded, by the Job's status.
        succeeded: i64,
        /// How many must.
        completions: i64,
        /// Pods that failed, by the Job's status.
        failed: i64,
        /// Pods that exist and have not ended.
        active: u64,
    },
}

impl Unmet {
    /// What a workload of this kind waits for: `2 old pods to terminate`.
    pub fn words(self, kind: Kind) -> Clean {
        let words = Words::of(kind);
        match self {
            Self::Generation => clean!("the {} controller to see the change", words.kind),
            Self::NoRevision { old: 0 } => clean!("the new {}", words.revision),
            Self::NoRevision { old } => {
                clean!("the new {} ({} still there)", words.revision, counted(old, "old pod"))
            }
            Self::Revision => clean!("the revision number of the new {}", words.revision),
            Self::Size => clean!("the new {} to reach its full size", words.revision),
            Self::Counts { updated, total, available, desired } => clean!(
                "the {}'s status: {} of {} updated, {} of {} available, {} in total",
                words.kind,
                updated,
                desired,
                available,
                desired,
                total
            ),
            Self::Pods { ready, needed, active, desired } if active != desired => {
                clean!("new pods: {} of {} ready, {} of {} created", ready, needed, active, desired)
            }
            Self::Pods { ready, needed, .. } => {
                clean!("new pods to be ready: {} of {}", ready, needed)
            }
            Self::MinReadySeconds { available, needed, seconds } => clean!(
                "new pods to be ready for minReadySeconds={}: {} of {}",
                seconds,
                available,
                needed
            ),
            Self::ReplicaFailure => clean!("the new {} to create its pods", words.revision),
            Self::OldPods { old } => clean!("{} to terminate", counted(old, "old pod")),
            Self::LostNodes { lost, wanted } => {
                clean!("lost nodes to return: {} of {} not ready", lost, wanted)
            }
            Self::Steps { done, all } => {
                clean!("the {}'s steps: {} of {} done", words.kind, done, all)
            }
            Self::Promotion => {
                clean!("the {} controller to promote the new {}", words.kind, words.revision)
            }
            Self::Status => Clean::from_static("its status to be complete"),
            Self::Completions { succeeded, completions, failed, active } => clean!(
                "the Job to complete: {} succeeded, {} failed, {} active",
                counted_of(
                    u64::try_from(succeeded).unwrap_or(0),
                    u64::try_from(completions).unwrap_or(0),
                    "pod"
                ),
                failed,
                active
            ),
        }
    }

    /// What is wrong, where nothing explains it: `1 old pod has not terminated`.
    pub fn obstacle(self, kind: Kind) -> Clean {
        let Words { kind, revision } = Words::of(kind);
        match self {
            Self::Generation => clean!("the {} controller has not taken up the change", kind),
            Self::NoRevision { .. } => {
                clean!("the {} controller has not created the new {}", kind, revision)
            }
            Self::Revision | Self::Size | Self::Counts { .. } => {
                clean!("the {}'s status lags behind its pods", kind)
            }
            Self::Pods { active, desired, .. } if active < desired => {
                let missing = desired - active;
                clean!(
                    "{} {} not been created, and no reason is reported",
                    counted_of(missing, desired, "new pod"),
                    has(missing)
                )
            }
            Self::Pods { ready, needed, .. } => {
                clean!("{} are ready", counted_of(ready, needed, "new pod"))
            }
            Self::MinReadySeconds { seconds, .. } => {
                let length = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
                not_ready_for(length, None)
            }
            Self::ReplicaFailure => clean!("the new {} cannot create its pods", revision),
            Self::OldPods { old } => {
                clean!("{} {} not terminated", counted(old, "old pod"), has(old))
            }
            Self::LostNodes { lost, wanted } => {
                clean!("{} not ready", counted_of(lost, wanted, "node"))
            }
            Self::Steps { done, all } => {
                clean!("{} of the {} are done", done, counted(all, "step"))
            }
            Self::Promotion => {
                clean!("the {} controller has not promoted the new {}", kind, revision)
            }
            Self::Status => Clean::from_static("its status does not call it complete"),
            Self::Completions { .. } => clean!("the {} has not completed", kind),
        }
    }
}

/// The verb for so many.
fn has(count: u64) -> Clean {
    Clean::from_static(if count == 1 { "has" } else { "have" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pod_has_and_several_have_not_been_created() {
        let pods = |active| Unmet::Pods { ready: 0, needed: 3, active, desired: 3 };
        let told = [pods(2), pods(1), pods(3), Unmet::OldPods { old: 1 }];
        let expected = [
            "1 of 3 new pods has not been created, and no reason is reported",
            "2 of 3 new pods have not been created, and no reason is reported",
            "0 of 3 new pods are ready",
            "1 old pod has not terminated",
        ];
        assert_eq!(told.map(|unmet| unmet.obstacle(Kind::Deployment).to_string()), expected);
    }
}
