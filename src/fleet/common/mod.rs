//! Causes that targets of a release share: several failures with one root are one finding of the release.
//!
//! What they share is data: what a diagnosis hangs on, a node that the comparison with other pods blames, or the way in
//! which programs end. It is claimed only where at least two targets that did not pass share it: the image or the node of
//! all of them is no cause by itself.

mod crash;
mod host;
mod shared;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    clean,
    evidence::Attribution,
    gate::{Cause, Finding, FindingState, NextStep, Verdict},
    model::TargetKind,
    observation::TargetId,
    phrases,
    signs::Subject,
    text::Clean,
};
use shared::Shared;

/// A cause that several targets share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Common {
    /// What is wrong with each of them; of several causes the most telling. Where one target is itself the reason, what is
    /// wrong with that.
    pub cause: Cause,
    /// Whose concern it is, by the same findings; unknown where they differ in it.
    pub attribution: Attribution,
    /// The shared reason as a sentence without its full stop.
    pub what: Clean,
    /// What they all hang on; `None` where they only end alike.
    #[serde(default)]
    pub subject: Option<Subject>,
    /// The targets that it explains: places in the list of all, in their order.
    pub targets: Vec<TargetId>,
    /// The target, none of those above, that is itself the reason: it serves what they need, and it failed.
    #[serde(default)]
    pub origin: Option<TargetId>,
    /// What to do.
    #[serde(flatten, with = "phrases::next_step_fields")]
    pub next_step: NextStep,
}

impl Common {
    /// Every target that fails for it, the one that is itself the reason first.
    pub fn all(&self) -> impl Iterator<Item = TargetId> {
        self.origin.into_iter().chain(self.targets.iter().copied())
    }
}

/// What is known of a target whose run is over.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The context of its cluster.
    pub context: Option<&'a Clean>,
    /// Its namespace.
    pub namespace: &'a Clean,
    /// Its kind.
    pub kind: &'a TargetKind,
    /// Its name.
    pub name: &'a Clean,
    /// What was decided.
    pub verdict: Verdict,
    /// What was found, the most telling first.
    pub findings: &'a [Finding],
}

impl<'a> Case<'a> {
    /// The findings that explain why it did not pass: those that decided, else what was suspected. A pass and a newer
    /// rollout need no explanation.
    fn telling(&self) -> impl Iterator<Item = &'a Finding> {
        let state = match self.verdict {
            Verdict::Passed | Verdict::Superseded => None,
            _ => [FindingState::Confirmed, FindingState::Suspected]
                .into_iter()
                .find(|state| self.findings.iter().any(|finding| finding.state == *state)),
        };
        self.findings.iter().filter(move |finding| Some(finding.state) == state)
    }

    fn title(&self) -> Clean {
        clean!("{}/{}", self.kind, self.name)
    }
}

/// A target that shares something, and the finding that shows it.
#[derive(Clone, Copy, Debug)]
struct Member<'a> {
    place: usize,
    case: &'a Case<'a>,
    finding: &'a Finding,
}

/// What targets of one run have in common, what explains most of them first.
pub fn common(cases: &[Case<'_>]) -> Vec<Common> {
    if cases.len() < 2 {
        return Vec::new();
    }
    let mut groups: BTreeMap<Shared<'_>, Vec<Member<'_>>> = BTreeMap::new();
    for (place, case) in cases.iter().enumerate() {
        let mut own = BTreeSet::new();
        for finding in case.telling() {
            for shared in shared::of(case, finding) {
                if own.insert(shared.clone()) {
                    groups.entry(shared).or_default().push(Member { place, case, finding });
                }
            }
        }
    }
    let groups = shared::with_and_without_port(groups);
    let mut found: Vec<Common> = groups
        .iter()
        .filter_map(|(shared, members)| {
            let origin = shared.host().and_then(|host| host::origin(host, members, cases));
            (members.len() + usize::from(origin.is_some()) > 1)
                .then(|| of_group(shared, members, origin.map(|place| (place, &cases[place]))))
        })
        .collect();
    // the sort keeps the order of what is shared, which does not depend on that of the targets
    found.sort_by_key(|common| std::cmp::Reverse(common.all().count()));
    without_covered(found)
}

/// A cause that explains no target which a larger one does not explain as well says nothing new.
fn without_covered(found: Vec<Common>) -> Vec<Common> {
    let mut explained: BTreeSet<TargetId> = BTreeSet::new();
    let mut kept = Vec::new();
    for common in found {
        let before = explained.len();
        explained.extend(&common.targets);
        if explained.len() > before || common.origin.is_some() {
            kept.push(common);
        }
    }
    kept
}

fn of_group(
    shared: &Shared<'_>,
    members: &[Member<'_>],
    origin: Option<(usize, &Case<'_>)>,
) -> Common {
    let (what, next_step) = shared.said(members);
    let (what, next_step) = match origin {
        Some((_, case)) => {
            let title = case.title();
            let why = case.telling().next().and_then(shared::sound_cause);
            (phrases::common::origin(&what, &title, why), phrases::common::fix_first(&title))
        }
        None => (what, next_step),
    };
    let own = origin.and_then(|(_, case)| case.telling().next());
    let cause =
        own.map(|own| own.cause).or_else(|| members.iter().map(|of| of.finding.cause).min());
    let attribution = own
        .map(|own| own.attribution)
        .or_else(|| same(members, |finding| Some(finding.attribution)));
    Common {
        cause: cause.unwrap_or(Cause::Stalled),
        attribution: attribution.unwrap_or(Attribution::Unknown),
        what,
        subject: shared.subject(members),
        targets: members.iter().map(|member| id(member.place)).collect(),
        origin: origin.map(|(place, _)| id(place)),
        next_step,
    }
}

/// What all findings say alike; `None` if they do not.
fn same<'a, T: PartialEq>(
    members: &[Member<'a>],
    of: impl Fn(&'a Finding) -> Option<T>,
) -> Option<T> {
    let mut all = members.iter().map(|member| of(member.finding));
    let first = all.next()??;
    all.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

fn id(place: usize) -> TargetId {
    TargetId(u32::try_from(place).unwrap_or(u32::MAX))
}
