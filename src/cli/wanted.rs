//! Which workloads are wanted: those that are named, and those of manifests.

use std::io;

use clap::Args;
use clap_complete::ArgValueCandidates;

use super::{
    args::given,
    candidates, manifests,
    target::{self, TargetName},
    usage,
};
use crate::{
    fleet::Target,
    gate::Policy,
    manifest::{Declared, Manifests},
    model::{Context, Namespace, TargetRef},
    phrases,
    text::Clean,
};

/// The options that name targets.
#[derive(Args, Debug)]
pub(super) struct TargetArgs {
    /// Workloads to check, as in kubectl: deploy/app sts/db, or deploy app web
    #[arg(
        value_name = "TARGET",
        required_unless_present = "filename",
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
}

/// The workloads that are wanted, before the cluster is known.
#[derive(Debug)]
pub(super) struct Wanted {
    named: Vec<TargetName>,
    declared: Vec<Declared>,
    /// Manifests were given.
    pub(super) has_manifests: bool,
    /// What of the manifests is not judged, in words; empty where all is.
    pub(super) not_judged: Clean,
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
        let named = match words.is_empty() && !paths.is_empty() {
            true => Vec::new(),
            false => target::parse(&words).map_err(usage)?,
        };
        let manifests = manifests::read(&paths, args.recursive, &mut io::stdin().lock());
        let manifests = manifests.map_err(usage)?;
        check_namespace(&manifests, namespace).map_err(usage)?;
        Ok(Self::of(named, manifests))
    }

    /// Those of a manifest that are stopped by it are not judged, unless nothing else is left.
    fn of(named: Vec<TargetName>, Manifests { targets, others }: Manifests) -> Self {
        let is_stopped = |target: &Declared| target.is_paused || target.replicas == Some(0);
        let (stopped, running): (Vec<_>, Vec<_>) = targets.into_iter().partition(is_stopped);
        let (declared, stopped) = match named.is_empty() && running.is_empty() {
            true => (stopped, Vec::new()),
            false => (running, stopped),
        };
        let has_manifests = !declared.is_empty() || !stopped.is_empty();
        let not_judged = phrases::manifest::not_judged(&stopped, &others);
        Self { named, declared, has_manifests, not_judged }
    }

    /// The targets. `namespace`: where those are that say nothing else.
    pub(super) fn targets(
        &self,
        context: Option<&Context>,
        namespace: &Namespace,
        policy: &Policy,
    ) -> Vec<Target> {
        let target = |workload| Target::new(context.cloned(), workload, policy.clone());
        let named = self.named.iter().map(|TargetName { kind, name }| {
            let namespace = namespace.clone();
            target(TargetRef { kind: kind.clone(), namespace, name: name.clone() })
        });
        let mut targets: Vec<Target> = named.collect();
        for declared in &self.declared {
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
        targets
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
mod tests {
    use super::*;
    use crate::manifest::{Collector, Input};

    fn wanted(words: &[&str], manifest: &str) -> Wanted {
        let mut collector = Collector::default();
        let file = Clean::from_static("a.yaml");
        let input = Input { shown: &file, file: Some(&file), bytes: manifest.as_bytes() };
        collector.add(input).unwrap();
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        let named = if words.is_empty() { Vec::new() } else { target::parse(&words).unwrap() };
        Wanted::of(named, collector.finish())
    }

    fn targets(wanted: &Wanted) -> Vec<String> {
        let targets = wanted.targets(None, &"shop".parse().unwrap(), &Policy::default());
        let title = |Target { workload, policy, .. }: &Target| {
            format!("{}/{workload} {}", workload.namespace, policy.manifest_images.len())
        };
        targets.iter().map(title).collect()
    }

    const WEB: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: app, image: web:1}]}}}
";

    #[test]
    fn a_target_that_is_named_and_declared_is_one() {
        let other = WEB.replace("name: web", "name: other, namespace: else");
        let wanted = wanted(&["sts/db", "deploy/web"], &format!("{WEB}---\n{other}"));
        let expected =
            ["shop/statefulset/db 0", "shop/deployment/web 1", "else/deployment/other 1"];
        assert_eq!(targets(&wanted), expected);
    }

    #[test]
    fn what_its_manifest_stops_is_not_judged_unless_nothing_else_is_left() {
        let stopped = WEB.replace("web}", "off}").replace("{template", "{replicas: 0, template");
        let all = wanted(&[], &format!("{WEB}---\n{stopped}"));
        assert_eq!(targets(&all), ["shop/deployment/web 1"]);
        assert_eq!(&*all.not_judged, "not judged: deployment/off (0 replicas in its manifest)");
        assert_eq!(targets(&wanted(&[], &stopped)), ["shop/deployment/off 1"]);
        assert_eq!(targets(&wanted(&["sts/db"], &stopped)), ["shop/statefulset/db 0"]);
    }

    #[test]
    fn a_namespace_that_differs_is_refused() {
        let mut collector = Collector::default();
        let text = WEB.replace("name: web", "name: web, namespace: shop");
        let stdin = Clean::from_static("stdin");
        collector.add(Input { shown: &stdin, file: None, bytes: text.as_bytes() }).unwrap();
        let manifests = collector.finish();
        let check = |given: &str| check_namespace(&manifests, Some(&given.parse().unwrap()));
        assert_eq!(check("shop"), Ok(()));
        assert_eq!(
            check("other").unwrap_err(),
            "deployment/web is in namespace shop, but -n other was given"
        );
        assert_eq!(check_namespace(&manifests, None), Ok(()));
    }
}
