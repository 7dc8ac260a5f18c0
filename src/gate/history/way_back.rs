//! Which revision to go back to.

use super::{Health, History, Past};
use crate::{evidence::RevisionName, gate::revision::RevisionId, text::Clean};

/// The revision to go back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gate) struct WayBack {
    /// The object that holds it.
    pub(in crate::gate) object: RevisionName,
    pub(in crate::gate) name: Clean,
    pub(in crate::gate) number: u64,
    /// Its pods were available while the gate watched.
    pub(in crate::gate) is_known_good: bool,
    /// `kubectl rollout undo` goes there by itself.
    pub(in crate::gate) is_next: bool,
}

/// Why there is no revision to go back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gate) enum NoWayBack {
    /// There is none before.
    NoRevision,
    /// Pods of each were in trouble already when the run began.
    BrokenBefore,
    /// It broke in the same way.
    BrokenAlike,
}

impl History {
    /// The revision to go back to: one whose pods were available, else the one before, unless it is known to be bad.
    ///
    /// Where the failure is one that `broke_alike`, or the one before it, shows too, there is no way back: what fails is
    /// something that both need.
    pub(in crate::gate) fn way_back(
        &self,
        broke_alike: impl Fn(&RevisionId) -> bool,
    ) -> Result<WayBack, NoWayBack> {
        let mut before: Vec<_> = self
            .revisions
            .iter()
            .filter(|(_, revision)| !revision.is_new)
            .filter_map(|(uid, revision)| Some((revision.number?, uid, revision)))
            .collect();
        before.sort_by_key(|(number, ..)| std::cmp::Reverse(*number));
        let of_health =
            |health| before.iter().find(move |(_, _, revision)| revision.health() == health);
        let good = of_health(Health::Good);
        let current = before
            .iter()
            .find(|(_, _, revision)| revision.is_current && revision.health() == Health::Good);
        let (number, uid, revision) = match current.or(good) {
            Some(good) => good,
            None => {
                let is_bad_alike = |(_, uid, revision): &&(u64, &RevisionId, &Past)| {
                    revision.health() == Health::Bad && broke_alike(uid)
                };
                let none = match () {
                    () if before.iter().any(|one| is_bad_alike(&one)) => NoWayBack::BrokenAlike,
                    () if before.is_empty() => NoWayBack::NoRevision,
                    () => NoWayBack::BrokenBefore,
                };
                let unknown = of_health(Health::Unknown).ok_or(none)?;
                let later = before.iter().take_while(|(number, ..)| *number > unknown.0);
                if later.clone().any(|one| is_bad_alike(&one)) {
                    return Err(NoWayBack::BrokenAlike);
                }
                unknown
            }
        };
        if broke_alike(uid) {
            return Err(NoWayBack::BrokenAlike);
        }
        Ok(WayBack {
            object: revision.object.clone(),
            name: revision.name.clone(),
            number: *number,
            is_known_good: revision.health() == Health::Good,
            is_next: self.second_highest() == Some(*number),
        })
    }

    /// Where `kubectl rollout undo` goes unless it is told a number: the second highest one that there is, whatever runs
    /// (Kubernetes 1.36 `staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollback.go`, `deploymentRevision`).
    fn second_highest(&self) -> Option<u64> {
        let mut numbers: Vec<u64> =
            self.revisions.values().filter_map(|revision| revision.number).collect();
        numbers.sort_unstable_by_key(|number| std::cmp::Reverse(*number));
        numbers.get(1).copied()
    }
}
