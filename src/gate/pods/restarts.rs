//! What the ended runs of a container come to: whether they count, and whether they are more than are allowed.

use super::{
    runs::ContainerRecord,
    symptom::{Limit, Symptom},
    termination::{Ending, attribution},
};
use crate::{
    gate::{Attribution, Cause, Policy, texts},
    model::{Role, Termination},
    phrases,
};

/// Ended runs of a container that are worth a finding.
pub(in crate::gate) struct EndedRun {
    pub(in crate::gate) symptom: Symptom,
    pub(in crate::gate) restarts: u32,
    pub(in crate::gate) exit_code: Option<i32>,
    pub(in crate::gate) signal: Option<i32>,
    /// They count; else they are noted only.
    pub(in crate::gate) counts: bool,
    /// They are more than are allowed, or however often it is tried, it will not start.
    pub(in crate::gate) is_over: bool,
}

/// Whether no run of a container began, as far as is known, for a reason that is neither the image's nor the command's.
fn is_fault_of_runtime(record: &ContainerRecord) -> bool {
    let mut counted = record.runs.iter().filter(|run| !run.earlier).filter_map(|run| {
        let Ending::Counted(cause) = &run.ending else { return None };
        let text = run.termination.message.as_raw();
        Some(*cause == Cause::StartError && !texts::is_permanent_start_error(text))
    });
    counted.next().is_some_and(|first| first && counted.all(|other| other))
}

/// What a container's ended runs come to; `None` if there is nothing to tell.
pub(in crate::gate) fn of_container(record: &ContainerRecord, policy: &Policy) -> Option<EndedRun> {
    let restarts = record.restarts();
    let run = record.last_counted();
    if restarts > 0 {
        let cause = record.cause();
        let end = run.map(|run| &run.termination);
        let never_heals = cause == Cause::Evicted
            || (cause == Cause::StartError
                && end.is_some_and(|end| texts::is_permanent_start_error(end.message.as_raw())));
        // a fault of the runtime may be over at the next try
        let allowed = match is_fault_of_runtime(record) {
            true => policy.max_restarts.max(1),
            false => policy.max_restarts,
        };
        let message = phrases::ending::restarts(cause, end, restarts, allowed);
        // the kubelet evicts pods, not containers
        let is_of_pod = cause == Cause::Evicted;
        let attribution = match (cause, end) {
            (Cause::StartError, Some(end)) => texts::start_error_attribution(end.message.as_raw()),
            _ => attribution(cause),
        };
        let symptom = Symptom::new(cause, attribution, message, Limit::Deadline);
        let symptom = if is_of_pod { symptom } else { symptom.of(&record.name, record.role) };
        return Some(EndedRun {
            symptom,
            restarts,
            exit_code: end.map(|end| end.exit_code),
            signal: end.and_then(Termination::signal),
            counts: true,
            is_over: restarts > allowed || never_heals,
        });
    }
    let last = record.runs.last()?;
    let earlier = record.earlier_restarts();
    let (cause, message) = match &last.ending {
        Ending::Excused(why) => {
            if last.termination.exit_code == 0 && record.role == Role::Init {
                return None;
            }
            (Cause::Platform, phrases::excused(*why))
        }
        _ if last.earlier => {
            (Cause::CrashLoop, phrases::ending::earlier(&last.termination, earlier))
        }
        _ => return None,
    };
    let is_platform = cause == Cause::Platform;
    let symptom = Symptom::new(
        cause,
        if is_platform { Attribution::Platform } else { attribution(cause) },
        message,
        Limit::Deadline,
    )
    .of(&record.name, record.role);
    Some(EndedRun {
        symptom,
        restarts: 0,
        exit_code: Some(last.termination.exit_code),
        signal: last.termination.signal(),
        counts: false,
        is_over: false,
    })
}
