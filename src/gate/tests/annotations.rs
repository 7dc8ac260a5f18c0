//! What a workload says of its own limits, and what a policy file has for its labels.

use super::*;
use crate::text::Clean;

/// A rollout whose Deployment has these annotations under the prefix, just begun.
fn annotated(annotations: &[(&str, &str)], policy: Policy) -> Script {
    let mut script = Script::new(1, policy);
    let of = &mut script.deployment["metadata"]["annotations"];
    for (key, value) in annotations {
        of[format!("deploygate.dev/{key}")] = json!(value);
    }
    script
}

fn given(values: &[(Value, Origin)]) -> Policy {
    let mut policy = policy();
    values.iter().for_each(|(value, origin)| policy.set(value.clone(), origin.clone()));
    policy
}

fn line(section: Section) -> Origin {
    Origin::File { place: Clean::from_static("deploygate.yaml:7"), section }
}

fn seconds(seconds: u64) -> Seconds {
    Seconds(Duration::from_secs(seconds))
}

/// What holds of a setting, with its source.
fn told(script: &Script, name: &str) -> String {
    let settings = script.gate.policy().settings();
    settings.iter().find(|fact| fact.name.to_string() == name).unwrap().in_words().to_string()
}

fn notes(script: &Script) -> Vec<String> {
    let notes = script.gate.notes();
    notes.iter().map(ToString::to_string).filter(|note| note.contains("deploygate")).collect()
}

fn policy_reason(script: &Script) -> String {
    let decision = script.gate.decision().unwrap();
    assert_eq!(
        (decision.verdict, decision.code),
        (Verdict::Inconclusive, Some(ReasonCode::Policy))
    );
    decision.reason.to_string()
}

#[test]
fn an_annotation_sets_its_limit() {
    let mut script = annotated(&[("max-restarts", "1")], policy());
    script.secs(1).change("app-0", |_| {}).crash("app-0", 1).secs(1).restart("app-0", 9);
    assert_eq!(script.verdict(), None);
    assert_eq!(told(&script, "max-restarts"), "max-restarts 1 (deploygate.dev/max-restarts)");
    script.secs(1).crash("app-0", 1).secs(1);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));

    let mut script =
        annotated(&[("grace", "image=5s, config=1m"), ("grace-mount", "7s")], policy());
    script.secs(1).change("app-0", |_| {}).wait("app-0", "ErrImagePull", "i/o timeout");
    assert_eq!(script.advance(Duration::from_millis(4900)).verdict(), None);
    assert_eq!(script.secs(1).verdict(), Some(Verdict::Failed));
    assert_eq!(told(&script, "grace.mount"), "grace mount 7s (deploygate.dev/grace-mount)");

    let mut script = annotated(&[("ignore-container", "side,app")], policy());
    script.secs(1).change("app-0", |_| {}).crash("app-0", 1).secs(1);
    assert_eq!(script.verdict(), None);

    let annotations = [("window", "30s"), ("min-ready", "50%")];
    let mut script = annotated(&annotations, policy());
    script.secs(1).change("app-0", |_| {}).settle_status().secs(29);
    assert_eq!(script.verdict(), None);
    assert_eq!(script.secs(10).verdict(), Some(Verdict::Passed));
    assert_eq!(script.gate.window().unwrap().required_seconds, 30.0);
}

#[test]
fn what_cannot_be_parsed_decides_that_nothing_can_be_judged() {
    for (key, value, expected) in [
        (
            "max-restarts",
            "many",
            "deploygate.dev/max-restarts: \"many\" of deployment/app: expected a number",
        ),
        ("window", "30", "\"30\" of deployment/app: expected a unit: 30s or 30m"),
        ("grace", "crash-loop=5s", "unknown cause `crash-loop`; causes with a grace period: image"),
        ("grace-imgae", "5s", "unknown cause `imgae`"),
        ("grace", "", "expected CAUSE=DURATION"),
        ("min-ready", "101%", "expected a number of pods from 1 on"),
        ("ignore-container", "a;b\u{1b}[2J ::error::x", "invalid value"),
        ("max-restart", "0", "is unknown; did you mean deploygate.dev/max-restarts?"),
        ("Window", "5m", "did you mean deploygate.dev/window?"),
    ] {
        let mut script = annotated(&[(key, value)], policy());
        script.secs(1);
        let reason = policy_reason(&script);
        assert!(reason.contains(expected), "{key}: {reason}");
        assert!(!reason.contains('\u{1b}'), "{reason}");
    }
    let mut script = annotated(&[("window", &"9".repeat(100_000))], policy());
    assert!(policy_reason(script.secs(1)).len() < 1000);
    let many: Vec<_> = (0..60).map(|number| format!("x{number}")).collect();
    let many: Vec<_> = many.iter().map(|key| (key.as_str(), "1")).collect();
    assert!(policy_reason(annotated(&many, policy()).secs(1)).contains("more than 50"));
}

#[test]
fn neither_deadline_nor_other_words_are_taken_and_a_note_says_so() {
    let annotations = [("timeout", "1h"), ("await", "1h"), ("owner", "team-a")];
    let mut script = annotated(&annotations, policy());
    script.secs(1);
    assert_eq!(script.gate.policy().timeout, policy().timeout);
    assert_eq!(
        notes(&script),
        [
            "deploygate.dev/await is not taken: an annotation cannot set it",
            "deploygate.dev/owner is not a setting of deploygate, and is not taken",
            "deploygate.dev/timeout is not taken: an annotation cannot set it",
        ]
    );
}

#[test]
fn the_stronger_source_holds() {
    let window = |origin| given(&[(Value::Window(seconds(20)), origin)]);
    for (origin, expected) in [
        (line(Section::Defaults), "window 40s (deploygate.dev/window)"),
        (line(Section::Targets), "window 40s (deploygate.dev/window)"),
        (Origin::Environment, "window 20s (DEPLOYGATE_WINDOW)"),
        (Origin::Flag, "window 20s (--window)"),
    ] {
        let mut script = annotated(&[("window", "40s")], window(origin));
        assert_eq!(told(script.secs(1), "window"), expected);
    }
    // of the causes each by itself
    let graces = given(&[
        (Value::Grace(Grace::Image, seconds(1)), Origin::Flag),
        (Value::Grace(Grace::Config, seconds(1)), line(Section::Defaults)),
    ]);
    let mut script = annotated(&[("grace", "image=9s config=9s")], graces);
    script.secs(1);
    assert_eq!(told(&script, "grace.image"), "grace image 1s (--grace)");
    assert_eq!(told(&script, "grace.config"), "grace config 9s (deploygate.dev/grace)");
    // the default of what nobody set
    assert_eq!(told(&script, "max-restarts"), "max-restarts 0 (default)");
}

#[test]
fn annotations_are_ignored_or_limited_to_some() {
    let with =
        |annotations| Policy { later: Later { annotations, ..Later::default() }, ..policy() };
    let own = [("window", "nonsense"), ("max-restarts", "3")];
    let mut script = annotated(&own, with(Annotations::Ignored));
    script.secs(1);
    assert_eq!(
        notes(&script),
        [
            "not taken because of `--no-annotations`: deploygate.dev/max-restarts, deploygate.dev/window"
        ]
    );
    assert_eq!(script.gate.policy().max_restarts, 0);

    let place = Clean::from_static("deploygate.yaml:3");
    let only = Annotations::Only { settings: vec!["max-restarts".to_owned()], place };
    let mut script = annotated(&own, with(only));
    script.secs(1);
    assert_eq!(script.gate.policy().max_restarts, 3);
    assert_eq!(
        notes(&script),
        [
            "not taken, because `annotations` (deploygate.yaml:3) does not allow them: deploygate.dev/window"
        ]
    );
}

#[test]
fn bounds_hold_for_annotations_and_targets_and_not_for_flags() {
    let place = Clean::from_static("deploygate.yaml:2");
    let bounds = Bounds {
        min_window: Some((seconds(45), place.clone())),
        max_max_restarts: Some((2, place)),
    };
    let bounded = |policy: Policy| {
        let later = Later { bounds: bounds.clone(), ..Later::default() };
        Policy { later, ..policy }
    };
    let mut script = annotated(&[("window", "1s"), ("max-restarts", "9")], bounded(policy()));
    script.secs(1);
    assert_eq!(told(&script, "window"), "window 45s (deploygate.yaml:2)");
    assert_eq!(
        notes(&script),
        [
            "deploygate.dev/window asks for 1s: raised to 45s by `min-window` (deploygate.yaml:2)",
            "deploygate.dev/max-restarts asks for 9: limited to 2 by `max-max-restarts` (deploygate.yaml:2)",
        ]
    );
    let values = [(Value::Window(seconds(1)), Origin::Flag)];
    let mut script = annotated(&[], bounded(given(&values)));
    assert_eq!(told(script.secs(1), "window"), "window 1s (--window)");
    let values = [(Value::Window(seconds(1)), line(Section::Targets))];
    let mut script = annotated(&[], bounded(given(&values)));
    assert_eq!(told(script.secs(1), "window"), "window 45s (deploygate.yaml:2)");
}

#[test]
fn settings_for_labels_are_taken_where_they_match() {
    let rule = |selector: &str, most| Rule {
        selectors: vec![selector.parse().unwrap()],
        values: vec![(Value::MaxRestarts(most), line(Section::Targets))],
        ..Rule::default()
    };
    let rules = vec![rule("tier=web", 1), rule("tier in (web, api)", 2), rule("tier=db", 3)];
    let with = || Policy { later: Later { rules: rules.clone(), ..Later::default() }, ..policy() };
    for (tier, own, expected) in [
        ("web", None, "max-restarts 2 (deploygate.yaml:7)"),
        ("db", None, "max-restarts 3 (deploygate.yaml:7)"),
        ("db", Some("4"), "max-restarts 4 (deploygate.dev/max-restarts)"),
        ("other", None, "max-restarts 0 (default)"),
    ] {
        let own: Vec<_> = own.map(|own| ("max-restarts", own)).into_iter().collect();
        let mut script = annotated(&own, with());
        script.deployment["metadata"]["labels"] = json!({"tier": tier});
        assert_eq!(told(script.secs(1), "max-restarts"), expected, "{tier}");
    }
}

#[test]
fn they_are_read_once_and_told_with_the_longest_run() {
    let mut script = annotated(&[("window", "5m")], policy());
    script.secs(1).change("app-0", |_| {});
    let told_once = |script: &Script| {
        let taken = script.told.iter().filter_map(|event| match event {
            GateEvent::SettingsTaken { what, .. } => Some(what.to_string()),
            _ => None,
        });
        taken.collect::<Vec<_>>()
    };
    let expected = ["window 5m (deploygate.dev/window); at most 31m in total now"];
    assert_eq!(told_once(&script), expected);
    script.deployment["metadata"]["annotations"]["deploygate.dev/window"] = json!("1s");
    script.settle_status().secs(60);
    assert_eq!(
        (told_once(&script), script.verdict()),
        (expected.map(str::to_owned).to_vec(), None)
    );
}
