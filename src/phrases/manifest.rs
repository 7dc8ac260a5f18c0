//! What of manifests is not judged.

use std::collections::BTreeMap;

use super::first_few;
use crate::{
    clean,
    manifest::{Declared, NotJudged, Other},
    text::Clean,
};

/// Objects that are named; more are counted.
const NAMED: usize = 20;

/// Workloads that their manifests stop, and other objects: those that people may miss by name, the rest by kind. Empty where
/// there are none.
pub fn not_judged(stopped: &[Declared], others: &[Other]) -> Clean {
    let stopped = stopped.iter().map(|target| {
        let why = match target.is_paused {
            true => "paused",
            false => "0 replicas",
        };
        clean!("{}/{} ({} in its manifest)", target.kind, target.name, Clean::from_static(why))
    });
    let named = others.iter().filter(|other| other.why != NotJudged::NoWorkload);
    let named = named.map(|other| clean!("{} {} ({})", other.kind, other.name, other.why));
    let mut kinds: BTreeMap<&Clean, u64> = BTreeMap::new();
    for other in others.iter().filter(|other| other.why == NotJudged::NoWorkload) {
        *kinds.entry(&other.kind).or_default() += 1;
    }
    let counted = kinds.into_iter().map(|(kind, count)| match count {
        1 => kind.clone(),
        count => clean!("{} ×{}", kind, count),
    });
    let all: Vec<Clean> = stopped.chain(named).chain(counted).collect();
    match all.is_empty() {
        true => Clean::default(),
        false => clean!("not judged: {}", first_few(&all, NAMED)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(kind: &'static str, name: &'static str, why: NotJudged) -> Other {
        let (kind, name) = (Clean::from_static(kind), Clean::from_static(name));
        Other { kind, group: Clean::default(), namespace: None, name, why }
    }

    #[test]
    fn what_may_be_missed_is_named_and_the_rest_is_counted() {
        let others = [
            other("ConfigMap", "a", NotJudged::NoWorkload),
            other("Certificate", "web", NotJudged::CustomResource),
            other("ConfigMap", "b", NotJudged::NoWorkload),
            other("Service", "c", NotJudged::NoWorkload),
            other("Job", "migrate", NotJudged::Hook),
        ];
        assert_eq!(
            &*not_judged(&[], &others),
            "not judged: Certificate web (custom resource), Job migrate (hook), ConfigMap ×2, Service"
        );
        assert_eq!(&*not_judged(&[], &[]), "");
    }
}
