//! Each row of the table with a real text, and texts that no row may claim: `samples.tsv` beside the rows.

mod logs;

use super::{row::each, *};
/// What Kubernetes says.
struct Said {
    scene: Scene,
    sign: &'static str,
    part: &'static str,
    text: String,
}

fn kubernetes_samples() -> impl Iterator<Item = Said> {
    cells(include_str!("../kubernetes/samples.tsv")).map(|[scene, sign, part, text]| {
        let scene = Scene::ALL.into_iter().find(|known| format!("{known:?}") == scene).unwrap();
        Said { scene, sign, part, text: text.replace("\\n", "\n") }
    })
}

/// Sign, part of the cause, and what programs write.
fn program_samples() -> impl Iterator<Item = (&'static str, &'static str, String)> {
    let samples = cells(include_str!("../programs/samples.tsv"));
    samples.map(|[sign, part, text]| (sign, part, text.replace("\\n", "\n")))
}

fn cells<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split('\t').collect::<Vec<_>>().try_into().expect(line))
}

fn kubernetes_signs(scene: Scene, message: &str) -> Signs<'_> {
    Signs {
        scene,
        message,
        events: Vec::new(),
        termination_message: None,
        log: Vec::new(),
        exit_code: None,
        signal: None,
    }
}

fn run(log: &str) -> Signs<'_> {
    Signs {
        log: log.lines().collect(),
        exit_code: Some(1),
        ..kubernetes_signs(Scene::Run, "exit code 1 after 1 s")
    }
}

#[test]
fn kubernetes_says_why_for_certain() {
    let mut wrong = Vec::new();
    for Said { scene, sign, part, text } in kubernetes_samples() {
        let signs = match family(scene) {
            Scene::Readiness => {
                Signs { events: vec![&text], ..kubernetes_signs(scene, "the probe failed: ours") }
            }
            _ => kubernetes_signs(scene, &text),
        };
        let found = diagnose(&signs).unwrap_or_else(|| panic!("{text}"));
        assert_eq!((&*found.sign, found.place), (sign, Place::Kubernetes), "{text}");
        if !found.cause.contains(part) {
            wrong.push(format!("{part}\n{}\n{text}", found.cause));
        }
        let is_timeout = sign == "volume-timeout";
        assert_eq!(found.certainty == Certainty::Certain, !is_timeout, "{text}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn programs_say_why_most_probably() {
    let mut wrong = Vec::new();
    for (sign, part, log) in program_samples().filter(|(sign, ..)| *sign != "-") {
        let found = diagnose(&run(&log)).unwrap_or_else(|| panic!("{log}"));
        assert_eq!((&*found.sign, found.place), (sign, Place::Log), "{log}");
        if !found.cause.contains(part) {
            wrong.push(format!("{part}\n{}\n{log}", found.cause));
        }
        assert_eq!(found.certainty, Certainty::Probable, "{log}");
        assert!(!found.quote.is_empty());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_termination_message_tells_before_the_log() {
    let signs = Signs {
        termination_message: Some("licence expired on 1 May"),
        ..run("connection refused (db:5432)")
    };
    let found = diagnose(&signs).unwrap();
    assert_eq!((&*found.sign, found.place), ("license", Place::TerminationMessage));
    let signs = Signs { termination_message: Some("bye"), ..run("connection refused (db:5432)") };
    assert_eq!(diagnose(&signs).unwrap().place, Place::Log);
}

#[test]
fn words_after_a_kill_by_a_probe_are_no_cause() {
    let log =
        "listening on :8080\nINFO SIGTERM: shutting down\nERROR no consul: connection refused";
    let sign = |scene| diagnose(&Signs { scene, ..run(log) }).map(|found| found.sign.to_string());
    assert_eq!(sign(Scene::Run).as_deref(), Some("connection-refused"));
    assert_eq!(sign(Scene::Liveness), None);
    assert_eq!(sign(Scene::Startup), None);
}

#[test]
fn a_weak_sign_is_called_a_guess() {
    let found = diagnose(&run(RESET)).unwrap();
    assert_eq!((&*found.sign, found.certainty), ("connection-reset", Certainty::Guess));
}

const RESET: &str = "read tcp 10.0.0.1:40000->10.0.0.9:5432: read: connection reset by peer";

#[test]
fn an_exit_code_alone_is_a_guess() {
    for (code, signal, sign) in ENDINGS {
        let signs = Signs { exit_code: Some(code), signal, ..run("") };
        let found = diagnose(&signs).unwrap_or_else(|| panic!("{code}"));
        assert_eq!((&*found.sign, found.certainty), (sign, Certainty::Guess), "{code}");
        assert_eq!((found.place, &*found.quote), (Place::ExitCode, ""));
    }
    for code in [1, 2, 3, 128, 143, 255, -1, i32::MIN, i32::MAX] {
        assert_eq!(diagnose(&Signs { exit_code: Some(code), ..run("") }), None, "{code}");
    }
}

/// Exit codes and signals.
const ENDINGS: [(i32, Option<i32>, &str); 11] = [
    (0, None, "exit-0"),
    (64, None, "exit-64"),
    (78, None, "exit-78"),
    (126, None, "exit-126"),
    (127, None, "exit-127"),
    (132, Some(4), "signal-sigill"),
    (134, None, "signal-sigabrt"),
    (135, None, "signal-sigbus"),
    (136, Some(8), "signal-sigfpe"),
    (137, Some(9), "signal-sigkill"),
    (139, None, "signal-sigsegv"),
];

#[test]
fn nothing_is_claimed_of_a_text_without_a_sign() {
    // a last error that no row knows may be quoted, which claims nothing
    let claimed = |signs: &Signs<'_>| {
        diagnose(signs).filter(|found| !["last-error", "uncaught-error"].contains(&&*found.sign))
    };
    let samples = program_samples().filter(|(sign, ..)| *sign == "-").map(|(.., text)| text);
    for log in samples.chain([String::new()]) {
        assert_eq!(claimed(&run(&log)), None, "{log}");
        let signs = Signs { termination_message: Some(&log), ..run("") };
        assert_eq!(claimed(&signs), None, "{log}");
    }
}

#[test]
fn a_scene_is_not_explained_by_the_texts_of_another() {
    let refused = "dial tcp 10.0.0.1:5432: connect: connection refused";
    for scene in [Scene::Scheduling, Scene::Container, Scene::Rejection] {
        assert_eq!(diagnose(&kubernetes_signs(scene, refused)), None, "{scene:?}");
    }
    // what the program wrote in an earlier run does not tell why the image of this one is missing
    let signs = Signs { scene: Scene::Image, ..run(refused) };
    assert_eq!(diagnose(&signs), None);
}

#[test]
fn events_tell_what_the_message_does_not() {
    let signs = Signs {
        events: vec![
            "Failed to pull image \"r/a:1\": 503 Service Unavailable",
            "Failed to pull image \"r/a:1\": rpc error: r/a:1: not found",
            "Error: ImagePullBackOff",
        ],
        ..kubernetes_signs(Scene::Image, "ImagePullBackOff: Back-off pulling image \"r/a:1\"")
    };
    assert_eq!(&*diagnose(&signs).unwrap().sign, "image-not-found");
    let signs = Signs {
        events: vec!["MountVolume.SetUp failed for volume \"tls\" : secret \"app-tls\" not found"],
        ..kubernetes_signs(
            Scene::Volume,
            "FailedMount: Unable to attach or mount volumes: unmounted volumes=[tls]: timed out waiting for the condition",
        )
    };
    assert_eq!(&*diagnose(&signs).unwrap().sign, "volume-secret-missing");
}

#[test]
fn a_registry_refuses_for_want_of_the_secret_that_the_kubelet_did_not_find() {
    let event = "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.";
    let sign = |message: &str| {
        let signs = Signs { events: vec![event], ..kubernetes_signs(Scene::Image, message) };
        let found = diagnose(&signs).unwrap();
        (found.sign, found.cause)
    };
    let (refused, cause) = sign("ErrImagePull: pull access denied, repository does not exist");
    assert_eq!(&*refused, "pull-secret-missing");
    assert!(cause.contains("the Secret regcred that"), "{cause}");
    assert_eq!(&*sign("ErrImagePull: 503 Service Unavailable").0, "registry-down");
}

#[test]
fn our_own_words_on_a_kill_are_no_sign() {
    let message = "killed by the kubelet after its liveness probe failed: exit code 0 after 5 s";
    assert_eq!(diagnose(&kubernetes_signs(Scene::Liveness, message)), None);
}

#[test]
fn an_eviction_is_explained_by_its_event_before_our_words() {
    let signs = Signs {
        events: vec!["Usage of EmptyDir volume \"state\" exceeds the limit \"1Mi\"."],
        ..kubernetes_signs(Scene::Eviction, "ours")
    };
    assert_eq!(&*diagnose(&signs).unwrap().sign, "volume-size-limit");
    let unsaid = kubernetes_signs(Scene::Eviction, "ours");
    assert_eq!(&*diagnose(&unsaid).unwrap().sign, "ephemeral-storage-limit");
}

#[test]
fn a_probe_that_only_says_no_gives_way_to_the_programs_words() {
    let unready = Signs {
        events: vec![
            "Liveness probe failed: HTTP probe failed with statuscode: 404",
            "Readiness probe failed: HTTP probe failed with statuscode: 503",
            "Readiness probe errored and resulted in unknown state: rpc error: code = Unknown desc = failed to exec in container: container is in CONTAINER_EXITED state",
        ],
        scene: Scene::Readiness,
        message: "running, but its readiness probe is failing",
        ..run("waiting: connection refused (db:5432)")
    };
    assert_eq!(&*diagnose(&unready).unwrap().sign, "connection-refused");
    let silent = Signs { log: vec!["listening"], ..unready.clone() };
    assert_eq!(&*diagnose(&silent).unwrap().sign, "probe-server-error");
    let missing = Signs {
        events: vec!["Readiness probe failed: HTTP probe failed with statuscode: 404"],
        ..unready
    };
    assert_eq!(&*diagnose(&missing).unwrap().sign, "probe-path-missing");
}

#[test]
fn every_row_is_the_first_that_some_sample_shows() {
    let is_shown = |row: &Row, shown: &[&Row]| shown.iter().any(|known| std::ptr::eq(*known, row));
    let mut missing = Vec::new();
    let said = kubernetes_samples().map(|said| (said.scene, said.text)).chain(messages());
    let said: Vec<_> = said.collect();
    for scene in Scene::ALL {
        for group in tables(scene).0 {
            let texts = said.iter().filter(|(other, _)| family(*other) == family(scene));
            let found = texts.filter_map(|(_, text)| row::find(group, text));
            let shown: Vec<_> = found.map(|found| found.row).collect();
            let rows = group.iter().copied().flatten().filter(|row| !is_shown(row, &shown));
            missing.extend(rows.map(|row| format!("{scene:?}: {}: {}", row.sign, row.shown_by)));
        }
    }
    let samples: Vec<_> = program_samples().map(|(.., text)| text).collect();
    let lines: Vec<_> = samples.iter().flat_map(|text| text.lines()).chain([RESET]).collect();
    let shown: Vec<_> = lines.into_iter().filter_map(programs::first_row).collect();
    let rows = programs::TABLES.iter().copied().flatten().filter(|row| !is_shown(row, &shown));
    missing.extend(rows.map(|row| format!("{}: {}", row.sign, row.shown_by)));
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

/// Scene and text of each line of the table that `src/gate/tests/messages.rs` plays.
fn messages() -> impl Iterator<Item = (Scene, String)> {
    let lines = cells(include_str!("../../../tests/fixtures/messages.tsv"));
    lines.filter_map(|[kind, cause, _, _, _, message]| {
        let scene = match cause {
            "image" | "image-name" => Scene::Image,
            "config" | "container" | "start-error" => Scene::Container,
            "create" => Scene::Creation,
            "mount" => Scene::Volume,
            "sandbox" => Scene::Sandbox,
            "pending" => Scene::Scheduling,
            "not-ready" | "liveness" => Scene::Readiness,
            "platform" => Scene::Rejection,
            _ => return None,
        };
        // its word stands before the message, as in the findings
        let word = match kind.split_once(':') {
            Some((_, word)) => word,
            None => match kind {
                "pull" => "ErrImagePull",
                "create" => "FailedCreate",
                _ => "",
            },
        };
        Some((scene, format!("{word}: {}", message.replace("\\n", "\n"))))
    })
}

#[test]
fn no_phrase_is_kept_from_showing_its_row_by_an_earlier_one() {
    let mut hidden = Vec::new();
    for scene in Scene::ALL {
        for group in tables(scene).0 {
            for row in group.iter().copied().flatten() {
                for phrases in each(row.shown_by) {
                    let text = phrases.replace('…', " … ").replace('*', "\"a\"");
                    let shown = row::find(group, &text).map(|found| found.row.sign);
                    if shown != Some(row.sign) && !row.needs_name {
                        hidden.push(format!("{scene:?} {}: {text}: {shown:?}", row.sign));
                    }
                }
            }
        }
    }
    assert!(hidden.is_empty(), "\n{}", hidden.join("\n"));
}

#[test]
fn every_row_is_well_formed() {
    let rows = Scene::ALL.into_iter().flat_map(|scene| tables(scene).0).copied().flatten();
    let rows = rows.chain(&programs::TABLES);
    for row in rows.copied().flatten() {
        for phrase in each(row.shown_by).chain(each(row.unless)) {
            assert_eq!(*phrase, phrase.to_ascii_lowercase(), "{}", row.sign);
        }
        assert!(!row.shown_by.is_empty(), "{}", row.sign);
        assert_eq!(row.cause.contains("{}"), !row.names.is_empty(), "{}", row.sign);
        assert!(row.cause.matches("{}").count() <= 1 && row.cause.matches('[').count() <= 1);
        for pattern in each(row.names) {
            let holes = pattern
                .split('<')
                .skip(1)
                .filter(|part| HOLES.iter().any(|hole| part.starts_with(hole)));
            assert_eq!(holes.count(), 1, "{}: {pattern}", row.sign);
        }
        for text in [row.sign, row.cause, row.next_step] {
            assert!(!text.is_empty() && !text.ends_with('.'), "{text}");
        }
    }
}

/// How patterns of what a text names go on after `<`.
const HOLES: [&str; 8] =
    [">", "word>", "line>", "rest>", "text>", "address>", "path>", "variable>"];

#[test]
fn a_phrase_of_kubernetes_is_no_name() {
    for row in Scene::ALL
        .into_iter()
        .flat_map(|scene| tables(scene).0)
        .copied()
        .flatten()
        .copied()
        .flatten()
    {
        for phrase in each(row.shown_by).flat_map(|p| p.split('…')).chain(each(row.unless)) {
            // else no text could show it
            assert_eq!(names::hide(&format!("{phrase}\n")), format!("{phrase}\n"), "{}", row.sign);
        }
    }
}

#[test]
fn a_diagnosis_is_short_and_commands_nothing() {
    let long = format!("panic: ##[error]{}", "x".repeat(100_000));
    let found = diagnose(&run(&long)).unwrap();
    assert!(found.cause.chars().count() < 300 && found.quote.chars().count() <= 300);
    assert!(!found.cause.contains("##[") && !found.quote.contains("##["));
}

/// Scenes that share their rows.
fn family(scene: Scene) -> Scene {
    match scene {
        Scene::Liveness | Scene::Startup => Scene::Readiness,
        other => other,
    }
}
