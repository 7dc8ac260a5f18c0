//! The choice, and what was there where nothing was chosen.

use std::collections::{BTreeMap, BTreeSet};

use super::{By, Listed, Selection, Stopped, jobs};
use crate::model::{ServerTime, TargetRef};

/// What a selection chooses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Each once, in the order of the lists.
    pub targets: Vec<TargetRef>,
    /// What does not count, unless nothing else is left.
    pub stopped: Vec<(TargetRef, Stopped)>,
    /// What matched nothing.
    pub unmatched: Vec<Unmatched>,
}

impl Chosen {
    /// Adds what another selection chose, each once.
    pub fn add(&mut self, other: Self) {
        for target in other.targets {
            if !self.targets.contains(&target) {
                self.targets.push(target);
            }
        }
        let new = other.stopped.into_iter();
        let new = new.filter(|one| !self.stopped.contains(one)).collect::<Vec<_>>();
        self.stopped.extend(new);
        self.unmatched.extend(other.unmatched);
    }
}

/// A part of a selection that matched nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// What was looked for.
    pub by: By,
    /// What was there.
    pub there: There,
}

/// What there is to be selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct There {
    /// Workloads of the kinds that were looked for.
    pub workloads: usize,
    /// For each label of the selector the values that workloads have; none if no workload has the label.
    pub labels: Vec<(Box<str>, BTreeSet<Box<str>>)>,
    /// The labels that workloads have, the most frequent first.
    pub keys: Vec<Box<str>>,
    /// The Helm releases that workloads belong to, by name and namespace.
    pub helm: BTreeSet<(Box<str>, Box<str>)>,
}

/// Chooses from all workloads of the selection's kinds and place, as they were listed at the time `now`.
pub fn choose(selection: &Selection, all: &[Listed], now: Option<ServerTime>) -> Chosen {
    let listed: Vec<&Listed> = match selection.present {
        true => jobs::current(all, now),
        false => all.iter().collect(),
    };
    let mut chosen = Chosen::default();
    for one in &listed {
        let target = &one.target;
        let is_known = chosen.targets.contains(target)
            || chosen.stopped.iter().any(|(known, _)| known == target);
        if is_known || !selection.by.iter().any(|by| by.has(one, selection)) {
            continue;
        }
        match one.stopped {
            Some(why) => chosen.stopped.push((target.clone(), why)),
            None => chosen.targets.push(target.clone()),
        }
    }
    let is_empty = |by: &&By| !listed.iter().any(|one| by.has(one, selection));
    let unmatched = selection.by.iter().filter(is_empty);
    chosen.unmatched =
        unmatched.map(|by| Unmatched { by: by.clone(), there: There::of(by, all) }).collect();
    chosen
}

impl There {
    fn of(by: &By, listed: &[Listed]) -> Self {
        let keys = match by {
            By::Labels(selector) => selector.keys(),
            By::Everything | By::Helm { .. } => Vec::new(),
        };
        let values =
            |key: &str| listed.iter().filter_map(|one| one.labels.get(key).cloned()).collect();
        let labels = keys.into_iter().map(|key| (key.into(), values(key)));
        let releases = listed.iter().filter_map(|one| one.helm.as_ref());
        Self {
            workloads: listed.len(),
            labels: labels.collect(),
            keys: frequent_keys(listed),
            helm: releases.map(|one| (one.name.clone(), one.namespace.clone())).collect(),
        }
    }
}

fn frequent_keys(listed: &[Listed]) -> Vec<Box<str>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for key in listed.iter().flat_map(|one| one.labels.keys()) {
        *counts.entry(key).or_default() += 1;
    }
    let mut keys: Vec<_> = counts.into_iter().collect();
    keys.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    keys.into_iter().map(|(key, _)| key.into()).collect()
}
