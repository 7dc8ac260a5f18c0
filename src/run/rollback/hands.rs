//! What a rollback needs of a cluster.

use std::future::Future;

use crate::{
    cluster::{Cluster, OldTemplate, Sight, Written},
    evidence::RevisionName,
    model::{Pod, TargetRef, Workload},
    observation::ReadFailure,
};

/// What a rollback needs of a cluster; a test has other hands.
pub(super) trait Hands {
    /// The workload as it is now.
    fn sight(&self, target: &TargetRef)
    -> impl Future<Output = Result<Option<Sight>, ReadFailure>>;

    /// The template of an earlier revision.
    fn old_template(
        &self,
        target: &TargetRef,
        revision: &RevisionName,
    ) -> impl Future<Output = Result<OldTemplate, ReadFailure>>;

    /// Writes it, if nothing has changed since the sight.
    fn restore(
        &self,
        target: &TargetRef,
        sight: &Sight,
        template: &OldTemplate,
    ) -> impl Future<Output = Written>;

    /// The workload with its pods.
    fn with_pods(
        &self,
        target: &TargetRef,
    ) -> impl Future<Output = Result<Option<(Workload, Vec<Pod>)>, ReadFailure>>;

    /// Deletes this very pod.
    fn delete_pod(
        &self,
        target: &TargetRef,
        pod: &Pod,
    ) -> impl Future<Output = Result<(), ReadFailure>>;
}

impl Hands for Cluster {
    async fn sight(&self, target: &TargetRef) -> Result<Option<Sight>, ReadFailure> {
        Self::sight(self, target).await
    }

    async fn old_template(
        &self,
        target: &TargetRef,
        revision: &RevisionName,
    ) -> Result<OldTemplate, ReadFailure> {
        Self::old_template(self, target, revision).await
    }

    async fn restore(&self, target: &TargetRef, sight: &Sight, template: &OldTemplate) -> Written {
        Self::restore(self, target, sight, template).await
    }

    async fn with_pods(
        &self,
        target: &TargetRef,
    ) -> Result<Option<(Workload, Vec<Pod>)>, ReadFailure> {
        Self::with_pods(self, target).await
    }

    async fn delete_pod(&self, target: &TargetRef, pod: &Pod) -> Result<(), ReadFailure> {
        Self::delete_pod(self, &target.namespace, &pod.metadata.name, &pod.metadata.uid).await
    }
}
