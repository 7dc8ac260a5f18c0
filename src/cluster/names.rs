//! The names of workloads.

use serde::Deserialize;

use super::{Cluster, list::ListCall};
use crate::{
    model::{Kind, ObjectName},
    observation::ReadFailure,
};

/// Names to ask for: nobody reads through more of them.
const NAMES_MAX: u32 = 500;

#[derive(Deserialize)]
struct Named {
    metadata: NameOnly,
}

#[derive(Deserialize)]
struct NameOnly {
    name: String,
}

impl Cluster {
    /// The workloads of a kind in the default namespace: the first few hundred.
    ///
    /// # Errors
    /// They could not be read.
    pub async fn names(&self, kind: Kind) -> Result<Vec<ObjectName>, ReadFailure> {
        let namespace = self.default_namespace();
        let mut list =
            ListCall { max_pages: 1, metadata_only: true, ..self.listing_of(kind, namespace) };
        list.params.limit = Some(NAMES_MAX);
        let names = self.connection.list::<Named>(&list).await?.items;
        Ok(names.into_iter().filter_map(|item| item.metadata.name.parse().ok()).collect())
    }
}
