//! Why the scheduler finds no node: its own summary, of which the part tells that nodes came to last.
//!
//! The filters run in a fixed order (Kubernetes 1.36 `pkg/scheduler/apis/config/v1/default_plugins.go`), and a node is
//! counted for the first that refuses it. What a late filter refused was right in all else, so late ones come first.

use super::{
    Healing, SubjectKind,
    row::{PLATFORM, Row, UNCLEAR, WRONG, rows},
    volume::CLAIM_MISSING,
};

pub(super) const ROWS: &[Row] = rows! {
    // `pkg/scheduler/framework/plugins/schedulinggates`
    WRONG { sign: "scheduling-gated",
        shown_by: "schedulinggated|scheduling is blocked due to non-empty scheduling gates",
        cause: "a scheduling gate holds the pods back",
        next_step: "remove the gate from `schedulingGates`. If a controller should do so, check that controller" }
    // `plugins/volumebinding`: the provisioner had `bindTimeoutSeconds`, 10 minutes by default
    UNCLEAR { sign: "volume-provisioning", shown_by: "binding volumes: ",
        names: "binding volumes: <rest>",
        cause: "the pods' volumes could not be provisioned[: {}]",
        next_step: "check the claims' events (`kubectl describe pvc`) and the storage provisioner's log" }
    // `plugins/volumebinding`
    CLAIM_MISSING {}
    WRONG { sign: "storage-class-missing", about: Some(SubjectKind::StorageClass),
        shown_by: "storageclass.storage.k8s.io * not found|storageclass * not found",
        names: "storage.k8s.io \"<>\"|storageclass \"<>\"",
        cause: "the StorageClass [{}|of a PersistentVolumeClaim] does not exist",
        next_step: "create the StorageClass. If it has another name, correct the claim's `storageClassName`" }
    UNCLEAR { sign: "claim-lost",
        shown_by: "bound to non-existent persistentvolume|bound to non-existent pv|persistentvolume * not found",
        cause: "a PersistentVolumeClaim of the pods is bound to a volume that no longer exists",
        next_step: "restore the volume. If it is gone for good, create the claim again" }
    WRONG { sign: "claim-being-deleted", shown_by: "persistentvolumeclaim * is being deleted",
        names: "persistentvolumeclaim \"<>\"",
        cause: "[the PersistentVolumeClaim {}|a PersistentVolumeClaim of the pods] is being deleted",
        next_step: "create the claim again once the pods that use it have ended" }
    UNCLEAR { sign: "claim-unbound",
        shown_by: "unbound immediate persistentvolumeclaims|didn't find available persistent volumes to bind\
            |did not have enough free storage|waiting for ephemeral volume controller",
        cause: "a PersistentVolumeClaim of the pods is not bound to a volume",
        next_step: "check the claim (`kubectl describe pvc`): its storage class, size and access mode. If they are right, check the provisioner" }
    // `plugins/dynamicresources`
    UNCLEAR { sign: "device-claim",
        shown_by: "cannot allocate all claims|resourceclaim|resource claim|dynamic resource controller\
            |device class * does not exist|device class … does not exist|could not retrieve device class",
        cause: "a ResourceClaim of the pods could not be created or allocated",
        next_step: "check the claim (`kubectl describe resourceclaim`): its device class and requests. If they are right, check the device driver" }
    // scheduler-plugins `coscheduling`, Volcano, Kueue: all pods of a group, or none
    UNCLEAR { sign: "pod-group",
        shown_by: "pod group is not ready|cannot find enough sibling pods|podgroup|gang|optimistic rejection",
        cause: "the pods are scheduled as a group, and there is no room for the whole group",
        next_step: "make room for the whole group, or lower its `minMember`. If there is room, check the group's controller and queue" }
    // scheduler-plugins `capacityscheduling`, Volcano, YuniKorn
    WRONG { sign: "scheduler-queue", shown_by: "elasticquota|queue…insufficient|queue…overused|queue quota",
        cause: "the scheduler's quota or queue for the pods is used up",
        next_step: "raise that quota, free some of it, or use another queue" }
    // `plugins/interpodaffinity`
    WRONG { sign: "pod-affinity",
        shown_by: "didn't match pod anti-affinity rules|didn't match pod affinity rules\
            |didn't match pod affinity/anti-affinity|didn't satisfy existing pods anti-affinity rules",
        cause: "no node satisfies the pods' affinity or anti-affinity to other pods",
        next_step: "use `preferred…` instead of `required…`, or add nodes",
        where_pods_surge: "use `preferred…` instead of `required…`, or add nodes. If each node is to have one pod, let the old one go first (`maxSurge: 0`)" }
    // `plugins/podtopologyspread`
    WRONG { sign: "topology-spread", shown_by: "didn't match pod topology spread constraints",
        cause: "no node satisfies the pods' topology spread constraints",
        next_step: "relax `topologySpreadConstraints` (`ScheduleAnyway`, a larger `maxSkew`), or add nodes where they are missing" }
    // `plugins/volumebinding`, `plugins/volumezone`: kubernetes/kubernetes#108096, aws/karpenter-provider-aws#2971
    UNCLEAR { sign: "volume-zone", shown_by: "had volume node affinity conflict|had no available volume zone",
        cause: "the volume is bound to a node or zone where the pods cannot run",
        next_step: "add a node in the volume's zone. If the data may be lost, create the claim again with `volumeBindingMode: WaitForFirstConsumer`" }
    // `plugins/volumerestrictions`
    WRONG { sign: "volume-used-by-pod", shown_by: "readwriteoncepod access mode|had no available disk",
        cause: "the volume can be used by only one pod, and another pod has it",
        next_step: "use an access mode for several pods",
        where_pods_surge: "use an access mode for several pods. If the old pod holds the volume, let it go first (`strategy: Recreate`)" }
    // `plugins/nodevolumelimits`
    PLATFORM { sign: "volume-limit", shown_by: "exceed max volume count",
        cause: "the nodes have reached their limit of attached volumes",
        next_step: "add nodes, or use fewer volumes" }
    // `plugins/noderesources`
    UNCLEAR { sign: "insufficient-resource", shown_by: "insufficient ",
        names: "insufficient <word>",
        cause: "no node has enough free [{}|resources] for what the pods request",
        next_step: "lower `resources.requests`, free capacity, or add nodes" }
    PLATFORM { sign: "too-many-pods", shown_by: "too many pods",
        cause: "the nodes have reached their limit of pods",
        next_step: "add nodes, or remove pods that are not needed" }
    // `plugins/nodeports`
    WRONG { sign: "host-port-taken", shown_by: "didn't have free ports for the requested pod ports",
        cause: "the pods ask for a `hostPort` that is taken on every node",
        next_step: "remove `hostPort`, or add nodes",
        where_pods_surge: "remove `hostPort`. If the old pod holds the port, let it go first (`maxSurge: 0`)" }
    // `plugins/nodeaffinity`
    WRONG { sign: "node-selector",
        shown_by: "didn't match pod's node affinity|didn't match node selector\
            |didn't match scheduler-enforced node affinity|didn't match the requested node name\
            |node affinity terms conflict|affinity terms conflict",
        cause: "no node has the labels that the pods' `nodeSelector` or node affinity requires",
        next_step: "correct `nodeSelector` or `affinity.nodeAffinity`, or label the nodes" }
    // Kubernetes' own taints of nodes that are sick, and of those that come or go (`staging/src/k8s.io/api/core/v1`
    // `well_known_taints.go`, `k8s.io/cloud-provider/api`); cluster-autoscaler, Karpenter, Cilium and CSI drivers
    PLATFORM { sign: "node-sick",
        shown_by: "taint {node.kubernetes.io/unreachable|taint {node.kubernetes.io/not-ready\
            |taint {node.kubernetes.io/disk-pressure|taint {node.kubernetes.io/memory-pressure\
            |taint {node.kubernetes.io/pid-pressure|taint {node.kubernetes.io/network-unavailable\
            |taint {node.kubernetes.io/out-of-service|taint {node.cloudprovider.kubernetes.io/uninitialized\
            |taint {node.cloudprovider.kubernetes.io/shutdown|taint {…agent-not-ready|node(s) were not ready\
            |taint {karpenter.sh/disrupt|taint {karpenter.sh/unregistered|taint {tobedeletedbyclusterautoscaler",
        names: "taint {<>}",
        cause: "the nodes that could run the pods are unhealthy, or not ready yet[: {}]",
        next_step: "check the nodes (`kubectl describe node`) and restore them, or add nodes" }
    // `plugins/nodeunschedulable`, and the taint of the same
    PLATFORM { sign: "node-cordoned", shown_by: "node(s) were unschedulable|taint {node.kubernetes.io/unschedulable",
        cause: "the nodes are cordoned",
        next_step: "uncordon nodes (`kubectl uncordon`), or add others" }
    // `plugins/tainttoleration`: NVIDIA/k8s-device-plugin#421; the first is of Kubernetes up to 1.23
    WRONG { sign: "node-taint", heals: Healing::Likely, shown_by: "had taint {|had untolerated taint {",
        names: "taint {<>}",
        cause: "the nodes have a taint that the pods do not tolerate[: {}]",
        next_step: "find out why the nodes are tainted, or add others. If the pods may run there, add a toleration" }
    // from Kubernetes 1.34 on the taint is not named
    UNCLEAR { sign: "node-taint", shown_by: "had untolerated taint|had taints that the pod didn't tolerate",
        cause: "the nodes have taints that the pods do not tolerate",
        next_step: "check the nodes' taints (`kubectl describe node`). If the pods may run there, add a toleration" }
    // `pkg/scheduler/schedule_one.go`
    PLATFORM { sign: "no-nodes", shown_by: "no nodes available to schedule pods|0/0 nodes are available",
        cause: "the cluster has no nodes",
        next_step: "add nodes" }
    // the scheduler could not do what it decided; it tries again
    PLATFORM { sign: "scheduler-failed", shown_by: "schedulererror|binding rejected|running … plugin *: ",
        names: "schedulererror: <rest>",
        cause: "the scheduler failed to place the pods[: {}]",
        next_step: "deploy again. If it happens again, check the scheduler's log" }
};

/// Whether the scheduler found nodes that fit if other pods were gone (Kubernetes 1.37
/// `pkg/scheduler/framework/preemption`: preemption is helpful there; it has no victims, since none has a lower priority).
pub fn is_about_room(message: &str) -> bool {
    const ROOM: [&str; 6] = [
        "Insufficient ",
        "Too many pods",
        "free ports",
        "anti-affinity rules",
        "ReadWriteOncePod",
        "exceed max volume count",
    ];
    let never_fits = message.contains("Preemption is not helpful")
        && !message.contains("No preemption victims found");
    !never_fits && ROOM.iter().any(|text| message.contains(text))
}
