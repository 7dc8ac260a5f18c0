//! Jobs: they have one revision, themselves, and end by their own decision.

use super::{Counts, Ending, Standing, Unmet};
use crate::{
    gate::Cause,
    model::{Job, JobEnding},
    phrases::{self, kubernetes::told},
    text::Untrusted,
};

/// Whether it may run. A Job that has ended is not suspended any more.
pub(super) fn standing(job: &Job) -> Standing {
    match u64::try_from(job.spec.parallelism.unwrap_or(1)) {
        _ if job.spec.suspend && job.ending().is_none() => Standing::Paused,
        Ok(desired) => Standing::Runs { desired: desired.max(1) },
        Err(_) => Standing::Runs { desired: 1 },
    }
}

/// How it ended.
pub(super) fn ending(job: &Job) -> Option<Ending> {
    let status = &job.status;
    Some(match job.ending()? {
        JobEnding::Complete(condition) => {
            let told = told(&condition.reason, &condition.message);
            let at = status.completion_time.or(condition.last_transition_time);
            Ending::Complete { how: told, at }
        }
        JobEnding::Failed(condition) => {
            let told = told(&condition.reason, &condition.message);
            let indexes = status.failed_indexes.as_deref().filter(|indexes| !indexes.is_empty());
            let indexes = indexes.map(|indexes| Untrusted::from(indexes).to_clean_line(200));
            Ending::Failed { why: phrases::verdict::job_failed(&told, indexes.as_ref()) }
        }
    })
}

/// What it waits for until it ends.
pub(super) fn unmet(job: &Job, counts: &Counts) -> Vec<Unmet> {
    let (succeeded, failed) = (job.status.succeeded, job.status.failed);
    let completions = job.spec.completions.unwrap_or(1);
    vec![Unmet::Completions { succeeded, completions, failed, active: counts.active }]
}

/// Whether a cause fails the Job before it ends: what no further attempt can mend. A pod that crashes is an attempt.
pub(super) const fn fails_early(cause: Cause) -> bool {
    match cause {
        Cause::WrongImage
        | Cause::Image
        | Cause::ImageName
        | Cause::Config
        | Cause::Container
        | Cause::Create
        | Cause::Pending
        | Cause::Mount
        | Cause::Sandbox
        | Cause::StartError
        | Cause::Stalled
        | Cause::Condition
        | Cause::JobFailed => true,
        Cause::OomKilled
        | Cause::Liveness
        | Cause::Startup
        | Cause::PostStart
        | Cause::CrashLoop
        | Cause::Exited
        | Cause::Evicted
        | Cause::Platform
        | Cause::NotReady => false,
    }
}
