//! Old pods that keep the rollout from its end: those that hold the room a new one needs, and those that do not go.

use std::time::Duration;

use super::{
    Attribution, Cause, Gate, kind, names,
    reading::symptoms,
    symptom::{Awaited, Explained, Limit, Symptom},
};
use crate::{
    evidence::ChangeKind,
    model::{ContainerStatus, Pod, ServerTime, Uid, Workload},
    observation::Snapshot,
    phrases::{self, waiting},
    signs::is_about_room,
    text::Clean,
};

/// Old pods whose deletion was requested and that are named.
const NAMED: usize = 3;

/// How long a broken pod may block an ordered update.
const BLOCKING: Duration = Duration::from_secs(30);

/// The old pods as the last read showed them.
#[derive(Debug, Default)]
pub(super) struct Leftovers {
    /// One that may only go once a new pod is available, and how many others.
    keeper: Option<(Clean, usize)>,
    /// Those whose deletion was requested, the longest first.
    leaving: Vec<Leaving>,
    /// Those that the update leaves as they are.
    spared: Vec<Clean>,
    blocker: Option<Blocker>,
}

/// The pod for which the controller waits before it updates any.
#[derive(Clone, Debug)]
struct Blocker {
    uid: Uid,
    /// It was seen to have ended or to be unable to start. Between two tries it shows nothing of that.
    is_broken: bool,
}

impl Leftovers {
    /// Whether the controller waits for one of them before it updates any.
    pub(super) fn are_blocking(&self) -> bool {
        self.blocker.is_some()
    }
}

/// An old pod whose deletion was requested.
#[derive(Clone, Debug)]
pub(super) struct Leaving {
    name: Clean,
    node: Option<Clean>,
    requested: ServerTime,
    grace: Duration,
    finalizers: Vec<Clean>,
}

impl Gate {
    /// Whether it is a pod of an old revision that has not ended.
    pub(super) fn is_leftover(&self, workload: &Workload, pod: &Pod) -> bool {
        let is_waited_for = !pod.has_ended() && !self.lost_nodes.hold(pod);
        is_waited_for && self.old_pods.include(pod) && !kind::is_spared(workload, pod)
    }

    /// The pod of another revision for which the controller waits. It is judged once it has ended or cannot start; one that
    /// is merely not ready may become so until the deadline.
    pub(super) fn observe_blocking(&mut self, workload: &Workload, snapshot: &Snapshot) {
        let new = self.revision_judged().map(|revision| &revision.id);
        let Some(pod) = new.and_then(|new| kind::blocking(workload, new, snapshot)) else {
            self.leftovers.blocker = None;
            return self.findings.heal_all(Cause::Stalled);
        };
        let uid = pod.metadata.uid.clone();
        let known = self.leftovers.blocker.as_ref().filter(|known| known.uid == uid);
        let pod_name = name_of(pod);
        let has_ended = |status: &ContainerStatus| {
            status.restart_count > 0 || status.state.termination().is_some()
        };
        let is_broken = known.is_some_and(|known| known.is_broken)
            || !symptoms(pod).is_empty()
            || pod.containers().any(|(_, _, status)| status.is_some_and(has_ended));
        let limit = if is_broken { Limit::After(BLOCKING) } else { Limit::Deadline };
        let message = waiting::blocking(&pod_name);
        let symptom = Symptom::new(Cause::Stalled, Attribution::Platform, message, limit);
        let step = waiting::unblock(&pod_name, &self.namespace());
        let explained = Explained { next_step: Some(step), scene: None, only_needs_time: false };
        self.leftovers.blocker = Some(Blocker { uid: uid.clone(), is_broken });
        let ready = pod.condition("Ready").and_then(|ready| ready.last_transition_time);
        let since = ready.filter(|_| !pod.is_ready()).or(pod.metadata.created);
        self.see(&symptom, &uid, &pod_name, self.lasting_since(since));
        self.findings.explain(&symptom, explained);
    }

    pub(super) fn observe_leftovers(&mut self, workload: &Workload, snapshot: &Snapshot) {
        let old = || snapshot.pods().filter(|pod| self.is_leftover(workload, pod));
        let mut leaving: Vec<Leaving> = old().filter_map(Leaving::of).collect();
        leaving.sort_by_key(|pod| pod.requested);
        leaving.truncate(NAMED);

        let staying: Vec<&Pod> = old().filter(|pod| !pod.metadata.is_terminating()).collect();
        let ready = self.ledger.ready();
        // where the strategy is not known: fewer would be left by now if one might go
        let all_are_kept = (staying.len() + ready.count()) as u64 >= self.counts.desired;
        let keeper = staying
            .first()
            .filter(|_| kind::keeps_all_available(workload).unwrap_or(all_are_kept))
            .map(|pod| (name_of(pod), staying.len() - 1));
        let is_kept = |pod: &&Pod| self.old_pods.include(pod) && kind::is_kept(workload, pod);
        let spared = snapshot.pods().filter(is_kept).map(name_of).collect();
        let blocker = self.leftovers.blocker.take();
        self.leftovers = Leftovers { keeper, leaving, spared, blocker };
    }

    /// A symptom of a new pod that finds no room, where an old pod holds it: its going would make room for an equal one.
    pub(super) fn in_held_room(&self, symptom: &Symptom) -> Option<Awaited> {
        let (keeper, others) = self.leftovers.keeper.as_ref()?;
        if symptom.cause != Cause::Pending
            || !is_about_room(&symptom.message)
            || !self.asks_for_as_much()
        {
            return None;
        }
        let message = waiting::room_is_held(keeper, *others, &symptom.message);
        let next_step = Some(waiting::make_room());
        let explained = Explained { next_step, scene: None, only_needs_time: false };
        let attribution = Attribution::Configuration;
        let symptom = Symptom { message, attribution, ..symptom.clone() };
        Some(Awaited { symptom, explained })
    }

    /// Whether the new pods are known to ask for no more of a node than the old ones.
    fn asks_for_as_much(&self) -> bool {
        let changes = self.collection.changes();
        changes.is_some_and(|changes| {
            changes.iter().all(|change| {
                !matches!(
                    change.kind,
                    ChangeKind::Container
                        | ChangeKind::Resources
                        | ChangeKind::Mount
                        | ChangeKind::Other
                )
            })
        })
    }

    /// The pods that a pass does not speak of, in words.
    pub(super) fn not_judged(&self) -> Option<Clean> {
        let spared = &self.leftovers.spared;
        (!spared.is_empty()).then(|| phrases::verdict::not_judged(spared))
    }

    /// The old pod whose deletion was requested first.
    pub(super) fn longest_leaving(&self) -> Option<&Leaving> {
        self.leftovers.leaving.first()
    }

    /// The old pods that have not gone for so long, in words.
    pub(super) fn leaving_for(&self, length: Duration) -> Vec<Clean> {
        let lasts = |pod: &&Leaving| self.age_of(pod).is_some_and(|age| age >= length);
        self.leftovers.leaving.iter().filter(lasts).map(|pod| pod.words(None)).collect()
    }

    /// How long ago its deletion was requested.
    pub(super) fn age_of(&self, pod: &Leaving) -> Option<Duration> {
        self.server_clock.age(pod.requested, self.judged_until())
    }
}

fn name_of(pod: &Pod) -> Clean {
    names::object(&pod.metadata.name)
}

impl Leaving {
    fn of(pod: &Pod) -> Option<Self> {
        let finalizers = pod.metadata.finalizers.iter();
        let seconds = pod.metadata.deletion_grace_period_seconds.filter(|seconds| *seconds > 0);
        let grace = seconds.or(pod.spec.termination_grace_period_seconds).unwrap_or(30);
        let node = pod.spec.node_name.as_deref();
        Some(Self {
            name: name_of(pod),
            node: node.map(names::object),
            requested: pod.deletion_requested()?,
            grace: Duration::from_secs(u64::try_from(grace).unwrap_or(0)),
            finalizers: finalizers.map(|name| names::object(name)).collect(),
        })
    }

    /// That it has not ended.
    pub(super) fn words(&self, age: Option<Duration>) -> Clean {
        let finalizers = phrases::first_few(&self.finalizers, NAMED);
        waiting::leaving(&self.name, age, self.grace, &finalizers)
    }

    /// Whom it is attributed to: within its grace period the program may take its time.
    pub(super) fn attribution(&self, age: Option<Duration>) -> Attribution {
        if self.is_overdue(age) { Attribution::Platform } else { Attribution::Unknown }
    }

    pub(super) fn is_overdue(&self, age: Option<Duration>) -> bool {
        age.is_some_and(|age| age > self.grace + Duration::from_secs(10))
    }

    pub(super) fn next_step(&self, age: Option<Duration>) -> Clean {
        match self.finalizers.is_empty() {
            _ if !self.is_overdue(age) => waiting::outlast(self.grace),
            false => waiting::check_finalizer(),
            true => waiting::check_kubelet(self.node.as_ref()),
        }
    }
}
