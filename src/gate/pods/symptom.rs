//! What is wrong with a pod in one reading, apart from ended runs.

use std::{sync::Arc, time::Duration};

pub(in crate::gate) use crate::signs::Healing;

use crate::{
    gate::{Attribution, Cause, Grace, Policy},
    model::Role,
    phrases::NextStep,
    signs::Scene,
    text::Clean,
};

/// Something wrong, as one reading shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gate) struct Symptom {
    pub(in crate::gate) cause: Cause,
    pub(in crate::gate) attribution: Attribution,
    pub(in crate::gate) container: Option<Arc<str>>,
    pub(in crate::gate) role: Option<Role>,
    pub(in crate::gate) message: Clean,
    pub(in crate::gate) limit: Limit,
    /// It is the kubelet's report of an image pull that just failed, as opposed to the wait for the next.
    pub(in crate::gate) is_attempt: bool,
    /// It only says that something failed before, and not what.
    pub(in crate::gate) is_echo: bool,
}

/// What a finding is about: a cause, on one container or on none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::gate) struct Key {
    pub(in crate::gate) cause: Cause,
    pub(in crate::gate) container: Option<Arc<str>>,
}

impl Key {
    /// A cause that is no container's.
    pub(in crate::gate) const fn of(cause: Cause) -> Self {
        Self { cause, container: None }
    }

    /// Whether it is about a container whose failures are noted only.
    pub(in crate::gate) fn is_ignored(&self, policy: &Policy) -> bool {
        self.container.as_deref().is_some_and(|name| policy.ignores(name))
    }
}

impl Symptom {
    /// One of the pod, or of the workload, that says what is wrong.
    pub(in crate::gate) const fn new(
        cause: Cause,
        attribution: Attribution,
        message: Clean,
        limit: Limit,
    ) -> Self {
        let (container, role) = (None, None);
        let (is_attempt, is_echo) = (false, false);
        Self { cause, attribution, container, role, message, limit, is_attempt, is_echo }
    }

    /// The same of one of its containers.
    pub(in crate::gate) fn of(self, container: &Arc<str>, role: Role) -> Self {
        Self { container: Some(container.clone()), role: Some(role), ..self }
    }

    /// What it is a symptom of.
    pub(in crate::gate) fn key(&self) -> Key {
        Key { cause: self.cause, container: self.container.clone() }
    }
}

/// What is known of a finding that is no error, but something that is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gate) struct Explained {
    /// What to do; `None` where its kind's hint says it.
    pub(in crate::gate) next_step: Option<NextStep>,
    /// Where its cause is searched for; `None` where neither events nor a log tell more.
    pub(in crate::gate) scene: Option<Scene>,
    /// It may be over by itself if it is waited for longer.
    pub(in crate::gate) only_needs_time: bool,
}

/// A symptom that is no error, but something that is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gate) struct Awaited {
    pub(in crate::gate) symptom: Symptom,
    pub(in crate::gate) explained: Explained,
}

/// How long a symptom may last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gate) enum Limit {
    /// It never heals.
    AtOnce,
    /// As long as the grace, which is shorter where waiting longer helps nobody.
    Grace(Grace, Healing),
    /// For so long.
    After(Duration),
    /// Until the deadline.
    Deadline,
}

impl Limit {
    /// Whether the symptom hardly heals.
    pub(in crate::gate) const fn is_for_good(self) -> bool {
        matches!(self, Self::AtOnce | Self::After(_) | Self::Grace(_, Healing::Unlikely))
    }
}
