//! Manifests as people and tools write them.

mod errors;
mod lines;
mod objects;
mod properties;

use super::{Collector, Input, Manifests, Part};
use crate::text::Clean;

/// What is read of a file `k8s/app.yaml`, or the error.
fn read(text: &str) -> Result<Manifests, String> {
    let file = Clean::from_static("k8s/app.yaml");
    let mut collector = Collector::default();
    let input = Input { shown: &file, file: Some(&file), bytes: text.as_bytes() };
    collector.add(input).map_err(|error| error.to_string())?;
    Ok(collector.finish())
}

/// `kind/name`, or `namespace/kind/name`, of each target.
fn targets(text: &str) -> Vec<String> {
    let targets = read(text).unwrap().targets;
    let title = |target: &super::Declared| match &target.namespace {
        Some(namespace) => format!("{namespace}/{}/{}", target.kind, target.name),
        None => format!("{}/{}", target.kind, target.name),
    };
    targets.iter().map(title).collect()
}

/// A Deployment with these containers, from line 1 on; the containers begin on line 7.
fn deployment(containers: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: app}}\nspec:\n  template:\n    spec:\n{containers}"
    )
}

/// The line of a part of the only target.
fn line(text: &str, part: Part) -> u32 {
    let manifests = read(text).unwrap();
    let [target] = &*manifests.targets else { panic!("{:?}", manifests.targets) };
    let source = target.sources.find(&[part]).unwrap();
    assert_eq!(&*source.file, "k8s/app.yaml");
    source.line
}
