//! Judges a live cluster: one loop over reads, watches, evidence, time and signals. It holds no judgement.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    io::Write,
    pin::pin,
    time::Duration,
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::sync::mpsc;

use super::{
    driver::{Driver, Request},
    interrupt::Signals,
};
use crate::{
    clock::Clock,
    cluster::{Cluster, Reading, WatchGuard, WatchMessage},
    evidence::EvidenceRequest,
    fleet::Target,
    model::TargetRef,
    observation::{FailureKind, NodeLease, Observation, ReadFailure, Resource, TargetId},
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
    pub targets: Vec<Target>,
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
    Read(TargetId, Result<Reading, ReadFailure>),
    Leases(Result<Vec<NodeLease>, ReadFailure>),
    Evidence(TargetId, EvidenceRequest, Observation),
}

/// Watches a rollout to its verdict, and takes the evidence that is under way then, for a few seconds.
/// The second value is what went wrong with the recording.
pub async fn live(cluster: &Cluster, live: Live<'_>) -> (Outcome, Option<std::io::Error>) {
    let Live { targets, redactor, recording, reporter, mut signals, clock } = live;
    let workloads: Vec<_> = targets.iter().map(|target| target.workload.clone()).collect();
    let workload = |target: TargetId| &workloads[target.index()];
    let mut driver = Driver::new(targets, redactor, reporter, recording);
    let (sender, mut messages) = mpsc::channel(MESSAGES);
    let mut watches: BTreeMap<TargetId, WatchGuard> = BTreeMap::new();
    let mut waiting: Vec<(TargetId, EvidenceRequest)> = Vec::new();
    let mut asked: Vec<(TargetId, EvidenceRequest)> = Vec::new();
    let mut under_way = FuturesUnordered::new();
    for workload in &workloads {
        under_way.push(call(cluster, workload, driver.redactor().clone(), Call::Access));
    }
    let mut ticks = tokio::time::interval(TICK);
    loop {
        for request in driver.take_requests() {
            match request {
                Request::Read(target) => {
                    let read = Call::Read(target);
                    under_way.push(call(cluster, workload(target), Redactor::built_in(), read));
                }
                Request::Leases(target, nodes) => {
                    let leases = Call::Leases(nodes);
                    under_way.push(call(cluster, workload(target), Redactor::built_in(), leases));
                }
                Request::Collect(target, request) => waiting.push((target, request)),
            }
        }
        while asked.len() < REQUESTS && !waiting.is_empty() {
            let (target, request) = waiting.remove(0);
            asked.push((target, request.clone()));
            let collect = Call::Collect(target, request);
            under_way.push(call(cluster, workload(target), driver.redactor().clone(), collect));
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
                Answer::Read(target, Ok(reading)) => {
                    driver.feed(clock.elapsed(), Observation::Snapshot(reading.snapshot));
                    if let (Entry::Vacant(place), Some(start)) = (watches.entry(target), reading.watch_from) {
                        place.insert(cluster.watch(workload(target), start, sender.clone()));
                    }
                }
                Answer::Read(_, Err(failure)) => {
                    driver.feed(clock.elapsed(), Observation::ReadFailed(failure));
                }
                Answer::Leases(leases) => {
                    driver.feed(clock.elapsed(), Observation::NodeLeases(leases));
                }
                Answer::Evidence(target, request, observation) => {
                    asked.retain(|open| *open != (target, request.clone()));
                    driver.feed(clock.elapsed(), observation);
                }
            },
            () = &mut timer => driver.advance_to(clock.elapsed()),
            _ = ticks.tick() => driver.tick(clock.elapsed()),
        }
    }
    if let Some(ends) = driver.evidence_until() {
        for (_, request) in asked.into_iter().chain(waiting) {
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
    Read(TargetId),
    Leases(Vec<Clean>),
    Collect(TargetId, EvidenceRequest),
}

/// One request as a future; all calls have one type, so that they stand in one set.
async fn call(cluster: &Cluster, target: &TargetRef, redactor: Redactor, call: Call) -> Answer {
    match call {
        Call::Access => Answer::Access(cluster.access(target).await),
        Call::Read(id) => Answer::Read(id, cluster.read(target).await),
        Call::Leases(nodes) => Answer::Leases(cluster.leases(&nodes).await),
        Call::Collect(id, request) => {
            let answer = cluster.fetch(&target.namespace, &request, &redactor).await;
            Answer::Evidence(id, request, answer)
        }
    }
}
