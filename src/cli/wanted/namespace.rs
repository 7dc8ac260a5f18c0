//! The namespaces that manifests name, beside the one that was given.

use crate::{manifest::Manifests, model::Namespace};

/// Checks that no target is meant for another namespace than the one that was given, as kubectl does.
///
/// # Errors
///
/// On the first that is.
pub(super) fn check(manifests: &Manifests, given: Option<&Namespace>) -> Result<(), String> {
    let Some(given) = given else { return Ok(()) };
    let other = manifests.targets.iter().find_map(|target| {
        let declared = target.namespace.as_ref().filter(|declared| *declared != given)?;
        Some((target, declared))
    });
    match other {
        Some((target, declared)) => Err(format!(
            "{}/{} is in namespace {declared}, but -n {given} was given",
            target.kind, target.name
        )),
        None => Ok(()),
    }
}
