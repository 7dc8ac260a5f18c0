//! The Services of a namespace.

use std::sync::Arc;

use super::Cluster;
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
        let list = self.listing(namespace, Resource::Services, None);
        Ok(self.connection.list::<Service>(&list).await?.items.into())
    }
}
