//! Lists of which much is known: their metadata alone tells what has to be read anew.

use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use kube::core::{Request, params::GetParams};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};

use super::{
    Cluster,
    call::Call,
    failure::Failure,
    list::{List, ListCall},
};
use crate::{
    model::Uid,
    observation::{FailureKind, Kept, ReadFailure, World},
};

/// From so many known objects on the metadata is asked for first: fewer are read whole in the same single request.
const MANY: usize = 50;

/// Objects that are read one by one; where more have changed, one list of all is cheaper.
const CHANGED_MAX: usize = 20;

/// Requests at a time; each takes a connection of its own.
const AT_ONCE: usize = 8;

/// Objects of a page of metadata, of some kilobytes each at most.
const PAGE: u32 = 5_000;

#[derive(Deserialize)]
struct Partial {
    metadata: Key,
    /// There in a whole object only.
    spec: Option<IgnoredAny>,
}

/// What tells whether an object has changed.
#[derive(Deserialize)]
struct Key {
    name: Box<str>,
    uid: Uid,
    #[serde(rename = "resourceVersion")]
    version: Box<str>,
}

impl Cluster {
    /// A consistent list, with the known objects in place of those that have not changed. `read` turns what is served into
    /// what is kept, told which one came before.
    ///
    /// # Errors
    /// The first part that could not be read.
    pub(super) async fn list_known<T: DeserializeOwned, K: Kept>(
        &self,
        list: &ListCall,
        known: &World,
        read: impl Fn(T, Option<&Arc<K>>) -> Arc<K>,
    ) -> Result<List<Arc<K>>, ReadFailure> {
        if K::count_in(known) >= MANY
            && self.connection.forms.has_metadata()
            && let Some(found) = self.list_changed(list, known, &read).await?
        {
            return Ok(found);
        }
        let keep = |object: T, previous: Option<&Arc<K>>| {
            let object = read(object, previous);
            K::known_in(known, object.uid(), object.version()).unwrap_or(object)
        };
        self.connection.list_as(list, keep).await
    }

    /// The same by metadata; `None` if too much has changed.
    async fn list_changed<T: DeserializeOwned, K: Kept>(
        &self,
        list: &ListCall,
        known: &World,
        read: &impl Fn(T, Option<&Arc<K>>) -> Arc<K>,
    ) -> Result<Option<List<Arc<K>>>, ReadFailure> {
        let params = list.params.clone().limit(PAGE);
        let metadata = ListCall {
            metadata_only: true,
            ..ListCall::whole(list.resource, list.what.clone(), list.path.clone(), params)
        };
        let keys = match self.connection.list::<Partial>(&metadata).await {
            // a server, or one between, that has no such form
            Err(failure) if failure.kind == FailureKind::Refused => {
                self.connection.forms.learn_of_whole_objects();
                return Ok(None);
            }
            keys => keys?,
        };
        if keys.items.iter().any(|item| item.spec.is_some()) {
            // true all the same, but from now on it is read in pages that are fit for whole objects
            self.connection.forms.learn_of_whole_objects();
        }
        let mut items = Vec::with_capacity(keys.items.len());
        let mut changed = Vec::new();
        for Partial { metadata: Key { name, uid, version }, .. } in keys.items {
            match K::known_in(known, &uid, version.parse().unwrap_or(0)) {
                Some(object) => items.push(object),
                None => changed.push(name),
            }
        }
        if changed.len() > CHANGED_MAX {
            return Ok(None);
        }
        let anew = stream::iter(changed)
            .map(|name| async move { self.one::<T>(list, &name).await })
            .buffer_unordered(AT_ONCE);
        let anew: Vec<Option<T>> = anew.try_collect().await?;
        // one that is gone by now was deleted while it was read
        items.extend(anew.into_iter().flatten().map(|object| read(object, None)));
        Ok(Some(List { items, version: keys.version, date: keys.date }))
    }

    /// An object of a collection; `None` if there is none of that name.
    async fn one<T: DeserializeOwned>(
        &self,
        list: &ListCall,
        name: &str,
    ) -> Result<Option<T>, ReadFailure> {
        let what = format!("get {name} of {}", list.resource.as_str());
        let request = Request::new(&list.path).get(name, &GetParams::default());
        let call = Call::new(list.resource, what, request)?;
        match self.connection.get(&call).await {
            Ok(found) => Ok(Some(found)),
            Err(Failure { kind: FailureKind::NotFound, .. }) => Ok(None),
            Err(failure) => Err(call.failed(failure)),
        }
    }
}
