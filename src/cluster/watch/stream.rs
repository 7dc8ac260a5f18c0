//! One watch, which tries again by itself.

use std::time::Duration;

use http::{HeaderValue, StatusCode, header::ACCEPT_ENCODING};
use kube::core::{
    Request, WatchEvent,
    params::{ListParams, WatchParams},
};
use serde::de::IgnoredAny;
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

use super::{
    super::{Cluster, call::Call, failure::Failure, lines::Lines, list::ListCall},
    WatchMessage,
    watched::{Meant, Watched},
};
use crate::{
    model::Meta,
    observation::{Resource, ScopeId},
};

/// The pause after a watch was forbidden: permissions come late, if at all.
const PAUSE_WHEN_REFUSED: Duration = Duration::from_secs(30);

/// Bytes of one event: etcd takes objects of up to 1.5 MiB, which are somewhat larger as JSON.
const LINE_MAX: usize = 4 << 20;

/// A watch of one collection, or of one object of it.
#[derive(Clone)]
pub(super) struct Watch {
    pub(super) cluster: Cluster,
    pub(super) resource: Resource,
    pub(super) meant: Meant,
    pub(super) path: String,
    pub(super) params: WatchParams,
    /// Where to go on; without it the server begins with the objects as they are.
    pub(super) version: Option<String>,
    /// Objects that are no newer than this were read already.
    pub(super) newer_than: u64,
    pub(super) scope: ScopeId,
    pub(super) sender: mpsc::Sender<(ScopeId, WatchMessage)>,
}

/// Why a stream ended.
enum End {
    /// The server ended it in good order.
    Finished,
    /// It broke, or fell silent.
    Broken,
    /// The server no longer has what came after our version.
    Expired,
    /// The server refuses.
    Refused,
    /// Nobody listens.
    NotWanted,
}

impl Watch {
    /// Follows it until nobody listens.
    pub(super) async fn run<T: Watched>(mut self) {
        let (first, longest) = self.cluster.connection.limits().backoff;
        let mut pause = first;
        // a streak of failures is told once, at its start; what it hid comes with the version it goes on from
        let mut told = false;
        loop {
            let mut lived = false;
            let end = self.stream::<T>(&mut lived).await;
            if lived {
                (pause, told) = (first, false);
            }
            let mut wait = Some(pause);
            match end {
                End::NotWanted => return,
                End::Finished if lived => wait = None,
                End::Finished => {}
                End::Broken => {
                    if !std::mem::replace(&mut told, true) && !self.tell(WatchMessage::Gap).await {
                        return;
                    }
                }
                End::Expired => {
                    while !self.start_again().await {
                        sleep(pause).await;
                        pause = (pause * 2).min(longest);
                    }
                    wait = (!lived).then_some(pause);
                    // told after the new version is known, so that a read that follows closes the gap
                    if !self.tell(WatchMessage::Gap).await {
                        return;
                    }
                }
                End::Refused => {
                    if !std::mem::replace(&mut told, true) && !self.tell(WatchMessage::Gap).await {
                        return;
                    }
                    wait = Some(PAUSE_WHEN_REFUSED);
                }
            }
            if let Some(wait) = wait {
                sleep(wait).await;
                pause = (pause * 2).min(longest);
            }
        }
    }

    /// Follows one stream to its end. It lived if it said something, or stayed open for a while.
    async fn stream<T: Watched>(&mut self, lived: &mut bool) -> End {
        let connection = &self.cluster.connection;
        let limits = *connection.limits();
        let params = self.params.clone().timeout(limits.watch_seconds);
        let version = self.version.as_deref().unwrap_or("");
        let Ok(mut request) = Request::new(&self.path).watch(&params, version) else {
            return End::Refused;
        };
        request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let what = format!("watch {}", self.resource.as_str());
        let call = Call { resource: self.resource, what, request };
        let mut lines = match timeout(limits.request, connection.open(&call)).await {
            Err(_) => return End::Broken,
            Ok(Err(failure)) => return End::of(&failure),
            Ok(Ok(answer)) => Lines::new(answer.into_body(), LINE_MAX),
        };
        // without a version it begins with the object as it is
        let begins_with_object = self.version.is_none();
        let mut is_young = true;
        loop {
            let limit = if is_young { limits.watch_settle } else { limits.watch_idle };
            let line = match timeout(limit, lines.next()).await {
                Err(_) if std::mem::take(&mut is_young) => {
                    *lived = true;
                    // an object that does not come was deleted between the read and the watch
                    if begins_with_object && !self.tell(WatchMessage::Gap).await {
                        return End::NotWanted;
                    }
                    continue;
                }
                Err(_) => return End::Broken,
                Ok(Err(failure)) => return End::of(&failure),
                Ok(Ok(None)) => return End::Finished,
                Ok(Ok(Some(line))) => line,
            };
            is_young = false;
            let event = serde_json::from_slice::<WatchEvent<T>>(&line);
            *lived |= matches!(
                event,
                Ok(WatchEvent::Added(_)
                    | WatchEvent::Modified(_)
                    | WatchEvent::Deleted(_)
                    | WatchEvent::Bookmark(_))
            );
            let message = match event {
                Ok(WatchEvent::Added(mut object) | WatchEvent::Modified(mut object)) => {
                    let is_known = object.metadata().version <= self.newer_than;
                    self.advance(object.metadata());
                    let is_old = is_known && object.metadata().version != 0;
                    if is_old || !object.is_meant(&self.meant, &self.cluster.connection) {
                        continue;
                    }
                    object.changed()
                }
                Ok(WatchEvent::Deleted(mut object)) => {
                    self.advance(object.metadata());
                    if !object.is_meant(&self.meant, &self.cluster.connection) {
                        continue;
                    }
                    object.deleted()
                }
                Ok(WatchEvent::Bookmark(bookmark)) => {
                    self.version = Some(bookmark.metadata.resource_version);
                    continue;
                }
                Ok(WatchEvent::Error(status)) if status.code == StatusCode::GONE.as_u16() => {
                    return End::Expired;
                }
                Ok(WatchEvent::Error(_)) => return End::Broken,
                // a line that makes no sense says at least that something changed
                Err(_) => WatchMessage::Gap,
            };
            if !self.tell(message).await {
                return End::NotWanted;
            }
        }
    }

    fn advance(&mut self, metadata: &Meta) {
        if metadata.version != 0 {
            self.version = Some(metadata.version.to_string());
        }
    }

    /// Finds a version to go on from after the last one expired, and says whether there is one.
    async fn start_again(&mut self) -> bool {
        self.version = None;
        if self.params.field_selector.is_some() {
            // one object is sent again as it is
            return true;
        }
        let params = ListParams {
            label_selector: self.params.label_selector.clone(),
            limit: Some(1),
            ..ListParams::default()
        };
        let what = format!("list {}", self.resource.as_str());
        let list = ListCall {
            max_pages: 1,
            ..ListCall::whole(self.resource, what, self.path.clone(), params)
        };
        let listed = self.cluster.connection.list::<IgnoredAny>(&list).await;
        self.version = listed
            .ok()
            .map(|list| list.version.into())
            .filter(|version: &String| !version.is_empty());
        self.version.is_some()
    }

    /// Whether anybody listens still.
    async fn tell(&self, message: WatchMessage) -> bool {
        self.sender.send((self.scope, message)).await.is_ok()
    }
}

impl End {
    fn of(failure: &Failure) -> Self {
        match failure.status {
            Some(StatusCode::GONE) => Self::Expired,
            Some(StatusCode::TOO_MANY_REQUESTS) | None => Self::Broken,
            Some(code) if code.is_client_error() => Self::Refused,
            Some(_) => Self::Broken,
        }
    }
}
