//! What targets of one namespace share: what is known of it, and the read that is under way.

use std::sync::Arc;

use super::{Target, leases::Leases};
use crate::{
    model::{Context, Elapsed, Namespace},
    observation::{Observation, ScopeId, TargetId, World},
};

/// A namespace of a cluster in which targets are watched together.
#[derive(Debug)]
pub struct Scope {
    context: Option<Context>,
    namespace: Namespace,
    targets: Vec<TargetId>,
    /// Shared with a read that is under way.
    world: Arc<World>,
    /// When the read that is under way was asked for.
    begun: Option<Elapsed>,
    pub(super) leases: Leases,
    /// A read of its Services is under way.
    reads_services: bool,
}

impl Scope {
    /// The scopes of these targets, and which one each target is in.
    pub(super) fn all(targets: &[Target]) -> (Vec<Self>, Vec<ScopeId>) {
        let mut scopes: Vec<Self> = Vec::new();
        let places = (0..).map(TargetId).zip(targets);
        let places = places.map(|(id, target)| Self::place(&mut scopes, id, target)).collect();
        (scopes, places)
    }

    /// Finds the scope of a target, or adds it.
    pub(super) fn place(scopes: &mut Vec<Self>, id: TargetId, target: &Target) -> ScopeId {
        let Target { context, workload, .. } = target;
        let is_it = |one: &Self| one.context == *context && one.namespace == workload.namespace;
        let place = scopes.iter().position(is_it).unwrap_or(scopes.len());
        if place == scopes.len() {
            scopes.push(Self {
                context: context.clone(),
                namespace: workload.namespace.clone(),
                targets: Vec::new(),
                world: Arc::default(),
                begun: None,
                leases: Leases::default(),
                reads_services: false,
            });
        }
        scopes[place].targets.push(id);
        ScopeId(u32::try_from(place).unwrap_or(u32::MAX))
    }

    /// Whether a read is under way.
    pub(super) fn is_read(&self) -> bool {
        self.begun.is_some()
    }

    /// The targets that are in it.
    pub fn targets(&self) -> &[TargetId] {
        &self.targets
    }

    /// The context of its cluster; `None` where none is known.
    pub fn context(&self) -> Option<&Context> {
        self.context.as_ref()
    }

    /// Its name in its cluster.
    pub fn namespace(&self) -> &Namespace {
        &self.namespace
    }

    /// What is known of it.
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// Begins a read; none if one is under way, which answers whoever asked before it began.
    pub(super) fn begin(&mut self, now: Elapsed) -> bool {
        let is_free = self.begun.is_none();
        self.begun.get_or_insert(now);
        is_free
    }

    /// Begins a read of its Services; none if one is under way, whose answer all targets hear.
    pub(super) fn begin_services(&mut self) -> bool {
        !std::mem::replace(&mut self.reads_services, true)
    }

    /// Takes in what was seen. Tells when the read that ended was begun.
    pub(super) fn take(&mut self, observation: &Observation) -> Option<Elapsed> {
        match observation {
            Observation::Read(read) => {
                Arc::make_mut(&mut self.world).take(read);
                self.begun.take()
            }
            Observation::Snapshot(_) | Observation::ReadFailed(_) => self.begun.take(),
            Observation::Services(_) => {
                self.reads_services = false;
                None
            }
            Observation::WorkloadChanged(_)
            | Observation::WorkloadDeleted(_)
            | Observation::ReplicaSetChanged(_)
            | Observation::PodChanged(_)
            | Observation::PodDeleted(_) => {
                Arc::make_mut(&mut self.world).see(observation);
                None
            }
            _ => None,
        }
    }
}
