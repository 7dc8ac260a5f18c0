//! What reports are made from: the decision, the checks, the findings with their evidence.

use std::{sync::Arc, time::Duration};

use super::{
    Cause, Check, CheckResult, Finding, FindingState, Gate, MinReady, NextStep, Policy, ReasonCode,
    Verdict,
    findings::Record,
    kind::{self, Counts},
    ledger::PodRecord,
    names,
    symptom::Key,
    termination::Ending,
    why,
    window::needed_by_probes,
};
use crate::{
    clean,
    evidence::{CoverageGap, EndedRun, EventLine, Evidence, Runs, fold},
    model::{Elapsed, ServerClock, TargetRef, Uid},
    observation::Signal,
    phrases,
    signs::Diagnosis,
    text::{Clean, Untrusted},
};

/// The verdict with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When it was made.
    pub at: Elapsed,
    /// What it is.
    pub verdict: Verdict,
    /// Why the target could not be judged.
    pub code: Option<ReasonCode>,
    /// What happened, in one line.
    pub reason: Clean,
    /// What to do about it, as far as was known then.
    pub next_step: NextStep,
    /// The signal that interrupted.
    pub signal: Option<Signal>,
}

/// The window as it last stood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WindowState {
    /// When it opened.
    pub opened: Elapsed,
    /// How long it has to hold, in seconds.
    pub required_seconds: f64,
    /// How long it held, in seconds.
    pub held_seconds: f64,
}

impl Gate {
    /// The target.
    pub fn target(&self) -> &TargetRef {
        &self.target
    }

    /// The limits.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The time of the last input.
    pub fn now(&self) -> Elapsed {
        self.now
    }

    /// When the verdict fell, or the time of the last input: what comes later is no part of what was judged.
    pub(super) fn judged_until(&self) -> Elapsed {
        self.decision.as_ref().map_or(self.now, |decision| decision.at)
    }

    /// The verdict, once there is one.
    pub fn decision(&self) -> Option<&Decision> {
        self.decision.as_ref()
    }

    /// The revision's ReplicaSet with its number, and whether it was complete when deploygate started.
    pub fn revision(&self) -> Option<(Clean, Option<u64>, bool)> {
        let set = self.revision_judged()?;
        Some((set.name.clone(), set.number, set.complete_at_start))
    }

    /// The images of the revision's template, by container.
    pub fn images(&self) -> Vec<(Clean, Clean)> {
        let containers = self
            .pin
            .iter()
            .flat_map(|pin| pin.spec.init_containers.iter().chain(pin.spec.containers.iter()));
        containers
            .map(|c| {
                (names::container(&c.name), Untrusted::from(c.image.as_ref()).to_clean_line(300))
            })
            .collect()
    }

    /// Pods: wanted, of the new revision, ready ones, old ones.
    pub fn counts(&self) -> [u64; 4] {
        let Counts { desired, active, ready, old, .. } = self.counts;
        [desired, active, ready, old]
    }

    /// When the rollout was complete for the first time.
    pub fn completed_at(&self) -> Option<Elapsed> {
        self.completed_at
    }

    /// What the rollout still waits for.
    pub fn waiting_for(&self) -> &[Clean] {
        &self.waiting_for
    }

    /// The window, if it stands.
    pub fn window(&self) -> Option<WindowState> {
        self.window.as_ref().map(|window| WindowState {
            opened: window.opened,
            required_seconds: window.required.as_secs_f64(),
            held_seconds: window.held().as_secs_f64(),
        })
    }

    /// Reads that succeeded and failed, and the longest gap between good ones in seconds.
    pub fn reads(&self) -> (u64, u64, f64) {
        let gap = self.reads.longest_gap.max(self.reads.age(self.now));
        (self.reads.good, self.reads.failed, gap.as_secs_f64())
    }

    /// Nodes whose Leases were seen renewed; `None` where no Lease could be read.
    pub fn nodes_checked(&self) -> Option<u64> {
        Some(self.nodes.checked()).filter(|checked| *checked > 0)
    }

    /// Pods of the revision that were ever seen.
    pub fn pods_seen(&self) -> u64 {
        self.ledger.len() as u64
    }

    /// What could not be read.
    pub fn missing(&self) -> &[CoverageGap] {
        self.missing.gaps()
    }

    /// The findings: those that decided first, then the most telling.
    pub fn findings(&self) -> Vec<Finding> {
        let mut records: Vec<_> = self.findings.iter().collect();
        records.sort_by_key(|(key, record)| (order(record.state), key.cause));
        records.into_iter().map(|(key, record)| self.finding(key, record)).collect()
    }

    /// What the servers' clocks show on the gate's own.
    pub fn server_clock(&self) -> ServerClock {
        self.server_clock
    }

    pub(super) fn finding(&self, key: &Key, record: &Record) -> Finding {
        let evidence = self.evidence(key, record);
        let diagnosis = why::of(key, record, evidence.as_ref());
        let surges = self.pin.as_ref().is_some_and(|pin| pin.surges);
        let diagnosis = if surges { diagnosis.map(Diagnosis::where_pods_surge) } else { diagnosis };
        let comparison = self.comparison(key, record);
        Finding {
            cause: key.cause,
            attribution: why::attribution(record, diagnosis.as_ref(), comparison.as_ref()),
            state: record.state,
            container: key.container.as_deref().map(names::container),
            role: record.role,
            pods: self.pods_of(key, record),
            message: record.message.clone(),
            hint: why::next_step(key.cause, record, diagnosis.as_ref(), evidence.as_ref()),
            diagnosis,
            comparison,
            exit_code: record.exit_code,
            signal: record.signal,
            restarts: record.restarts,
            first_seen: record.first_seen,
            last_seen: record.last_seen,
            grace_until: self.grace_until(key, record),
            evidence,
        }
    }

    fn pods_of(&self, key: &Key, record: &Record) -> Vec<Clean> {
        if key.cause.is_of_target() {
            return Vec::new();
        }
        record.in_order().into_iter().map(|(_, subject)| subject.name.clone()).collect()
    }

    /// Everything that was kept about one pod that shows the finding, the one with most of it.
    fn evidence(&self, key: &Key, record: &Record) -> Option<Evidence> {
        let log_of = |uid: &Uid| -> Option<_> {
            let container: Arc<str> = key.container.clone()?;
            self.collection.logs.get(&(uid.clone(), container))
        };
        let known = |uid: &Uid| {
            let log = log_of(uid).map_or(0, |log| 1 + u8::from(!log.excerpt.is_empty()));
            let is_detailed = self.collection.details.contains_key(uid);
            (log, is_detailed, self.collection.events.contains_key(uid))
        };
        // of several with as much the first that was seen
        let (uid, subject) =
            record.in_order().into_iter().rev().max_by_key(|(uid, _)| known(uid))?;
        let words = self.collection.states.get(&(uid.clone(), key.container.clone()));
        let words = words.cloned().unwrap_or_default();
        let pod = self.ledger.get(uid);
        let evidence = Evidence {
            pod: subject.name.clone(),
            node: pod.and_then(|pod| pod.node.clone()),
            image: words.image,
            state: words.state,
            last_state: words.last_state,
            runs: self.runs(uid, key.container.as_deref(), words.back_off_seconds),
            termination_message: words.termination_message,
            log: log_of(uid).cloned(),
            details: self
                .collection
                .details
                .get(uid)
                .map(|all| Box::new(all.about(key.container.as_deref()))),
            events: self.events(uid),
        };
        Some(evidence)
    }

    /// The ended runs of a container that count, or might.
    fn runs(&self, pod: &Uid, container: Option<&str>, back_off_seconds: Option<u64>) -> Runs {
        let containers = self.ledger.get(pod).into_iter().flat_map(|pod| &pod.containers);
        let runs = containers
            .filter(|record| Some(&*record.name) == container)
            .flat_map(|record| &record.runs)
            .filter(|run| !matches!(run.ending, Ending::Excused(_)));
        let ended = runs.map(|run| EndedRun {
            started: run.termination.started_at,
            finished: run.termination.finished_at,
            exit_code: run.termination.exit_code,
        });
        Runs { ended: ended.collect(), back_off_seconds }
    }

    /// Events of the pod, then of its ReplicaSet and its workload.
    fn events(&self, pod: &Uid) -> Vec<EventLine> {
        let set = self.revision_judged().map(|set| &set.object.uid);
        let workload = self.pin.as_ref().map(|pin| &pin.workload);
        let mut objects = vec![pod];
        objects.extend([set, workload].into_iter().flatten().filter(|uid| *uid != pod));
        let began = self.revision_judged().and_then(|set| set.counts_from);
        let is_of_rollout = |event: &&EventLine| match (event.last, began) {
            (Some(last), Some(began)) => last >= began,
            (None, _) | (_, None) => true,
        };
        let events = objects.into_iter().filter_map(|uid| self.collection.events.get(uid));
        let ended = self.judged_until();
        let with_age = |event: &EventLine| EventLine {
            age_seconds: event
                .last
                .and_then(|last| self.server_clock.age(last, ended))
                .map(|age| age.as_secs()),
            ..event.clone()
        };
        fold(events.flatten().filter(is_of_rollout).map(with_age))
    }

    /// The fixed checks: how each ended, and why.
    pub fn checks(&self) -> Vec<(Check, CheckResult, Clean)> {
        let Some(decision) = &self.decision else { return Vec::new() };
        let passed = decision.verdict == Verdict::Passed;
        let blamed = match decision.code {
            Some(ReasonCode::Deadline) => Some(Check::RolloutCompletes),
            Some(_) => Some(Check::Judged),
            None => None,
        };
        let check = |check: Check| {
            let mut confirmed = self.findings.in_state(FindingState::Confirmed);
            let failed = confirmed.find(|(key, _)| key.cause.check() == check);
            if blamed == Some(check) {
                (check, CheckResult::Error, decision.reason.clone())
            } else if let Some((key, record)) = failed {
                (check, CheckResult::Failed, record.reason(key))
            } else if check == Check::ExpectedImage && self.policy.expect_images.is_empty() {
                let message = Clean::from_static("not asked for: `--expect-image` was not given");
                (check, CheckResult::Skipped, message)
            } else if passed || self.is_proven(check) {
                (check, CheckResult::Passed, Clean::default())
            } else {
                let message = Clean::from_static("not fully evaluated: the run ended first");
                (check, CheckResult::Skipped, message)
            }
        };
        Check::ALL.into_iter().map(check).collect()
    }

    /// Whether what is known proves a check although the verdict is not green: the rollout was complete, or it failed by
    /// another check and each pod that was seen is beyond this one. What could not be judged proves nothing.
    fn is_proven(&self, check: Check) -> bool {
        let is_failed = self.decision.as_ref().is_some_and(|d| d.verdict == Verdict::Failed);
        let is_told = self.findings.iter().any(|(key, record)| {
            key.cause.check() == check && record.state != FindingState::Resolved
        });
        let pods = || self.ledger.iter().map(|(_, pod)| pod);
        let has_run = |pod: &PodRecord| {
            pod.ready_since.is_some() || pod.restart_counts > 0 || !pod.containers.is_empty()
        };
        let all = |reached: &dyn Fn(&PodRecord) -> bool| {
            self.completed_at.is_some()
                || (is_failed && !is_told && pods().count() > 0 && pods().all(|pod| reached(pod)))
        };
        match check {
            Check::ExpectedImage => self.pin.is_some(),
            Check::Judged => is_failed,
            Check::PodsCreated => all(&|_| true),
            Check::PodsScheduled => all(&|pod| pod.node.is_some()),
            Check::ImagesPulled | Check::ContainersCreated => all(&has_run),
            Check::RolloutCompletes => self.completed_at.is_some(),
            Check::ContainersRun | Check::PodsStay | Check::PodsReady => false,
        }
    }

    /// What weakens or explains the verdict.
    pub fn notes(&self) -> Vec<Clean> {
        let mut notes = Vec::new();
        let mut note = |text: Clean| notes.push(text);
        let Some(pin) = &self.pin else { return notes };
        if let Some(warned) = &self.warned {
            note(warned.clone());
        }
        if self.deadline.spares_old_pods {
            note(clean!(
                "{} had not terminated at the deadline; old pods do not count against the new revision",
                phrases::counted(self.counts.old, "old pod")
            ));
        }
        if self.deadline.spares_old_pods || self.revision_judged().is_none() {
            self.leaving_for(Duration::ZERO).into_iter().for_each(&mut note);
        }
        if let Some(text) = self.min_ready_is_too_long() {
            note(text);
        }
        if self.revision_judged().is_some_and(|set| set.complete_at_start) {
            note(Clean::from_static(
                "the rollout was already complete when deploygate started; judged from then on",
            ));
        }
        let ends = kind::ends(self.target.kind);
        if ends && self.policy.min_ready != MinReady::ALL {
            note(Clean::from_static("`--min-ready` has no effect on a Job"));
        }
        let unprobed: Vec<Clean> = pin
            .spec
            .containers
            .iter()
            .filter(|container| container.readiness_probe.is_none() && !ends)
            .map(|container| names::container(&container.name))
            .collect();
        if !unprobed.is_empty() {
            note(clean!(
                "no readiness probe in {}: ready only means that the process is running",
                phrases::first_few(&unprobed, 5)
            ));
        }
        if let Some(needed) = needed_by_probes(&pin.spec, pin.min_ready_seconds)
            && needed > self.policy.window
            && !ends
        {
            note(clean!(
                "the window of {} is too short to see a kill by the liveness probe, which takes up to {}: set `--window {}`",
                phrases::length(self.policy.window),
                phrases::length(needed),
                phrases::length(needed)
            ));
        }
        if self.counts.needed < self.counts.desired && !ends {
            note(clean!(
                "{} of {} pods had to be ready (`--min-ready`)",
                self.counts.needed,
                self.counts.desired
            ));
        }
        for ignored in &self.policy.ignore_containers {
            let name = names::container(ignored.as_str());
            let known = pin.spec.containers.iter().chain(pin.spec.init_containers.iter());
            if known.clone().any(|container| container.name.as_ref() == ignored) {
                note(clean!("container {} was not judged (`--ignore-container`)", name));
            } else {
                note(clean!("no container is named {} (`--ignore-container`)", name));
            }
        }
        notes
    }

    /// Causes that decided, for exit codes and one-line summaries.
    pub fn confirmed_causes(&self) -> impl Iterator<Item = Cause> {
        let confirmed = self.findings.in_state(FindingState::Confirmed);
        confirmed.map(|(key, _)| key.cause)
    }
}

pub(super) fn order(state: FindingState) -> u8 {
    match state {
        FindingState::Confirmed => 0,
        FindingState::Suspected => 1,
        FindingState::Tolerated => 2,
        FindingState::Resolved => 3,
    }
}
