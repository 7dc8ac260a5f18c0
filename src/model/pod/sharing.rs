//! What pods of one revision share in memory.

use std::sync::Arc;

use super::Pod;

impl Pod {
    /// Shares with another pod what both have. Pods of one revision have the same owner and the same containers, which
    /// are more than half of what a pod takes in memory.
    pub fn share_with(&mut self, other: &Self) {
        let owners = &mut self.metadata.owner_references;
        if *owners == other.metadata.owner_references {
            *owners = Arc::clone(&other.metadata.owner_references);
        }
        let (spec, others) = (&mut self.spec, &other.spec);
        for (own, other) in [
            (&mut spec.containers, &others.containers),
            (&mut spec.init_containers, &others.init_containers),
        ] {
            if own == other {
                *own = Arc::clone(other);
            }
        }
        let status = &mut self.status;
        let app = status.container_statuses.iter_mut().zip(spec.containers.iter());
        let init = status.init_container_statuses.iter_mut().zip(spec.init_containers.iter());
        for (status, container) in app.chain(init) {
            if status.name == container.name {
                status.name = Arc::clone(&container.name);
            }
        }
        for (own, other) in status.conditions.iter_mut().zip(&other.status.conditions) {
            if own.kind == other.kind {
                own.kind = Arc::clone(&other.kind);
            }
        }
    }
}
