//! What the new revision is expected to be.

use super::*;

/// A rollout whose template runs this image, judged by these expectations.
fn judged(image: &str, policy: Policy) -> Script {
    let mut script = Script::new(1, policy);
    script.deployment["spec"]["template"]["spec"]["containers"][0]["image"] = json!(image);
    script.sets[1]["spec"]["template"]["spec"]["containers"][0]["image"] = json!(image);
    script.secs(1).change("app-0", |_| {}).settle_status().secs(80);
    script
}

fn flag(image: &str) -> Policy {
    Policy { expect_images: vec![image.into()], ..policy() }
}

fn manifest(images: &[(&str, &str)]) -> Policy {
    let images = images.iter().map(|(name, image)| ((*name).to_owned(), (*image).to_owned()));
    Policy { manifest_images: images.collect(), ..policy() }
}

fn reason(script: &Script) -> String {
    script.gate.decision().unwrap().reason.to_string()
}

#[test]
fn the_image_of_the_manifest_must_run() {
    let right = judged("shop/app:2", manifest(&[("app", "shop/app:2")]));
    assert_eq!(right.verdict(), Some(Verdict::Passed));
    assert!(right.gate.notes().iter().all(|note| !note.contains("manifest")));
    let wrong = judged("shop/app:1", manifest(&[("app", "shop/app:2")]));
    assert_eq!(wrong.decided(), Some((Verdict::Failed, vec![Cause::WrongImage])));
    assert_eq!(
        reason(&wrong),
        "wrong-image: container app: the manifest says shop/app:2, but the new revision runs shop/app:1"
    );
    let missing = judged("shop/app:2", manifest(&[("app", "shop/app:2"), ("side", "side:1")]));
    assert_eq!(
        reason(&missing),
        "wrong-image: container side: the manifest says side:1, but the new revision has no such container"
    );
}

#[test]
fn containers_that_the_manifest_does_not_have_were_injected() {
    let mut script = Script::new(1, manifest(&[("app", "shop/app:2")]));
    let injected = json!({"name": "proxy", "image": "mesh/proxy:9"});
    for object in [&mut script.deployment, &mut script.sets[1]] {
        let containers = object["spec"]["template"]["spec"]["containers"].as_array_mut().unwrap();
        containers.push(injected.clone());
    }
    script.secs(1).change("app-0", |_| {}).settle_status().secs(80);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn what_admission_rewrote_passes_with_a_note() {
    let note = |image: &str| {
        let script = judged(image, manifest(&[("app", "shop/app:2")]));
        assert_eq!(script.verdict(), Some(Verdict::Passed), "{image}");
        script.gate.notes().iter().find(|note| note.contains("manifest")).map(ToString::to_string)
    };
    assert_eq!(note("docker.io/shop/app:2@sha256:aa"), None);
    assert_eq!(
        note("mirror.example/shop/app:2").unwrap(),
        "container app runs mirror.example/shop/app:2, not shop/app:2 as in the manifest: the version agrees, the registry or path was rewritten"
    );
    assert_eq!(
        note("shop/app@sha256:aa").unwrap(),
        "container app runs shop/app@sha256:aa, which names no tag: not verified to be shop/app:2 as in the manifest"
    );
}

#[test]
fn a_tag_that_only_a_digest_stands_for_is_not_verified_and_never_passes() {
    let script = judged("shop/app@sha256:aa", flag("app:2"));
    assert_eq!(
        (script.verdict(), script.code()),
        (Some(Verdict::Inconclusive), Some(ReasonCode::Unverified))
    );
    assert_eq!(
        reason(&script),
        "not verified to run app:2: the new revision names only a digest, shop/app@sha256:aa"
    );
    let failed = {
        let mut script = Script::new(1, flag("app:2"));
        for object in [&mut script.deployment, &mut script.sets[1]] {
            object["spec"]["template"]["spec"]["containers"][0]["image"] = json!("app@sha256:aa");
        }
        script.secs(1).change("app-0", |_| {});
        script.crash("app-0", 1);
        script.secs(5);
        script
    };
    assert_eq!(failed.verdict(), Some(Verdict::Failed));
}

#[test]
fn init_containers_count_for_both() {
    let play = |policy| {
        let mut script = Script::new(1, policy);
        for object in [&mut script.deployment, &mut script.sets[1]] {
            object["spec"]["template"]["spec"]["initContainers"] =
                json!([{"name": "migrate", "image": "shop/migrate:2"}]);
        }
        script.secs(1).change("app-0", |_| {}).settle_status().secs(80);
        script.verdict()
    };
    assert_eq!(play(flag("migrate:2")), Some(Verdict::Passed));
    assert_eq!(play(flag("migrate:3")), Some(Verdict::Failed));
    assert_eq!(play(manifest(&[("migrate", "shop/migrate:2")])), Some(Verdict::Passed));
    assert_eq!(play(manifest(&[("migrate", "shop/migrate:3")])), Some(Verdict::Failed));
}

#[test]
fn of_several_targets_only_those_are_bound_that_run_the_repository() {
    let play = |image: &str| {
        let mut script = Script::new(1, flag(image));
        script.gate.hold_pass();
        script.secs(1).change("app-0", |_| {}).settle_status().secs(80);
        (script.gate.runs_repository(image), script.gate.held_pass().is_some(), script.verdict())
    };
    assert_eq!(play("web:1"), (Some(false), true, None));
    assert_eq!(play("app:2"), (Some(true), true, None));
    assert_eq!(play("app:3"), (Some(true), false, Some(Verdict::Failed)));
}

#[test]
fn an_image_of_the_command_line_stands_for_that_of_the_manifest() {
    let expecting = |flag: &str| {
        let expect_images = vec![flag.into()];
        judged("shop/app:2", Policy { expect_images, ..manifest(&[("app", "shop/app:dev")]) })
    };
    assert_eq!(expecting("app:2").verdict(), Some(Verdict::Passed));
    assert_eq!(expecting("app:3").verdict(), Some(Verdict::Failed));
    assert_eq!(expecting("app:3").gate.other_images(), ["app".into()]);
}

#[test]
fn a_label_or_annotation_of_the_workload_or_its_template_marks_the_release() {
    let expecting = |label: &str| {
        let mut script = Script::new(1, Policy { expect_labels: vec![label.into()], ..policy() });
        script.deployment["metadata"]["annotations"]["acme.example/commit"] = json!("0a1b");
        script.deployment["metadata"]["labels"] = json!({"version": "2"});
        for object in [&mut script.deployment, &mut script.sets[1]] {
            object["spec"]["template"]["metadata"] = json!({"labels": {"track": "main"}});
        }
        script.secs(1).change("app-0", |_| {}).settle_status().secs(80);
        script
    };
    for label in ["acme.example/commit=0a1b", "version=2", "track=main"] {
        assert_eq!(expecting(label).verdict(), Some(Verdict::Passed), "{label}");
    }
    for label in ["acme.example/commit=0a1c", "version=", "track=main2"] {
        assert_eq!(expecting(label).decided(), Some((Verdict::Failed, vec![Cause::WrongImage])));
    }
    assert_eq!(
        reason(&expecting("commit=0a1c")),
        "wrong-image: neither the workload nor its pod template has the label or annotation commit=0a1c"
    );
}
