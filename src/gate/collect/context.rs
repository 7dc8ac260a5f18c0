//! What changed since the revision before: asked for once, at the first suspicion or with a verdict that is not green.

use crate::{
    evidence::{Change, ChangeRequest, Changes, EvidenceRequest, is_only_restart},
    gate::{Gate, Output, names},
    observation::ReadFailure,
    phrases,
};

impl Gate {
    /// Has the revision compared with the one before it.
    pub(in crate::gate) fn ask_for_changes(&mut self) {
        let Some(revision) = self.revision_judged() else { return };
        let Some((before, kind)) =
            revision.before.as_ref().zip(self.target.kind.kind().revisions())
        else {
            return;
        };
        let (before, after) = (before.object.clone(), revision.object.clone());
        if self.collection.is_first_for_changes() {
            let request = ChangeRequest { kind, before, after };
            self.outputs.push_back(Output::Collect(EvidenceRequest::Change(request)));
        }
    }

    pub(in crate::gate) fn take_changes(
        &mut self,
        request: &ChangeRequest,
        result: Result<Vec<Change>, ReadFailure>,
    ) {
        match result {
            Ok(changes) => self.collection.keep_changes(changes),
            Err(failure) => {
                let name = names::object(&request.before.name);
                self.miss(phrases::coverage::changes_since(&name), &failure);
            }
        }
    }

    /// What changed since the revision before; `None` where there is none, or nothing went wrong enough to ask.
    pub fn changes(&self) -> Option<Changes> {
        let before = self.revision_judged()?.before.as_ref()?;
        let changes = self.collection.changes()?.to_vec();
        Some(Changes {
            since: names::object(&before.object.name),
            since_number: before.number,
            since_available: self.history.is_available(&before.id),
            since_was_available: before.available > 0,
            only_restarted: is_only_restart(&changes),
            changes,
            written_since: before.created.map(|then| self.written_since(then)).unwrap_or_default(),
        })
    }
}
