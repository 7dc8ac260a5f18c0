//! The targets in each cluster that is judged in.

use super::wanted::Wanted;
use crate::{
    cluster::Cluster,
    fleet::Target,
    gate::Policy,
    model::{Context, Namespace},
    text::Clean,
};

/// The targets in all clusters. What two contexts show alike, because they name the same cluster and user, is judged once; the
/// second value says so in a line for each such context.
pub(super) fn targets(
    wanted: &Wanted,
    clusters: &[Cluster],
    policy: &Policy,
) -> (Vec<Target>, Vec<String>) {
    let mut found: Vec<(&Cluster, Target)> = Vec::new();
    let mut doubles = Vec::new();
    for cluster in clusters {
        let all = wanted.targets(cluster.context(), cluster.default_namespace(), policy);
        let known = |target: &Target| {
            let is_it = |(other, known): &&(&Cluster, Target)| {
                known.workload == target.workload && other.is_same_as(cluster)
            };
            found.iter().find(is_it).map(|(other, _)| *other)
        };
        let (again, new): (Vec<_>, Vec<_>) =
            all.into_iter().map(|target| (known(&target), target)).partition(|one| one.0.is_some());
        if let Some(other) = again.into_iter().find_map(|(other, _)| other) {
            doubles.push(format!(
                "context {} has the same cluster and user as {}: judged once",
                name(cluster.context()),
                name(other.context())
            ));
        }
        found.extend(new.into_iter().map(|(_, target)| (cluster, target)));
    }
    (found.into_iter().map(|(_, target)| target).collect(), doubles)
}

/// The targets as far as they are known before the kubeconfig is read.
pub(super) fn expected(
    wanted: &Wanted,
    contexts: &[String],
    namespace: &Namespace,
    policy: &Policy,
) -> Vec<Target> {
    if contexts.is_empty() {
        return wanted.targets(None, namespace, policy);
    }
    let contexts = contexts.iter().map(|name| Context::new(name, true));
    contexts.flat_map(|context| wanted.targets(Some(&context), namespace, policy)).collect()
}

fn name(context: Option<&Context>) -> Clean {
    context.map(|context| context.name.clone()).unwrap_or_default()
}
