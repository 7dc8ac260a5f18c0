//! Figures: how fast the gate tells, and what it takes. They are printed and never asserted, since a busy machine must
//! turn no test red.
//!
//! `cargo bench --profile dev --bench figures [-- NAME…]` prints them for the program as `cargo build --release` makes it. The names
//! are `kinds` and `latency` (on the cluster of `KUBECONFIG`, see `tests/cluster/README.md`), `memory`, `check`, `release`, `failing`, `long`
//! (ten minutes), `size` and `traffic`. `DEPLOYGATE_PROGRAM` names one that is built already, e.g. to compare it with.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has no figures")]

#[expect(dead_code, reason = "shared with tests that need faults")]
#[path = "../support/api.rs"]
mod api;
mod fleet;
mod kinds;
#[expect(dead_code, reason = "shared with tests that look at objects")]
#[path = "../support/kubectl.rs"]
mod kubectl;
mod latency;
mod machine;
mod memory;
mod program;
mod release;
#[expect(dead_code, reason = "shared with tests that judge scenarios")]
#[path = "../support/scenario.rs"]
mod scenario;
#[expect(dead_code, reason = "shared with tests that judge scenarios")]
#[path = "../support/several.rs"]
mod several;
mod size;
mod table;
mod traffic;
#[path = "../support/widget.rs"]
mod widget;

use std::io::{self, Write};
use std::process::ExitCode;

use table::Table;

type Benchmark = fn(&mut Table) -> Result<(), String>;

const BENCHMARKS: [(&str, Benchmark); 9] = [
    ("size", size::measure),
    ("memory", memory::measure),
    ("traffic", traffic::measure),
    ("release", release::measure),
    ("failing", release::measure_failing),
    ("check", release::measure_check),
    ("long", release::measure_long),
    ("latency", latency::measure),
    ("kinds", kinds::measure),
];

fn main() -> ExitCode {
    // cargo adds options of its own
    let names: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let is_known = |name: &String| BENCHMARKS.iter().any(|(known, _)| known == name);
    if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
        tell(&format!("{unknown} is no benchmark"));
        return ExitCode::FAILURE;
    }
    let chosen =
        BENCHMARKS.iter().filter(|(name, _)| names.is_empty() || names.iter().any(|n| n == name));
    let mut table = Table::default();
    let mut failures = program::build().err().into_iter().collect::<Vec<_>>();
    if failures.is_empty() {
        for (name, measure) in chosen {
            tell(&format!("{name} …"));
            failures.extend(measure(&mut table).err().map(|error| format!("{name}: {error}")));
        }
    }
    // nothing can be done about a closed stdout; the exit code says it as well
    let _ = writeln!(io::stdout(), "{table}\n{}", machine::describe());
    failures.iter().for_each(|failure| tell(failure));
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The scenario of this name.
fn named<'a>(
    scenarios: &'a [scenario::Scenario],
    name: &str,
) -> Result<&'a scenario::Scenario, String> {
    let scenario = scenarios.iter().find(|scenario| scenario.name == name);
    scenario.ok_or_else(|| format!("there is no scenario {name}"))
}

/// A line of progress, beside the figures.
fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
