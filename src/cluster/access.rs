//! What the current account may read, and a minimal Role.

use std::{collections::BTreeMap, fmt::Write};

use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::{
    Cluster,
    connection::{Call, decode},
    path,
};
use crate::{
    model::{Kind, TargetRef},
    observation::{AccessReview, Resource},
};

/// Everything that a gate reads.
const NEEDS: [(Resource, &str); 10] = [
    (Resource::Workload, "get"),
    (Resource::Workload, "watch"),
    (Resource::ReplicaSets, "list"),
    (Resource::ReplicaSets, "watch"),
    (Resource::Pods, "get"),
    (Resource::Pods, "list"),
    (Resource::Pods, "watch"),
    (Resource::Logs, "get"),
    (Resource::Events, "list"),
    (Resource::NodeLeases, "get"),
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReviewRequest<'a> {
    api_version: &'static str,
    kind: &'static str,
    spec: ReviewSpec<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReviewSpec<'a> {
    resource_attributes: Question<'a>,
}

/// A question to the API server: whether this may be done.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Question<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    namespace: &'a str,
    verb: &'a str,
    group: &'a str,
    resource: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    subresource: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
}

impl<'a> Question<'a> {
    /// Whether an object of the core group may be read, or any for an empty name. A cluster's own objects are in no
    /// namespace.
    pub(super) fn get(namespace: &'a str, resource: &'a str, name: &'a str) -> Self {
        Self { namespace, verb: "get", group: "", resource, subresource: "", name }
    }
}

#[derive(Deserialize)]
struct ReviewAnswer {
    status: ReviewStatus,
}

#[derive(Deserialize)]
struct ReviewStatus {
    allowed: bool,
}

impl Cluster {
    /// Asks what of a target may be read. A question without an answer is left out: unknown is not denied.
    pub async fn access(&self, target: &TargetRef) -> Vec<AccessReview> {
        let reviews = NEEDS.map(|(resource, verb)| self.review(target, resource, verb));
        join_all(reviews).await.into_iter().flatten().collect()
    }

    async fn review(
        &self,
        target: &TargetRef,
        resource: Resource,
        verb: &'static str,
    ) -> Option<AccessReview> {
        let (group, plural) = match resource {
            Resource::Workload => workload_resource(target.kind),
            Resource::ReplicaSets => ("apps", "replicasets"),
            Resource::Pods | Resource::Logs => ("", "pods"),
            Resource::Events => ("", "events"),
            Resource::NodeLeases => ("coordination.k8s.io", "leases"),
        };
        let namespace = match resource {
            Resource::NodeLeases => path::NODE_LEASE_NAMESPACE,
            _ => &target.namespace,
        };
        let is_named = resource == Resource::Workload;
        let question = Question {
            namespace,
            verb,
            group,
            resource: plural,
            subresource: if resource == Resource::Logs { "log" } else { "" },
            name: if is_named { &target.name } else { "" },
        };
        let allowed = self.may(&question).await?;
        Some(AccessReview { resource, verb: verb.into(), allowed })
    }

    /// Whether something may be done; `None` without an answer.
    pub(super) async fn may(&self, question: &Question<'_>) -> Option<bool> {
        let review = ReviewRequest {
            api_version: "authorization.k8s.io/v1",
            kind: "SelfSubjectAccessReview",
            spec: ReviewSpec { resource_attributes: *question },
        };
        let request = http::Request::post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(serde_json::to_vec(&review).ok()?)
            .ok()?;
        let Question { verb, resource, .. } = question;
        let what = format!("ask for {verb} on {resource}");
        let call = Call { resource: Resource::Workload, what, request };

        let mut body = Vec::new();
        let limit = self.connection.limits().evidence;
        timeout(limit, self.connection.read(&call, &mut body)).await.ok()?.ok()?;
        let answer: ReviewAnswer = decode(&body).ok()?;
        Some(answer.status.allowed)
    }
}

/// The Role that suffices to judge these targets, with a binding to fill in, as `kubectl apply -f -` takes it.
///
/// A namespace may be called `null` or `10`, which YAML takes for something else without quotes.
/// The workloads are named, so that it grants no more than is needed; lists of pods cannot be narrowed down.
pub fn role(namespace: &str, targets: &[TargetRef]) -> String {
    let mut names: BTreeMap<Kind, Vec<&str>> = BTreeMap::new();
    for target in targets.iter().filter(|target| *target.namespace == *namespace) {
        let names = names.entry(target.kind).or_default();
        if !names.contains(&target.name.as_ref()) {
            names.push(&target.name);
        }
    }
    let mut rules = String::new();
    for (kind, names) in names {
        let (group, plural) = workload_resource(kind);
        let names = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        rules.push_str(&rule(group, plural, "get, watch", Some(&names)));
    }
    rules.push_str(&rule("apps", "replicasets", "list, watch", None));
    rules.push_str(&rule("", "pods", "get, list, watch", None));
    rules.push_str(&rule("", "pods/log", "get", None));
    rules.push_str(&rule("", "events", "list", None));

    format!(
        "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: deploygate
  namespace: \"{namespace}\"
rules:
{rules}---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: deploygate
  namespace: \"{namespace}\"
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: deploygate
subjects:
  # the identity that the pipeline uses
  - kind: ServiceAccount
    name: deploygate
    namespace: \"{namespace}\"
"
    )
}

/// The second, optional Role: with it, a pass also requires that the node of every pod has just reported. It is in
/// the namespace of the Leases, where not everyone may create one.
pub fn node_lease_role(namespace: &str) -> String {
    format!(
        "# optional: with it, a pass also requires that the node of every pod has just reported
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: deploygate-nodes
  namespace: {leases}
rules:
{lease_rule}---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: deploygate-nodes
  namespace: {leases}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: deploygate-nodes
subjects:
  - kind: ServiceAccount
    name: deploygate
    namespace: \"{namespace}\"
",
        leases = path::NODE_LEASE_NAMESPACE,
        lease_rule = rule("coordination.k8s.io", "leases", "get, list", None),
    )
}

fn rule(group: &str, resource: &str, verbs: &str, names: Option<&str>) -> String {
    let mut rule = format!("  - apiGroups: [\"{group}\"]\n    resources: [\"{resource}\"]\n");
    if let Some(names) = names {
        // writing to a String does not fail
        let _ = writeln!(rule, "    resourceNames: [{names}]");
    }
    let _ = writeln!(rule, "    verbs: [{verbs}]");
    rule
}

const fn workload_resource(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Deployment => ("apps", "deployments"),
        Kind::StatefulSet => ("apps", "statefulsets"),
        Kind::DaemonSet => ("apps", "daemonsets"),
        Kind::Job => ("batch", "jobs"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(kind: Kind, namespace: &str, name: &str) -> TargetRef {
        TargetRef { kind, namespace: namespace.parse().unwrap(), name: name.parse().unwrap() }
    }

    #[test]
    fn the_role_names_the_workloads_of_its_namespace_and_holds_every_need() {
        let targets = [
            target(Kind::Deployment, "shop", "web"),
            target(Kind::Deployment, "shop", "api"),
            target(Kind::Deployment, "shop", "web"),
            target(Kind::Job, "shop", "migrate"),
            target(Kind::Deployment, "other", "elsewhere"),
        ];
        let role = role("shop", &targets);
        let rules: Vec<_> = role.lines().skip(6).take_while(|line| *line != "---").collect();
        assert_eq!(
            rules.join("\n"),
            r#"  - apiGroups: ["apps"]
    resources: ["deployments"]
    resourceNames: ["web", "api"]
    verbs: [get, watch]
  - apiGroups: ["batch"]
    resources: ["jobs"]
    resourceNames: ["migrate"]
    verbs: [get, watch]
  - apiGroups: ["apps"]
    resources: ["replicasets"]
    verbs: [list, watch]
  - apiGroups: [""]
    resources: ["pods"]
    verbs: [get, list, watch]
  - apiGroups: [""]
    resources: ["pods/log"]
    verbs: [get]
  - apiGroups: [""]
    resources: ["events"]
    verbs: [list]"#
        );
        let role = role + &node_lease_role("shop");
        let rules: Vec<_> = role.lines().collect();
        for (resource, verb) in NEEDS {
            let granted = |rule: &[&str]| {
                rule[0].contains(&format!("[\"{}\"]", resource.as_str())) && rule[1].contains(verb)
            };
            let lines: Vec<_> =
                rules.iter().copied().filter(|line| !line.contains("resourceNames")).collect();
            assert!(lines.windows(2).any(granted), "{verb} {resource:?}");
        }
    }
}
