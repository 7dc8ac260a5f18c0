//! The Role that a rollback takes beside the one for reading.

use super::{access::writes, path, role};
use crate::{
    model::{Kind, TargetRef},
    observation::Resource,
};

/// The Role with which targets of a namespace can be rolled back, and a binding to fill in. It names the workloads; pods of
/// a StatefulSet cannot be named beforehand.
pub fn write_role(namespace: &str, targets: &[TargetRef]) -> String {
    let mut rules = String::new();
    let mut deletes_pods = false;
    for kind in [Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet] {
        let of_kind = targets.iter().filter(|target| target.kind.kind() == kind);
        let mut names: Vec<&str> =
            of_kind.filter(|of| *of.namespace == *namespace).map(|of| &*of.name).collect();
        names.sort_unstable();
        names.dedup();
        if !names.is_empty() {
            rules += &role::rule(kind.resource(), "patch", &names);
            deletes_pods |= writes(kind).contains(&(Resource::Pods, "delete"));
        }
    }
    if deletes_pods {
        rules += "  # a pod that failed keeps a StatefulSet from going back\n";
        rules += &role::rule(path::resource(Resource::Pods), "delete", &[]);
    }
    if rules.is_empty() {
        return "# nothing to grant for a rollback: only Deployments, StatefulSets and DaemonSets are rolled back\n".to_owned();
    }
    let role = role::bound_role("deploygate-rollback", namespace, &rules, namespace);
    format!("# for `--on-failure rollback`\n{role}")
}
