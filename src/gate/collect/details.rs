//! The key details of pods that fail: asked for at the first suspicion, of one pod for each trouble.

use std::sync::Arc;

use crate::{
    evidence::{DetailsRequest, EvidenceRequest, ObjectKind, PodDetails, PodName},
    gate::{Cause, Gate, Output, names},
    model::{ServerTime, Uid},
    observation::ReadFailure,
    phrases,
    text::Clean,
};

impl Gate {
    /// Has the details of a pod read, unless those of another with the same trouble are.
    /// A run that ended has no cause yet.
    pub(in crate::gate) fn ask_for_details(
        &mut self,
        uid: &Uid,
        cause: Option<Cause>,
        container: Option<&Arc<str>>,
    ) {
        if !self.collection.wants_details(uid, cause, container) {
            return;
        }
        let Some(record) = self.ledger.get(uid) else { return };
        self.collection.await_details(uid);
        let pod = PodName { name: record.name.as_ref().into(), uid: uid.clone() };
        let request = DetailsRequest { pod, old_pod: self.old_pods.sample().cloned() };
        self.outputs.push_back(Output::Collect(EvidenceRequest::Details(request)));
    }

    pub(in crate::gate) fn take_details(
        &mut self,
        request: &DetailsRequest,
        result: Result<Box<PodDetails>, ReadFailure>,
    ) {
        match result {
            Ok(details) => self.collection.keep_details(&request.pod.uid, details),
            Err(failure) => {
                let pod = names::object(&request.pod.name);
                self.miss(phrases::coverage::details_of(&pod), &failure);
            }
        }
    }

    /// The ConfigMaps and Secrets that pods of the revision use and that were written since then.
    pub(in crate::gate) fn written_since(&self, then: ServerTime) -> Vec<Clean> {
        let objects = self.collection.all_details().flat_map(|details| &details.objects);
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
