//! Why a pod was rejected, evicted or lost by its node: the kubelet's, the scheduler's and the controllers' own word.

use super::{
    container::SYSCTL,
    detail::Detail,
    row::{PLATFORM, Row, WRONG},
};
use crate::evidence::Attribution;

pub(super) const ROWS: &[Row] = &[
    // Kubernetes 1.36 `pkg/kubelet/lifecycle/predicate.go`; a pod with a `nodeName` passes the scheduler by
    Row {
        sign: "node-lacks-resource",
        phrases: &[&["didn't have enough resource: "], &["outof"]],
        details: &[Detail::After("enough resource: ")],
        cause: "the node does not have enough free resources for what the pod requests, and rejected it",
        named: "the node does not have enough free {} for what the pod requests, and rejected it",
        next_step: "compare `resources.requests` with the node's size and what else runs there (`kubectl describe node`). If the pod template sets `nodeName`, drop it: it bypasses the scheduler",
        ..PLATFORM
    },
    // `pkg/kubelet/cm/devicemanager`, `pkg/kubelet/cm/dra`
    Row {
        sign: "node-devices",
        phrases: &[
            &["allocate failed due to "],
            &["update plugin resources failed"],
            &["no healthy devices"],
            &["requested number of devices unavailable"],
        ],
        details: &[Detail::Between("allocate failed due to ", ", which")],
        cause: "the node could not give the pod a device that it requests",
        named: "the node could not give the pod a device that it requests: {}",
        next_step: "see the device plugin's pod on that node, and its devices' health",
        ..PLATFORM
    },
    // `pkg/kubelet/cm/topologymanager`, `cpumanager`
    Row {
        sign: "node-topology",
        phrases: &[&["topologyaffinityerror"], &["topology locality"], &["topology affinity"]],
        cause: "the node's topology manager found no place for the pod's CPUs, memory and devices side by side",
        attribution: Attribution::Unknown,
        next_step: "lower what the pod requests of a NUMA node, or relax the kubelet's `topologyManagerPolicy`",
        ..PLATFORM
    },
    Row {
        sign: "node-cpus",
        phrases: &[&["smtalignmenterror"], &["smt alignment"]],
        cause: "the node gives out whole cores only, and the pod requests a part of one",
        next_step: "request a multiple of the threads of a core (mostly 2 CPUs), or choose nodes without `full-pcpus-only`",
        ..WRONG
    },
    SYSCTL,
    // `pkg/kubelet/kubelet.go`, `pkg/security/apparmor`
    Row {
        sign: "apparmor-disabled",
        phrases: &[&["cannot enforce apparmor"], &["apparmor is not enabled"], &["apparmor: "]],
        cause: "an AppArmor profile is asked for that the node cannot enforce",
        next_step: "load the profile on the nodes or drop `appArmorProfile`, or choose nodes with AppArmor",
        ..WRONG
    },
    Row {
        sign: "node-os",
        phrases: &[
            &["podosselectornodelabeldoesnotmatch"],
            &["podosnotsupported"],
            &["doesn't match node os"],
            &["label doesn't match node label"],
        ],
        cause: "the pod is for another operating system than the node's",
        next_step: "set `nodeSelector: {kubernetes.io/os: …}` so that the pods get to the right nodes",
        ..WRONG
    },
    Row {
        sign: "node-feature",
        phrases: &[
            &["podfeatureunsupported"],
            &["supplementalgroupspolicynotsupported"],
            &["is not supported in this node"],
            &["podlevelresourcesnotadmitted"],
            &["initcontainerrestartpolicyforbidden"],
        ],
        cause: "the pod uses a feature that the node's kubelet or runtime does not have",
        next_step: "drop it from the pod template, or choose nodes with a newer kubelet and runtime",
        ..WRONG
    },
    // a `nodeName`, or labels that changed after the pod was scheduled
    Row {
        sign: "node-selector",
        phrases: &[
            &["nodeaffinity: "],
            &["predicate nodeaffinity failed"],
            &["predicate nodename failed"],
        ],
        cause: "the node does not have the labels that the pods' `nodeSelector` or node affinity asks for",
        attribution: Attribution::Unknown,
        next_step: "drop `nodeName` so that the scheduler chooses, or see who changed the node's labels",
        ..PLATFORM
    },
    Row {
        sign: "host-port-taken",
        phrases: &[&["nodeports: "], &["predicate nodeports failed"]],
        cause: "the pod asks for a `hostPort` that is taken on its node",
        attribution: Attribution::Unknown,
        next_step: "drop `hostPort` or `nodeName`",
        ..PLATFORM
    },
    Row {
        sign: "volume-limit",
        phrases: &[&["volumeattachmentlimitexceeded"]],
        cause: "the node has as many volumes attached as it may",
        next_step: "add nodes, or use fewer volumes",
        ..PLATFORM
    },
    // `pkg/kubelet/nodeshutdown`
    Row {
        sign: "node-shutdown",
        phrases: &[&["node shutdown"], &["nodeshutdown"], &["progress of shutting down"]],
        cause: "the node is shutting down",
        next_step: "wait until other nodes have taken the pods; add nodes if there is no room",
        ..PLATFORM
    },
    // `pkg/kubelet/eviction`
    Row {
        sign: "node-pressure",
        phrases: &[&["low on resource: "], &["the node had condition: "]],
        details: &[Detail::After("low on resource: "), Detail::Between("had condition: [", "]")],
        cause: "the node ran low on memory, disk or processes and evicted the pod",
        named: "the node ran low on {}",
        next_step: "see what uses up the node (`kubectl describe node`), and free or add capacity. Requests and limits that fit the pods' use keep them longer",
        ..PLATFORM
    },
    // `pkg/scheduler/framework/preemption`, `pkg/kubelet/preemption`
    Row {
        sign: "preempted",
        phrases: &[&["preempt"]],
        cause: "the pod had to make room for one of a higher priority",
        next_step: "add nodes, or give the pods a higher `priorityClassName`",
        ..PLATFORM
    },
    // `pkg/controller/podgc`, `pkg/controller/tainteviction`, `pkg/controller/nodelifecycle`
    Row {
        sign: "node-lost",
        phrases: &[
            &["deletionbytaintmanager"],
            &["deletionbypodgc"],
            &["node no longer exists"],
            &["nodelost"],
            &["taint manager: "],
            &["node which was running pod", "is unresponsive"],
        ],
        cause: "the pod's node is gone, does not answer or was tainted",
        next_step: "see what happened to the node (`kubectl describe node`), and bring it back or add another",
        ..PLATFORM
    },
    // `pkg/registry/core/pod/rest/eviction.go`: drains
    Row {
        sign: "drained",
        phrases: &[&["evictionbyevictionapi"], &["eviction api: "]],
        cause: "the pod was evicted through the API, as when a node is drained",
        next_step: "wait until the drain is over, then deploy again",
        ..PLATFORM
    },
];
