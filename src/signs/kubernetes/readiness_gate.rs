//! The readiness gates that keep a pod from being ready.

/// A readiness gate that is not True.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadinessGate<'m> {
    /// The condition that some controller sets.
    pub name: &'m str,
    /// Whether a controller has set it at all.
    pub is_set: bool,
}

/// The gates in the kubelet's message on a pod that is not ready for them
/// (Kubernetes 1.37 `pkg/kubelet/status/generate.go`, `GeneratePodReadyCondition`).
pub fn readiness_gates(message: &str) -> Vec<ReadinessGate<'_>> {
    let names = message.split("readiness gate \"").skip(1);
    let names = names.filter_map(|rest| rest.split_once('"')).map(|(name, _)| name);
    let gates = names.map(|name| ReadinessGate {
        name,
        is_set: !message.contains(&format!("gate \"{name}\" does not exist")),
    });
    gates.collect()
}
