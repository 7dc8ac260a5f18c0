//! Which workloads are wanted: those that are named, those of manifests, and those that are selected.

mod args;
mod namespace;

use std::io;

pub(super) use args::TargetArgs;

use super::{
    manifests, missing_target,
    origins::Origins,
    policy_file::{Entry, PolicyFile},
    selected::{Asked, Moment, Selected},
    usage,
    values::given,
};
use crate::{
    fleet::Target,
    gate::Policy,
    manifest::{Declared, Manifests, Other},
    model::{Context, Namespace, TargetName, TargetRef},
    phrases,
    selection::{Chosen, Selection, Stopped},
    text::Clean,
};

/// The workloads that are wanted, before the cluster is known.
#[derive(Debug)]
pub(super) struct Wanted {
    /// What is named, and what a policy file names and selects.
    entries: Vec<Entry>,
    /// What is to be found in the cluster.
    selected: Option<Selected>,
    declared: Vec<Declared>,
    /// Declared, and stopped by their own manifests.
    stopped: Vec<Declared>,
    /// Objects of manifests that are not judged.
    others: Vec<Other>,
    /// Manifests were given.
    pub(super) has_manifests: bool,
    /// The namespace that was given.
    namespace: Option<Namespace>,
}

/// Targets, and what is not judged.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) targets: Vec<Target>,
    pub(super) notes: Vec<Clean>,
}

impl Wanted {
    /// Reads arguments and manifests. `namespace`: the one that was given. `moment`: what is judged.
    ///
    /// # Errors
    ///
    /// On the first argument or manifest that cannot be understood.
    pub(super) fn read(
        args: TargetArgs,
        namespace: Option<&Namespace>,
        file: Option<&PolicyFile>,
        moment: Moment,
        origins: &Origins,
    ) -> Result<Self, clap::Error> {
        if args.is_empty() && moment == Moment::Rollout {
            return Self::of_file(file, namespace);
        }
        let paths: Vec<_> = given(args.filename).into_iter().map(Into::into).collect();
        let words = given(args.target);
        let asked = Asked::read(&words, args.select, !paths.is_empty(), moment, origins);
        let asked = asked.map_err(usage)?;
        let manifests = manifests::read(&paths, args.recursive, &mut io::stdin().lock());
        let manifests = manifests.map_err(usage)?;
        namespace::check(&manifests, namespace).map_err(usage)?;
        Ok(Self { namespace: namespace.cloned(), ..Self::of(asked, manifests) })
    }

    /// The targets of a policy file. Those that are for other namespaces than the one that was given are left out.
    fn of_file(
        file: Option<&PolicyFile>,
        namespace: Option<&Namespace>,
    ) -> Result<Self, clap::Error> {
        let entries = file.into_iter().flat_map(|file| &file.targets);
        let entries: Vec<_> = entries.filter(|entry| entry.has_targets()).cloned().collect();
        if entries.is_empty() {
            return Err(missing_target());
        }
        let nowhere = Namespace::default_one();
        let is_there = |entry: &Entry| !entry.places(namespace, &nowhere).is_empty();
        match namespace.filter(|_| !entries.iter().any(is_there)) {
            Some(namespace) => Err(usage(format!(
                "no target of the policy file is in namespace {namespace}: name one, or leave out -n"
            ))),
            None => Ok(Self {
                entries,
                namespace: namespace.cloned(),
                ..Self::of(Asked::default(), Manifests::default())
            }),
        }
    }

    /// Contexts that the targets of a policy file name, each once.
    pub(super) fn contexts(&self) -> Vec<String> {
        let mut contexts: Vec<String> = Vec::new();
        for name in self.entries.iter().flat_map(Entry::contexts) {
            if !contexts.contains(name) {
                contexts.push(name.clone());
            }
        }
        contexts
    }

    fn of(asked: Asked, Manifests { targets, others }: Manifests) -> Self {
        let Asked { named, selected } = asked;
        let has_manifests = !targets.is_empty();
        let is_stopped = |target: &Declared| target.is_paused || target.replicas == Some(0);
        let (stopped, declared) = targets.into_iter().partition(is_stopped);
        let entries = vec![Entry::of_words(named)];
        Self { entries, selected, declared, stopped, others, has_manifests, namespace: None }
    }

    /// What is to be found in the cluster of a context; nothing where all targets are known without it. `default`: where to
    /// look if no namespace was given.
    pub(super) fn selections(
        &self,
        context: Option<&Context>,
        default: &Namespace,
    ) -> Vec<Selection> {
        let given = self.namespace.as_ref();
        let own = self.selected.iter().map(|selected| selected.resolve(given, default));
        let entries = self.entries.iter().filter(|entry| entry.is_in(context));
        let of_entries = entries.flat_map(|entry| {
            let places = entry.places(given, default).into_iter();
            places.flat_map(|place| entry.selections().map(|one| one.resolve(None, place)))
        });
        own.chain(of_entries).collect()
    }

    /// Whether something is to be found in the cluster.
    pub(super) fn selects(&self) -> bool {
        self.selected.is_some()
            || self.entries.iter().any(|entry| entry.selections().next().is_some())
    }

    /// The targets. `namespace`: where those are that say nothing else. `chosen`: what was found in the cluster; `None` while
    /// that is not known.
    ///
    /// What stands still, by its manifest or in a selection, is not judged, unless nothing else is left. At present the pods of
    /// a selected workload that is paused are looked at: it counts if they are broken.
    pub(super) fn targets(
        &self,
        context: Option<&Context>,
        namespace: &Namespace,
        policy: &Policy,
        chosen: Option<&Chosen>,
    ) -> Found {
        let is_pending = !self.selections(context, namespace).is_empty() && chosen.is_none();
        let none = Chosen::default();
        let chosen = chosen.unwrap_or(&none);
        let entries = self.entries.iter().filter(|entry| entry.is_in(context));
        let named: Vec<_> = entries
            .flat_map(|entry| {
                let places = entry.places(self.namespace.as_ref(), namespace).into_iter();
                places.flat_map(|place| entry.names().iter().map(move |name| (place, name)))
            })
            .collect();
        let is_left = named.is_empty() && self.declared.is_empty() && chosen.targets.is_empty();
        let takes_stopped = is_left && !is_pending;

        let is_selected = |workload: &TargetRef| {
            let stopped = chosen.stopped.iter().map(|(target, _)| target);
            let is_named = |(place, name): &(&Namespace, &TargetName)| {
                name.kind == workload.kind
                    && name.name == workload.name
                    && **place == workload.namespace
            };
            chosen.targets.iter().chain(stopped).any(|known| known == workload)
                && !named.iter().any(is_named)
        };
        let target = |workload: TargetRef| {
            let is_selected = is_selected(&workload);
            let target = Target::new(context.cloned(), workload, policy.clone());
            Target { is_selected, ..target }
        };
        let named = named.iter().map(|(place, TargetName { kind, name })| TargetRef {
            kind: kind.clone(),
            namespace: (*place).clone(),
            name: name.clone(),
        });
        let is_looked_at = |(_, why): &&(TargetRef, Stopped)| {
            takes_stopped || policy.present && *why == Stopped::Paused
        };
        let stopped = chosen.stopped.iter().filter(is_looked_at).map(|(target, _)| target);
        let selected = chosen.targets.iter().chain(stopped).cloned();
        let mut targets: Vec<Target> = Vec::new();
        for workload in named.chain(selected) {
            if targets.iter().all(|known| known.workload != workload) {
                targets.push(target(workload));
            }
        }
        let stopped = self.stopped.iter().filter(|_| takes_stopped);
        for declared in self.declared.iter().chain(stopped) {
            let Declared { kind, name, images, sources, .. } = declared;
            let namespace = declared.namespace.as_ref().unwrap_or(namespace).clone();
            let workload = TargetRef { kind: (*kind).into(), namespace, name: name.clone() };
            let known = targets.iter().position(|known| known.workload == workload);
            let at = known.unwrap_or_else(|| {
                targets.push(target(workload));
                targets.len() - 1
            });
            let images = images.iter().map(|(name, image)| (name.to_string(), image.to_string()));
            targets[at].policy.manifest_images = images.collect();
            targets[at].sources = sources.clone();
        }
        let (declared, stopped): (&[_], &[_]) = match takes_stopped {
            true => (&[], &[]),
            false => (&self.stopped, &chosen.stopped),
        };
        // a target that is named, or declared, is judged all the same
        let is_judged = |of: &TargetRef| targets.iter().any(|known| known.workload == *of);
        let stopped = stopped.iter().filter(|(of, _)| !is_judged(of)).cloned();
        let notes = [
            phrases::manifest::not_judged(declared, &self.others),
            phrases::selection::not_judged(&stopped.collect::<Vec<_>>()),
        ];
        let notes = notes.into_iter().filter(|note| !note.is_empty()).collect();
        Found { targets, notes }
    }
}

#[cfg(test)]
mod tests;
