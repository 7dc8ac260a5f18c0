//! Advice that helps only where new pods come before old ones go.

use super::Diagnosis;
use crate::{clean, text::Clean};

impl Diagnosis {
    /// The same for a workload that makes new pods before old ones go.
    #[must_use]
    pub fn where_pods_surge(mut self) -> Self {
        let advice = match &*self.sign {
            "quota" => "let old pods go first (`maxSurge: 0`)",
            "host-port-taken" => "let the old pod free it first (`maxSurge: 0`)",
            "pod-affinity" => "with one pod a node, let the old one go first (`maxSurge: 0`)",
            "volume-in-use" | "volume-used-by-pod" => {
                "let the old pod go first (`strategy: Recreate`)"
            }
            _ => return self,
        };
        self.next_step = clean!("{}; or {}", self.next_step, Clean::from_static(advice));
        self
    }
}
