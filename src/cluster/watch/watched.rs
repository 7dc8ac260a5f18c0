//! What is watched, and what a change of it says.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::{super::connection::Connection, WatchMessage};
use crate::{
    model::{
        Custom, DaemonSet, Deployment, Job, Meta, Pod, ReplicaSet, ResourceName, Rollout,
        StatefulSet, Uid, Workload,
    },
    observation::Observation,
};

/// What of a collection is meant, and how the target names it.
#[derive(Clone)]
pub(super) struct Meant {
    /// As the target names it, where it is a custom resource.
    pub(super) resource: Option<ResourceName>,
    /// The resource that pods must lead to.
    pub(super) owner: Option<Uid>,
}

/// Something that is watched.
pub(super) trait Watched: Clone + DeserializeOwned + Send + 'static {
    fn metadata(&self) -> &Meta;
    fn changed(self) -> WatchMessage;
    /// Whether it is meant; completes it by what the target says.
    fn is_meant(&mut self, _meant: &Meant, _connection: &Connection) -> bool {
        true
    }
    fn deleted(self) -> WatchMessage;
}

/// A workload that is watched for itself.
macro_rules! watched_workload {
    ($($kind:ident),+) => {
        $(impl Watched for $kind {
            fn metadata(&self) -> &Meta {
                &self.metadata
            }

            fn changed(self) -> WatchMessage {
                let workload = Arc::new(Workload::$kind(self));
                WatchMessage::Saw(Observation::WorkloadChanged(workload))
            }

            fn deleted(self) -> WatchMessage {
                WatchMessage::Saw(Observation::WorkloadDeleted(self.metadata.uid.clone()))
            }
        })+
    };
}

watched_workload!(Deployment, StatefulSet, DaemonSet, Job, Rollout);

impl Watched for Custom {
    fn metadata(&self) -> &Meta {
        &self.metadata
    }

    fn changed(self) -> WatchMessage {
        WatchMessage::Saw(Observation::WorkloadChanged(Arc::new(Workload::Custom(self))))
    }

    fn deleted(self) -> WatchMessage {
        WatchMessage::Saw(Observation::WorkloadDeleted(self.metadata.uid.clone()))
    }

    fn is_meant(&mut self, meant: &Meant, _: &Connection) -> bool {
        self.resource.clone_from(&meant.resource);
        true
    }
}

impl Watched for ReplicaSet {
    fn metadata(&self) -> &Meta {
        &self.metadata
    }

    fn changed(self) -> WatchMessage {
        WatchMessage::Saw(Observation::ReplicaSetChanged(self))
    }

    fn deleted(self) -> WatchMessage {
        // an old revision was cleaned up, or someone deleted the one under watch: a read tells which
        WatchMessage::Gap
    }
}

impl Watched for Pod {
    fn metadata(&self) -> &Meta {
        &self.metadata
    }

    fn changed(self) -> WatchMessage {
        WatchMessage::Saw(Observation::PodChanged(self))
    }

    fn deleted(self) -> WatchMessage {
        WatchMessage::Saw(Observation::PodDeleted(self))
    }

    fn is_meant(&mut self, meant: &Meant, connection: &Connection) -> bool {
        let owners = &connection.owners;
        !meant
            .owner
            .as_ref()
            .is_some_and(|owner| owners.know_to_be_foreign(self.metadata.parents(), owner))
    }
}
