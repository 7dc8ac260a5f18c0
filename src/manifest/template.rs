//! The pod template of a manifest.

use std::collections::BTreeMap;

use super::{
    error::{Failure, Problem},
    sources::Part,
    yaml::{BRACES, Node},
};
use crate::{
    evidence::{ObjectKind, ProbeKind},
    model::is_word,
    text::Clean,
};

/// What a pod template asks for.
#[derive(Debug, Default)]
pub(super) struct Template {
    /// Images by container.
    pub(super) images: BTreeMap<Box<str>, Box<str>>,
    /// Its parts with their lines.
    pub(super) parts: Vec<(Part, u32)>,
}

const PROBES: [(&str, ProbeKind); 3] = [
    ("startupProbe", ProbeKind::Startup),
    ("livenessProbe", ProbeKind::Liveness),
    ("readinessProbe", ProbeKind::Readiness),
];

/// Where a volume names an object: kind, field, and the name's own field in it.
const VOLUMES: [(ObjectKind, &str, &str); 3] = [
    (ObjectKind::ConfigMap, "configMap", "name"),
    (ObjectKind::Secret, "secret", "secretName"),
    (ObjectKind::PersistentVolumeClaim, "persistentVolumeClaim", "claimName"),
];

/// Where variables name an object: kind, field of `envFrom`, field of `valueFrom`.
const VARIABLES: [(ObjectKind, &str, &str); 2] = [
    (ObjectKind::ConfigMap, "configMapRef", "configMapKeyRef"),
    (ObjectKind::Secret, "secretRef", "secretKeyRef"),
];

impl Template {
    /// Reads the spec of a pod.
    ///
    /// # Errors
    ///
    /// If an image is none.
    pub(super) fn read(spec: Node<'_>) -> Result<Self, Failure> {
        let mut template = Self::default();
        for list in ["initContainers", "containers"] {
            for container in spec.get(list).into_iter().flat_map(Node::items) {
                template.container(container)?;
            }
        }
        for volume in spec.get("volumes").into_iter().flat_map(Node::items) {
            template.volume(volume);
        }
        Ok(template)
    }

    fn container(&mut self, container: Node<'_>) -> Result<(), Failure> {
        let name = container.name("name", "a container's name")?;
        // the server refuses others
        let Some(name) = name.filter(|name| is_word(name)) else { return Ok(()) };
        self.add(Part::Container(name.into()), container);
        if let Some(image) = container.get("image") {
            self.images.insert(name.into(), image_of(image)?.into());
            self.add(Part::Image(name.into()), image);
        }
        if let Some(command) = container.get("command").or_else(|| container.get("args")) {
            self.add(Part::Command(name.into()), command);
        }
        if let Some(resources) = container.get("resources") {
            self.add(Part::Resources(name.into()), resources);
        }
        for (field, kind) in PROBES {
            if let Some(probe) = container.get(field) {
                self.add(Part::Probe(name.into(), kind), probe);
            }
        }
        for from in container.get("envFrom").into_iter().flat_map(Node::items) {
            self.references(name, from, from);
        }
        for variable in container.get("env").into_iter().flat_map(Node::items) {
            if let Some(own) = variable.get("name").and_then(Node::text) {
                self.add(Part::Env(name.into(), own.into()), variable);
            }
            if let Some(from) = variable.get("valueFrom") {
                self.references(name, from, variable);
            }
        }
        for mount in container.get("volumeMounts").into_iter().flat_map(Node::items) {
            if let Some(volume) = mount.get("name").and_then(Node::text) {
                self.add(Part::Mount(name.into(), volume.into()), mount);
            }
        }
        Ok(())
    }

    /// The objects that a source of variables names.
    fn references(&mut self, container: &str, from: Node<'_>, written: Node<'_>) {
        for (kind, all, one) in VARIABLES {
            let reference = from.get(all).or_else(|| from.get(one));
            if let Some(name) = reference.and_then(|of| of.get("name")).and_then(Node::text) {
                self.add(Part::Reference(container.into(), kind, name.into()), written);
                if let Some(key) = reference.and_then(|of| of.get("key")).and_then(Node::text) {
                    let part = Part::Key(container.into(), kind, name.into(), key.into());
                    self.add(part, written);
                }
            }
        }
    }

    fn volume(&mut self, volume: Node<'_>) {
        if let Some(name) = volume.get("name").and_then(Node::text) {
            self.add(Part::Volume(name.into()), volume);
        }
        let projected = volume.get("projected").and_then(|projected| projected.get("sources"));
        for source in std::iter::once(volume).chain(projected.into_iter().flat_map(Node::items)) {
            for (kind, field, own) in VOLUMES {
                let Some(of) = source.get(field) else { continue };
                // a projected Secret is named as a projected ConfigMap is
                if let Some(name) = of.get(own).or_else(|| of.get("name")).and_then(Node::text) {
                    self.add(Part::VolumeReference(kind, name.into()), source);
                }
            }
        }
    }

    fn add(&mut self, part: Part, node: Node<'_>) {
        self.parts.push((part, node.line()));
    }
}

/// # Errors
///
/// If it cannot be an image, as with the placeholder of a tool.
fn image_of(node: Node<'_>) -> Result<&str, Failure> {
    let invalid = |expected| {
        let expected = Clean::from_static(expected);
        (Some(node.line()), Problem::Invalid { field: "image", expected })
    };
    let text = node.text().ok_or_else(|| invalid("expected a text"))?;
    if text.contains(BRACES) {
        return Err((Some(node.line()), Problem::Template));
    }
    if !is_word(text) {
        return Err(invalid(
            "expected a reference such as ghcr.io/acme/app:1.4, its placeholders filled in",
        ));
    }
    Ok(text)
}
