//! What is said of a pod that is not ready: its cause, its message, what to do.

use std::time::Duration;

use super::{Unready, Why};
use crate::{
    clean,
    gate::{
        Attribution, Cause, Grace,
        symptom::{Awaited, Explained, Healing, Limit, Symptom},
    },
    model::{RestartPolicy, Role, ServerTime},
    phrases::{self, NextStep},
    signs::Scene,
    text::Clean,
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
                self.message(self.since.and_then(age)),
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
            symptom.message = Clean::from_static("keeps losing readiness");
        }
        Some(Awaited { symptom, explained: self.explained() })
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

    fn message(&self, age: Option<Duration>) -> Clean {
        let so_far =
            age.map(|age| clean!(" ({} so far)", phrases::whole_seconds(age))).unwrap_or_default();
        match &self.why {
            Why::NoScheduler(name) => {
                let name = name.as_ref().map(|name| clean!(" {}", name)).unwrap_or_default();
                clean!("no scheduler{} has taken it{}", name, so_far)
            }
            Why::NotTaken => Clean::from_static("its node has not reported on it"),
            Why::Preparing => Clean::from_static(
                "no container has been created: its volumes, network or image are not ready",
            ),
            Why::Creating => Clean::from_static("not started yet, and no error is reported"),
            Why::Pulling(image) => clean!("still pulling image {}{}", image, so_far),
            Why::InitRuns => {
                clean!("still running{}; the other containers start when it ends", so_far)
            }
            Why::PostStart => clean!("its postStart hook has not returned{}", so_far),
            Why::Startup if self.role == Some(Role::Sidecar) => Clean::from_static(
                "running, but its startup probe has not passed; the other containers wait for it",
            ),
            Why::Startup => Clean::from_static("running, but its startup probe has not passed"),
            Why::Readiness => Clean::from_static("running, but its readiness probe is failing"),
            Why::Unreported => Clean::from_static("running, but not reported as ready"),
            Why::Completed(policy) => clean!(
                "completed with exit code 0 and is not restarted (restartPolicy {}), so the pod cannot become ready",
                Clean::from_static(if *policy == RestartPolicy::Never {
                    "Never"
                } else {
                    "OnFailure"
                })
            ),
            Why::Gates { words, .. } => words.clone(),
            Why::NodeSilent => Clean::from_static(
                "containers are ready but the pod is not: its node stopped reporting",
            ),
        }
    }

    /// What is known of it beside the symptom.
    fn explained(&self) -> Explained {
        Explained {
            next_step: self.next_step(),
            scene: self.scene(),
            only_needs_time: self.may_only_need_time(),
        }
    }

    fn next_step(&self) -> Option<NextStep> {
        Some(NextStep::from_static(match &self.why {
            Why::NoScheduler(Some(name)) => {
                return Some(NextStep::new(clean!(
                    "check that scheduler {} is running, or correct `schedulerName`",
                    name
                )));
            }
            Why::NoScheduler(None) => {
                "check that the scheduler named in `schedulerName` (by default kube-scheduler) is running"
            }
            Why::NotTaken => "check the kubelet of the pod's node",
            Why::Preparing => {
                "check the node's volume and network plugins (`kubectl describe pod` shows the events)"
            }
            Why::Creating => {
                "check the pod's events. If none tells more, check for a slow image pull or postStart hook"
            }
            Why::Pulling(_) => {
                "check the registry and the node's connection to it. If the image is only large, make it smaller"
            }
            Why::InitRuns => "fix what the init container waits for, which its log shows",
            Why::PostStart => {
                "find out why the postStart hook does not return: the container counts as started only after it"
            }
            Why::Startup => {
                "check the startup probe's path, port and timing. If they are right, check what the program waits for"
            }
            Why::Completed(_) => {
                "let it keep running: every regular container must. If its work comes first, make it an init container"
            }
            Why::Gates { .. } => {
                "check the controller that sets this readiness gate (often the load balancer's): no probe is involved"
            }
            Why::Readiness | Why::Unreported | Why::NodeSilent => return None,
        }))
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
