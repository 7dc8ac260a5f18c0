//! Which log is the one that is wanted, and which text is none.

use crate::{
    evidence::LogRun,
    model::{ContainerState, ContainerStatus, Pod},
};

/// What a later reading of the pod says of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunPlace {
    /// Its log is read without `previous`.
    Current,
    /// Its log is read with `previous=true`.
    Previous,
    /// Both ways lead to it: the container waits for its next run.
    Either,
    /// The pod no longer knows of it.
    Gone,
}

impl RunPlace {
    /// Where the run with this ID is
    /// (Kubernetes 1.36 `pkg/kubelet/kubelet_pods.go`, `validateContainerLogStatus`).
    pub fn of(container_id: &str, container: &str, pod: &Pod) -> Self {
        let status = &pod.status;
        let mut all = status.container_statuses.iter().chain(status.init_container_statuses.iter());
        match all.find(|status| status.name.as_ref() == container) {
            Some(status) => Self::in_status(container_id, status),
            None => Self::Gone,
        }
    }

    fn in_status(container_id: &str, status: &ContainerStatus) -> Self {
        let is = |state: &ContainerState| {
            state.termination().is_some_and(|end| end.container_id.as_ref() == container_id)
        };
        if is(&status.state) {
            return Self::Current;
        }
        match status.state {
            _ if !is(&status.last_state) => Self::Gone,
            ContainerState::Waiting(_) => Self::Either,
            ContainerState::Absent
            | ContainerState::Running { .. }
            | ContainerState::Terminated(_) => Self::Previous,
        }
    }

    /// Whether the log of this run was the right one to read.
    pub fn is(self, run: LogRun) -> bool {
        match self {
            Self::Current => run == LogRun::Current,
            Self::Previous => run == LogRun::Previous,
            Self::Either => true,
            Self::Gone => false,
        }
    }
}

/// What a kubelet that has no log says instead of one, with HTTP status 200, as it has sent the headers by then
/// (Kubernetes 1.36 `pkg/kubelet/kuberuntime/kuberuntime_container.go` and
/// `staging/src/k8s.io/cri-client/pkg/logs/logs.go`).
const KUBELET_ERRORS: [&str; 7] = [
    "unable to retrieve container logs for ",
    "failed to try resolving symlinks in path \"",
    "failed to open log file \"",
    "failed to get container status ",
    "failed to create a fsnotify watcher: ",
    "failed to tail ",
    "failed to seek ",
];

/// The kubelet's error, if the whole log is one. A log that only mentions such an error has other lines too.
pub fn kubelet_error(log: &str) -> Option<&str> {
    let line = log.trim();
    if line.contains('\n') {
        return None;
    }
    let found = KUBELET_ERRORS.iter().find(|start| line.starts_with(**start))?;
    let needs_log_file = matches!(*found, "failed to tail " | "failed to seek ");
    (!needs_log_file || line.contains("log file \"")).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kubelets_errors_are_no_log() {
        for text in [
            "unable to retrieve container logs for containerd://2dfbfdbbb8d6343290f6",
            "failed to try resolving symlinks in path \"/var/log/pods/a_b_c/app/0.log\": lstat /var/log/pods/a_b_c/app: no such file or directory\n",
            "failed to tail 40 lines of log file \"/var/log/pods/a_b_c/app/0.log\": seek: invalid argument",
        ] {
            assert_eq!(kubelet_error(text), Some(text.trim()));
        }
    }

    #[test]
    fn a_log_that_speaks_of_such_errors_is_a_log() {
        for text in [
            "",
            "starting\nunable to retrieve container logs for containerd://x",
            "E0101 unable to retrieve container logs for containerd://x",
            "failed to tail the queue",
            "failed to seek a leader",
        ] {
            assert_eq!(kubelet_error(text), None, "{text}");
        }
    }

    #[test]
    fn a_run_is_found_where_the_kubelet_keeps_its_log() {
        let terminated =
            |id: &str| format!(r#"{{"terminated": {{"exitCode": 1, "containerID": "{id}"}}}}"#);
        let (running, waiting) = (
            r#"{"running": {}}"#.to_owned(),
            r#"{"waiting": {"reason": "CrashLoopBackOff"}}"#.to_owned(),
        );
        let cases = [
            (terminated("c1"), "{}".to_owned(), RunPlace::Current),
            (running.clone(), terminated("c1"), RunPlace::Previous),
            (waiting, terminated("c1"), RunPlace::Either),
            (terminated("c2"), terminated("c1"), RunPlace::Previous),
            (running, terminated("c2"), RunPlace::Gone),
            (terminated("c2"), terminated("c3"), RunPlace::Gone),
        ];
        for (state, last_state, expected) in cases {
            let pod: Pod = serde_json::from_str(&format!(
                r#"{{"metadata": {{"name": "p", "uid": "u"}}, "status": {{"containerStatuses":
                    [{{"name": "app", "state": {state}, "lastState": {last_state}}}]}}}}"#
            ))
            .unwrap();
            assert_eq!(RunPlace::of("c1", "app", &pod), expected, "{state} {last_state}");
            assert_eq!(RunPlace::of("c1", "other", &pod), RunPlace::Gone);
        }
    }
}
