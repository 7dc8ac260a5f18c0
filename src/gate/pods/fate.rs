//! What a pod's own status says about why it is given up. It counts without any event: events get lost, and expire.

use crate::{
    gate::texts,
    model::{Condition, Pod},
};

/// Why a pod is given up, as far as its status says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gate) enum Fate {
    /// The kubelet evicted it for its own use of local storage.
    OwnStorage,
    /// The node refuses what it asks for, however often it is tried.
    Unsupported,
    /// The node refused it for what the node has or is: resources, labels, ports, devices.
    Rejected,
    /// The platform ends it: pressure, preemption, a drain, a node that shuts down or is lost.
    Disrupted,
}

impl Fate {
    /// The pod's own word; `None` if it says nothing, as where its containers simply ended.
    pub(in crate::gate) fn of(pod: &Pod) -> Option<Self> {
        let (reason, text) = (pod.status.reason.as_raw(), pod.status.message.as_raw());
        let ended = pod.has_ended();
        match reason {
            "Evicted" if ended && texts::is_own_storage_use(text) => Some(Self::OwnStorage),
            _ if disruption(pod).is_some() => Some(Self::Disrupted),
            // Kubernetes 1.36 `pkg/controller/util/node/controller_utils.go`, `SetPodTerminationReason`: in any phase
            "NodeLost" => Some(Self::Disrupted),
            // its `activeDeadlineSeconds`, which somebody chose for it
            "" | "DeadlineExceeded" => None,
            _ if !ended => None,
            _ if texts::is_rejected_for_what_it_asks(&pod.status.reason, &pod.status.message) => {
                Some(Self::Unsupported)
            }
            _ if is_of_the_nodes_state(reason) || has_run(pod) => Some(Self::Disrupted),
            _ => Some(Self::Rejected),
        }
    }
}

/// The condition that announces a disruption, while it holds.
pub(in crate::gate) fn disruption(pod: &Pod) -> Option<&Condition> {
    pod.condition("DisruptionTarget").filter(|condition| condition.is_true())
}

/// Reasons of a node that is in trouble or goes away, whether it ends pods or takes none (Kubernetes 1.36
/// `pkg/kubelet/eviction`, `preemption/preemption.go`, `nodeshutdown`; `Shutdown` up to 1.20). The scheduler avoids it soon.
fn is_of_the_nodes_state(reason: &str) -> bool {
    matches!(reason, "Evicted" | "Preempting" | "NodeShutdown" | "Shutdown" | "Terminated")
}

/// A pod that is refused has no containers (Kubernetes 1.36 `pkg/kubelet/kubelet.go`, `rejectPod`).
fn has_run(pod: &Pod) -> bool {
    let statuses = pod.status.container_statuses.iter().chain(&pod.status.init_container_statuses);
    statuses.into_iter().any(|status| status.is_running() || status.state.termination().is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn fate(status: &Value) -> Option<Fate> {
        let pod = json!({"metadata": {"name": "a", "uid": "u"}, "spec": {"containers": [{"name": "app"}]}, "status": status});
        Fate::of(&serde_json::from_value(pod).unwrap())
    }

    fn failed(reason: &str, message: &str, state: &Value) -> Option<Fate> {
        let statuses =
            if state.is_null() { json!([]) } else { json!([{"name": "app", "state": state}]) };
        fate(
            &json!({"phase": "Failed", "reason": reason, "message": message, "containerStatuses": statuses}),
        )
    }

    #[test]
    fn a_node_that_goes_or_is_in_trouble_disrupts_whether_the_pod_ran_or_not() {
        let ran = json!({"terminated": {"exitCode": 143}});
        for reason in ["Evicted", "Preempting", "NodeShutdown", "Shutdown", "Terminated"] {
            for state in [&ran, &Value::Null] {
                assert_eq!(failed(reason, "", state), Some(Fate::Disrupted), "{reason}");
            }
        }
        let running = json!({"phase": "Running", "reason": "NodeLost", "containerStatuses": [{"name": "app", "state": {"running": {}}}]});
        assert_eq!(fate(&running), Some(Fate::Disrupted));
    }

    #[test]
    fn what_a_node_refuses_never_ran() {
        let reasons = [
            "OutOfcpu",
            "OutOfmemory",
            "OutOfpods",
            "OutOfnvidia.com/gpu",
            "NodeAffinity",
            "NodePorts",
            "UnexpectedAdmissionError",
            "TopologyAffinityError",
            "AWordFromTheFuture",
        ];
        for reason in reasons {
            assert_eq!(failed(reason, "Pod was rejected", &Value::Null), Some(Fate::Rejected));
            // a kubelet that starts anew refuses pods that it ran before
            let ran = json!({"running": {}});
            assert_eq!(failed(reason, "Pod was rejected", &ran), Some(Fate::Disrupted));
        }
        assert_eq!(failed("SysctlForbidden", "", &Value::Null), Some(Fate::Unsupported));
    }

    #[test]
    fn own_use_of_storage_is_told_from_pressure_in_every_version_s_words() {
        for text in [
            "Usage of EmptyDir volume \"d\" exceeds the limit \"1Mi\". ",
            "Container app exceeded its local ephemeral storage limit \"1Mi\". ",
            "Pod ephemeral local storage usage exceeds the total limit of containers 1Mi. ",
            "pod ephemeral local storage usage exceeds the total limit of containers {{1 0} {<nil>} 1Mi BinarySI}",
        ] {
            assert_eq!(failed("Evicted", text, &Value::Null), Some(Fate::OwnStorage), "{text}");
        }
        let pressure = "The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi, available: 0. \
            Container app was using 2Gi, request is 0, has larger consumption of ephemeral-storage. ";
        assert_eq!(failed("Evicted", pressure, &Value::Null), Some(Fate::Disrupted));
    }

    #[test]
    fn a_condition_counts_while_it_is_true() {
        let announced = |status| {
            let condition = json!({"type": "DisruptionTarget", "status": status, "reason": "EvictionByEvictionAPI"});
            fate(&json!({"phase": "Running", "conditions": [condition]}))
        };
        assert_eq!(announced("True"), Some(Fate::Disrupted));
        assert_eq!(announced("False"), None);
    }

    #[test]
    fn a_pod_whose_containers_ended_or_whose_time_was_up_says_nothing() {
        let ran = json!({"terminated": {"exitCode": 1}});
        assert_eq!(failed("", "", &ran), None);
        assert_eq!(failed("DeadlineExceeded", "Pod was active on the node longer", &ran), None);
    }
}
