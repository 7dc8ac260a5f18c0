//! What changed: the templates of two revisions are compared here, so that their values go no further.

use kube::core::params::ListParams;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Cluster, failure::Failure, list::ListCall, path};
use crate::{
    evidence::{Change, ChangeRequest, RevisionName},
    inspect,
    model::{RevisionKind, Uid},
    observation::{FailureKind, ReadFailure, Resource},
    text::Redactor,
};

/// A revision with its template as the server has it.
trait RawRevision: DeserializeOwned {
    fn uid(&self) -> &Uid;
    fn template(self) -> Value;
}

/// A ReplicaSet with its template.
#[derive(Deserialize)]
struct RawSet {
    metadata: RawMeta,
    spec: RawSpec,
}

/// A ControllerRevision: it holds a patch that sets the template (Kubernetes 1.36
/// `pkg/controller/statefulset/stateful_set_utils.go`, `getPatch`; `pkg/controller/daemon/update.go` alike).
#[derive(Deserialize)]
struct RawControllerRevision {
    metadata: RawMeta,
    data: RawData,
}

#[derive(Deserialize)]
struct RawData {
    spec: RawSpec,
}

#[derive(Deserialize)]
struct RawMeta {
    uid: Uid,
}

#[derive(Deserialize)]
struct RawSpec {
    template: Value,
}

impl RawRevision for RawSet {
    fn uid(&self) -> &Uid {
        &self.metadata.uid
    }

    fn template(self) -> Value {
        self.spec.template
    }
}

impl RawRevision for RawControllerRevision {
    fn uid(&self) -> &Uid {
        &self.metadata.uid
    }

    fn template(self) -> Value {
        let mut template = self.data.spec.template;
        if let Some(fields) = template.as_object_mut() {
            fields.remove("$patch");
        }
        template
    }
}

impl Cluster {
    /// What differs between the templates of two revisions.
    pub(super) async fn changes(
        &self,
        namespace: &str,
        request: &ChangeRequest,
        redactor: &Redactor,
    ) -> Result<Vec<Change>, ReadFailure> {
        let (before, after) = tokio::try_join!(
            self.template(namespace, request.kind, &request.before),
            self.template(namespace, request.kind, &request.after),
        )?;
        Ok(inspect::changes(&before, &after, redactor))
    }

    pub(super) async fn template(
        &self,
        namespace: &str,
        kind: RevisionKind,
        name: &RevisionName,
    ) -> Result<Value, ReadFailure> {
        match kind {
            RevisionKind::ReplicaSet => {
                self.template_of::<RawSet>(namespace, Resource::ReplicaSets, name).await
            }
            RevisionKind::ControllerRevision => {
                let resource = Resource::ControllerRevisions;
                self.template_of::<RawControllerRevision>(namespace, resource, name).await
            }
        }
    }

    /// The template of a revision, from a list of one: who may list its objects may not be allowed to get one.
    async fn template_of<T: RawRevision>(
        &self,
        namespace: &str,
        resource: Resource,
        RevisionName { name, uid }: &RevisionName,
    ) -> Result<Value, ReadFailure> {
        let what = format!("read {} {name} in namespace {namespace}", resource.as_str());
        let params = ListParams::default().fields(&format!("metadata.name={name}"));
        let path = path::of(resource, namespace);
        let list = ListCall::whole(resource, what.clone(), path, params);
        let mut found = self.connection.list::<T>(&list).await?.items.into_iter();
        let found = found.find(|found| found.uid() == uid);
        found
            .map(RawRevision::template)
            .ok_or_else(|| Failure::new(FailureKind::NotFound, "not found").of(resource, &what))
    }
}
