//! Why a pod has no sandbox and no network: texts of containerd, CRI-O, network plugins and what is below them.

use super::{
    SubjectKind,
    container::SYSCTL,
    node::{
        CGROUP, CONTENT, DISK_BROKEN, DISK_FULL, GPU, HOOK, NO_MEMORY, NO_PROCESSES, OPEN_FILES,
        RUNTIME_DOWN, RUNTIME_MISSING, RUNTIME_SLOW, SHIM, WATCHES,
    },
    row::{PLATFORM, Row, WRONG, rows},
    start::MEMORY_LIMIT,
};
use crate::evidence::Attribution::Unknown;

pub(super) const ROWS: &[Row] = rows! {
    MEMORY_LIMIT {}
    SYSCTL {}
    // Multus: the network that an annotation of the pod names
    WRONG { sign: "network-missing",
        shown_by: "cannot find a network-attachment-definition\
            |network-attachment-definitions.k8s.cni.cncf.io * not found|failed getting the delegate\
            |parsepodnetworkannotation",
        names: "network-attachment-definition (<>)",
        cause: "the network [{} ]that the pods' annotation asks for does not exist",
        next_step: "create the NetworkAttachmentDefinition in that namespace. If it has another name, correct the annotation `k8s.v1.cni.cncf.io/networks`" }
    // host-local and the plugins of clouds: canonical/microk8s#1147, aws/amazon-vpc-cni-k8s#281, Azure CNS, Cilium
    PLATFORM { sign: "no-addresses", about: Some(SubjectKind::Node),
        shown_by: "no ip addresses available in range set|failed to assign an ip address to container\
            |no available ip addresses|no more free ips|no more ips|no ips available|no free ip\
            |not enough ips available|insufficientfreeaddressesinsubnet|range is full|no addresses available\
            |no available addresses|address pool…exhausted|out of ip addresses|ip pool exhausted\
            |failed to allocate for range|failed to request …ipv4 addresses|no configured calico pools",
        cause: "the node's network has no free addresses for pods",
        next_step: "enlarge the node's address range or subnet, or add nodes. If addresses leaked, free them" }
    // portmap, Cilium, dockershim
    WRONG { sign: "host-port-taken", attribution: Unknown,
        shown_by: "cannot open hostport|hostport…in use|hostport…already|address already in use\
            |port is already allocated",
        cause: "the pods ask for a `hostPort` that is taken on the node",
        next_step: "remove `hostPort`, or stop what else listens on that port of the node",
        where_pods_surge: "remove `hostPort`. If the old pod holds the port, let it go first (`maxSurge: 0`)" }
    // containerd `internal/cri`, Kubernetes `pkg/kubelet/kubelet.go`; the agents of Calico, Cilium, flannel, AWS, Multus
    PLATFORM { sign: "network-plugin-not-ready", about: Some(SubjectKind::Node),
        shown_by: "cni plugin not initialized|cni config uninitialized|network plugin is not ready\
            |networkpluginnotready|no networks found in|no valid networks found in\
            |check that the * container is running|loadflannelsubnetenv failed|unable to connect to cilium\
            |cilium api client timeout|cilium agent|is the agent running|failed (add): …dial unix *: connect: \
            |failed (add): …connection refused|failed (add): …error while dialing|network is not ready",
        cause: "the node's network plugin is not ready",
        next_step: "check the network plugin's pod on the node and its log" }
    // the plugin's own account at the API server: calico/node renews it
    PLATFORM { sign: "network-plugin-rights", about: Some(SubjectKind::Node),
        shown_by: "failed (add): …unauthorized|networkplugin cni failed…unauthorized|connection is unauthorized\
            |failed (add): …x509: |failed (add): …is forbidden: ",
        cause: "the API server rejects the node's network plugin: its credentials expired or lack a permission",
        next_step: "restart the network plugin's pod on that node so that it renews its credentials. If that does not help, check its ServiceAccount and ClusterRole" }
    // containernetworking/cni `pkg/invoke`
    PLATFORM { sign: "network-plugin-missing", about: Some(SubjectKind::Node), shown_by: "failed to find plugin ",
        names: "failed to find plugin \"<>\"",
        cause: "[the network plugin {}|a network plugin] is not installed on the node",
        next_step: "install it on the node. If the network's DaemonSet should do so, check its pod there" }
    // containerd `internal/cri/server/podsandbox`, CRI-O `server/sandbox_run_linux.go`
    WRONG { sign: "runtime-handler-missing",
        shown_by: "no runtime for * is configured|failed to find runtime handler|runtime handler * not\
            |runtimehandler * not supported",
        names: "no runtime for \"<>\"|runtime handler \"<>\"|failed to find runtime handler <word>\
            |runtimehandler \"<>\"",
        cause: "the node does not have the runtime [{} ]that the RuntimeClass names",
        next_step: "install the runtime on the nodes. If the pods should use another one, correct `runtimeClassName`" }
    WRONG { sign: "user-namespaces", attribution: Unknown,
        shown_by: "user namespace…not support|not support…user namespace|userns…not support|idmap|id-map|subuid",
        cause: "the pods ask for a user namespace (`hostUsers: false`), which the node does not support",
        next_step: "choose nodes whose kernel and runtime support user namespaces, or remove `hostUsers: false`" }
    PLATFORM { sign: "sandbox-image", about: Some(SubjectKind::Node),
        shown_by: "failed to get sandbox image|failed to pull sandbox image|exec: *: exec format error\
            |exec: *: permission denied|exec: *: no such file",
        cause: "the node cannot pull or run the sandbox (pause) image",
        next_step: "make the pause image available to the node. If its name is wrong, correct the runtime's `sandbox_image`" }
    // Kubernetes `pkg/kubelet/cm/dra`
    PLATFORM { sign: "device-driver", about: Some(SubjectKind::Node), shown_by: "prepare dynamic resources|nodeprepareresources|dra driver",
        names: "prepare dynamic resources: <rest>",
        cause: "the device driver on the node could not prepare what the pods claim[: {}]",
        next_step: "check the driver's pod on that node and its log" }
    RUNTIME_MISSING {}
    GPU {}
};

/// What a plugin says at large, then faults of the node.
pub(super) const GENERAL: &[Row] = rows! {
    // containernetworking/cni: `plugin type="…" failed (add): …`
    PLATFORM { sign: "network-plugin-failed",
        shown_by: "failed (add)|failed to setup network for sandbox|failed to set up sandbox container…network\
            |networkplugin cni failed|failed to create pod network sandbox|error adding pod …to cni network\
            |hcncreateendpoint|hns failed",
        names: "failed (add): <rest>",
        cause: "the node's network plugin could not set up the pod's network[: {}]",
        next_step: "check the network plugin's pod on that node and its log" }
    WATCHES {}
    OPEN_FILES {}
    NO_PROCESSES {}
    CGROUP {}
    DISK_FULL {}
    CONTENT {}
    DISK_BROKEN {}
    RUNTIME_DOWN {}
    RUNTIME_SLOW {  cause: "the node's container runtime is too slow to make the pod's sandbox" }
    HOOK {}
    SHIM {}
    NO_MEMORY {}
    // runc's own faults at the start of the pause container
    PLATFORM { sign: "sandbox-start",
        shown_by: "oci runtime create failed|container create failed|runc create failed",
        names: "unable to start container process: <rest>|create failed: <rest>",
        cause: "the node's container runtime could not start the pod's sandbox[: {}]",
        next_step: "check the container runtime's log on that node. If other pods fail there too, drain the node" }
};
