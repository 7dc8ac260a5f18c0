//! What becomes of a target that failed, beyond its report.

use crate::text::words;

words! {
    /// What is done after a failure, as `--on-failure` takes it.
    #[derive(Default)]
    pub enum OnFailure {
        /// Nothing: it is reported.
        #[default]
        None = "none",
        /// Each target that failed goes back to the revision before.
        Rollback = "rollback",
        /// So does every other target of the release that the run saw change.
        RollbackAll = "rollback-all",
    }
}

impl OnFailure {
    /// Whether anything is written to the cluster.
    pub const fn writes(self) -> bool {
        !matches!(self, Self::None)
    }
}

words! {
    /// How far the write of a rollback came.
    pub enum RollbackWrite {
        /// The template of the revision before is in place.
        Done = "done",
        /// Nothing was written.
        NotDone = "not_done" / "not done",
        /// It was on its way when the run had to end, or its answer was lost and could not be found out.
        Unknown = "unknown",
        /// It would have been written; a replay writes nothing.
        Planned = "planned",
    }
}

words! {
    /// Why a target is not rolled back.
    pub enum Refusal {
        /// Nothing proves that the new revision is at fault.
        Unproven = "unproven",
        /// A signal ended the run before the write.
        Interrupted = "interrupted",
        /// A newer rollout replaced the one that was watched, on this target or another of the release.
        Superseded = "superseded",
        /// The revision before does not run the expected image either.
        WrongImage = "wrong-image",
        /// The cause is the platform's, which no other revision repairs.
        Platform = "platform",
        /// Only Deployments, StatefulSets and DaemonSets are rolled back.
        Kind = "unsupported-kind",
        /// The run did not see it change.
        Unchanged = "unchanged",
        /// The rollout began long before the run.
        Older = "older-rollout",
        /// The rollout is paused.
        Paused = "paused",
        /// A controller applies what a repository says, again and again.
        GitOps = "gitops",
        /// Pods keep their revision until someone deletes them.
        OnDelete = "on-delete",
        /// There is no revision before.
        NoRevision = "no-revision",
        /// Pods of the revision before were broken already when the run began.
        BrokenBefore = "broken-before",
        /// Pods of the revision before broke in the same way.
        BrokenAlike = "broken-alike",
        /// A pod of an older revision blocks the update, and would block this one.
        Blocked = "blocked",
        /// The workload is gone, or another has its name.
        Deleted = "deleted",
        /// The account may not write.
        Forbidden = "forbidden",
        /// The API server does not take the template.
        Rejected = "rejected",
        /// Others kept writing at the same time.
        Conflict = "conflict",
        /// The API server could not be reached.
        Unreachable = "api-unavailable",
        /// A report could not be written, and the evidence must be safe first.
        ReportUnwritable = "report-unwritable",
    }
}
