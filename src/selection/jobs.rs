//! Which Jobs matter to whoever looks at the present: active ones, and those that failed a short while ago and were not
//! followed by a success (contract, "Commands", `check`).

use std::time::Duration;

use super::Listed;
use crate::model::{ServerTime, Uid};

/// How long a failure matters.
const RECENT: Duration = Duration::from_secs(3600);

/// A Job as far as it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobState {
    /// What makes Jobs like it, e.g. its CronJob; `None` where nothing does.
    pub owner: Option<Uid>,
    /// When it was created; `None` where that is not told.
    pub created: Option<ServerTime>,
    /// When it failed.
    pub failed: Option<ServerTime>,
    /// It completed.
    pub is_complete: bool,
}

/// Leaves the Jobs out that matter no more at the time `now`, where that is known.
pub(super) fn current(listed: &[Listed], now: Option<ServerTime>) -> Vec<&Listed> {
    let is_followed = |job: &JobState| {
        let others = listed.iter().filter_map(|other| other.job.as_ref());
        job.owner.is_some()
            && others
                .filter(|other| other.is_complete && other.owner == job.owner)
                .any(|other| other.created > job.created)
    };
    let matters = |job: &JobState| match job.failed {
        _ if job.is_complete => false,
        None => true,
        Some(failed) => now.is_none_or(|now| now.since(failed) <= RECENT) && !is_followed(job),
    };
    listed.iter().filter(|one| one.job.as_ref().is_none_or(matters)).collect()
}
