//! What the events of a pod tell about its not starting: volumes, sandbox, autoscaler.

use super::{
    Attribution, Cause, Grace,
    symptom::{Healing, Limit, Symptom},
    texts,
};
use crate::{
    clean,
    model::{ContainerStatus, KubeEvent, Pod, ServerTime},
};

/// Whether the pod is bound to a node and none of its containers was created yet, nor could be: volumes and sandbox
/// come first (Kubernetes 1.36 `pkg/kubelet/kubelet.go`, `SyncPod`).
pub(super) fn is_starting(pod: &Pod) -> bool {
    let is_bound = pod.spec.node_name.is_some() && !pod.metadata.is_terminating();
    let has_sandbox = pod.condition("PodReadyToStartContainers").is_some();
    let waits = |status: &ContainerStatus| {
        status.restart_count == 0
            && status.waiting().is_some_and(|waiting| {
                matches!(waiting.reason.as_raw(), "ContainerCreating" | "PodInitializing")
            })
    };
    let statuses =
        || pod.status.container_statuses.iter().chain(&pod.status.init_container_statuses);
    is_bound
        && !has_sandbox
        && !pod.is_ready()
        && statuses().next().is_some()
        && statuses().all(waits)
}

/// What holds up a pod that [is starting](is_starting). A trouble that is older than a step which comes after it is over.
pub(super) fn trouble(events: &[KubeEvent]) -> Option<Symptom> {
    let reached = events.iter().filter(|event| is_later_step(event)).filter_map(at).max();
    let troubles = events.iter().filter_map(|event| Some((symptom(event)?, at(event))));
    let current = troubles.filter(|(_, time)| reached.is_none() || *time > reached);
    current.max_by_key(|(_, time)| *time).map(|(symptom, _)| symptom)
}

/// What an autoscaler said last: whether it makes room (cluster-autoscaler FAQ, Karpenter).
pub(super) fn scale_up(events: &[KubeEvent]) -> Option<bool> {
    let said = |event: &KubeEvent| match event.reason.as_raw() {
        "TriggeredScaleUp" | "Nominated" => Some(true),
        "NotTriggerScaleUp" => Some(false),
        _ => None,
    };
    let said = events.iter().filter_map(|event| Some((at(event), said(event)?)));
    said.max_by_key(|(time, _)| *time).map(|(_, makes_room)| makes_room)
}

fn at(event: &KubeEvent) -> Option<ServerTime> {
    event.last
}

fn is_later_step(event: &KubeEvent) -> bool {
    matches!(event.reason.as_raw(), "Pulling" | "Pulled" | "Created" | "Started")
}

fn symptom(event: &KubeEvent) -> Option<Symptom> {
    let text = event.message.as_raw();
    let (cause, attribution, grace, healing) = match event.reason.as_raw() {
        "FailedMount" | "FailedMapVolume" if texts::is_missing_object(text) => {
            (Cause::Mount, Attribution::Configuration, Grace::Mount, Healing::Unlikely)
        }
        "FailedAttachVolume" if text.contains("Multi-Attach") => {
            (Cause::Mount, Attribution::Configuration, Grace::Mount, Healing::Likely)
        }
        "FailedMount" | "FailedMapVolume" | "FailedAttachVolume" => {
            (Cause::Mount, Attribution::Platform, Grace::Mount, Healing::Likely)
        }
        "FailedCreatePodSandBox" | "FailedPodSandBoxStatus" | "NetworkNotReady" => {
            (Cause::Sandbox, Attribution::Platform, Grace::Sandbox, Healing::Likely)
        }
        _ => return None,
    };
    let message =
        clean!("{}: {}", event.reason.to_clean_line(80), event.message.to_clean_line(600));
    let limit = Limit::Grace(grace, healing);
    Some(Symptom { cause, attribution, container: None, role: None, message, limit })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(reason: &str, message: &str, second: u32) -> KubeEvent {
        serde_json::from_value(json!({"type": "Warning", "reason": reason, "message": message,
            "lastTimestamp": format!("2026-01-01T00:00:{second:02}Z"), "involvedObject": {"kind": "Pod", "name": "a"}}))
        .unwrap()
    }

    fn cause(events: &[KubeEvent]) -> Option<(Cause, Attribution, Healing)> {
        trouble(events).map(|symptom| match symptom.limit {
            Limit::Grace(_, healing) => (symptom.cause, symptom.attribution, healing),
            Limit::AtOnce | Limit::Deadline => unreachable!(),
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
            "AttachVolume.Attach failed for volume \"pv\" : timed out",
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
    fn the_autoscalers_last_word_counts() {
        let no = event("NotTriggerScaleUp", "pod didn't trigger scale-up", 1);
        let yes = event("TriggeredScaleUp", "pod triggered scale-up: [{pool 1->2 (max: 5)}]", 5);
        assert_eq!(scale_up(&[yes, no.clone()]), Some(true));
        assert_eq!((scale_up(&[no]), scale_up(&[])), (Some(false), None));
    }
}
