//! Why a volume is not there, and why a pod has no network: texts of the kubelet, the attach controller, drivers and
//! network plugins.

use super::{
    detail::Detail,
    row::{KUBERNETES, Row},
};
use crate::{evidence::Attribution, evidence::diagnosis::Certainty};

const VOLUME: &[Detail] = &[Detail::Between("for volume \"", "\"")];

/// The scheduler and the kubelet say it in the same words.
pub(super) const CLAIM_MISSING: Row = Row {
    sign: "claim-missing",
    phrases: &[&["persistentvolumeclaim \"", "\" not found"]],
    details: &[Detail::Between("persistentvolumeclaim \"", "\"")],
    cause: "a PersistentVolumeClaim of the pods does not exist",
    named: "the PersistentVolumeClaim {} does not exist",
    attribution: Attribution::Configuration,
    next_step: "create the claim, or correct `claimName`",
    ..KUBERNETES
};

pub(super) const ROWS: &[Row] = &[
    // Kubernetes `pkg/volume/secret`, `pkg/volume/configmap`, `pkg/volume/projected`
    Row {
        sign: "volume-key-missing",
        phrases: &[
            &["references non-existent secret key"],
            &["references non-existent config key"],
        ],
        details: &[Detail::Between("key: ", "\n")],
        cause: "a volume asks for a key that the ConfigMap or Secret does not have",
        named: "a volume asks for a key that the ConfigMap or Secret does not have: {}",
        attribution: Attribution::Configuration,
        next_step: "add the key to the object, or correct the volume's `items`",
        ..KUBERNETES
    },
    Row {
        sign: "volume-secret-missing",
        phrases: &[&["secret \"", "\" not found"]],
        details: &[Detail::Between("secret \"", "\"")],
        cause: "a Secret that the pods mount does not exist",
        named: "the Secret {}, which the pods mount, does not exist in this namespace",
        attribution: Attribution::Configuration,
        next_step: "create the Secret, or correct the volume's `secretName`",
        ..KUBERNETES
    },
    Row {
        sign: "volume-config-map-missing",
        phrases: &[&["configmap \"", "\" not found"]],
        details: &[Detail::Between("configmap \"", "\"")],
        cause: "a ConfigMap that the pods mount does not exist",
        named: "the ConfigMap {}, which the pods mount, does not exist in this namespace",
        attribution: Attribution::Configuration,
        next_step: "create the ConfigMap, or correct the volume's `configMap.name`",
        ..KUBERNETES
    },
    // Kubernetes `pkg/kubelet/volumemanager/populator`
    Row { sign: "volume-claim-missing", ..CLAIM_MISSING },
    // Kubernetes `pkg/controller/volume/attachdetach/reconciler`: kubernetes/kubernetes#56288, #96142
    Row {
        sign: "volume-in-use",
        phrases: &[&["multi-attach error"]],
        details: &[Detail::Between("for volume \"", "\"")],
        cause: "the volume is still attached to another node, and may be on one only",
        named: "the volume {} is still attached to another node, and may be on one only",
        attribution: Attribution::Unknown,
        next_step: "let the old pod go first (`strategy: Recreate`), or use a ReadWriteMany volume; if its node is dead, delete that pod",
        ..KUBERNETES
    },
    // Kubernetes `pkg/volume/hostpath/host_path.go`
    Row {
        sign: "host-path",
        phrases: &[&["hostpath type check failed"]],
        details: &[Detail::Between("hostpath type check failed: ", "\n")],
        cause: "the path on the node is not what `hostPath.type` asks for",
        named: "the path on the node is not what `hostPath.type` asks for: {}",
        attribution: Attribution::Configuration,
        next_step: "correct `hostPath`, or make the path on the nodes",
        ..KUBERNETES
    },
    // Kubernetes `pkg/volume/csi/csi_plugin.go`
    Row {
        sign: "storage-driver-missing",
        phrases: &[&["not found in the list of registered csi drivers"]],
        details: &[Detail::Between("driver name ", " not found")],
        cause: "the node has no storage driver for the volume",
        named: "the node does not have the storage driver {}",
        attribution: Attribution::Platform,
        next_step: "bring the driver's DaemonSet up on the node",
        ..KUBERNETES
    },
    // nfs-utils `mount.nfs`
    Row {
        sign: "volume-access",
        phrases: &[&["access denied by server while mounting"]],
        details: &[Detail::After("while mounting ")],
        cause: "the storage server refuses the mount",
        named: "the storage server refuses to mount {}",
        attribution: Attribution::Platform,
        next_step: "export the path to the nodes, or correct the server and path of the volume",
        ..KUBERNETES
    },
    // Kubernetes `pkg/kubelet/util/manager/watch_based_manager.go`
    Row {
        sign: "kubelet-cache",
        phrases: &[&["failed to sync ", "cache"], &["not registered"]],
        cause: "the kubelet has not read the volume's objects yet",
        attribution: Attribution::Platform,
        next_step: "roll out again; if it stays so, see whether the node reaches the API server",
        ..KUBERNETES
    },
];

pub(super) const GENERAL: &[Row] = &[
    // Kubernetes `pkg/kubelet/volumemanager/volume_manager.go`
    Row {
        sign: "volume-timeout",
        phrases: &[
            &["timed out waiting for the condition"],
            &["context deadline exceeded"],
            &["deadlineexceeded"],
        ],
        details: &[Detail::Between("unmounted volumes=[", "]"), VOLUME[0]],
        cause: "a volume could not be attached or mounted in time",
        named: "a volume could not be attached or mounted in time: {}",
        attribution: Attribution::Unknown,
        next_step: "see the claim and the storage driver's log: `kubectl describe pvc`, `kubectl get volumeattachment`",
        certainty: Certainty::Probable,
        ..KUBERNETES
    },
];

pub(super) const SANDBOX: &[Row] = &[
    // host-local and the VPC plugin: canonical/microk8s#1147, aws/amazon-vpc-cni-k8s#281
    Row {
        sign: "no-addresses",
        phrases: &[
            &["no ip addresses available in range set"],
            &["failed to assign an ip address to container"],
            &["no available ip addresses"],
            &["no more free ips"],
            &["failed to allocate for range"],
        ],
        cause: "the node's network has no free addresses for pods",
        attribution: Attribution::Platform,
        next_step: "free addresses (ended pods, leaked leases), enlarge the node's range, or add nodes",
        ..KUBERNETES
    },
    // containerd `internal/cri`, Kubernetes `pkg/kubelet/kubelet.go`
    Row {
        sign: "network-plugin-not-ready",
        phrases: &[
            &["cni plugin not initialized"],
            &["cni config uninitialized"],
            &["network plugin is not ready"],
            &["networkpluginnotready"],
        ],
        cause: "the node's network plugin is not ready",
        attribution: Attribution::Platform,
        next_step: "bring the network plugin's DaemonSet up on the node",
        ..KUBERNETES
    },
    // containernetworking/cni `pkg/invoke`
    Row {
        sign: "network-plugin-missing",
        phrases: &[&["failed to find plugin "]],
        details: &[Detail::Between("failed to find plugin \"", "\"")],
        cause: "a network plugin is not installed on the node",
        named: "the network plugin {} is not installed on the node",
        attribution: Attribution::Platform,
        next_step: "install it on the node, or let the network's DaemonSet do so",
        ..KUBERNETES
    },
    // containerd `internal/cri/server/podsandbox`
    Row {
        sign: "runtime-handler-missing",
        phrases: &[&["no runtime for \"", "is configured"]],
        details: &[Detail::Between("no runtime for \"", "\"")],
        cause: "the node does not have the runtime that the RuntimeClass names",
        named: "the node does not have the runtime {} that the RuntimeClass names",
        attribution: Attribution::Configuration,
        next_step: "install the runtime on the nodes, or correct `runtimeClassName`",
        ..KUBERNETES
    },
    Row {
        sign: "sandbox-image",
        phrases: &[&["failed to get sandbox image"], &["failed to pull sandbox image"]],
        cause: "the node can't pull the sandbox (pause) image",
        attribution: Attribution::Platform,
        next_step: "make the node's pause image available, or correct the runtime's `sandbox_image`",
        ..KUBERNETES
    },
    // containernetworking/cni: `plugin type="…" failed (add): …`
    Row {
        sign: "network-plugin-failed",
        phrases: &[
            &["failed (add)"],
            &["failed to setup network for sandbox"],
            &["failed to set up sandbox container", "network"],
            &["networkplugin cni failed"],
        ],
        details: &[Detail::Rest("failed (add): ")],
        cause: "the node's network plugin could not set up the pod's network",
        named: "the node's network plugin could not set up the pod's network: {}",
        attribution: Attribution::Platform,
        next_step: "see the network plugin's pod on that node",
        ..KUBERNETES
    },
];
