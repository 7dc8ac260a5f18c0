//! What messages of kubelets, runtimes, registries, drivers, schedulers and admission mean: each line of the table is
//! played in a world, and judged by the rules that judge a cluster.

use super::*;

/// Kind, cause, attribution, whether it heals, sign, message; `-` where there is none.
const TABLE: &str = include_str!("../../../tests/fixtures/messages.tsv");

struct Row<'t> {
    kind: &'t str,
    cause: &'t str,
    attribution: &'t str,
    heals: &'t str,
    sign: &'t str,
    message: String,
}

fn table() -> impl Iterator<Item = Row<'static>> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [kind, cause, attribution, heals, sign, message] = cells[..] else {
            panic!("six cells: {line}")
        };
        Row { kind, cause, attribution, heals, sign, message: message.replace("\\n", "\n") }
    })
}

/// A world in which Kubernetes says this.
fn play(kind: &str, message: &str) -> Script {
    let (kind, reason) = kind.split_once(':').unwrap_or((kind, ""));
    // what fails at once does so whatever is allowed, and else at the second time
    let policy = Policy { timeout: Duration::from_secs(3600), max_restarts: 1, ..policy() };
    let mut script = match kind {
        "create" => Script::new(1, policy),
        _ => rolling(1, policy),
    };
    match kind {
        "pull" => script.wait("app-0", "ErrImagePull", message),
        "waiting" => script.wait("app-0", reason, message),
        "start" => script.change("app-0", |pod| {
            unready_app(pod);
            pod["status"]["containerStatuses"][0]["state"] = json!({"terminated": {
                "exitCode": 128, "reason": "StartError", "message": message, "containerID": "containerd://a",
                "startedAt": "1970-01-01T00:00:00Z", "finishedAt": "2026-01-02T00:00:03Z"}});
        }),
        "create" => {
            script.sets[1]["status"]["conditions"] = json!([{"type": "ReplicaFailure",
                "status": "True", "reason": "FailedCreate", "message": message}]);
            script.secs(1)
        }
        "event" => {
            script.event("app-0", reason, None, message, 5);
            script.wait("app-0", "ContainerCreating", "")
        }
        "schedule" => script.change("app-0", |pod| {
            pod["spec"]["nodeName"] = json!(null);
            pod["status"] = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled",
                "status": "False", "reason": reason, "message": message}]});
        }),
        "probe" => {
            script.settle_status().secs(5);
            script.event("app-0", "Unhealthy", Some("spec.containers{app}"), message, 30);
            if reason == "liveness" {
                let killed = "Container app failed liveness probe, will be restarted";
                script.event("app-0", "Killing", Some("spec.containers{app}"), killed, 31);
                script.crash("app-0", 137)
            } else {
                script.change("app-0", unready_app)
            }
        }
        "end" => script.change("app-0", |pod| {
            unready_app(pod);
            pod["status"]["containerStatuses"][0]["state"] = json!({"terminated": {
                "exitCode": message.parse::<i32>().unwrap(), "reason": reason, "containerID": "containerd://a",
                "startedAt": "2026-01-02T00:00:03Z", "finishedAt": "2026-01-02T00:00:05Z"}});
        }),
        "reject" => script.change("app-0", |pod| {
            pod["status"] = json!({"phase": "Failed", "reason": reason, "message": message});
        }),
        unknown => panic!("unknown kind of message: {unknown}"),
    };
    script.secs(2);
    script
}

/// What the rules make of it: how it heals is told by the time that it is given.
fn heals(script: &Script, finding: &Finding) -> &'static str {
    let grace = finding.grace_until.map(|until| until.since(finding.first_seen).as_secs());
    match (finding.cause, script.verdict(), grace) {
        (Cause::StartError, Some(Verdict::Failed), _) => "no",
        (Cause::StartError, _, _) => "yes",
        (Cause::Image | Cause::Create, _, Some(180)) => "yes",
        (Cause::Mount, _, Some(180)) => "yes",
        (Cause::Image, _, Some(60)) => "doubtful",
        (Cause::Image | Cause::Create, _, Some(30)) => "no",
        (Cause::Mount, _, Some(60)) => "no",
        _ => "-",
    }
}

#[test]
fn messages_mean_what_the_table_says() {
    let mut wrong = Vec::new();
    for row in table() {
        let script = play(row.kind, &row.message);
        let findings = script.gate.findings();
        let found = findings.first().map(|finding| {
            let sign = finding.diagnosis.as_ref().map_or("-", |diagnosis| &diagnosis.sign);
            let (cause, attribution) = (finding.cause.as_str(), finding.attribution.as_str());
            [cause, attribution, heals(&script, finding), sign].join(" ")
        });
        let expected = [row.cause, row.attribution, row.heals, row.sign].join(" ");
        let found = found.unwrap_or_default();
        if found != expected {
            wrong.push(format!("{}\n  said:  {found}\n  right: {expected}", row.message));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
