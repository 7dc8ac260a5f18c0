//! That a target is not judged, because it is not there, or asks for nothing that could be.

use super::{Account, NextStep};
use crate::{
    clean,
    model::{Kind, Namespace, TargetRef},
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

/// The target does not exist. `namespace_goes`: its namespace is being deleted.
pub fn not_found(target: &TargetRef, namespace_goes: bool) -> Account {
    let reason = clean!("{} not found in namespace {}", target, target.namespace);
    let account = Account::new(reason, "check the name, `--namespace` and `--context`");
    if namespace_goes { with_its_namespace(account, &target.namespace) } else { account }
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
