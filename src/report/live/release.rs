//! A release while it lasts: what each target is at, and lines in which those that say the same are together.

use std::{collections::VecDeque, time::Duration};

use super::{
    Loudness, Now, line,
    several::{is_trouble, of_several},
};
use crate::{
    fleet::{Event, Target},
    gate::{GateEvent, ReasonCode, Verdict},
    model::{Elapsed, Kind},
    phrases::{event, length, release::total},
    report::{ending::Line, names::Names, paint::Tone, words::first_few},
};

/// Up to so many targets have a line each about their revisions.
const FEW: usize = 4;

/// How long lines about routine wait for others that say the same, and the same in a large release.
const GAP: Duration = Duration::from_secs(2);
const LONG_GAP: Duration = Duration::from_secs(5);

/// A release of more targets is large.
const LARGE: usize = 20;

/// So many lines about trouble are told at once within [`BURST`]; further ones wait for others as well.
const AT_ONCE: usize = 6;
const BURST: Duration = Duration::from_secs(10);

/// Targets that are named in a line.
const NAMED: usize = 4;

/// All targets of a release.
#[derive(Debug)]
pub(in crate::report) struct Release {
    pub(super) rows: Vec<Row>,
    loudness: Loudness,
    timeout: Duration,
    waiting: Vec<Waiting>,
    /// When trouble was told.
    troubles: VecDeque<Elapsed>,
}

/// A target.
#[derive(Debug)]
pub(in crate::report) struct Row {
    pub(in crate::report) name: String,
    pub(in crate::report) now: Now,
}

/// A line that waits for others that say the same.
#[derive(Debug)]
struct Waiting {
    target: usize,
    at: Elapsed,
    line: Line,
    /// What it says where it is told of several targets; those with one text are together.
    of_several: Line,
}

impl Release {
    pub(in crate::report) fn new(targets: &[Target], loudness: Loudness) -> Self {
        let names = Names::among(targets);
        let row = |target| Row { name: names.of(target), now: Now::of(target, false) };
        let timeout = targets.iter().map(|target| target.policy.timeout).max();
        Self {
            rows: targets.iter().map(row).collect(),
            loudness,
            timeout: timeout.unwrap_or_default(),
            waiting: Vec::new(),
            troubles: VecDeque::new(),
        }
    }

    /// Takes in what happened to a target. What is to be said now, with its time.
    pub(in crate::report) fn hear(&mut self, event: &Event) -> Vec<Line> {
        let target = event.target.index();
        let is_few = self.rows.len() <= FEW;
        let Some(row) = self.rows.get_mut(target) else { return Vec::new() };
        let event = &event.event;
        let at = event.at();
        let line = match event {
            GateEvent::Progress { progress, .. } if self.loudness == Loudness::Verbose => {
                let text = event::rollout(row.now.kind, progress, usize::MAX);
                Some(Line::new(Tone::Plain, "", &*text))
            }
            _ => line(event, &row.now, self.loudness),
        };
        row.now.learn(event);
        let Some(line) = line else { return self.tick(at) };
        let line = match event {
            // that it waits for the others is the same for all
            GateEvent::WindowHeld { length: held, .. } => {
                line.saying("stayed healthy", format!(" for {}", length(*held)))
            }
            _ => line,
        };
        let of_several = match event {
            // each has its own images
            GateEvent::Awaiting { .. } | GateEvent::RevisionPinned { .. } if is_few => line.clone(),
            _ => of_several(event, &line),
        };
        self.waiting.push(Waiting { target, at, line, of_several });
        let is_due = self.loudness == Loudness::Verbose
            || (is_trouble(event) && self.may_trouble(at, event));
        if is_due { self.tell() } else { self.tick(at) }
    }

    /// Lets time pass. What has waited long enough is to be said now.
    pub(in crate::report) fn tick(&mut self, now: Elapsed) -> Vec<Line> {
        let gap = if self.rows.len() > LARGE { LONG_GAP } else { GAP };
        match self.waiting.first() {
            Some(first) if now.since(first.at) >= gap => self.tell(),
            _ => Vec::new(),
        }
    }

    /// Everything that waits, those together that say the same.
    pub(in crate::report) fn tell(&mut self) -> Vec<Line> {
        let mut groups: Vec<Vec<Waiting>> = Vec::new();
        // one time for all of them, so that no line is older than the one before it
        let at = self.waiting.iter().map(|waiting| waiting.at).max().unwrap_or_default();
        for waiting in std::mem::take(&mut self.waiting) {
            let is_same = |group: &&mut Vec<Waiting>| {
                let first = &group[0];
                first.of_several == waiting.of_several && first.target != waiting.target
            };
            match groups.iter_mut().find(is_same) {
                Some(group) => group.push(waiting),
                None => groups.push(vec![waiting]),
            }
        }
        groups.iter().map(|group| self.together(group, at)).collect()
    }

    fn together(&self, group: &[Waiting], at: Elapsed) -> Line {
        let first = &group[0];
        let is_one_text = group.iter().all(|waiting| waiting.line == first.line)
            && (group.len() == 1 || first.line.begins_as(&first.of_several));
        let line = if is_one_text { &first.line } else { &first.of_several };
        let mut targets: Vec<_> = group.iter().map(|waiting| waiting.target).collect();
        targets.sort_unstable();
        targets.dedup();
        let (named, more) = first_few(&targets, NAMED);
        let names: Vec<_> = named.iter().map(|target| &*self.rows[*target].name).collect();
        let before = format!("{:>5}  {}{more}: ", at.to_string(), names.join(", "));
        line.clone().after(&before)
    }

    /// Whether trouble is told at once: what failed always is, and otherwise only the first of much.
    fn may_trouble(&mut self, at: Elapsed, event: &GateEvent) -> bool {
        while self.troubles.front().is_some_and(|told| at.since(*told) >= BURST) {
            self.troubles.pop_front();
        }
        let is_first_failure = matches!(event, GateEvent::Decided { .. }) && self.failed() == 1;
        if self.troubles.len() >= AT_ONCE && !is_first_failure {
            return false;
        }
        self.troubles.push_back(at);
        true
    }

    fn failed(&self) -> usize {
        self.count(|now| matches!(now.decided, Some((Verdict::Failed, _))))
    }

    fn count(&self, is: impl Fn(&Now) -> bool) -> usize {
        self.rows.iter().filter(|row| is(&row.now)).count()
    }

    /// `4 of 12 targets passed so far, 1 failed, 7 rolling out; 14 of 24 pods ready`.
    pub(in crate::report) fn totals(&self) -> String {
        let count = |is: &dyn Fn(&Now) -> bool| self.count(is) as u64;
        let decided = |verdict| {
            count(&|now| {
                let stopped = Some(ReasonCode::Stopped);
                now.decided.is_some_and(|(of, code)| of == verdict && code != stopped)
            })
        };
        let is_stopped =
            |now: &Now| now.decided.is_some_and(|(_, of)| of == Some(ReasonCode::Stopped));
        let open = |now: &Now| now.decided.is_none() && !now.is_held;
        let mut text = total(&[
            (decided(Verdict::Passed), "passed"),
            (count(&|now| now.decided.is_none() && now.is_held), "passed so far"),
            (decided(Verdict::Failed), "failed"),
            (decided(Verdict::TimedOut), "timed out"),
            (decided(Verdict::Inconclusive), "inconclusive"),
            (decided(Verdict::Superseded), "superseded"),
            (decided(Verdict::Interrupted), "interrupted"),
            (count(&is_stopped), "not decided"),
            (count(&|now| open(now) && now.window.is_some()), "in the health window"),
            (count(&|now| now.is_rolling() && !now.is_present), "rolling out"),
            (count(&|now| now.is_rolling() && now.is_present), "being checked"),
            (count(&|now| now.is_unseen() && now.awaited.is_some()), "awaited"),
            (count(&|now| now.is_unseen() && now.awaited.is_none()), "not seen yet"),
        ])
        .to_string();
        let pods = self.rows.iter().filter(|row| row.now.is_rolling() && row.now.kind != Kind::Job);
        let pods = pods.filter_map(|row| row.now.progress.as_ref());
        let (ready, desired) = pods.fold((0, 0), |(ready, desired), of| {
            (ready + of.ready.min(of.desired), desired + of.desired)
        });
        if desired > 0 {
            text.push_str(&format!("; {ready} of {desired} pods ready"));
        }
        let open: Vec<_> = self.rows.iter().filter(|row| row.now.decided.is_none()).collect();
        let stale = open.iter().map(|row| row.now.stale_since).min().flatten();
        if let Some(since) = stale {
            text.push_str(&format!("; no successful API read since {since}"));
        }
        text
    }

    /// How many targets are over or wait for the others, of all.
    pub(in crate::report) fn done(&self) -> (usize, usize) {
        (self.count(|now| now.decided.is_some() || now.is_held), self.rows.len())
    }

    /// How long the run has lasted, of how long it may.
    pub(in crate::report) fn time(&self, now: Elapsed) -> String {
        self.rows.first().map(|row| row.now.spent(now, self.timeout)).unwrap_or_default()
    }

    /// The few targets that need attention: those of which something is suspected, and then the slowest.
    pub(in crate::report) fn attention(&self, most: usize) -> Vec<&Row> {
        let rank = |now: &Now| {
            let suspected = now.suspected.iter().map(|finding| finding.grace_until).min();
            let ready = now.progress.as_ref().map_or(0, |of| of.ready * 1000 / of.desired.max(1));
            (suspected.is_none(), suspected.flatten(), now.stale_since.is_none(), ready)
        };
        let is_open = |now: &Now| !now.suspected.is_empty() || now.is_rolling();
        let open = self.rows.iter().filter(|row| row.now.decided.is_none() && is_open(&row.now));
        let mut open: Vec<_> = open.collect();
        open.sort_by_key(|row| rank(&row.now));
        open.truncate(most);
        open
    }
}
