//! That a target is not judged, because the cluster could not be read, or its nodes do not report.

use std::time::Duration;

use super::{Account, NextStep, first_few, length};
use crate::{
    clean,
    model::{Kind, TargetRef},
    observation::{FailureKind, ReadFailure},
    text::{Clean, Untrusted},
};

/// Permissions that are missing, e.g. `list pods`. `is_present`: the present state was to be judged.
pub fn not_permitted(target: &TargetRef, what: &[Clean], is_present: bool) -> Account {
    let what = first_few(what, 6);
    let reason = clean!("deploygate may not {} in namespace {}", what, target.namespace);
    forbidden(target, reason, is_present)
}

/// Reads are refused.
pub fn refused(target: &TargetRef, failure: &ReadFailure, is_present: bool) -> Account {
    let text = failure.message.to_clean_line(300);
    let resource = Clean::from_static(failure.resource.as_str());
    match failure.kind {
        FailureKind::Unauthorized => unknown_account(&text),
        _ => {
            forbidden(target, clean!("deploygate may not read {}: {}", resource, text), is_present)
        }
    }
}

/// The cluster does not know who asks, as it says in this text: no Role helps.
pub fn unknown_account(text: &Clean) -> Account {
    Account::new(
        clean!("the cluster rejected deploygate's credentials: {}", text),
        "log in again, or correct the credentials in the kubeconfig: a token or certificate may have expired",
    )
}

/// The cluster does not serve the kind of the target, as the reader found.
pub fn not_served(target: &TargetRef, failure: &ReadFailure) -> Account {
    let why = failure.message.to_clean_line(300);
    if target.kind.kind() == Kind::Custom {
        let reason = clean!("{} cannot be judged: {}", target, why);
        let step = NextStep::from_static("correct the resource's name, or check `--context`");
        let next_step = step.with(Clean::from_static("kubectl api-resources --namespaced=true"));
        return Account { reason, next_step };
    }
    let reason = clean!("{} cannot exist: {}", target, why);
    Account::new(reason, "check `--context`, or install the API's CustomResourceDefinitions")
}

fn forbidden(target: &TargetRef, reason: Clean, is_present: bool) -> Account {
    let namespace = &target.namespace;
    let what = clean!(
        "bind the ClusterRole `view` to deploygate's account in namespace {}, or the minimal Role that this command prints",
        namespace
    );
    let access = match is_present {
        // one Role does for all that is there
        true => clean!("deploygate access --check -n {}", namespace),
        false => clean!("deploygate access {} -n {}", target, namespace),
    };
    Account { reason, next_step: NextStep::new(what).with(access) }
}

/// No consistent read succeeded for so long. `was_read`: one had before.
pub fn stale(age: Duration, was_read: bool, failure: Option<&ReadFailure>) -> Account {
    let text = failure.map_or_else(
        || Clean::from_static("no response"),
        |failure| failure.message.to_clean_line(300),
    );
    let age = super::whole_seconds(age);
    let reason = match was_read {
        false => clean!("the cluster could not be read for {}: {}", age, text),
        true => clean!("no successful API read for {}: {}", age, text),
    };
    Account::new(reason, after(failure.map(|failure| failure.kind), &text))
}

/// A read failed, and is not tried again.
pub fn failed(failure: &ReadFailure) -> Account {
    let text = failure.message.to_clean_line(300);
    match failure.kind {
        FailureKind::Unauthorized => unknown_account(&text),
        kind => {
            let next = after(Some(kind), &text);
            Account::new(clean!("the cluster could not be read: {}", text), next)
        }
    }
}

/// What to do after a read that failed.
fn after(kind: Option<FailureKind>, text: &str) -> &'static str {
    match kind {
        Some(FailureKind::Unreachable) => when_unreachable(text),
        // Go's net/http `server.go` says so of a TLS listener
        Some(_) if text.contains("HTTP request to an HTTPS server") => {
            "correct the server's URL in the kubeconfig: it begins with https://"
        }
        _ => "run deploygate again; to wait longer for the API server, set `--grace stale=2m`",
    }
}

/// No request could be sent, by what the kubeconfig or a credential plugin says.
pub fn not_connected(why: &Untrusted, hint: &Untrusted) -> Account {
    Account {
        reason: clean!("failed to connect to the cluster: {}", why.to_clean_line(500)),
        next_step: hint.to_clean_line(500).into(),
    }
}

/// What to do when the API server does not answer, by the words of rustls, of a proxy's client and of the resolver.
fn when_unreachable(text: &str) -> &'static str {
    let text = text.to_ascii_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    if says(&["invalid peer certificate"]) {
        "if the API server uses a private CA, put its certificate into `certificate-authority-data` in the kubeconfig, or its \
         file into SSL_CERT_FILE"
    } else if says(&["proxy", "tunnel", "socks"]) {
        "check HTTPS_PROXY, or add the API server to NO_PROXY, then run deploygate again"
    } else if says(&["dns error", "failed to lookup address"]) {
        "check the server's host name in the kubeconfig, and that it resolves here; behind a proxy, set HTTPS_PROXY"
    } else {
        "check that the API server is reachable from here, then run deploygate again"
    }
}

/// Reads succeed, and never close enough to each other for a window.
pub fn too_few_reads(window: Duration) -> Account {
    Account::new(
        clean!(
            "too few API reads succeeded to watch the pods for {} without a gap",
            length(window)
        ),
        "check why the API server responds so rarely, then run deploygate again",
    )
}

/// So many nodes are lost that the rest says too little.
pub fn lost_nodes(nodes: &[Clean], wanted: u64) -> Account {
    let reason = clean!(
        "{} of the {} nodes {} not ready, so too little of the rollout can be judged: {}",
        nodes.len(),
        wanted,
        Clean::from_static(if nodes.len() == 1 { "is" } else { "are" }),
        first_few(nodes, 5)
    );
    let step = NextStep::from(super::waiting::restore_nodes());
    let next_step = match nodes {
        [node, ..] => step.with(clean!("kubectl describe node {}", node)),
        [] => step,
    };
    Account { reason, next_step }
}

/// Nodes have not renewed their Leases for so long, or their Leases could not be read.
pub fn silent_nodes(nodes: &[Clean], silence: Duration, failure: Option<&ReadFailure>) -> Account {
    let (what, silence) = (first_few(nodes, 3), super::whole_seconds(silence));
    let reason = match (failure, nodes) {
        (Some(failure), _) => clean!(
            "the Leases of the nodes could not be read for {}: {}",
            silence,
            failure.message.to_clean_line(200)
        ),
        (None, [_]) => clean!(
            "node {} has not reported for {}: the state of its pods may be outdated",
            what,
            silence
        ),
        (None, _) => clean!(
            "nodes {} have not reported for {}: the state of their pods may be outdated",
            what,
            silence
        ),
    };
    let step = NextStep::from_static("check the node, then run deploygate again");
    let next_step = match nodes {
        [node, ..] => step.with(clean!("kubectl describe node {}", node)),
        [] => step,
    };
    Account { reason, next_step }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Resource;

    #[test]
    fn an_api_server_that_does_not_answer_has_a_next_step() {
        for (text, expected) in [
            ("client error (Connect): invalid peer certificate: UnknownIssuer", "SSL_CERT_FILE"),
            ("client error (Connect): tunnel error: io error establishing tunnel", "NO_PROXY"),
            (
                "client error (Connect): dns error: failed to lookup address information: Name or service not known",
                "the server's host name",
            ),
            ("client error (Connect): tcp connect error: Connection refused", "is reachable"),
            ("no response", "is reachable"),
        ] {
            let next = when_unreachable(text);
            assert!(next.contains(expected), "{text}: {next}");
        }
    }

    #[test]
    fn a_role_is_advised_only_to_an_account_that_the_cluster_knows() {
        let target = TargetRef {
            kind: Kind::Deployment.into(),
            namespace: "shop".parse().unwrap(),
            name: "app".parse().unwrap(),
        };
        let next = |kind, message: &str| {
            let message = Untrusted::from(message);
            let failure = ReadFailure { kind, resource: Resource::Workload, message };
            let told = [refused(&target, &failure, false), failed(&failure)];
            told.map(|account| account.next_step.sentence().to_string())
        };
        let [refused, failed] = next(FailureKind::Unauthorized, "Unauthorized");
        assert!(refused.starts_with("log in again, or correct the credentials"), "{refused}");
        assert_eq!(refused, failed);
        let [refused, _] = next(FailureKind::Forbidden, "deployments is forbidden");
        assert!(refused.contains("minimal Role"), "{refused}");
        let text = "HTTP 400 Bad Request: Client sent an HTTP request to an HTTPS server.";
        let [_, failed] = next(FailureKind::Refused, text);
        assert!(failed.contains("begins with https://"), "{failed}");
    }
}
