//! The program as its users meet it: exit codes, what goes to which stream, signals, and what is said about mistakes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "files that users would have are written here")]

#[path = "support/program.rs"]
mod program;

use std::fs;
use std::process::Stdio;

use program::{Program, deploygate};
use serde_json::Value;

/// The path of a run of the project's test cluster.
fn recording(name: &str) -> String {
    format!("{}/tests/recordings/{name}.jsonl.gz", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_mistake_is_named_and_ends_with_exit_code_2() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    fs::write(folder.path().join("foreign"), "apiVersion: v1\n").unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    for (args, expected) in [
        ("", "Usage: deploygate <COMMAND>"),
        ("watch deploy/app", "unrecognized subcommand 'watch'"),
        ("wiat deploy/app", "a similar subcommand exists: 'wait'"),
        ("deploy/app", "tip: name the command first, e.g. deploygate wait deploy/app"),
        ("deploy app", "tip: name the command first"),
        ("wait deploy/app web", "invalid target `web`: expected KIND/NAME, e.g. deploy/web"),
        ("wait deploy/app --expect-image=", "the value of --expect-image is empty"),
        ("wait deploy/app --expect-label=", "the value of --expect-label is empty"),
        (
            "wait deploy/app --watch",
            "unexpected argument '--watch' found\n\nUsage: deploygate wait",
        ),
        ("-n shop wait deploy/app", "tip: options follow the command, e.g. deploygate wait -n"),
        ("wait", "deploy/app, or set DEPLOYGATE_TARGET, which is empty or not set"),
        ("wait app", "invalid target `app`: expected KIND/NAME, e.g. deploy/app"),
        ("wait pvc/app", "unknown kind `pvc`; supported: deployment,"),
        ("wait deploy/App", "invalid deployment name `App`"),
        ("wait deploy/app -n Shop", "invalid value 'Shop' for '--namespace <NAME>'"),
        ("access deploy/app -n Shop", "invalid value 'Shop' for '--namespace <NAME>'"),
        ("access pod/app", "name the workload that owns it"),
        ("wait deploy/app --timeout 90", "expected a unit: 90s or 90m"),
        ("wait deploy/app --window soon", "expected a duration like 90s"),
        (
            "wait deploy/app --grace crash=2m",
            "unknown cause `crash`; causes with a grace period: image,",
        ),
        ("wait deploy/app --grace image=2", "expected a unit"),
        ("wait deploy/app --grace imgae=2m", "unknown cause `imgae` (did you mean image?);"),
        ("wait deploy/app --max-restarts -1", "invalid value '-1' for '--max-restarts <N>'"),
        ("wait deploy/app --min-ready 0", "a number of pods from 1 on"),
        ("wait deploy/app --log-lines 0", "expected a number from 1 to 1000"),
        (
            "wait deploy/app --redact (",
            "invalid value for --redact: `(` is not a valid regular expression",
        ),
        ("wait deploy/app --report jnuit=x", "format `jnuit` (did you mean junit?); the formats"),
        ("wait deploy/app --on-failure rolback", "rollback-all (did you mean rollback?)"),
        ("wait deploy/app --report pdf=x", "the formats are junit, markdown, html, json"),
        ("wait deploy/app --report junit", "expected FORMAT=PATH, e.g. junit=report.xml"),
        ("wait deploy/app --report junit=file/gate.xml", "failed to create directory"),
        ("wait deploy/app --report junit=folder", "failed to write the junit report to folder"),
        (
            "wait deploy/app --report junit=gate --report json=gate",
            "failed to write the json report to gate, which is the junit report; give each report its own path",
        ),
        ("wait deploy/app --output json --report json=-", "cannot both write to stdout"),
        ("wait deploy/app --output yaml", "[possible values: text, json]"),
        ("wait deploy/app --record folder", "failed to write --record folder: "),
        ("wait deploy/app --quiet --verbose", "'--quiet' cannot be used with '--verbose'"),
        ("wait deploy/app --timout 5m", "a similar argument exists: '--timeout'"),
        ("replay missing", "failed to read recording missing: "),
        ("replay folder", "failed to read recording folder: "),
        ("replay file", "recording file: failed to find"),
        ("replay foreign", "recording foreign: failed to find"),
        (
            "demo crash",
            "[possible values: healthy, crash-loop, late-crash, image-missing, release]",
        ),
        ("demo --speed 0", "expected a number from 0.1 to 1000"),
        ("man wiat", "unknown command `wiat` (did you mean wait?)"),
        ("man watch", "commands: wait, check, replay, demo, access, completions, man"),
        ("completions sh", "[possible values: bash,"),
    ] {
        let ended = deploygate().current_dir(folder.path()).run(args.split_whitespace());
        assert_eq!(ended.code, Some(2), "{args}: {}", ended.stderr);
        assert!(ended.stderr.contains(expected), "{args}: {}", ended.stderr);
        assert_eq!(ended.stdout, "", "{args}");
    }
}

#[test]
fn names_in_a_recording_command_neither_runner_nor_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let header = |name: &str, ignored: &str| {
        serde_json::json!({"deploygate_recording": 1, "tool_version": "0.1.0", "started_at": "2026-01-01T00:00:00Z",
            "target": {"kind": "deployment", "namespace": "shop", "name": name}, "policy": {"ignore_containers": [ignored]}})
    };
    let hostile = ["\n::error::x", "\u{1b}[2J", "../../x", "a\r##vso[task.setvariable]x", "A b"];
    let of_target = hostile.map(|name| header(name, "app"));
    let of_policy = hostile.map(|name| header("app", name));
    for header in of_target.iter().chain(&of_policy) {
        let path = folder.path().join("run.jsonl");
        fs::write(&path, format!("{header}\n")).unwrap();
        let is_path = header["policy"]["ignore_containers"][0] == "../../x";
        let ended = deploygate().run(["replay", path.to_str().unwrap(), "--output", "json"]);
        let said = ended.stdout + &ended.stderr;
        // a path is harmless as the name of a container: nothing is made of it
        assert!(is_path || ended.code == Some(2), "{header}: {said}");
        assert!(!said.contains('\u{1b}') && !said.contains('\r'), "{header}: {said:?}");
        let commands = ["::", "##vso", "##["];
        assert!(
            !said.lines().any(|line| commands.iter().any(|c| line.trim_start().starts_with(c))),
            "{said:?}"
        );
    }
}

#[test]
fn a_report_that_is_refused_leaves_no_other_file_behind() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["wait", "deploy/App", "--report", "junit=gate.xml", "--record", "run.jsonl"];
    assert_eq!(deploygate().current_dir(folder.path()).run(args).code, Some(2));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn help_version_completions_and_manual_are_on_stdout() {
    for (args, expected) in [
        ("--version", concat!("deploygate ", env!("CARGO_PKG_VERSION"), "\n")),
        ("--help", "Exit codes:\n"),
        ("wait -h", "Exit codes: 0 passed, "),
        ("wait --help", "--max-restarts"),
        ("completions bash", "complete -F _deploygate"),
        ("completions zsh", "#compdef deploygate"),
        ("completions fish", "complete -c deploygate"),
        ("man", ".TH deploygate 1"),
        ("man wait", ".TH deploygate-wait 1"),
        ("man wait", "\\-\\-max\\-restarts"),
    ] {
        let ended = deploygate().run(args.split_whitespace());
        assert_eq!((ended.code, &*ended.stderr), (Some(0), ""), "{args}");
        assert!(ended.stdout.contains(expected), "{args}: {}", ended.stdout);
    }
}

#[test]
fn stdout_is_the_json_document_or_nothing() {
    let crashloop = recording("crashloop");
    let silent = deploygate().run(["replay", &crashloop]);
    assert_eq!((silent.code, &*silent.stdout), (Some(1), ""));
    assert!(silent.stderr.contains("FAILED  deployment/app ("), "{}", silent.stderr);

    let ended = deploygate().run(["replay", &crashloop, "--output", "json"]);
    // the parser refuses anything before or after one document
    let document: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((ended.code, &document["exit_code"]), (Some(1), &1.into()));
    assert_eq!(ended.stderr, silent.stderr);

    let report = deploygate().run(["replay", &crashloop, "--report", "json=-"]);
    assert_eq!((report.code, &report.stdout), (Some(1), &ended.stdout));
}

#[test]
fn quiet_is_the_verdict_only() {
    let ended = deploygate().run(["replay", &recording("crashloop"), "-q"]);
    let lines: Vec<_> = ended.stderr.lines().collect();
    let starts = ["FAILED", "  cause", "  seen", "  log", "  next", "  undo"];
    let own: Vec<_> = lines.iter().filter(|line| !line.starts_with("       ")).collect();
    assert_eq!(own.len(), starts.len(), "{}", ended.stderr);
    for (line, start) in own.iter().zip(starts) {
        assert!(line.starts_with(start), "{}", ended.stderr);
    }
    assert!(lines.iter().all(|line| line.chars().count() <= 80), "{}", ended.stderr);
}

#[test]
fn a_stream_that_nobody_reads_changes_nothing() {
    for (name, code) in [("crashloop", 1), ("complete-already", 0)] {
        let mut program = deploygate().command(["replay", &recording(name), "--output", "json"]);
        let mut running = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop((running.stdout.take(), running.stderr.take()));
        assert_eq!(running.wait().unwrap().code(), Some(code), "{name}");
    }
}

#[test]
#[cfg(unix)]
fn a_stream_that_is_closed_changes_nothing() {
    for (name, code) in [("crashloop", 1), ("complete-already", 0)] {
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", r#""$0" replay "$1" --output json >&- 2>&-"#]);
        shell.args([env!("CARGO_BIN_EXE_deploygate"), &recording(name)]).env_clear();
        assert_eq!(shell.status().unwrap().code(), Some(code), "{name}");
    }
}

#[test]
fn colours_are_where_they_are_wanted() {
    let crashloop = recording("crashloop");
    let coloured = |program: Program, when: &[&str]| {
        let ended = program.run(["replay", &crashloop].iter().chain(when));
        assert_eq!(ended.code, Some(1));
        ended.stderr.contains('\u{1b}')
    };
    assert!(coloured(deploygate(), &["--color", "always"]));
    assert!(coloured(deploygate().env("NO_COLOR", "1"), &["--color", "always"]));
    assert!(coloured(deploygate().env("DEPLOYGATE_COLOR", "always"), &[]));
    assert!(!coloured(deploygate(), &[]), "stderr is no terminal here");
    assert!(!coloured(deploygate().env("CLICOLOR_FORCE", "1"), &["--color", "never"]));
    assert!(!coloured(deploygate().env("NO_COLOR", "1").env("CLICOLOR_FORCE", "1"), &[]));
}

#[test]
fn variables_stand_in_for_options() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("kubeconfig").display().to_string();
    let document = |program: Program, command: &[&str], args: &[&str]| -> Value {
        let ended = program.run(command.iter().chain(&["-o", "json"]).chain(args));
        serde_json::from_str(&ended.stdout).unwrap()
    };
    let timeout = |document: &Value| document["targets"][0]["policy"]["timeout"].as_f64().unwrap();
    let wait = ["wait", "deploy/app", "--kubeconfig", &missing];
    let of = |value: &str, args: &[&str]| {
        timeout(&document(deploygate().env("DEPLOYGATE_TIMEOUT", value), &wait, args))
    };
    assert_eq!((of("", &[]), of("7m", &[]), of("7m", &["--timeout", "8m"])), (600.0, 420.0, 480.0));

    // each cause has its own grace period, and of a cause the flag's holds
    let graces = deploygate().env("DEPLOYGATE_GRACE", "image=7s\nconfig=8s");
    let graces = document(graces, &wait, &["--grace", "image=9s"]);
    let facts = graces["settings"].as_array().unwrap();
    let fact = |name: &str| facts.iter().find(|fact| fact["name"] == name).unwrap();
    let told = |name: &str| [&fact(name)["value"], &fact(name)["source"], &fact(name)["place"]];
    assert_eq!(told("grace.image"), ["9s", "flag", "--grace"]);
    assert_eq!(told("grace.config"), ["8s", "environment", "DEPLOYGATE_GRACE"]);

    // a recording has its policy, and only flags change it
    let crashloop = recording("crashloop");
    let replay = ["replay", &*crashloop];
    let recorded = timeout(&document(deploygate(), &replay, &[]));
    let of = |args: &[&str]| {
        timeout(&document(deploygate().env("DEPLOYGATE_TIMEOUT", "7m"), &replay, args))
    };
    assert_eq!((of(&[]), of(&["--timeout", "8m"])), (recorded, 480.0));

    let ended = deploygate().env("DEPLOYGATE_TARGET", "pod/app").run(["wait"]);
    assert!(ended.stderr.contains("`pod` is not judged by itself"), "{}", ended.stderr);
    let ended = deploygate().env("DEPLOYGATE_TARGET", "").run(["wait"]);
    assert!(ended.stderr.contains("DEPLOYGATE_TARGET, which is empty"), "{}", ended.stderr);
}

#[test]
fn a_bad_value_is_told_of_the_variable_that_has_it() {
    for (variable, value, expected) in [
        ("TIMEOUT", "abc", "invalid value 'abc' for 'DEPLOYGATE_TIMEOUT': expected a duration"),
        ("NAMESPACE", "A_B", "invalid value 'A_B' for 'DEPLOYGATE_NAMESPACE': expected"),
        ("OUTPUT", "yaml", "invalid value 'yaml' for 'DEPLOYGATE_OUTPUT'"),
        ("MAX_RESTARTS", "-1", "invalid value '-1' for 'DEPLOYGATE_MAX_RESTARTS': expected"),
        ("GRACE", "abc", "invalid value `abc` for DEPLOYGATE_GRACE: expected CAUSE=DURATION"),
        ("REPORT", "abc", "invalid value `abc` for DEPLOYGATE_REPORT: expected FORMAT=PATH"),
        ("REDACT", "(", "invalid value for DEPLOYGATE_REDACT: "),
        ("EXPECT_LABEL", "x", "invalid value `x` for DEPLOYGATE_EXPECT_LABEL: expected KEY=VALUE"),
        ("IGNORE_CONTAINER", "a b", "invalid value `a b` for DEPLOYGATE_IGNORE_CONTAINER: "),
        ("TARGET", "app", "DEPLOYGATE_TARGET: invalid target `app`: expected KIND/NAME"),
        ("SELECTOR", "a=b=c", "invalid value `a=b=c` for DEPLOYGATE_SELECTOR: found `=`"),
        ("HELM_RELEASE", "A", "invalid value `A` for DEPLOYGATE_HELM_RELEASE: expected"),
        ("RECORD", "/", "failed to write DEPLOYGATE_RECORD /: "),
    ] {
        let target = ["TARGET", "SELECTOR", "HELM_RELEASE"].contains(&variable);
        let words = if target { &["wait"][..] } else { &["wait", "deploy/app"] };
        let variable = format!("DEPLOYGATE_{variable}");
        let ended = deploygate().env(&variable, value).run(words);
        assert_eq!(ended.code, Some(2), "{variable}: {}", ended.stderr);
        assert!(ended.stderr.contains(expected), "{variable}: {}", ended.stderr);
    }
    let ended = deploygate().env("DEPLOYGATE_TIMOUT", "5m").run(["wait", "app"]);
    assert!(ended.stderr.contains("(did you mean DEPLOYGATE_TIMEOUT?)"), "{}", ended.stderr);
    let ended = deploygate().env("DEPLOYGATE_TIMEOUT", "abc").run(["wait", "--timeout=abd"]);
    assert!(ended.stderr.contains("'abd' for '--timeout <DURATION>'"), "{}", ended.stderr);
    let program = deploygate().env("DEPLOYGATE_GRACE", "image=2m");
    let ended = program.run(["wait", "deploy/app", "--grace=x"]);
    assert!(ended.stderr.contains("invalid value `x` for --grace"), "{}", ended.stderr);
}

#[test]
fn quiet_and_verbose_exclude_each_other_only_where_both_are_asked_for() {
    let crashloop = recording("crashloop");
    // how much is said: the verdict, that and the events, or more
    let lines = |variables: &[(&str, &str)], words: &[&str]| {
        let program = variables.iter().fold(deploygate(), |program, (name, value)| {
            program.env(&format!("DEPLOYGATE_{name}"), value)
        });
        let ended = program.run(["replay", &crashloop].iter().chain(words));
        (ended.code, ended.stderr.lines().count(), ended.stderr)
    };
    let length = |variables: &[(&str, &str)], words: &[&str]| {
        let (code, length, text) = lines(variables, words);
        assert_eq!(code, Some(1), "{text}");
        length
    };
    let (quiet, normal, verbose) = (length(&[], &["-q"]), length(&[], &[]), length(&[], &["-v"]));
    assert!(quiet < normal && normal < verbose, "{quiet} {normal} {verbose}");
    for (variables, words, expected) in [
        (&[("QUIET", "false"), ("VERBOSE", "false")][..], &[][..], normal),
        (&[("QUIET", ""), ("VERBOSE", "0")], &[], normal),
        (&[("QUIET", "false")], &["-v"], verbose),
        (&[("VERBOSE", "no")], &["-q"], quiet),
        (&[("QUIET", "true"), ("VERBOSE", "false")], &[], quiet),
        (&[("QUIET", "true")], &["-v"], verbose),
        (&[("VERBOSE", "true")], &["-q"], quiet),
    ] {
        assert_eq!(length(variables, words), expected, "{variables:?} {words:?}");
    }
    for (variables, words, expected) in [
        (&[][..], &["-q", "-v"][..], "'--quiet' cannot be used with '--verbose'"),
        (
            &[("QUIET", "1"), ("VERBOSE", "yes")],
            &[],
            "'DEPLOYGATE_QUIET' cannot be used with 'DEPLOYGATE_VERBOSE'",
        ),
    ] {
        let (code, _, text) = lines(variables, words);
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn a_variable_holds_a_list_by_lines() {
    let folder = tempfile::tempdir().unwrap();
    let program = deploygate().current_dir(folder.path());
    let program = program.env("DEPLOYGATE_REPORT", "junit=a/gate.xml\n\n  json=b/gate.json\n");
    assert_eq!(program.run(["replay", &recording("crashloop"), "-q"]).code, Some(1));
    assert!(fs::read_to_string(folder.path().join("a/gate.xml")).unwrap().contains("crash-loop"));
    assert!(fs::read_to_string(folder.path().join("b/gate.json")).unwrap().contains("crash-loop"));
}

#[test]
fn a_recording_is_judged_by_other_limits() {
    for (name, args, code) in [
        ("restart-once", &[][..], 1),
        // the recording ends with its failure, so what came after it is not known
        ("restart-once", &["--max-restarts", "1"], 3),
        ("sidecar-crash", &[], 1),
        ("sidecar-crash", &["--ignore-container", "proxy"], 3),
        ("complete-already", &[], 0),
        ("complete-already", &["--expect-image", "deploygate.test/workload:9"], 1),
    ] {
        let ended = deploygate().run(["replay", &recording(name)].iter().chain(args));
        assert_eq!(ended.code, Some(code), "{name} {args:?}: {}", ended.stderr);
    }
}

#[test]
fn the_demo_needs_nothing() {
    let ended = deploygate().run(["demo", "--speed", "1000"]);
    assert_eq!((ended.code, &*ended.stdout), (Some(0), ""));
    assert!(ended.stderr.contains("PASSED  deployment/app (shop)"), "{}", ended.stderr);
    let ended = deploygate().run(["demo", "crash-loop", "--speed", "1000"]);
    assert_eq!(ended.code, Some(1));
    let said = "  log    fatal: connection refused (db:5432)";
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
}
