//! What the plain JSON of a workload says against a green verdict on it.

use serde_json::{Value, json};

use super::world::{UID, World};

/// Why it should not have passed; `None` if all that is looked at here speaks for it. Every pod must be ready.
pub(in crate::gate::tests) fn objection(world: &World) -> Option<String> {
    let kind = world.workload["kind"].as_str().unwrap();
    match kind {
        "StatefulSet" => stateful_set(world),
        "DaemonSet" => daemon_set(world),
        "Job" => job(world),
        "Custom" => custom(world),
        _ => rollout(world),
    }
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or(0)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> + Clone {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

fn is_true(object: &Value, kind: &str) -> bool {
    let first = list(&object["status"]["conditions"]).find(|it| it["type"] == json!(kind));
    first.is_some_and(|it| it["status"] == json!("True"))
}

fn is_owned_by(object: &Value, uid: &Value) -> bool {
    list(&object["metadata"]["ownerReferences"])
        .any(|owner| owner["controller"] == json!(true) && owner["uid"] == *uid)
}

fn size(spec: &Value) -> i64 {
    if spec["replicas"].is_null() { 1 } else { number(&spec["replicas"]) }
}

/// Pods of this owner with this label that are ready, and not about to end.
fn ready(world: &World, owner: &Value, label: Option<(&str, &str)>) -> i64 {
    let is_one = |pod: &&Value| {
        let phase = &pod["status"]["phase"];
        let has_label =
            label.is_none_or(|(key, value)| pod["metadata"]["labels"][key] == json!(value));
        is_owned_by(pod, owner)
            && has_label
            && pod["metadata"]["deletionTimestamp"].is_null()
            && *phase != json!("Failed")
            && *phase != json!("Succeeded")
            && is_true(pod, "Ready")
    };
    i64::try_from(world.pods.iter().filter(is_one).count()).unwrap()
}

/// Fewer than these are ready, or none is asked for.
fn lacks(ready: i64, wanted: i64) -> Option<String> {
    (wanted < 1 || ready < wanted).then(|| format!("{ready} of {wanted} are ready"))
}

fn is_behind(workload: &Value) -> bool {
    number(&workload["status"]["observedGeneration"]) < number(&workload["metadata"]["generation"])
}

fn stateful_set(world: &World) -> Option<String> {
    let (spec, status) = (&world.workload["spec"], &world.workload["status"]);
    let update = status["updateRevision"].as_str().unwrap_or_default();
    if is_behind(&world.workload) || update.is_empty() {
        return Some("not observed".into());
    }
    let strategy = &spec["updateStrategy"];
    let has_one_revision = status["currentRevision"] == json!(update);
    let partition = number(&strategy["rollingUpdate"]["partition"]).max(0);
    let wanted = match strategy["type"] == json!("OnDelete") {
        _ if size(spec) < 1 => 0,
        _ if has_one_revision => size(spec),
        true => number(&status["updatedReplicas"]),
        false => size(spec).saturating_sub(partition),
    };
    lacks(ready(world, &json!(UID), Some(("controller-revision-hash", update))), wanted)
}

fn daemon_set(world: &World) -> Option<String> {
    let status = &world.workload["status"];
    if is_behind(&world.workload) {
        return Some("not observed".into());
    }
    let own = world.controller_revisions.iter().filter(|it| is_owned_by(it, &json!(UID)));
    let newest = own.max_by_key(|it| number(&it["revision"]));
    let hash = newest.and_then(|it| it["metadata"]["labels"]["controller-revision-hash"].as_str());
    let Some(hash) = hash else { return Some("no revision".into()) };
    let is_on_delete = world.workload["spec"]["updateStrategy"]["type"] == json!("OnDelete");
    let wanted = if is_on_delete { "updatedNumberScheduled" } else { "desiredNumberScheduled" };
    let wanted = number(&status[wanted]);
    if number(&status["updatedNumberScheduled"]) < wanted {
        return Some("the controller counts otherwise".into());
    }
    lacks(ready(world, &json!(UID), Some(("controller-revision-hash", hash))), wanted)
}

fn job(world: &World) -> Option<String> {
    let holds = |kind| is_true(&world.workload, kind);
    if holds("Failed") || holds("FailureTarget") {
        return Some("it failed".into());
    }
    (!holds("Complete") && !holds("SuccessCriteriaMet")).then(|| "it is not complete".into())
}

fn custom(world: &World) -> Option<String> {
    let (metadata, status) = (&world.workload["metadata"], &world.workload["status"]);
    let told = |seen: &Value| seen.as_i64().or_else(|| seen.as_str()?.parse().ok());
    let generation = number(&metadata["generation"]);
    let seen = told(&status["observedGeneration"]);
    if seen.is_some_and(|seen| seen < generation) {
        return Some("not observed".into());
    }
    let is = |condition: &Value, expected: &str| match &condition["status"] {
        Value::Bool(is) => is.to_string().eq_ignore_ascii_case(expected),
        text => text.as_str().is_some_and(|text| text.eq_ignore_ascii_case(expected)),
    };
    let is_told = |one: &&Value| one["status"].is_string() || one["status"].is_boolean();
    let of = |kinds: &[&str]| -> Vec<&Value> {
        let all = list(&status["conditions"]).filter(is_told);
        all.filter(|one| one["type"].as_str().is_some_and(|kind| kinds.contains(&kind))).collect()
    };
    let good = of(&["Ready", "Available", "Succeeded", "Complete", "Healthy"]);
    let holds = |one: &&Value| {
        is(one, "True") && told(&one["observedGeneration"]).is_none_or(|seen| seen >= generation)
    };
    if good.is_empty() || !good.iter().all(holds) {
        return Some("a condition is not met".into());
    }
    if of(&["Reconciling"]).iter().any(|one| is(one, "True")) {
        return Some("it is worked on".into());
    }
    let is_current = |one: &Value| {
        told(&one["observedGeneration"]).or(seen).is_some_and(|seen| seen >= generation)
    };
    if of(&["Stalled", "Failed"]).iter().any(|one| is(one, "True") && is_current(one)) {
        return Some("it failed".into());
    }
    let leads = |uid: &Value| *uid == json!(UID) || *uid == json!("rs");
    let is_its_own = |pod: &&Value| {
        let owners = list(&pod["metadata"]["ownerReferences"]);
        let controller = owners.clone().find(|owner| owner["controller"] == json!(true));
        match controller {
            Some(controller) => leads(&controller["uid"]),
            None => owners.into_iter().any(|owner| leads(&owner["uid"])),
        }
    };
    let is_unready = |pod: &&Value| {
        let phase = pod["status"]["phase"].as_str();
        pod["metadata"]["deletionTimestamp"].is_null()
            && !matches!(phase, Some("Failed" | "Succeeded"))
            && !is_true(pod, "Ready")
    };
    let unready = world.pods.iter().filter(is_its_own).filter(is_unready).count();
    (unready > 0).then(|| format!("{unready} pods are not ready"))
}

fn rollout(world: &World) -> Option<String> {
    let (spec, status) = (&world.workload["spec"], &world.workload["status"]);
    if spec["paused"] == json!(true)
        || status["abort"] == json!(true)
        || is_true(&world.workload, "InvalidSpec")
    {
        return Some("paused, aborted or refused".into());
    }
    let seen = &status["observedGeneration"];
    let seen = seen.as_i64().or_else(|| seen.as_str().and_then(|seen| seen.parse().ok()));
    if seen.is_some_and(|seen| seen < number(&world.workload["metadata"]["generation"])) {
        return Some("not observed".into());
    }
    let hash = status["currentPodHash"].as_str().unwrap_or_default();
    let is_active = !spec["strategy"]["blueGreen"].is_object()
        || status["blueGreen"]["activeSelector"] == json!(hash);
    if hash.is_empty() || status["stableRS"] != json!(hash) || !is_active {
        return Some("not promoted".into());
    }
    if !matches!(status["phase"].as_str().unwrap_or_default(), "Healthy" | "") {
        return Some("not healthy by its controller".into());
    }
    let mut sets = world.replica_sets.iter().filter(|set| is_owned_by(set, &json!(UID)));
    let set =
        sets.find(|set| set["metadata"]["labels"]["rollouts-pod-template-hash"] == json!(hash));
    let Some(set) = set else { return Some("no revision".into()) };
    lacks(ready(world, &set["metadata"]["uid"], None), size(spec))
}
