//! What a pod that is not ready waits for, and what to do about it.

use std::time::Duration;

use super::{NextStep, whole_seconds};
use crate::{
    clean,
    model::{RestartPolicy, Role},
    text::Clean,
};

/// What a pod that is not ready waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It has no node, and no scheduler says why; with `schedulerName` where it is not the default.
    NoScheduler(Option<Clean>),
    /// Its node has not reported on it.
    NotTaken,
    /// Its node has created no container.
    Preparing,
    /// A container of it is not created, or its creation has not returned.
    Creating,
    /// An image is being pulled.
    Pulling(Clean),
    /// An init container has not come to its end.
    InitRuns,
    /// A postStart hook has not returned.
    PostStart,
    /// A startup probe has not passed.
    Startup,
    /// A readiness probe does not pass.
    Readiness,
    /// A container without a readiness probe runs, and is not reported as ready.
    Unreported,
    /// A container ended with 0, and its policy is not to start it again.
    Completed(RestartPolicy),
    /// Readiness gates are not True.
    Gates {
        /// One sentence.
        words: Clean,
        /// A controller has set one of them.
        are_set: bool,
    },
    /// The node controller wrote that, since the node is silent
    /// (Kubernetes 1.36 `pkg/controller/util/node/controller_utils.go`, `MarkPodsNotReady`).
    NodeSilent,
}

/// What it waits for, and for how long by now where that is known.
pub fn message(why: &Why, role: Option<Role>, age: Option<Duration>) -> Clean {
    let so_far = age.map(|age| clean!(" ({} so far)", whole_seconds(age))).unwrap_or_default();
    match why {
        Why::NoScheduler(name) => {
            let name = name.as_ref().map(|name| clean!(" {}", name)).unwrap_or_default();
            clean!("no scheduler{} has taken it{}", name, so_far)
        }
        Why::NotTaken => Clean::from_static("its node has not reported on it"),
        Why::Preparing => Clean::from_static(
            "no container has been created: its volumes, network or image are not ready",
        ),
        Why::Creating => Clean::from_static("not started yet, and no error is reported"),
        Why::Pulling(image) => clean!("still pulling image {}{}", image, so_far),
        Why::InitRuns => {
            clean!("still running{}; the other containers start when it ends", so_far)
        }
        Why::PostStart => clean!("its postStart hook has not returned{}", so_far),
        Why::Startup if role == Some(Role::Sidecar) => Clean::from_static(
            "running, but its startup probe has not passed; the other containers wait for it",
        ),
        Why::Startup => Clean::from_static("running, but its startup probe has not passed"),
        Why::Readiness => Clean::from_static("running, but its readiness probe is failing"),
        Why::Unreported => Clean::from_static("running, but not reported as ready"),
        Why::Completed(policy) => clean!(
            "completed with exit code 0 and is not restarted (restartPolicy {}), so the pod cannot become ready",
            Clean::from_static(if *policy == RestartPolicy::Never { "Never" } else { "OnFailure" })
        ),
        Why::Gates { words, .. } => words.clone(),
        Why::NodeSilent => Clean::from_static(
            "containers are ready but the pod is not: its node stopped reporting",
        ),
    }
}

/// What to do; `None` where it hangs on what the program says.
pub fn next_step(why: &Why) -> Option<NextStep> {
    Some(NextStep::from_static(match why {
        Why::NoScheduler(Some(name)) => {
            return Some(NextStep::new(clean!(
                "check that scheduler {} is running, or correct `schedulerName`",
                name
            )));
        }
        Why::NoScheduler(None) => {
            "check that the scheduler named in `schedulerName` (by default kube-scheduler) is running"
        }
        Why::NotTaken => "check the kubelet of the pod's node",
        Why::Preparing => {
            "check the node's volume and network plugins (`kubectl describe pod` shows the events)"
        }
        Why::Creating => {
            "check the pod's events. If none tells more, check for a slow image pull or postStart hook"
        }
        Why::Pulling(_) => {
            "check the registry and the node's connection to it. If the image is only large, make it smaller"
        }
        Why::InitRuns => "fix what the init container waits for, which its log shows",
        Why::PostStart => {
            "find out why the postStart hook does not return: the container counts as started only after it"
        }
        Why::Startup => {
            "check the startup probe's path, port and timing. If they are right, check what the program waits for"
        }
        Why::Completed(_) => {
            "let it keep running: every regular container must. If its work comes first, make it an init container"
        }
        Why::Gates { .. } => {
            "check the controller that sets this readiness gate (often the load balancer's): no probe is involved"
        }
        Why::Readiness | Why::Unreported | Why::NodeSilent => return None,
    }))
}

/// A pod whose readiness comes and goes.
pub fn keeps_losing() -> Clean {
    Clean::from_static("keeps losing readiness")
}

/// A readiness gate of which the pod has no condition.
pub fn gate_unset(gate: &Clean) -> Clean {
    clean!("no controller has set readiness gate {}", gate)
}

/// A readiness gate whose condition is not True, with what its controller says of it.
pub fn gate_not_true(gate: &Clean, said: impl Iterator<Item = Clean>) -> Clean {
    let said = said.filter(|said| !said.is_empty());
    said.fold(clean!("readiness gate {} is not True", gate), |all, said| {
        clean!("{}: {}", all, said)
    })
}

/// The same, where only the kubelet's message tells.
pub fn some_gate_not_true(message: &Clean) -> Clean {
    clean!("a readiness gate is not True: {}", message)
}
