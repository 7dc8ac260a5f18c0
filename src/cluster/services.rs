//! The Services of a namespace.

use std::sync::Arc;

use kube::core::params::ListParams;

use super::{Cluster, list::ListCall, path};
use crate::{
    model::{Namespace, Service},
    observation::{ReadFailure, Resource},
};

impl Cluster {
    /// Reads all Services of a namespace.
    ///
    /// # Errors
    /// If they could not be read.
    pub async fn services(&self, namespace: &Namespace) -> Result<Arc<[Service]>, ReadFailure> {
        let what = format!("list services in namespace {namespace}");
        let params = ListParams::default().limit(self.connection.limits().page);
        let path = path::of(Resource::Services, namespace);
        let list = ListCall::whole(Resource::Services, what, path, params);
        Ok(self.connection.list::<Service>(&list).await?.items.into())
    }
}
