//! Since when things are as they are, by the servers' times, and what has been outlived.

use std::time::Duration;

use crate::{
    gate::{
        Ago, Gate,
        findings::{Circumstances, Record},
        runs::ContainerRecord,
        sight::Counting,
        symptom::Key,
    },
    model::{Elapsed, Pod, ServerTime, Uid},
};

impl Gate {
    /// Which ended runs of a pod count for the present: those that the next run has not outlived.
    pub(in crate::gate) fn counting_now(&self) -> Option<Counting> {
        let window = self.policy.window;
        let now = self.server_clock.time(self.now).filter(|_| self.policy.present)?;
        Some(Counting::NotOutlived { now, window })
    }

    /// How long what a pod shows had lasted when the run began; `None` where that does not count.
    pub(in crate::gate) fn head_start(&self, uid: &Uid) -> Option<Duration> {
        let since = self.ledger.get(uid)?.unready_at?;
        self.age_at_start(since)
    }

    /// What has been there since then, by the servers' clocks.
    pub(in crate::gate) fn lasting_since(&self, since: Option<ServerTime>) -> Circumstances {
        let head_start = since.and_then(|since| self.age_at_start(since));
        Circumstances { head_start, ..Circumstances::default() }
    }

    /// How long it had been so when the run began; `None` where that does not count.
    pub(in crate::gate) fn age_at_start(&self, since: ServerTime) -> Option<Duration> {
        self.server_clock.age(since, Elapsed::ZERO).filter(|_| self.policy.present)
    }

    /// Since when a finding has been there: since its pods are not ready, since the first of their runs ended that are
    /// known, since the kubelet puts restarts off, or as long as its own condition says.
    pub(in crate::gate) fn since(&self, key: &Key, record: &Record) -> Option<Ago> {
        if !self.policy.present {
            return None;
        }
        let pods = record.pods().filter_map(|uid| self.ledger.get(uid));
        let unready = pods.filter_map(|pod| pod.unready_at);
        let put_off = self.containers_of(key, record).filter_map(|known| known.held_back_since);
        let said = record
            .head_start()
            .and_then(|length| Some(self.server_clock.time(Elapsed::ZERO)?.minus(length)));
        let first = unready.chain(put_off).chain(self.ends_of(key, record)).chain(said).min();
        self.ago(first?)
    }

    /// When the last run of the container ended that a finding is about.
    pub(in crate::gate) fn last_ended(&self, key: &Key, record: &Record) -> Option<Ago> {
        let last = self.policy.present.then(|| self.ends_of(key, record).max())?;
        self.ago(last?)
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
        let containers = pods.flat_map(|pod| &pod.containers);
        containers.filter(|known| Some(&known.name) == key.container.as_ref())
    }

    /// Whether a pod had ended so long ago that those after it have outlived it: for the window, and for twice as long as it
    /// was there.
    pub(in crate::gate) fn is_outlived(&self, pod: &Pod) -> bool {
        let now = self.server_clock.time(self.now).filter(|_| self.policy.present);
        let Some((now, ended)) = now.zip(ended_at(pod)) else { return false };
        let lived = pod.metadata.created.map_or(Duration::ZERO, |created| ended.since(created));
        now.since(ended) >= self.policy.window.max(lived.saturating_mul(2))
    }
}

/// When a pod ended for good, as far as it tells; `None` while it has not.
fn ended_at(pod: &Pod) -> Option<ServerTime> {
    let runs = pod.containers().filter_map(|(.., status)| status?.state.termination()?.finished_at);
    let changed = pod.condition("Ready").and_then(|ready| ready.last_transition_time);
    runs.chain(changed).chain(pod.metadata.created).max().filter(|_| pod.has_ended())
}
