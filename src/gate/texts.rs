//! Texts of Kubernetes as the verdict reads them: what they mean stands in the table that the diagnosis is made of, too
//! (`signs`), so that a new message is one row there.

use super::{Attribution, symptom::Healing};
use crate::{
    phrases,
    signs::{Scene, meaning},
    text::Untrusted,
};

/// Whose concern a text is, and whether waiting may help. One that is not known is `otherwise`'s and may heal: a wait too
/// long costs a minute, a failure too early costs the trust in the verdict.
pub(super) fn weigh(scene: Scene, text: &str, otherwise: Attribution) -> (Attribution, Healing) {
    let unknown = (otherwise, Healing::Likely);
    meaning(scene, text).map_or(unknown, |known| (known.attribution, known.heals))
}

/// Whether a process can't be started however often it is tried: its image, its command or its settings are wrong. Other
/// faults of a start are the runtime's or unknown, and may be gone at the next try.
pub(super) fn is_permanent_start_error(text: &str) -> bool {
    weigh(Scene::Container, text, Attribution::Unknown).1 == Healing::Unlikely
}

/// Whether a node refuses a pod for what it asks, not for what the node has.
pub(super) fn is_rejected_for_what_it_asks(reason: &Untrusted, message: &Untrusted) -> bool {
    let text = phrases::kubernetes::told(reason, message);
    weigh(Scene::Rejection, &text, Attribution::Platform).1 == Healing::Unlikely
}

/// Whether an eviction is for the pod's own use of local storage.
pub(super) fn is_own_storage_use(text: &str) -> bool {
    meaning(Scene::Eviction, text).is_some()
}

/// Whose concern it is that a process could not be started.
pub(super) fn start_error_attribution(text: &str) -> Attribution {
    weigh(Scene::Container, text, Attribution::Unknown).0
}

/// Whether a word of the kubelet says that something is wrong.
pub(super) fn names_an_error(reason: &str) -> bool {
    ["Error", "BackOff", "Failed"].iter().any(|end| reason.ends_with(end))
        || ["Err", "Failed", "Invalid"].iter().any(|start| reason.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_may_heal_and_is_nobodys_fault_that_was_not_named() {
        let unknown = weigh(Scene::Image, "the moon is in the way", Attribution::Unknown);
        assert_eq!(unknown, (Attribution::Unknown, Healing::Likely));
        assert!(!is_permanent_start_error(""));
        assert_eq!(start_error_attribution(""), Attribution::Unknown);
    }
}
