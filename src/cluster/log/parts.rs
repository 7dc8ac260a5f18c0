//! A log is read in parts: its beginning, which usually is all of it, and its last lines, so that the end is there in any
//! case. The two are read side by side; if the log is longer than its first part, much more of its end is read as well. Lines
//! that tell nothing are dropped as they come in.

use http::Response;
use http_body_util::BodyExt;
use kube::{
    client::Body,
    core::{Request, subresource::LogParams},
};
use tokio::{pin, select, time::timeout};

use super::describe;
use crate::{
    cluster::{Cluster, call::Call, failure::Failure, path},
    evidence::{LogRequest, LogRun},
    inspect::kubelet_error,
    observation::{FailureKind, ReadFailure, Resource},
    text::{Excerpt, ExcerptBuilder, Redactor},
};

/// The most bytes that are read from the beginning of a log, and about the most from its end.
const STRETCH_MAX: usize = 1 << 20;

/// Lines that are read from the end of a log in any case.
const LAST_LINES: usize = 250;

/// The most lines that are read from the end of a log longer than [`STRETCH_MAX`].
const LAST_LINES_MAX: u64 = 5000;

/// The most bytes of a text that may be an error of the kubelet instead of a log.
const KUBELET_ERROR_MAX: usize = 4096;

impl Cluster {
    /// Reads as much of the log as can be read quickly.
    pub(super) async fn excerpt(
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
                    // if it fails, the end is there all the same
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
            // as many lines as came from the beginning: about as many bytes
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

    pub(super) fn log_call(
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

/// Which part of a log is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Its first bytes, at most [`STRETCH_MAX`].
    Start,
    /// Its last lines. Their bytes cannot be limited: the server would leave out the last ones.
    End { lines: usize },
}

/// A part of a log as it comes in.
pub(super) struct LogReader {
    pub(super) part: Part,
    builder: ExcerptBuilder,
    /// The first bytes, to tell an error of the kubelet from a log.
    start: Vec<u8>,
    bytes: usize,
    /// Whether this is all of the log: it ended before the limit.
    is_whole: bool,
}

impl LogReader {
    fn of_start(request: &LogRequest, redactor: &Redactor) -> Self {
        Self::new(Part::Start, ExcerptBuilder::new(request.lines, redactor))
    }

    pub(super) fn of_end(request: &LogRequest, redactor: &Redactor, lines: usize) -> Self {
        let builder = ExcerptBuilder::new(request.lines, redactor).from_the_middle();
        Self::new(Part::End { lines }, builder)
    }

    fn new(part: Part, builder: ExcerptBuilder) -> Self {
        Self { part, builder, start: Vec::new(), bytes: 0, is_whole: false }
    }

    /// Reads this part; returns whether it was all read before the limit of bytes.
    pub(super) async fn read(&mut self, cluster: &Cluster, call: &Call) -> Result<bool, Failure> {
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

    /// Whether the limit of bytes is reached.
    fn is_full(&self) -> bool {
        self.part == Part::Start && self.bytes >= STRETCH_MAX
    }

    pub(super) fn kubelet_error(&self) -> Option<String> {
        if self.bytes > KUBELET_ERROR_MAX {
            return None;
        }
        kubelet_error(&String::from_utf8_lossy(&self.start)).map(str::to_owned)
    }
}

/// The excerpt of the whole log, if that was read, else of its beginning and its end.
fn join(start: LogReader, end: LogReader) -> Excerpt {
    let Part::End { lines } = end.part else { return start.builder.finish() };
    if start.is_whole {
        return start.builder.finish();
    }
    // fewer lines than requested are all there are, but runtimes count each part of a long line
    let is_all = end.builder.lines_seen() < lines as u64 && end.bytes >= start.bytes;
    if is_all { end.builder.finish() } else { start.builder.finish_with(end.builder) }
}
