//! What containers did over time, kept for the picture in a report. No verdict rests on it, so it is bounded: some pods,
//! and of a container that changes often its first and last changes.

use std::{collections::BTreeMap, sync::Arc};

use super::lane::{Lane, LaneState, Mark, MarkKind, Span};
use crate::{
    clean,
    model::{
        ContainerState, ContainerStatus, Elapsed, EventKind, KubeEvent, Pod, Role, ServerTime,
        Termination, Uid,
    },
    text::Clean,
};

/// Pods that are kept: any of them may turn out to be telling later.
const PODS: usize = 200;

/// Lanes that are shown; a picture of more can't be read.
const SHOWN: usize = 24;

/// Changes that are kept of a container.
const SPANS: usize = 64;

/// Marks that are kept of a container.
const MARKS: usize = 32;

/// How much a pod has to show. One with more takes the place of one with less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// Nothing.
    Quiet,
    /// It shows a finding at the moment.
    Suspect,
    /// A run ended.
    Broken,
}

/// The containers of some pods over time.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    pods: BTreeMap<Uid, PodLanes>,
    /// How many pods were taken in.
    taken: usize,
    /// What the servers' clocks showed at the gate's zero.
    zero: Option<ServerTime>,
}

#[derive(Debug)]
struct PodLanes {
    /// Its place in the order of first sights.
    number: usize,
    weight: Weight,
    is_gone: bool,
    is_terminating: bool,
    containers: Vec<ContainerLane>,
}

#[derive(Debug)]
struct ContainerLane {
    name: Arc<str>,
    role: Role,
    restarts: u32,
    /// The ends that the latest reading showed, or that were earlier than the gate.
    ends: Vec<Box<str>>,
    spans: Vec<Span>,
    marks: Vec<Mark>,
    left_out: u32,
}

impl Lanes {
    /// Learns from a consistent read what the servers' clocks show, to place events by.
    pub(super) fn set_clock(&mut self, server_time: Option<ServerTime>, now: Elapsed) {
        if self.zero.is_none() {
            self.zero = server_time.map(|time| time.minus(now.since(Elapsed::ZERO)));
        }
    }

    /// How long before `now` it was by the servers' clocks; `None` if they are not known.
    pub(super) fn age(&self, time: ServerTime, now: Elapsed) -> Option<std::time::Duration> {
        let zero = self.zero?;
        let since_zero = now.since(Elapsed::ZERO);
        Some((since_zero + zero.since(time)).saturating_sub(time.since(zero)))
    }

    /// Takes a reading of a pod in that is the latest one.
    pub(super) fn observe(&mut self, pod: &Pod, now: Elapsed, weight: Weight) {
        let uid = &pod.metadata.uid;
        if !self.pods.contains_key(uid) {
            if !self.make_room(weight) {
                return;
            }
            self.taken += 1;
            let lanes = PodLanes::new(self.taken, pod, |end| self.is_earlier(end));
            self.pods.insert(uid.clone(), lanes);
        }
        if let Some(lanes) = self.pods.get_mut(uid) {
            lanes.observe(pod, now, weight);
        }
    }

    /// Whether there is room for one more pod; one that weighs less goes for it, the latest first.
    fn make_room(&mut self, weight: Weight) -> bool {
        if self.pods.len() < PODS {
            return true;
        }
        let lighter = self.pods.iter().filter(|(_, lanes)| lanes.weight < weight);
        let lightest =
            lighter.max_by_key(|(_, lanes)| (std::cmp::Reverse(lanes.weight), lanes.number));
        let Some(uid) = lightest.map(|(uid, _)| uid.clone()) else { return false };
        self.pods.remove(&uid);
        true
    }

    /// Whether a run ended before the gate came.
    fn is_earlier(&self, end: &Termination) -> bool {
        end.finished_at.is_some_and(|finished| self.place(finished).is_none())
    }

    /// A server's time on the gate's clock; `None` if it was before its zero, or can't be told.
    pub(super) fn place(&self, time: ServerTime) -> Option<Elapsed> {
        let zero = self.zero.filter(|zero| *zero <= time)?;
        Some(Elapsed::from(time.since(zero)))
    }

    /// A pod is gone.
    pub(super) fn leave(&mut self, uid: &Uid, now: Elapsed) {
        if let Some(lanes) = self.pods.get_mut(uid).filter(|lanes| !lanes.is_gone) {
            lanes.is_gone = true;
            lanes.containers.iter_mut().for_each(|lane| lane.last_until(now));
        }
    }

    /// Reads fail: nothing is known of any pod since its last reading.
    pub(super) fn lose_sight(&mut self, now: Elapsed) {
        for lanes in self.pods.values_mut().filter(|lanes| !lanes.is_gone) {
            for lane in &mut lanes.containers {
                let since = lane.spans.last().map_or(now, |span| span.to);
                lane.push(Span { state: LaneState::Unseen, from: since, to: now });
            }
        }
    }

    /// Marks the warnings among the events of a pod: on the container that they name, else on the first one.
    pub(super) fn take_events(&mut self, uid: &Uid, events: &[KubeEvent]) {
        for event in events.iter().filter(|event| event.kind == EventKind::Warning) {
            let Some(at) = event.last.and_then(|last| self.place(last)) else { continue };
            let Some(lanes) = self.pods.get_mut(uid) else { return };
            let named = event.container();
            let named = lanes.containers.iter().position(|lane| Some(&*lane.name) == named);
            if let Some(lane) = lanes.containers.get_mut(named.unwrap_or(0)) {
                let (reason, message) = (event.reason.to_clean_line(80), &event.message);
                let what = clean!("{}: {}", reason, message.to_clean_line(160));
                lane.mark(Mark { at, kind: MarkKind::Event, what });
            }
        }
    }

    /// The lanes to show: pods of a lower `order` first, then in the order of their first sight. All of a pod or none,
    /// but for the first.
    pub(super) fn chosen(
        &self,
        ended: Elapsed,
        order: impl Fn(&Uid) -> u8,
        name: impl Fn(&Uid) -> Clean,
    ) -> Vec<Lane> {
        let mut pods: Vec<_> = self.pods.iter().collect();
        pods.sort_by_cached_key(|(uid, lanes)| (order(uid), lanes.number));
        let mut chosen = Vec::new();
        for (uid, lanes) in pods {
            if !chosen.is_empty() && chosen.len() + lanes.containers.len() > SHOWN {
                break;
            }
            let name = name(uid);
            let shown = lanes.containers.iter().take(SHOWN);
            chosen.extend(shown.map(|lane| lane.shown(&name, lanes.is_gone, ended)));
        }
        chosen
    }
}

impl PodLanes {
    fn new(number: usize, pod: &Pod, is_earlier: impl Fn(&Termination) -> bool) -> Self {
        let lane = |(role, container, status): (
            Role,
            &crate::model::Container,
            Option<&ContainerStatus>,
        )| {
            let ends = status.into_iter().flat_map(ends);
            ContainerLane {
                name: container.name.clone(),
                role,
                restarts: status.map_or(0, |status| status.restart_count),
                ends: ends.filter(|end| is_earlier(end)).map(key).collect(),
                spans: Vec::new(),
                marks: Vec::new(),
                left_out: 0,
            }
        };
        Self {
            number,
            weight: Weight::Quiet,
            is_gone: false,
            is_terminating: false,
            containers: pod.containers().map(lane).collect(),
        }
    }

    fn observe(&mut self, pod: &Pod, now: Elapsed, weight: Weight) {
        if self.is_gone {
            return;
        }
        self.weight = if self.weight == Weight::Broken { Weight::Broken } else { weight };
        let deleted = pod.metadata.is_terminating() && !self.is_terminating;
        self.is_terminating |= deleted;
        let has_node = pod.spec.node_name.is_some();
        for (lane, (role, container, status)) in self.containers.iter_mut().zip(pod.containers()) {
            if lane.name != container.name {
                continue;
            }
            lane.enter(state(role, status, has_node), now);
            if let Some(status) = status {
                lane.observe_runs(status, now);
            }
            if deleted {
                let what = Clean::from_static("the deletion of the pod was asked for");
                lane.mark(Mark { at: now, kind: MarkKind::Deleted, what });
            }
        }
    }
}

impl ContainerLane {
    fn enter(&mut self, state: LaneState, now: Elapsed) {
        self.last_until(now);
        if self.spans.last().is_none_or(|last| last.state != state) {
            self.push(Span { state, from: now, to: now });
        }
    }

    fn last_until(&mut self, now: Elapsed) {
        if let Some(last) = self.spans.last_mut() {
            last.to = last.to.max(now);
        }
    }

    /// How a run ended, and that another one began.
    fn observe_runs(&mut self, status: &ContainerStatus, now: Elapsed) {
        let known = std::mem::replace(&mut self.ends, ends(status).map(key).collect());
        for end in ends(status) {
            let is_older = end.container_id.is_empty() && end.finished_at.is_none();
            if is_older || known.contains(&key(end)) {
                continue;
            }
            let reason = end.reason.to_clean_line(80);
            let what = clean!("ended with exit code {} ({})", end.exit_code, reason);
            self.mark(Mark { at: now, kind: MarkKind::Ended, what });
        }
        if status.restart_count > self.restarts {
            let what = clean!("restart {}", status.restart_count);
            self.mark(Mark { at: now, kind: MarkKind::Restarted, what });
        }
        self.restarts = status.restart_count;
    }

    /// Adds a span. Where there are too many, one in the middle goes: the first and the last ones tell most.
    fn push(&mut self, span: Span) {
        if self.spans.len() >= SPANS {
            self.spans.remove(SPANS / 2);
            self.left_out += 1;
        }
        self.spans.push(span);
    }

    /// Adds a mark in its place, unless it is there already.
    fn mark(&mut self, mark: Mark) {
        if self.marks.contains(&mark) {
            return;
        }
        if self.marks.len() >= MARKS {
            self.marks.remove(MARKS / 2);
            self.left_out += 1;
        }
        let place = self.marks.partition_point(|other| other.at <= mark.at);
        self.marks.insert(place, mark);
    }

    fn shown(&self, pod: &Clean, is_gone: bool, ended: Elapsed) -> Lane {
        let mut spans = self.spans.clone();
        if let Some(last) = spans.last_mut().filter(|_| !is_gone) {
            last.to = last.to.max(ended);
        }
        // what is told after the verdict is no part of what was judged
        let marks = self.marks.iter().filter(|mark| mark.at <= ended).cloned().collect();
        Lane {
            pod: pod.clone(),
            container: super::findings::container_name(&self.name),
            role: self.role,
            spans,
            marks,
            left_out: self.left_out,
        }
    }
}

/// What a container does.
fn state(role: Role, status: Option<&ContainerStatus>, has_node: bool) -> LaneState {
    match status.map(|status| (&status.state, status.ready)) {
        Some((ContainerState::Running { .. }, true)) => LaneState::Ready,
        Some((ContainerState::Running { .. }, false)) => LaneState::NotReady,
        Some((ContainerState::Terminated(end), _)) if role == Role::Init && end.exit_code == 0 => {
            LaneState::Completed
        }
        Some((ContainerState::Terminated(_), _)) => LaneState::Terminated,
        Some((ContainerState::Waiting(waiting), _)) if !is_ordinary(waiting.reason.as_raw()) => {
            LaneState::BackingOff
        }
        Some((ContainerState::Waiting(_) | ContainerState::Absent, _)) | None if has_node => {
            LaneState::Creating
        }
        Some((ContainerState::Waiting(_) | ContainerState::Absent, _)) | None => LaneState::Pending,
    }
}

/// Whether a container that is about to be started waits with this reason
/// (Kubernetes 1.36 `pkg/kubelet/kubelet_pods.go`, `convertToAPIContainerStatuses`).
fn is_ordinary(reason: &str) -> bool {
    matches!(reason, "" | "ContainerCreating" | "PodInitializing")
}

/// The runs that a status says ended, the earlier one first.
fn ends(status: &ContainerStatus) -> impl Iterator<Item = &Termination> {
    [&status.last_state, &status.state].into_iter().filter_map(|state| state.termination())
}

/// What tells one run from another.
fn key(end: &Termination) -> Box<str> {
    if end.container_id.is_empty() {
        return format!("{:?}", end.finished_at).into();
    }
    end.container_id.clone()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        gate::{
            Policy, Verdict,
            timeline::{BEGAN, Timeline},
        },
        observation::FailureKind,
    };

    /// `pod container: state 1-2, …; mark@2 …`, times in seconds.
    fn told(lane: &Lane) -> String {
        let seconds = |at: Elapsed| at.as_millis() / 1000;
        let span = |span: &Span| {
            format!("{} {}-{}", span.state.as_str(), seconds(span.from), seconds(span.to))
        };
        let mark = |mark: &Mark| format!("{}@{}", mark.what, seconds(mark.at));
        let spans: Vec<_> = lane.spans.iter().map(span).collect();
        let marks: Vec<_> = lane.marks.iter().map(mark).collect();
        format!("{}/{}: {}; {}", lane.pod, lane.container, spans.join(", "), marks.join(", "))
    }

    fn lanes(timeline: &Timeline) -> Vec<String> {
        timeline.gate.lanes().iter().map(told).collect()
    }

    /// A gate that does not end at the first restart.
    fn patient() -> Policy {
        Policy { max_restarts: 100, ..Policy::default() }
    }

    #[test]
    fn a_life_with_a_crash_is_told_in_order() {
        let mut timeline = Timeline::new(1, patient());
        timeline.secs(1).change("app-0", |pod| {
            pod["spec"]["nodeName"] = json!(null);
            pod["status"] = json!({"phase": "Pending"});
        });
        timeline.secs(1).change("app-0", |pod| pod["spec"]["nodeName"] = json!("node-1"));
        timeline.secs(1).change("app-0", |pod| {
            pod["status"]["containerStatuses"] =
                json!([{"name": "app", "restartCount": 0, "state": {"running": {}}}]);
            pod["status"]["conditions"] = json!([{"type": "Ready", "status": "False"}]);
        });
        timeline.secs(1).change("app-0", |pod| {
            pod["status"]["containerStatuses"][0]["ready"] = json!(true);
        });
        timeline.secs(1).crash("app-0", 137);
        timeline.secs(1).wait("app-0", "CrashLoopBackOff", "back-off");
        timeline.secs(2).restart("app-0", 8);
        timeline.secs(1).change("app-0", |pod| {
            pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:01:00Z")
        });
        timeline.secs(1).delete("app-0");
        timeline.secs(5);
        assert_eq!(
            lanes(&timeline),
            [
                "app-0/app: pending 1-2, creating 2-3, running, not ready 3-4, ready 4-5, terminated 5-6, \
                 backing off 6-8, ready 8-10; ended with exit code 137 (Error)@5, restart 1@8, \
                 the deletion of the pod was asked for@9"
            ]
        );
    }

    #[test]
    fn each_end_is_marked_once_while_two_are_shown() {
        let mut timeline = Timeline::new(1, patient());
        let end = |id: &str| json!({"terminated": {"exitCode": 1, "containerID": id}});
        for (last, state) in [(json!({}), end("a")), (end("a"), end("b")), (end("a"), end("b"))] {
            timeline.secs(1).change("app-0", |pod| {
                pod["status"]["containerStatuses"][0]["lastState"] = last;
                pod["status"]["containerStatuses"][0]["state"] = state;
            });
        }
        timeline.secs(3);
        let lanes = timeline.gate.lanes();
        let ends = lanes[0].marks.iter().filter(|mark| mark.kind == MarkKind::Ended);
        let at: Vec<_> = ends.map(|mark| mark.at).collect();
        assert_eq!(at, [Elapsed::from_secs(1), Elapsed::from_secs(2)]);
    }

    #[test]
    fn a_lane_ends_with_the_verdict() {
        let mut timeline = Timeline::complete(1, Policy::default());
        timeline.secs(100);
        assert_eq!(timeline.verdict(), Some(Verdict::Passed));
        assert_eq!(lanes(&timeline), ["app-0/app: ready 0-60; "]);
    }

    #[test]
    fn an_init_container_that_did_its_work_is_complete() {
        let end = |code: i32| {
            let json = json!({"name": "a", "state": {"terminated": {"exitCode": code}}});
            serde_json::from_value::<ContainerStatus>(json).unwrap()
        };
        let states = [(Role::Init, 0), (Role::Init, 1), (Role::App, 0)];
        let states = states.map(|(role, code)| state(role, Some(&end(code)), true));
        let expected = [LaneState::Completed, LaneState::Terminated, LaneState::Terminated];
        assert_eq!(states, expected);
    }

    #[test]
    fn what_was_not_seen_is_no_state() {
        let mut timeline = Timeline::complete(1, Policy::default());
        timeline.secs(10);
        let last_good = timeline.good_reads.last().unwrap().as_millis() / 1000;
        timeline.broken = Some(FailureKind::Unreachable);
        timeline.secs(20);
        timeline.broken = None;
        timeline.secs(10);
        let [lane] = &*lanes(&timeline) else { panic!("one lane") };
        assert!(
            lane.starts_with(&format!("app-0/app: ready 0-{last_good}, not seen {last_good}-")),
            "{lane}"
        );
        assert!(lane.contains(", ready "), "{lane}");
    }

    #[test]
    fn warnings_are_marked_on_the_container_that_they_name() {
        let mut timeline = Timeline::complete(1, patient());
        timeline.put("app-0", |pod| {
            pod["spec"]["containers"] = json!([{"name": "proxy"}, {"name": "app"}]);
        });
        let mut lanes = Lanes::default();
        let pod: Pod = serde_json::from_value(timeline.pods["app-0"].clone()).unwrap();
        lanes.set_clock(ServerTime::from_unix_seconds(BEGAN), Elapsed::ZERO);
        lanes.observe(&pod, Elapsed::ZERO, Weight::Quiet);
        let event = |kind: &str, path: Option<&str>, second: i64| {
            let last = ServerTime::from_unix_seconds(BEGAN + second).unwrap();
            serde_json::from_value::<KubeEvent>(
                json!({"type": kind, "reason": "R", "message": "m", "lastTimestamp": last,
                "involvedObject": {"kind": "Pod", "name": "app-0", "fieldPath": path}}),
            )
            .unwrap()
        };
        let events = [
            event("Warning", Some("spec.containers{app}"), 3),
            event("Warning", None, 2),
            event("Normal", None, 2),
            event("Warning", None, -5),
        ];
        for _ in 0..2 {
            lanes.take_events(&pod.metadata.uid, &events);
        }
        let chosen = lanes.chosen(Elapsed::from_secs(9), |_| 0, |_| Clean::from_static("p"));
        let chosen: Vec<_> = chosen.iter().map(told).collect();
        // the container that is not in the status is about to be created
        assert_eq!(chosen, ["p/proxy: creating 0-9; R: m@2", "p/app: ready 0-9; R: m@3"]);
        let before = lanes.chosen(Elapsed::from_secs(2), |_| 0, |_| Clean::default());
        assert!(before[1].marks.is_empty(), "a mark after the verdict is not shown");
    }

    #[test]
    fn many_changes_keep_their_first_and_last_ones() {
        let window = std::time::Duration::from_secs(600);
        let mut timeline = Timeline::complete(1, Policy { window, ..patient() });
        for _ in 0..100 {
            timeline.secs(1).change("app-0", |pod| {
                let ready = &mut pod["status"]["containerStatuses"][0]["ready"];
                *ready = json!(!ready.as_bool().unwrap());
            });
        }
        let lanes = timeline.gate.lanes();
        assert_eq!((lanes[0].spans.len(), lanes[0].left_out), (SPANS, 101 - SPANS as u32));
        assert_eq!(lanes[0].spans[0].from, Elapsed::ZERO);
        assert_eq!(lanes[0].spans[SPANS - 1].from, Elapsed::from_secs(100));
        assert!(lanes[0].spans.windows(2).all(|pair| pair[0].to <= pair[1].from));
    }

    #[test]
    fn a_pod_that_fails_has_its_lane_among_thousands() {
        let mut lanes = Lanes::default();
        let pod = |number: usize| -> Pod {
            serde_json::from_value(json!({"metadata": {"name": "p", "uid": number.to_string()},
                "spec": {"nodeName": "n", "containers": [{"name": "app"}]}}))
            .unwrap()
        };
        // all are suspected for a moment, one is pending for ever, and the last one crashes
        for (second, weight) in [(0, Weight::Suspect), (1, Weight::Quiet)] {
            for number in 0..5000 {
                lanes.observe(&pod(number), Elapsed::from_secs(second), weight);
            }
        }
        lanes.observe(&pod(4000), Elapsed::from_secs(2), Weight::Suspect);
        lanes.observe(&pod(4999), Elapsed::from_secs(2), Weight::Broken);
        assert_eq!(lanes.pods.len(), PODS);
        let failing = |uid: &Uid| match uid.as_str() {
            "4999" => 0,
            "4000" => 1,
            _ => 9,
        };
        let name = |uid: &Uid| crate::text::Untrusted::from(uid.as_str()).to_clean();
        let chosen = lanes.chosen(Elapsed::from_secs(3), failing, name);
        let names: Vec<_> = chosen.iter().map(|lane| &*lane.pod).collect();
        assert_eq!((names.len(), &names[..3]), (SHOWN, &["4999", "4000", "0"][..]));
    }

    #[test]
    fn a_crash_far_behind_in_a_large_rollout_comes_first() {
        let mut timeline = Timeline::complete(300, Policy::default());
        timeline.secs(1).crash("app-99", 1);
        assert_eq!(timeline.verdict(), Some(Verdict::Failed));
        let lanes = lanes(&timeline);
        assert_eq!(lanes.len(), SHOWN);
        assert!(lanes[0].starts_with("app-99/app: "), "{}", lanes[0]);
    }
}
