//! What several targets of a release have in common.

use super::{NextStep, counted};
use crate::{
    clean,
    signs::{Subject, SubjectKind},
    text::Clean,
};

/// `2 targets fail for one reason`; `has_failed`: one of them has failed, and is not only held up.
pub fn headline(targets: u64, has_failed: bool) -> Clean {
    let targets = counted(targets, "target");
    match has_failed {
        true => clean!("{} fail for one reason", targets),
        false => clean!("{} are held up for one reason", targets),
    }
}

/// What a target says in the place of a cause that was told for several; they are numbered from 1 on.
pub fn told_before(number: usize) -> Clean {
    clean!("common cause {}, told first", number)
}

/// `db:5432`, or the name of what is no host.
pub fn name(of: &Subject) -> Clean {
    match of.port {
        Some(port) => clean!("{}:{}", of.name, port),
        None => of.name.clone(),
    }
}

/// What is wrong with a thing that several targets hang on, where their texts differ.
pub fn trouble(with: &Subject, namespace: &Clean) -> Clean {
    let (kind, name) = (with.kind, name(with));
    match kind {
        SubjectKind::Host => clean!("{} cannot be reached", name),
        SubjectKind::Node => clean!("node {} does not run the pods that are on it", name),
        SubjectKind::Image => clean!("the image {} cannot be pulled", name),
        SubjectKind::Registry => clean!("images cannot be pulled from the registry {}", name),
        SubjectKind::Quota => {
            clean!("the {} {} of namespace {} has no room for the pods", kind, name, namespace)
        }
        SubjectKind::Webhook => clean!("the {} {} does not let the pods be created", kind, name),
        SubjectKind::ConfigMap
        | SubjectKind::Secret
        | SubjectKind::Claim
        | SubjectKind::ServiceAccount
        | SubjectKind::StorageClass
        | SubjectKind::PriorityClass
        | SubjectKind::RuntimeClass => match &with.key {
            Some(key) => clean!("the {} {} has no key {}", kind, name, key),
            None if kind.is_of_namespace() => {
                clean!("the {} {} does not exist in namespace {}", kind, name, namespace)
            }
            None => clean!("the {} {} does not exist", kind, name),
        },
    }
}

/// What to do about an object that is missing, where the targets refer to it in different ways.
pub fn add_missing(object: &Subject) -> NextStep {
    let Subject { kind, name, key, .. } = object;
    NextStep::new(match key {
        None => {
            clean!("create the {} {}. If it has another name, correct the references", kind, name)
        }
        Some(key) => clean!("add the key {} to the {} {}", key, kind, name),
    })
}

/// Programs that end alike.
pub fn same_end(exit_code: i32, line: &Clean) -> Clean {
    clean!("the programs end with exit code {} after the same line: {}", exit_code, line)
}

/// Pods that fail on one node only.
pub fn bad_node(node: &Clean) -> Clean {
    clean!("the pods fail on node {} and are healthy on others", node)
}

/// What to do about such a node.
pub fn check_node(node: &Clean) -> NextStep {
    NextStep::from_static("check the node. If its pods must run now, cordon it and delete them")
        .with(clean!("kubectl describe node {}", node))
}

/// A cause with the thing that it does not name.
pub fn about(cause: &Clean, subject: &Subject) -> Clean {
    clean!("{} ({} {})", cause, subject.kind, name(subject))
}

/// A cause that is itself the failure of a target, e.g. `statefulset/db`, and `why` that failed.
pub fn origin(what: &Clean, target: &Clean, why: Option<&Clean>) -> Clean {
    let origin = clean!("{}: {}, which is in this release, failed itself", what, target);
    match why {
        Some(why) => clean!("{}: {}", origin, why),
        None => origin,
    }
}

/// What to do about a target that others hang on.
pub fn fix_first(target: &Clean) -> NextStep {
    NextStep::new(clean!("fix {} first: the others need it", target))
}
