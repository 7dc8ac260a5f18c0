//! The key details of a failing pod.

#[cfg(test)]
mod tests;

use std::time::Duration;

use super::{joined, length, whole_seconds};
use crate::{
    clean,
    evidence::{
        Attribution, ContainerDetails, Evidence, ImageTag, NodeFacts, ObjectDetails, ObjectKind,
        PodDetails, Presence, ProbeDetails, ProbeKind, TokenMount,
    },
    text::Clean,
};

/// Objects and mounts that are named; the others are counted.
const NAMED: usize = 8;

/// Uses of an object that are named.
const USES: usize = 3;

/// Something known about a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// What it is about, e.g. `Image`.
    pub name: &'static str,
    /// What is known, in one line.
    pub text: Clean,
    /// It is not as it should be.
    pub is_trouble: bool,
}

impl Detail {
    fn new(name: &'static str, text: Clean) -> Self {
        Self { name, text, is_trouble: false }
    }

    fn wrong(name: &'static str, text: Clean) -> Self {
        Self { name, text, is_trouble: true }
    }
}

/// The details that belong to a finding with this owner: what is not as it should be first, the node last.
pub fn details(evidence: &Evidence, owner: Attribution) -> Vec<Detail> {
    let image = evidence.image.iter().map(|image| Detail::new("Image", image.clone()));
    let mut all = Vec::new();
    match &evidence.details {
        Some(details) => of_pod(details, image, owner, &mut all),
        None => {
            all.extend(image);
            all.extend(evidence.node.iter().map(|node| Detail::new("Node", node.clone())));
        }
    }
    all.retain(|detail| !detail.text.is_empty());
    all.sort_by_key(|detail| !detail.is_trouble);
    all
}

fn of_pod(
    details: &PodDetails,
    image: impl Iterator<Item = Detail>,
    owner: Attribution,
    all: &mut Vec<Detail>,
) {
    let (accounts, objects): (Vec<_>, Vec<_>) =
        details.objects.iter().partition(|object| object.kind == ObjectKind::ServiceAccount);
    let (lacking, others): (Vec<_>, Vec<_>) =
        objects.into_iter().partition(|object| object.is_lacking());
    all.push(Detail::wrong("Missing", few(lacking.into_iter().map(object), NAMED, "; ")));
    // of a failure that is the whole pod's, its containers' parts would be a list without a point
    match &*details.containers {
        [container] => {
            of_image(container, all);
            all.push(Detail::new("Resources", resources(container)));
            all.extend(container.probes.iter().map(probe));
        }
        _ => all.extend(image),
    }
    all.push(Detail::new("Refers to", few(others.into_iter().map(object), NAMED, "; ")));
    all.push(Detail::new("Mounts", mounts(details)));
    all.extend(accounts.first().map(|account| service_account(account, details.token)));
    if let (Some(created), Some(started)) = (details.created, details.started) {
        let later = whole_seconds(started.since(created));
        let text = clean!("created {}, accepted by its node {} later", created, later);
        all.push(Detail::new("Pod", text));
    }
    let Some(node) = &details.node else { return };
    let Some(facts) = &node.facts else {
        return all.push(Detail::new("Node", node.name.clone()));
    };
    let NodeFacts { kubelet, runtime, os, architecture, .. } = facts;
    let text = clean!("{}: kubelet {}, {}, {}, {}", node.name, kubelet, runtime, os, architecture);
    all.push(Detail::new("Node", text));
    // where the program or the manifest is at fault, the node's state explains nothing
    let is_trouble = matches!(owner, Attribution::Platform | Attribution::Unknown);
    all.push(Detail { is_trouble, ..Detail::new("State of the node", troubles(facts)) });
}

fn of_image(container: &ContainerDetails, all: &mut Vec<Detail>) {
    let image = &container.image;
    all.push(match container.tag {
        ImageTag::Latest => Detail::wrong("Image", clean!("{} (the tag `latest` moves)", image)),
        ImageTag::Missing => {
            Detail::wrong("Image", clean!("{} (no tag, so `latest`, which moves)", image))
        }
        ImageTag::Named | ImageTag::Digest => Detail::new("Image", image.clone()),
    });
    all.extend(container.image_id.as_ref().map(|id| match &container.image_id_before {
        None => Detail::new("Image ID", id.clone()),
        Some(before) => Detail::wrong(
            "Image ID",
            clean!("{}; the revision before ran {} under the same name", id, before),
        ),
    }));
}

fn troubles(facts: &NodeFacts) -> Clean {
    let conditions = facts.troubles.iter();
    let conditions = conditions.map(|of| clean!("{} is {} ({})", of.kind, of.status, of.reason));
    let cordoned = facts.cordoned.then(|| Clean::from_static("it is cordoned"));
    let (runtime, kubelet) = (&facts.runtime, &facts.kubelet);
    let old = facts
        .runtime_too_old
        .then(|| clean!("{} is older than what kubelet {} supports", runtime, kubelet));
    let all: Vec<Clean> = conditions.chain(cordoned).chain(old).collect();
    joined(&all, "; ")
}

fn resources(container: &ContainerDetails) -> Clean {
    let amounts = container.resources.iter().map(|amount| {
        let resource = &amount.resource;
        match (&amount.request, &amount.limit) {
            (Some(request), Some(limit)) => {
                clean!("{}: request {}, limit {}", resource, request, limit)
            }
            (Some(request), None) => clean!("{}: request {}, no limit", resource, request),
            (None, Some(limit)) => clean!("{}: limit {}", resource, limit),
            (None, None) => clean!("{}: no limit", resource),
        }
    });
    match &*amounts.collect::<Vec<_>>() {
        [] => Clean::from_static("no requests, no limits"),
        amounts => joined(amounts, "; "),
    }
}

/// `HTTP GET port 80 path /up: killed after 30s of failures (every 10s, 3 in a row, timeout 1s)`.
fn probe(probe: &ProbeDetails) -> Detail {
    let seconds = |seconds| length(Duration::from_secs(seconds));
    let budget = seconds(probe.budget_seconds);
    let (name, fate) = match probe.kind {
        ProbeKind::Startup => ("Startup probe", clean!("{} to start, then killed", budget)),
        ProbeKind::Liveness => ("Liveness probe", clean!("killed after {} of failures", budget)),
        ProbeKind::Readiness => {
            ("Readiness probe", clean!("out of service after {} of failures", budget))
        }
    };
    let first = match probe.initial_delay_seconds {
        0 => Clean::default(),
        delay => clean!("first after {}, ", seconds(delay)),
    };
    let text = clean!(
        "{}: {} ({}every {}, {} in a row, timeout {})",
        probe.action,
        fate,
        first,
        seconds(probe.period_seconds),
        probe.failure_threshold,
        seconds(probe.timeout_seconds)
    );
    Detail::new(name, text)
}

/// `Secret db (not checked; env DB_PASSWORD)`, `key host of ConfigMap app-config (env HOST)`.
fn object(object: &ObjectDetails) -> Clean {
    let title = object.title();
    let uses = few(object.uses.iter().map(|of| of.place.clone()), USES, ", ");
    let keys = joined(&object.missing_keys, ", ");
    match (object.is_lacking(), object.missing_keys.len()) {
        (true, 0) => clean!("{} ({})", title, uses),
        (true, 1) => clean!("key {} of {} ({})", keys, title, uses),
        (true, _) => clean!("keys {} of {} ({})", keys, title, uses),
        (false, _) if object.optional && object.presence == Presence::Missing => {
            clean!("{} (missing, optional; {})", title, uses)
        }
        (false, _) => clean!("{} ({}; {})", title, presence(object), uses),
    }
}

fn presence(object: &ObjectDetails) -> Clean {
    Clean::from_static(match object.presence {
        Presence::Present => "exists",
        Presence::Missing => "missing",
        Presence::NotChecked => "not checked",
    })
}

fn mounts(details: &PodDetails) -> Clean {
    let mounts = details.volumes.iter().flat_map(|volume| {
        volume.mounts.iter().map(|mount| match mount.read_only {
            true => clean!("{}: {}, read-only", mount.path, volume.source),
            false => clean!("{}: {}", mount.path, volume.source),
        })
    });
    few(mounts, NAMED, "; ")
}

fn service_account(account: &ObjectDetails, token: TokenMount) -> Detail {
    let token = match token {
        TokenMount::Absent => Clean::from_static("no token mounted"),
        TokenMount::Mounted { expiration_seconds: None } => Clean::from_static("token mounted"),
        TokenMount::Mounted { expiration_seconds: Some(seconds) } => {
            let length = length(Duration::from_secs(seconds.unsigned_abs()));
            clean!("token mounted, each valid for {}", length)
        }
    };
    let text = clean!("{} ({}), {}", account.name, presence(account), token);
    Detail { is_trouble: account.is_lacking(), ..Detail::new("Service account", text) }
}

/// The first of many texts, the others counted.
fn few(texts: impl Iterator<Item = Clean>, most: usize, between: &'static str) -> Clean {
    let texts: Vec<Clean> = texts.collect();
    let named = joined(&texts[..texts.len().min(most)], between);
    match texts.len().saturating_sub(most) {
        0 => named,
        more => clean!("{} and {} more", named, more),
    }
}
