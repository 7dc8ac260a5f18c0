//! What the events of a pod tell about its not starting: volumes, sandbox, autoscaler.

use std::time::Duration;

use super::{
    symptom::{Limit, Symptom},
    unready,
};
use crate::{
    gate::{Attribution, Cause, Grace, texts},
    model::{ContainerStatus, KubeEvent, Pod, ServerTime},
    phrases::kubernetes::told,
    signs::{Scene, is_failed_pull, is_summary},
    text::Untrusted,
};

/// Whether the pod is bound to a node and none of its containers was created yet, nor could be: volumes and sandbox
/// come first (Kubernetes 1.36 `pkg/kubelet/kubelet.go`, `SyncPod`).
pub(in crate::gate) fn is_starting(pod: &Pod) -> bool {
    let is_bound = pod.spec.node_name.is_some() && !pod.metadata.is_terminating();
    let has_sandbox = pod.condition("PodReadyToStartContainers").is_some();
    let waits =
        |status: &ContainerStatus| status.restart_count == 0 && unready::is_starting(status);
    let statuses =
        || pod.status.container_statuses.iter().chain(&pod.status.init_container_statuses);
    is_bound
        && !has_sandbox
        && !pod.is_ready()
        && statuses().next().is_some()
        && statuses().all(waits)
}

/// Whether a startup probe, which has a limit of its own, has yet to pass.
pub(in crate::gate) fn is_starting_up(pod: &Pod) -> bool {
    pod.containers().any(|(_, container, status)| {
        let has_started = status.is_some_and(|status| status.started == Some(true));
        container.startup_probe.is_some() && !has_started
    })
}

/// What holds up a pod that [is starting](is_starting). A trouble that is older than a step which comes after it is over.
pub(in crate::gate) fn trouble(events: &[KubeEvent]) -> Option<Symptom> {
    let reached = events.iter().filter(|event| is_later_step(event)).filter_map(at).max();
    let troubles = events.iter().filter_map(|event| Some((symptom(event)?, at(event))));
    let current = troubles.filter(|(_, time)| reached.is_none() || *time > reached);
    let current: Vec<_> = current.collect();
    let latest = current.iter().filter_map(|(_, time)| *time).max();
    // what only sums up says less than a trouble that may still be repeated
    let is_telling = |symptom: &Symptom, time: Option<ServerTime>| {
        let is_recent = time.zip(latest).is_none_or(|(time, latest)| latest.since(time) <= RETRY);
        is_recent && !is_summary(&symptom.message)
    };
    let ranked =
        current.into_iter().map(|(symptom, time)| (is_telling(&symptom, time), time, symptom));
    ranked.max_by_key(|(is_telling, time, _)| (*is_telling, *time)).map(|(_, _, symptom)| symptom)
}

/// The longest time between two tries of the kubelet to mount or attach a volume
/// (Kubernetes 1.36 `pkg/util/goroutinemap/exponentialbackoff`).
const RETRY: Duration = Duration::from_secs(2 * 60 + 2);

/// What an autoscaler said last: whether it makes room (cluster-autoscaler FAQ, Karpenter).
pub(in crate::gate) fn scale_up(events: &[KubeEvent]) -> Option<bool> {
    let said = |event: &KubeEvent| match event.reason.as_raw() {
        "TriggeredScaleUp" | "Nominated" => Some(true),
        "NotTriggerScaleUp" => Some(false),
        _ => None,
    };
    let said = events.iter().filter_map(|event| Some((at(event), said(event)?)));
    said.max_by_key(|(time, _)| *time).map(|(_, makes_room)| makes_room)
}

/// Why the last pull of a container's image failed. While the kubelet waits for the next, up to Kubernetes 1.31 the
/// container's state does not tell.
pub(in crate::gate) fn failed_pull<'e>(
    events: &'e [KubeEvent],
    container: &str,
) -> Option<&'e Untrusted> {
    let failed = events.iter().filter(|event| {
        event.reason.as_raw() == "Failed"
            && is_failed_pull(event.message.as_raw())
            && event.container().is_none_or(|name| name == container)
    });
    failed.max_by_key(|event| at(event)).map(|event| &event.message)
}

fn at(event: &KubeEvent) -> Option<ServerTime> {
    event.last
}

fn is_later_step(event: &KubeEvent) -> bool {
    matches!(event.reason.as_raw(), "Pulling" | "Pulled" | "Created" | "Started")
}

fn symptom(event: &KubeEvent) -> Option<Symptom> {
    let (cause, scene, grace) = match event.reason.as_raw() {
        "FailedMount" | "FailedMapVolume" | "FailedAttachVolume" => {
            (Cause::Mount, Scene::Volume, Grace::Mount)
        }
        // the pod's cgroup and its devices come with its sandbox (Kubernetes 1.36 `pkg/kubelet/kubelet.go`, `SyncPod`)
        "FailedCreatePodSandBox"
        | "FailedPodSandBoxStatus"
        | "NetworkNotReady"
        | "FailedCreatePodContainer"
        | "FailedPrepareDynamicResources" => (Cause::Sandbox, Scene::Sandbox, Grace::Sandbox),
        _ => return None,
    };
    let message = told(&event.reason, &event.message);
    let otherwise = match event.message.is_empty() {
        true => Attribution::Unknown,
        false => Attribution::Platform,
    };
    let (attribution, healing) = texts::weigh(scene, &message, otherwise);
    let limit = Limit::Grace(grace, healing);
    Some(Symptom::new(cause, attribution, message, limit))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::gate::symptom::Healing;

    fn event(reason: &str, message: &str, second: u32) -> KubeEvent {
        serde_json::from_value(json!({"type": "Warning", "reason": reason, "message": message,
            "lastTimestamp": format!("2026-01-01T00:00:{second:02}Z"), "involvedObject": {"kind": "Pod", "name": "a"}}))
        .unwrap()
    }

    fn cause(events: &[KubeEvent]) -> Option<(Cause, Attribution, Healing)> {
        trouble(events).map(|symptom| match symptom.limit {
            Limit::Grace(_, healing) => (symptom.cause, symptom.attribution, healing),
            Limit::AtOnce | Limit::After(_) | Limit::Deadline => unreachable!(),
        })
    }

    #[test]
    fn a_missing_object_hardly_heals_and_an_unattached_disk_may() {
        let missing = event(
            "FailedMount",
            "MountVolume.SetUp failed for volume \"tls\" : secret \"app-tls\" not found",
            3,
        );
        assert_eq!(
            cause(&[missing]),
            Some((Cause::Mount, Attribution::Configuration, Healing::Unlikely))
        );
        let disk = event(
            "FailedAttachVolume",
            "AttachVolume.Attach failed for volume \"pv\" : timed out waiting for external-attacher of x CSI driver to attach volume pv",
            3,
        );
        assert_eq!(cause(&[disk]), Some((Cause::Mount, Attribution::Platform, Healing::Likely)));
    }

    #[test]
    fn only_a_pod_with_a_node_that_is_not_going_is_starting() {
        let is_starting = |node: Option<&str>, deleted: Option<&str>| {
            let pod = json!({"metadata": {"name": "a", "uid": "a", "deletionTimestamp": deleted},
                "spec": {"nodeName": node, "containers": [{"name": "app"}]},
                "status": {"containerStatuses": [{"name": "app", "restartCount": 0,
                    "state": {"waiting": {"reason": "ContainerCreating"}}}]}});
            super::is_starting(&serde_json::from_value(pod).unwrap())
        };
        assert!(is_starting(Some("node-1"), None));
        assert!(!is_starting(None, None));
        assert!(!is_starting(Some("node-1"), Some("2026-01-01T00:00:00Z")));
    }

    #[test]
    fn a_trouble_before_a_later_step_is_over() {
        let noise = event(
            "FailedMount",
            "failed to sync configmap cache: timed out waiting for the condition",
            1,
        );
        let pulling = event("Pulling", "Pulling image \"a\"", 4);
        assert_eq!(cause(&[noise.clone(), pulling.clone()]), None);
        assert!(cause(std::slice::from_ref(&noise)).is_some());
        let again = event("FailedMount", "timed out waiting for the condition", 6);
        assert!(cause(&[noise, pulling, again]).is_some());
    }

    #[test]
    fn the_latest_trouble_is_told() {
        let sandbox =
            event("FailedCreatePodSandBox", "plugin type=\"bridge\" failed (add): no IP", 9);
        let mount = event("FailedMount", "timed out", 3);
        assert_eq!(cause(&[sandbox, mount]).unwrap().0, Cause::Sandbox);
    }

    #[test]
    fn a_summary_hides_no_trouble_that_may_still_be_repeated() {
        let missing = event("FailedMount", "secret \"app-tls\" not found", 1);
        let summary = |minute: u32| {
            let mut event = event(
                "FailedMount",
                "Unable to attach or mount volumes: unmounted volumes=[tls], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition",
                0,
            );
            let minutes = Duration::from_secs(u64::from(minute) * 60);
            event.last = event.last.map(|time| (jiff::Timestamp::from(time) + minutes).into());
            event
        };
        let told = |events: &[KubeEvent]| trouble(events).unwrap().message;
        assert!(told(&[missing.clone(), summary(2)]).contains("app-tls"));
        assert!(told(&[missing, summary(3)]).contains("unmounted volumes"));
        assert!(told(&[summary(3)]).contains("unmounted volumes"));
    }

    #[test]
    fn the_autoscalers_last_word_counts() {
        let no = event("NotTriggerScaleUp", "pod didn't trigger scale-up", 1);
        let yes = event("TriggeredScaleUp", "pod triggered scale-up: [{pool 1->2 (max: 5)}]", 5);
        assert_eq!(scale_up(&[yes, no.clone()]), Some(true));
        assert_eq!((scale_up(&[no]), scale_up(&[])), (Some(false), None));
    }
}
