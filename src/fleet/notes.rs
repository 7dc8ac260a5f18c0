//! What is to be said of a release beside its targets.

use super::{Fleet, Member, RestartLoop};
use crate::{
    gate::Verdict,
    phrases::{self, present},
    text::Clean,
};

/// Pods in a restart loop that are told one by one.
const TOLD: usize = 20;

impl Fleet {
    /// What is to be said of the release as a whole.
    pub fn notes(&self) -> Vec<Clean> {
        let left_out = self.members.iter().filter(|member| !self.counts(member));
        let left_out =
            left_out.filter_map(|member| Some((member.gate.target(), member.left_out()?)));
        let left_out: Vec<_> = left_out.collect();
        let left_out = (!left_out.is_empty()).then(|| phrases::selection::left_out(&left_out));
        let loops = untold(&self.loops, &self.members);
        self.notes.iter().cloned().chain(left_out).chain(loops).collect()
    }
}

/// Adds those that are not said yet.
pub fn add_notes(notes: &mut Vec<Clean>, new: impl IntoIterator<Item = Clean>) {
    for note in new {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
}

/// Whether a target failed that says why pods are in a restart loop.
fn is_told_by(one: &RestartLoop, member: &Member) -> bool {
    let verdict = member.gate.decision().map(|decision| decision.verdict);
    verdict == Some(Verdict::Failed)
        && member.context == one.context
        && member.gate.target().namespace == one.namespace
        && one.pods.iter().any(|pod| member.gate.blames(pod))
}

/// What is to be said of those that no target tells of.
fn untold(loops: &[RestartLoop], members: &[Member]) -> Vec<Clean> {
    let is_untold = |one: &&RestartLoop| !members.iter().any(|member| is_told_by(one, member));
    let untold: Vec<_> = loops.iter().filter(is_untold).collect();
    let more = untold.iter().skip(TOLD).map(|one| one.pods.len()).sum();
    let told = untold.into_iter().take(TOLD).map(|one| one.note.clone());
    told.chain((more > 0).then(|| present::more_loops(more))).collect()
}
