//! Why the kubelet ends a container: the message of its event `Killing`.

/// Why the kubelet ended a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kill {
    /// It ends the whole pod: that is deleted, evicted, preempted, or its node shuts down.
    Stop,
    /// Its liveness probe failed.
    Liveness,
    /// Its startup probe failed.
    Startup,
    /// Its definition was changed in place.
    Redefined,
    /// Its resources were changed in place.
    Resized,
}

/// Whether a message names this container, for events that do not refer to one.
pub fn is_about_container(message: &str, container: &str) -> bool {
    message.contains(&format!("ontainer {container} "))
}

/// What a message of the kubelet says (Kubernetes 1.36 `pkg/kubelet/kuberuntime/kuberuntime_manager.go`,
/// `computePodActions`; `kuberuntime_container.go`, `killContainer`; the older words of a stop up to 1.14).
pub fn kill(message: &str) -> Option<Kill> {
    if message.starts_with("Stopping container") || message.ends_with("Need to kill Pod") {
        return Some(Kill::Stop);
    }
    let kills = [
        ("failed liveness probe", Kill::Liveness),
        ("failed startup probe", Kill::Startup),
        ("definition changed", Kill::Redefined),
        ("resize requires restart", Kill::Resized),
    ];
    kills.into_iter().find(|(words, _)| message.contains(words)).map(|(_, kill)| kill)
}
