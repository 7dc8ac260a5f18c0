//! The log of one run of a container: of the run that was asked for, or a failure.

mod parts;

use kube::core::{Request, params::GetParams};

use self::parts::LogReader;
use super::{Cluster, call::Call, failure::Failure, path};
use crate::{
    evidence::{LogEvidence, LogRequest, LogRun},
    inspect::RunPlace,
    model::Pod,
    observation::{FailureKind, ReadFailure, Resource},
    text::{Excerpt, Redactor},
};

impl Cluster {
    /// Reads the log of the run that the gate saw, also if the container has restarted since.
    pub(super) async fn log(
        &self,
        namespace: &str,
        request: &LogRequest,
        redactor: &Redactor,
    ) -> Result<LogEvidence, ReadFailure> {
        let mut run = request.run;
        let mut moved = false;
        loop {
            let excerpt = Box::pin(self.excerpt(namespace, request, run, redactor)).await;
            // asked after the log was read: an earlier answer could be outdated by then
            let place = self.place(namespace, request).await?;
            let is_right = place.is_none_or(|place| place.is(run));
            let is_lost = moved || place == Some(RunPlace::Gone);
            match excerpt {
                Ok(excerpt) if is_right => return Ok(LogEvidence { run, excerpt }),
                read if is_lost || (is_right && run == LogRun::Previous) => {
                    return Box::pin(self.next_run(namespace, request, run, read, redactor)).await;
                }
                Err(failure) if is_right => return Err(failure),
                Ok(_) | Err(_) => {}
            }
            moved = true;
            run = match run {
                LogRun::Current | LogRun::Next => LogRun::Previous,
                LogRun::Previous => LogRun::Current,
            };
        }
    }

    /// What the next run wrote, if the kubelet has removed the wanted one with its log, as it does with init containers
    /// (Kubernetes 1.36 `pkg/kubelet/kuberuntime/kuberuntime_container.go`, `pruneInitContainersBeforeStart`). A run that
    /// fails at the same point logs the same.
    async fn next_run(
        &self,
        namespace: &str,
        request: &LogRequest,
        run: LogRun,
        read: Result<Excerpt, ReadFailure>,
        redactor: &Redactor,
    ) -> Result<LogEvidence, ReadFailure> {
        let (next, failure) = match read {
            Ok(excerpt) => {
                let text = "the container restarted and its log is gone";
                let failure = Failure::new(FailureKind::NotFound, text);
                let failure = failure.of(Resource::Logs, &describe(request, run));
                (Some(excerpt).filter(|_| run == LogRun::Current), failure)
            }
            // says more than that it was the wrong run
            Err(failure) => (None, failure),
        };
        let next = match next {
            None if failure.kind == FailureKind::NotFound => {
                let current = self.excerpt(namespace, request, LogRun::Current, redactor);
                Box::pin(current).await.ok()
            }
            next => next,
        };
        let next = next.filter(|next| !next.is_empty());
        next.map(|excerpt| LogEvidence { run: LogRun::Next, excerpt }).ok_or(failure)
    }

    /// Whether the wanted run is the current or the previous one by now; `None` if that is unknown.
    async fn place(
        &self,
        namespace: &str,
        request: &LogRequest,
    ) -> Result<Option<RunPlace>, ReadFailure> {
        let path = path::of(Resource::Pods, namespace);
        let what = describe(request, request.run);
        let get = Request::new(path).get(&request.pod, &GetParams::default());
        let call = Call::new(Resource::Logs, what, get)?;
        // a log that was read stays valid if its pod is gone or may not be read
        let Ok(pod) = self.connection.get::<Pod>(&call).await else { return Ok(None) };
        if pod.metadata.uid != request.pod_uid {
            let text = "the pod was replaced by another with the same name";
            return Err(call.failed(Failure::new(FailureKind::NotFound, text)));
        }
        if request.container_id.is_empty() {
            return Ok(None);
        }
        let place = RunPlace::of(&request.container_id, &request.container, &pod);
        // the first restart comes at once, and the kubelet serves the next run's log before it reports that run
        let is_first = place == RunPlace::Current && has_never_restarted(&pod, &request.container);
        if is_first && self.has_previous(namespace, request).await? {
            return Ok(Some(RunPlace::Previous));
        }
        Ok(Some(place))
    }

    /// Whether the kubelet has a log of a run before the current one.
    async fn has_previous(
        &self,
        namespace: &str,
        request: &LogRequest,
    ) -> Result<bool, ReadFailure> {
        let mut log = LogReader::of_end(request, &Redactor::built_in(), 1);
        let call = self.log_call(namespace, request, LogRun::Previous, log.part)?;
        Ok(log.read(self, &call).await.is_ok() && log.kubelet_error().is_none())
    }
}

fn has_never_restarted(pod: &Pod, container: &str) -> bool {
    let mut containers = pod.containers().filter_map(|(_, _, status)| status);
    containers.any(|status| status.name.as_ref() == container && status.restart_count == 0)
}

fn describe(request: &LogRequest, run: LogRun) -> String {
    let run = match run {
        LogRun::Current | LogRun::Next => "log",
        LogRun::Previous => "previous log",
    };
    format!("read the {run} of container {} in pod {}", request.container, request.pod)
}
