//! What was decided on one target.

use serde::{Deserialize, Serialize};

use super::{Rollback, TimelineEntry, Unblocked, source::source_of};
use crate::{
    evidence::Changes,
    gate::{
        self, CheckOutcome, Coverage, Finding, FindingState, Gate, NextStep, Policy, Reason,
        ReasonCode, Restore, RevisionFacts, RolloutFacts, Serving, SettingFact, Trouble, Undo,
        Urgency, Verdict, WindowFacts,
    },
    manifest::{Part, Source, Sources},
    model::{Context, TargetKind},
    phrases,
    text::{Clean, Untrusted},
    timeline::{Lane, LeftOut, PhaseFacts, Timeline},
    vocabulary::RollbackWrite,
};

/// What was decided on one target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetOutcome {
    /// Its kind, e.g. `deployment`, or `certificates.cert-manager.io`.
    pub kind: TargetKind,
    /// The context of the kubeconfig whose cluster it is in; `None` where none is known.
    #[serde(default)]
    pub context: Option<Clean>,
    /// The context was asked for by its name, and is not only the current one.
    #[serde(default)]
    pub context_given: bool,
    /// Its namespace.
    pub namespace: Clean,
    /// Its name.
    pub name: Clean,
    /// Where its manifest begins; `None` without one, or if it is not in a file of the working directory.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The decision.
    pub verdict: Verdict,
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
    /// Why it could not be judged; `None` where it was.
    pub reason_code: Option<ReasonCode>,
    /// What to do; empty where nothing is to be done.
    #[serde(flatten, with = "phrases::next_step_fields")]
    pub next_step: NextStep,
    /// The causes that it shares with other targets: places in the list of those.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub common: Vec<usize>,
    /// How to go back to a revision before, where that would help.
    #[serde(flatten, with = "gate::undo_fields")]
    pub undo: Option<Undo>,
    /// What became of its rollback; `None` where nobody asked for one.
    #[serde(default)]
    pub rollback: Option<Rollback>,
    /// What serves users, as last read; of targets that failed or timed out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serving: Vec<Serving>,
    /// The revision that was judged; `None` where none was found.
    pub revision: Option<RevisionFacts>,
    /// What changed since the revision before; `None` where nothing went wrong, or there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
    /// The numbers of the rollout, as last seen.
    pub rollout: RolloutFacts,
    /// The window; `None` where it did not begin.
    pub window: Option<WindowFacts>,
    /// The fixed checks, in their order.
    pub checks: Vec<CheckOutcome>,
    /// What was found, the most telling first.
    pub findings: Vec<Finding>,
    /// What a person must know although it changes no verdict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Clean>,
    /// What weakens or explains the verdict, the warnings first.
    pub notes: Vec<Clean>,
    /// What was read, and what could not be.
    pub coverage: Coverage,
    /// What happened when.
    pub timeline: Vec<TimelineEntry>,
    /// What was too much for it; `None` where it is whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline_left_out: Option<LeftOut>,
    /// The parts of the run, in order. Between two that leave a gap, what was not kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<PhaseFacts>,
    /// What containers did over time, those of failing pods first; not of all where there are many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lanes: Vec<Lane>,
    /// The settings that it was judged by, each with its source.
    #[serde(default)]
    pub settings: Vec<SettingFact>,
    /// The limits that were applied.
    pub policy: Policy,
}

impl TargetOutcome {
    /// What a gate decided, and what happened until then.
    pub fn of(
        context: Option<&Context>,
        sources: &Sources,
        gate: &Gate,
        timeline: &Timeline,
    ) -> Self {
        let target = gate.target();
        let decision = gate.decision();
        let ended = decision.map_or_else(|| gate.now(), |decision| decision.at);
        let mut findings = gate.findings();
        let images = gate.other_images();
        for finding in &mut findings {
            finding.source = source_of(finding, sources, &images);
        }
        let outcome = Self {
            kind: target.kind.clone(),
            context: context.map(|context| context.name.clone()),
            context_given: context.is_some_and(|context| context.is_given),
            namespace: Untrusted::from(target.namespace.as_ref()).to_clean_line(63),
            name: Untrusted::from(target.name.as_ref()).to_clean_line(253),
            source: sources.find(&[Part::Object]),
            verdict: decision.map_or(Verdict::Inconclusive, |decision| decision.verdict),
            reason: gate.reason(&findings),
            reason_code: decision.map_or(Some(ReasonCode::Internal), |decision| decision.code),
            next_step: gate.next_step(&findings),
            common: Vec::new(),
            undo: gate.undo(&findings),
            rollback: None,
            serving: gate.serving(),
            revision: gate.revision(),
            changes: gate.changes(),
            rollout: gate.rollout(),
            window: gate.window(),
            checks: gate.checks(),
            findings,
            warnings: gate.warnings(),
            notes: gate.notes(),
            coverage: gate.coverage(),
            timeline: timeline.events().iter().filter_map(TimelineEntry::of).collect(),
            timeline_left_out: timeline.left_out(),
            phases: timeline.phases(ended),
            lanes: timeline.lanes(gate),
            settings: gate.policy().settings(),
            policy: gate.policy().clone(),
        };
        match context.filter(|context| context.is_given) {
            Some(context) => outcome.with_commands_in(context),
            None => outcome,
        }
    }

    /// With the context in commands to copy, which would go to the current one without.
    fn with_commands_in(mut self, context: &Context) -> Self {
        let hints = self.findings.iter_mut().map(|finding| &mut finding.hint);
        for step in hints.chain([&mut self.next_step]) {
            *step = std::mem::take(step).in_context(context);
        }
        self.undo = self.undo.map(|undo| undo.in_context(context));
        self
    }

    /// Takes in how far its rollback came.
    pub fn set_rollback(&mut self, rollback: Rollback) {
        let context = self.context.as_ref().filter(|_| self.context_given);
        let next_step = match context {
            Some(name) => {
                let context = Context { name: name.clone(), is_given: true };
                rollback.next_step.in_context(&context)
            }
            None => rollback.next_step,
        };
        self.rollback = Some(Rollback { next_step, ..rollback });
    }

    /// The way back that is still to be written.
    pub fn restore(&self) -> Option<&Restore> {
        let planned = self.rollback.as_ref().filter(|of| of.write == RollbackWrite::Planned)?;
        planned.restore.as_ref()
    }

    /// A rollback with what its watch came to: this is the outcome of that watch.
    pub fn watched(&self, rollback: Rollback, seconds: f64, seen: &Unblocked) -> Rollback {
        let Unblocked { deleted, blocked_by } = seen;
        let blocked =
            blocked_by.as_ref().map(|pod| phrases::rollback::blocked_by(pod, &self.namespace));
        let done = match (&blocked, &rollback.to) {
            (Some(blocked), _) => blocked.reason.clone(),
            // the watch tells more of its health
            (None, Some(to)) => phrases::rollback::done(&to.revision, to.number, true),
            (None, None) => rollback.reason.clone(),
        };
        let done = phrases::rollback::with_deleted(&done, deleted);
        let is_healthy = self.verdict == Verdict::Passed;
        let why = self.reason.sentence();
        let reason = match self.verdict {
            Verdict::Passed => phrases::rollback::healthy(&done, self.policy.window),
            Verdict::Failed => phrases::rollback::failed(&done, &why),
            Verdict::TimedOut
            | Verdict::Inconclusive
            | Verdict::Superseded
            | Verdict::Interrupted => phrases::rollback::unhealthy(&done, &why),
        };
        let next_step = match blocked {
            Some(blocked) if !is_healthy => blocked.next_step,
            _ if is_healthy || self.next_step.is_empty() => rollback.next_step,
            _ => self.next_step.clone(),
        };
        let (verdict, deleted_pods) = (Some(self.verdict), deleted.clone());
        let duration_seconds = Some(seconds);
        Rollback { reason, next_step, verdict, duration_seconds, deleted_pods, ..rollback }
    }

    /// How much it needs a person.
    pub fn urgency(&self) -> Urgency {
        let findings = self.findings.iter().map(|finding| Trouble {
            state: finding.state,
            pods: finding.pods.len(),
            restarts: finding.restarts,
        });
        Urgency::of(findings, !self.serving.is_empty())
    }

    /// The findings that decided.
    pub fn confirmed(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.state == FindingState::Confirmed)
    }
}
