//! The words of findings, reasons and hints: what happened, and what to do. One line each, no cluster text unclean.

use super::{Attribution, Cause, names, termination::has_run_out_of_memory, texts};
use crate::{
    clean,
    model::{ContainerState, Role, Termination},
    phrases,
    text::Clean,
};

/// How a run ended, in a sentence.
pub(super) fn ended(cause: Cause, end: &Termination) -> Clean {
    let how = match how(end) {
        // a side remark: the program outlived it
        how if cause != Cause::OomKilled && has_run_out_of_memory(end) => {
            clean!("{} (earlier, one of its processes was OOM-killed)", how)
        }
        how => how,
    };
    match cause {
        Cause::OomKilled => clean!("out of memory: {}", how),
        Cause::Liveness => clean!("killed by the kubelet after its liveness probe failed: {}", how),
        Cause::Startup => clean!("killed by the kubelet after its startup probe failed: {}", how),
        Cause::PostStart => clean!("its postStart hook failed: {}", how),
        Cause::StartError => {
            let text = end.message.to_clean_line(texts::KEPT);
            if text.is_empty() {
                clean!("the process could not be started: {}", how)
            } else {
                clean!("the process could not be started: {}", text)
            }
        }
        Cause::Evicted => Clean::from_static("evicted for its own use of local storage"),
        _ => how,
    }
}

fn how(end: &Termination) -> Clean {
    let code = exit_code(end);
    match end.lifetime() {
        Some(lifetime) if lifetime.as_secs() == 0 => clean!("{} after less than 1s", code),
        Some(lifetime) => clean!("{} after {}", code, phrases::length(lifetime)),
        None => code,
    }
}

fn exit_code(end: &Termination) -> Clean {
    match end.signal().and_then(signal_name) {
        Some(name) => clean!("exit code {} ({})", end.exit_code, Clean::from_static(name)),
        None => clean!("exit code {}", end.exit_code),
    }
}

/// The name of a signal of Linux on common machines.
pub const fn signal_name(signal: i32) -> Option<&'static str> {
    Some(match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        10 => "SIGUSR1",
        11 => "SIGSEGV",
        12 => "SIGUSR2",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => return None,
    })
}

/// A container's state in a line.
pub(super) fn state(state: &ContainerState) -> Clean {
    match state {
        ContainerState::Absent => Clean::from_static("unknown"),
        ContainerState::Running { started_at: None } => Clean::from_static("running"),
        ContainerState::Running { started_at: Some(since) } => clean!("running since {}", since),
        ContainerState::Waiting(waiting) => {
            clean!("waiting: {}", waiting.reason.to_clean_line(80))
        }
        ContainerState::Terminated(end) => termination(end),
    }
}

/// The end of a run in a line.
pub(super) fn termination(end: &Termination) -> Clean {
    let reason = end.reason.to_clean_line(80);
    match (end.started_at, end.finished_at) {
        (Some(started), Some(finished)) => {
            clean!("{} with {}, from {} to {}", reason, exit_code(end), started, finished)
        }
        _ => clean!("{} with {}", reason, exit_code(end)),
    }
}

/// Where something is the matter: `init container migrate of pod app-1 and 2 more: `.
pub(super) fn place(
    container: Option<&str>,
    role: Option<Role>,
    pod: &Clean,
    more: usize,
) -> Clean {
    let pods = match more {
        0 => clean!("pod {}", pod),
        more => clean!("pod {} and {} more", pod, more),
    };
    match (container.map(names::container), role) {
        (Some(container), Some(Role::Init)) => {
            clean!("init container {} of {}: ", container, pods)
        }
        (Some(container), Some(Role::Sidecar)) => clean!("sidecar {} of {}: ", container, pods),
        (Some(container), _) => clean!("container {} of {}: ", container, pods),
        (None, _) => clean!("{}: ", pods),
    }
}

/// What to do about a finding: what its probable cause asks for if that is known, else what its kind does.
pub(super) fn hint(
    cause: Cause,
    container: Option<&str>,
    attribution: Attribution,
    of_cause: Option<&Clean>,
    exit_code: Option<i32>,
) -> Clean {
    let hint = match of_cause {
        Some(step) => step.clone(),
        None => Clean::from_static(hint_of_kind(cause, attribution, exit_code)),
    };
    match (cause, container) {
        (Cause::NotReady, Some(container)) => {
            clean!("{} (container {})", hint, names::container(container))
        }
        _ => hint,
    }
}

fn hint_of_kind(cause: Cause, attribution: Attribution, exit_code: Option<i32>) -> &'static str {
    match (cause, attribution) {
        (Cause::WrongImage, _) => {
            "apply the expected image. If it is the wrong one, correct `--expect-image`"
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
        (Cause::JobFailed, _) => "fix the error in the last log lines of its pods",
    }
}

/// Whether an image reference names what was expected; Docker Hub's short forms are the same as the long ones.
pub(super) fn is_same_image(image: &str, expected: &str) -> bool {
    normal(image) == normal(expected)
}

fn normal(image: &str) -> String {
    let first = image.split('/').next().unwrap_or_default();
    let has_registry = image.contains('/') && (first.contains(['.', ':']) || first == "localhost");
    let mut name = match (has_registry, image.contains('/')) {
        (true, _) => image.to_owned(),
        (false, true) => format!("docker.io/{image}"),
        (false, false) => format!("docker.io/library/{image}"),
    };
    let last = name.rsplit('/').next().unwrap_or_default();
    if !last.contains([':', '@']) {
        name.push_str(":latest");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_compared_as_runtimes_read_them() {
        assert!(is_same_image("nginx", "docker.io/library/nginx:latest"));
        assert!(is_same_image("shop/app:2", "docker.io/shop/app:2"));
        assert!(!is_same_image("shop/app:2", "shop/app:3"));
        assert!(!is_same_image("localhost:5000/app:2", "app:2"));
        assert!(!is_same_image("r.example/app@sha256:aa", "r.example/app:2"));
    }

    #[test]
    fn an_end_is_told_in_a_sentence() {
        let end: Termination = serde_json::from_str(
            r#"{"exitCode": 139, "reason": "Error", "startedAt": "2026-01-01T00:00:00Z", "finishedAt": "2026-01-01T00:00:01Z"}"#,
        )
        .unwrap();
        assert_eq!(&*ended(Cause::CrashLoop, &end), "exit code 139 (SIGSEGV) after 1s");
        assert_eq!(
            &*ended(Cause::OomKilled, &Termination { exit_code: 137, ..Termination::default() }),
            "out of memory: exit code 137 (SIGKILL)"
        );
    }
}
