//! `--list`: the targets that would be judged.

use super::{complain, places::Places, print};
use crate::{
    clean,
    exit::ExitCode,
    fleet::{Problem, Target},
};

/// Prints the targets, a line each as kubectl would take it. What is not judged, and what is wrong, goes to stderr.
pub(super) fn list(places: &Places) -> ExitCode {
    places.notes.iter().for_each(|note| complain(note));
    for Problem { context, reason, next_step, .. } in &places.problems {
        let place = context.as_ref().map(|context| clean!("context {}: ", context));
        let text = clean!("{}{}; {}", place.unwrap_or_default(), reason, next_step.sentence());
        complain(&format!("deploygate: {text}"));
    }
    print(places.targets.iter().map(line).collect::<String>().as_bytes());
    if places.problems.is_empty() { ExitCode::Passed } else { ExitCode::Inconclusive }
}

fn line(Target { context, workload, .. }: &Target) -> String {
    let given = context.as_ref().filter(|context| context.is_given);
    let context = given.map(|context| format!(" --context {}", context.name)).unwrap_or_default();
    format!("{workload} -n {}{context}\n", workload.namespace)
}
