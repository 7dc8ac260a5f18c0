//! The judgement of the present state: two reads that agree, and the servers' times instead of waiting (contract,
//! "Commands", `check`).

use std::time::Duration;

use super::{
    Ago, FindingState, Gate, ReasonCode, Verdict,
    findings::{Circumstances, Record},
    kind,
    ledger::PodRecord,
    names,
    nodes::Report,
    runs::ContainerRecord,
    sight::Counting,
    symptom::{Awaited, Key},
    termination::Ending,
    window::APART,
};
use crate::{
    model::{ContainerState, Elapsed, Pod, ServerTime, Uid, Workload},
    observation::Snapshot,
    phrases::{
        self,
        present::{Unproven, Young},
    },
    text::Clean,
};

/// Reads after which a state that changes all the time is taken for one that is changing.
const MOST_READS: u32 = 4;

/// What the reads of the present state agree on.
#[derive(Debug, Default)]
pub(super) struct Present {
    /// Since when, and what.
    agreed: Option<(Elapsed, u64)>,
    reads: u32,
    /// The last read showed the rollout complete.
    is_complete: bool,
    /// The reads agree, or never will.
    is_settled: bool,
    /// Nobody lets its rollout go on.
    is_paused: bool,
}

impl Present {
    /// Whether its controller's word that it gave up is from before it was complete.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Whether enough was read to judge by.
    pub(super) fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// Its rollout is paused, which is said unless something is broken.
    pub(super) fn pause(&mut self) {
        self.is_paused = true;
    }

    /// Takes a read in.
    fn see(&mut self, now: Elapsed, fingerprint: u64) {
        self.reads += 1;
        match self.agreed {
            Some((_, agreed)) if agreed == fingerprint => {}
            _ => self.agreed = Some((now, fingerprint)),
        }
    }

    /// When the next read may agree with the ones before; `None` if they do.
    fn again(&self, now: Elapsed) -> Option<Elapsed> {
        let due = self.agreed.map_or(now, |(since, _)| since) + APART;
        (now < due).then_some(due)
    }
}

impl Gate {
    /// Which ended runs of a pod count for the present: those that the next run has not outlived.
    pub(super) fn counting_now(&self) -> Option<Counting> {
        let window = self.policy.window;
        let now = self.server_clock.time(self.now).filter(|_| self.policy.present)?;
        Some(Counting::NotOutlived { now, window })
    }

    /// How long what a pod shows had lasted when the run began; `None` where that does not count.
    pub(super) fn head_start(&self, uid: &Uid) -> Option<Duration> {
        let since = self.ledger.get(uid)?.unready_at.filter(|_| self.policy.present)?;
        self.age_at_start(since)
    }

    /// What has been there since then, by the servers' clocks.
    pub(super) fn lasting_since(&self, since: Option<ServerTime>) -> Circumstances {
        let head_start = since.and_then(|since| self.age_at_start(since));
        Circumstances { head_start, ..Circumstances::default() }
    }

    /// How long it had been so when the run began; `None` where that does not count.
    pub(super) fn age_at_start(&self, since: ServerTime) -> Option<Duration> {
        self.server_clock.age(since, Elapsed::ZERO).filter(|_| self.policy.present)
    }

    /// Since when a finding has been there: since its pods are not ready, since the first of their runs ended that are
    /// known, since the kubelet puts restarts off, or as long as its own condition says.
    pub(super) fn since(&self, key: &Key, record: &Record) -> Option<Ago> {
        let pods = record.pods().filter_map(|uid| self.ledger.get(uid));
        let unready = pods.filter(|_| self.policy.present).filter_map(|pod| pod.unready_at);
        let put_off = self.containers_of(key, record).filter_map(|known| known.held_back_since);
        let said = record
            .head_start()
            .filter(|_| self.policy.present)
            .and_then(|length| Some(self.server_clock.time(Elapsed::ZERO)?.minus(length)));
        let first = unready.chain(put_off).chain(self.ends_of(key, record)).chain(said).min();
        self.ago(first?)
    }

    /// When the last run of the container ended that a finding is about.
    pub(super) fn last_ended(&self, key: &Key, record: &Record) -> Option<Ago> {
        self.ago(self.ends_of(key, record).max()?)
    }

    fn ago(&self, at: ServerTime) -> Option<Ago> {
        let seconds_ago = self.server_clock.age(at, self.judged_until())?.as_secs();
        Some(Ago { at, seconds_ago })
    }

    fn ends_of(&self, key: &Key, record: &Record) -> impl Iterator<Item = ServerTime> {
        let runs = self.containers_of(key, record).flat_map(|known| &known.runs);
        runs.filter_map(|run| run.termination.finished_at)
    }

    fn containers_of(&self, key: &Key, record: &Record) -> impl Iterator<Item = &ContainerRecord> {
        let pods = record.pods().filter_map(|uid| self.ledger.get(uid));
        let containers = pods.filter(|_| self.policy.present).flat_map(|pod| &pod.containers);
        containers.filter(|known| Some(&known.name) == key.container.as_ref())
    }

    /// Takes in whether the read shows the rollout complete, before anything is concluded from it.
    pub(super) fn see_present(&mut self, complete: bool) {
        self.present.is_complete = complete;
    }

    /// What the present state is, after everything else of the read was taken in.
    pub(super) fn judge_present(&mut self, workload: &Workload, snapshot: &Snapshot) {
        let complete = self.present.is_complete;
        if complete {
            self.completed_at.get_or_insert(self.now);
        }
        self.present.see(self.now, self.fingerprint());
        let again = self.present.again(self.now);
        if let Some(again) = again.filter(|_| self.present.reads < MOST_READS) {
            return self.reads.want(again);
        }
        self.present.is_settled = true;
        if self.was_complete(workload, snapshot) {
            self.find_lost_readiness();
        }
        self.judge_findings();
        if self.decision.is_none() {
            self.judge_stalled();
        }
        if let Some((hold, false)) = self.held {
            return self.decide_held(hold);
        }
        if self.present.is_paused {
            return self.decide_paused();
        }
        if self.decision.is_some() {
            return;
        }
        let young = self.youngest_run(snapshot);
        let suspected = self.lasting_suspicion();
        if complete && again.is_none() && young.is_none() && suspected.is_none() {
            return match self.nodes_at_present() {
                Report::Alive => self.decide_passed(),
                Report::Silent(nodes, silence) => self.decide_silent(&nodes, silence),
                // their Leases are being looked at, and the answer asks for a read
                Report::Awaited => {}
            };
        }
        let changes = again.is_some();
        let waits: &[Clean] = if complete { &[] } else { &self.waiting_for };
        let unproven = Unproven {
            waits,
            since: self.unready_for(),
            young: young.as_ref(),
            suspected: suspected.as_ref(),
            changes,
        };
        let account = phrases::present::rolling_out(&self.target, &unproven);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::RollingOut), account);
    }

    /// What fails the target if it lasts, and has not lasted for its grace period yet.
    fn lasting_suspicion(&self) -> Option<Clean> {
        let mut suspected = self.findings.in_state(FindingState::Suspected);
        suspected.find_map(|(key, record)| record.grace_until().map(|_| record.reason(key)))
    }

    /// How long pods have been waited for: the one that has not been ready for longest.
    fn unready_for(&self) -> Option<Duration> {
        let since = self.ledger.active().filter_map(|(_, record)| record.unready_at).min()?;
        self.server_clock.age(since, self.now)
    }

    /// Whether the revision had been complete before, so that nothing but trouble keeps its pods from being ready.
    fn was_complete(&self, workload: &Workload, snapshot: &Snapshot) -> bool {
        let (Some(pin), Some(judged)) = (&self.pin, self.revision_judged()) else { return false };
        let known = kind::revisions(workload, pin.template, snapshot);
        let new = known.iter().find(|one| one.id == judged.id);
        kind::is_observed(workload) && new.is_some_and(|new| kind::was_complete(workload, new))
    }

    /// Makes findings of pods that are not ready although their rollout was over.
    fn find_lost_readiness(&mut self) {
        let mut lost: Vec<(Uid, Clean, Awaited)> = Vec::new();
        for (uid, record) in self.ledger.active() {
            let reasons = record.told_unready().filter_map(|reason| reason.if_lost(false));
            lost.extend(reasons.map(|lost| (uid.clone(), record.name.clone(), lost)));
        }
        for (uid, name, lost) in lost {
            if !self.findings.is_error(&lost.symptom.key()) {
                self.see_awaited(&lost, &uid, &name, Circumstances::default());
            }
        }
    }

    /// Whether a pod had ended so long ago that those after it have outlived it: for the window, and for twice as long as it
    /// was there.
    pub(super) fn is_outlived(&self, pod: &Pod) -> bool {
        let now = self.server_clock.time(self.now).filter(|_| self.policy.present);
        let Some((now, ended)) = now.zip(ended_at(pod)) else { return false };
        let lived = pod.metadata.created.map_or(Duration::ZERO, |created| ended.since(created));
        now.since(ended) >= self.policy.window.max(lived.saturating_mul(2))
    }

    /// Of the pods and containers that have not been well for long enough the one that began last, if so few pods are left
    /// that too few are proven.
    fn youngest_run(&self, snapshot: &Snapshot) -> Option<Young> {
        let now = self.server_clock.time(self.now)?;
        let ready = self.ledger.ready();
        let ready: Vec<_> = ready
            .filter_map(|(uid, record)| {
                let pod = snapshot.pods().find(|pod| pod.metadata.uid == *uid)?;
                Some(self.young_run(pod, record, now))
            })
            .collect();
        let proven = ready.iter().filter(|young| young.is_none()).count() as u64;
        let young = ready.into_iter().flatten().min_by_key(|young| young.lived);
        young.filter(|_| proven < self.counts.needed)
    }

    fn young_run(&self, pod: &Pod, record: &PodRecord, now: ServerTime) -> Option<Young> {
        let ready = pod.condition("Ready").and_then(|ready| ready.last_transition_time);
        let ready = ready.map_or(self.policy.window, |since| now.since(since));
        let is_young = ready < self.policy.window && pod.is_ready();
        let unproven = is_young.then(|| Young {
            container: None,
            pod: record.name.clone(),
            lived: ready,
            needed: self.policy.window,
        });
        let runs = pod.containers().filter_map(|(_, container, status)| {
            let ContainerState::Running { started_at } = status?.state else { return None };
            let lived = started_at.map_or(Duration::ZERO, |started| now.since(started));
            let known = record.containers.iter().find(|known| known.name == container.name);
            let last = known.and_then(|known| known.runs.last());
            let last = last.filter(|run| !matches!(run.ending, Ending::Excused(_)));
            let dead = last.and_then(|run| run.termination.lifetime()).unwrap_or_default();
            let needed = self.policy.window.max(dead.saturating_mul(2));
            let is_young = lived < needed && !self.policy.ignores(&container.name);
            let container = Some(names::container(&container.name));
            is_young.then(|| Young { container, pod: record.name.clone(), lived, needed })
        });
        // of a container that began as late as its pod was ready there is more to say
        runs.min_by_key(|young| young.lived).or(unproven)
    }
}

/// When a pod ended for good, as far as it tells; `None` while it has not.
fn ended_at(pod: &Pod) -> Option<ServerTime> {
    let runs = pod.containers().filter_map(|(.., status)| status?.state.termination()?.finished_at);
    let changed = pod.condition("Ready").and_then(|ready| ready.last_transition_time);
    runs.chain(changed).chain(pod.metadata.created).max().filter(|_| pod.has_ended())
}
