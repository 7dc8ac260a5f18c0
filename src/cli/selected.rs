//! Targets that are found in the cluster: by labels, by a Helm release, or all there are.

use clap::Args;

use super::{origins::Origins, target, values::given};
use crate::{
    model::{Kind, Namespace, ObjectName, TargetName},
    selection::{By, Selection, Selector},
};

/// The options that select.
#[derive(Args, Debug)]
pub(super) struct SelectArgs {
    /// Labels of the workloads, as in kubectl: app=shop
    ///
    /// Kinds may stand before it: `deploy,sts -l app=shop`. Without a kind: Deployments, StatefulSets, DaemonSets, and Argo Rollouts where the cluster has them. Selected workloads
    /// that are paused, or scaled to 0, are listed and do not count, unless nothing else is left. Nothing matched is
    /// inconclusive.
    #[arg(short = 'l', long, value_name = "SELECTOR", env = "DEPLOYGATE_SELECTOR")]
    selector: Option<String>,

    /// Select in all namespaces
    ///
    /// Without `--selector` it is every workload of the kinds.
    #[arg(short = 'A', long, env = "DEPLOYGATE_ALL_NAMESPACES", value_parser = clap::builder::FalseyValueParser::new())]
    all_namespaces: bool,

    /// Workloads of a Helm release; repeatable
    ///
    /// Jobs are included. They are known by the annotations that `helm install` and `helm upgrade` set, in the namespace of the release; with
    /// `-A` in all namespaces.
    #[arg(long, value_name = "NAME", env = "DEPLOYGATE_HELM_RELEASE", value_delimiter = '\n')]
    helm_release: Vec<String>,
}

impl SelectArgs {
    /// Whether none was given.
    pub(super) fn is_empty(&self) -> bool {
        let has_selector = self.selector.as_deref().is_some_and(|text| !text.trim().is_empty());
        !has_selector && !self.all_namespaces && given(self.helm_release.clone()).is_empty()
    }
}

/// What the words and options of a command ask for.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Targets by their names.
    pub(super) named: Vec<TargetName>,
    /// What is to be found in the cluster, before its namespace is known; `None` without any of these options.
    pub(super) selected: Option<Selected>,
}

/// What of the targets is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Moment {
    /// Their rollout, to its end.
    #[default]
    Rollout,
    /// Their state as it is; of a kind alone, or of nothing at all, every workload that is there.
    Present,
}

/// A selection, before the namespace of the context is known.
#[derive(Debug, Default)]
pub(super) struct Selected {
    kinds: Vec<Kind>,
    selector: Option<Selector>,
    releases: Vec<ObjectName>,
    /// Search all namespaces.
    everywhere: bool,
    moment: Moment,
}

impl Asked {
    /// Reads the words beside these options. `has_manifests`: targets are given by manifests too.
    ///
    /// # Errors
    /// A sentence on what is wrong.
    pub(super) fn read(
        words: &[String],
        args: SelectArgs,
        has_manifests: bool,
        moment: Moment,
        origins: &Origins,
    ) -> Result<Self, String> {
        let selector = args.selector.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let invalid = |text: &str, field: &str, error: &dyn std::fmt::Display| {
            format!("invalid value `{text}` for {}: {error}", origins.name(field))
        };
        let selector: Option<Selector> = match selector {
            Some(text) => Some(text.parse().map_err(|error| invalid(text, "selector", &error))?),
            None => None,
        };
        let releases = given(args.helm_release)
            .into_iter()
            .map(|name| name.parse().map_err(|error| invalid(&name, "helm_release", &error)));
        let releases: Vec<ObjectName> = releases.collect::<Result<_, _>>()?;
        let read_words = |targets: Result<Vec<TargetName>, String>| {
            targets.map_err(|error| origins.blame("target", error))
        };
        let everywhere = args.all_namespaces;
        let is_kinds = words.len() <= 1 && words.iter().all(|word| !word.contains('/'));
        let takes_all = moment == Moment::Present && is_kinds && !has_manifests;
        if selector.is_none() && releases.is_empty() && !everywhere && !takes_all {
            let named = match words.is_empty() && has_manifests {
                true => Vec::new(),
                false => read_words(target::parse(words))?,
            };
            return Ok(Self { named, selected: None });
        }
        if has_manifests && releases.is_empty() {
            return Err(
                "--selector and --all-namespaces find targets in the cluster: use them without \
                        --filename"
                    .to_owned(),
            );
        }
        let (named, kinds) = match is_kinds {
            true => {
                let kinds = target::kinds(words.first().map_or("", |word| word));
                let hint = |error: String| match words {
                    [word] if takes_all && word.parse::<ObjectName>().is_ok() => {
                        format!("{error}; a workload is named by KIND/NAME, e.g. deploy/{word}")
                    }
                    _ => error,
                };
                (Vec::new(), kinds.map_err(|error| origins.blame("target", hint(error)))?)
            }
            false if selector.is_some() => {
                return Err("targets cannot be named beside a selector: write kinds only, e.g. \
                            `deploy,sts -l app=shop`"
                    .to_owned());
            }
            false if everywhere => {
                return Err(
                    "targets cannot be named across all namespaces: use --namespace instead of \
                            --all-namespaces"
                        .to_owned(),
                );
            }
            false => (read_words(target::parse(words))?, Vec::new()),
        };
        let selected = Selected { kinds, selector, releases, everywhere, moment };
        Ok(Self { named, selected: Some(selected) })
    }
}

impl Selected {
    /// Workloads with certain labels.
    pub(super) fn by(kinds: Vec<Kind>, selector: Selector) -> Self {
        Self { kinds, selector: Some(selector), ..Self::default() }
    }

    /// The selection. `given`: the namespace that was asked for; `default`: where else to look.
    pub(super) fn resolve(&self, given: Option<&Namespace>, default: &Namespace) -> Selection {
        let Self { kinds, selector, releases, everywhere, moment } = self;
        // the namespace of a Helm release is where its Secrets are; what it installs may be elsewhere
        let of_release = if *everywhere { given } else { Some(default) };
        let mut by: Vec<By> = selector.iter().cloned().map(By::Labels).collect();
        by.extend(
            releases
                .iter()
                .map(|name| By::Helm { name: name.clone(), namespace: of_release.cloned() }),
        );
        if by.is_empty() {
            by.push(By::Everything);
        }
        let namespace = (!everywhere).then(|| default.clone());
        Selection { kinds: kinds.clone(), namespace, by, present: *moment == Moment::Present }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(
        words: &[&str],
        selector: &str,
        everywhere: bool,
        releases: &[&str],
    ) -> Result<Asked, String> {
        let owned =
            |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let args = SelectArgs {
            selector: Some(selector.to_owned()),
            all_namespaces: everywhere,
            helm_release: owned(releases),
        };
        Asked::read(&owned(words), args, false, Moment::Rollout, &Origins::default())
    }

    fn selection(asked: &Asked, given: Option<&str>) -> Selection {
        let given: Option<Namespace> = given.map(|given| given.parse().unwrap());
        let default = given.clone().unwrap_or_else(|| "shop".parse().unwrap());
        asked.selected.as_ref().unwrap().resolve(given.as_ref(), &default)
    }

    #[test]
    fn words_beside_a_selector_are_kinds() {
        let found = asked(&["deploy,sts"], "app=shop", false, &[]).unwrap();
        let selection = selection(&found, None);
        assert_eq!(selection.kinds, [Kind::Deployment, Kind::StatefulSet]);
        assert_eq!(selection.namespace.unwrap().to_string(), "shop");
        assert!(matches!(&*selection.by, [By::Labels(_)]));
        // an empty input of a CI system is none
        let found = asked(&["deploy/app"], " ", false, &[""]).unwrap();
        assert!(found.selected.is_none() && found.named.len() == 1);
    }

    #[test]
    fn a_helm_release_may_stand_beside_names() {
        let found = asked(&["job/migrate"], "", false, &["store"]).unwrap();
        assert_eq!(found.named.len(), 1);
        let Selection { by, namespace, kinds, .. } = selection(&found, None);
        let shop: Namespace = "shop".parse().unwrap();
        assert!(kinds.is_empty() && namespace.as_ref() == Some(&shop));
        assert_eq!(by, [By::Helm { name: "store".parse().unwrap(), namespace: Some(shop) }]);
    }

    #[test]
    fn in_all_namespaces_the_given_one_is_that_of_the_release() {
        let found = asked(&[], "", true, &["store"]).unwrap();
        let of = |given| match &selection(&found, given).by[0] {
            By::Helm { namespace, .. } => namespace.as_ref().map(ToString::to_string),
            other => panic!("{other:?}"),
        };
        assert_eq!((of(None), of(Some("ops"))), (None, Some("ops".to_owned())));
        assert_eq!(selection(&found, Some("ops")).namespace, None);
        let all = selection(&asked(&["ds"], "", true, &[]).unwrap(), None);
        assert_eq!((all.by, all.kinds), (vec![By::Everything], vec![Kind::DaemonSet]));
    }

    #[test]
    fn mistakes_are_named() {
        for (words, selector, everywhere, releases, expected) in [
            (&["deploy/app"][..], "app=x", false, &[][..], "write kinds only"),
            (&["deploy", "app"], "app=x", false, &[], "write kinds only"),
            (&["deploy/app"], "", true, &[], "across all namespaces"),
            (
                &["deplyo"],
                "app=x",
                false,
                &[],
                "unknown kind `deplyo` (did you mean deploy?); supported: deployment",
            ),
            (&["deploy,pods"], "app=x", false, &[], "`pods` is not judged by itself"),
            (
                &[],
                "app=x=y",
                false,
                &[],
                "invalid value `app=x=y` for --selector: found `=`, expected `,` at character 6",
            ),
            (&[], "", false, &["Store"], "invalid value `Store` for --helm-release"),
        ] {
            let error = asked(words, selector, everywhere, releases).unwrap_err();
            assert!(error.contains(expected), "{words:?} {selector}: {error}");
        }
    }
}
