//! What is said of settings: where a value comes from, and what is not taken.

use super::{Account, NextStep, joined, length};
use crate::{clean, model::TargetRef, text::Clean};

/// A value and where it stands.
pub fn value(name: &Clean, value: &Clean, place: &Clean) -> Clean {
    clean!("{} {} ({})", name, value, place)
}

/// The settings that a workload has for itself; `longest`: how long the run can last now, where that is longer than was told.
pub fn taken(settings: &[Clean], longest: Option<std::time::Duration>) -> Clean {
    let settings = joined(settings, ", ");
    match longest {
        Some(longest) => clean!("{}; at most {} in total now", settings, length(longest)),
        None => settings,
    }
}

/// A value that goes beyond a bound of the policy file.
pub fn bounded(
    asked_in: &Clean,
    asked: &Clean,
    bound: &Clean,
    key: &'static str,
    place: &Clean,
) -> Clean {
    let how = Clean::from_static(if key.starts_with("min-") { "raised" } else { "limited" });
    let key = Clean::from_static(key);
    clean!("{} asks for {}: {} to {} by `{}` ({})", asked_in, asked, how, bound, key, place)
}

/// Annotations that are not looked at, since the command line says so.
pub fn ignored(keys: &[Clean]) -> Clean {
    clean!("not taken because of `--no-annotations`: {}", joined(keys, ", "))
}

/// Annotations that the policy file does not allow.
pub fn not_allowed(keys: &[Clean], place: &Clean) -> Clean {
    clean!(
        "not taken, because `annotations` ({}) does not allow them: {}",
        place,
        joined(keys, ", ")
    )
}

/// A setting that no annotation can have.
pub fn not_of_workload(key: &Clean) -> Clean {
    clean!("{} is not taken: an annotation cannot set it", key)
}

/// An annotation of another meaning.
pub fn unknown(key: &Clean) -> Clean {
    clean!("{} is not a setting of deploygate, and is not taken", key)
}

/// An annotation whose name is mistaken.
pub fn misspelt(target: &TargetRef, key: &Clean, value: &Clean, near: &Clean) -> Account {
    let reason = clean!(
        "annotation {}: \"{}\" of {} is unknown; did you mean {}?",
        key,
        value,
        target,
        near
    );
    Account { reason, next_step: correct() }
}

/// An annotation that cannot be understood; `why` says what is expected.
pub fn invalid(target: &TargetRef, key: &Clean, value: &Clean, why: &Clean) -> Account {
    let reason = clean!("invalid annotation {}: \"{}\" of {}: {}", key, value, target, why);
    Account { reason, next_step: correct() }
}

/// Too many annotations to be settings.
pub fn too_many(target: &TargetRef, most: usize) -> Account {
    let reason = clean!("{} has more than {} annotations of deploygate", target, most);
    Account { reason, next_step: correct() }
}

fn correct() -> NextStep {
    NextStep::from_static(
        "correct the annotation, then run deploygate again. To judge without annotations, pass `--no-annotations`",
    )
}
