//! The targets in each cluster that is judged in.

use std::time::Duration;

use super::wanted::{Found, Wanted};
use crate::{
    clean,
    clock::Clock,
    cluster::Cluster,
    fleet::{Problem, Target, add_notes},
    gate::Policy,
    model::{Context, Namespace},
    run::{self, Selected},
    selection::{Chosen, Selection},
    text::{Clean, Redactor},
};

/// What was found in all clusters.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) targets: Vec<Target>,
    /// What is not judged, and which contexts are the same.
    pub(super) notes: Vec<Clean>,
    /// Why something could not be found.
    pub(super) problems: Vec<Problem>,
}

/// Searches each cluster for what is selected; none where nothing is. `stale`: how long its API may fail.
pub(super) async fn search(
    wanted: &Wanted,
    clusters: &[Cluster],
    stale: Duration,
    redactor: &Redactor,
    clock: Clock,
) -> Vec<Selected> {
    run::select(&selections(wanted, clusters), stale, redactor, clock).await
}

/// What is selected in each cluster; none where nothing is.
pub(super) fn selections<'a>(
    wanted: &Wanted,
    clusters: &'a [Cluster],
) -> Vec<(&'a Cluster, Selection)> {
    let of = |cluster| selections_in(wanted, cluster).into_iter().map(move |one| (cluster, one));
    clusters.iter().flat_map(of).collect()
}

fn selections_in(wanted: &Wanted, cluster: &Cluster) -> Vec<Selection> {
    wanted.selections(cluster.context(), cluster.default_namespace())
}

/// What the selections of a cluster chose together; `None` if one of them failed, with the problems.
fn together(
    results: impl Iterator<Item = Selected>,
    problems: &mut Vec<Problem>,
) -> Option<Chosen> {
    let mut all = Some(Chosen::default());
    for one in results {
        match one {
            Ok(one) => {
                if let Some(all) = &mut all {
                    all.add(one);
                }
            }
            Err(found) => {
                problems.extend(found);
                all = None;
            }
        }
    }
    all
}

/// The targets in all clusters, with what was `selected` in each. What two contexts show alike, because they name the same
/// cluster and user, is judged once.
///
/// A cluster in which something is wrong with the selection has the targets that are named and declared. If that is so in all
/// of them, there is none.
pub(super) fn targets(
    wanted: &Wanted,
    clusters: &[Cluster],
    policy: &Policy,
    selected: Vec<Selected>,
) -> Places {
    let mut places = Places::default();
    let mut selected = selected.into_iter();
    let counts: Vec<_> =
        clusters.iter().map(|cluster| selections_in(wanted, cluster).len()).collect();
    let chosen = counts.iter().map(|count| {
        let of_cluster = selected.by_ref().take(*count);
        (*count > 0).then(|| together(of_cluster, &mut places.problems))
    });
    let chosen: Vec<_> = chosen.collect();
    if !chosen.is_empty() && chosen.iter().all(|chosen| *chosen == Some(None)) {
        return places;
    }
    let mut found: Vec<(&Cluster, Target)> = Vec::new();
    let mut chosen = chosen.into_iter();
    for cluster in clusters {
        let chosen = chosen.next().flatten().flatten();
        let namespace = cluster.default_namespace();
        let Found { targets, notes } =
            wanted.targets(cluster.context(), namespace, policy, chosen.as_ref());
        let known = |target: &Target| {
            let is_it = |(other, known): &&(&Cluster, Target)| {
                known.workload == target.workload && other.is_same_as(cluster)
            };
            found.iter().find(is_it).map(|(other, _)| *other)
        };
        let (again, new): (Vec<_>, Vec<_>) = targets
            .into_iter()
            .map(|target| (known(&target), target))
            .partition(|one| one.0.is_some());
        add_notes(&mut places.notes, notes);
        if let Some(other) = again.into_iter().find_map(|(other, _)| other) {
            let note = clean!(
                "context {} has the same cluster and user as {}: judged once",
                name(cluster.context()),
                name(other.context())
            );
            add_notes(&mut places.notes, [note]);
        }
        found.extend(new.into_iter().map(|(_, target)| (cluster, target)));
    }
    places.targets = found.into_iter().map(|(_, target)| target).collect();
    places
}

/// The targets as far as they are known before the kubeconfig is read.
pub(super) fn expected(
    wanted: &Wanted,
    contexts: &[String],
    namespace: &Namespace,
    policy: &Policy,
) -> Places {
    let mut places = Places::default();
    let given = contexts.iter().map(|name| Some(Context::new(name, true)));
    let current = contexts.is_empty().then_some(None);
    for context in given.chain(current) {
        let Found { targets, notes } = wanted.targets(context.as_ref(), namespace, policy, None);
        places.targets.extend(targets);
        add_notes(&mut places.notes, notes);
    }
    places
}

fn name(context: Option<&Context>) -> Clean {
    context.map(|context| context.name.clone()).unwrap_or_default()
}
