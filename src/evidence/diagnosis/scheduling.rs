//! Why the scheduler finds no node: its own summary, of which the part tells that nodes came to last.
//!
//! The filters run in a fixed order (Kubernetes 1.36 `pkg/scheduler/apis/config/v1/default_plugins.go`), and a node is
//! counted for the first that refuses it. What a late filter refused was right in all else, so late ones come first.

use super::{
    detail::Detail,
    row::{KUBERNETES, Row},
    volume::CLAIM_MISSING,
};
use crate::evidence::Attribution;

pub(super) const ROWS: &[Row] = &[
    // `pkg/scheduler/framework/plugins/schedulinggates`
    Row {
        sign: "scheduling-gated",
        phrases: &[
            &["schedulinggated"],
            &["scheduling is blocked due to non-empty scheduling gates"],
        ],
        cause: "a scheduling gate holds the pods back",
        attribution: Attribution::Configuration,
        next_step: "remove the gate from `schedulingGates`, or bring the controller back that should",
        ..KUBERNETES
    },
    // `plugins/volumebinding`
    CLAIM_MISSING,
    Row {
        sign: "claim-unbound",
        phrases: &[
            &["unbound immediate persistentvolumeclaims"],
            &["didn't find available persistent volumes to bind"],
        ],
        cause: "a PersistentVolumeClaim of the pods is not bound to a volume",
        attribution: Attribution::Unknown,
        next_step: "see `kubectl describe pvc`: correct its storage class, size or access mode, or bring the provisioner back",
        ..KUBERNETES
    },
    // `plugins/interpodaffinity`
    Row {
        sign: "pod-affinity",
        phrases: &[
            &["didn't match pod anti-affinity rules"],
            &["didn't match pod affinity rules"],
            &["didn't satisfy existing pods anti-affinity rules"],
        ],
        cause: "no node satisfies the pods' affinity or anti-affinity to other pods",
        attribution: Attribution::Configuration,
        next_step: "make it `preferred…` instead of `required…`, or add nodes; with one pod a node, `maxSurge: 0` makes room",
        ..KUBERNETES
    },
    // `plugins/podtopologyspread`
    Row {
        sign: "topology-spread",
        phrases: &[&["didn't match pod topology spread constraints"]],
        cause: "no node satisfies the pods' topology spread constraints",
        attribution: Attribution::Configuration,
        next_step: "relax `topologySpreadConstraints` (`ScheduleAnyway`, a larger `maxSkew`), or add nodes where they are missing",
        ..KUBERNETES
    },
    // `plugins/volumebinding`, `plugins/volumezone`: kubernetes/kubernetes#108096, aws/karpenter-provider-aws#2971
    Row {
        sign: "volume-zone",
        phrases: &[&["had volume node affinity conflict"], &["had no available volume zone"]],
        cause: "the volume is bound to a node or zone where the pods can't run",
        attribution: Attribution::Unknown,
        next_step: "add a node in the volume's zone, or make the claim anew with `volumeBindingMode: WaitForFirstConsumer`",
        ..KUBERNETES
    },
    // `plugins/nodevolumelimits`
    Row {
        sign: "volume-limit",
        phrases: &[&["exceed max volume count"]],
        cause: "the nodes have as many volumes attached as they may",
        attribution: Attribution::Platform,
        next_step: "add nodes, or use fewer volumes",
        ..KUBERNETES
    },
    // `plugins/noderesources`
    Row {
        sign: "insufficient-resource",
        phrases: &[&["insufficient "]],
        details: &[Detail::After("insufficient ")],
        cause: "no node has enough free resources for what the pods request",
        named: "no node has enough free {} for what the pods request",
        attribution: Attribution::Unknown,
        next_step: "lower `resources.requests`, free capacity, or add nodes",
        ..KUBERNETES
    },
    Row {
        sign: "too-many-pods",
        phrases: &[&["too many pods"]],
        cause: "the nodes run as many pods as they may",
        attribution: Attribution::Platform,
        next_step: "add nodes, or remove pods that are not needed",
        ..KUBERNETES
    },
    // `plugins/nodeports`
    Row {
        sign: "host-port-taken",
        phrases: &[&["didn't have free ports for the requested pod ports"]],
        cause: "the pods ask for a `hostPort` that is taken on every node",
        attribution: Attribution::Configuration,
        next_step: "drop `hostPort`, or set `maxSurge: 0` so that the old pod frees it first",
        ..KUBERNETES
    },
    // `plugins/nodeaffinity`
    Row {
        sign: "node-selector",
        phrases: &[
            &["didn't match pod's node affinity/selector"],
            &["didn't match node selector"],
            &["didn't match the requested node name"],
        ],
        cause: "no node has the labels that the pods' `nodeSelector` or node affinity asks for",
        attribution: Attribution::Configuration,
        next_step: "correct `nodeSelector` or `affinity.nodeAffinity`, or label nodes",
        ..KUBERNETES
    },
    // `plugins/tainttoleration`: NVIDIA/k8s-device-plugin#421; the first is of Kubernetes up to 1.23
    Row {
        sign: "node-taint",
        phrases: &[&["had taint {"], &["had untolerated taint"]],
        details: &[Detail::Between("taint {", "}"), Detail::Between("taint(s) {", "}")],
        cause: "the nodes have taints that the pods do not tolerate",
        named: "the nodes have a taint that the pods do not tolerate: {}",
        attribution: Attribution::Unknown,
        next_step: "add a toleration if the pods may run there; else see why the nodes are tainted, or add others",
        ..KUBERNETES
    },
    // `plugins/nodeunschedulable`
    Row {
        sign: "node-cordoned",
        phrases: &[&["node(s) were unschedulable"]],
        cause: "the nodes are cordoned",
        attribution: Attribution::Platform,
        next_step: "uncordon nodes (`kubectl uncordon`), or add others",
        ..KUBERNETES
    },
    // `pkg/scheduler/schedule_one.go`
    Row {
        sign: "no-nodes",
        phrases: &[&["no nodes available to schedule pods"], &["0/0 nodes are available"]],
        cause: "the cluster has no node",
        attribution: Attribution::Platform,
        next_step: "add nodes",
        ..KUBERNETES
    },
];
