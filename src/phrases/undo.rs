//! How to go back to a revision before, in the words of whoever deployed the workload.

use crate::{
    clean,
    model::{Kind, Namespace, ObjectName, TargetRef},
    text::Clean,
};

/// For what a repository decides.
pub fn revert() -> Clean {
    Clean::from_static("revert the commit")
}

/// A command of kubectl; `number`: the revision, where it is not the one that kubectl chooses by itself.
pub fn kubectl(target: &TargetRef, number: Option<u64>) -> Clean {
    let undo = match target.kind.kind() {
        Kind::Rollout => clean!("kubectl argo rollouts undo {}", target.name),
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::Job | Kind::Custom => {
            clean!("kubectl rollout undo {}", target)
        }
    };
    let undo = clean!("{} -n {}", undo, target.namespace);
    match number {
        None => undo,
        Some(number) => clean!("{} --to-revision={}", undo, number),
    }
}

/// A command of Helm that goes back by one revision.
pub fn helm(release: &ObjectName, namespace: &Namespace) -> Clean {
    clean!("helm rollback {} -n {}", release, namespace)
}

/// Helm counts by itself, and its last revision but one is bad too.
pub fn helm_further(release: &ObjectName, namespace: &Namespace) -> Clean {
    clean!(
        "`helm rollback {} REVISION -n {}` with a REVISION before the last two of `helm history {} -n {}`",
        release,
        namespace,
        release,
        namespace
    )
}
