//! Whether the Services that sent requests to the pods before still find the new ones: a rollout may be green and its
//! Service dead.
//!
//! Only templates are compared, so that a pod that is not there yet, or a label that something adds to pods, is no
//! trouble. It is a warning and never a verdict: someone may mean to switch the Service later.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use super::{Gate, GateEvent, Output, kind};
use crate::{
    model::{Elapsed, Exposure, Service, ServicePort, Uid, Workload},
    observation::{ReadFailure, Snapshot},
    phrases::{coverage, note},
    text::{Clean, Untrusted},
};

/// How old what is known of Services may be once the rollout is complete, and while one of them is in trouble.
const FRESH: Duration = Duration::from_secs(10);

/// Argo Rollouts writes this into the selectors of its Services by itself.
const SWITCHED: &str = "rollouts-pod-template-hash";

/// What is known of the Services of the namespace.
#[derive(Debug, Default)]
pub(super) struct Services {
    /// They may be read; not asked for unless that is known.
    permitted: bool,
    /// The template of the revision before, if there is one, and the new one.
    exposed: Option<(Option<Exposure>, Exposure)>,
    known: Arc<[Service]>,
    heard: Option<Elapsed>,
    asked: Option<Elapsed>,
    told: BTreeSet<Clean>,
}

impl Services {
    /// They may be read.
    pub(super) fn permit(&mut self) {
        self.permitted = true;
    }

    fn troubles(&self) -> Vec<Clean> {
        let Some((before, after)) = &self.exposed else { return Vec::new() };
        let all = self.known.iter();
        all.filter_map(|service| trouble(service, before.as_ref(), after)).collect()
    }
}

fn trouble(service: &Service, before: Option<&Exposure>, after: &Exposure) -> Option<Clean> {
    let shown = |text: &str| Untrusted::from(text).to_clean_line(100);
    let selector = || {
        let pairs = service.spec.selector.iter().map(|(key, value)| (&**key, &**value));
        pairs.filter(|(key, _)| *key != SWITCHED)
    };
    selector().next()?;
    let name = shown(&service.metadata.name);
    let lacking = after.lacks(selector());
    if !lacking.is_empty() {
        let selected_before = before.is_some_and(|before| before.lacks(selector()).is_empty());
        let pairs = lacking.iter().map(|(key, value)| shown(&format!("{key}={value}")));
        return selected_before
            .then(|| note::service_selects_none(&name, &pairs.collect::<Vec<_>>()));
    }
    let ports = &service.spec.ports;
    let mut named = ports.iter().filter_map(|port| port.target.as_deref());
    let is_missing = |port: &&str| !after.has_port(port);
    let gone = match before {
        Some(before) => named.find(|port| is_missing(port) && before.has_port(port)),
        // without a revision to compare with, only what cannot be meant
        None => {
            let are_missing =
                |port: &ServicePort| port.target.as_deref().is_some_and(|port| is_missing(&port));
            ports.iter().all(are_missing).then(|| named.next()).flatten()
        }
    };
    gone.map(|port| note::service_port_missing(&name, &shown(port)))
}

/// By what Services find the pods of the revision that this object holds; `None` where its template is not known.
fn exposure(holder: &Uid, snapshot: &Snapshot) -> Option<Exposure> {
    let set = snapshot.replica_sets().find(|set| set.metadata.uid == *holder);
    let of_set = || set.map(|set| Exposure::of(&set.spec.template));
    let revisions = &snapshot.controller_revisions;
    let held = revisions.iter().find(|revision| revision.metadata.uid == *holder);
    of_set().or_else(|| held?.exposure.clone())
}

impl Gate {
    /// Takes in what a read says of the Services of the namespace.
    pub(super) fn observe_services(&mut self, answer: &Result<Arc<[Service]>, ReadFailure>) {
        match answer {
            Ok(services) => {
                self.services.known = services.clone();
                self.services.heard = Some(self.now);
                self.tell_services();
            }
            Err(failure) => self.missing.add(coverage::failed(coverage::services(), failure)),
        }
    }

    /// Keeps the templates to compare, and asks for the Services where they are not known well enough.
    pub(super) fn look_at_services(&mut self, workload: &Workload, snapshot: &Snapshot) {
        // what has no template tells no labels, and the pods of a Job serve nobody
        let is_known = !workload.template().spec.containers.is_empty();
        if !is_known || kind::ends(self.target.kind.kind()) || self.decision.is_some() {
            return;
        }
        let Some(revision) = self.revision_judged() else { return };
        if self.services.exposed.is_none() {
            let before = revision.before.as_ref();
            let before = before.and_then(|before| exposure(&before.object.uid, snapshot));
            self.services.exposed = Some((before, Exposure::of(workload.template())));
        }
        self.tell_services();
        let Services { permitted, heard, asked, .. } = &self.services;
        let is_old = match (heard, self.completed_at) {
            (None, _) => true,
            (Some(heard), Some(completed)) if *heard < completed => true,
            (Some(heard), Some(_)) => {
                !self.services.told.is_empty() && self.now.since(*heard) >= FRESH
            }
            (Some(_), None) => false,
        };
        let is_asked =
            asked.is_some_and(|asked| self.now.since(asked) < FRESH && *heard < Some(asked));
        if *permitted && is_old && !is_asked {
            self.services.asked = Some(self.now);
            self.outputs.push_back(Output::ReadServices);
        }
    }

    /// What is wrong with Services, once the rollout is complete: before, it may yet be undone.
    pub(super) fn services_in_trouble(&self) -> Vec<Clean> {
        if self.completed_at.is_none() { Vec::new() } else { self.services.troubles() }
    }

    fn tell_services(&mut self) {
        for warning in self.services_in_trouble() {
            if self.decision.is_none() && self.services.told.insert(warning.clone()) {
                self.tell(GateEvent::Warned { at: self.now, warning });
            }
        }
    }
}
