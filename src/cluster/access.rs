//! What the current account may read.

use futures_util::future::join_all;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{Cluster, TemplateHolder, call::Call, discovery::Served, path};
use crate::{
    model::{Kind, ResourceName, RevisionKind, TargetRef},
    observation::{AccessReview, Resource},
};

/// Everything that is read of a workload. The minimal Role grants just this, see [`role()`](super::role()).
pub(super) fn needs(kind: Kind) -> Vec<(Resource, &'static str)> {
    let revisions: &[_] = match kind.revisions() {
        Some(RevisionKind::ReplicaSet) => {
            &[(Resource::ReplicaSets, "list"), (Resource::ReplicaSets, "watch")]
        }
        Some(RevisionKind::ControllerRevision) => &[(Resource::ControllerRevisions, "list")],
        None => &[],
    };
    let always = [
        (Resource::Pods, "get"),
        (Resource::Pods, "list"),
        (Resource::Pods, "watch"),
        (Resource::Logs, "get"),
        (Resource::Events, "list"),
        (Resource::Services, "list"),
        (Resource::NodeLeases, "get"),
    ];
    let of_kind: &[_] = match kind {
        Kind::Rollout => &[(Resource::AnalysisRuns, "get")],
        Kind::DaemonSet => &[(Resource::Nodes, "list")],
        Kind::Deployment | Kind::StatefulSet | Kind::Job | Kind::Custom => &[],
    };
    let revisions = revisions.iter().chain(of_kind);
    let workload = [(Resource::Workload, "get"), (Resource::Workload, "watch")];
    workload.into_iter().chain(revisions.copied()).chain(always).collect()
}

/// Everything that a rollback writes of a workload; nothing of kinds that are not rolled back.
pub(super) const fn writes(kind: Kind) -> &'static [(Resource, &'static str)] {
    match kind {
        Kind::Deployment | Kind::DaemonSet => &[(Resource::Workload, "patch")],
        // a pod that failed keeps an ordered update from going on
        Kind::StatefulSet => &[(Resource::Workload, "patch"), (Resource::Pods, "delete")],
        Kind::Job | Kind::Rollout | Kind::Custom => &[],
    }
}

/// A question to the API server: may the current account do this?
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
    /// Asks about reading an object of the core group, or every object if the name is empty. The namespace of objects of
    /// the whole cluster is empty.
    pub(super) fn get(namespace: &'a str, resource: &'a str, name: &'a str) -> Self {
        Self { namespace, verb: "get", group: "", resource, subresource: "", name }
    }
}

impl Cluster {
    /// Checks all permissions that a target needs. A check without an answer is left out: unknown is not denied.
    pub async fn access(&self, target: &TargetRef) -> Vec<AccessReview> {
        // of a resource that is not served, the first read tells
        let served = match target.kind.resource() {
            Some(resource) => match self.served(resource).await {
                Ok(served) => Some(served),
                Err(_) => return Vec::new(),
            },
            None => None,
        };
        let served = served.as_deref();
        let needs = needs(target.kind.kind()).into_iter();
        let reviews = needs.map(|(resource, verb)| self.review(target, served, resource, verb));
        join_all(reviews).await.into_iter().flatten().collect()
    }

    /// Checks the permissions that a rollback of a target needs. A check without an answer is left out.
    pub async fn write_access(&self, target: &TargetRef) -> Vec<AccessReview> {
        let writes = writes(target.kind.kind()).iter();
        let reviews = writes.map(|(resource, verb)| self.review(target, None, *resource, verb));
        join_all(reviews).await.into_iter().flatten().collect()
    }

    /// Whether the workload that holds the template of a target may be read; `None` if there is no answer.
    pub async fn may_get(&self, holder: &TemplateHolder, namespace: &str) -> Option<bool> {
        let (group, resource) = holder.resource;
        let name = &*holder.name;
        let question = Question { namespace, verb: "get", group, resource, subresource: "", name };
        self.may(&question).await
    }

    /// Whether any object of a resource may be read in a namespace; `None` if there is no answer.
    pub(super) async fn may_get_any(
        &self,
        (group, resource): (&str, &str),
        namespace: &str,
    ) -> Option<bool> {
        let question =
            Question { namespace, verb: "get", group, resource, subresource: "", name: "" };
        self.may(&question).await
    }

    /// The same target, its custom resource by its plural and whole group, as a Role needs them. Of one that is not served it
    /// is as it was written.
    pub async fn named_in_full(&self, target: TargetRef) -> TargetRef {
        let Some(resource) = target.kind.resource() else { return target };
        let Ok(served) = self.served(resource).await else { return target };
        match format!("{}.{}", served.plural, served.group).parse::<ResourceName>() {
            Ok(name) => TargetRef { kind: name.into(), ..target },
            Err(_) => target,
        }
    }

    async fn review(
        &self,
        target: &TargetRef,
        served: Option<&Served>,
        resource: Resource,
        verb: &'static str,
    ) -> Option<AccessReview> {
        let (group, plural) = match resource {
            Resource::Workload => match served {
                Some(served) => (&*served.group, &*served.plural),
                None => target.kind.kind().resource(),
            },
            other => path::resource(other),
        };
        let namespace = match resource {
            Resource::NodeLeases => path::NODE_LEASE_NAMESPACE,
            Resource::Nodes => "",
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

    /// The answer to a question; `None` if there is none in time.
    pub(super) async fn may(&self, question: &Question<'_>) -> Option<bool> {
        let review = json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": question},
        });
        let request = http::Request::post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(review.to_string().into_bytes())
            .ok()?;
        let Question { verb, resource, .. } = question;
        let what = format!("ask for {verb} on {resource}");
        let call = Call { resource: Resource::Workload, what, request };

        let limit = self.connection.limits().evidence;
        let answer = timeout(limit, self.connection.get::<Value>(&call)).await.ok()?.ok()?;
        answer["status"]["allowed"].as_bool()
    }
}
