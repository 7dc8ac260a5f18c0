//! Whether a target may go back to the revision before, and to which one (contract, "Rollback").
//!
//! It is decided when the run is, from what was seen until then; whoever writes looks once more for an [`obstacle`].

use std::time::Duration;

use super::{
    Attribution, Cause, Finding, FindingState, Gate, ReasonCode, Verdict,
    history::{Deployer, NoWayBack, WayBack},
    kind::{self, Standing},
};
use crate::{
    evidence::RevisionName,
    model::{Elapsed, Namespace, ObjectName, Pod, TemplateDigest, Uid, Workload},
    text::Clean,
    vocabulary::Refusal,
};

/// A way back that may be gone, while the workload and its template are as they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restore {
    /// The workload.
    pub workload: Uid,
    /// The template that failed: if it has changed, somebody else decides.
    pub failed: TemplateDigest,
    /// The hash that pods of the failed revision carry; `None` where each revision has a controller of its own, or none
    /// was made.
    pub failed_hash: Option<Box<str>>,
    /// The object that holds the template to restore.
    pub to: RevisionName,
    /// Its name, for people.
    pub name: Clean,
    /// Its number, as `kubectl rollout history` has it.
    pub number: u64,
    /// Its pods were available while the run lasted; else it is only not known to be bad.
    pub is_known_good: bool,
    /// The Helm release, and its namespace, that still records what failed; `None` where Helm did not deploy it.
    pub helm: Option<(ObjectName, Namespace)>,
    /// The template is applied on the server's side, so that what is restored is a conflict for the next apply that differs.
    pub is_applied: bool,
}

#[cfg(test)]
impl Restore {
    /// The way back to `app-1` from a template with this digest.
    pub(crate) fn sample(failed: TemplateDigest) -> Self {
        Self {
            workload: Uid::new("d1"),
            failed,
            failed_hash: None,
            to: RevisionName { name: "app-1".into(), uid: Uid::new("r1") },
            name: Clean::from_static("app-1"),
            number: 1,
            is_known_good: true,
            helm: None,
            is_applied: false,
        }
    }
}

/// What the workload itself says against a rollback.
pub fn obstacle(workload: &Workload) -> Option<Refusal> {
    match () {
        () if !kind::can_be_rolled_back(workload.kind()) => Some(Refusal::Kind),
        () if Deployer::of(workload.metadata()) == Deployer::GitOps => Some(Refusal::GitOps),
        () if kind::standing(workload) == Standing::Paused => Some(Refusal::Paused),
        () if kind::is_on_delete(workload) => Some(Refusal::OnDelete),
        () => None,
    }
}

impl Gate {
    /// Whether the verdict calls for a rollback: the revision is proven bad, and the one before can be better.
    ///
    /// # Errors
    /// Why it does not.
    pub fn calls_for_rollback(&self, findings: &[Finding]) -> Result<(), Refusal> {
        let decision = self.decision.as_ref().ok_or(Refusal::Unproven)?;
        let confirmed = || findings.iter().filter(|of| of.state == FindingState::Confirmed);
        match decision.verdict {
            Verdict::Failed => {}
            Verdict::TimedOut if confirmed().any(is_of_revision) => {}
            Verdict::Superseded => return Err(Refusal::Superseded),
            Verdict::Interrupted => return Err(Refusal::Interrupted),
            Verdict::Inconclusive if decision.code == Some(ReasonCode::Paused) => {
                return Err(Refusal::Paused);
            }
            Verdict::TimedOut | Verdict::Inconclusive | Verdict::Passed => {
                return Err(Refusal::Unproven);
            }
        }
        if confirmed().any(|finding| finding.cause == Cause::WrongImage) {
            return Err(Refusal::WrongImage);
        }
        // the first is the one that decided
        match confirmed().next() {
            Some(first) if first.attribution != Attribution::Platform => Ok(()),
            Some(_) if self.leftovers.are_blocking() => Err(Refusal::Blocked),
            // what older pods do too is nobody's new fault
            Some(first) if self.old_pods.alike(first.cause).is_some() => Err(Refusal::BrokenAlike),
            Some(_) => Err(Refusal::Platform),
            None => Ok(()),
        }
    }

    /// The way back, by the rules that bind every target of a release.
    ///
    /// # Errors
    /// Why there is none.
    pub fn restore(&self, findings: &[Finding]) -> Result<Restore, Refusal> {
        if !kind::can_be_rolled_back(self.target.kind.kind()) {
            return Err(Refusal::Kind);
        }
        if let Some(obstacle) = self.obstacle {
            return Err(obstacle);
        }
        let pin = self.pin.as_ref().ok_or(Refusal::NoRevision)?;
        if !self.is_rollout_of_run() {
            return Err(Refusal::Older);
        }
        if self.leftovers.are_blocking() {
            return Err(Refusal::Blocked);
        }
        let is_against =
            |of: &&Finding| matches!(of.state, FindingState::Confirmed | FindingState::Suspected);
        let found: Vec<&Finding> = findings.iter().filter(is_against).collect();
        let back = self.history.way_back(|revision| self.broke_alike(revision, &found));
        let WayBack { object, name, number, is_known_good, .. } =
            back.map_err(|none| match none {
                NoWayBack::NoRevision => Refusal::NoRevision,
                NoWayBack::BrokenBefore => Refusal::BrokenBefore,
                NoWayBack::BrokenAlike => Refusal::BrokenAlike,
            })?;
        let helm = match self.history.deployer() {
            Deployer::Helm { release, namespace } => {
                let namespace = namespace.as_ref().unwrap_or(&self.target.namespace);
                Some((release.clone(), namespace.clone()))
            }
            Deployer::Kubectl | Deployer::GitOps => None,
        };
        Ok(Restore {
            workload: pin.workload.clone(),
            failed: pin.template,
            failed_hash: pin.revision.as_ref().and_then(|revision| revision.id.hash.clone()),
            to: object,
            name,
            number,
            is_known_good,
            helm,
            is_applied: self.history.is_applied(),
        })
    }

    /// Whether the run saw the rollout under way: it had not come to its end when the run began.
    pub fn saw_change(&self) -> bool {
        self.revision_judged().is_some_and(|revision| !revision.complete_at_start)
    }

    /// Whether the rollout began during this run, or less than the timeout before it, by the server's time.
    fn is_rollout_of_run(&self) -> bool {
        if self.awaiting.has_come() {
            return true;
        }
        let began = self.revision_judged().and_then(|revision| revision.began);
        let age: Option<Duration> =
            began.and_then(|began| self.server_clock.age(began, Elapsed::ZERO));
        age.is_some_and(|age| age < self.policy.timeout)
    }
}

fn is_of_revision(finding: &Finding) -> bool {
    match finding.attribution {
        Attribution::Application | Attribution::Configuration => true,
        Attribution::Platform | Attribution::Unknown => false,
    }
}

/// The pods of the failed revision that keep an ordered update from going back, the highest ordinal first: the controller
/// waits for each pod that is not ready before it replaces any (kubernetes#67250). Before it has seen the restored template
/// there are none, since it would make them anew from the one that failed.
///
/// `None` once it is over: no pod of that revision is left, or the controller waits for none.
pub fn blocking_restore<'a>(
    workload: &Workload,
    pods: &'a [Pod],
    restore: &Restore,
) -> Option<Vec<&'a Pod>> {
    let Workload::StatefulSet(set) = workload else { return None };
    let failed = restore.failed_hash.as_ref().filter(|_| set.is_ordered())?;
    if workload.template().digest == restore.failed {
        // somebody wants it again
        return None;
    }
    if !kind::is_observed(workload) || set.status.update_revision == *failed {
        return Some(Vec::new());
    }
    let is_left = |pod: &&Pod| {
        pod.metadata.controller() == Some(&restore.workload)
            && pod.metadata.labels.revision_hash.as_ref() == Some(failed)
    };
    let left: Vec<&Pod> = pods.iter().filter(is_left).collect();
    if left.is_empty() {
        return None;
    }
    let waits = |pod: &&Pod| !pod.is_ready() && !pod.metadata.is_terminating();
    let mut blocking: Vec<&Pod> = left.into_iter().filter(waits).collect();
    blocking.sort_by_key(|pod| std::cmp::Reverse(set.ordinal_of(&pod.metadata.name)));
    Some(blocking)
}
