//! Why a verdict fell that no finding explains, and what to do then.

use std::time::Duration;

use super::{NextStep, counted_of, first_few, length};
use crate::{
    clean,
    model::{Elapsed, Kind, Namespace, ServerTime, TargetRef},
    observation::{FailureKind, ReadFailure, Signal},
    text::{Clean, Untrusted},
};

/// Why a verdict fell, and what to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// What happened, in one line.
    pub reason: Clean,
    /// What to do; empty where nothing is to be done.
    pub next_step: NextStep,
}

impl Account {
    fn new(reason: Clean, next: &'static str) -> Self {
        Self { reason, next_step: NextStep::from_static(next) }
    }

    /// The target went with its namespace, which is being deleted.
    fn with_its_namespace(self, namespace: &Namespace) -> Self {
        let reason = clean!("{}: {}", self.reason, namespace_goes(namespace));
        Self { reason, next_step: wait_for_namespace() }
    }
}

/// No pod is of the update revision, so there is nothing to judge.
pub fn nothing_updated(target: &TargetRef, why: &'static str, step: &'static str) -> Account {
    Account::new(clean!("{}: {}", target, Clean::from_static(why)), step)
}

/// A workload that ends by itself did its work, in its controller's words.
pub fn completed(how: &Clean) -> Account {
    Account { reason: clean!("completed: {}", how), next_step: NextStep::default() }
}

/// A Job failed, in its controller's words, with those of its indexes that did.
pub fn job_failed(told: &Clean, indexes: Option<&Clean>) -> Clean {
    match indexes {
        Some(indexes) => clean!("{}; failed indexes: {}", told, indexes),
        None => told.clone(),
    }
}

/// It had before the run began.
pub fn completed_before(target: &TargetRef, ended: ServerTime) -> Clean {
    clean!("{} had already completed when deploygate started, at {}", target, ended)
}

/// Pods that an update leaves as they are, so that a pass says nothing of them.
pub fn not_judged(pods: &[Clean]) -> Clean {
    clean!("not checked, because the update leaves them as they are: {}", first_few(pods, 6))
}

/// Another target failed before this one was decided.
pub fn stopped(waiting_for: &[Clean], is_complete: bool) -> Account {
    let state = match (is_complete, waiting_for.first()) {
        (true, _) => Clean::from_static("its rollout was complete, its health window was not over"),
        (false, None) => Clean::from_static("its rollout goes on unwatched"),
        (false, Some(wait)) => clean!("its rollout goes on unwatched, waiting for {}", wait),
    };
    Account::new(
        clean!("not decided, because another target failed first: {}", state),
        "correct what failed first; `--keep-going` waits for every target",
    )
}

/// An image with a digest alone, where a tag was expected.
pub fn image_unverified(expected: &Clean, image: &Clean) -> Account {
    Account::new(
        clean!("not verified to run {}: the new revision names only a digest, {}", expected, image),
        "pass the digest that the build pushed to `--expect-image`",
    )
}

/// A signal ended the run.
pub fn interrupted(signal: Signal) -> Account {
    let signal = match signal {
        Signal::Interrupt => Clean::from_static("SIGINT"),
        Signal::Terminate => Clean::from_static("SIGTERM"),
    };
    Account::new(
        clean!("interrupted by {} before a verdict", signal),
        "run deploygate again: the rollout may still be in progress",
    )
}

/// Nobody decided.
pub fn undecided() -> Clean {
    Clean::from_static("deploygate ended without a verdict")
}

/// The target does not exist. `namespace_goes`: its namespace is being deleted.
pub fn not_found(target: &TargetRef, namespace_goes: bool) -> Account {
    let reason = clean!("{} not found in namespace {}", target, target.namespace);
    let account = Account::new(reason, "check the name, `--namespace` and `--context`");
    if namespace_goes { account.with_its_namespace(&target.namespace) } else { account }
}

/// The target was deleted. `namespace_goes`: its namespace is being deleted.
pub fn deleted(target: &TargetRef, namespace_goes: bool) -> Account {
    let reason = clean!("{} was deleted while deploygate watched it", target);
    let account = Account::new(reason, "apply it again, then run deploygate again");
    if namespace_goes { account.with_its_namespace(&target.namespace) } else { account }
}

/// Controllers create nothing in a namespace that is being deleted, and do not say so.
pub fn namespace_goes(namespace: &Namespace) -> Clean {
    clean!("namespace {} is being deleted, so nothing can be created in it", namespace)
}

/// What to do where the namespace is being deleted.
pub fn wait_for_namespace() -> NextStep {
    NextStep::from_static("wait until the namespace is gone, create it again, and deploy again")
}

/// A newer rollout replaced the one that was watched.
pub fn superseded(target: &TargetRef, revision: Option<&Clean>) -> Account {
    let reason = match revision {
        Some(revision) => clean!("a newer rollout of {} replaced revision {}", target, revision),
        None => clean!("a newer rollout of {} replaced the one being watched", target),
    };
    Account::new(reason, "the newer rollout's own run decides")
}

/// The rollout is paused, or the Job suspended.
pub fn paused(target: &TargetRef) -> Account {
    if target.kind.kind() == Kind::Job {
        let patch = "{\"spec\":{\"suspend\":false}}";
        let resume = clean!(
            "kubectl patch {} -n {} -p '{}'",
            target,
            target.namespace,
            Clean::from_static(patch)
        );
        return Account {
            reason: clean!("{} is suspended: no pods are created", target),
            next_step: NextStep::from_static("resume the Job").with(resume),
        };
    }
    let resume = clean!("kubectl rollout resume {} -n {}", target, target.namespace);
    Account {
        reason: clean!("{} is paused: its rollout does not continue", target),
        next_step: NextStep::from_static("resume the rollout").with(resume),
    }
}

/// The workload has 0 replicas.
pub fn no_replicas(target: &TargetRef) -> Account {
    let reason = clean!("{} has 0 replicas: nothing to check", target);
    Account::new(reason, "scale it up, or skip deploygate where nothing should run")
}

/// Permissions that are missing, e.g. `list pods`.
pub fn not_permitted(target: &TargetRef, what: &[Clean]) -> Account {
    let what = first_few(what, 6);
    forbidden(target, clean!("deploygate may not {} in namespace {}", what, target.namespace))
}

/// Reads are refused.
pub fn refused(target: &TargetRef, failure: &ReadFailure) -> Account {
    let text = failure.message.to_clean_line(300);
    let resource = Clean::from_static(failure.resource.as_str());
    let reason = match failure.kind {
        FailureKind::Unauthorized => {
            clean!("the cluster rejected deploygate's credentials ({}): {}", resource, text)
        }
        _ => clean!("deploygate may not read {}: {}", resource, text),
    };
    forbidden(target, reason)
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

fn forbidden(target: &TargetRef, reason: Clean) -> Account {
    let namespace = &target.namespace;
    let what = clean!(
        "bind the ClusterRole `view` to deploygate's account in namespace {}, or the minimal Role that this command prints",
        namespace
    );
    let access = clean!("deploygate access {} -n {}", target, namespace);
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
    match failure.map(|failure| failure.kind) {
        Some(FailureKind::Unreachable) => Account::new(reason, when_unreachable(&text)),
        _ => Account::new(
            reason,
            "run deploygate again; to wait longer for the API server, set `--grace stale=2m`",
        ),
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

/// A recording ended before a verdict, while the rollout waited for this.
pub fn recording_ends(at: Elapsed, waits: &Clean) -> Account {
    let reason = match waits.is_empty() {
        true => clean!("the recording ends at {}, before a verdict", at),
        false => clean!(
            "the recording ends at {}, before a verdict: the rollout was still waiting for {}",
            at,
            waits
        ),
    };
    Account::new(reason, "replay a recording of a run that reached a verdict")
}

/// Pods that stayed ready for the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stayed {
    /// Pods that should run.
    pub desired: u64,
    /// Pods that stayed ready, and for how long.
    pub stayed: u64,
    /// How long they did.
    pub held: Duration,
    /// Pods that were created in the window and stayed ready.
    pub joined: u64,
    /// How long they did at least.
    pub joined_for: Duration,
}

/// Everything is well.
pub fn passed(revision: &Clean, pods: Stayed) -> Account {
    let Stayed { desired, stayed, held, joined, joined_for } = pods;
    let (held, since) = (super::whole_seconds(held), super::whole_seconds(joined_for));
    let reason = match (stayed, joined) {
        (_, 0) => clean!(
            "{} of {} stayed ready for {}",
            counted_of(stayed, desired, "pod"),
            revision,
            held
        ),
        (0, _) => clean!(
            "{} of {}, created in the window, stayed ready for {}",
            counted_of(joined, desired, "pod"),
            revision,
            since
        ),
        _ => clean!(
            "{} of {} stayed ready for {}, and {} created in the window for {}",
            counted_of(stayed, desired, "pod"),
            revision,
            held,
            joined,
            since
        ),
    };
    Account { reason, next_step: NextStep::default() }
}

/// Why a pod broke the window.
pub fn was_not_ready(pod: &Clean) -> Clean {
    clean!("pod {} was not ready", pod)
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
