//! That a target is not judged, because it is not there, or asks for nothing that could be.

use std::time::Duration;

use super::{Account, NextStep, length};
use crate::{
    clean,
    model::{Kind, Namespace, TargetRef},
    observation::Instead,
    text::Clean,
};

/// The target went with its namespace, which is being deleted.
fn with_its_namespace(account: Account, namespace: &Namespace) -> Account {
    let reason = clean!("{}: {}", account.reason, namespace_goes(namespace));
    Account { reason, next_step: wait_for_namespace() }
}

/// No pod is of the update revision, since pods are updated only when someone deletes them.
pub fn updated_on_delete(target: &TargetRef) -> Account {
    Account::new(
        clean!(
            "{}: its update strategy is OnDelete, and no pod has been deleted since the change",
            target
        ),
        "delete its pods one by one, then run deploygate again",
    )
}

/// No pod is of the update revision, since the partition keeps them all at theirs.
pub fn held_by_partition(target: &TargetRef) -> Account {
    Account::new(
        clean!("{}: its partition is above every ordinal, so no pod is updated", target),
        "lower `spec.updateStrategy.rollingUpdate.partition`, then run deploygate again",
    )
}

/// The target does not exist, even after it was `waited` for. `instead`: what does exist; `namespace_goes`: its namespace is
/// being deleted.
pub fn not_found(
    target: &TargetRef,
    waited: Option<Duration>,
    instead: Option<&Instead>,
    namespace_goes: bool,
) -> Account {
    let namespace = &target.namespace;
    let reason = clean!("{} not found in namespace {}", target, namespace);
    if namespace_goes {
        let account = Account { reason, next_step: NextStep::default() };
        return with_its_namespace(account, namespace);
    }
    let within = waited.map(|waited| clean!(" within {}", length(waited))).unwrap_or_default();
    let check = "check the name, `--namespace` and `--context`";
    match instead {
        None => Account::new(clean!("{}{}", reason, within), check),
        Some(Instead::Name(name)) => {
            Account::new(clean!("{}{}; did you mean {}?", reason, within, name), check)
        }
        Some(Instead::Kind(kind)) => {
            let reason = clean!("{}{}; did you mean {}/{}?", reason, within, kind, target.name);
            Account::new(reason, "check the kind, `--namespace` and `--context`")
        }
        Some(Instead::NoNamespace(near)) => {
            let why = no_namespace(namespace, near.as_ref());
            let reason = clean!("{} not found{}: {}", target, within, why);
            Account::new(reason, "check `--namespace` and `--context`")
        }
    }
}

/// A namespace does not exist; `near`: one of a similar name does.
pub(super) fn no_namespace(namespace: &Namespace, near: Option<&Namespace>) -> Clean {
    let near = near.map(|near| clean!("; did you mean {}?", near)).unwrap_or_default();
    clean!("there is no namespace {}{}", namespace, near)
}

/// The target was deleted. `namespace_goes`: its namespace is being deleted.
pub fn deleted(target: &TargetRef, namespace_goes: bool) -> Account {
    let reason = clean!("{} was deleted while deploygate watched it", target);
    let account = Account::new(reason, "apply it again, then run deploygate again");
    if namespace_goes { with_its_namespace(account, &target.namespace) } else { account }
}

/// Controllers create nothing in a namespace that is being deleted, and do not say so.
pub fn namespace_goes(namespace: &Namespace) -> Clean {
    clean!("namespace {} is being deleted, so nothing can be created in it", namespace)
}

/// What to do where the namespace is being deleted.
pub fn wait_for_namespace() -> NextStep {
    NextStep::from_static("wait until the namespace is gone, create it again, and deploy again")
}

/// The rollout is paused, or the Job suspended.
pub fn paused(target: &TargetRef) -> Account {
    if target.kind.kind() == Kind::Job {
        let patch = "{\"spec\":{\"suspend\":false}}";
        let resume = clean!(
            "kubectl patch {} -n {} -p '{}'",
            target,
            target.namespace,
            Clean::from_static(patch)
        );
        return Account {
            reason: clean!("{} is suspended: no pods are created", target),
            next_step: NextStep::from_static("resume the Job").with(resume),
        };
    }
    let resume = clean!("kubectl rollout resume {} -n {}", target, target.namespace);
    Account {
        reason: clean!("{} is paused: its rollout does not continue", target),
        next_step: NextStep::from_static("resume the rollout").with(resume),
    }
}

/// The workload has 0 replicas.
pub fn no_replicas(target: &TargetRef) -> Account {
    let reason = clean!("{} has 0 replicas: nothing to check", target);
    Account::new(reason, "scale it up, or skip deploygate where nothing should run")
}
