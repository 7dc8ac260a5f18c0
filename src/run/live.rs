//! Judges a live cluster: one loop over reads, watches, evidence, time and signals. It holds no judgement.

use std::{io::Write, pin::pin, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::sync::mpsc;

use super::{
    driver::{Driver, Request},
    interrupt::Signals,
};
use crate::{
    clock::Clock,
    cluster::{Cluster, Reading, WatchGuard, WatchMessage, WatchStart},
    evidence::EvidenceRequest,
    gate::Policy,
    model::TargetRef,
    observation::{FailureKind, NodeLease, Observation, ReadFailure, Resource},
    outcome::Outcome,
    recording::Writer,
    report::Reporter,
    text::{Clean, Redactor},
};

/// Evidence requests under way at a time; each is a connection of its own.
const REQUESTS: usize = 8;
/// Watch messages that may wait. A full channel slows the watches, and a server that closes one for it tells of a gap.
const MESSAGES: usize = 16;
/// Between two ticks of reporters.
const TICK: Duration = Duration::from_millis(250);

/// What a live run needs beside the cluster.
pub struct Live<'a> {
    /// What is judged.
    pub target: TargetRef,
    /// By which limits.
    pub policy: Policy,
    /// What is hidden.
    pub redactor: Redactor,
    /// Where the run is recorded.
    pub recording: Option<Writer<Box<dyn Write>>>,
    /// Who is told.
    pub reporter: &'a mut dyn Reporter,
    /// Signals of the operating system.
    pub signals: Signals,
    /// The clock, which began when the program did.
    pub clock: Clock,
}

/// What came back from the cluster.
enum Answer {
    Access(Vec<crate::observation::AccessReview>),
    Read(Result<Reading, ReadFailure>),
    Leases(Result<Vec<NodeLease>, ReadFailure>),
    Evidence(EvidenceRequest, Observation),
}

/// Watches a rollout to its verdict, and takes the evidence that is under way then, for a few seconds.
/// The second value is what went wrong with the recording.
pub async fn live(cluster: &Cluster, live: Live<'_>) -> (Outcome, Option<std::io::Error>) {
    let Live { target, policy, redactor, recording, reporter, mut signals, clock } = live;
    let mut driver = Driver::new(target.clone(), policy, redactor, reporter, recording);
    let (sender, mut messages) = mpsc::channel(MESSAGES);
    let mut watches: Option<WatchGuard> = None;
    let mut waiting: Vec<EvidenceRequest> = Vec::new();
    let mut asked: Vec<EvidenceRequest> = Vec::new();
    let mut under_way = FuturesUnordered::new();
    under_way.push(call(cluster, &target, driver.redactor().clone(), Call::Access));
    let mut ticks = tokio::time::interval(TICK);
    loop {
        for request in driver.take_requests() {
            match request {
                Request::Read => {
                    under_way.push(call(cluster, &target, Redactor::built_in(), Call::Read));
                }
                Request::Leases(nodes) => {
                    let leases = Call::Leases(nodes);
                    under_way.push(call(cluster, &target, Redactor::built_in(), leases));
                }
                Request::Collect(request) => waiting.push(request),
            }
        }
        while asked.len() < REQUESTS && !waiting.is_empty() {
            let request = waiting.remove(0);
            asked.push(request.clone());
            let call = call(cluster, &target, driver.redactor().clone(), Call::Collect(request));
            under_way.push(call);
        }
        let ends = driver.evidence_until();
        if ends.is_some_and(|ends| clock.elapsed() >= ends || asked.is_empty()) {
            break;
        }
        let wake = ends.or(driver.next_timeout()).unwrap_or_else(|| clock.elapsed() + TICK);
        let mut timer = pin!(tokio::time::sleep_until(clock.instant(wake)));
        // not in this order: a flood of messages must not hold back answers and time
        tokio::select! {
            signal = signals.next() => driver.feed(clock.elapsed(), Observation::Interrupted(signal)),
            Some(message) = messages.recv() => match message {
                WatchMessage::Saw(observation) => driver.feed(clock.elapsed(), observation),
                WatchMessage::Gap => driver.want_read(),
            },
            Some(answer) = under_way.next() => match answer {
                Answer::Access(reviews) => driver.feed(clock.elapsed(), Observation::Access(reviews)),
                Answer::Read(Ok(reading)) => {
                    let start = reading.watch_from.filter(|_| watches.is_none());
                    driver.feed(clock.elapsed(), Observation::Snapshot(reading.snapshot));
                    watches = watches.or_else(|| start.map(|start| watch(cluster, &target, start, &sender)));
                }
                Answer::Read(Err(failure)) => {
                    driver.feed(clock.elapsed(), Observation::ReadFailed(failure));
                }
                Answer::Leases(leases) => {
                    driver.feed(clock.elapsed(), Observation::NodeLeases(leases));
                }
                Answer::Evidence(request, observation) => {
                    asked.retain(|open| *open != request);
                    driver.feed(clock.elapsed(), observation);
                }
            },
            () = &mut timer => driver.advance_to(clock.elapsed()),
            _ = ticks.tick() => driver.tick(clock.elapsed()),
        }
    }
    if let Some(ends) = driver.evidence_until() {
        for request in asked.into_iter().chain(waiting) {
            driver.feed(ends, too_late(request));
        }
    }
    let error = driver.recording_error.take();
    (driver.outcome(clock.started_at()), error)
}

/// Evidence that did not come in time is missing, and the report says so.
fn too_late(request: EvidenceRequest) -> Observation {
    let failure = |resource| ReadFailure {
        resource,
        kind: FailureKind::Unreachable,
        message: "it did not come in time after the verdict".into(),
    };
    match request {
        EvidenceRequest::Events(request) => {
            Observation::Events { request, result: Err(failure(Resource::Events)) }
        }
        EvidenceRequest::Log(request) => {
            Observation::Log { request, result: Err(failure(Resource::Logs)) }
        }
        EvidenceRequest::Change(request) => {
            Observation::Change { request, result: Err(failure(Resource::ReplicaSets)) }
        }
        EvidenceRequest::Details(request) => {
            Observation::Details { request, result: Err(failure(Resource::Pods)) }
        }
    }
}

enum Call {
    Access,
    Read,
    Leases(Vec<Clean>),
    Collect(EvidenceRequest),
}

/// One request as a future; all calls have one type, so that they stand in one set.
async fn call(cluster: &Cluster, target: &TargetRef, redactor: Redactor, call: Call) -> Answer {
    match call {
        Call::Access => Answer::Access(cluster.access(target).await),
        Call::Read => Answer::Read(cluster.read(target).await),
        Call::Leases(nodes) => Answer::Leases(cluster.leases(&nodes).await),
        Call::Collect(request) => {
            let answer = cluster.fetch(&target.namespace, &request, &redactor).await;
            Answer::Evidence(request, answer)
        }
    }
}

fn watch(
    cluster: &Cluster,
    target: &TargetRef,
    start: WatchStart,
    sender: &mpsc::Sender<WatchMessage>,
) -> WatchGuard {
    cluster.watch(target, start, sender.clone())
}
