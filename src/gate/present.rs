//! The judgement of the present state: two reads that agree, and the servers' times instead of waiting (contract,
//! "Commands", `check`).

use std::time::Duration;

use super::{
    Ago, Gate, ReasonCode, Verdict,
    findings::{Circumstances, Record},
    kind,
    ledger::PodRecord,
    names,
    sight::Counting,
    symptom::{Awaited, Key},
    termination::Ending,
    window::APART,
};
use crate::{
    model::{ContainerState, Elapsed, Pod, ServerTime, Uid, Workload},
    observation::Snapshot,
    phrases::{self, present::Young},
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

    /// How long it had been so when the run began; `None` where that does not count.
    pub(super) fn age_at_start(&self, since: ServerTime) -> Option<Duration> {
        self.server_clock.age(since, Elapsed::ZERO).filter(|_| self.policy.present)
    }

    /// Since when a finding has been there: since its pods are not ready, or since the first of their runs ended that are
    /// known.
    pub(super) fn since(&self, key: &Key, record: &Record) -> Option<Ago> {
        let pods = record.pods().filter_map(|uid| self.ledger.get(uid));
        let unready = pods.filter(|_| self.policy.present).filter_map(|pod| pod.unready_at).min();
        let first = self.ends_of(key, record).min();
        self.ago(unready.into_iter().chain(first).min()?)
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
        let pods = record.pods().filter_map(|uid| self.ledger.get(uid));
        let containers = pods.filter(|_| self.policy.present).flat_map(|pod| &pod.containers);
        let concerned = containers.filter(|known| Some(&known.name) == key.container.as_ref());
        concerned.flat_map(|known| &known.runs).filter_map(|run| run.termination.finished_at)
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
        if self.decision.is_some() {
            return;
        }
        let young = self.youngest_run(snapshot);
        if complete && again.is_none() && young.is_none() {
            return self.decide_passed();
        }
        let changes = again.is_some();
        let waits: &[Clean] = if complete { &[] } else { &self.waiting_for };
        let account = phrases::present::rolling_out(&self.target, waits, young.as_ref(), changes);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::RollingOut), account);
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

    /// Of the containers that have not run for long enough the one that began last, if so few pods are left that too few
    /// are proven.
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
        let runs = pod.containers().filter_map(|(_, container, status)| {
            let ContainerState::Running { started_at } = status?.state else { return None };
            let lived = started_at.map_or(Duration::ZERO, |started| now.since(started));
            let known = record.containers.iter().find(|known| known.name == container.name);
            let last = known.and_then(|known| known.runs.last());
            let last = last.filter(|run| !matches!(run.ending, Ending::Excused(_)));
            let dead = last.and_then(|run| run.termination.lifetime()).unwrap_or_default();
            let needed = self.policy.window.max(dead.saturating_mul(2));
            let container = names::container(&container.name);
            let young = Young { container, pod: record.name.clone(), lived, needed };
            (lived < needed && !self.policy.ignores(&young.container)).then_some(young)
        });
        runs.min_by_key(|young| young.lived)
    }
}
