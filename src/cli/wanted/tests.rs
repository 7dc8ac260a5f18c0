use super::*;
use crate::{
    cli::target,
    manifest::{Collector, Input},
    model::Kind,
    selection::Stopped,
};

fn wanted(words: &[&str], manifest: &str) -> Wanted {
    let mut collector = Collector::default();
    let file = Clean::from_static("a.yaml");
    let input = Input { shown: &file, file: Some(&file), bytes: manifest.as_bytes() };
    collector.add(input).unwrap();
    let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
    let named = if words.is_empty() { Vec::new() } else { target::parse(&words).unwrap() };
    Wanted::of(Asked { named, selected: None }, collector.finish())
}

fn found(wanted: &Wanted, chosen: Option<&Chosen>) -> Found {
    wanted.targets(None, &"shop".parse().unwrap(), &Policy::default(), chosen)
}

fn targets(wanted: &Wanted) -> Vec<String> {
    let targets = found(wanted, None).targets;
    let title = |Target { workload, policy, .. }: &Target| {
        format!("{}/{workload} {}", workload.namespace, policy.manifest_images.len())
    };
    targets.iter().map(title).collect()
}

const WEB: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: app, image: web:1}]}}}
";

#[test]
fn a_target_that_is_named_and_declared_is_one() {
    let other = WEB.replace("name: web", "name: other, namespace: else");
    let wanted = wanted(&["sts/db", "deploy/web"], &format!("{WEB}---\n{other}"));
    let expected = ["shop/statefulset/db 0", "shop/deployment/web 1", "else/deployment/other 1"];
    assert_eq!(targets(&wanted), expected);
}

#[test]
fn what_its_manifest_stops_is_not_judged_unless_nothing_else_is_left() {
    let stopped = WEB.replace("web}", "off}").replace("{template", "{replicas: 0, template");
    let all = wanted(&[], &format!("{WEB}---\n{stopped}"));
    assert_eq!(targets(&all), ["shop/deployment/web 1"]);
    let notes = found(&all, None).notes;
    assert_eq!(&*notes[0], "not judged: deployment/off (0 replicas in its manifest)");
    assert_eq!(targets(&wanted(&[], &stopped)), ["shop/deployment/off 1"]);
    assert_eq!(targets(&wanted(&["sts/db"], &stopped)), ["shop/statefulset/db 0"]);
}

#[test]
fn a_namespace_that_differs_is_refused() {
    let mut collector = Collector::default();
    let text = WEB.replace("name: web", "name: web, namespace: shop");
    let stdin = Clean::from_static("stdin");
    collector.add(Input { shown: &stdin, file: None, bytes: text.as_bytes() }).unwrap();
    let manifests = collector.finish();
    let check = |given: &str| namespace::check(&manifests, Some(&given.parse().unwrap()));
    assert_eq!(check("shop"), Ok(()));
    assert_eq!(
        check("other").unwrap_err(),
        "deployment/web is in namespace shop, but -n other was given"
    );
    assert_eq!(namespace::check(&manifests, None), Ok(()));
}

fn chosen(running: &[&str], stopped: &[&str]) -> Chosen {
    let target = |name: &&str| TargetRef {
        kind: Kind::Deployment.into(),
        namespace: "shop".parse().unwrap(),
        name: name.parse().unwrap(),
    };
    Chosen {
        targets: running.iter().map(target).collect(),
        stopped: stopped.iter().map(|name| (target(name), Stopped::NoReplicas)).collect(),
        unmatched: Vec::new(),
    }
}

#[test]
fn what_stands_still_in_a_selection_is_noted_unless_nothing_else_is_left() {
    let titles =
        |found: &Found| -> Vec<String> { found.targets.iter().map(ToString::to_string).collect() };
    let args = Asked { named: Vec::new(), selected: Some(Selected::default()) };
    let wanted = Wanted::of(args, Manifests::default());
    let both = found(&wanted, Some(&chosen(&["web"], &["off"])));
    assert_eq!(titles(&both), ["deployment/web"]);
    assert_eq!(&*both.notes[0], "not judged: deployment/off in namespace shop (0 replicas)");
    let alone = found(&wanted, Some(&chosen(&[], &["off"])));
    assert_eq!((titles(&alone), alone.notes.len()), (vec!["deployment/off".to_owned()], 0));
    // nothing is known yet
    assert!(found(&wanted, None).targets.is_empty());

    let named = target::parse(&["deploy/off".to_owned()]).unwrap();
    let wanted = Wanted::of(Asked { named, ..Asked::default() }, Manifests::default());
    let named = found(&wanted, Some(&chosen(&["web"], &["off"])));
    assert_eq!(titles(&named), ["deployment/off", "deployment/web"]);
    assert!(named.notes.is_empty());
}

#[test]
fn at_present_the_pods_of_what_is_paused_are_looked_at() {
    let mut chosen = chosen(&["web"], &["off"]);
    let held = TargetRef { name: "held".parse().unwrap(), ..chosen.targets[0].clone() };
    chosen.stopped.push((held, Stopped::Paused));
    let nothing = wanted(&[], "");
    let judged_by = |policy: Policy| {
        let found = nothing.targets(None, &"shop".parse().unwrap(), &policy, Some(&chosen));
        let names = found.targets.iter().map(|of| (of.workload.name.to_string(), of.is_selected));
        (names.collect::<Vec<_>>(), found.notes[0].to_string())
    };
    let selected = |name: &str| (name.to_owned(), true);
    let (targets, note) = judged_by(Policy::default());
    assert_eq!(targets, [selected("web")]);
    assert!(note.contains("held") && note.contains("off"), "{note}");
    let (targets, note) = judged_by(Policy::default().at_present());
    assert_eq!(targets, [selected("web"), selected("held")]);
    assert!(!note.contains("held") && note.contains("off"), "{note}");
}
