//! Evidence: events, logs, details, what changed. It is fetched when the gate requests it, and nothing waits for it.

use kube::core::params::ListParams;
use tokio::time::timeout;

use super::{Cluster, failure::Failure, list::ListCall, path};
use crate::{
    evidence::{EventsRequest, EvidenceRequest},
    model::KubeEvent,
    observation::{Observation, ReadFailure, Resource},
    text::Redactor,
};

/// Events of a page, pages that are read, and events that are kept.
const EVENTS_A_PAGE: u32 = 200;
const EVENT_PAGES: usize = 5;
const EVENTS_KEPT: usize = 100;

impl Cluster {
    /// Fetches what the gate requests. There is always an answer: a failure if the time is up.
    pub async fn fetch(
        &self,
        namespace: &str,
        request: &EvidenceRequest,
        redactor: &Redactor,
    ) -> Observation {
        let _permit = self.connection.evidence.acquire().await;
        match request {
            EvidenceRequest::Events(request) => {
                let what = format!("list events of {} {}", request.kind, request.name);
                let events = Box::pin(self.events(namespace, request));
                let result = self.in_time(Resource::Events, &what, events).await;
                Observation::Events { request: request.clone(), result }
            }
            EvidenceRequest::Log(request) => {
                let what = format!("read the log of container {}", request.container);
                let log = Box::pin(self.log(namespace, request, redactor));
                let result = self.in_time(Resource::Logs, &what, log).await;
                Observation::Log { request: request.clone(), result }
            }
            EvidenceRequest::Change(request) => {
                let what = format!("compare revision {}", request.before.name);
                let changes = Box::pin(self.changes(namespace, request, redactor));
                let result = self.in_time(Resource::ReplicaSets, &what, changes).await;
                Observation::Change { request: request.clone(), result }
            }
            EvidenceRequest::Details(request) => {
                let what = format!("read the details of pod {}", request.pod.name);
                let details = Box::pin(self.details(namespace, request, redactor));
                let result = self.in_time(Resource::Pods, &what, details).await;
                Observation::Details { request: request.clone(), result }
            }
        }
    }

    /// The answer, or a failure if it takes longer than [`Limits::evidence`](super::Limits::evidence).
    async fn in_time<T>(
        &self,
        resource: Resource,
        what: &str,
        answer: impl Future<Output = Result<T, ReadFailure>>,
    ) -> Result<T, ReadFailure> {
        let limit = self.connection.limits().evidence;
        let late = |_| Err(Failure::timed_out(limit).of(resource, what));
        timeout(limit, answer).await.unwrap_or_else(late)
    }

    /// The last events of an object, oldest first.
    async fn events(
        &self,
        namespace: &str,
        request: &EventsRequest,
    ) -> Result<Vec<KubeEvent>, ReadFailure> {
        let fields = format!("involvedObject.uid={}", request.uid);
        let list = ListCall {
            resource: Resource::Events,
            what: format!(
                "list events of {} {} in namespace {namespace}",
                request.kind, request.name
            ),
            path: path::of(Resource::Events, namespace),
            params: ListParams::default().fields(&fields).limit(EVENTS_A_PAGE),
            max_pages: EVENT_PAGES,
            metadata_only: false,
            grows: false,
        };
        let mut events: Vec<KubeEvent> = self.connection.list(&list).await?.items;
        // the server sorts by name
        events.sort_by_key(|event| event.last);
        events.drain(..events.len().saturating_sub(EVENTS_KEPT));
        Ok(events)
    }
}
