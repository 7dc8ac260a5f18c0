//! What is said of Argo Rollouts alone.

use super::{Account, NextStep};
use crate::{
    clean,
    model::{MetricResult, TargetRef},
    text::{Clean, Untrusted},
};

/// Characters of a measured value.
const VALUE: usize = 200;

/// Its spec asks for the pause.
pub fn paused(target: &TargetRef) -> Account {
    let reason = clean!("{} is paused by `spec.paused`: its rollout does not continue", target);
    let next_step = NextStep::from_static("resume the rollout").with(promote_command(target));
    Account { reason, next_step }
}

/// It waits at a step until someone lets it go on.
pub fn paused_at_step(target: &TargetRef, number: u64, all: u64) -> Account {
    let reason = clean!("{} is paused at step {} of {} until it is promoted", target, number, all);
    Account { reason, next_step: promote(target) }
}

/// Its new pods are not given traffic until someone switches.
pub fn paused_before_switch(target: &TargetRef) -> Account {
    let reason = clean!(
        "{} is paused: the active service leads to the old revision until the new one is promoted",
        target
    );
    Account { reason, next_step: promote(target) }
}

/// A pass at a step that waits.
pub fn accepted_at_step(number: u64, all: u64) -> Clean {
    clean!("paused at step {} of {} (`--accept-pause`): later steps were not checked", number, all)
}

/// A pass before the switch.
pub fn accepted_before_switch() -> Clean {
    Clean::from_static(
        "paused before the switch (`--accept-pause`): the new pods serve no users yet",
    )
}

/// An analysis or an experiment could not decide.
pub fn paused_undecided(target: &TargetRef) -> Account {
    let reason = clean!("{} is paused: an analysis or experiment was inconclusive", target);
    let see = clean!("kubectl get analysisruns,experiments -n {}", target.namespace);
    let step = "see what was measured, then promote or abort the rollout";
    Account { reason, next_step: NextStep::from_static(step).with(see) }
}

fn promote(target: &TargetRef) -> NextStep {
    let step = "promote it; if deploygate is to accept the pause, set `--accept-pause`";
    NextStep::from_static(step).with(promote_command(target))
}

/// How a pause is ended.
fn promote_command(target: &TargetRef) -> Clean {
    clean!("kubectl argo rollouts promote {} -n {}", target.name, target.namespace)
}

/// The update was given up, in the controller's words where it has said why.
pub fn aborted(why: Option<&Clean>) -> Clean {
    match why {
        Some(why) => clean!("the update was aborted ({})", why),
        None => Clean::from_static("the update was aborted"),
    }
}

/// A finding explains why the update was aborted.
pub fn found_and_aborted(found: Account, aborted: &Clean) -> Account {
    let Account { reason, next_step } = found;
    Account { reason: clean!("{}; {}", reason, aborted), next_step }
}

/// What to do where no analysis tells why it was given up.
pub fn retry(target: &TargetRef) -> NextStep {
    let retry =
        clean!("kubectl argo rollouts retry rollout {} -n {}", target.name, target.namespace);
    NextStep::from_static("find out why it was aborted, then deploy again or retry").with(retry)
}

/// What to do where the controller refuses the spec.
pub fn correct_spec() -> NextStep {
    NextStep::from_static("correct what the message names in the Rollout, or create it")
}

/// An analysis did not go well: `failed`, `error` or `inconclusive`, why, and what its metric measured last.
pub fn analysis(name: &str, phase: &str, why: &Untrusted, metric: Option<&MetricResult>) -> Clean {
    let name = Untrusted::from(name).to_clean_line(253);
    let why = why.to_clean_line(super::kubernetes::MESSAGE);
    let how = Clean::from_static(match phase {
        "Failed" => "failed",
        "Error" => "could not measure",
        _ => "was inconclusive",
    });
    let why = if why.is_empty() { why } else { clean!(": {}", why) };
    clean!("analysis run {} {}{}{}", name, how, why, metric.map(measured).unwrap_or_default())
}

/// What a metric measured last.
fn measured(metric: &MetricResult) -> Clean {
    let Some(last) = metric.measurements.last() else { return Clean::default() };
    let (value, said) = (last.value.to_clean_line(VALUE), last.message.to_clean_line(VALUE));
    let name = metric.name.to_clean_line(VALUE);
    match (value.is_empty(), said.is_empty()) {
        (true, true) => Clean::default(),
        (false, _) => clean!("; {} measured {}", name, value),
        (true, false) => clean!("; {} said: {}", name, said),
    }
}

/// Where to look for what an analysis measured: in the log of the Job that measured, else in the run itself.
pub fn see_analysis(target: &TargetRef, name: &str, metric: Option<&MetricResult>) -> NextStep {
    let name = Untrusted::from(name).to_clean_line(253);
    let last = metric.and_then(|metric| metric.measurements.last());
    let namespace = &target.namespace;
    match last.and_then(|last| last.metadata.job_name.as_deref()) {
        Some(job) => {
            let job = Untrusted::from(job).to_clean_line(253);
            NextStep::from_static("fix what the metric's Job reports").with(clean!(
                "kubectl logs job/{} -n {}",
                job,
                namespace
            ))
        }
        None => NextStep::from_static("fix what the metric shows").with(clean!(
            "kubectl get analysisrun {} -n {} -o yaml",
            name,
            namespace
        )),
    }
}
