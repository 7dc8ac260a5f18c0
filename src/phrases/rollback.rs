//! What a rollback did, or why nothing was done and what is left to do by hand.

use std::time::Duration;

use super::{Account, NextStep, first_few, length, undo};
use crate::{
    clean,
    model::{Kind, Namespace, ObjectName, TargetRef},
    text::Clean,
    vocabulary::Refusal,
};

/// Pods that are named.
const NAMED: usize = 5;

/// Why a target is not rolled back, and what to do by hand. `told`: the API server's own words, where it refused.
pub fn refused(
    refusal: Refusal,
    target: &TargetRef,
    timeout: Duration,
    told: Option<&Clean>,
) -> Account {
    Account { reason: why(refusal, target, timeout, told), next_step: by_hand(refusal, target) }
}

fn why(refusal: Refusal, target: &TargetRef, timeout: Duration, told: Option<&Clean>) -> Clean {
    let why = match refusal {
        Refusal::Unproven => "nothing proves that the new revision is at fault",
        Refusal::Interrupted => "the run was ended first",
        Refusal::Superseded => "a newer rollout has replaced the one that failed",
        Refusal::WrongImage => "another revision would not run the expected image either",
        Refusal::Platform => "the cause is in the platform, not in this revision",
        Refusal::Kind => "only Deployments, StatefulSets and DaemonSets are rolled back",
        Refusal::Unchanged => "this run did not see it change",
        Refusal::Older => {
            return clean!(
                "not rolled back: its rollout is not known to have begun in this run or less than {} before it",
                length(timeout)
            );
        }
        Refusal::Paused => "its rollout is paused",
        Refusal::GitOps => "a GitOps controller manages it and would undo the rollback",
        Refusal::OnDelete => "its update strategy is OnDelete, so no pod would be replaced",
        Refusal::NoRevision => "there is no earlier revision to go back to",
        Refusal::BrokenBefore => "pods of the revision before were broken before the run began",
        Refusal::BrokenAlike => "pods of the revision before broke in the same way",
        Refusal::Blocked => {
            "a pod of an older revision blocks the update, and would block this too"
        }
        Refusal::Deleted => "the workload was deleted or replaced in the meantime",
        Refusal::Forbidden => {
            return clean!("not rolled back: the account may not patch {}{}", target, after(told));
        }
        Refusal::Rejected => {
            return clean!("not rolled back: the API server rejected the template{}", after(told));
        }
        Refusal::Conflict => "others kept changing the workload at the same time",
        Refusal::Unreachable => {
            return clean!("not rolled back: the API server did not answer{}", after(told));
        }
        Refusal::ReportUnwritable => "a report could not be written, and evidence comes first",
    };
    clean!("not rolled back: {}", Clean::from_static(why))
}

fn after(told: Option<&Clean>) -> Clean {
    told.map(|told| clean!(": {}", told)).unwrap_or_default()
}

fn by_hand(refusal: Refusal, target: &TargetRef) -> NextStep {
    let undo = undo::kubectl(target, None);
    let resume = clean!("kubectl rollout resume {} -n {}", target, target.namespace);
    match refusal {
        Refusal::Unproven => NextStep::from_static(
            "check what was found; if the new revision is at fault, roll back by hand",
        ),
        Refusal::Interrupted => NextStep::from_static("to roll back by hand").with(undo),
        Refusal::Superseded | Refusal::Deleted => {
            NextStep::from_static("let the run of the newer rollout decide")
        }
        Refusal::WrongImage => NextStep::from_static("push and apply the expected image"),
        Refusal::Platform => NextStep::from_static("fix the platform, then deploy again"),
        Refusal::Kind => match target.kind.kind() {
            Kind::Rollout => NextStep::from_static("abort and undo it by hand").with(undo),
            Kind::Job => NextStep::from_static("fix the Job and create it again"),
            _ => NextStep::from_static("apply the previous manifest by hand"),
        },
        Refusal::Unchanged => NextStep::default(),
        Refusal::Older => {
            NextStep::from_static("if the revision before worked, roll back by hand").with(undo)
        }
        Refusal::Paused => {
            NextStep::from_static("resume the rollout, then roll back by hand").with(resume)
        }
        Refusal::GitOps => NextStep::from_static("revert the commit"),
        Refusal::OnDelete => NextStep::from_static(
            "roll back by hand, then delete the pods of the failed revision one by one",
        )
        .with(undo),
        Refusal::NoRevision | Refusal::BrokenBefore => {
            NextStep::from_static("fix the revision and deploy again")
        }
        Refusal::BrokenAlike => NextStep::from_static("fix what both revisions depend on"),
        Refusal::Blocked => {
            NextStep::from_static("delete that pod: the update goes on then")
        }
        Refusal::Forbidden => NextStep::from_static(
            "grant what `deploygate access --on-failure rollback` lists; until then roll back by hand",
        )
        .with(undo),
        Refusal::Rejected | Refusal::Conflict | Refusal::Unreachable => {
            NextStep::from_static("roll back by hand").with(undo)
        }
        Refusal::ReportUnwritable => {
            NextStep::from_static("free disk space or correct the path, then roll back by hand")
                .with(undo)
        }
    }
}

/// `revision app-5d4f (number 3)`.
fn revision(name: &Clean, number: u64) -> Clean {
    clean!("revision {} (number {})", name, number)
}

/// The template of a revision before is in place.
pub fn done(name: &Clean, number: u64, is_known_good: bool) -> Clean {
    clean!("rolled back to {}{}", revision(name, number), health(is_known_good))
}

/// What a live run would have done.
pub fn planned(name: &Clean, number: u64, is_known_good: bool) -> Clean {
    let health = health(is_known_good);
    clean!("would be rolled back to {}{}; a replay writes nothing", revision(name, number), health)
}

/// Nobody knows whether the write was done.
pub fn unknown(name: &Clean, number: u64, target: &TargetRef) -> Account {
    let reason = clean!(
        "it is not known whether the rollback to {} was written: the run ended, or the answer was lost",
        revision(name, number)
    );
    let status = clean!("kubectl rollout history {} -n {}", target, target.namespace);
    let next_step = NextStep::from_static("check which revision runs").with(status);
    Account { reason, next_step }
}

fn health(is_known_good: bool) -> Clean {
    match is_known_good {
        true => Clean::default(),
        false => Clean::from_static(", which is not known to have been healthy"),
    }
}

/// What others still take for the state of things: Helm does not know that its release was rolled back, and the server
/// remembers who wrote a field last.
pub fn left(helm: Option<&(ObjectName, Namespace)>, is_applied: bool) -> NextStep {
    let conflicts = Clean::from_static(
        "the next server-side apply of other values needs `--force-conflicts`, since deploygate wrote them last",
    );
    match helm {
        None if is_applied => NextStep::new(conflicts),
        None => NextStep::default(),
        Some((release, namespace)) => {
            let records = clean!("Helm still records the failed release {}", release);
            let what = if is_applied { clean!("{}; {}", records, conflicts) } else { records };
            NextStep::new(what).with(undo::helm(release, namespace))
        }
    }
}

/// A pod of the failed revision stays, and the ordered update waits for it.
pub fn blocked_by(pod: &Clean, namespace: &Clean) -> Account {
    let reason = clean!("template restored, blocked by {}: the account may not delete pods", pod);
    let delete = clean!("kubectl delete pod {} -n {}", pod, namespace);
    let next_step = NextStep::from_static("delete the pod so that the rollback goes on");
    Account { reason, next_step: next_step.with(delete) }
}

/// The way back is about to be written: progress.
pub fn begins(target: &TargetRef, name: &Clean, number: u64, is_known_good: bool) -> Clean {
    let health = health(is_known_good);
    clean!("rolling back {} to {}{}", target, revision(name, number), health)
}

/// A pod of the failed revision was deleted so that the ordered update goes on: progress.
pub fn pod_deleted(pod: &Clean) -> Clean {
    clean!("deleted pod {} of the failed revision, which was not ready", pod)
}

/// What was done, with the pods that had to go for it.
pub fn with_deleted(done: &Clean, pods: &[Clean]) -> Clean {
    let noun = if pods.len() == 1 { "pod" } else { "pods" };
    let noun = Clean::from_static(noun);
    match pods {
        [] => done.clone(),
        _ => clean!("{}; deleted {} {} of the failed revision", done, noun, first_few(pods, NAMED)),
    }
}

/// The template is in place, and nothing more is known.
pub fn unwatched(done: &Clean) -> Clean {
    unhealthy(done, &Clean::from_static("the run ended before the watch of it"))
}

/// The revision before serves again.
pub fn healthy(done: &Clean, window: Duration) -> Clean {
    clean!("{}; healthy for {}", done, length(window))
}

/// The revision before failed, too.
pub fn failed(done: &Clean, why: &Clean) -> Clean {
    clean!("{}, but it failed too: {}", done, why)
}

/// How long a rollback may take after the longest run: said at the start.
pub fn may_take(longest: Duration) -> Clean {
    clean!("a rollback after a failure may take up to {} more", length(longest))
}

/// The revision before did not come up, or was not watched to the end.
pub fn unhealthy(done: &Clean, why: &Clean) -> Clean {
    clean!("{}, but it is not known to be healthy: {}", done, why)
}

/// A permission that a rollback needs is missing: said before the watch.
pub fn may_not(verb: &Clean, what: &Clean) -> Clean {
    clean!("warning: the account may not {} {}, so `--on-failure` may not roll back", verb, what)
}
