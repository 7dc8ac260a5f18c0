//! The key details of pods that fail: asked for at the first suspicion, of one pod for each trouble.

use std::sync::Arc;

use super::{Cause, Gate, Output, names};
use crate::{
    clean,
    evidence::{DetailsRequest, EvidenceRequest, ObjectKind, PodDetails, PodName},
    model::{ServerTime, Uid},
    observation::ReadFailure,
    text::Clean,
};

/// Pods whose details are read.
const PODS: usize = 6;

impl Gate {
    /// Has the details of a pod read, unless those of another with the same trouble are.
    /// A run that ended has no cause yet.
    pub(super) fn ask_for_details(
        &mut self,
        uid: &Uid,
        cause: Option<Cause>,
        container: Option<&Arc<str>>,
    ) {
        let collection = &mut self.collection;
        let is_first = collection.detailed_troubles.insert((cause, container.cloned()));
        if !is_first
            || collection.detailed_pods.len() >= PODS
            || collection.detailed_pods.contains(uid)
        {
            return;
        }
        let Some(record) = self.ledger.get(uid) else { return };
        collection.detailed_pods.insert(uid.clone());
        let pod = PodName { name: record.name.as_ref().into(), uid: uid.clone() };
        let request = DetailsRequest { pod, old_pod: self.old_pods.sample().cloned() };
        self.outputs.push_back(Output::Collect(EvidenceRequest::Details(request)));
    }

    pub(super) fn take_details(
        &mut self,
        request: &DetailsRequest,
        result: Result<Box<PodDetails>, ReadFailure>,
    ) {
        match result {
            Ok(details) => {
                self.collection.details.insert(request.pod.uid.clone(), details);
            }
            Err(failure) => {
                let pod = names::object(&request.pod.name);
                self.miss(clean!("details of pod {}", pod), &failure);
            }
        }
    }

    /// The ConfigMaps and Secrets that pods of the revision use and that were written since then.
    pub(super) fn written_since(&self, then: ServerTime) -> Vec<Clean> {
        let objects = self.collection.details.values().flat_map(|details| &details.objects);
        let settings = objects.filter(|object| {
            matches!(object.kind, ObjectKind::ConfigMap | ObjectKind::Secret)
                && object.written.is_some_and(|written| written > then)
        });
        let mut titles: Vec<Clean> = settings.map(|object| object.title()).collect();
        titles.sort();
        titles.dedup();
        titles
    }
}
