//! Why a pod was rejected, evicted or lost by its node: the kubelet's, the scheduler's and the controllers' own word.

use super::{
    container::SYSCTL,
    row::{PLATFORM, Row, UNCLEAR, WRONG, rows},
};

pub(super) const ROWS: &[Row] = rows! {
    // Kubernetes 1.36 `pkg/kubelet/lifecycle/predicate.go`; a pod with a `nodeName` passes the scheduler by
    PLATFORM { sign: "node-lacks-resource", shown_by: "didn't have enough resource: |outof",
        names: "enough resource: <word>",
        cause: "the node does not have enough free [{}|resources] for what the pod requests, and rejected it",
        next_step: "compare `resources.requests` with the node's size and what else runs there (`kubectl describe node`). If the pod template sets `nodeName`, drop it: it bypasses the scheduler" }
    // `pkg/kubelet/cm/devicemanager`, `pkg/kubelet/cm/dra`
    PLATFORM { sign: "node-devices",
        shown_by: "allocate failed due to |update plugin resources failed|no healthy devices\
            |requested number of devices unavailable",
        names: "allocate failed due to <>, which",
        cause: "the node could not give the pod a device that it requests[: {}]",
        next_step: "see the device plugin's pod on that node, and its devices' health" }
    // `pkg/kubelet/cm/topologymanager`, `cpumanager`
    UNCLEAR { sign: "node-topology", shown_by: "topologyaffinityerror|topology locality|topology affinity",
        cause: "the node's topology manager found no place for the pod's CPUs, memory and devices side by side",
        next_step: "lower what the pod requests of a NUMA node, or relax the kubelet's `topologyManagerPolicy`" }
    WRONG { sign: "node-cpus", shown_by: "smtalignmenterror|smt alignment",
        cause: "the node gives out whole cores only, and the pod requests a part of one",
        next_step: "request a multiple of the threads of a core (mostly 2 CPUs), or choose nodes without `full-pcpus-only`" }
    SYSCTL {}
    // `pkg/kubelet/kubelet.go`, `pkg/security/apparmor`
    WRONG { sign: "apparmor-disabled", shown_by: "cannot enforce apparmor|apparmor is not enabled|apparmor: ",
        cause: "an AppArmor profile is asked for that the node cannot enforce",
        next_step: "load the profile on the nodes or drop `appArmorProfile`, or choose nodes with AppArmor" }
    WRONG { sign: "node-os",
        shown_by: "podosselectornodelabeldoesnotmatch|podosnotsupported|doesn't match node os\
            |label doesn't match node label",
        cause: "the pod is for another operating system than the node's",
        next_step: "set `nodeSelector: {kubernetes.io/os: …}` so that the pods get to the right nodes" }
    WRONG { sign: "node-feature",
        shown_by: "podfeatureunsupported|supplementalgroupspolicynotsupported|is not supported in this node\
            |podlevelresourcesnotadmitted|initcontainerrestartpolicyforbidden",
        cause: "the pod uses a feature that the node's kubelet or runtime does not have",
        next_step: "drop it from the pod template, or choose nodes with a newer kubelet and runtime" }
    // a `nodeName`, or labels that changed after the pod was scheduled
    UNCLEAR { sign: "node-selector",
        shown_by: "nodeaffinity: |predicate nodeaffinity failed|predicate nodename failed",
        cause: "the node does not have the labels that the pods' `nodeSelector` or node affinity asks for",
        next_step: "drop `nodeName` so that the scheduler chooses, or see who changed the node's labels" }
    UNCLEAR { sign: "host-port-taken", shown_by: "nodeports: |predicate nodeports failed",
        cause: "the pod asks for a `hostPort` that is taken on its node",
        next_step: "drop `hostPort` or `nodeName`" }
    PLATFORM { sign: "volume-limit", shown_by: "volumeattachmentlimitexceeded",
        cause: "the node has as many volumes attached as it may",
        next_step: "add nodes, or use fewer volumes" }
    // `pkg/kubelet/nodeshutdown`
    PLATFORM { sign: "node-shutdown", shown_by: "node shutdown|nodeshutdown|progress of shutting down",
        cause: "the node is shutting down",
        next_step: "wait until other nodes have taken the pods; add nodes if there is no room" }
    // `pkg/kubelet/eviction`
    PLATFORM { sign: "node-pressure", shown_by: "low on resource: |the node had condition: ",
        names: "low on resource: <word>|had condition: [<>]",
        cause: "the node ran low on [{}|memory, disk or processes and evicted the pod]",
        next_step: "see what uses up the node (`kubectl describe node`), and free or add capacity. Requests and limits that fit the pods' use keep them longer" }
    // `pkg/scheduler/framework/preemption`, `pkg/kubelet/preemption`
    PLATFORM { sign: "preempted", shown_by: "preempt",
        cause: "the pod had to make room for one of a higher priority",
        next_step: "add nodes, or give the pods a higher `priorityClassName`" }
    // `pkg/controller/podgc`, `pkg/controller/tainteviction`, `pkg/controller/nodelifecycle`
    PLATFORM { sign: "node-lost",
        shown_by: "deletionbytaintmanager|deletionbypodgc|node no longer exists|nodelost|taint manager: \
            |node which was running pod…is unresponsive",
        cause: "the pod's node is gone, does not answer or was tainted",
        next_step: "see what happened to the node (`kubectl describe node`), and bring it back or add another" }
    // `pkg/registry/core/pod/rest/eviction.go`: drains
    PLATFORM { sign: "drained", shown_by: "evictionbyevictionapi|eviction api: ",
        cause: "the pod was evicted through the API, as when a node is drained",
        next_step: "wait until the drain is over, then deploy again" }
};
