//! Pods of the revision that come to an end and are replaced, again and again. None of them is ever restarted, so only
//! their number tells (kubernetes#114637: a node refused 211 pods in 40 s).

use std::sync::Arc;

use super::{fate::Fate, termination};
use crate::model::{Elapsed, Pod, RestartPolicy, Role, Termination};

/// How a pod ended for good, so that its ReplicaSet makes another.
#[derive(Debug)]
pub(in crate::gate) enum PodEnd {
    /// Its node refused it.
    Rejected,
    /// A container ended that is not to be run again.
    Container(Box<EndedContainer>),
}

/// The container that ended its pod.
#[derive(Debug)]
pub(in crate::gate) struct EndedContainer {
    pub(in crate::gate) name: Arc<str>,
    pub(in crate::gate) role: Role,
    pub(in crate::gate) termination: Termination,
}

impl PodEnd {
    /// What a reading tells of it; `None` if the pod has not ended, or the platform ended it.
    pub(in crate::gate) fn of(pod: &Pod) -> Option<Self> {
        if !pod.has_ended() {
            return None;
        }
        match Fate::of(pod) {
            Some(Fate::Rejected) => Some(Self::Rejected),
            Some(Fate::OwnStorage | Fate::Unsupported | Fate::Disrupted) => None,
            None => EndedContainer::of(pod).map(Box::new).map(Self::Container),
        }
    }
}

impl EndedContainer {
    /// The init container that failed for good, else that of the app's which failed, else the first of them. A container
    /// that is always run again ends no pod.
    fn of(pod: &Pod) -> Option<Self> {
        let mut apps = Vec::new();
        for (role, container, status) in pod.containers() {
            let policy = pod.restart_policy(role, container);
            let end = status.and_then(|status| status.state.termination());
            let ended = end.map(|end| Self {
                name: container.name.clone(),
                role,
                termination: end.clone(),
            });
            match role {
                Role::Sidecar => {}
                Role::Init => {
                    let has_failed =
                        |end: &Self| !termination::is_wanted(&end.termination, role, policy);
                    if policy == RestartPolicy::Never && ended.as_ref().is_some_and(has_failed) {
                        return ended;
                    }
                }
                Role::App => {
                    let is_final = |end: &Self| match policy {
                        RestartPolicy::Never => true,
                        RestartPolicy::OnFailure => end.termination.exit_code == 0,
                        RestartPolicy::Always | RestartPolicy::Unknown => false,
                    };
                    apps.push(ended.filter(is_final)?);
                }
            }
        }
        let failed = apps.iter().position(|app| app.termination.exit_code != 0);
        (!apps.is_empty()).then(|| apps.swap_remove(failed.unwrap_or(0)))
    }
}

/// How many pods ended one after the other, at least.
#[derive(Debug, Default)]
pub(in crate::gate) struct Generations {
    /// The longest row that was known before `since`.
    before: u64,
    since: Elapsed,
    /// The longest row.
    longest: u64,
    ended: u64,
    /// The most pods that were wanted at a time.
    wanted: u64,
}

impl Generations {
    /// Takes in how many pods are wanted.
    pub(in crate::gate) fn want(&mut self, pods: u64) {
        self.wanted = self.wanted.max(pods);
    }

    /// The place in the row of a pod that is seen for the first time: those that had ended by then came before it.
    pub(in crate::gate) fn next(&mut self, now: Elapsed) -> u64 {
        self.settle(now);
        self.before + 1
    }

    /// A pod with this place in the row ended.
    pub(in crate::gate) fn end(&mut self, place: u64, now: Elapsed) {
        self.settle(now);
        self.ended += 1;
        // no more of them than are wanted exist at a time
        let at_least = self.ended.div_ceil(self.wanted.max(1));
        self.longest = self.longest.max(place).max(at_least);
    }

    fn settle(&mut self, now: Elapsed) {
        if now > self.since {
            (self.before, self.since) = (self.longest, now);
        }
    }

    /// The longest row.
    pub(in crate::gate) fn longest(&self) -> u64 {
        self.longest
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn end_of(pod: &Value) -> Option<PodEnd> {
        let mut pod = pod.clone();
        pod["metadata"] = json!({"name": "a", "uid": "u"});
        PodEnd::of(&serde_json::from_value(pod).unwrap())
    }

    fn of_containers(containers: &[(&str, &str, i32)]) -> Option<(String, i32)> {
        let specs: Vec<_> = containers
            .iter()
            .map(|(name, policy, _)| json!({"name": name, "restartPolicy": policy}))
            .collect();
        let statuses: Vec<_> = containers
            .iter()
            .map(|(name, _, code)| json!({"name": name, "state": {"terminated": {"exitCode": code}}}))
            .collect();
        let pod = json!({"spec": {"containers": specs}, "status": {"phase": "Failed", "containerStatuses": statuses}});
        match end_of(&pod)? {
            PodEnd::Container(end) => Some((end.name.to_string(), end.termination.exit_code)),
            PodEnd::Rejected => None,
        }
    }

    #[test]
    fn the_container_that_failed_ended_the_pod_else_the_first() {
        let named = |name: &str, code| Some((name.to_owned(), code));
        assert_eq!(of_containers(&[("app", "Never", 0), ("b", "OnFailure", 0)]), named("app", 0));
        assert_eq!(of_containers(&[("app", "Never", 0), ("b", "Never", 3)]), named("b", 3));
        // these are run again, so somebody else ended the pod
        assert_eq!(of_containers(&[("app", "Never", 0), ("b", "Always", 1)]), None);
        assert_eq!(of_containers(&[("app", "OnFailure", 1)]), None);
    }

    #[test]
    fn an_init_container_that_is_not_run_again_ends_its_pod() {
        let pod = |policy: &str| {
            json!({"spec": {"initContainers": [{"name": "migrate", "restartPolicy": policy}], "containers": [{"name": "app"}]},
                "status": {"phase": "Failed", "initContainerStatuses": [{"name": "migrate", "state": {"terminated": {"exitCode": 1}}}]}})
        };
        assert!(
            matches!(end_of(&pod("Never")), Some(PodEnd::Container(end)) if &*end.name == "migrate")
        );
        assert!(end_of(&pod("OnFailure")).is_none());
    }

    #[test]
    fn only_what_the_node_refused_or_ended_by_itself_is_an_end_that_counts() {
        let pod = |reason: &str, phase: &str| json!({"spec": {"containers": [{"name": "app"}]}, "status": {"phase": phase, "reason": reason}});
        assert!(matches!(end_of(&pod("OutOfcpu", "Failed")), Some(PodEnd::Rejected)));
        for (reason, phase) in [
            ("Evicted", "Failed"),
            ("NodeShutdown", "Failed"),
            ("", "Failed"),
            ("OutOfcpu", "Running"),
        ] {
            assert!(end_of(&pod(reason, phase)).is_none(), "{reason} {phase}");
        }
    }

    #[test]
    fn a_row_is_of_pods_that_came_after_the_end_of_others() {
        let at = Elapsed::from_secs;
        let mut rows = Generations::default();
        rows.want(4);
        // four at once are no row
        let places: Vec<u64> = (0..4).map(|_| rows.next(at(1))).collect();
        places.iter().for_each(|place| rows.end(*place, at(2)));
        assert_eq!((places, rows.longest()), (vec![1; 4], 1));
        let next = rows.next(at(3));
        rows.end(next, at(4));
        assert_eq!((next, rows.longest()), (2, 2));
    }

    #[test]
    fn pods_that_are_seen_at_once_are_a_row_where_so_many_are_not_wanted() {
        let mut rows = Generations::default();
        rows.want(2);
        for expected in [1, 1, 2, 2, 3] {
            let place = rows.next(Elapsed::ZERO);
            rows.end(place, Elapsed::ZERO);
            assert_eq!((place, rows.longest()), (1, expected));
        }
    }
}
