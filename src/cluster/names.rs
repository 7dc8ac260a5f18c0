//! The names of workloads.

use kube::core::{Request, params::ListParams};
use serde::Deserialize;

use super::{
    Cluster,
    call::{Call, decode},
    path,
};
use crate::{
    model::{Kind, ObjectName},
    observation::{ReadFailure, Resource},
};

/// Names to ask for: nobody reads through more of them.
const NAMES_MAX: u32 = 500;

/// A list of which only the names are read; a server that cannot leave the rest out sends whole objects.
#[derive(Deserialize)]
struct Names {
    #[serde(default)]
    items: Option<Vec<Named>>,
}

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
        let what = format!("list {} in namespace {namespace}", kind.resource().1);
        let request = Request::new(path::workloads(kind, namespace));
        let request = request.list_metadata(&ListParams::default().limit(NAMES_MAX));
        let call = Call::new(Resource::Workload, what, request)?;
        let mut body = Vec::new();
        let read = self.connection.read(&call, &mut body).await;
        read.map_err(|failure| call.failed(failure))?;
        let names: Names = decode(&body).map_err(|failure| call.failed(failure))?;
        let names = names.items.unwrap_or_default();
        Ok(names.into_iter().filter_map(|item| item.metadata.name.parse().ok()).collect())
    }
}
