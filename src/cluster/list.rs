//! Lists, read in pages: a page is decoded and dropped before the next one is asked for.

use std::{fmt, marker::PhantomData};

use kube::core::{Request, params::ListParams};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, SeqAccess, Visitor},
};

use super::{
    call::{Call, decode},
    connection::Connection,
    failure::Failure,
};
use crate::{
    model::ServerTime,
    observation::{FailureKind, ReadFailure, Resource},
};

/// How often a list is begun again when the server forgets where it was.
const RESTARTS: u32 = 2;

/// By how much shorter a page is asked for where one is too large to be read.
const SHORTER: u32 = 8;

/// Objects that a list may have; no workload has so many pods, and each takes about a kilobyte of memory.
const ITEMS_MAX: usize = 50_000;

/// Bytes of a page, as far as the one before tells, and objects of it: where pages grow.
const PAGE_BYTES: usize = 2 << 20;
const PAGE_MAX: u32 = 500;

/// Everything that was asked for, as of one point in time.
pub(super) struct List<T> {
    pub(super) items: Vec<T>,
    /// The version to watch from; empty where nothing was listed.
    pub(super) version: Box<str>,
    pub(super) date: Option<ServerTime>,
}

/// What is not asked for.
impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), version: "".into(), date: None }
    }
}

/// What to list.
pub(super) struct ListCall {
    pub(super) resource: Resource,
    pub(super) what: String,
    pub(super) path: String,
    pub(super) params: ListParams,
    /// Pages after which to stop; what is left is not asked for.
    pub(super) max_pages: usize,
    /// Only the metadata of objects is asked for.
    pub(super) metadata_only: bool,
    /// Pages after the first are as long as the size of its objects allows: fewer requests, for more memory.
    pub(super) grows: bool,
}

#[derive(Deserialize)]
struct Page<T> {
    metadata: PageMeta,
    /// Some servers write an empty list as null.
    items: Option<Items<T>>,
}

/// Objects of a page, which are counted while they are decoded: a megabyte of text can be a hundred of objects.
struct Items<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Items<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Counted<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Counted<T> {
            type Value = Items<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a list of at most {ITEMS_MAX} objects")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Items<T>, A::Error> {
                let mut found = Vec::new();
                while let Some(item) = items.next_element()? {
                    if found.len() == ITEMS_MAX {
                        return Err(A::Error::invalid_length(ITEMS_MAX + 1, &self));
                    }
                    found.push(item);
                }
                Ok(Items(found))
            }
        }

        deserializer.deserialize_seq(Counted(PhantomData))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageMeta {
    resource_version: Option<Box<str>>,
    #[serde(rename = "continue")]
    next: Option<String>,
}

impl Connection {
    /// Lists without a resourceVersion: what it returns is no older than the request, and all pages are of one point in
    /// time (`staging/src/k8s.io/apiserver/pkg/storage/cacher`).
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        list: &ListCall,
    ) -> Result<List<T>, ReadFailure> {
        self.list_as(list, |item, _| item).await
    }

    /// The same, with what is kept of each item. It is told which one came before, for they have much in common.
    pub(super) async fn list_as<T: DeserializeOwned, U>(
        &self,
        list: &ListCall,
        keep: impl Fn(T, Option<&U>) -> U,
    ) -> Result<List<U>, ReadFailure> {
        let failed = |failure: Failure| failure.of(list.resource, &list.what);
        let mut body = Vec::new();
        let mut restarts = 0;
        'from_the_start: loop {
            let mut params = list.params.clone();
            let mut found = List::default();
            let mut pages = 0;
            while pages < list.max_pages {
                let request = Request::new(&list.path);
                let request = match list.metadata_only {
                    true => request.list_metadata(&params),
                    false => request.list(&params),
                };
                let call = Call::new(list.resource, list.what.clone(), request)?;
                let date = match self.read(&call, &mut body).await {
                    Ok(date) => date,
                    Err(failure)
                        if failure.status == Some(http::StatusCode::GONE)
                            && params.continue_token.is_some()
                            && restarts < RESTARTS =>
                    {
                        restarts += 1;
                        continue 'from_the_start;
                    }
                    // whole objects, from a server or one between that knows no other form
                    Err(failure) if failure.is_too_large && list.metadata_only => {
                        return Err(failed(Failure { kind: FailureKind::Refused, ..failure }));
                    }
                    Err(failure)
                        if failure.is_too_large && params.limit.is_some_and(|page| page > 1) =>
                    {
                        params.limit = params.limit.map(|page| (page / SHORTER).max(1));
                        continue;
                    }
                    Err(failure) => return Err(failed(failure)),
                };
                pages += 1;
                let page: Page<T> = decode(&body).map_err(failed)?;
                found.date = found.date.or(date);
                found.version = page.metadata.resource_version.unwrap_or_default();
                let items = page.items.map(|items| items.0).unwrap_or_default();
                if found.items.len() + items.len() > ITEMS_MAX {
                    let text = format!("the list has more than {ITEMS_MAX} objects");
                    return Err(failed(Failure::new(FailureKind::Malformed, text)));
                }
                if list.grows {
                    params.limit = params.limit.map(|page| longer(page, body.len(), items.len()));
                }
                // doubling would leave up to half of the largest block unused
                found.items.reserve_exact(items.len());
                for item in items {
                    let kept = keep(item, found.items.last());
                    found.items.push(kept);
                }
                params.continue_token = page.metadata.next.filter(|next| !next.is_empty());
                if params.continue_token.is_none() {
                    break;
                }
            }
            return Ok(found);
        }
    }
}

/// How many objects the next page may have, after one of so many bytes and objects.
fn longer(page: u32, bytes: usize, objects: usize) -> u32 {
    let fit = PAGE_BYTES.saturating_mul(objects) / bytes.max(1);
    u32::try_from(fit).unwrap_or(PAGE_MAX).min(PAGE_MAX).max(page.min(PAGE_MAX))
}

impl ListCall {
    /// A list of everything that the parameters choose.
    pub(super) fn whole(
        resource: Resource,
        what: String,
        path: String,
        params: ListParams,
    ) -> Self {
        let max_pages = usize::MAX;
        Self { resource, what, path, params, max_pages, metadata_only: false, grows: false }
    }
}

impl<T> List<T> {
    /// The list, or a failure if it has no version: without one there is nothing to watch from.
    pub(super) fn versioned(self, resource: Resource, what: &str) -> Result<Self, ReadFailure> {
        if self.version.is_empty() {
            let text = "the answer has no resourceVersion";
            return Err(Failure::new(FailureKind::Malformed, text).of(resource, what));
        }
        Ok(self)
    }
}
