use std::time::Duration;

use serde_json::json;

use super::{
    lanes::{Lanes, PODS, SHOWN},
    phases::{PHASES, Phases},
    pod::{PodTracks, Weight},
    told::{EVENTS, Told},
    track::{SPANS, state},
    *,
};
use crate::{
    gate::{
        Policy, Progress, Verdict,
        tests::script::{BEGAN, Script},
    },
    model::{ContainerStatus, Elapsed, KubeEvent, Pod, Role, ServerClock, ServerTime},
    observation::FailureKind,
    text::Clean,
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

fn chosen(script: &Script) -> Vec<Lane> {
    script.kept.lanes(&script.gate)
}

fn lanes(script: &Script) -> Vec<String> {
    chosen(script).iter().map(told).collect()
}

/// A gate that does not end at the first restart.
fn patient() -> Policy {
    Policy { max_restarts: 100, ..Policy::default() }
}

#[test]
fn a_life_with_a_crash_is_told_in_order() {
    let mut script = Script::new(1, patient());
    script.secs(1).change("app-0", |pod| {
        pod["spec"]["nodeName"] = json!(null);
        pod["status"] = json!({"phase": "Pending"});
    });
    script.secs(1).change("app-0", |pod| pod["spec"]["nodeName"] = json!("node-1"));
    script.secs(1).change("app-0", |pod| {
        pod["status"]["containerStatuses"] =
            json!([{"name": "app", "restartCount": 0, "state": {"running": {}}}]);
        pod["status"]["conditions"] = json!([{"type": "Ready", "status": "False"}]);
    });
    script.secs(1).change("app-0", |pod| {
        pod["status"]["containerStatuses"][0]["ready"] = json!(true);
    });
    script.secs(1).crash("app-0", 137);
    script.secs(1).wait("app-0", "CrashLoopBackOff", "back-off");
    script.secs(2).restart("app-0", 8);
    script.secs(1).change("app-0", |pod| {
        pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:01:00Z")
    });
    script.secs(1).delete("app-0");
    script.secs(5);
    assert_eq!(
        lanes(&script),
        [
            "app-0/app: pending 1-2, creating 2-3, running, not ready 3-4, ready 4-5, terminated 5-6, \
             backing off 6-8, ready 8-10; ended with exit code 137 (Error)@5, restart 1@8, \
             the deletion of the pod was asked for@9"
        ]
    );
}

#[test]
fn each_end_is_marked_once_while_two_are_shown() {
    let mut script = Script::new(1, patient());
    let end = |id: &str| json!({"terminated": {"exitCode": 1, "containerID": id}});
    for (last, state) in [(json!({}), end("a")), (end("a"), end("b")), (end("a"), end("b"))] {
        script.secs(1).change("app-0", |pod| {
            pod["status"]["containerStatuses"][0]["lastState"] = last;
            pod["status"]["containerStatuses"][0]["state"] = state;
        });
    }
    script.secs(3);
    let lanes = chosen(&script);
    let ends = lanes[0].marks.iter().filter(|mark| mark.kind == MarkKind::Ended);
    let at: Vec<_> = ends.map(|mark| mark.at).collect();
    assert_eq!(at, [Elapsed::from_secs(1), Elapsed::from_secs(2)]);
}

#[test]
fn a_lane_ends_with_the_verdict() {
    let mut script = Script::complete(1, Policy::default());
    script.secs(100);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    assert_eq!(lanes(&script), ["app-0/app: ready 0-60; "]);
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
    let mut script = Script::complete(1, Policy::default());
    script.secs(10);
    let last_good = script.good_reads.last().unwrap().as_millis() / 1000;
    script.broken = Some(FailureKind::Unreachable);
    script.secs(20);
    script.broken = None;
    script.secs(10);
    let [lane] = &*lanes(&script) else { panic!("one lane") };
    assert!(
        lane.starts_with(&format!("app-0/app: ready 0-{last_good}, not seen {last_good}-")),
        "{lane}"
    );
    assert!(lane.contains(", ready "), "{lane}");
}

#[test]
fn warnings_are_marked_on_the_container_that_they_name() {
    let mut script = Script::complete(1, patient());
    script.put("app-0", |pod| {
        pod["spec"]["containers"] = json!([{"name": "proxy"}, {"name": "app"}]);
    });
    let pod: Pod = serde_json::from_value(script.pods["app-0"].clone()).unwrap();
    let mut clock = ServerClock::default();
    clock.set(ServerTime::from_unix_seconds(BEGAN), Elapsed::ZERO);
    let mut tracks = PodTracks::new(1, &pod, clock);
    tracks.observe(&pod, Elapsed::ZERO, Weight::Quiet);
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
        tracks.mark_warnings(&events, clock);
    }
    let shown: Vec<_> = tracks.lanes(Elapsed::from_secs(9)).map(|lane| told(&lane)).collect();
    // the container that is not in the status is about to be created
    assert_eq!(shown, ["app-0/proxy: creating 0-9; R: m@2", "app-0/app: ready 0-9; R: m@3"]);
    let before = tracks.lanes(Elapsed::from_secs(2)).nth(1).unwrap();
    assert!(before.marks.is_empty(), "a mark after the verdict is not shown");
}

#[test]
fn many_changes_keep_their_first_and_last_ones() {
    let window = std::time::Duration::from_secs(600);
    let mut script = Script::complete(1, Policy { window, ..patient() });
    for _ in 0..100 {
        script.secs(1).change("app-0", |pod| {
            let ready = &mut pod["status"]["containerStatuses"][0]["ready"];
            *ready = json!(!ready.as_bool().unwrap());
        });
    }
    let lanes = chosen(&script);
    assert_eq!((lanes[0].spans.len(), lanes[0].left_out), (SPANS, 101 - SPANS as u32));
    assert_eq!(lanes[0].spans[0].from, Elapsed::ZERO);
    assert_eq!(lanes[0].spans[SPANS - 1].from, Elapsed::from_secs(100));
    assert!(lanes[0].spans.windows(2).all(|pair| pair[0].to <= pair[1].from));
}

#[test]
fn a_pod_that_fails_is_kept_among_thousands() {
    let mut lanes = Lanes::default();
    let pod = |number: usize| -> Pod {
        serde_json::from_value(json!({"metadata": {"name": "p", "uid": number.to_string()},
            "spec": {"nodeName": "n", "containers": [{"name": "app"}]}}))
        .unwrap()
    };
    let mut enter = |number, second, weight| {
        let clock = ServerClock::default();
        lanes.enter(&pod(number), Elapsed::from_secs(second), weight, clock);
    };
    // all are suspected for a moment, one is pending for ever, and the last one crashes
    for (second, weight) in [(0, Weight::Suspect), (1, Weight::Quiet)] {
        for number in 0..5000 {
            enter(number, second, weight);
        }
    }
    enter(4000, 2, Weight::Suspect);
    enter(4999, 2, Weight::Broken);
    assert_eq!(lanes.pods.len(), PODS);
    let kept = |uid: &str| lanes.pods.keys().any(|known| known.as_str() == uid);
    assert!(kept("4000") && kept("4999") && kept("0"));
}

#[test]
fn a_crash_far_behind_in_a_large_rollout_comes_first() {
    let mut script = Script::complete(300, Policy::default());
    script.secs(1).crash("app-99", 1);
    assert_eq!(script.verdict(), Some(Verdict::Failed));
    let lanes = lanes(&script);
    assert_eq!(lanes.len(), SHOWN);
    assert!(lanes[0].starts_with("app-99/app: "), "{}", lanes[0]);
}

#[test]
fn a_suspect_has_its_lane_among_many_pods() {
    let mut script = Script::complete(200, patient());
    script.secs(1).put("late", |_| {}).wait("late", "ErrImagePull", "dial tcp: i/o timeout");
    assert!(chosen(&script).iter().any(|lane| &*lane.pod == "late"));
}

#[test]
fn of_many_events_and_phases_the_first_and_the_last_ones_are_kept() {
    let (mut told, mut phases) = (Told::default(), Phases::default());
    for second in 0..1000 {
        let at = Elapsed::from_secs(second);
        let event = match second % 5 {
            0 => GateEvent::WindowBroken { at, why: Clean::default() },
            1 => GateEvent::Progress { at, progress: Progress::default() },
            2 => GateEvent::WindowOpened { at, length: Duration::ZERO },
            _ => GateEvent::ReadsFresh { at },
        };
        told.hear(&event);
        phases.hear(&event);
    }
    let at: Vec<_> = told.events.iter().map(|event| event.at().as_millis() / 1000).collect();
    assert!(at.len() == EVENTS && at.is_sorted(), "{at:?}");
    assert_eq!((at[0], at[1], at.last()), (0, 2, Some(&999)));
    let left_out = told.left_out.unwrap();
    assert_eq!((EVENTS + left_out.events as usize, left_out.from), (800, Elapsed::from_secs(100)));
    let kept = phases.until(Elapsed::from_secs(1000));
    assert!(kept.len() <= PHASES && kept.is_sorted_by_key(|phase| phase.from), "{kept:?}");
    let ends = |phase: &PhaseFacts| (phase.phase, phase.from, phase.to);
    let seconds = Elapsed::from_secs;
    assert_eq!(ends(&kept[0]), (RunPhase::Rollout, seconds(0), seconds(2)));
    assert_eq!(ends(&kept[kept.len() - 1]), (RunPhase::Window, seconds(997), seconds(1000)));
}

#[test]
fn what_is_suspected_and_confirmed_in_one_second_is_told_once() {
    let mut script = Script::complete(1, Policy::default());
    script.secs(5).crash("app-0", 1).secs(5);
    let told = script.kept.events().iter().filter_map(|event| match event {
        GateEvent::FindingSuspected { .. } => Some("suspected"),
        GateEvent::FindingConfirmed { .. } => Some("confirmed"),
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), ["confirmed"]);
}
