//! Findings: where they are, and what to do where no sign of a probable cause is known.

use super::{NextStep, first_few};
use crate::{
    clean,
    evidence::Attribution,
    model::Role,
    text::{Clean, Untrusted},
    vocabulary::Cause,
};

/// A finding as the reason of a verdict: `crash-loop: container app of pod app-1: exit code 1`.
pub fn reason(cause: Cause, place: Option<&Clean>, message: &Clean) -> Clean {
    match place {
        Some(place) => clean!("{}: {}: {}", cause, place, message),
        None => clean!("{}: {}", cause, message),
    }
}

/// Where a finding is: `init container migrate of pod app-1 and 2 more`.
pub fn place(container: Option<&Clean>, role: Option<Role>, pod: &Clean, more: usize) -> Clean {
    let pods = match more {
        0 => clean!("pod {}", pod),
        more => clean!("pod {} and {} more", pod, more),
    };
    match (container, role) {
        (Some(container), Some(Role::Init)) => clean!("init container {} of {}", container, pods),
        (Some(container), Some(Role::Sidecar)) => clean!("sidecar {} of {}", container, pods),
        (Some(container), Some(Role::App) | None) => clean!("container {} of {}", container, pods),
        (None, _) => pods,
    }
}

/// An image that the new revision does not run.
pub fn wrong_image(expected: &str, images: &[Clean]) -> Clean {
    let expected = Untrusted::from(expected).to_clean_line(200);
    clean!("expected {}, but the new revision runs {}", expected, first_few(images, 5))
}

/// Labels or annotations that mark another revision than the one that is there.
pub fn label_missing(missing: &[Clean]) -> Clean {
    let missing = first_few(missing, 5);
    clean!("neither the workload nor its pod template has the label or annotation {}", missing)
}

/// An image of whose repository none of several targets runs one. `images`: those of the first target.
pub fn image_of_no_target(expected: &str, images: &[Clean]) -> Clean {
    let expected = Untrusted::from(expected).to_clean_line(200);
    clean!(
        "expected {}, but no target runs that repository: this one runs {}",
        expected,
        first_few(images, 5)
    )
}

/// A container that does not run what the manifest says. `image`: what it runs; `None` if there is no such container.
pub fn other_than_in_the_manifest(
    container: &Clean,
    expected: &Clean,
    image: Option<&Clean>,
) -> Clean {
    match image {
        Some(image) => clean!(
            "container {}: the manifest says {}, but the new revision runs {}",
            container,
            expected,
            image
        ),
        None => clean!(
            "container {}: the manifest says {}, but the new revision has no such container",
            container,
            expected
        ),
    }
}

/// What to do about a cause of which no more is known.
pub fn next_step(cause: Cause, attribution: Attribution, exit_code: Option<i32>) -> NextStep {
    NextStep::from_static(step(cause, attribution, exit_code))
}

fn step(cause: Cause, attribution: Attribution, exit_code: Option<i32>) -> &'static str {
    match (cause, attribution) {
        (Cause::WrongImage, _) => {
            "apply the expected image. If it is the wrong one, correct `--expect-image`, `--expect-label` or the manifest"
        }
        (Cause::StartError, Attribution::Configuration) => {
            "correct `command`. If it is right, check the file in the image: it must exist, be executable and built for the node's platform"
        }
        (Cause::StartError, _) => {
            "check the container runtime on the node. If other pods fail there too, drain the node"
        }
        (Cause::OomKilled, _) => {
            "raise `resources.limits.memory`, or let the program use less. If it has no limit, the node ran out of memory"
        }
        (Cause::Liveness, _) => {
            "find out why the liveness probe failed. If the program is only slow, give it a startup probe or a longer timeout"
        }
        (Cause::Startup, _) => {
            "find out why the program did not start. If it only needs longer, raise the startup probe's `failureThreshold`"
        }
        (Cause::PostStart, _) => {
            "correct the postStart hook: the container is killed when it fails"
        }
        (Cause::CrashLoop, _) if exit_code == Some(127) => {
            "correct `command`, `args` or the script that calls a command which was not found"
        }
        (Cause::CrashLoop, _) => "fix the error in the last log lines and deploy again",
        (Cause::Exited, _) => {
            "keep the process in the foreground. If it is meant to end, make it a Job"
        }
        (Cause::ImageName, _) => {
            "correct the image name: lower case, no spaces, `registry/name:tag`"
        }
        (Cause::Image, Attribution::Configuration) => {
            "push the tag, or correct it. If the registry is private, add an `imagePullSecrets` entry that may pull"
        }
        (Cause::Image, Attribution::Platform) => {
            "check the registry and the network between it and the nodes, then deploy again"
        }
        (Cause::Image, _) => {
            "check that the image is in the registry and that the nodes may pull it. If so, see the pod's events"
        }
        (Cause::Config | Cause::Container, Attribution::Platform) => {
            "check the container runtime and the kubelet on the node. If other pods fail there too, drain the node"
        }
        (Cause::Config | Cause::Container, _) => {
            "correct what the message names. If it names nothing of yours, check the node"
        }
        (Cause::Create, Attribution::Platform) => {
            "check the API server and its admission webhooks, then deploy again"
        }
        (Cause::Create, _) => "correct what the message names, then deploy again",
        (Cause::Mount, Attribution::Configuration) => {
            "create the object that the message names. If it has another name, correct the volume"
        }
        (Cause::Mount, _) => {
            "check the volume that the message names: its claim, and its storage driver on the node"
        }
        (Cause::Sandbox, _) => {
            "check the network plugin's pod and the container runtime's log on the node. If other pods fail there too, drain it"
        }
        (Cause::Pending, _) => {
            "compare the message with the pods' requests, selectors and volumes, and with the nodes"
        }
        (Cause::Evicted, _) => {
            "raise the ephemeral-storage or emptyDir limit, or let the program write less"
        }
        (Cause::Platform, Attribution::Configuration) => {
            "correct what the message names, or choose nodes that support it"
        }
        (Cause::Platform, _) => "check the node; the application is not the cause",
        (Cause::NotReady, _) => {
            "check the readiness probe's path, port and timing. If they are right, check what the program waits for"
        }
        (Cause::Stalled, _) => {
            "find out which pods are not ready and why. If they only need longer, raise `progressDeadlineSeconds`"
        }
        (Cause::Condition, _) => "correct what the message names, then deploy again",
        (Cause::JobFailed, _) => "fix the error in the last log lines of its pods",
    }
}
