//! Ends of runs that do not count.

use crate::{clean, text::Clean};

/// Why an end of a run does not count: the program is not to blame for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excuse {
    /// It did what it is there for.
    Completed,
    /// The kubelet ended the pod.
    PodEnded,
    /// The kubelet lost track of the container.
    LostByKubelet,
    /// The runtime lost the container.
    LostByRuntime,
    /// A restart rule of another container restarted all.
    RestartRule,
    /// An API request or a controller asked the pod to go.
    Disrupted,
    /// The node gave the pod up.
    Rejected,
    /// The pod was evicted.
    Evicted,
    /// A more important pod took its place.
    Preempted,
    /// The pod's sandbox was made anew.
    Sandbox,
    /// The container's definition was changed in place.
    Redefined,
    /// The container's resources were changed in place.
    Resized,
    /// The kubelet stopped it without a fault of its own.
    Stopped,
}

/// A run that ended for a reason that nobody is to blame for.
pub fn excused(why: Excuse) -> Clean {
    let why = match why {
        Excuse::Completed => "it had completed and was run again",
        Excuse::PodEnded => "the kubelet ended the pod",
        Excuse::LostByKubelet => "the kubelet lost track of the container",
        Excuse::LostByRuntime => "the runtime lost the container",
        Excuse::RestartRule => "a restart rule restarted all containers",
        Excuse::Disrupted => "the pod was disrupted",
        Excuse::Rejected => "the node gave the pod up",
        Excuse::Evicted => "the pod was evicted",
        Excuse::Preempted => "the pod was preempted",
        Excuse::Sandbox => "the pod's sandbox was recreated",
        Excuse::Redefined => "the container's definition was changed in place",
        Excuse::Resized => "the container was resized in place",
        Excuse::Stopped => "the kubelet stopped the container",
    };
    clean!("{}: this restart does not count", Clean::from_static(why))
}
