//! Events, of both shapes that Kubernetes writes, folded into one.

use serde::{Deserialize, Serialize};

use super::{ServerTime, Uid, null_default};
use crate::text::Untrusted;

/// What an object was told of, e.g. by the kubelet.
///
/// The kubelet and most controllers fill `count` and `lastTimestamp`; the scheduler and others that write
/// `events.k8s.io/v1` fill `eventTime` and `series`. Both are read from the core API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "EventJson", rename_all = "camelCase")]
pub struct KubeEvent {
    /// The object that it is about.
    pub involved_object: ObjectReference,
    /// Normal or a warning.
    #[serde(rename = "type")]
    pub kind: EventKind,
    /// One word, e.g. `FailedMount`.
    pub reason: Untrusted,
    /// The text. For the scheduler's events this is the text of the first occurrence.
    pub message: Untrusted,
    /// How often it was seen; a lower bound, since writers aggregate.
    pub count: u32,
    /// When it was first seen.
    #[serde(rename = "firstTimestamp", skip_serializing_if = "Option::is_none")]
    pub first: Option<ServerTime>,
    /// When it was last seen.
    #[serde(rename = "lastTimestamp", skip_serializing_if = "Option::is_none")]
    pub last: Option<ServerTime>,
}

impl KubeEvent {
    /// Whether its reason is this word.
    pub fn has_reason(&self, reason: &str) -> bool {
        self.reason.as_raw() == reason
    }

    /// The container that it is about, from a field path such as `spec.containers{app}`.
    pub fn container(&self) -> Option<&str> {
        let path = self.involved_object.field_path.as_deref()?;
        path.split_once('{')?.1.strip_suffix('}')
    }
}

/// The kind of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventKind {
    /// Something that happens in a healthy life too.
    Normal,
    /// Something that should not be.
    Warning,
    /// A kind that this program does not know.
    #[default]
    #[serde(other)]
    Unknown,
}

/// The object that an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectReference {
    /// Its kind, e.g. `Pod`.
    #[serde(default, deserialize_with = "null_default")]
    pub kind: Box<str>,
    /// Its name.
    #[serde(default, deserialize_with = "null_default")]
    pub name: Box<str>,
    /// Its UID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<Uid>,
    /// The part of it, e.g. `spec.containers{app}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_path: Option<Box<str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventJson {
    #[serde(alias = "regarding")]
    involved_object: ObjectReference,
    #[serde(default, rename = "type", deserialize_with = "null_default")]
    kind: EventKind,
    #[serde(default, deserialize_with = "null_default")]
    reason: Untrusted,
    #[serde(default, deserialize_with = "null_default", alias = "note")]
    message: Untrusted,
    count: Option<u32>,
    first_timestamp: Option<ServerTime>,
    last_timestamp: Option<ServerTime>,
    event_time: Option<ServerTime>,
    series: Option<Series>,
    #[serde(default)]
    metadata: Option<Created>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Series {
    count: Option<u32>,
    last_observed_time: Option<ServerTime>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    creation_timestamp: Option<ServerTime>,
}

impl From<EventJson> for KubeEvent {
    fn from(json: EventJson) -> Self {
        let created = json.metadata.and_then(|metadata| metadata.creation_timestamp);
        let first = json.first_timestamp.or(json.event_time).or(created);
        let series = json.series.as_ref();
        Self {
            involved_object: json.involved_object,
            kind: json.kind,
            reason: json.reason,
            message: json.message,
            count: series.and_then(|series| series.count).or(json.count).unwrap_or(1).max(1),
            first,
            last: series
                .and_then(|series| series.last_observed_time)
                .or(json.last_timestamp)
                .or(first),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kubelets_shape_is_read() {
        let event: KubeEvent = serde_json::from_str(
            r#"{"metadata": {"name": "e", "creationTimestamp": "2026-01-01T00:00:00Z"}, "type": "Warning", "reason": "BackOff",
                "message": "Back-off restarting", "count": 4, "firstTimestamp": "2026-01-01T00:00:01Z", "lastTimestamp": "2026-01-01T00:00:09Z",
                "eventTime": null, "involvedObject": {"kind": "Pod", "name": "p", "uid": "u", "fieldPath": "spec.initContainers{migrate}"}}"#,
        )
        .unwrap();
        assert_eq!((event.count, event.container()), (4, Some("migrate")));
        assert_eq!(event.last.unwrap().to_string(), "2026-01-01 00:00:09 UTC");
        let line = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<KubeEvent>(&line).unwrap(), event);
    }

    #[test]
    fn the_schedulers_shape_is_read() {
        let event: KubeEvent = serde_json::from_str(
            r#"{"metadata": {}, "type": "Warning", "reason": "FailedScheduling", "message": "0/1 nodes", "count": null,
                "firstTimestamp": null, "lastTimestamp": null, "eventTime": "2026-01-01T00:00:01.000001Z",
                "series": {"count": 3, "lastObservedTime": "2026-01-01T00:00:05.000000Z"},
                "involvedObject": {"kind": "Pod", "name": "p", "uid": "u"}}"#,
        )
        .unwrap();
        assert_eq!(
            (event.count, event.last.unwrap().to_string().as_str()),
            (3, "2026-01-01 00:00:05 UTC")
        );
    }
}
