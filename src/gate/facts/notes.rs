//! What weakens or explains a verdict.

use std::time::Duration;

use crate::{
    gate::{Gate, MinReady, kind, names, revision::Pin, window::needed_by_probes},
    model::Kind,
    phrases::{self, note},
    text::Clean,
};

impl Gate {
    /// What a person must know although it changes no verdict, each in one line.
    pub fn warnings(&self) -> Vec<Clean> {
        self.warned.iter().cloned().chain(self.services_in_trouble()).collect()
    }

    /// What weakens or explains the verdict, each in one line; nothing before the target was read.
    pub fn notes(&self) -> Vec<Clean> {
        let Some(pin) = &self.pin else { return Vec::new() };
        let mut notes = self.warnings();
        notes.extend(self.notes_on_settings.iter().cloned());
        if self.deadline.spares_old_pods() {
            notes.push(note::old_pods_spared(self.counts.old));
        }
        if self.deadline.spares_old_pods() || self.revision_judged().is_none() {
            notes.extend(self.leaving_for(Duration::ZERO));
        }
        if self.lost_nodes.count() > 0 {
            notes.push(note::lost_nodes(&self.lost_nodes.names()));
        }
        notes.extend(self.notes_on_images(pin));
        notes.extend(self.min_ready_is_too_long());
        if self.revision_judged().is_some_and(|revision| revision.complete_at_start) {
            notes.push(note::complete_at_start());
        }
        notes.extend(
            self.held.filter(|(_, is_accepted)| *is_accepted).map(|(hold, _)| hold.accepted()),
        );
        if self.target.kind.kind() == Kind::Custom {
            notes.extend(self.notes_on_conditions());
            if self.policy.min_ready != MinReady::ALL {
                notes.push(phrases::custom::min_ready_has_no_effect());
            }
        }
        match kind::ends(self.target.kind.kind()) {
            true if self.policy.min_ready != MinReady::ALL => {
                notes.push(note::min_ready_has_no_effect());
            }
            true => {}
            false => self.note_how_well_pods_are_watched(pin, &mut notes),
        }
        let containers = || pin.spec.containers.iter().chain(pin.spec.init_containers.iter());
        notes.extend(self.policy.ignore_containers.iter().map(|ignored| {
            let is_known = containers().any(|container| container.name.as_ref() == ignored);
            note::ignored(&names::container(ignored.as_str()), is_known)
        }));
        notes
    }

    /// What a pass says little of, where pods are to go on running.
    fn note_how_well_pods_are_watched(&self, pin: &Pin, notes: &mut Vec<Clean>) {
        let unprobed = pin.spec.containers.iter().filter(|one| one.readiness_probe.is_none());
        let unprobed: Vec<_> = unprobed.map(|one| names::container(&one.name)).collect();
        if !unprobed.is_empty() {
            notes.push(note::without_probe(&unprobed));
        }
        let window = self.policy.window;
        let needed = needed_by_probes(&pin.spec, pin.min_ready_seconds);
        if let Some(needed) = needed.filter(|needed| *needed > window) {
            notes.push(note::window_is_short(window, needed));
        }
        if self.counts.needed < self.counts.desired {
            notes.push(note::spared(self.counts.needed, self.counts.desired));
        }
    }
}
