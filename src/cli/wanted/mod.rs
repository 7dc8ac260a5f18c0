//! Which workloads are wanted: those that are named, those of manifests, and those that are selected.

use std::io;

use clap::Args;
use clap_complete::ArgValueCandidates;

use super::{
    candidates, manifests,
    selected::{Asked, SelectArgs, Selected},
    target::TargetName,
    usage,
    values::given,
};
use crate::{
    fleet::Target,
    gate::Policy,
    manifest::{Declared, Manifests, Other},
    model::{Context, Namespace, TargetRef},
    phrases,
    selection::{Chosen, Selection},
    text::Clean,
};

/// The options that name targets.
#[derive(Args, Debug)]
pub(super) struct TargetArgs {
    /// Workloads to check, as in kubectl: deploy/app sts/db, or deploy app web; with --selector the kinds: deploy,sts
    #[arg(
        value_name = "TARGET",
        required_unless_present_any = ["filename", "selector", "all_namespaces", "helm_release"],
        env = "DEPLOYGATE_TARGET",
        value_delimiter = '\n',
        add = ArgValueCandidates::new(candidates::targets)
    )]
    target: Vec<String>,

    /// Manifests whose workloads to check: file, folder, or - for stdin; repeatable
    ///
    /// Deployments, StatefulSets, DaemonSets, Jobs and Argo Rollouts are targets, each in its own namespace. The images of the
    /// manifest are expected, and findings point to its lines. Hooks and objects that are not judged are listed.
    #[arg(short, long, value_name = "PATH", env = "DEPLOYGATE_FILENAME", value_delimiter = '\n')]
    filename: Vec<String>,

    /// Read the subfolders of `--filename` too
    #[arg(short = 'R', long, env = "DEPLOYGATE_RECURSIVE", value_parser = clap::builder::FalseyValueParser::new())]
    recursive: bool,

    #[command(flatten)]
    select: SelectArgs,
}

/// The workloads that are wanted, before the cluster is known.
#[derive(Debug)]
pub(super) struct Wanted {
    named: Vec<TargetName>,
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
    /// Reads arguments and manifests. `namespace`: the one that was given.
    ///
    /// # Errors
    ///
    /// On the first argument or manifest that cannot be understood.
    pub(super) fn read(
        args: TargetArgs,
        namespace: Option<&Namespace>,
    ) -> Result<Self, clap::Error> {
        let paths: Vec<_> = given(args.filename).into_iter().map(Into::into).collect();
        let words = given(args.target);
        let asked = Asked::read(&words, args.select, !paths.is_empty()).map_err(usage)?;
        let manifests = manifests::read(&paths, args.recursive, &mut io::stdin().lock());
        let manifests = manifests.map_err(usage)?;
        check_namespace(&manifests, namespace).map_err(usage)?;
        Ok(Self { namespace: namespace.cloned(), ..Self::of(asked, manifests) })
    }

    fn of(asked: Asked, Manifests { targets, others }: Manifests) -> Self {
        let Asked { named, selected } = asked;
        let has_manifests = !targets.is_empty();
        let is_stopped = |target: &Declared| target.is_paused || target.replicas == Some(0);
        let (stopped, declared) = targets.into_iter().partition(is_stopped);
        Self { named, selected, declared, stopped, others, has_manifests, namespace: None }
    }

    /// What is to be found in the cluster; `None` where all targets are known without it. `default`: where to look if no
    /// namespace was given.
    pub(super) fn selection(&self, default: &Namespace) -> Option<Selection> {
        Some(self.selected.as_ref()?.resolve(self.namespace.as_ref(), default))
    }

    /// The targets. `namespace`: where those are that say nothing else. `chosen`: what was found in the cluster; `None` while
    /// that is not known.
    ///
    /// What stands still, by its manifest or in a selection, is not judged, unless nothing else is left.
    pub(super) fn targets(
        &self,
        context: Option<&Context>,
        namespace: &Namespace,
        policy: &Policy,
        chosen: Option<&Chosen>,
    ) -> Found {
        let is_pending = self.selected.is_some() && chosen.is_none();
        let none = Chosen::default();
        let chosen = chosen.unwrap_or(&none);
        let is_left =
            self.named.is_empty() && self.declared.is_empty() && chosen.targets.is_empty();
        let takes_stopped = is_left && !is_pending;

        let target = |workload| Target::new(context.cloned(), workload, policy.clone());
        let named = self.named.iter().map(|TargetName { kind, name }| {
            let namespace = namespace.clone();
            TargetRef { kind: kind.clone(), namespace, name: name.clone() }
        });
        let stopped = chosen.stopped.iter().filter(|_| takes_stopped).map(|(target, _)| target);
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

/// Checks that no target is meant for another namespace than the one that was given, as kubectl does.
///
/// # Errors
///
/// On the first that is.
fn check_namespace(manifests: &Manifests, given: Option<&Namespace>) -> Result<(), String> {
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

#[cfg(test)]
mod tests;
