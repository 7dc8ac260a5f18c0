//! What changed. The templates of two ReplicaSets are compared here, so that their values go no further.

use kube::core::params::ListParams;
use serde::Deserialize;
use serde_json::Value;

use super::{
    Cluster,
    failure::Failure,
    list::{ListCall, Listed},
    path,
};
use crate::{
    evidence::{Change, ChangeRequest, RevisionName},
    inspect,
    model::Uid,
    observation::{FailureKind, ReadFailure, Resource},
    text::Redactor,
};

/// A ReplicaSet with the raw JSON of its template.
#[derive(Deserialize)]
struct RawSet {
    metadata: RawMeta,
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

impl Listed for RawSet {}

impl Cluster {
    /// The differences between the templates of two ReplicaSets.
    pub(super) async fn changes(
        &self,
        namespace: &str,
        request: &ChangeRequest,
        redactor: &Redactor,
    ) -> Result<Vec<Change>, ReadFailure> {
        let (before, after) = tokio::try_join!(
            self.template(namespace, &request.before),
            self.template(namespace, &request.after),
        )?;
        Ok(inspect::changes(&before, &after, redactor))
    }

    /// The template of a ReplicaSet, from a list of one: the minimal Role permits to list ReplicaSets, not to get them.
    async fn template(&self, namespace: &str, set: &RevisionName) -> Result<Value, ReadFailure> {
        let what = format!("read replicaset {} in namespace {namespace}", set.name);
        let params = ListParams::default().fields(&format!("metadata.name={}", set.name));
        let path = path::of(Resource::ReplicaSets, namespace);
        let list = ListCall::whole(Resource::ReplicaSets, what.clone(), path, params);
        let mut found = self.connection.list::<RawSet>(&list).await?.items.into_iter();
        let found = found.find(|found| found.metadata.uid == set.uid);
        found.map(|found| found.spec.template).ok_or_else(|| {
            Failure::new(FailureKind::NotFound, "not found").of(Resource::ReplicaSets, &what)
        })
    }
}
