//! Looks for what is selected again while a release is judged.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;

use crate::{
    cluster::Cluster,
    fleet::Member,
    model::TargetRef,
    observation::Appeared,
    selection::{Chosen, Selection},
};

/// How long a look may take. One that does not come in time shows nothing new: the next one does.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is selected in a cluster, and what is known of it.
pub(super) struct Search<'a> {
    cluster: &'a Cluster,
    selection: Selection,
    known: Vec<TargetRef>,
}

/// The searches of a run.
#[derive(Default)]
pub(super) struct Again<'a>(Vec<Search<'a>>);

impl<'a> Again<'a> {
    /// By these selections; the members of the fleet are known.
    pub(super) fn new(selections: Vec<(&'a Cluster, Selection)>, members: &[Member]) -> Self {
        let search = |(cluster, selection): (&'a Cluster, Selection)| {
            let here = members.iter().filter(|one| one.context.as_ref() == cluster.context());
            let known = here.map(|member| member.gate.target().clone()).collect();
            Search { cluster, selection, known }
        };
        Self(selections.into_iter().map(search).collect())
    }

    /// One look at each cluster.
    pub(super) fn look(&self) -> impl Future<Output = Vec<Option<Chosen>>> + use<'a> {
        let looks = self.0.iter().map(|Search { cluster, selection, known }| {
            let (cluster, selection, known) = (*cluster, selection.clone(), known.clone());
            async move {
                let chosen = timeout(PATIENCE, cluster.select_again(&selection, &known));
                chosen.await.ok()?.ok().flatten()
            }
        });
        join_all(looks.collect::<Vec<_>>())
    }

    /// What a look found, and which of it is new. What stands still is known from then on, and not judged.
    pub(super) fn learn(&mut self, found: Vec<Option<Chosen>>) -> Vec<Appeared> {
        let mut appeared = Vec::new();
        for (search, chosen) in self.0.iter_mut().zip(found) {
            let Some(Chosen { targets, stopped, .. }) = chosen else { continue };
            search.known.extend(stopped.into_iter().map(|(target, _)| target));
            for target in targets {
                if !search.known.contains(&target) {
                    search.known.push(target.clone());
                    let context = search.cluster.context().cloned();
                    appeared.push(Appeared { context, target });
                }
            }
        }
        appeared
    }
}
