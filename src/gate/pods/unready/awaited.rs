//! What a pod that is not ready is found to show: its cause, how long it may last, what may explain it.

use std::time::Duration;

use super::{Unready, Why};
use crate::{
    gate::{
        Attribution, Cause, Grace,
        symptom::{Awaited, Explained, Healing, Limit, Symptom},
    },
    model::ServerTime,
    phrases::unready,
    signs::Scene,
};

impl Unready {
    /// As a symptom that may last until the deadline. `age` tells how long ago a time of the servers' was.
    pub(in crate::gate) fn symptom(
        &self,
        age: impl FnOnce(ServerTime) -> Option<Duration>,
    ) -> Symptom {
        let (cause, attribution) = self.cause();
        Symptom {
            container: self.container.clone(),
            role: self.role,
            ..Symptom::new(
                cause,
                attribution,
                unready::message(&self.why, self.role, self.since.and_then(age)),
                Limit::Deadline,
            )
        }
    }

    /// The same with what is known beside it.
    pub(in crate::gate) fn awaited(
        &self,
        age: impl FnOnce(ServerTime) -> Option<Duration>,
    ) -> Awaited {
        Awaited { symptom: self.symptom(age), explained: self.explained() }
    }

    /// As a symptom of a pod that is to stay ready, and that may have lost its readiness `again` and again. `None` if
    /// its containers are being started.
    pub(in crate::gate) fn if_lost(&self, again: bool) -> Option<Awaited> {
        let mut symptom = self.symptom(|_| None);
        let may_heal = Limit::Grace(Grace::NotReady, Healing::Likely);
        symptom.limit = match self.why {
            Why::Startup
            | Why::Readiness
            | Why::Unreported
            | Why::Completed(_)
            | Why::Gates { .. } => {
                if again {
                    Limit::AtOnce
                } else {
                    may_heal
                }
            }
            Why::NodeSilent => Limit::Deadline,
            Why::NoScheduler(_)
            | Why::NotTaken
            | Why::Preparing
            | Why::Creating
            | Why::Pulling(_)
            | Why::InitRuns
            | Why::PostStart => return None,
        };
        if again && matches!(self.why, Why::Readiness | Why::Unreported) {
            symptom.message = unready::keeps_losing();
        }
        Some(Awaited { symptom, explained: self.explained() })
    }

    /// As a symptom of a pod that has had enough time. `None` if it is the platform's that it is not ready.
    pub(in crate::gate) fn overdue(&self) -> Option<Awaited> {
        let symptom = Symptom { limit: Limit::AtOnce, ..self.symptom(|_| None) };
        let is_own = symptom.cause != Cause::Platform;
        is_own.then(|| Awaited { symptom, explained: self.explained() })
    }

    /// Whether a pod that has not been ready since then has not been since its containers began, or something outside has
    /// yet to let it be.
    pub(in crate::gate) fn is_of_the_start(&self, unready: ServerTime) -> bool {
        self.since.is_some_and(|began| unready <= began)
            || matches!(self.why, Why::Gates { are_set: false, .. })
    }

    fn cause(&self) -> (Cause, Attribution) {
        use Attribution::{Application, Configuration, Platform, Unknown};
        match &self.why {
            Why::NoScheduler(Some(_)) => (Cause::Pending, Configuration),
            Why::NoScheduler(None) => (Cause::Pending, Platform),
            Why::NotTaken | Why::NodeSilent => (Cause::Platform, Platform),
            Why::Preparing => (Cause::Sandbox, Platform),
            Why::Creating => (Cause::Container, Unknown),
            Why::Pulling(_) => (Cause::Image, Platform),
            Why::PostStart => (Cause::PostStart, Application),
            Why::InitRuns | Why::Startup | Why::Readiness | Why::Unreported => {
                (Cause::NotReady, Application)
            }
            Why::Completed(_) => (Cause::Exited, Configuration),
            Why::Gates { are_set: false, .. } => (Cause::NotReady, Configuration),
            Why::Gates { are_set: true, .. } => (Cause::NotReady, Unknown),
        }
    }

    /// What is known of it beside the symptom.
    fn explained(&self) -> Explained {
        Explained {
            next_step: unready::next_step(&self.why),
            scene: self.scene(),
            only_needs_time: self.may_only_need_time(),
        }
    }

    fn scene(&self) -> Option<Scene> {
        match self.why {
            Why::InitRuns | Why::Readiness | Why::Unreported => Some(Scene::Readiness),
            Why::Startup => Some(Scene::Startup),
            Why::NoScheduler(_)
            | Why::NotTaken
            | Why::Preparing
            | Why::Creating
            | Why::Pulling(_)
            | Why::PostStart
            | Why::Completed(_)
            | Why::Gates { .. }
            | Why::NodeSilent => None,
        }
    }

    fn may_only_need_time(&self) -> bool {
        !matches!(
            self.why,
            Why::NoScheduler(_) | Why::Completed(_) | Why::Gates { are_set: false, .. }
        )
    }
}
