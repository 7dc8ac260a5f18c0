//! What is remembered of each pod of the new revision, also when the pod is gone: readiness, and every ended run.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use super::{
    Cause, Policy,
    symptom::Symptom,
    termination::{self, Ending},
    words,
};
use crate::{
    model::{
        Container, ContainerState, ContainerStatus, Elapsed, Phase, Pod, Role, ServerTime,
        Termination, Uid,
    },
    text::{Clean, Untrusted},
};

/// All pods of the new revision that were ever seen, by UID: names are used again.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    // boxed, since a tree has up to twice the room that it uses
    pub(super) pods: BTreeMap<Uid, Box<PodRecord>>,
}

/// Which terminations of a pod count, where the pod is older than its first sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counting {
    /// Those from this time on; all if the time is not known.
    Since(Option<ServerTime>),
    /// Those from the first sight on.
    FromFirstSight,
}

/// What is remembered of one pod.
#[derive(Debug)]
pub(super) struct PodRecord {
    pub(super) name: Clean,
    pub(super) node: Option<Clean>,
    pub(super) first_seen: Elapsed,
    /// The version of the latest reading, so that a watch that lags takes nothing back.
    version: u64,
    /// The pod does not exist any more.
    pub(super) gone: bool,
    /// Its deletion was asked for.
    pub(super) terminating: bool,
    /// When its deletion was asked for, by the servers' clocks.
    deletion_requested: Option<ServerTime>,
    /// It is counted among the pods that should run: neither gone, nor being deleted, nor ended.
    pub(super) active: bool,
    pub(super) ready_since: Option<Elapsed>,
    /// The servers' time of the last change of readiness: it tells of a gap between two readings.
    ready_changed: Option<ServerTime>,
    /// How often readiness was lost without a restart.
    pub(super) flaps: u32,
    /// It was ready in a window, and has not been restarted since.
    pub(super) steady: bool,
    /// Since when it has run without being ready although it should be.
    pub(super) unready_since: Option<Elapsed>,
    /// Restarts of all containers as the kubelet counts them, to compare two reads by.
    pub(super) restart_counts: u64,
    /// Containers of which an ended run is known.
    pub(super) containers: Vec<ContainerRecord>,
    /// What it shows while it runs and is not ready.
    pub(super) unready: Box<[Symptom]>,
    /// What its events told about its not starting.
    pub(super) stuck: Option<Box<Symptom>>,
    /// What an autoscaler said: whether it makes room.
    pub(super) scale_up: Option<bool>,
}

/// What is remembered of a container that ended at least once.
#[derive(Debug)]
pub(super) struct ContainerRecord {
    pub(super) name: Arc<str>,
    pub(super) role: Role,
    /// Terminations that do not count since they are older than the rollout or the gate.
    baseline: u32,
    /// Terminations in all, seen or not.
    total: u32,
    /// Added to the kubelet's count since it was set back.
    offset: u32,
    kubelet_count: u32,
    /// Terminations that the platform or a wanted change caused.
    excused: u32,
    /// The ended runs that were seen, the latest last.
    pub(super) runs: Vec<Run>,
}

/// One ended run.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) key: Box<str>,
    pub(super) termination: Termination,
    pub(super) seen: Elapsed,
    pub(super) ending: Ending,
    /// It is part of the baseline.
    pub(super) earlier: bool,
    /// An event about a kill may still come.
    pub(super) can_be_a_kill: bool,
    /// How often the pod's events were read for it.
    pub(super) lookups: u32,
}

/// How many runs are kept of a container; older ones stay counted.
const RUNS: usize = 12;

impl ContainerRecord {
    /// Restarts that count.
    pub(super) fn restarts(&self) -> u32 {
        self.total.saturating_sub(self.baseline).saturating_sub(self.excused)
    }

    /// Terminations older than the rollout or the gate.
    pub(super) fn earlier_restarts(&self) -> u32 {
        self.baseline
    }

    /// Whether events must still tell why a run ended.
    pub(super) fn is_undecided(&self) -> bool {
        self.runs.iter().any(|run| run.ending == Ending::Undecided)
    }

    /// Why the last run that counts ended. A termination that was missed is a crash until something else is known.
    pub(super) fn cause(&self) -> Cause {
        let counted = self.runs.iter().rev().find_map(|run| match &run.ending {
            Ending::Counted(cause) if !run.earlier => Some(*cause),
            Ending::Counted(_) | Ending::Excused(_) | Ending::Undecided => None,
        });
        counted.unwrap_or(Cause::CrashLoop)
    }

    /// The last run that counts.
    pub(super) fn last_counted(&self) -> Option<&Run> {
        self.runs.iter().rev().find(|run| matches!(run.ending, Ending::Counted(_)) && !run.earlier)
    }

    /// The longest run that ended before the gate came.
    pub(super) fn longest_earlier_run(&self) -> Option<Duration> {
        self.runs
            .iter()
            .filter(|run| run.earlier)
            .filter_map(|run| run.termination.lifetime())
            .max()
    }

    /// Decides why a run ended.
    pub(super) fn decide(&mut self, index: usize, ending: Ending) {
        if let Some(run) = self.runs.get_mut(index) {
            if matches!(ending, Ending::Excused(_)) && !run.earlier {
                self.excused += 1;
            }
            run.ending = ending;
        }
    }
}

impl Ledger {
    /// Takes a reading of a pod in, and tells what is news in it.
    pub(super) fn observe(
        &mut self,
        pod: &Pod,
        now: Elapsed,
        counting: Counting,
        policy: &Policy,
    ) -> News {
        let first = !self.pods.contains_key(&pod.metadata.uid);
        let record = self
            .pods
            .entry(pod.metadata.uid.clone())
            .or_insert_with(|| Box::new(PodRecord::new(&pod.metadata.name, now)));
        let counting = if first { counting } else { Counting::Since(None) };
        let requested = [record.deletion_requested, pod.deletion_requested()];
        record.deletion_requested = requested.into_iter().flatten().min();
        let outdated = record.gone || record.is_later_than(pod);
        let mut news = News { first, outdated, ..News::default() };
        for (role, container, status) in pod.containers() {
            if let Some(status) = status {
                news.ended |= record.observe_container(pod, role, container, status, now, counting);
            }
        }
        news.lost_readiness = record.observe_state(pod, now, policy);
        if news.ended {
            record.steady = false;
        }
        news
    }

    /// Whether it is the reading that was taken in last.
    pub(super) fn has_seen(&self, pod: &Pod) -> bool {
        let version = pod.metadata.version;
        self.pods.get(&pod.metadata.uid).is_some_and(|seen| version != 0 && seen.version == version)
    }

    /// Marks pods that a consistent read did not show as gone, and tells which ones. A pod that a watch showed first after
    /// the read was begun, in a version later than all in it, may be younger than the read.
    pub(super) fn forget_all_but(&mut self, pods: &[Pod], begun: Elapsed) -> Vec<Uid> {
        let present: BTreeSet<&Uid> = pods.iter().map(|pod| &pod.metadata.uid).collect();
        let latest = pods.iter().map(|pod| pod.metadata.version).max().unwrap_or(0);
        let mut gone = Vec::new();
        for (uid, record) in &mut self.pods {
            let is_younger = record.first_seen >= begun && record.version > latest;
            if !record.gone && !is_younger && !present.contains(uid) {
                record.leave();
                gone.push(uid.clone());
            }
        }
        gone
    }

    /// Pods that are counted among those that should run.
    pub(super) fn active(&self) -> impl Iterator<Item = (&Uid, &PodRecord)> {
        self.pods.iter().map(|(uid, record)| (uid, &**record)).filter(|(_, record)| record.active)
    }

    /// Each container record with its pod.
    pub(super) fn containers(&self) -> impl Iterator<Item = (&Uid, &PodRecord, &ContainerRecord)> {
        self.pods.iter().flat_map(|(uid, record)| {
            record.containers.iter().map(move |container| (uid, &**record, container))
        })
    }
}

/// What a reading of a pod brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct News {
    /// It is the first of this pod.
    pub(super) first: bool,
    /// A later one is known already, or the pod is gone: what it shows is over.
    pub(super) outdated: bool,
    /// A run ended that was not known.
    pub(super) ended: bool,
    /// The pod was ready before and is not, or was not for a while.
    pub(super) lost_readiness: bool,
}

impl PodRecord {
    fn new(name: &str, first_seen: Elapsed) -> Self {
        Self {
            name: Untrusted::from(name).to_clean_line(253),
            first_seen,
            node: None,
            version: 0,
            gone: false,
            terminating: false,
            deletion_requested: None,
            active: false,
            ready_since: None,
            ready_changed: None,
            flaps: 0,
            steady: false,
            unready_since: None,
            restart_counts: 0,
            containers: Vec::new(),
            unready: Box::default(),
            stuck: None,
            scale_up: None,
        }
    }

    /// Whether a later reading is known: a watch lags behind the reads.
    fn is_later_than(&self, reading: &Pod) -> bool {
        reading.metadata.version < self.version
    }

    /// Marks the pod as gone. What was seen of it stays.
    pub(super) fn leave(&mut self) {
        self.gone = true;
        self.stand_aside();
    }

    /// Takes in that the pod is not of the revision any more, unless a later reading is known; tells whether it did.
    pub(super) fn release(&mut self, pod: &Pod) -> bool {
        let is_news = !self.gone && !self.is_later_than(pod);
        if is_news {
            self.version = pod.metadata.version;
            self.stand_aside();
        }
        is_news
    }

    fn stand_aside(&mut self) {
        self.active = false;
        self.ready_since = None;
        self.unready = Box::default();
        self.stuck = None;
    }

    /// Readiness and place in life. A reading older than the last one says nothing about them.
    fn observe_state(&mut self, pod: &Pod, now: Elapsed, policy: &Policy) -> bool {
        if self.gone || self.is_later_than(pod) {
            return false;
        }
        self.version = pod.metadata.version;
        if self.node.is_none() {
            let node = pod.spec.node_name.as_deref();
            self.node = node.map(|node| Untrusted::from(node).to_clean_line(253));
        }
        self.terminating = pod.metadata.is_terminating();
        let ended = matches!(pod.status.phase, Phase::Failed | Phase::Succeeded);
        self.active = !self.terminating && !ended;
        let statuses =
            pod.status.container_statuses.iter().chain(pod.status.init_container_statuses.iter());
        self.restart_counts = statuses.map(|status| u64::from(status.restart_count)).sum();

        let was_ready = self.ready_since.is_some();
        self.unready = Box::default();
        if !self.active || !is_ready(pod, policy) {
            self.ready_since = None;
            self.flaps += u32::from(was_ready && self.active);
            if self.active && pod.status.phase == Phase::Running {
                self.unready = words::unready(pod, false).into();
            }
            return was_ready;
        }
        let changed = pod.condition("Ready").and_then(|ready| ready.last_transition_time);
        let gap = was_ready && changed != self.ready_changed && pod.is_ready();
        if gap || !was_ready {
            self.ready_since = Some(now);
        }
        self.ready_changed = changed;
        gap
    }

    fn observe_container(
        &mut self,
        pod: &Pod,
        role: Role,
        container: &Container,
        status: &ContainerStatus,
        now: Elapsed,
        counting: Counting,
    ) -> bool {
        let outdated = self.is_later_than(pod);
        let restarts = pod.restart_policy(role, container);
        let wanted = |end: &Termination| termination::is_wanted(end, role, restarts);
        let requested = self.deletion_requested;
        let is_news = |end: &&Termination| ended_by_itself(end, requested);
        let current = status.state.termination().filter(|end| !wanted(end)).filter(is_news);
        let last = status.last_state.termination().filter(is_news);
        let failed_start = failed_start(status);
        let is_dead = current.is_some()
            || (!pod.metadata.is_terminating()
                && (failed_start.is_some() || waits_in_back_off(status)));
        let total = status.restart_count.saturating_add(u32::from(is_dead));

        let known = self.containers.iter().position(|record| record.name == container.name);
        if known.is_none() && total == 0 && last.is_none() {
            return false;
        }
        let index = known.unwrap_or_else(|| {
            self.containers.push(ContainerRecord {
                name: container.name.clone(),
                role,
                baseline: baseline(pod, total, [last, current], counting),
                total: 0,
                offset: 0,
                kubelet_count: 0,
                excused: 0,
                runs: Vec::new(),
            });
            self.containers.len() - 1
        });
        let record = &mut self.containers[index];
        let total_before = record.total;
        // counts only grow, so an older reading adds nothing, and its lower count is no loss
        if !outdated {
            if status.restart_count < record.kubelet_count {
                // the kubelet lost its count with the dead containers: what was counted stays counted
                record.offset = record.total;
            }
            record.kubelet_count = status.restart_count;
            record.total = record.total.max(record.offset.saturating_add(total));
        }

        let is_earlier = |end: &Termination| {
            known.is_none()
                && match counting {
                    Counting::FromFirstSight => true,
                    Counting::Since(from) => finished_before(pod, end, from),
                }
        };
        let disrupted = pod.condition("DisruptionTarget").is_some_and(|c| c.is_true());
        let mut seen = false;
        for end in [last, current].into_iter().flatten() {
            let ending = if wanted(end) {
                Ending::Excused(Clean::from_static("it had come to its end and was run again"))
            } else if disrupted && end.reason.as_raw() != "OOMKilled" {
                Ending::Excused(Clean::from_static("the pod was disrupted"))
            } else {
                termination::by_itself(end)
            };
            let key = if end.container_id.is_empty() {
                format!("{:?}", end.finished_at).into()
            } else {
                end.container_id.clone()
            };
            seen |= record.push(Run {
                key,
                termination: end.clone(),
                seen: now,
                ending,
                earlier: is_earlier(end),
                can_be_a_kill: container.can_be_killed_by_rule() && termination::can_be_a_kill(end),
                lookups: 0,
            });
        }
        if let Some((cause, end)) = failed_start
            && !pod.metadata.is_terminating()
        {
            seen |= record.push(Run {
                key: format!("{cause}:{}", status.restart_count).into(),
                termination: end,
                seen: now,
                ending: Ending::Counted(cause),
                earlier: false,
                can_be_a_kill: false,
                lookups: 0,
            });
        }
        seen || record.total > total_before
    }
}

impl ContainerRecord {
    /// Adds a run unless it is known; tells whether it was not.
    fn push(&mut self, run: Run) -> bool {
        if self.runs.iter().any(|known| known.key == run.key) {
            return false;
        }
        if matches!(run.ending, Ending::Excused(_)) && !run.earlier {
            self.excused += 1;
        }
        self.runs.push(run);
        if self.runs.len() > RUNS {
            self.runs.remove(0);
        }
        true
    }
}

/// Whether the pod is ready, containers that are not judged left aside.
fn is_ready(pod: &Pod, policy: &Policy) -> bool {
    if pod.is_ready() || policy.ignore_containers.is_empty() {
        return pod.is_ready();
    }
    let blamed = pod.condition("Ready").is_some_and(|c| c.has_reason("ContainersNotReady"));
    let mut judged = pod.status.container_statuses.iter().filter(|c| !policy.ignores(&c.name));
    blamed && judged.all(|status| status.ready)
}

/// A run that ends while its pod is being deleted is no fault; one that ended before the deletion was asked for is.
pub(super) fn ended_by_itself(end: &Termination, deletion_requested: Option<ServerTime>) -> bool {
    let Some(requested) = deletion_requested else { return true };
    end.finished_at.is_some_and(|finished| finished < requested)
}

/// Whether a container of the pod ended in a way that counts.
pub(super) fn has_gone_wrong(pod: &PodRecord) -> bool {
    pod.containers.iter().any(|container| container.restarts() > 0)
}

fn waits_in_back_off(status: &ContainerStatus) -> bool {
    status.waiting().is_some_and(|waiting| waiting.reason.as_raw() == "CrashLoopBackOff")
}

/// A run that failed in its first moment, of which the kubelet speaks in a waiting reason
/// (Kubernetes 1.36 `pkg/kubelet/container/sync_result.go`, `kuberuntime_container.go`).
fn failed_start(status: &ContainerStatus) -> Option<(Cause, Termination)> {
    let ContainerState::Waiting(waiting) = &status.state else { return None };
    let cause = match waiting.reason.as_raw() {
        "RunContainerError" => Cause::StartError,
        "PostStartHookError" => Cause::PostStart,
        _ => return None,
    };
    // the process of a failed start has no exit code; 128 is what runtimes report for it
    let exit_code = if cause == Cause::StartError { 128 } else { 0 };
    let end = Termination {
        exit_code,
        reason: waiting.reason.clone(),
        message: waiting.message.clone(),
        ..Termination::default()
    };
    Some((cause, end))
}

/// Terminations of a pod's container that do not count, at its first sight.
fn baseline(pod: &Pod, total: u32, visible: [Option<&Termination>; 2], counting: Counting) -> u32 {
    match counting {
        Counting::FromFirstSight => total,
        Counting::Since(None) => 0,
        Counting::Since(Some(from)) => {
            if pod.metadata.created.is_none_or(|created| created >= from) {
                return 0;
            }
            let late =
                visible.into_iter().flatten().filter(|end| !finished_before(pod, end, Some(from)));
            total.saturating_sub(u32::try_from(late.count()).unwrap_or(u32::MAX))
        }
    }
}

fn finished_before(pod: &Pod, end: &Termination, from: Option<ServerTime>) -> bool {
    let Some(from) = from else { return false };
    pod.metadata.created.is_some_and(|created| created < from)
        && end.finished_at.is_some_and(|finished| finished < from)
}
