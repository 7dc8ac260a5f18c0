use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{read::read, *};
use crate::gate::{Grace, Policy, Section};
use crate::model::{Context, Kind, TargetRef};

const SCHEMA: &str = include_str!("policy.schema.json");
const EXAMPLE: &str = include_str!("../../../examples/policy/deploygate.yaml");
const DOCS: &str = include_str!("../../../docs/policy.md");

fn parsed(text: &str) -> Result<PolicyFile, String> {
    let file = Clean::from_static("deploygate.yaml");
    read(text, &file).map_err(|fault| fault.in_file(&file).to_string())
}

fn target(context: Option<&str>, kind: Kind, namespace: &str, name: &str) -> Target {
    let (namespace, name) = (namespace.parse().unwrap(), name.parse().unwrap());
    let workload = TargetRef { kind: kind.into(), namespace, name };
    let context = context.map(|name| Context::new(name, true));
    Target::new(context, workload, Policy::default())
}

/// The settings that a target has from the file, with their lines.
fn set(file: &PolicyFile, mut target: Target) -> Vec<String> {
    file.apply(&mut target);
    let facts = target.policy.settings();
    facts.iter().filter(|fact| fact.is_set()).map(|fact| fact.in_words().to_string()).collect()
}

#[test]
fn the_example_is_understood_and_gives_each_target_its_own() {
    let file = parsed(EXAMPLE).unwrap();
    let of = |context, name| set(&file, target(context, Kind::Deployment, "shop", name));
    let shop = of(None, "shop");
    assert!(shop.contains(&"max-restarts 1 (deploygate.yaml:22)".to_owned()), "{shop:?}");
    assert!(shop.contains(&"timeout 15m (deploygate.yaml:8)".to_owned()), "{shop:?}");
    assert!(!shop.iter().any(|one| one.contains("image")), "{shop:?}");
    let other = of(Some("staging"), "other");
    assert!(other.contains(&"grace image 5m (deploygate.yaml:32)".to_owned()), "{other:?}");
    assert!(other.contains(&"max-restarts 0 (deploygate.yaml:10)".to_owned()), "{other:?}");
    let mut selected = target(None, Kind::StatefulSet, "shop", "queue");
    file.apply(&mut selected);
    assert_eq!(selected.policy.later.rules.len(), 1);
    let mut elsewhere = target(None, Kind::DaemonSet, "shop", "agent");
    file.apply(&mut elsewhere);
    assert!(elsewhere.policy.later.rules.is_empty());
}

#[test]
fn what_is_wrong_is_named_with_its_line_and_key() {
    for (text, expected) in [
        ("default: {}", "1: default: unknown key; did you mean `defaults`?"),
        ("defaults:\n  windwo: 5m", "2: windwo: unknown key; did you mean `window`?"),
        ("defaults:\n  window: 90", "2: window: expected a unit: 90s or 90m"),
        ("defaults:\n  window: [90s, 5m]", "2: window: expected one value"),
        ("defaults:\n  window: {a: 5m}", "2: window: expected one value, not a list or a mapping"),
        ("defaults:\n  window:", "2: window: expected a value"),
        ("defaults:\n  max-restarts: many", "2: max-restarts: expected a number"),
        ("defaults:\n  grace:\n    imgae: 5m", "3: grace.imgae: unknown cause `imgae`"),
        ("defaults:\n  grace:\n    image: 5", "3: grace.image: expected a unit"),
        ("defaults:\n  grace: 5m", "2: grace: expected a mapping"),
        ("defaults:\n  redact: ['(']", "2: redact: "),
        ("defaults:\n  on-failure: undo", "2: on-failure: expected none, rollback"),
        ("defaults:\n  keep-going: yes", "2: keep-going: expected true or false"),
        ("defaults:\n  window: 5m\n  window: 1s", "3: window: given twice, first in line 2"),
        ("defaults: &a\n  window: 5m", "anchors, aliases and merge keys are not supported"),
        ("a: &b 1\nc: *b", "anchors, aliases"),
        ("defaults:\n  <<: {window: 5m}", "2: anchors, aliases"),
        ("defaults: !!map {}", "1: tags"),
        (
            "targets:\n- names: deploy/app\n  timeout: 1h",
            "3: timeout: can be set in `defaults` only",
        ),
        ("targets:\n- names: deploy/app\n  await: 1h", "3: await: can be set in `defaults` only"),
        ("targets:\n- names: pod/app", "2: names: `pod` is not judged by itself"),
        ("targets:\n- selectors: 'a=b=c'", "2: selectors: found `=`"),
        ("targets:\n- namespaces: [Shop]", "2: namespaces: expected at most 63"),
        ("targets:\n- window: 5m", "2: targets: missing key: expected one of names"),
        ("targets: {}", "1: targets: expected a list"),
        ("reports:\n  junt: a.xml", "2: junt: unknown key; did you mean `junit`?"),
        ("annotations: some", "1: annotations: expected `none`, or a list of window"),
        (
            "annotations: [windows]",
            "1: annotations: unknown setting `windows`; did you mean `window`?",
        ),
        ("min-window: soon", "1: min-window: expected a duration"),
        ("max-max-restarts: -1", "1: max-max-restarts: expected a number"),
        ("a: 1\n---\nb: 2", "expected a single document"),
        ("- a", "1: expected a mapping"),
        ("a: [", "not valid YAML"),
        ("? [a]\n: b", "1: a key must be a text"),
        ("a: [[[[[[[[[[[[1]]]]]]]]]]]]", "nested too deeply"),
    ] {
        let error = parsed(text).unwrap_err();
        assert!(
            error.starts_with("deploygate.yaml:") && error.contains(expected),
            "{text}: {error}"
        );
    }
    for empty in ["", "# nothing\n", "---\n", "defaults:\ntargets:\n"] {
        assert!(parsed(empty).is_ok(), "{empty}");
    }
    let hostile = parsed("\"::error::\\e[2J\\nx\": 1").unwrap_err();
    assert!(!hostile.contains('\u{1b}') && !hostile.contains('\n'), "{hostile}");
}

#[test]
fn the_later_entry_holds_and_bounds_are_kept() {
    let text = "defaults: {max-restarts: 7}\ntargets:\n- names: deploy/app\n  max-restarts: 1\n\
                - names: [deploy/app]\n  max-restarts: 5\nmax-max-restarts: 3\nannotations: none\n";
    let file = parsed(text).unwrap();
    let mut release: Release = vec![
        target(None, Kind::Deployment, "shop", "app"),
        target(None, Kind::Deployment, "shop", "other"),
    ]
    .into();
    file.apply_to(&mut release);
    let restarts: Vec<_> = release.targets.iter().map(|one| one.policy.max_restarts).collect();
    // the bound is for targets and annotations, not for the defaults beside it
    assert_eq!(restarts, [3, 7]);
    let note =
        "deploygate.yaml:6 asks for 5: limited to 3 by `max-max-restarts` (deploygate.yaml:7)";
    assert_eq!(release.notes.iter().map(ToString::to_string).collect::<Vec<_>>(), [note]);
    let annotations = &release.targets[0].policy.later.annotations;
    assert!(matches!(annotations, Annotations::Only { settings, .. } if settings.is_empty()));
}

#[test]
fn the_later_entry_holds_whatever_names_its_targets() {
    let text = "targets:\n- selectors: tier=web\n  max-restarts: 9\n- names: deploy/app\n  max-restarts: 1\n\
                - selectors: tier=db\n  max-restarts: 5\n";
    let file = parsed(text).unwrap();
    for (name, rules) in [("app", [9, 1, 5].as_slice()), ("other", &[9, 5])] {
        let mut target = target(None, Kind::Deployment, "shop", name);
        file.apply(&mut target);
        assert_eq!(target.policy.max_restarts, u32::from(name == "app"));
        let left = target.policy.later.rules.iter().flat_map(|rule| &rule.values);
        let left: Vec<_> = left.map(|(value, _)| value.clone()).collect();
        let expected: Vec<_> = rules.iter().map(|most| Value::MaxRestarts(*most)).collect();
        assert_eq!(left, expected, "{name}");
    }
}

fn keys(schema: &Json, path: &str) -> BTreeSet<String> {
    schema.pointer(path).unwrap().as_object().unwrap().keys().cloned().collect()
}

fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    words.into_iter().map(str::to_owned).collect()
}

#[test]
fn schema_parser_and_documentation_have_the_same_keys() {
    let schema: Json = serde_json::from_str(SCHEMA).unwrap();
    assert!(schema["$id"].as_str().unwrap().starts_with("urn:"));
    let defaults = words(read::settings(Section::Defaults).chain(read::OF_RUN));
    let entry = words(read::settings(Section::Targets).chain(read::OF_ENTRY));
    for (path, known) in [
        ("/properties", words(read::TOP)),
        ("/properties/defaults/properties", defaults),
        ("/$defs/target/properties", entry),
        ("/$defs/grace/properties", words(Grace::ALL.map(Grace::as_str))),
        (
            "/properties/reports/properties",
            words(crate::report::Format::ALL.map(|one| one.as_str())),
        ),
    ] {
        assert_eq!(keys(&schema, path), known, "{path}");
        let is_named = |key: &&String| !DOCS.contains(&format!("`{key}`"));
        let missing: Vec<_> = known.iter().filter(is_named).collect();
        assert!(missing.is_empty(), "docs/policy.md does not name {missing:?}");
    }
    let annotations = schema.pointer("/properties/annotations/oneOf/1/items/enum").unwrap();
    let listed: BTreeSet<String> = serde_json::from_value(annotations.clone()).unwrap();
    assert_eq!(listed, words(read::of_workload()));
}

#[test]
fn the_schema_takes_what_the_parser_takes() {
    let schema: Json = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let is_valid = |text: &str| validator.is_valid(&serde_saphyr::from_str::<Json>(text).unwrap());
    for text in [
        EXAMPLE,
        "defaults: {window: 1h30m, max-restarts: 2, min-ready: 3, grace: {stale: 500ms}}",
        "targets: [{names: deploy/app, accept-pause: true, condition: Synced=True}]",
        "annotations: none",
    ] {
        assert!(parsed(text).is_ok() && is_valid(text), "{text}");
    }
    for text in [
        "defaults: {windwo: 5m}",
        "defaults: {window: 90}",
        "defaults: {max-restarts: -1}",
        "targets: [{names: deploy/app, timeout: 1h}]",
        "targets: [{window: 5m}]",
        "reports: {pdf: a.pdf}",
        "annotations: [timeout]",
    ] {
        assert!(parsed(text).is_err() && !is_valid(text), "{text}");
    }
}
