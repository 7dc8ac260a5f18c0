//! What targets share, and what they do not.

use proptest::{prelude::*, sample::subsequence, test_runner::RngSeed};
use serde_json::{Value, json};

use super::*;
use crate::model::Kind;
use crate::{evidence::Evidence, signs::SubjectKind};

/// A target with its findings, from which a case is made.
#[derive(Clone, Debug)]
struct Target {
    context: Option<Clean>,
    namespace: Clean,
    kind: TargetKind,
    name: Clean,
    verdict: Verdict,
    findings: Vec<Finding>,
}

fn clean(text: &str) -> Clean {
    crate::text::Untrusted::from(text).to_clean()
}

fn target(name: &str, findings: Vec<Finding>) -> Target {
    Target {
        context: Some(clean("prod")),
        namespace: clean("shop"),
        kind: Kind::Deployment.into(),
        name: clean(name),
        verdict: Verdict::Failed,
        findings,
    }
}

fn in_namespace(namespace: &str, target: Target) -> Target {
    Target { namespace: clean(namespace), ..target }
}

fn finding(cause: &str, diagnosis: Option<Value>) -> Finding {
    let mut finding = json!({
        "cause": cause, "attribution": "configuration", "state": "confirmed", "container": "app", "pods": ["app-1"],
        "message": "it broke", "hint": "mend it", "hint_parts": {"what": "mend it"},
        "exit_code": null, "signal": null, "restarts": null, "first_seen": 1000, "last_seen": 2000,
    });
    if let Some(diagnosis) = diagnosis {
        finding["diagnosis"] = diagnosis;
    }
    serde_json::from_value(finding).unwrap()
}

fn diagnosis(cause: &str, certainty: &str, subject: Value) -> Value {
    json!({"sign": "a-sign", "cause": cause, "attribution": "configuration", "next_step": "mend it",
        "certainty": certainty, "place": "log", "quote": "", "subject": subject})
}

fn needs(kind: SubjectKind, name: &str) -> Finding {
    let cause = format!("{name} is missing");
    finding("config", Some(diagnosis(&cause, "certain", json!({"kind": kind, "name": name}))))
}

fn cannot_reach(host: &str, port: Option<u16>) -> Finding {
    let subject = json!({"kind": "host", "name": host, "port": port});
    let cause = format!("nothing accepts connections at {host}, which the program needs");
    finding("crash-loop", Some(diagnosis(&cause, "probable", subject)))
}

fn ends(exit_code: i32, pod: &str, line: &str) -> Finding {
    let mut finding = finding("crash-loop", None);
    finding.exit_code = Some(exit_code);
    finding.evidence = Some(Evidence {
        pod: clean(pod),
        termination_message: Some(clean(line)),
        ..Evidence::default()
    });
    finding
}

fn found(targets: &[Target]) -> Vec<Common> {
    let cases = targets.iter().map(|target| Case {
        context: target.context.as_ref(),
        namespace: &target.namespace,
        kind: &target.kind,
        name: &target.name,
        verdict: target.verdict,
        findings: &target.findings,
    });
    common(&cases.collect::<Vec<_>>())
}

/// Each common cause as its sentence, its targets and the one that is itself the reason.
fn told(targets: &[Target]) -> Vec<(String, Vec<u32>, Option<u32>)> {
    let tell = |common: Common| {
        let targets = common.targets.iter().map(|target| target.0).collect();
        (common.what.to_string(), targets, common.origin.map(|origin| origin.0))
    };
    found(targets).into_iter().map(tell).collect()
}

#[test]
fn targets_that_miss_one_secret_fail_for_one_reason() {
    let secret = || vec![needs(SubjectKind::Secret, "db-creds")];
    let targets = [target("a", secret()), target("b", secret()), target("c", Vec::new())];
    assert_eq!(told(&targets), [("db-creds is missing".to_owned(), vec![0, 1], None)]);
    let common = &found(&targets)[0];
    assert_eq!((common.cause, common.attribution), (Cause::Config, Attribution::Configuration));
    assert_eq!(&*common.next_step.what, "mend it");
    // another namespace has another Secret of that name, and a key is not the whole
    let elsewhere = in_namespace("other", target("b", secret()));
    assert_eq!(told(&[target("a", secret()), elsewhere]), []);
    let mut key = secret();
    let subject = key[0].diagnosis.as_mut().unwrap().subject.as_mut().unwrap();
    subject.key = Some(clean("password"));
    assert_eq!(told(&[target("a", secret()), target("b", key)]), []);
}

#[test]
fn where_texts_differ_the_thing_itself_is_told() {
    let mounted = diagnosis("db is mounted", "certain", json!({"kind": "secret", "name": "db"}));
    let mounted = finding("mount", Some(mounted));
    let env = needs(SubjectKind::Secret, "db");
    let common = found(&[target("a", vec![mounted]), target("b", vec![env])]);
    assert_eq!(&*common[0].what, "the Secret db does not exist in namespace shop");
    assert_eq!(common[0].cause, Cause::Config);
}

#[test]
fn only_what_did_not_pass_shares_anything() {
    let secret = || vec![needs(SubjectKind::Secret, "db-creds")];
    let with = |verdict| Target { verdict, ..target("b", secret()) };
    for (verdict, expected) in [
        (Verdict::Passed, 0),
        (Verdict::Superseded, 0),
        (Verdict::TimedOut, 1),
        (Verdict::Inconclusive, 1),
    ] {
        assert_eq!(found(&[target("a", secret()), with(verdict)]).len(), expected, "{verdict}");
    }
    // what is only suspected beside what decided explains nothing
    let mut suspected = needs(SubjectKind::Secret, "db-creds");
    suspected.state = FindingState::Suspected;
    let decided = finding("crash-loop", None);
    let both = target("b", vec![decided, suspected.clone()]);
    assert_eq!(told(&[target("a", secret()), both]), []);
    assert_eq!(found(&[target("a", secret()), target("b", vec![suspected])]).len(), 1);
}

#[test]
fn a_guess_is_no_common_cause() {
    let guess = || {
        let subject = json!({"kind": "host", "name": "db", "port": 5432});
        vec![finding("crash-loop", Some(diagnosis("reset", "guess", subject)))]
    };
    assert_eq!(told(&[target("a", guess()), target("b", guess())]), []);
}

#[test]
fn a_host_is_one_by_all_its_names() {
    let a = target("a", vec![cannot_reach("pg", Some(5432))]);
    let b = in_namespace("mail", target("b", vec![cannot_reach("pg.shop", Some(5432))]));
    let c = target("c", vec![cannot_reach("pg.shop.svc.cluster.local", Some(5432))]);
    let bare = target("d", vec![cannot_reach("pg", None)]);
    let other = target("e", vec![cannot_reach("pg", Some(6432))]);
    let own = in_namespace("mail", target("f", vec![cannot_reach("pg", Some(5432))]));
    let expected = "pg:5432 cannot be reached".to_owned();
    let all = [a.clone(), b, c, bare.clone(), own];
    assert_eq!(told(&all), [(expected, vec![0, 1, 2, 3], None)]);
    // which of two ports a bare name means is not known
    assert_eq!(told(&[a, bare, other]), []);
}

#[test]
fn a_target_that_failed_itself_is_the_reason_of_those_that_need_it() {
    let needs_db = |host: &str| target("api", vec![cannot_reach(host, Some(5432))]);
    let db =
        Target { kind: Kind::StatefulSet.into(), ..target("db", vec![finding("image", None)]) };
    for host in ["db", "db.shop", "db.shop.svc", "db-0.db", "db-0.db.shop.svc.cluster.local"] {
        let told = told(&[needs_db(host), db.clone()]);
        let [(what, targets, origin)] = &told[..] else { panic!("{host}: {told:?}") };
        assert!(
            what.ends_with(": statefulset/db, which is in this release, failed itself"),
            "{what}"
        );
        assert_eq!((&targets[..], *origin), (&[0][..], Some(1)), "{host}");
    }
    let missing = target("db", vec![needs(SubjectKind::Secret, "db-password")]);
    let [common] = &found(&[needs_db("db"), missing])[..] else { panic!() };
    assert_eq!((common.cause, common.attribution), (Cause::Config, Attribution::Configuration));
    assert!(common.what.contains("deployment/db, which is in this release, failed itself: "));
    assert!(common.what.contains("db-password"), "{}", common.what);
    let step = found(&[needs_db("db"), db.clone()])[0].next_step.what.to_string();
    assert_eq!(step, "fix statefulset/db first: the others need it");
    for host in ["db.other", "db.example.com", "database", "db-x.db", "10.0.0.1"] {
        assert_eq!(told(&[needs_db(host), db.clone()]), [], "{host}");
    }
    let healthy = Target { verdict: Verdict::Passed, ..db.clone() };
    let job = Target { kind: Kind::Job.into(), ..db.clone() };
    let elsewhere = Target { context: Some(clean("other")), ..db.clone() };
    for other in [healthy, job, elsewhere, in_namespace("other", db)] {
        assert_eq!(told(&[needs_db("db"), other]), []);
    }
    // its own replicas, and two that wait for each other
    let peer = target("db", vec![cannot_reach("db-1.db", Some(7000))]);
    assert_eq!(told(&[peer, target("x", Vec::new())]), []);
    let api = target("api", vec![cannot_reach("db", Some(5432))]);
    let db = target("db", vec![cannot_reach("api", Some(80))]);
    assert_eq!(told(&[api, db]), []);
}

#[test]
fn programs_that_end_alike_are_told_with_their_line() {
    let of = |pod: &str, line: &str| target(pod, vec![ends(1, pod, line)]);
    let a = of("a-7", "2026-03-01T12:00:01Z fatal: no license for a-7 on this cluster");
    let b = of("b-9", "2026-03-01T12:09:41Z fatal: no license for b-9 on this cluster");
    let line = "2026-03-01T12:00:01Z fatal: no license for a-7 on this cluster";
    let expected = format!("the programs end with exit code 1 after the same line: {line}");
    assert_eq!(told(&[a.clone(), b]), [(expected, vec![0, 1], None)]);
    let mut other_code = of("c-1", line);
    other_code.findings[0].exit_code = Some(2);
    assert_eq!(told(&[a, other_code]), []);
    for line in ["Killed", "exit 1", "npm ERR! command failed", "12 34 56 78 90 12 34"] {
        assert_eq!(told(&[of("a", line), of("b", line)]), [], "{line}");
    }
}

#[test]
fn a_node_is_the_reason_only_where_pods_elsewhere_are_well() {
    let on_node = |elsewhere: u64| {
        let mut finding = finding("not-ready", None);
        let node =
            json!({"node": "n1", "failing": 2, "healthy_here": 0, "healthy_elsewhere": elsewhere});
        finding.comparison = Some(serde_json::from_value(json!({"node": node})).unwrap());
        vec![finding]
    };
    let expected = "the pods fail on node n1 and are healthy on others".to_owned();
    let both = [target("a", on_node(3)), target("b", on_node(2))];
    assert_eq!(told(&both), [(expected, vec![0, 1], None)]);
    assert_eq!(told(&[target("a", on_node(0)), target("b", on_node(0))]), []);
}

#[test]
fn what_a_larger_cause_explains_is_not_told_again() {
    let host = || cannot_reach("pg", Some(5432));
    let secret = || needs(SubjectKind::Secret, "s");
    let targets = [
        target("a", vec![host(), secret()]),
        target("b", vec![host(), secret()]),
        target("c", vec![host()]),
    ];
    assert_eq!(told(&targets).len(), 1);
    let more = [&targets[..], &[target("d", vec![secret()])]].concat();
    assert_eq!(told(&more).iter().map(|(_, of, _)| of.len()).collect::<Vec<_>>(), [3, 3]);
}

/// Targets that need some of a few things, in any state.
fn release() -> impl Strategy<Value = Vec<Target>> {
    let things = || {
        vec![
            needs(SubjectKind::Secret, "s"),
            needs(SubjectKind::Image, "i"),
            cannot_reach("t0", Some(80)),
            cannot_reach("t1.shop", None),
            cannot_reach("x.example.com", Some(443)),
            ends(1, "p", "fatal: no license for this cluster"),
            finding("crash-loop", None),
        ]
    };
    let verdict = prop_oneof![
        Just(Verdict::Passed),
        Just(Verdict::Failed),
        Just(Verdict::TimedOut),
        Just(Verdict::Inconclusive)
    ];
    let one = (verdict, subsequence(things(), 0..3), prop::bool::ANY, prop::bool::ANY);
    prop::collection::vec(one, 0..7).prop_map(|all| {
        let targets = all.into_iter().enumerate();
        let targets = targets.map(|(number, (verdict, mut findings, suspected, elsewhere))| {
            if suspected {
                findings.iter_mut().for_each(|one| one.state = FindingState::Suspected);
            }
            let namespace = if elsewhere { "mail" } else { "shop" };
            let target = target(&format!("t{number}"), findings);
            in_namespace(namespace, Target { verdict, ..target })
        });
        targets.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(13), cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn a_common_cause_explains_at_least_two_that_did_not_pass(targets in release()) {
        for common in found(&targets) {
            let all: BTreeSet<_> = common.all().collect();
            prop_assert!(all.len() > 1 && all.len() == common.all().count());
            for id in all {
                let target = &targets[id.index()];
                prop_assert!(target.verdict != Verdict::Passed && !target.findings.is_empty());
            }
            let is_shown = |id: &TargetId| {
                targets[id.index()].findings.iter().any(|finding| finding.cause == common.cause)
            };
            let whose = common.origin.as_ref().map_or(&common.targets[..], std::slice::from_ref);
            prop_assert!(whose.iter().any(is_shown));
            prop_assert!(!common.what.is_empty() && !common.next_step.is_empty());
        }
    }

    #[test]
    fn the_order_of_targets_changes_nothing(targets in release()) {
        let names = |targets: &[Target]| -> BTreeSet<(Vec<String>, Option<String>)> {
            let name = |id: TargetId| targets[id.index()].name.to_string();
            let all = found(targets).into_iter().map(|common| {
                let mut names: Vec<_> = common.targets.iter().map(|id| name(*id)).collect();
                names.sort();
                (names, common.origin.map(name))
            });
            all.collect()
        };
        let turned: Vec<_> = targets.iter().rev().cloned().collect();
        prop_assert_eq!(names(&targets), names(&turned));
    }

    #[test]
    fn what_passed_beside_it_changes_nothing(targets in release()) {
        let bad: Vec<_> = targets.iter().filter(|one| one.verdict != Verdict::Passed).cloned().collect();
        let what = |targets: &[Target]| found(targets).into_iter().map(|one| one.what).collect::<Vec<_>>();
        prop_assert_eq!(what(&targets), what(&bad));
    }
}
