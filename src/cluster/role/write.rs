//! The Role that a rollback takes beside the one for reading.

use super::{
    super::{needs::writes, path},
    Grant,
    bound::{bound_role, rule},
};
use crate::{model::Kind, observation::Resource};

impl Grant<'_> {
    /// The Role with which the targets can be rolled back, and a binding to fill in. Pods of a StatefulSet cannot be named
    /// beforehand.
    pub fn write_role(&self) -> String {
        let patches = |kind: Kind| writes(kind).contains(&(Resource::Workload, "patch"));
        let deletes = |kind: Kind| writes(kind).contains(&(Resource::Pods, "delete"));
        let mut rules = self.searched_rules("patch", patches);
        let mut deletes_pods = self.searched.iter().any(|kind| deletes(*kind));
        for (kind, mut names) in self.names() {
            let kind = kind.kind();
            if patches(kind) {
                names.sort_unstable();
                rules += &rule(kind.resource(), "patch", &names);
                deletes_pods |= deletes(kind);
            }
        }
        if deletes_pods {
            rules += "  # a pod that failed keeps a StatefulSet from going back\n";
            rules += &rule(path::resource(Resource::Pods), "delete", &[]);
        }
        if rules.is_empty() {
            return "# nothing to grant for a rollback: only Deployments, StatefulSets and DaemonSets are rolled back\n".to_owned();
        }
        let role = bound_role("-rollback", self.namespace, &rules, self.account);
        format!("# for `--on-failure rollback`\n{role}")
    }
}
