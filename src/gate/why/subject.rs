//! What a failure hangs on outside of the pod, where the pod says it better than a text: its image, registry and node.

use crate::{
    evidence::Evidence,
    signs::{Diagnosis, Subject, SubjectKind},
};

/// Where images come from whose names have no registry.
const DEFAULT_REGISTRY: &str = "docker.io";

/// The diagnosis with what the pod says of the thing that it is about.
pub(in crate::gate) fn of_pod(mut diagnosis: Diagnosis, evidence: Option<&Evidence>) -> Diagnosis {
    let Some(evidence) = evidence.filter(|_| diagnosis.subject.is_none()) else {
        return diagnosis;
    };
    let name = match diagnosis.about() {
        Some(SubjectKind::Node) => evidence.node.as_deref(),
        Some(SubjectKind::Image) => image(evidence),
        Some(SubjectKind::Registry) => image(evidence).map(registry),
        Some(_) | None => None,
    };
    diagnosis.subject = diagnosis.about().zip(name).map(|(kind, name)| Subject::new(kind, name));
    diagnosis
}

fn image(evidence: &Evidence) -> Option<&str> {
    let detailed = || Some(&*evidence.details.as_ref()?.containers.first()?.image);
    evidence.image.as_deref().or_else(detailed)
}

/// The registry of an image: the first part of its name, if that can be a host (distribution `reference/normalize.go`).
fn registry(image: &str) -> &str {
    let first = image.split_once('/').map(|(first, _)| first);
    first
        .filter(|first| first.contains(['.', ':']) || *first == "localhost")
        .unwrap_or(DEFAULT_REGISTRY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_of_an_image_is_the_part_that_can_be_a_host() {
        for (image, expected) in [
            ("nginx", "docker.io"),
            ("library/nginx:1.27", "docker.io"),
            ("ghcr.io/shop/app:2", "ghcr.io"),
            ("registry:5000/app@sha256:8e36", "registry:5000"),
            ("localhost/app", "localhost"),
            ("nginx:1.27", "docker.io"),
        ] {
            assert_eq!(registry(image), expected, "{image}");
        }
    }
}
