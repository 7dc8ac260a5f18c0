//! The write itself: it is done, it is not, or nobody can tell.

use std::{cell::Cell, time::Duration};

use super::hands::Hands;
use crate::{
    cluster::{OldTemplate, Sight, Written},
    gate::{self, Restore},
    model::TargetRef,
    observation::{FailureKind, ReadFailure},
    vocabulary::Refusal,
};

/// How often the write is tried while others write at the same time, or answers are lost.
const TRIES: u32 = 5;

/// Before the second try; each further one waits as much longer.
const PAUSE: Duration = Duration::from_millis(200);

/// What is known of a write while it lasts.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Whether it may have arrived, for whoever cannot wait for the end.
    pub(super) may_be_done: Cell<bool>,
    /// How often others wrote at the same time.
    pub(super) conflicts: Cell<u32>,
}

/// How a write ended.
#[derive(Debug)]
pub(super) enum End {
    /// The template is in place.
    Done,
    /// It is not.
    Refused(Refusal, Option<ReadFailure>),
    /// It may be.
    Unknown,
}

/// Restores the template if the workload is the one that was judged and its template still the one that failed.
///
/// Between two tries both are read again.
pub(super) async fn write(
    hands: &impl Hands,
    target: &TargetRef,
    restore: &Restore,
    progress: &Progress,
) -> End {
    let Progress { may_be_done, conflicts } = progress;
    let template = match hands.old_template(target, &restore.to).await {
        Ok(template) => template,
        Err(failure) if failure.kind == FailureKind::NotFound => {
            return End::Refused(Refusal::NoRevision, None);
        }
        Err(failure) => return End::Refused(Refusal::Unreachable, Some(failure)),
    };
    let mut last = (Refusal::Unreachable, None);
    for attempt in 0..=TRIES {
        tokio::time::sleep(PAUSE * attempt).await;
        let sight = match hands.sight(target).await {
            Ok(sight) => sight,
            Err(failure) => {
                last = (Refusal::Unreachable, Some(failure));
                continue;
            }
        };
        let sight = match still_there(sight, restore, &template, may_be_done.get()) {
            Ok(sight) => sight,
            Err(end) => return end,
        };
        // after the last try it is only looked at what became of it
        if attempt == TRIES {
            return End::Refused(last.0, last.1);
        }
        let was_lost = may_be_done.replace(true);
        let written = hands.restore(target, &sight, &template).await;
        may_be_done.set(was_lost || matches!(written, Written::Done | Written::Lost(_)));
        last = match written {
            Written::Done => return End::Done,
            Written::Forbidden(failure) => {
                return End::Refused(Refusal::Forbidden, Some(failure));
            }
            // the preconditions did not hold, which the next look tells; else the template is refused
            Written::Rejected(failure) if last.0 == Refusal::Rejected => {
                return End::Refused(Refusal::Rejected, Some(failure));
            }
            Written::Rejected(failure) => (Refusal::Rejected, Some(failure)),
            Written::Conflict => {
                conflicts.set(conflicts.get() + 1);
                (Refusal::Conflict, None)
            }
            Written::Lost(failure) => (Refusal::Unreachable, Some(failure)),
        };
    }
    match may_be_done.get() {
        true => End::Unknown,
        false => End::Refused(last.0, last.1),
    }
}

/// The workload, if it is as it was judged.
fn still_there(
    sight: Option<Sight>,
    restore: &Restore,
    template: &OldTemplate,
    may_be_done: bool,
) -> Result<Sight, End> {
    let refused = |refusal| Err(End::Refused(refusal, None));
    let Some(sight) = sight.filter(|sight| sight.workload.metadata().uid == restore.workload)
    else {
        return refused(Refusal::Deleted);
    };
    let digest = sight.workload.template().digest;
    match gate::obstacle(&sight.workload) {
        _ if may_be_done && digest == template.digest => Err(End::Done),
        // somebody wrote after a write of ours, or instead of it
        _ if digest != restore.failed && may_be_done => Err(End::Unknown),
        _ if digest != restore.failed => refused(Refusal::Superseded),
        Some(refusal) => refused(refusal),
        None => Ok(sight),
    }
}
