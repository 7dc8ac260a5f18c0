//! What is wrong with a pod in one reading, apart from ended runs.

use std::sync::Arc;

use super::{
    fate::{self, Fate},
    symptom::{Healing, Limit, Symptom},
};
use crate::{
    gate::{Attribution, Cause, Grace, texts},
    model::{ConditionStatus, ContainerStatus, Pod, Role, Waiting},
    phrases::kubernetes::{self, told},
    signs::{Scene, is_echo},
    text::{Clean, Untrusted},
};

/// All symptoms of a pod of the new revision. A pod that is being deleted has none.
pub(in crate::gate) fn symptoms(pod: &Pod) -> Vec<Symptom> {
    if pod.metadata.is_terminating() {
        return Vec::new();
    }
    if let Some(lost) = lost(pod) {
        return vec![lost];
    }
    let mut symptoms: Vec<_> = scheduling(pod).into_iter().collect();
    for (role, container, status) in pod.containers() {
        let waiting = status.and_then(ContainerStatus::waiting);
        symptoms.extend(waiting.and_then(|waiting| of_container(waiting, &container.name, role)));
    }
    symptoms
}

/// What a container that waits shows, if anything is wrong with it.
fn of_container(waiting: &Waiting, container: &Arc<str>, role: Role) -> Option<Symptom> {
    let message = told(&waiting.reason, &waiting.message);
    let (cause, attribution, limit) = waiting_symptom(waiting.reason.as_raw(), &message)?;
    let says = waiting.message.to_clean_line(kubernetes::MESSAGE);
    let is_attempt = waiting.reason.as_raw() == "ErrImagePull";
    let is_bare = says.is_empty() && is_attempt;
    let is_echo = matches!(cause, Cause::Image | Cause::Container) && (is_bare || is_echo(&says));
    let symptom = Symptom::new(cause, attribution, message, limit).of(container, role);
    Some(Symptom { is_attempt, is_echo, ..symptom })
}

/// What an event tells about an image, in the words of the container's state.
pub(in crate::gate) fn pull_failure(
    text: &Untrusted,
    container: &Arc<str>,
    role: Role,
) -> Option<Symptom> {
    let waiting = Waiting { reason: "ImagePullBackOff".into(), message: text.clone() };
    of_container(&waiting, container, role)
}

/// A pod that its node or the cluster gave up. Pods whose containers simply ended are judged by their terminations.
fn lost(pod: &Pod) -> Option<Symptom> {
    let (cause, attribution, limit) = match Fate::of(pod)? {
        Fate::OwnStorage => (Cause::Evicted, Attribution::Application, Limit::AtOnce),
        Fate::Unsupported => (Cause::Platform, Attribution::Configuration, Limit::AtOnce),
        Fate::Rejected | Fate::Disrupted => {
            (Cause::Platform, Attribution::Platform, Limit::Deadline)
        }
    };
    let (reason, detail) = match fate::disruption(pod) {
        Some(condition) => (&condition.reason, &condition.message),
        None => (&pod.status.reason, &pod.status.message),
    };
    let message = told(reason, detail);
    Some(Symptom::new(cause, attribution, message, limit))
}

fn scheduling(pod: &Pod) -> Option<Symptom> {
    let condition = pod.condition("PodScheduled")?;
    if condition.status != ConditionStatus::False {
        return None;
    }
    let gated = condition.has_reason("SchedulingGated");
    let limit = if gated { Limit::Deadline } else { Limit::Grace(Grace::Pending, Healing::Likely) };
    let message = told(&condition.reason, &condition.message);
    let (attribution, _) = texts::weigh(Scene::Scheduling, &message, Attribution::Unknown);
    Some(Symptom::new(Cause::Pending, attribution, message, limit))
}

/// The waiting reasons of kubelets and runtimes (Kubernetes 1.36 `pkg/kubelet/images/types.go`,
/// `pkg/kubelet/container/sync_result.go`, `pkg/kubelet/kuberuntime/kuberuntime_container.go`). `CrashLoopBackOff`,
/// `RunContainerError` and `PostStartHookError` are ended runs and counted as such.
fn waiting_symptom(reason: &str, message: &Clean) -> Option<(Cause, Attribution, Limit)> {
    use Attribution::{Configuration, Platform, Unknown};
    let says_why = message.len() > reason.len();
    // a word alone claims nothing
    let weigh =
        |scene, otherwise| texts::weigh(scene, message, if says_why { otherwise } else { Unknown });
    let image = |otherwise| {
        let (attribution, healing) = weigh(Scene::Image, otherwise);
        (Cause::Image, attribution, Limit::Grace(Grace::Image, healing))
    };
    let container = |cause, grace, otherwise| {
        let (attribution, _) = weigh(Scene::Container, otherwise);
        (cause, attribution, Limit::Grace(grace, Healing::Likely))
    };
    let symptom = match reason {
        "" | "ContainerCreating" | "PodInitializing" | "CrashLoopBackOff" | "RunContainerError"
        | "PostStartHookError" => return None,
        "InvalidImageName" | "ErrImageNeverPull" => {
            (Cause::ImageName, Configuration, Limit::AtOnce)
        }
        "ErrImagePull" | "ImagePullBackOff" | "SignatureValidationFailed" => image(Unknown),
        "RegistryUnavailable" | "ImageInspectError" => image(Platform),
        "CreateContainerConfigError" => container(Cause::Config, Grace::Config, Configuration),
        "PreCreateHookError" | "PreStartHookError" => {
            container(Cause::Container, Grace::Container, Platform)
        }
        // of a word that this program does not know only those count that say that something is wrong, and whatever it
        // says, a container that waits is not ready
        "CreateContainerError" => container(Cause::Container, Grace::Container, Unknown),
        reason if texts::names_an_error(reason) => {
            container(Cause::Container, Grace::Container, Unknown)
        }
        _ => return None,
    };
    Some(symptom)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn waiting(reason: &str, message: &str) -> Vec<(Cause, Attribution, Limit)> {
        of(&json!({"phase": "Pending", "containerStatuses": [
            {"name": "app", "state": {"waiting": {"reason": reason, "message": message}}}]}))
    }

    fn of(status: &Value) -> Vec<(Cause, Attribution, Limit)> {
        let pod = json!({"metadata": {"name": "a", "uid": "u"}, "spec": {"containers": [{"name": "app"}]}, "status": status});
        let pod: Pod = serde_json::from_value(pod).unwrap();
        symptoms(&pod).into_iter().map(|s| (s.cause, s.attribution, s.limit)).collect()
    }

    #[test]
    fn image_pull_back_off_waits_while_the_message_is_transient() {
        let text =
            "Back-off pulling image \"r/a:1\": ErrImagePull: failed to pull: 429 Too Many Requests";
        let likely = Limit::Grace(Grace::Image, Healing::Likely);
        assert_eq!(
            waiting("ImagePullBackOff", text),
            [(Cause::Image, Attribution::Platform, likely)]
        );
        // Kubernetes up to 1.31 does not repeat the cause
        let bare = "Back-off pulling image \"r/a:1\"";
        assert_eq!(
            waiting("ImagePullBackOff", bare),
            [(Cause::Image, Attribution::Unknown, likely)]
        );
    }

    #[test]
    fn a_missing_tag_is_configuration_and_hardly_heals() {
        let text = "rpc error: code = NotFound desc = failed to pull and unpack image \"r/a:2\": r/a:2: not found";
        let unlikely = Limit::Grace(Grace::Image, Healing::Unlikely);
        assert_eq!(
            waiting("ErrImagePull", text),
            [(Cause::Image, Attribution::Configuration, unlikely)]
        );
    }

    #[test]
    fn an_invalid_name_never_heals() {
        let found = waiting("InvalidImageName", "Failed to apply default image tag");
        assert_eq!(found, [(Cause::ImageName, Attribution::Configuration, Limit::AtOnce)]);
    }

    #[test]
    fn a_kubelet_that_fills_its_caches_is_the_platforms() {
        let found = waiting(
            "CreateContainerConfigError",
            "services have not yet been read at least once, cannot construct envvars",
        );
        assert_eq!(found[0].1, Attribution::Platform);
        let found = waiting("CreateContainerConfigError", "configmap \"settings\" not found");
        assert_eq!((found[0].0, found[0].1), (Cause::Config, Attribution::Configuration));
    }

    #[test]
    fn starting_up_is_no_symptom() {
        assert_eq!(waiting("ContainerCreating", ""), []);
        assert_eq!(waiting("PodInitializing", ""), []);
        assert_eq!(waiting("Rehearsing", "a word from the future"), []);
        assert_eq!(waiting("WarpDriveError", "a fault from the future")[0].0, Cause::Container);
    }

    #[test]
    fn an_unschedulable_pod_is_pending_and_a_gated_one_waits_for_the_deadline() {
        let pending = |reason, message| {
            of(&json!({"phase": "Pending", "conditions": [
                {"type": "PodScheduled", "status": "False", "reason": reason, "message": message}]}))
        };
        let grace = Limit::Grace(Grace::Pending, Healing::Likely);
        assert_eq!(
            pending("Unschedulable", "0/1 nodes are available: 1 Insufficient cpu."),
            [(Cause::Pending, Attribution::Unknown, grace)]
        );
        assert_eq!(
            pending(
                "Unschedulable",
                "0/3 nodes: 3 node(s) didn't match Pod's node affinity/selector."
            )[0]
            .1,
            Attribution::Configuration
        );
        assert_eq!(pending("SchedulingGated", "")[0].2, Limit::Deadline);
    }

    #[test]
    fn an_eviction_is_told_from_one_for_own_storage() {
        let evicted =
            |message| of(&json!({"phase": "Failed", "reason": "Evicted", "message": message}));
        assert_eq!(
            evicted("Usage of EmptyDir volume \"d\" exceeds the limit \"1Mi\".")[0].0,
            Cause::Evicted
        );
        assert_eq!(
            evicted("The node was low on resource: ephemeral-storage.")[0].0,
            Cause::Platform
        );
    }

    #[test]
    fn a_disruption_is_the_platforms() {
        let found = of(
            &json!({"phase": "Running", "conditions": [{"type": "DisruptionTarget", "status": "True",
            "reason": "PreemptionByScheduler", "message": "preempting"}]}),
        );
        assert_eq!(found, [(Cause::Platform, Attribution::Platform, Limit::Deadline)]);
    }

    #[test]
    fn a_pod_whose_containers_ended_is_judged_by_its_terminations() {
        assert_eq!(of(&json!({"phase": "Failed"})), []);
    }
}
