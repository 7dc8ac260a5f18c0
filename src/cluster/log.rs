//! The log of one run of a container, of the right run, or a failure.
//!
//! Two reads run side by side: the beginning of the log, which most often is all of it, and the last lines, so that the
//! end is there in any case. Where the log is longer than the beginning, much more of its end is read as well. What tells
//! nothing is dropped as it comes in.

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
    evidence::{LogEvidence, LogRequest, LogRun},
    inspect::{RunPlace, kubelet_error},
    model::Pod,
    observation::{FailureKind, ReadFailure, Resource},
    text::{Excerpt, ExcerptBuilder, Redactor},
};

/// Bytes of a log that are read from its beginning, and about as many from its end.
const STRETCH_MAX: usize = 1 << 20;

/// Lines that are read from the end of a log of which more is not known yet.
const LAST_LINES: usize = 250;

/// Lines that are read from the end of a log that is longer than [`STRETCH_MAX`].
const LAST_LINES_MAX: u64 = 5000;

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
                let text = "the container restarted and its log is gone";
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
            let text = "the pod was replaced by another with the same name";
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
        let mut log = LogReader::of_end(request, &Redactor::built_in(), 1);
        let call = self.log_call(namespace, request, LogRun::Previous, log.part)?;
        Ok(log.read(self, &call).await.is_ok() && log.kubelet_error().is_none())
    }

    /// Reads as much of the log as is quick.
    async fn excerpt(
        &self,
        namespace: &str,
        request: &LogRequest,
        run: LogRun,
        redactor: &Redactor,
    ) -> Result<Excerpt, ReadFailure> {
        let lines = request.lines.max(LAST_LINES);
        let mut end = LogReader::of_end(request, redactor, lines);
        let mut start = LogReader::of_start(request, redactor);
        let end_call = self.log_call(namespace, request, run, end.part)?;
        let start_call = self.log_call(namespace, request, run, start.part)?;
        let limit = self.connection.limits().whole_log;
        {
            let (read_end, read_start) = (end.read(self, &end_call), start.read(self, &start_call));
            pin!(read_end, read_start);
            select! {
                biased;
                result = &mut read_end => {
                    result.map_err(|failure| end_call.failed(failure))?;
                    // without it the end is there all the same
                    let _ = timeout(limit, read_start).await;
                }
                is_whole = &mut read_start => {
                    if !matches!(is_whole, Ok(true)) {
                        read_end.await.map_err(|failure| end_call.failed(failure))?;
                    }
                }
            }
        }
        let ended = if start.is_whole { &start } else { &end };
        if let Some(error) = ended.kubelet_error() {
            return Err(end_call.failed(Failure::new(FailureKind::NotFound, error)));
        }
        if start.is_full() {
            // as many lines as make about as many bytes again
            let more = usize::try_from(start.builder.lines_seen().min(LAST_LINES_MAX));
            let more = more.unwrap_or(usize::MAX);
            if more > lines {
                let mut longer = LogReader::of_end(request, redactor, more);
                let call = self.log_call(namespace, request, run, longer.part)?;
                let read = timeout(limit, longer.read(self, &call)).await;
                if let Ok(Ok(true)) = read {
                    end = longer;
                }
            }
        }
        Ok(join(start, end))
    }

    fn log_call(
        &self,
        namespace: &str,
        request: &LogRequest,
        run: LogRun,
        part: Part,
    ) -> Result<Call, ReadFailure> {
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let (limit_bytes, tail_lines) = match part {
            Part::Start => (Some(number(STRETCH_MAX)), None),
            Part::End { lines } => (None, Some(number(lines))),
        };
        let params = LogParams {
            container: Some(request.container.to_string()),
            previous: run == LogRun::Previous,
            limit_bytes,
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

/// Which part of a log is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// At most [`STRETCH_MAX`] bytes from its beginning.
    Start,
    /// So many lines at its end. The server cannot be told to send fewer bytes: it would leave out the last ones.
    End { lines: usize },
}

/// A part of a log as it comes in.
struct LogReader {
    part: Part,
    builder: ExcerptBuilder,
    /// Its first bytes, to tell an error of the kubelet from a log.
    start: Vec<u8>,
    bytes: usize,
    /// All of the log came: it ended before its limit.
    is_whole: bool,
}

impl LogReader {
    fn of_start(request: &LogRequest, redactor: &Redactor) -> Self {
        Self::new(Part::Start, ExcerptBuilder::new(request.lines, redactor))
    }

    fn of_end(request: &LogRequest, redactor: &Redactor, lines: usize) -> Self {
        let builder = ExcerptBuilder::new(request.lines, redactor).from_the_middle();
        Self::new(Part::End { lines }, builder)
    }

    fn new(part: Part, builder: ExcerptBuilder) -> Self {
        Self { part, builder, start: Vec::new(), bytes: 0, is_whole: false }
    }

    /// Reads it to its end, and says whether that went as far as it was wanted.
    async fn read(&mut self, cluster: &Cluster, call: &Call) -> Result<bool, Failure> {
        let response: Response<Body> = cluster.connection.open(call).await?;
        let mut body = response.into_body();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| Failure::broken(&error))?;
            let Some(data) = frame.data_ref() else { continue };
            self.push(data);
            if self.is_full() {
                return Ok(false);
            }
        }
        self.is_whole = self.part == Part::Start;
        Ok(true)
    }

    fn push(&mut self, data: &[u8]) {
        let room = KUBELET_ERROR_MAX.saturating_sub(self.start.len());
        self.start.extend_from_slice(&data[..room.min(data.len())]);
        self.bytes += data.len();
        self.builder.push_bytes(data);
    }

    /// Whether as much came as is wanted at most.
    fn is_full(&self) -> bool {
        self.part == Part::Start && self.bytes >= STRETCH_MAX
    }

    fn kubelet_error(&self) -> Option<String> {
        if self.bytes > KUBELET_ERROR_MAX {
            return None;
        }
        kubelet_error(&String::from_utf8_lossy(&self.start)).map(str::to_owned)
    }
}

/// The excerpt of the whole log if its beginning is that, else of its beginning and its end.
fn join(start: LogReader, end: LogReader) -> Excerpt {
    let Part::End { lines } = end.part else { return start.builder.finish() };
    if start.is_whole {
        return start.builder.finish();
    }
    // fewer lines than asked for are all there are; but runtimes count parts of long lines
    let is_all = end.builder.lines_seen() < lines as u64 && end.bytes >= start.bytes;
    if is_all { end.builder.finish() } else { start.builder.finish_with(end.builder) }
}

fn describe(request: &LogRequest, run: LogRun) -> String {
    let run = match run {
        LogRun::Current | LogRun::Next => "log",
        LogRun::Previous => "previous log",
    };
    format!("read the {run} of container {} in pod {}", request.container, request.pod)
}
