//! Events as they are shown: those that say the same are one.

use serde::{Deserialize, Serialize};

use crate::{
    model::{EventKind, KubeEvent, ServerTime},
    text::{Clean, Untrusted},
};

/// An event as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventLine {
    /// Normal or a warning.
    pub kind: EventKind,
    /// The object, e.g. `Pod app-1`.
    pub object: Clean,
    /// The container, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<Clean>,
    /// One word.
    pub reason: Clean,
    /// The text.
    pub message: Clean,
    /// How often it was seen.
    pub count: u32,
    /// When it was last seen, by the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<ServerTime>,
    /// Seconds from then to the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_seconds: Option<u64>,
}

impl EventLine {
    /// Whether it may be about this container: events that name none may be about any.
    pub fn is_about(&self, container: &str) -> bool {
        self.container.as_deref().is_none_or(|name| name == container)
    }

    /// The text with `…` for the part of a pod's name that its controller made up: the API server refuses each pod
    /// under a new name, and events that differ only in it say the same.
    fn message_of_any_pod(&self) -> Option<String> {
        let (_, owner) = self.object.split_once(' ')?;
        let start = format!("{owner}-");
        let mut parts = self.message.split(&*start);
        let mut text = parts.next()?.to_owned();
        let mut is_found = false;
        for part in parts {
            text.push_str(&start);
            let is_suffix = part.len() >= SUFFIX
                && part.bytes().take(SUFFIX).all(|byte| byte.is_ascii_alphanumeric())
                && !part[SUFFIX..].starts_with(|c: char| c.is_ascii_alphanumeric());
            text.push_str(if is_suffix { "…" } else { "" });
            text.push_str(if is_suffix { &part[SUFFIX..] } else { part });
            is_found |= is_suffix;
        }
        is_found.then_some(text)
    }
}

/// Characters that a controller appends to make up a pod's name
/// (Kubernetes 1.36 `apiserver/pkg/storage/names/generate.go`, `randomLength`).
const SUFFIX: usize = 5;

impl From<&KubeEvent> for EventLine {
    fn from(event: &KubeEvent) -> Self {
        let object = format!("{} {}", event.involved_object.kind, event.involved_object.name);
        Self {
            kind: event.kind,
            object: Untrusted::from(object).to_clean_line(120),
            container: event.container().map(|name| Untrusted::from(name).to_clean_line(63)),
            reason: event.reason.to_clean_line(80),
            message: event.message.to_clean_line(1000),
            count: event.count,
            last: event.last,
            age_seconds: None,
        }
    }
}

/// Makes one of events that say the same of one object, with the counts of all and the time of the last.
pub fn fold(events: impl IntoIterator<Item = EventLine>) -> Vec<EventLine> {
    let mut folded: Vec<(Option<String>, EventLine)> = Vec::new();
    for event in events {
        let message = event.message_of_any_pod();
        let is_same = |(other, known): &&mut (Option<String>, EventLine)| {
            let same_text = match (&message, other) {
                (Some(message), Some(other)) => message == other,
                (None, None) => known.message == event.message,
                (Some(_), None) | (None, Some(_)) => false,
            };
            same_text
                && known.kind == event.kind
                && known.reason == event.reason
                && known.object == event.object
                && known.container == event.container
        };
        let Some((message, known)) = folded.iter_mut().find(is_same) else {
            folded.push((message, event));
            continue;
        };
        if known.message != event.message
            && let Some(message) = message
        {
            known.message = Untrusted::from(message.as_str()).to_clean_line(1000);
        }
        known.count = known.count.max(1).saturating_add(event.count.max(1));
        known.last = known.last.max(event.last);
        // the smaller one belongs to the later time
        known.age_seconds = match (known.age_seconds, event.age_seconds) {
            (Some(known), Some(age)) => Some(known.min(age)),
            (known, age) => known.or(age),
        };
    }
    folded.into_iter().map(|(_, event)| event).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(object: &str, message: &str, count: u32, second: i64) -> EventLine {
        EventLine {
            kind: EventKind::Warning,
            object: Untrusted::from(object).to_clean_line(120),
            container: None,
            reason: Clean::from_static("FailedCreate"),
            message: Untrusted::from(message).to_clean_line(1000),
            count,
            last: ServerTime::from_unix_seconds(second),
            age_seconds: None,
        }
    }

    #[test]
    fn refusals_of_pods_under_made_up_names_are_one_event() {
        let refused = |name: &str| {
            format!("Error creating: pods \"{name}\" is forbidden: exceeded quota: small")
        };
        let events = [
            event("ReplicaSet app-5d9", &refused("app-5d9-x2x9z"), 1, 5),
            event("ReplicaSet app-5d9", &refused("app-5d9-q8k4n"), 2, 9),
            event("ReplicaSet app-5d9", &refused("app-5d9-n4d7w"), 0, 7),
        ];
        let folded = fold(events.clone());
        assert_eq!(folded.len(), 1);
        assert_eq!(&*folded[0].message, refused("app-5d9-…"));
        assert_eq!((folded[0].count, folded[0].last), (4, ServerTime::from_unix_seconds(9)));
        assert_eq!(fold(events[..1].to_vec()), events[..1], "one alone keeps its name");
    }

    #[test]
    fn events_that_say_different_things_stay_apart() {
        let events = [
            event("ReplicaSet app-5d9", "quota small, app-5d9-x2x9z", 1, 1),
            event("ReplicaSet app-5d9", "quota large, app-5d9-q8k4n", 1, 1),
            event("ReplicaSet app-5d9", "see app-5d9-config", 1, 1),
            event("ReplicaSet app-5d9", "see app-5d9-secret", 1, 1),
            event("Pod app-5d9-x2x9z", "pulling", 1, 1),
            event("Pod app-5d9-q8k4n", "pulling", 1, 1),
        ];
        assert_eq!(fold(events.clone()), events);
    }

    #[test]
    fn the_same_text_of_one_object_is_counted_up() {
        let events = [event("Pod app-1", "back-off", 3, 5), event("Pod app-1", "back-off", 1, 6)];
        assert_eq!(fold(events)[0].count, 4);
    }
}
