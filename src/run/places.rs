//! Which cluster each scope and each target of a run is in.

use std::sync::Arc;

use crate::{
    cluster::Cluster,
    fleet::Scope,
    model::TargetRef,
    observation::{ScopeId, TargetId},
};

/// All scopes of a run.
pub(super) struct Places<'a> {
    scopes: Vec<Place<'a>>,
    of_targets: Vec<ScopeId>,
}

/// A scope with what is needed to read it.
pub(super) struct Place<'a> {
    /// The cluster; without one nothing is read, so that its targets are not judged.
    pub(super) cluster: Option<&'a Cluster>,
    /// The workloads of its targets, in their order.
    pub(super) targets: Arc<[TargetRef]>,
}

impl<'a> Places<'a> {
    /// Finds the cluster of each scope by its context; a single cluster is that of all.
    pub(super) fn of(scopes: &[Scope], clusters: &'a [Cluster], workloads: &[TargetRef]) -> Self {
        let mut of_targets = vec![ScopeId::default(); workloads.len()];
        let places = (0..).map(ScopeId).zip(scopes).map(|(id, scope)| {
            let mut targets = Vec::new();
            for target in scope.targets() {
                of_targets[target.index()] = id;
                targets.push(workloads[target.index()].clone());
            }
            let cluster = match clusters {
                [only] => Some(only),
                many => many.iter().find(|cluster| cluster.context() == scope.context()),
            };
            Place { cluster, targets: targets.into() }
        });
        let scopes = places.collect();
        Self { scopes, of_targets }
    }

    /// A scope.
    pub(super) fn scope(&self, scope: ScopeId) -> &Place<'a> {
        &self.scopes[scope.index()]
    }

    /// The cluster that a target is in.
    pub(super) fn cluster_of(&self, target: TargetId) -> Option<&'a Cluster> {
        self.scope(self.of_targets[target.index()]).cluster
    }

    /// Whether two targets are in the same cluster.
    pub(super) fn are_together(&self, one: TargetId, other: TargetId) -> bool {
        let context = |target| self.cluster_of(target).and_then(Cluster::context);
        context(one) == context(other)
    }
}
