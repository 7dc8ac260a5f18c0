//! The log of one run of a container: its head and its tail, of the right run, or a failure.

use http::Response;
use http_body_util::BodyExt;
use kube::{
    client::Body,
    core::{Request, params::GetParams, subresource::LogParams},
};
use tokio::{pin, select, time::timeout};

use super::{
    Cluster,
    connection::{Call, decode},
    failure::Failure,
    path,
};
use crate::{
    evidence::{LogEvidence, LogRequest, LogRun, RunPlace, kubelet_error},
    model::Pod,
    observation::{FailureKind, ReadFailure, Resource},
    text::{Cut, Excerpt, ExcerptBuilder, Redactor},
};

/// How much of a log is read to see its head and to count its lines.
const WHOLE_LOG_MAX: usize = 8 << 20;

/// An error of the kubelet is a short line; a longer log needs no comparison.
const KUBELET_ERROR_MAX: usize = 4096;

impl Cluster {
    /// Reads the log of the run that the gate saw, also where the container has moved on meanwhile.
    pub(super) async fn log(
        &self,
        namespace: &str,
        request: &LogRequest,
        redactor: &Redactor,
    ) -> Result<LogEvidence, ReadFailure> {
        let mut run = request.run;
        let mut moved = false;
        loop {
            let excerpt = self.excerpt(namespace, request, run, redactor).await;
            // after the log: what stood there before says nothing of the log that was read
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

    /// What the run after the wanted one wrote, where the kubelet has removed that with its log, as it does with init
    /// containers before the next run (Kubernetes 1.36 `pkg/kubelet/kuberuntime/kuberuntime_container.go`,
    /// `pruneInitContainersBeforeStart`): a run that fails at the same point says the same.
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
                let text = "the container has gone on, and its log with it";
                let failure = Failure::new(FailureKind::NotFound, text);
                let failure = failure.of(Resource::Logs, &describe(request, run));
                (Some(excerpt).filter(|_| run == LogRun::Current), failure)
            }
            // why it could not be read says more than that it is the wrong one
            Err(failure) => (None, failure),
        };
        let next = match next {
            None if failure.kind == FailureKind::NotFound => {
                self.excerpt(namespace, request, LogRun::Current, redactor).await.ok()
            }
            next => next,
        };
        let next = next.filter(|next| !next.is_empty());
        next.map(|excerpt| LogEvidence { run: LogRun::Next, excerpt }).ok_or(failure)
    }

    /// Where the wanted run is; `None` if that is not known.
    async fn place(
        &self,
        namespace: &str,
        request: &LogRequest,
    ) -> Result<Option<RunPlace>, ReadFailure> {
        let path = path::of(Resource::Pods, namespace);
        let what = describe(request, request.run);
        let get = Request::new(path).get(&request.pod, &GetParams::default());
        let call = Call::new(Resource::Logs, what, get)?;
        let mut body = Vec::new();
        // a pod that is gone, or may not be read, does not take back a log that was had
        if self.connection.read(&call, &mut body).await.is_err() {
            return Ok(None);
        }
        let Ok(pod) = decode::<Pod>(&body) else { return Ok(None) };
        if pod.metadata.uid != request.pod_uid {
            let text = "another pod has that name meanwhile";
            return Err(call.failed(Failure::new(FailureKind::NotFound, text)));
        }
        if request.container_id.is_empty() {
            return Ok(None);
        }
        let place = RunPlace::of(&request.container_id, &request.container, &pod);
        // the first restart follows at once, and the kubelet serves the next run's log before it reports that run
        let is_first = place == RunPlace::Current && has_never_restarted(&pod, &request.container);
        if is_first && self.has_previous(namespace, request).await? {
            return Ok(Some(RunPlace::Previous));
        }
        Ok(Some(place))
    }

    /// Whether the kubelet knows of a run before the current one.
    async fn has_previous(
        &self,
        namespace: &str,
        request: &LogRequest,
    ) -> Result<bool, ReadFailure> {
        let call = self.log_call(namespace, request, LogRun::Previous, Some(1))?;
        let mut log = LogReader::new(1);
        Ok(log.read(self, &call).await.is_ok() && log.kubelet_error().is_none())
    }

    /// Reads the tail, and beside it the whole log as far as that is quick.
    async fn excerpt(
        &self,
        namespace: &str,
        request: &LogRequest,
        run: LogRun,
        redactor: &Redactor,
    ) -> Result<Excerpt, ReadFailure> {
        let tail_lines = i64::try_from(request.lines).unwrap_or(i64::MAX);
        let tail_call = self.log_call(namespace, request, run, Some(tail_lines))?;
        let whole_call = self.log_call(namespace, request, run, None)?;
        let mut tail = LogReader::new(request.lines);
        let mut whole = LogReader::new(request.lines);
        {
            let read_tail = tail.read(self, &tail_call);
            let read_whole = whole.read(self, &whole_call);
            pin!(read_tail, read_whole);
            select! {
                biased;
                result = &mut read_tail => {
                    result.map_err(|failure| tail_call.failed(failure))?;
                    // without it the excerpt is still right, but for a number
                    let _ = timeout(self.connection.limits().whole_log, read_whole).await;
                }
                result = &mut read_whole => {
                    if result.is_err() {
                        read_tail.await.map_err(|failure| tail_call.failed(failure))?;
                    }
                }
            }
        }
        if !whole.has_ended && !tail.has_ended {
            // the whole log was read as far as it is read at all before the tail came
            tail = LogReader::new(request.lines);
            tail.read(self, &tail_call).await.map_err(|failure| tail_call.failed(failure))?;
        }
        let ended = if whole.has_ended { &whole } else { &tail };
        if let Some(error) = ended.kubelet_error() {
            return Err(tail_call.failed(Failure::new(FailureKind::NotFound, error)));
        }
        Ok(join(whole, tail, request.lines, redactor))
    }

    fn log_call(
        &self,
        namespace: &str,
        request: &LogRequest,
        run: LogRun,
        tail_lines: Option<i64>,
    ) -> Result<Call, ReadFailure> {
        let params = LogParams {
            container: Some(request.container.to_string()),
            previous: run == LogRun::Previous,
            tail_lines,
            ..LogParams::default()
        };
        let logs = Request::new(path::of(Resource::Logs, namespace)).logs(&request.pod, &params);
        Call::new(Resource::Logs, describe(request, run), logs)
    }
}

fn has_never_restarted(pod: &Pod, container: &str) -> bool {
    let mut containers = pod.containers().filter_map(|(_, _, status)| status);
    containers.any(|status| status.name.as_ref() == container && status.restart_count == 0)
}

/// A log as it comes in.
struct LogReader {
    builder: ExcerptBuilder,
    /// Its first bytes, to tell an error of the kubelet from a log.
    start: Vec<u8>,
    bytes: usize,
    has_ended: bool,
}

impl LogReader {
    fn new(lines: usize) -> Self {
        Self { builder: ExcerptBuilder::new(lines), start: Vec::new(), bytes: 0, has_ended: false }
    }

    async fn read(&mut self, cluster: &Cluster, call: &Call) -> Result<(), Failure> {
        let response: Response<Body> = cluster.connection.open(call).await?;
        let mut body = response.into_body();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| Failure::broken(&error))?;
            let Some(data) = frame.data_ref() else { continue };
            self.push(data);
            if self.bytes >= WHOLE_LOG_MAX {
                return Ok(());
            }
        }
        self.has_ended = true;
        Ok(())
    }

    fn push(&mut self, data: &[u8]) {
        let room = KUBELET_ERROR_MAX.saturating_sub(self.start.len());
        self.start.extend_from_slice(&data[..room.min(data.len())]);
        self.bytes += data.len();
        self.builder.push_bytes(data);
    }

    fn kubelet_error(&self) -> Option<String> {
        if self.bytes > KUBELET_ERROR_MAX {
            return None;
        }
        kubelet_error(&String::from_utf8_lossy(&self.start)).map(str::to_owned)
    }
}

/// The excerpt of the whole log if it came to its end, else its head with the tail that was read apart.
fn join(whole: LogReader, tail: LogReader, lines: usize, redactor: &Redactor) -> Excerpt {
    if whole.has_ended {
        return whole.builder.finish(redactor);
    }
    let (whole_lines, tail_lines) = (whole.builder.lines_seen(), tail.builder.lines_seen());
    let tail = tail.builder.finish(redactor);
    if tail_lines < lines as u64 {
        // fewer lines than asked for are all there are
        return tail;
    }
    let mut excerpt = whole.builder.finish(redactor);
    excerpt.tail = tail.tail;
    let shown = (excerpt.head.len() + excerpt.tail.len()) as u64;
    let lines = whole_lines.max(tail_lines).saturating_sub(shown);
    excerpt.cut = Cut { lines, exact: false };
    excerpt
}

fn describe(request: &LogRequest, run: LogRun) -> String {
    let run = match run {
        LogRun::Current | LogRun::Next => "log",
        LogRun::Previous => "previous log",
    };
    format!("read the {run} of container {} in pod {}", request.container, request.pod)
}
