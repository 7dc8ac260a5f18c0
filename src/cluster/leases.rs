//! The nodes' Leases, of which only `renewTime` is used.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use kube::core::{
    Request,
    params::{GetParams, ListParams},
};
use serde::Deserialize;

use super::{Cluster, call::Call, failure::Failure, list::ListCall, path};
use crate::{
    observation::{FailureKind, NodeLease, ReadFailure, Resource},
    text::Clean,
};

/// Requests at a time; each takes a connection of its own.
const AT_ONCE: usize = 8;

/// From so many nodes on, one list of all Leases is cheaper than a request each.
const MANY: usize = 32;

/// Leases of a page, of some 600 bytes each.
const PAGE: u32 = 500;

#[derive(Deserialize)]
struct Lease {
    metadata: LeaseMeta,
    #[serde(default)]
    spec: LeaseSpec,
}

#[derive(Deserialize)]
struct LeaseMeta {
    name: Box<str>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LeaseSpec {
    renew_time: Option<Box<str>>,
}

impl Cluster {
    /// Reads the Leases of these nodes. A node without a Lease is not an error.
    ///
    /// # Errors
    /// The first Lease that could not be read.
    pub async fn leases(&self, nodes: &[Clean]) -> Result<Vec<NodeLease>, ReadFailure> {
        if nodes.len() >= MANY {
            return self.all_leases(nodes).await;
        }
        stream::iter(nodes)
            .map(|node| async move {
                let renewed = self.lease(node).await?;
                Ok(NodeLease { node: (**node).into(), renewed })
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await
    }

    async fn all_leases(&self, nodes: &[Clean]) -> Result<Vec<NodeLease>, ReadFailure> {
        let path = path::of(Resource::NodeLeases, path::NODE_LEASE_NAMESPACE);
        let params = ListParams::default().limit(PAGE);
        let list =
            ListCall::whole(Resource::NodeLeases, "list Leases of nodes".to_owned(), path, params);
        let found = self.connection.list::<Lease>(&list).await?.items.into_iter();
        let mut renewals: BTreeMap<Box<str>, Option<Box<str>>> =
            found.map(|lease| (lease.metadata.name, lease.spec.renew_time)).collect();
        let lease = |node: &Clean| NodeLease {
            node: (**node).into(),
            renewed: renewals.remove(&**node).flatten(),
        };
        Ok(nodes.iter().map(lease).collect())
    }

    async fn lease(&self, node: &str) -> Result<Option<Box<str>>, ReadFailure> {
        if !path::is_name(node) {
            return Ok(None);
        }
        let path = path::of(Resource::NodeLeases, path::NODE_LEASE_NAMESPACE);
        let get = Request::new(path).get(node, &GetParams::default());
        let call = Call::new(Resource::NodeLeases, format!("get the Lease of node {node}"), get)?;
        match self.connection.get::<Lease>(&call).await {
            Ok(lease) => Ok(lease.spec.renew_time),
            Err(Failure { kind: FailureKind::NotFound, .. }) => Ok(None),
            Err(failure) => Err(call.failed(failure)),
        }
    }
}
