//! A namespace in virtual time with several Deployments of a pod each, which answers a fleet as an API server would.

use std::time::Duration;

use serde_json::{Value, json};

use super::{at_version, target};
use crate::{
    evidence::EvidenceRequest,
    fleet::{Fleet, Output, Release, Target},
    gate::{GateEvent, Policy, Verdict},
    model::Elapsed,
    observation::{
        Appeared, FailureKind, Observation, Observed, Read, ReadFailure, Resource, ScopeId, Signal,
        TargetId,
    },
};

/// What happens to a Deployment, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Happens {
    /// Its pod becomes ready, with which the rollout is complete.
    Ready,
    /// Its container ends with code 1 and waits for its next run.
    Crash,
    /// Its image cannot be pulled.
    NoImage,
    /// A watch and a read miss nothing, and there is no such workload.
    Missing,
    /// It was not there, and is created.
    Appears,
}

/// What happens in the whole town: seconds, the number of the Deployment, what.
pub(super) type Plan = Vec<(u64, usize, Happens)>;

pub(super) struct Town {
    pub(super) fleet: Fleet,
    pub(super) told: Vec<(usize, GateEvent)>,
    pub(super) reads: usize,
    /// The targets for which evidence was asked for, with when in seconds.
    pub(super) collected: Vec<(usize, u64)>,
    now: Elapsed,
    houses: Vec<House>,
    version: u64,
}

struct House {
    name: String,
    namespace: String,
    pod: Option<Value>,
    is_ready: bool,
    is_missing: bool,
}

fn nothing() -> ReadFailure {
    ReadFailure { resource: Resource::Logs, kind: FailureKind::Unreachable, message: "no".into() }
}

pub(super) fn policy() -> Policy {
    let seconds = Duration::from_secs;
    Policy { timeout: seconds(60), window: seconds(20), ..Policy::default() }
}

impl Town {
    /// Deployments, each with its namespace.
    pub(super) fn new(houses: &[(&str, &str)], keep_going: bool) -> Self {
        Self::judged_by(&policy(), houses, keep_going)
    }

    /// The same, by these limits.
    pub(super) fn judged_by(policy: &Policy, houses: &[(&str, &str)], keep_going: bool) -> Self {
        let targets = houses.iter().map(|(name, namespace)| {
            let target = target(name, namespace);
            Target { policy: policy.clone(), ..target }
        });
        Self::of(Release { keep_going, ..targets.collect::<Vec<_>>().into() }, houses)
    }

    /// Everything is selected, and of these Deployments so many are there at the start.
    pub(super) fn selected(houses: &[(&str, &str)], there: usize) -> Self {
        Self::selected_by(policy(), houses, there)
    }

    /// The same, with these limits for what appears.
    pub(super) fn selected_by(newcomers: Policy, houses: &[(&str, &str)], there: usize) -> Self {
        let targets = houses[..there].iter().map(|(name, namespace)| {
            let target = target(name, namespace);
            Target { policy: policy(), is_selected: true, ..target }
        });
        let release = targets.collect::<Vec<_>>().into();
        Self::of(Release { newcomers: Some(newcomers), ..release }, houses)
    }

    fn of(release: Release, houses: &[(&str, &str)]) -> Self {
        let there = release.targets.len();
        let fleet = Fleet::new(release);
        let houses = houses.iter().map(|(name, namespace)| House {
            name: (*name).to_owned(),
            namespace: (*namespace).to_owned(),
            pod: None,
            is_ready: false,
            is_missing: false,
        });
        let (houses, now) = (houses.collect(), Elapsed::ZERO);
        let (told, collected) = (Vec::new(), Vec::new());
        let mut town = Self { fleet, told, reads: 0, collected, now, houses, version: 10 };
        for house in 0..town.houses.len() {
            town.put(house, json!({"phase": "Pending"}));
            town.houses[house].is_missing = house >= there;
        }
        town.answer();
        town
    }

    /// Plays what happens until every target is decided.
    pub(super) fn play(mut self, plan: &Plan) -> Self {
        let mut plan = plan.clone();
        plan.sort_by_key(|(second, ..)| *second);
        for (second, house, happens) in plan {
            self.advance_to(Elapsed::from_secs(second));
            self.happen(house, happens);
        }
        self.advance_to(Elapsed::from_secs(1000));
        self
    }

    pub(super) fn advance_to(&mut self, until: Elapsed) {
        while let Some(due) = self.fleet.poll_timeout().filter(|due| *due <= until) {
            self.now = due;
            self.fleet.handle_timeout(due);
            self.answer();
        }
        self.now = until;
    }

    pub(super) fn happen(&mut self, house: usize, happens: Happens) {
        let second = self.now.as_millis() / 1000;
        let time = crate::model::ServerTime::from_unix_seconds(i64::try_from(second).unwrap());
        let container = |ready: bool, state: Value| {
            json!({"phase": "Running", "conditions": [{"type": "Ready", "status": if ready { "True" } else { "False" },
                    "lastTransitionTime": time}],
                "containerStatuses": [{"name": "app", "ready": ready, "started": ready, "restartCount": 0, "state": state}]})
        };
        let status = match happens {
            Happens::Missing => {
                self.houses[house].is_missing = true;
                return;
            }
            Happens::Appears => {
                self.houses[house].is_missing = false;
                return;
            }
            Happens::Ready => container(true, json!({"running": {"startedAt": time}})),
            Happens::Crash => container(
                false,
                json!({"terminated": {"exitCode": 1, "reason": "Error", "startedAt": time, "finishedAt": time,
                    "containerID": format!("containerd://{second}")}}),
            ),
            Happens::NoImage => container(
                false,
                json!({"waiting": {"reason": "ErrImagePull", "message": "dial tcp: i/o timeout"}}),
            ),
        };
        self.houses[house].is_ready = happens == Happens::Ready;
        self.put(house, status);
        let pod = serde_json::from_value(self.houses[house].pod.clone().unwrap()).unwrap();
        self.feed(self.scope(house), Observation::PodChanged(pod));
    }

    pub(super) fn interrupt(&mut self) {
        self.feed(ScopeId(0), Observation::Interrupted(Signal::Interrupt));
    }

    pub(super) fn verdicts(&self) -> Vec<Option<Verdict>> {
        let gates = self.fleet.members().iter().map(|member| &member.gate);
        gates.map(|gate| gate.decision().map(|decision| decision.verdict)).collect()
    }

    /// When each was decided, in seconds.
    pub(super) fn decided(&self) -> Vec<u64> {
        let gates = self.fleet.members().iter().map(|member| &member.gate);
        gates.map(|gate| gate.decision().unwrap().at.as_millis() / 1000).collect()
    }

    fn put(&mut self, house: usize, status: Value) {
        self.version += 1;
        let name = &self.houses[house].name;
        let mut pod = super::pod(&format!("{name}-1-x"), &format!("{name}-1"), 0);
        pod["status"] = status;
        pod["metadata"]["resourceVersion"] = json!(self.version.to_string());
        self.houses[house].pod = Some(pod);
    }

    fn scope(&self, house: usize) -> ScopeId {
        let id = TargetId(u32::try_from(house).unwrap());
        let scopes = self.fleet.scopes().iter();
        let place = scopes.take_while(|scope| !scope.targets().contains(&id)).count();
        ScopeId(u32::try_from(place).unwrap())
    }

    fn feed(&mut self, scope: ScopeId, observation: Observation) {
        self.fleet.handle(&Observed::of_scope(scope, self.now, observation));
        self.answer();
    }

    fn answer(&mut self) {
        while let Some(output) = self.fleet.poll_output() {
            match output {
                Output::Event(event) => self.told.push((event.target.index(), event.event)),
                Output::Read(scope) => {
                    self.reads += 1;
                    let namespace = self.fleet.scopes()[scope.index()].namespace().to_string();
                    let read = self.read(&namespace);
                    let known = self.fleet.scopes()[scope.index()].world().clone();
                    let observation = Observation::Read(known.news(read));
                    self.fleet.handle(&Observed::of_scope(scope, self.now, observation));
                }
                Output::Select => {
                    let there = self.houses.iter().filter(|house| !house.is_missing);
                    let appeared = there.map(|house| Appeared {
                        context: None,
                        target: target(&house.name, &house.namespace).workload,
                    });
                    let observation = Observation::Selected(appeared.collect());
                    self.fleet.handle(&Observed::new(self.now, observation));
                }
                Output::ReadLeases(..) | Output::ReadServices(_) => {}
                Output::Collect(target, request) => {
                    self.collected.push((target.index(), self.now.as_millis() / 1000));
                    let observation = match request {
                        EvidenceRequest::Events(request) => {
                            Observation::Events { request, result: Ok(Vec::new()) }
                        }
                        request => Observation::unanswered(request, nothing()),
                    };
                    self.fleet.handle(&Observed::of_target(target, self.now, observation));
                }
            }
        }
    }

    fn read(&self, namespace: &str) -> Read {
        let here = || {
            let houses = self.houses.iter();
            houses.filter(|house| house.namespace == namespace && !house.is_missing)
        };
        let count = |house: &House| u64::from(house.is_ready);
        let workloads = here().map(|house| {
            let mut deployment = super::deployment(&house.name);
            let ready = count(house);
            deployment["status"] = json!({"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1,
                "readyReplicas": ready, "availableReplicas": ready});
            at_version(deployment, self.version)
        });
        let sets = here().map(|house| super::set(&house.name));
        let pods = here().filter_map(|house| house.pod.clone());
        let now = i64::try_from(self.now.as_millis() / 1000).unwrap();
        serde_json::from_value(json!({"whole": true, "workloads": workloads.collect::<Vec<_>>(),
            "replica_sets": sets.collect::<Vec<_>>(), "pods": pods.collect::<Vec<_>>(),
            "server_time": crate::model::ServerTime::from_unix_seconds(now)}))
        .unwrap()
    }
}
