//! What is remembered of the pods of old revisions, for failures to be compared with.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Cause,
    reading::symptoms,
    revision::RevisionId,
    sight::ended_by_itself,
    termination::{self, Ending},
};
use crate::{
    evidence::{OldPodsCompared, PodName},
    model::{Container, ContainerStatus, Phase, Pod, Role, ServerTime, Termination, Uid},
};

/// Old pods that are remembered for what they did.
const BROKEN: usize = 100;

/// What is remembered of the pods of old revisions: next to nothing, since they never fail the gate.
#[derive(Debug, Default)]
pub(super) struct OldPods {
    /// The old revisions, those that are gone included: their pods may still be ending.
    revisions: BTreeSet<RevisionId>,
    /// The most pods of them that there were at a time.
    most: u64,
    /// One that is ready, of the revision that is compared with.
    sample: Option<PodName>,
    /// When the deletion of those that are ending was asked for; `None` where only the last state was seen.
    ending: BTreeMap<Uid, Option<ServerTime>>,
    /// Those that had trouble before deploygate started.
    troubled: BTreeSet<Uid>,
    /// In which ways pods broke since the rollout began.
    broken: BTreeMap<Uid, Broken>,
}

#[derive(Clone, Debug, Default)]
struct Broken {
    /// The revision of the pod.
    revision: Option<RevisionId>,
    /// By runs that ended: what was seen stays seen.
    ended: BTreeSet<Cause>,
    /// As the last reading shows it: that may heal.
    shown: BTreeSet<Cause>,
}

impl Broken {
    fn is_by(&self, cause: Cause) -> bool {
        self.ended.contains(&cause) || self.shown.contains(&cause)
    }
}

impl OldPods {
    /// Adds the old revisions, as last read. Before the new one was known, it was among them.
    pub(super) fn add_revisions(&mut self, old: Vec<RevisionId>, new: Option<&RevisionId>) {
        self.revisions.extend(old);
        if let Some(new) = new {
            self.revisions.remove(new);
        }
    }

    /// Takes in how many pods of old revisions there are.
    pub(super) fn count(&mut self, pods: u64) {
        self.most = self.most.max(pods);
    }

    /// Whether a pod belongs to an old revision.
    pub(super) fn include(&self, pod: &Pod) -> bool {
        self.revisions.iter().any(|id| id.owns(pod))
    }

    /// A pod that is not of the revision. `began` is when the rollout did.
    pub(super) fn observe(
        &mut self,
        pod: &Pod,
        before: Option<&RevisionId>,
        began: Option<ServerTime>,
        at_start: bool,
    ) {
        let Some(began) = began.filter(|_| self.include(pod)) else { return };
        let uid = &pod.metadata.uid;
        if before.is_some_and(|before| before.owns(pod)) && self.sample.is_none() && pod.is_ready()
        {
            self.sample = Some(PodName { name: pod.metadata.name.clone(), uid: uid.clone() });
        }
        let requested = self.requested(pod);
        let mut broken = Broken::default();
        for (role, container, status) in pod.containers() {
            let Some(status) = status else { continue };
            let ended = ends_since(status, began);
            if at_start && u64::from(status.restart_count) > ended.len() as u64 {
                self.troubled.insert(uid.clone());
            }
            let unasked = ended.into_iter().filter(|end| match requested {
                Request::None => true,
                Request::At(requested) => ended_by_itself(end, Some(requested)),
                // how much of its grace it took is not known
                Request::Missed => false,
            });
            broken.ended.extend(unasked.flat_map(|end| causes(end, pod, role, container)));
            if status.is_running() && !status.ready && lost_readiness(pod, began) {
                broken.shown.insert(Cause::NotReady);
            }
        }
        // pods that failed long ago are kept for a while
        if matches!(pod.status.phase, Phase::Pending | Phase::Running) {
            let symptoms = symptoms(pod);
            if at_start && !symptoms.is_empty() {
                self.troubled.insert(uid.clone());
            }
            broken.shown.extend(symptoms.into_iter().map(|symptom| symptom.cause));
        }
        self.remember(pod, broken);
    }

    /// A ready one of the revision that is compared with.
    pub(super) fn sample(&self) -> Option<&PodName> {
        self.sample.as_ref()
    }

    /// A pod is gone: nothing more is to be seen of its end.
    pub(super) fn leave(&mut self, uid: &Uid) {
        self.ending.remove(uid);
    }

    fn requested(&mut self, pod: &Pod) -> Request {
        if !pod.metadata.is_terminating() {
            return Request::None;
        }
        let told = pod.deletion_requested().filter(|_| pod.tells_its_deletion());
        let known = self.ending.entry(pod.metadata.uid.clone()).or_default();
        *known = [*known, told].into_iter().flatten().min();
        known.map_or(Request::Missed, Request::At)
    }

    fn remember(&mut self, pod: &Pod, broken: Broken) {
        let Broken { ended, shown, .. } = broken;
        let uid = &pod.metadata.uid;
        let is_known = self.broken.contains_key(uid);
        let is_sound = ended.is_empty() && shown.is_empty();
        if !is_known && (is_sound || self.broken.len() >= BROKEN) {
            return;
        }
        let known = self.broken.entry(uid.clone()).or_default();
        known.revision = RevisionId::of(pod);
        known.ended.extend(ended);
        known.shown = shown;
    }

    /// Whether a pod of this revision broke for the same cause.
    pub(super) fn broke_alike(&self, revision: &RevisionId, cause: Cause) -> bool {
        let broken = self.broken.values();
        let mut of_revision = broken.filter(|broken| broken.revision.as_ref() == Some(revision));
        of_revision.any(|broken| broken.is_by(cause))
    }

    /// The pods that broke for the same cause, and whether some of them had trouble before.
    pub(super) fn alike(&self, cause: Cause) -> Option<OldPodsCompared> {
        let alike = self.broken.iter().filter(|(_, broken)| broken.is_by(cause));
        let alike: Vec<&Uid> = alike.map(|(uid, _)| uid).collect();
        let same = alike.len() as u64;
        (same > 0).then(|| OldPodsCompared {
            same,
            of: self.most.max(same),
            before_rollout: alike.into_iter().any(|uid| self.troubled.contains(uid)),
        })
    }
}

/// When the deletion of an old pod was asked for.
#[derive(Clone, Copy)]
enum Request {
    /// It was not.
    None,
    At(ServerTime),
    /// Some time before its last state, the only one that was seen.
    Missed,
}

/// The runs that ended since the rollout began.
fn ends_since(status: &ContainerStatus, began: ServerTime) -> Vec<&Termination> {
    [&status.last_state, &status.state]
        .into_iter()
        .filter_map(|state| state.termination())
        .filter(|end| end.finished_at.is_some_and(|finished| finished >= began))
        .collect()
}

/// What may have caused the end of a run. No events are read of old pods, so an end like that of a kill by a rule is taken
/// for both.
fn causes(end: &Termination, pod: &Pod, role: Role, container: &Container) -> Vec<Cause> {
    if termination::is_wanted(end, role, pod.restart_policy(role, container)) {
        return Vec::new();
    }
    let told = termination::by_pod(pod, end, true);
    let ending = told.unwrap_or_else(|| termination::without_events(end, role));
    let Ending::Counted(cause) = ending else { return Vec::new() };
    let by_rule = [
        (container.liveness_probe.is_some(), Cause::Liveness),
        (container.startup_probe.is_some(), Cause::Startup),
    ];
    let by_rule = by_rule.into_iter().filter(|(has, _)| *has && termination::can_be_a_kill(end));
    by_rule.map(|(_, cause)| cause).chain([cause]).collect()
}

fn lost_readiness(pod: &Pod, began: ServerTime) -> bool {
    let ready = pod.condition("Ready");
    let is_recent = |time| time >= began;
    !pod.metadata.is_terminating()
        && pod.status.phase == Phase::Running
        && ready.is_some_and(|ready| {
            !ready.is_true() && ready.last_transition_time.is_some_and(is_recent)
        })
}
