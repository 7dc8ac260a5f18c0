//! What is kept of one container, and what a reading of it shows.

use std::sync::Arc;

use super::lane::{Lane, LaneState, Mark, MarkKind, Span};
use crate::{
    clean,
    model::{ContainerState, ContainerStatus, Elapsed, Role, ServerClock, Termination},
    text::{Clean, Untrusted},
};

/// Changes that are kept of a container.
pub(super) const SPANS: usize = 64;

/// Marks that are kept of a container.
const MARKS: usize = 32;

#[derive(Debug)]
pub(super) struct Track {
    pub(super) name: Arc<str>,
    role: Role,
    restarts: u32,
    /// The ends that the latest reading showed, or that were earlier than the gate.
    ends: Vec<Box<str>>,
    spans: Vec<Span>,
    marks: Vec<Mark>,
    left_out: u32,
}

impl Track {
    pub(super) fn new(
        role: Role,
        name: &Arc<str>,
        status: Option<&ContainerStatus>,
        clock: ServerClock,
    ) -> Self {
        let is_earlier =
            |end: &&Termination| end.finished_at.is_some_and(|at| clock.place(at).is_none());
        Self {
            name: name.clone(),
            role,
            restarts: status.map_or(0, |status| status.restart_count),
            ends: status.into_iter().flat_map(ends).filter(is_earlier).map(key).collect(),
            spans: Vec::new(),
            marks: Vec::new(),
            left_out: 0,
        }
    }

    pub(super) fn enter(&mut self, state: LaneState, now: Elapsed) {
        self.last_until(now);
        if self.spans.last().is_none_or(|last| last.state != state) {
            self.push(Span { state, from: now, to: now });
        }
    }

    pub(super) fn last_until(&mut self, now: Elapsed) {
        if let Some(last) = self.spans.last_mut() {
            last.to = last.to.max(now);
        }
    }

    pub(super) fn lose_sight(&mut self, now: Elapsed) {
        let since = self.spans.last().map_or(now, |span| span.to);
        self.push(Span { state: LaneState::Unseen, from: since, to: now });
    }

    /// How a run ended, and that another one began.
    pub(super) fn observe_runs(&mut self, status: &ContainerStatus, now: Elapsed) {
        let known = std::mem::replace(&mut self.ends, ends(status).map(key).collect());
        for end in ends(status) {
            let is_older = end.container_id.is_empty() && end.finished_at.is_none();
            if is_older || known.contains(&key(end)) {
                continue;
            }
            let reason = end.reason.to_clean_line(80);
            let what = clean!("ended with exit code {} ({})", end.exit_code, reason);
            self.mark(Mark { at: now, kind: MarkKind::Ended, what });
        }
        if status.restart_count > self.restarts {
            let what = clean!("restart {}", status.restart_count);
            self.mark(Mark { at: now, kind: MarkKind::Restarted, what });
        }
        self.restarts = status.restart_count;
    }

    /// Adds a span. Where there are too many, one in the middle goes: the first and the last ones tell most.
    fn push(&mut self, span: Span) {
        if self.spans.len() >= SPANS {
            self.spans.remove(SPANS / 2);
            self.left_out += 1;
        }
        self.spans.push(span);
    }

    /// Adds a mark in its place, unless it is there already.
    pub(super) fn mark(&mut self, mark: Mark) {
        if self.marks.contains(&mark) {
            return;
        }
        if self.marks.len() >= MARKS {
            self.marks.remove(MARKS / 2);
            self.left_out += 1;
        }
        let place = self.marks.partition_point(|other| other.at <= mark.at);
        self.marks.insert(place, mark);
    }

    pub(super) fn lane(&self, pod: &Clean, is_gone: bool, ended: Elapsed) -> Lane {
        let mut spans = self.spans.clone();
        if let Some(last) = spans.last_mut().filter(|_| !is_gone) {
            last.to = ended;
        }
        // what is told after the verdict is no part of what was judged
        let marks = self.marks.iter().filter(|mark| mark.at <= ended).cloned().collect();
        Lane {
            pod: pod.clone(),
            container: Untrusted::from(&*self.name).to_clean_line(63),
            role: self.role,
            spans,
            marks,
            left_out: self.left_out,
        }
    }
}

/// What a container does.
pub(super) fn state(role: Role, status: Option<&ContainerStatus>, has_node: bool) -> LaneState {
    match status.map(|status| (&status.state, status.ready)) {
        Some((ContainerState::Running { .. }, true)) => LaneState::Ready,
        Some((ContainerState::Running { .. }, false)) => LaneState::NotReady,
        Some((ContainerState::Terminated(end), _)) if role == Role::Init && end.exit_code == 0 => {
            LaneState::Completed
        }
        Some((ContainerState::Terminated(_), _)) => LaneState::Terminated,
        Some((ContainerState::Waiting(waiting), _)) if !is_ordinary(waiting.reason.as_raw()) => {
            LaneState::BackingOff
        }
        Some((ContainerState::Waiting(_) | ContainerState::Absent, _)) | None if has_node => {
            LaneState::Creating
        }
        Some((ContainerState::Waiting(_) | ContainerState::Absent, _)) | None => LaneState::Pending,
    }
}

/// Whether a container that is about to be started waits with this reason
/// (Kubernetes 1.36 `pkg/kubelet/kubelet_pods.go`, `convertToAPIContainerStatuses`).
fn is_ordinary(reason: &str) -> bool {
    matches!(reason, "" | "ContainerCreating" | "PodInitializing")
}

/// The runs that a status says ended, the earlier one first.
fn ends(status: &ContainerStatus) -> impl Iterator<Item = &Termination> {
    [&status.last_state, &status.state].into_iter().filter_map(|state| state.termination())
}

/// What tells one run from another.
fn key(end: &Termination) -> Box<str> {
    if end.container_id.is_empty() {
        return format!("{:?}", end.finished_at).into();
    }
    end.container_id.clone()
}
