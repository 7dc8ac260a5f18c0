//! Why a pod has no sandbox and no network: texts of containerd, CRI-O, network plugins and what is below them.

use super::{
    container::SYSCTL,
    detail::Detail,
    node,
    row::{KUBERNETES, PLATFORM, Row, WRONG},
    start::MEMORY_LIMIT,
};
use crate::evidence::Attribution;

pub(super) const ROWS: &[Row] = &[
    MEMORY_LIMIT,
    SYSCTL,
    // Multus: the network that an annotation of the pod names
    Row {
        sign: "network-missing",
        phrases: &[
            &["cannot find a network-attachment-definition"],
            &["network-attachment-definitions.k8s.cni.cncf.io * not found"],
            &["failed getting the delegate"],
            &["parsepodnetworkannotation"],
        ],
        details: &[Detail::Between("network-attachment-definition (", ")")],
        cause: "a network that the pods' annotation asks for does not exist",
        named: "the network {}, which the pods' annotation asks for, does not exist",
        next_step: "create the NetworkAttachmentDefinition in that namespace, or correct the annotation `k8s.v1.cni.cncf.io/networks`",
        ..WRONG
    },
    // host-local and the plugins of clouds: canonical/microk8s#1147, aws/amazon-vpc-cni-k8s#281, Azure CNS, Cilium
    Row {
        sign: "no-addresses",
        phrases: &[
            &["no ip addresses available in range set"],
            &["failed to assign an ip address to container"],
            &["no available ip addresses"],
            &["no more free ips"],
            &["no more ips"],
            &["no ips available"],
            &["no free ip"],
            &["not enough ips available"],
            &["insufficientfreeaddressesinsubnet"],
            &["range is full"],
            &["no addresses available"],
            &["no available addresses"],
            &["address pool", "exhausted"],
            &["out of ip addresses"],
            &["ip pool exhausted"],
            &["failed to allocate for range"],
            &["failed to request ", "ipv4 addresses"],
            &["no configured calico pools"],
        ],
        cause: "the node's network has no free addresses for pods",
        next_step: "free addresses (ended pods, leaked leases), enlarge the node's range or subnet, or add nodes",
        ..PLATFORM
    },
    // portmap, Cilium, dockershim
    Row {
        sign: "host-port-taken",
        phrases: &[
            &["cannot open hostport"],
            &["hostport", "in use"],
            &["hostport", "already"],
            &["address already in use"],
            &["port is already allocated"],
        ],
        cause: "the pods ask for a `hostPort` that is taken on the node",
        attribution: Attribution::Unknown,
        next_step: "drop `hostPort`, or see what else listens on that port of the node",
        ..WRONG
    },
    // containerd `internal/cri`, Kubernetes `pkg/kubelet/kubelet.go`; the agents of Calico, Cilium, flannel, AWS, Multus
    Row {
        sign: "network-plugin-not-ready",
        phrases: &[
            &["cni plugin not initialized"],
            &["cni config uninitialized"],
            &["network plugin is not ready"],
            &["networkpluginnotready"],
            &["no networks found in"],
            &["no valid networks found in"],
            &["check that the * container is running"],
            &["loadflannelsubnetenv failed"],
            &["unable to connect to cilium"],
            &["cilium api client timeout"],
            &["cilium agent"],
            &["is the agent running"],
            &["failed (add): ", "dial unix *: connect: "],
            &["failed (add): ", "connection refused"],
            &["failed (add): ", "error while dialing"],
            &["network is not ready"],
        ],
        cause: "the node's network plugin is not ready",
        next_step: "bring the network plugin's DaemonSet up on the node",
        ..PLATFORM
    },
    // the plugin's own account at the API server: calico/node renews it
    Row {
        sign: "network-plugin-rights",
        phrases: &[
            &["failed (add): ", "unauthorized"],
            &["networkplugin cni failed", "unauthorized"],
            &["connection is unauthorized"],
            &["failed (add): ", "x509: "],
            &["failed (add): ", "is forbidden: "],
        ],
        cause: "the API server does not accept the node's network plugin: its credentials ended or lack a right",
        next_step: "restart the network plugin's pod on that node so that it writes new credentials, and check its ServiceAccount and ClusterRole",
        ..PLATFORM
    },
    // containernetworking/cni `pkg/invoke`
    Row {
        sign: "network-plugin-missing",
        phrases: &[&["failed to find plugin "]],
        details: &[Detail::Between("failed to find plugin \"", "\"")],
        cause: "a network plugin is not installed on the node",
        named: "the network plugin {} is not installed on the node",
        next_step: "install it on the node, or let the network's DaemonSet do so",
        ..PLATFORM
    },
    // containerd `internal/cri/server/podsandbox`, CRI-O `server/sandbox_run_linux.go`
    Row {
        sign: "runtime-handler-missing",
        phrases: &[
            &["no runtime for * is configured"],
            &["failed to find runtime handler"],
            &["runtime handler * not"],
            &["runtimehandler * not supported"],
        ],
        details: &[
            Detail::Between("no runtime for \"", "\""),
            Detail::Between("runtime handler \"", "\""),
            Detail::After("failed to find runtime handler "),
            Detail::Between("runtimehandler \"", "\""),
        ],
        cause: "the node does not have the runtime that the RuntimeClass names",
        named: "the node does not have the runtime {} that the RuntimeClass names",
        next_step: "install the runtime on the nodes, or correct `runtimeClassName`",
        ..WRONG
    },
    Row {
        sign: "user-namespaces",
        phrases: &[
            &["user namespace", "not support"],
            &["not support", "user namespace"],
            &["userns", "not support"],
            &["idmap"],
            &["id-map"],
            &["subuid"],
        ],
        cause: "the pods ask for a user namespace (`hostUsers: false`), and the node does not support it",
        attribution: Attribution::Unknown,
        next_step: "drop `hostUsers: false`, or choose nodes whose kernel and runtime support user namespaces",
        ..WRONG
    },
    Row {
        sign: "sandbox-image",
        phrases: &[
            &["failed to get sandbox image"],
            &["failed to pull sandbox image"],
            &["exec: *: exec format error"],
            &["exec: *: permission denied"],
            &["exec: *: no such file"],
        ],
        cause: "the node can't pull or run the sandbox (pause) image",
        next_step: "make the node's pause image available, or correct the runtime's `sandbox_image`",
        ..PLATFORM
    },
    // Kubernetes `pkg/kubelet/cm/dra`
    Row {
        sign: "device-driver",
        phrases: &[&["prepare dynamic resources"], &["nodeprepareresources"], &["dra driver"]],
        details: &[Detail::Rest("prepare dynamic resources: ")],
        cause: "the devices' driver on the node could not prepare what the pods claim",
        named: "the devices' driver on the node could not prepare what the pods claim: {}",
        next_step: "check the driver's DaemonSet on that node, and its log",
        ..PLATFORM
    },
    node::RUNTIME_MISSING,
    node::GPU,
];

/// What a plugin says at large, then faults of the node.
pub(super) const GENERAL: &[Row] = &[
    // containernetworking/cni: `plugin type="…" failed (add): …`
    Row {
        sign: "network-plugin-failed",
        phrases: &[
            &["failed (add)"],
            &["failed to setup network for sandbox"],
            &["failed to set up sandbox container", "network"],
            &["networkplugin cni failed"],
            &["failed to create pod network sandbox"],
            &["error adding pod ", "to cni network"],
            &["hcncreateendpoint"],
            &["hns failed"],
        ],
        details: &[Detail::Rest("failed (add): ")],
        cause: "the node's network plugin could not set up the pod's network",
        named: "the node's network plugin could not set up the pod's network: {}",
        next_step: "see the network plugin's pod on that node",
        ..PLATFORM
    },
    node::WATCHES,
    node::OPEN_FILES,
    node::NO_PROCESSES,
    node::CGROUP,
    node::DISK_FULL,
    node::CONTENT,
    node::DISK_BROKEN,
    node::RUNTIME_DOWN,
    Row {
        cause: "the node's container runtime is too slow to make the pod's sandbox",
        ..node::RUNTIME_SLOW
    },
    node::HOOK,
    node::SHIM,
    node::NO_MEMORY,
    // runc's own faults at the start of the pause container
    Row {
        sign: "sandbox-start",
        phrases: &[
            &["oci runtime create failed"],
            &["container create failed"],
            &["runc create failed"],
        ],
        details: &[
            Detail::Rest("unable to start container process: "),
            Detail::Rest("create failed: "),
        ],
        cause: "the node's container runtime could not start the pod's sandbox",
        named: "the node's container runtime could not start the pod's sandbox: {}",
        attribution: Attribution::Platform,
        next_step: "see the container runtime's log on that node, and move the pods to another node",
        ..KUBERNETES
    },
];
