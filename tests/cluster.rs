//! Judges real rollouts on a real cluster: every scenario of `tests/cluster/scenarios` against what its head expects.
//!
//! `KUBECONFIG` names the cluster (`tests/cluster/README.md`). The scenarios are ignored unless asked
//! for: `cargo test --test cluster -- --ignored [NAME]`. The recording of each, in `tests/recordings`, is judged
//! always, and what its report says is compared. `DEPLOYGATE_RECORDINGS=tests/recordings` before that command makes the
//! recordings anew. A report that changed fails and leaves a `.snap.new` beside its snapshot: read each line that
//! differs before it takes the snapshot's place (`cargo insta review`), for a wrong attribution looks like any other.

mod support;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use support::hollow::Hollow;
use support::kubectl::{Kubectl, Namespace};
use support::scenario::{self, Scenario};
use support::{gate, reports, rollout, samples, several, untouched, widget};

/// A scenario waits far more than it computes, so several run at once however few processors there are.
const AT_ONCE: usize = 6;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(AT_ONCE);
    match trials(&arguments) {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(error) => {
            // Nothing can be done about a closed stderr; the exit code says it as well.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn trials(arguments: &Arguments) -> Result<Vec<Trial>, String> {
    let on_cluster = (arguments.ignored || arguments.include_ignored) && !arguments.list;
    let kubectl = on_cluster.then(Kubectl::from_environment).transpose()?;
    let mut trials = vec![
        Trial::test("a_misspelt_key_is_refused", a_misspelt_key_is_refused),
        Trial::test(
            "a_failure_without_attribution_is_refused",
            a_failure_without_attribution_is_refused,
        ),
        Trial::test("a_target_without_its_end_is_refused", a_target_without_its_end_is_refused),
        Trial::test("a_right_run_has_no_differences", || {
            Ok(samples::a_right_run_has_no_differences()?)
        }),
        Trial::test("one_thing_wrong_is_a_difference", || {
            Ok(samples::one_thing_wrong_is_a_difference()?)
        }),
    ];
    let scenarios = scenario::all()?;
    trials.extend(scenarios.iter().cloned().map(|scenario| {
        Trial::test(format!("recording::{}", scenario.name), move || {
            judge_recording(&scenario, "tests/recordings")
        })
    }));
    trials.extend(scenario::field()?.into_iter().map(|scenario| {
        Trial::test(format!("field::{}", scenario.name), move || {
            judge_recording(&scenario, "tests/recordings/field")
        })
    }));
    trials.extend(scenarios.into_iter().map(|scenario| {
        let kubectl = kubectl.clone();
        let name = scenario.name.clone();
        let runner = move || judge(&scenario, &kubectl.ok_or("no cluster")?);
        Trial::ignorable_test(name, runner).with_ignored_flag(true)
    }));
    Ok(trials)
}

fn a_misspelt_key_is_refused() -> Result<(), Failed> {
    let text = "# it crashes\n# expect: failed crash-loop\n# contaner: app\nkind: Deployment\n";
    match scenario::parse(Path::new("x.yaml"), text) {
        Err(error) if error.contains("contaner") => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

fn a_failure_without_attribution_is_refused() -> Result<(), Failed> {
    let text = "# it crashes\n# expect: failed crash-loop\n# container: app\nkind: Deployment\n";
    match scenario::parse(Path::new("x.yaml"), text) {
        Err(error) if error.contains("attribution") => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

fn a_target_without_its_end_is_refused() -> Result<(), Failed> {
    for target in ["app", "app fine", "app failed", "app failed crash-loop", "app inconclusive"] {
        let text = format!(
            "# a release\n# expect: failed\n# target: deployment/{target}\nkind: Deployment\n"
        );
        if let Ok(scenario) = scenario::parse(Path::new("x.yaml"), &text) {
            return Err(format!("{:?}", scenario.release).into());
        }
    }
    Ok(())
}

/// What a real kubelet did, judged without a cluster.
fn judge_recording(scenario: &Scenario, folder: &str) -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let run = gate::replay(&folder.join(format!("{}.jsonl.gz", scenario.name)))?;
    let found = reports::differences(scenario, &run);
    if !found.is_empty() {
        return Err(format!("  {}\n--- stderr\n{}", found.join("\n  "), run.stderr).into());
    }
    let version = concat!("deploygate ", env!("CARGO_PKG_VERSION"));
    let report = run.markdown.replace(version, "deploygate VERSION");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/scenarios");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(&*scenario.name, report));
    Ok(())
}

fn judge(scenario: &Scenario, kubectl: &Kubectl) -> Result<Completion, Failed> {
    let namespace = Namespace::create(kubectl, &scenario.name)?;
    let other = || Namespace::named(kubectl, several::other(&namespace.name));
    let _other = scenario.has_other().then(other).transpose()?;
    let _nodes = match scenario.nodes.is_empty() {
        true => None,
        false => Some(Hollow::start(kubectl, &scenario.nodes)?),
    };
    if scenario.kind == "Widget" {
        widget::define(kubectl)?;
    }
    for base in &scenario.base {
        rollout::apply(scenario, &namespace, base)?;
        rollout::wait_until_complete(scenario, &namespace)?;
    }
    for step in &scenario.before {
        namespace.run(step)?;
    }
    rollout::apply(scenario, &namespace, &scenario.path)?;
    for owned in &scenario.owns {
        namespace.run(["apply", "-f", &owned.to_string_lossy()])?;
        widget::give(&namespace, &scenario.kind, owned)?;
    }
    for step in &scenario.then {
        namespace.run(step)?;
    }
    let before = untouched::state(&namespace, scenario)?;
    let run = gate::run(scenario, &namespace)?;

    let mut found = reports::differences(scenario, &run);
    found.extend(untouched::strangers(&namespace, scenario)?);
    if scenario.after.is_empty() {
        let after = untouched::state(&namespace, scenario)?;
        if before != after {
            found.push(format!("objects were changed:\n{before:?}\n{after:?}"));
        }
    }
    if found.is_empty() {
        return Ok(Completion::Completed);
    }
    let pods = namespace.run(["get", "pods", "-o", "wide"]).unwrap_or_else(|error| error);
    let what = found.join("\n  ");
    Err(format!("  {what}\n{pods}--- stdout\n{}--- stderr\n{}", run.stdout, run.stderr).into())
}
