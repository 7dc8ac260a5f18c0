//! What is said of custom resources alone.

use super::{Account, NextStep, counted_of, first_few, joined, kubernetes::told, whole_seconds};
use crate::{
    clean,
    evidence::CoverageGap,
    model::{ResourceCondition, ServerTime, TargetRef, UnreadableOwner},
    text::{Clean, Untrusted},
};

/// Characters of a type or status that is the cluster's.
const WORD: usize = 100;
/// Characters of a message beside what is waited for.
const SAID: usize = 300;

fn word(text: &Untrusted) -> Clean {
    text.to_clean_line(WORD)
}

/// A condition with its status: `Ready is False`.
pub fn holds(condition: &ResourceCondition) -> Clean {
    clean!("{} is {}", word(&condition.kind), word(&condition.status))
}

/// A condition with all that it says: `Stalled is True: QuotaExceeded: no room`.
pub fn says(condition: &ResourceCondition) -> Clean {
    let told = told(&condition.reason, &condition.message);
    match told.is_empty() {
        true => holds(condition),
        false => clean!("{}: {}", holds(condition), told),
    }
}

fn says_in_short(condition: &ResourceCondition) -> Clean {
    Untrusted::from(says(condition).as_ref()).to_clean_line(SAID)
}

/// Several conditions with their statuses.
pub fn hold(conditions: &[Clean]) -> Clean {
    first_few(conditions, 5)
}

/// What a custom resource waits for, and what is wrong if nothing comes of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wait {
    /// Fits after "waiting for".
    pub what: Clean,
    /// A sentence.
    pub obstacle: Clean,
    /// Nothing is heard of its controller.
    pub is_silent: bool,
}

/// Its status is empty. `since`: when its last change was made.
pub fn no_status(since: Option<ServerTime>) -> Wait {
    let obstacle = match since {
        Some(since) => clean!("nothing has written a status since {}", since),
        None => Clean::from_static("nothing has written a status"),
    };
    let what = Clean::from_static("its controller to write a status");
    Wait { what, obstacle, is_silent: true }
}

/// Its status speaks of an earlier generation.
pub fn not_observed(generation: i64, seen: i64) -> Wait {
    Wait {
        what: clean!("its controller to see generation {} (it saw {})", generation, seen),
        obstacle: clean!(
            "its controller has not taken up generation {}: its status is of {}",
            generation,
            seen
        ),
        is_silent: true,
    }
}

/// None of the conditions that are looked for is there; `others` are.
pub fn no_condition(looked_for: &[Clean], others: &[Clean]) -> Wait {
    let looked_for = joined(looked_for, " or ");
    let others = match others {
        [] => Clean::from_static("it has none"),
        others => clean!("it has {}", first_few(others, 5)),
    };
    Wait {
        what: clean!("a condition {}", looked_for),
        obstacle: clean!("its status has no condition {}: {}", looked_for, others),
        is_silent: false,
    }
}

/// Its controller says that work goes on.
pub fn ongoing(condition: &ResourceCondition) -> Wait {
    let says = says_in_short(condition);
    Wait { what: clean!("its controller ({})", says), obstacle: says, is_silent: false }
}

/// A condition that is to have another status, or to speak of this generation.
pub fn unmet(condition: &ResourceCondition, wanted: &str, generation: i64) -> Wait {
    let wanted = Untrusted::from(wanted).to_clean_line(WORD);
    let (kind, says) = (word(&condition.kind), says_in_short(condition));
    match condition.observed_generation {
        Some(seen) if seen < generation => Wait {
            what: clean!("{} to be of generation {} (it is of {})", kind, generation, seen),
            obstacle: clean!("{} is of generation {}, not {}", kind, seen, generation),
            is_silent: true,
        },
        _ => Wait {
            what: clean!("{} to be {} ({})", kind, wanted, says),
            obstacle: says,
            is_silent: false,
        },
    }
}

/// What to do about a condition.
pub fn see_conditions(target: &TargetRef) -> NextStep {
    NextStep::from_static("correct what the condition reports, then deploy again")
        .with(describe(target))
}

/// What to do where it does not become complete.
pub fn check_controller(target: &TargetRef, is_silent: bool) -> NextStep {
    let step = match is_silent {
        true => "check that its controller is running, and what it logs",
        false => "see what its controller reports and logs",
    };
    NextStep::from_static(step).with(describe(target))
}

fn describe(target: &TargetRef) -> Clean {
    clean!("kubectl describe {} -n {}", target, target.namespace)
}

/// It is complete, and those of its `pods` that are to run stayed ready. `had_pods`: any belonged to it.
pub fn passed(
    conditions: &Clean,
    ready: u64,
    pods: u64,
    had_pods: bool,
    held: std::time::Duration,
) -> Account {
    let held = whole_seconds(held);
    let reason = match pods {
        0 if had_pods => {
            clean!("{} for {}; none of its pods has to keep running", conditions, held)
        }
        0 => clean!("{} for {}; no pods belong to it", conditions, held),
        pods => {
            clean!("{}; {} stayed ready for {}", conditions, counted_of(ready, pods, "pod"), held)
        }
    };
    Account { reason, next_step: NextStep::default() }
}

/// A Job that it owns failed for good, in the words of the Job's controller.
pub fn job_failed(job: &Clean, told: &Clean) -> Clean {
    clean!("its Job {} failed: {}", job, told)
}

/// The window began again since its spec was changed.
pub fn changed(generation: i64) -> Clean {
    clean!("it was changed (generation {})", generation)
}

/// Nothing tells which generation its conditions speak of.
pub fn generation_untold() -> Clean {
    Clean::from_static(
        "neither its status nor its conditions tell a generation: they may be older than the last change",
    )
}

/// No pods lead to it.
pub fn no_pods() -> Clean {
    Clean::from_static(
        "no pods were found whose owners lead to it, so only its conditions were judged",
    )
}

/// An option that is of no use for it.
pub fn min_ready_has_no_effect() -> Clean {
    Clean::from_static("`--min-ready` has no effect on a custom resource")
}

/// Owners of pods that may not be read.
pub fn owners_forbidden(target: &TargetRef, owners: &[UnreadableOwner]) -> Account {
    let names: Vec<_> = owners.iter().map(owner).collect();
    let reason = clean!(
        "deploygate may not read the owners of pods in namespace {}, so their pods may belong to {}: {}",
        target.namespace,
        target,
        first_few(&names, 3)
    );
    let step = NextStep::from_static(
        "allow deploygate's account to get them; see the Role that this command prints",
    );
    let next_step = step.with(clean!("deploygate access {} -n {}", target, target.namespace));
    Account { reason, next_step }
}

fn owner(owner: &UnreadableOwner) -> Clean {
    clean!("{} {}", owner.resource.to_clean_line(253), owner.name.to_clean_line(253))
}

/// Owners that could not be read, as something that a report lacks.
pub fn owner_gap(unreadable: &UnreadableOwner) -> CoverageGap {
    CoverageGap { what: owner(unreadable), why: Clean::from_static("not permitted") }
}
