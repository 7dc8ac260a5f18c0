//! Judges a live cluster: one loop over reads, watches, evidence, time and signals. It holds no judgement.

use std::{collections::BTreeMap, io::Write, pin::pin, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::sync::mpsc;

use super::{
    again::Again,
    call::{Answer, Call, call},
    driver::{Driver, Request},
    interrupt::Signals,
    places::{Place, Places},
    queue::Queue,
};
use crate::{
    clock::Clock,
    cluster::{Cluster, EACH_BY_ITSELF, Reading, WatchGuard, WatchMessage, WatchStart},
    evidence::EvidenceRequest,
    fleet::{Release, Scope, Target},
    model::{TargetKind, TargetRef},
    observation::{FailureKind, Observation, Observed, ReadFailure, Resource, ScopeId, TargetId},
    outcome::Outcome,
    recording::Writer,
    report::Reporter,
    selection::Selection,
    text::{Redactor, Untrusted, chain},
};

/// Evidence requests to a cluster under way at a time; each is a connection of its own.
const REQUESTS: usize = 8;
/// Watch messages that may wait. A full channel slows the watches, and a server that closes one for it tells of a gap.
const MESSAGES: usize = 16;
/// Between two ticks of reporters.
const TICK: Duration = Duration::from_millis(250);

/// What a live run needs beside the cluster.
pub struct Live<'a> {
    /// What is judged.
    pub release: Release,
    /// What is hidden.
    pub redactor: Redactor,
    /// Where the run is recorded.
    pub recording: Option<&'a mut Writer<Box<dyn Write>>>,
    /// Who is told.
    pub reporter: &'a mut dyn Reporter,
    /// Signals of the operating system.
    pub signals: &'a mut Signals,
    /// The clock, which began when the program did.
    pub clock: Clock,
    /// What is looked for again while the run lasts, and where; the release says by which limits it is judged.
    pub selections: Vec<(&'a Cluster, Selection)>,
}

/// Watches the release in its clusters to its verdict, and takes the evidence that is under way then, for a few seconds.
/// The second value are the targets of the outcome, in its order.
pub async fn live(clusters: &[Cluster], live: Live<'_>) -> (Outcome, Vec<Target>) {
    let Live { release, redactor, recording, reporter, signals, clock, selections } = live;
    let is_watched = !release.is_of_present();
    let mut driver = Driver::new(release, redactor, reporter, recording);
    let mut workloads = driver.workloads();
    let mut places = Places::of(driver.scopes(), clusters, &workloads);
    let mut again = Again::new(selections, driver.members());
    let (sender, mut messages) = mpsc::channel(MESSAGES);
    let mut watches: Vec<(ScopeId, WatchStart, WatchGuard)> = Vec::new();
    let mut waiting = Queue::new(!is_watched);
    let mut asked: Vec<(TargetId, EvidenceRequest)> = Vec::new();
    let mut under_way = FuturesUnordered::new();
    for targets in asked_alike(driver.scopes(), &workloads) {
        let (first, cluster) =
            (workloads[targets[0].index()].clone(), places.cluster_of(targets[0]));
        under_way.extend(cluster.map(|cluster| call(cluster, Call::Access(targets, first))));
    }
    let mut looks = FuturesUnordered::new();
    let mut ticks = tokio::time::interval(TICK);
    loop {
        let requests = driver.take_requests();
        let has_news = !requests.is_empty();
        for request in requests {
            match request {
                Request::Read(scope) => {
                    let known = driver.scopes()[scope.index()].world().clone();
                    let Place { cluster, targets } = places.scope(scope);
                    let read = |cluster| call(cluster, Call::Read(scope, targets.clone(), known));
                    under_way.extend(cluster.map(read));
                }
                Request::Select => {
                    looks.push(again.look());
                }
                Request::Services(scope) => {
                    let namespace = driver.scopes()[scope.index()].namespace().clone();
                    let read = |cluster| call(cluster, Call::Services(scope, namespace));
                    under_way.extend(places.scope(scope).cluster.map(read));
                }
                Request::Leases(scope, nodes) => {
                    let leases = |cluster| call(cluster, Call::Leases(scope, nodes));
                    under_way.extend(places.scope(scope).cluster.map(leases));
                }
                Request::Collect(target, request) => waiting.push(target, request),
            }
        }
        if has_news && !is_watched {
            waiting
                .favour(|target| driver.members().get(target.index()).map(|of| of.gate.urgency()));
        }
        // a cluster that does not answer holds up no evidence of another
        let is_free = |asked: &[(TargetId, _)], target| {
            asked.iter().filter(|(other, _)| places.are_together(target, *other)).count() < REQUESTS
        };
        while let Some((target, request)) = waiting.pop(|target| is_free(&asked, target)) {
            let namespace = workloads[target.index()].namespace.clone();
            let redactor = driver.redactor().clone();
            let collect = Call::Collect(target, namespace, request.clone(), redactor);
            if let Some(cluster) = places.cluster_of(target) {
                asked.push((target, request));
                under_way.push(call(cluster, collect));
            }
        }
        let ends = driver.evidence_until();
        if ends.is_some_and(|ends| clock.elapsed() >= ends || asked.is_empty()) {
            break;
        }
        let wake = ends.or(driver.next_timeout()).unwrap_or_else(|| clock.elapsed() + TICK);
        let mut timer = pin!(tokio::time::sleep_until(clock.instant(wake)));
        let of_scope = |scope, observation| Observed::of_scope(scope, clock.elapsed(), observation);
        let of_target =
            |target, observation| Observed::of_target(target, clock.elapsed(), observation);
        // not in this order: a flood of messages must not hold back answers and time
        tokio::select! {
            signal = signals.next() => {
                driver.feed(Observed::new(clock.elapsed(), Observation::Interrupted(signal)));
            }
            Some((scope, message)) = messages.recv() => match message {
                WatchMessage::Saw(observation) => driver.feed(of_scope(scope, observation)),
                WatchMessage::Gap => driver.want_read(scope),
            },
            Some(answer) = under_way.next() => match answer {
                Answer::Access(targets, reviews) => {
                    for target in targets {
                        driver.feed(of_target(target, Observation::Access(reviews.clone())));
                    }
                }
                Answer::Read(scope, Ok(Reading { read, watch_from })) => {
                    driver.feed_read(clock.elapsed(), scope, read);
                    for start in watch_from {
                        let is_it = |watch: &(ScopeId, WatchStart, _)| {
                            watch.0 == scope && watch.1.is_same_as(&start)
                        };
                        // what grew is read as a whole from now on, and watched as such
                        let is_replaced = |watch: &(ScopeId, WatchStart, _)| {
                            watch.0 == scope && start.replaces(&watch.1)
                        };
                        watches.retain(|watch| !is_replaced(watch));
                        if let Some(cluster) = places.scope(scope).cluster
                            && is_watched
                            && !watches.iter().any(is_it)
                        {
                            let watch = cluster.watch(start.clone(), scope, &sender);
                            watches.push((scope, start, watch));
                        }
                    }
                }
                Answer::Read(scope, Err(failure)) => {
                    driver.feed(of_scope(scope, Observation::ReadFailed(failure)));
                }
                Answer::NotConnected(scope, error) => {
                    let why = Untrusted::from(chain(&*error));
                    let hint = Untrusted::from(error.hint());
                    driver.feed(of_scope(scope, Observation::NotConnected { why, hint }));
                }
                Answer::Services(scope, services) => {
                    driver.feed(of_scope(scope, Observation::Services(services)));
                }
                Answer::Leases(scope, leases) => {
                    driver.feed(of_scope(scope, Observation::NodeLeases(leases)));
                }
                Answer::Evidence(target, request, observation) => {
                    asked.retain(|open| *open != (target, request.clone()));
                    driver.feed(of_target(target, *observation));
                }
            },
            Some(found) = looks.next() => {
                let appeared = again.learn(found);
                let known = workloads.len();
                driver.feed(Observed::new(clock.elapsed(), Observation::Selected(appeared)));
                workloads = driver.workloads();
                places = Places::of(driver.scopes(), clusters, &workloads);
                for (id, workload) in (0..).map(TargetId).zip(&workloads).skip(known) {
                    let access = Call::Access(vec![id], workload.clone());
                    under_way.extend(places.cluster_of(id).map(|cluster| call(cluster, access)));
                }
            }
            () = &mut timer => driver.advance_to(clock.elapsed()),
            _ = ticks.tick() => driver.tick(clock.elapsed()),
        }
    }
    if let Some(elapsed) = driver.evidence_until() {
        let (rest, message) = waiting.into_rest();
        for (target, request) in asked.into_iter().chain(rest) {
            let message = message.as_str().into();
            let why =
                ReadFailure { resource: Resource::Pods, kind: FailureKind::Unreachable, message };
            driver.feed(Observed::of_target(
                target,
                elapsed,
                Observation::unanswered(request, why),
            ));
        }
    }
    (driver.outcome(clock.started_at()), driver.judged())
}

/// Targets for which the same permissions are asked for: with few of them each by its name, since a role may name them;
/// with many those of a kind in a namespace, where the first one stands for all.
fn asked_alike(scopes: &[Scope], workloads: &[TargetRef]) -> Vec<Vec<TargetId>> {
    let mut groups: Vec<Vec<TargetId>> = Vec::new();
    for scope in scopes {
        let is_alike = scope.targets().len() > EACH_BY_ITSELF;
        let mut of_kinds: BTreeMap<&TargetKind, Vec<TargetId>> = BTreeMap::new();
        for target in scope.targets() {
            match is_alike {
                true => of_kinds.entry(&workloads[target.index()].kind).or_default().push(*target),
                false => groups.push(vec![*target]),
            }
        }
        groups.extend(of_kinds.into_values());
    }
    groups
}
