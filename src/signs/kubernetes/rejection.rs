//! Why a pod was rejected, evicted or lost by its node: the kubelet's, the scheduler's and the controllers' own word.

use super::{
    SubjectKind,
    container::SYSCTL,
    row::{PLATFORM, Row, UNCLEAR, WRONG, rows},
};

pub(super) const ROWS: &[Row] = rows! {
    // Kubernetes 1.36 `pkg/kubelet/lifecycle/predicate.go`; a pod with a `nodeName` passes the scheduler by
    PLATFORM { sign: "node-lacks-resource", shown_by: "didn't have enough resource: |outof",
        names: "enough resource: <word>",
        cause: "the node rejected the pod: it does not have enough free [{}|resources] for what the pod requests",
        next_step: "compare `resources.requests` with the node's free capacity (`kubectl describe node`). If the pod template sets `nodeName`, remove it: it bypasses the scheduler" }
    // `pkg/kubelet/cm/devicemanager`, `pkg/kubelet/cm/dra`
    PLATFORM { sign: "node-devices", about: Some(SubjectKind::Node),
        shown_by: "allocate failed due to |update plugin resources failed|no healthy devices\
            |requested number of devices unavailable",
        names: "allocate failed due to <>, which",
        cause: "the node could not provide a device that the pod requests[: {}]",
        next_step: "check the device plugin's pod on that node and the health of its devices" }
    // `pkg/kubelet/cm/topologymanager`, `cpumanager`
    UNCLEAR { sign: "node-topology", shown_by: "topologyaffinityerror|topology locality|topology affinity",
        cause: "the node's topology manager found no place for the pod's CPUs, memory and devices together",
        next_step: "lower what the pod requests from one NUMA node, or relax the kubelet's `topologyManagerPolicy`" }
    WRONG { sign: "node-cpus", shown_by: "smtalignmenterror|smt alignment",
        cause: "the node assigns whole cores only, and the pod requests part of one",
        next_step: "request a multiple of the threads per core (usually 2 CPUs), or choose nodes without `full-pcpus-only`" }
    SYSCTL {}
    // `pkg/kubelet/kubelet.go`, `pkg/security/apparmor`
    WRONG { sign: "apparmor-disabled", shown_by: "cannot enforce apparmor|apparmor is not enabled|apparmor: ",
        cause: "the pod asks for an AppArmor profile that the node cannot enforce",
        next_step: "load the profile on the nodes. If they have no AppArmor, choose others or remove `appArmorProfile`" }
    WRONG { sign: "node-os",
        shown_by: "podosselectornodelabeldoesnotmatch|podosnotsupported|doesn't match node os\
            |label doesn't match node label",
        cause: "the pod is for another operating system than the node's",
        next_step: "set `nodeSelector: {kubernetes.io/os: …}` so that the pods reach the right nodes" }
    WRONG { sign: "node-feature",
        shown_by: "podfeatureunsupported|supplementalgroupspolicynotsupported|is not supported in this node\
            |podlevelresourcesnotadmitted|initcontainerrestartpolicyforbidden",
        cause: "the pod uses a feature that the node's kubelet or runtime does not have",
        next_step: "choose nodes with a newer kubelet and runtime, or remove the feature from the pod template" }
    // a `nodeName`, or labels that changed after the pod was scheduled
    UNCLEAR { sign: "node-selector",
        shown_by: "nodeaffinity: |predicate nodeaffinity failed|predicate nodename failed",
        cause: "the node does not have the labels that the pods' `nodeSelector` or node affinity requires",
        next_step: "remove `nodeName` so that the scheduler chooses. If none is set, find out who changed the node's labels" }
    UNCLEAR { sign: "host-port-taken", shown_by: "nodeports: |predicate nodeports failed",
        cause: "the pod asks for a `hostPort` that is taken on its node",
        next_step: "remove `hostPort` or `nodeName`",
        where_pods_surge: "remove `hostPort`. If the old pod holds the port, let it go first (`maxSurge: 0`)" }
    PLATFORM { sign: "volume-limit", shown_by: "volumeattachmentlimitexceeded",
        cause: "the node has reached its limit of attached volumes",
        next_step: "add nodes, or use fewer volumes" }
    // `pkg/kubelet/nodeshutdown`
    PLATFORM { sign: "node-shutdown", about: Some(SubjectKind::Node), shown_by: "node shutdown|nodeshutdown|progress of shutting down",
        cause: "the node is shutting down",
        next_step: "wait until other nodes have taken the pods. If they lack room, add nodes" }
    // `pkg/kubelet/eviction`
    PLATFORM { sign: "node-pressure", about: Some(SubjectKind::Node), shown_by: "low on resource: |the node had condition: ",
        names: "low on resource: <word>|had condition: [<>]",
        cause: "the node ran low on [{}|memory, disk or processes] and evicted the pod",
        next_step: "find out what uses up the node (`kubectl describe node`), and free or add capacity" }
    // `pkg/scheduler/framework/preemption`, `pkg/kubelet/preemption`
    PLATFORM { sign: "preempted", shown_by: "preempt",
        cause: "the pod had to make room for one of higher priority",
        next_step: "add nodes, or give the pods a higher `priorityClassName`" }
    // `pkg/controller/podgc`, `pkg/controller/tainteviction`, `pkg/controller/nodelifecycle`
    PLATFORM { sign: "node-lost", about: Some(SubjectKind::Node),
        shown_by: "deletionbytaintmanager|deletionbypodgc|node no longer exists|nodelost|taint manager: \
            |node which was running pod…is unresponsive",
        cause: "the pod's node is gone, unreachable or tainted",
        next_step: "check the node (`kubectl describe node`). If it is gone, add another" }
    // `pkg/registry/core/pod/rest/eviction.go`: drains
    PLATFORM { sign: "drained", shown_by: "evictionbyevictionapi|eviction api: ",
        cause: "the pod was evicted through the API, as in a node drain",
        next_step: "wait until the drain is over, then deploy again" }
};
