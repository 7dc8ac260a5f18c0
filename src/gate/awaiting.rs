//! What a target is waited for before anything is judged (contract, `--await`): that it exists, and carries what is expected
//! of it; where nothing is, that it is another one than at the start.

use std::time::Duration;

use super::{Gate, GateEvent, ReasonCode, Verdict, deadline::Deadline, kind};
use crate::{
    model::{Elapsed, TemplateDigest, Uid, Workload},
    observation::Snapshot,
    phrases::{self, awaiting},
    text::Clean,
};

/// Between reads while the target is missing, since nothing can be watched then.
const MISSING: Duration = Duration::from_secs(5);
/// How long the last read is waited for once the time is over.
const LAST_READ: Duration = Duration::from_secs(4);

/// Whether the target is still awaited.
#[derive(Debug, Default)]
pub(super) struct Awaiting {
    /// Until when; `None` once it is judged.
    until: Option<Elapsed>,
    /// What the first read showed; `None` before that.
    first: Option<Seen>,
    /// It came, or changed, after that.
    came: bool,
    last_read_until: Option<Elapsed>,
    told: Option<Clean>,
}

/// What a read shows of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    Missing,
    There { workload: Uid, wanted: (TemplateDigest, Option<i64>) },
}

impl Awaiting {
    pub(super) fn new(length: Duration) -> Self {
        let until = (!length.is_zero()).then_some(Elapsed::ZERO + length);
        Self { until, ..Self::default() }
    }

    /// Whether the rollout that is judged began after the first read, which showed none or another one.
    pub(super) fn has_come(&self) -> bool {
        self.came
    }

    /// When its end is looked at next; `None` once it is judged.
    pub(super) fn due(&self) -> Option<Elapsed> {
        self.until.map(|until| self.last_read_until.unwrap_or(until))
    }
}

impl Seen {
    fn of(workload: Option<&Workload>) -> Self {
        // one that is being deleted makes room for another
        let workload = workload.filter(|workload| !workload.metadata().is_terminating());
        workload.map_or(Self::Missing, |workload| Self::There {
            workload: workload.metadata().uid.clone(),
            wanted: kind::wanted(workload),
        })
    }
}

impl Gate {
    /// Whether a read that was `begun` then leaves the target awaited, or ends that with a verdict. Else it is to be judged
    /// from now on.
    pub(super) fn is_awaited(&mut self, snapshot: &Snapshot, begun: Elapsed) -> bool {
        let Some(until) = self.awaiting.until else { return false };
        let workload = snapshot.workload.as_deref();
        let seen = Seen::of(workload);
        let first = self.awaiting.first.get_or_insert_with(|| seen.clone()).clone();
        let has_changed = seen != first;
        let (is_bound, lacking) = match workload.filter(|_| seen != Seen::Missing) {
            Some(workload) => self.lacking(workload),
            None => (true, vec![awaiting::created(&self.target)]),
        };
        let has_come = lacking.is_empty() && (is_bound || has_changed);
        // of what was expected, a third one is wrong, and its finding says so
        let is_third = begun >= until && has_changed && seen != Seen::Missing;
        if has_come || is_third {
            self.begin_rollout(until, has_changed);
            return false;
        }
        let what = match lacking.is_empty() {
            true => awaiting::changed(self.target.kind.kind()),
            false => phrases::joined(&lacking, ", "),
        };
        if begun >= until {
            self.decide_not_come(&first, &seen, &what);
            return true;
        }
        if let Some(workload) = workload {
            let known = kind::revisions(workload, workload.template().digest, snapshot);
            self.history.observe(workload.metadata(), &known, None, snapshot);
        }
        if seen == Seen::Missing {
            self.reads.want(self.now + MISSING);
        }
        self.tell_awaited(what, until);
        true
    }

    /// The target's rollout time starts.
    fn begin_rollout(&mut self, until: Elapsed, came: bool) {
        let began = self.now.min(until);
        self.awaiting = Awaiting { came, ..Awaiting::default() };
        self.deadline = Deadline::new(began, self.policy.timeout);
        self.waiting_for.clear();
    }

    fn tell_awaited(&mut self, what: Clean, until: Elapsed) {
        if self.awaiting.told.as_ref() == Some(&what) {
            return;
        }
        self.awaiting.told = Some(what.clone());
        self.waiting_for = vec![what.clone()];
        let at = self.now;
        self.tell(GateEvent::Awaiting { at, what, until });
    }

    /// The time is over: a last read decides.
    pub(super) fn judge_awaiting(&mut self) {
        let Some(until) = self.awaiting.until.filter(|until| self.now >= *until) else { return };
        match self.awaiting.last_read_until {
            None => {
                self.awaiting.last_read_until = Some(until + LAST_READ);
                self.reads.want(self.now);
            }
            Some(last) if self.now >= last => self.decide_stale(),
            Some(_) => {}
        }
    }

    fn decide_not_come(&mut self, first: &Seen, seen: &Seen, what: &Clean) {
        let (target, length) = (&self.target, self.policy.await_for);
        let goes = self.going.with_namespace;
        let (code, account) = match (first, seen) {
            (Seen::Missing, Seen::Missing) => {
                let instead = self.going.instead.as_ref();
                let waited = Some(length);
                (ReasonCode::NotFound, phrases::unjudged::not_found(target, waited, instead, goes))
            }
            (Seen::There { .. }, Seen::Missing) => {
                (ReasonCode::Deleted, phrases::unjudged::deleted(target, goes))
            }
            _ => (ReasonCode::NotUpdated, awaiting::not_updated(target, length, what)),
        };
        self.decide(Verdict::Inconclusive, Some(code), account);
    }
}
