//! What may be read, and what follows where something may not.

use crate::gate::{Gate, ReasonCode, Verdict};
use crate::{
    observation::{AccessReview, Resource},
    phrases::{self, coverage},
    text::Untrusted,
};

impl Gate {
    pub(in crate::gate) fn observe_access(&mut self, reviews: &[AccessReview]) {
        let mut refused = Vec::new();
        let may_read_leases =
            |review: &AccessReview| review.resource == Resource::NodeLeases && review.allowed;
        if reviews.iter().any(may_read_leases) {
            self.nodes.permit();
        }
        if reviews.iter().any(|review| review.resource == Resource::Services && review.allowed) {
            self.services.permit();
        }
        for review in reviews.iter().filter(|review| !review.allowed) {
            let verb = Untrusted::from(review.verb.as_ref()).to_clean_line(20);
            let resource = match review.resource {
                Resource::Workload => self.target.kind.plural(),
                other => other.as_str(),
            };
            let what = coverage::permission(&verb, resource);
            let is_watch = review.verb.as_ref() == "watch";
            match review.resource {
                Resource::Workload | Resource::ReplicaSets | Resource::Pods if is_watch => {
                    self.reads.go_without_watch();
                    self.missing.add(coverage::not_watched(what));
                }
                Resource::Workload
                | Resource::ReplicaSets
                | Resource::ControllerRevisions
                | Resource::Pods => refused.push(what),
                Resource::Logs
                | Resource::Events
                | Resource::AnalysisRuns
                | Resource::Services
                | Resource::Nodes
                | Resource::NodeLeases => {
                    self.missing.add(coverage::not_permitted(what));
                }
            }
        }
        if !refused.is_empty() {
            let account =
                phrases::unread::not_permitted(&self.target, &refused, self.policy.present);
            self.decide(Verdict::Inconclusive, Some(ReasonCode::Forbidden), account);
        }
    }
}
