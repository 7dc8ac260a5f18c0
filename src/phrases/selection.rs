//! What was looked for in a cluster, and what is there.

use super::{Account, NextStep, counted, first_few};
use crate::{
    clean,
    model::{Namespace, TargetRef},
    observation::{FailureKind, ReadFailure},
    selection::{By, Selection, Stopped, There, Unmatched},
    text::{Clean, Redactor, Untrusted},
    vocabulary::ReasonCode,
};

/// Values, labels and releases that are named; more are counted.
const NAMED: usize = 8;

/// Workloads that are named; more are counted.
const TARGETS: usize = 20;

/// Nothing matched a part of a selection.
pub fn nothing_matched(
    unmatched: &Unmatched,
    namespace: Option<&Namespace>,
    redactor: &Redactor,
) -> Account {
    let Unmatched { by, there } = unmatched;
    let place = placed(namespace);
    let show = |text: &str| {
        let mut text = Untrusted::from(text);
        text.redact(redactor);
        text.to_clean_line(63)
    };
    let number = match there.workloads {
        0 => clean!("there is no workload at all"),
        1 => clean!("there is 1 workload"),
        number => clean!("there are {} workloads", number),
    };
    let (reason, next) = match by {
        By::Everything => (clean!("no workload {}", place), "check `--namespace` and `--context`"),
        By::Labels(selector) => {
            let labels = labels(there, show);
            let reason = clean!("no workload with {} {}; {}{}", selector, place, number, labels);
            (reason, "correct `--selector`, or check `--namespace` and `--context`")
        }
        By::Helm { name, namespace } => {
            let of = match namespace {
                Some(namespace) => clean!(" of namespace {}", namespace),
                None => Clean::default(),
            };
            let releases = releases(there, show);
            let reason = clean!(
                "no workload of Helm release {}{} {}; {}{}",
                name,
                of,
                place,
                number,
                releases
            );
            (reason, "check the name of the release, `--namespace` and `--context`")
        }
    };
    Account { reason, next_step: NextStep::from_static(next) }
}

/// The namespace that was searched does not exist; `near`: one of a similar name does.
pub fn no_namespace(namespace: &Namespace, near: Option<&Namespace>) -> Account {
    Account::new(
        super::unjudged::no_namespace(namespace, near),
        "check `--namespace` and `--context`",
    )
}

/// `in namespace shop`.
fn placed(namespace: Option<&Namespace>) -> Clean {
    match namespace {
        Some(namespace) => clean!("in namespace {}", namespace),
        None => Clean::from_static("in any namespace"),
    }
}

/// The values of each label that was asked for, or that nothing has it.
fn labels(there: &There, show: impl Fn(&str) -> Clean) -> Clean {
    if there.workloads == 0 {
        return Clean::default();
    }
    let mut text = Clean::default();
    let mut is_one_missing = false;
    for (key, values) in &there.labels {
        let key = show(key);
        let values: Vec<Clean> = values.iter().map(|value| show(value)).collect();
        text = match values.is_empty() {
            true => clean!("{}; none has the label {}", text, key),
            false => clean!("{}; label {}: {}", text, key, first_few(&values, NAMED)),
        };
        is_one_missing |= values.is_empty();
    }
    let keys: Vec<Clean> = there.keys.iter().map(|key| show(key)).collect();
    match is_one_missing && !keys.is_empty() {
        true => clean!("{}; labels there: {}", text, first_few(&keys, NAMED)),
        false => text,
    }
}

fn releases(there: &There, show: impl Fn(&str) -> Clean) -> Clean {
    if there.workloads == 0 {
        return Clean::default();
    }
    let releases = there.helm.iter().map(|(name, of)| clean!("{} in {}", show(name), show(of)));
    let releases: Vec<Clean> = releases.collect();
    match releases.is_empty() {
        true => Clean::from_static(
            ", and none of them belongs to a Helm release: `helm template` and `kubectl apply` do not set \
             the annotation meta.helm.sh/release-name",
        ),
        false => clean!(", of the Helm releases {}", first_few(&releases, NAMED)),
    }
}

/// The lists that a selection needs could not be read: the account may not, or the cluster has no such kind.
pub fn refused(failure: &ReadFailure, selection: &Selection) -> Account {
    let text = failure.message.to_clean_line(300);
    let (reason, next) = match failure.kind {
        FailureKind::NotFound => {
            (text, "check `--context`, or install the API's CustomResourceDefinitions")
        }
        FailureKind::Unauthorized => return super::unread::unknown_account(&text),
        _ if selection.namespace.is_none() => (
            clean!("deploygate may not list the workloads of all namespaces: {}", text),
            "select in one namespace with `--namespace`, or permit `list` on them in a ClusterRole",
        ),
        _ => (
            clean!("deploygate may not list the workloads to select from: {}", text),
            "permit `list` on them, or name the kinds that it may list, e.g. `deploy,sts`, or the targets",
        ),
    };
    Account { reason, next_step: NextStep::from_static(next) }
}

/// Workloads of a selection that do not count; empty without any.
pub fn not_judged(stopped: &[(TargetRef, Stopped)]) -> Clean {
    let names = stopped
        .iter()
        .map(|(target, why)| clean!("{} in namespace {} ({})", target, target.namespace, why));
    let names: Vec<Clean> = names.collect();
    match names.is_empty() {
        true => Clean::default(),
        false => clean!("not judged: {}", first_few(&names, TARGETS)),
    }
}

/// A target appeared when the first health window was over.
pub fn appeared_late(target: &TargetRef) -> Clean {
    clean!(
        "not judged: {} in namespace {} (it appeared after the first health window had ended)",
        target,
        target.namespace
    )
}

/// Targets are not counted although they were selected.
pub fn left_out(targets: &[(&TargetRef, ReasonCode)]) -> Clean {
    let names = targets.iter().map(|(target, why)| {
        let why = match why {
            ReasonCode::Paused => "paused",
            ReasonCode::NoReplicas => "no pods wanted",
            _ => "deleted during the run",
        };
        clean!("{} in namespace {} ({})", target, target.namespace, Clean::from_static(why))
    });
    clean!("not judged: {}", first_few(&names.collect::<Vec<_>>(), TARGETS))
}

/// `selected 3 targets`.
pub fn selected(targets: usize) -> Clean {
    clean!("selected {}", counted(targets as u64, "target"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selection::There;

    fn told(by: By, there: There) -> String {
        let namespace = "shop".parse().unwrap();
        let unmatched = Unmatched { by, there };
        let redactor = Redactor::built_in();
        nothing_matched(&unmatched, Some(&namespace), &redactor).reason.to_string()
    }

    fn there(labels: &[(&str, &[&str])]) -> There {
        let boxed = |text: &&str| Box::<str>::from(*text);
        let labels =
            labels.iter().map(|(key, values)| (boxed(key), values.iter().map(boxed).collect()));
        let keys = ["app", "tier"].iter().map(boxed).collect();
        There { workloads: 4, labels: labels.collect(), keys, ..There::default() }
    }

    #[test]
    fn what_is_there_is_told_beside_what_is_not() {
        let by = |text: &str| By::Labels(text.parse().unwrap());
        assert_eq!(
            told(by("app=shpo"), there(&[("app", &["shop", "web"])])),
            "no workload with app=shpo in namespace shop; there are 4 workloads; label app: shop, web"
        );
        assert_eq!(
            told(by("ap=shop"), there(&[("ap", &[])])),
            "no workload with ap=shop in namespace shop; there are 4 workloads; none has the label ap; labels there: app, tier"
        );
        assert_eq!(
            told(by("app=shop"), There::default()),
            "no workload with app=shop in namespace shop; there is no workload at all"
        );
        let helm = || By::Helm { name: "stroe".parse().unwrap(), namespace: None };
        let mut all = there(&[]);
        assert!(
            told(helm(), all.clone())
                .contains("and none of them belongs to a Helm release: `helm template`")
        );
        all.helm.insert(("store".into(), "shop".into()));
        assert_eq!(
            told(helm(), all),
            "no workload of Helm release stroe in namespace shop; there are 4 workloads, of the Helm releases store in shop"
        );
    }
}
