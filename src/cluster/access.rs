//! What the current account may read.

use futures_util::future::join_all;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    Cluster, TemplateHolder,
    call::Call,
    discovery::Served,
    needs::{needs, writes},
    path,
};
use crate::{
    model::{Kind, Namespace, ResourceName, TargetRef},
    observation::{AccessReview, Resource},
    selection::Selection,
};

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

/// What permissions are asked about.
#[derive(Clone, Copy)]
struct Place<'a> {
    kind: Kind,
    /// How a custom resource is served.
    served: Option<&'a Served>,
    /// Empty for all.
    namespace: &'a str,
    /// The workload; empty for all of the kind.
    name: &'a str,
}

impl<'a> Place<'a> {
    fn of(target: &'a TargetRef) -> Self {
        let (namespace, name) = (&*target.namespace, &*target.name);
        Self { kind: target.kind.kind(), served: None, namespace, name }
    }
}

impl Cluster {
    /// Checks all permissions that a target needs. A check without an answer is left out: unknown is not denied.
    pub async fn access(&self, target: &TargetRef) -> Vec<AccessReview> {
        self.access_beside(target, &[]).await
    }

    /// Checks the permissions that a target needs, but for those beside the workload that are known of its namespace.
    pub async fn access_beside(
        &self,
        target: &TargetRef,
        known: &[AccessReview],
    ) -> Vec<AccessReview> {
        // of a resource that is not served, the first read tells
        let served = match target.kind.resource() {
            Some(resource) => match self.served(resource).await {
                Ok(served) => Some(served),
                Err(_) => return Vec::new(),
            },
            None => None,
        };
        let place = Place { served: served.as_deref(), ..Place::of(target) };
        let needs = needs(target.kind.kind()).into_iter().filter(|(resource, verb)| {
            *resource == Resource::Workload
                || known.iter().all(|one| (one.resource, &*one.verb) != (*resource, *verb))
        });
        let reviews = needs.map(|(resource, verb)| self.review(place, resource, verb));
        join_all(reviews).await.into_iter().flatten().collect()
    }

    /// Checks the permissions that a rollback of a target needs. A check without an answer is left out.
    pub async fn write_access(&self, target: &TargetRef) -> Vec<AccessReview> {
        let writes = writes(target.kind.kind()).iter();
        let reviews =
            writes.map(|(resource, verb)| self.review(Place::of(target), *resource, verb));
        join_all(reviews).await.into_iter().flatten().collect()
    }

    /// The kinds that a selection lists here. One that it does not name is left out where the cluster says that it does not
    /// serve it.
    pub async fn searched(&self, selection: &Selection) -> Vec<Kind> {
        let mut kinds = selection.kinds();
        let is_usual = kinds.contains(&Kind::Rollout) && !selection.kinds.contains(&Kind::Rollout);
        if is_usual && self.serves(Kind::Rollout).await == Some(false) {
            kinds.retain(|kind| *kind != Kind::Rollout);
        }
        kinds
    }

    /// Checks the permissions that it takes to search kinds, and to judge any workload of them; `with_writes`: to roll it
    /// back too. What several kinds need is checked once, for the first. `namespace`: `None` for all. A check without an
    /// answer is left out.
    pub async fn access_to_all(
        &self,
        kinds: &[Kind],
        namespace: Option<&Namespace>,
        with_writes: bool,
    ) -> Vec<(Kind, AccessReview)> {
        let mut asked: Vec<(Kind, Resource, &'static str)> = Vec::new();
        for kind in kinds {
            let written = if with_writes { writes(*kind) } else { &[] };
            let all = [(Resource::Workload, "list")].into_iter().chain(needs(*kind));
            for (resource, verb) in all.chain(written.iter().copied()) {
                let is_new = resource == Resource::Workload
                    || asked.iter().all(|(_, known, of)| (*known, *of) != (resource, verb));
                if is_new {
                    asked.push((*kind, resource, verb));
                }
            }
        }
        asked.sort_by_key(|(_, resource, _)| *resource != Resource::Workload);
        let namespace = namespace.map_or("", |namespace| &**namespace);
        let reviews = asked.into_iter().map(async |(kind, resource, verb)| {
            let place = Place { kind, served: None, namespace, name: "" };
            Some((kind, self.review(place, resource, verb).await?))
        });
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
        place: Place<'_>,
        resource: Resource,
        verb: &'static str,
    ) -> Option<AccessReview> {
        let (group, plural) = match resource {
            Resource::Workload => match place.served {
                Some(served) => (&*served.group, &*served.plural),
                None => place.kind.resource(),
            },
            other => path::resource(other),
        };
        let namespace = match resource {
            Resource::NodeLeases => path::NODE_LEASE_NAMESPACE,
            Resource::Nodes => "",
            _ => place.namespace,
        };
        let is_named = resource == Resource::Workload;
        let question = Question {
            namespace,
            verb,
            group,
            resource: plural,
            subresource: if resource == Resource::Logs { "log" } else { "" },
            name: if is_named { place.name } else { "" },
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
