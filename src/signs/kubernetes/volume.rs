//! Why a volume is not there: texts of the kubelet, the attach controller, storage drivers and mount programs.

use super::{
    Certainty,
    container::NODE_AUTHORIZER,
    detail::Detail,
    node,
    row::{KUBERNETES, PLATFORM, Row, WRONG},
};
use crate::evidence::Attribution;

const VOLUME: &[Detail] = &[Detail::Between("for volume \"", "\"")];

/// The scheduler and the kubelet say it in the same words.
pub(super) const CLAIM_MISSING: Row = Row {
    sign: "claim-missing",
    phrases: &[
        &["persistentvolumeclaim * not found"],
        &["persistentvolumeclaims * not found"],
        &["error getting pvc *: could not find "],
    ],
    details: &[
        Detail::Between("persistentvolumeclaim \"", "\""),
        Detail::Between("persistentvolumeclaims \"", "\""),
        Detail::Between("error getting pvc \"", "\""),
    ],
    cause: "a PersistentVolumeClaim of the pods does not exist",
    named: "the PersistentVolumeClaim {} does not exist",
    next_step: "create the claim, or correct `claimName`",
    ..WRONG
};

/// Storage may be the manifest's or the platform's.
const UNCLEAR: Row = Row { attribution: Attribution::Unknown, ..KUBERNETES };

pub(super) const ROWS: &[Row] = &[
    NODE_AUTHORIZER,
    // Kubernetes `pkg/kubelet/util/manager/watch_based_manager.go`
    Row {
        sign: "kubelet-cache",
        phrases: &[&["failed to sync ", "cache"], &["not registered"], &["propagate object cache"]],
        cause: "the kubelet has not read the volume's objects yet",
        next_step: "deploy again; if it stays so, see whether the node reaches the API server",
        ..PLATFORM
    },
    // Kubernetes `pkg/controller/certificates/rootcacertpublisher`
    Row {
        sign: "root-certificate-missing",
        phrases: &[&["configmap \"kube-root-ca.crt\" not found"]],
        cause: "the cluster has not put its certificate (`kube-root-ca.crt`) into the namespace yet",
        next_step: "wait; if it stays so, check kube-controller-manager",
        ..PLATFORM
    },
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
        next_step: "add the key to the object, or correct the volume's `items`",
        ..WRONG
    },
    // secrets-store-csi-driver `pkg/secrets-store`
    Row {
        sign: "secret-provider-class",
        phrases: &[&["secretproviderclass", "not found"]],
        details: &[
            Detail::Between("x-k8s.io \"", "\""),
            Detail::Between("failed to get secretproviderclass ", ","),
        ],
        cause: "the SecretProviderClass of a volume does not exist",
        named: "the SecretProviderClass {} does not exist",
        next_step: "create the SecretProviderClass in this namespace, or correct the volume's `secretProviderClass`",
        ..WRONG
    },
    Row {
        sign: "volume-secret-missing",
        phrases: &[&["secret * not found"], &["secrets * not found"], &["couldn't get secret *"]],
        details: &[
            Detail::Between("secret \"", "\""),
            Detail::Between("secrets \"", "\""),
            Detail::After("couldn't get secret "),
        ],
        cause: "a Secret that the pods mount does not exist",
        named: "the Secret {}, which the pods mount, does not exist in this namespace",
        next_step: "create the Secret, or correct the volume's `secretName`",
        ..WRONG
    },
    Row {
        sign: "volume-config-map-missing",
        phrases: &[&["configmap * not found"], &["configmaps * not found"]],
        details: &[Detail::Between("configmap \"", "\""), Detail::Between("configmaps \"", "\"")],
        cause: "a ConfigMap that the pods mount does not exist",
        named: "the ConfigMap {}, which the pods mount, does not exist in this namespace",
        next_step: "create the ConfigMap, or correct the volume's `configMap.name`",
        ..WRONG
    },
    Row {
        sign: "service-account-missing",
        phrases: &[&["serviceaccount * not found"], &["serviceaccounts * not found"]],
        details: &[
            Detail::Between("serviceaccount \"", "\""),
            Detail::Between("serviceaccounts \"", "\""),
        ],
        cause: "the pods' service account no longer exists, so that they get no token",
        named: "the service account {} no longer exists, so that its pods get no token",
        next_step: "create the ServiceAccount again, or correct `serviceAccountName`",
        ..WRONG
    },
    // tokens and claims come from the API server, too
    Row {
        sign: "api-server-unreachable",
        phrases: &[&["failed to fetch token: "], &["from api server: get *"], &["etcdserver: "]],
        cause: "the node could not read what the volume needs from the API server",
        next_step: "see whether the node reaches the API server, and whether the API server is healthy",
        ..PLATFORM
    },
    // Kubernetes `pkg/kubelet/volumemanager/populator`
    Row { sign: "volume-claim-missing", ..CLAIM_MISSING },
    Row {
        sign: "claim-unbound",
        phrases: &[
            &["pvc is not bound"],
            &["not bound to a volume"],
            &["claim is not bound"],
            &["pvc is being deleted"],
        ],
        cause: "a PersistentVolumeClaim of the pods is not bound to a volume, or is being deleted",
        next_step: "see `kubectl describe pvc`",
        ..UNCLEAR
    },
    Row {
        sign: "volume-mode",
        phrases: &[&["has volumemode block"], &["has volumemode filesystem"]],
        details: VOLUME,
        cause: "a block volume is mounted as a file system, or the other way round",
        next_step: "name it in `volumeDevices` if its `volumeMode` is Block, else in `volumeMounts`",
        ..WRONG
    },
    // Kubernetes `pkg/controller/volume/attachdetach/reconciler`: kubernetes/kubernetes#56288, #96142; drivers of clouds
    Row {
        sign: "volume-in-use",
        phrases: &[
            &["multi-attach error"],
            &["already exclusively attached"],
            &["is already being used by"],
            &["volumeinuse"],
            &["already attached to an instance"],
            &["already attached to node"],
            &["resource_in_use_by_another_resource"],
            &["rbd image ", "still being used"],
            &["is still attached to"],
            &["resource * is in use"],
            &["attached to a different "],
            &["attached to another node"],
        ],
        details: VOLUME,
        cause: "the volume is still attached to another node, and may be on one only",
        named: "the volume {} is still attached to another node, and may be on one only",
        next_step: "use a ReadWriteMany volume; if the node of the old pod is dead, delete that pod",
        ..UNCLEAR
    },
    // the providers of the secrets-store driver: Azure, AWS, GCP, Vault
    Row {
        sign: "secrets-store-provider",
        phrases: &[
            &["provider not found: provider"],
            &["failed to mount secrets store objects", "error connecting to provider"],
            &["failed to mount secrets store objects", "error while dialing"],
        ],
        cause: "the node has no provider plugin for the secrets store",
        next_step: "bring the provider's DaemonSet up on the node",
        ..PLATFORM
    },
    Row {
        sign: "secrets-store",
        phrases: &[&["failed to mount secrets store objects"], &["failed to mount objects, error"]],
        details: &[Detail::Rest("failed to mount objects, error: "), Detail::Rest("err: ")],
        cause: "the secrets store did not hand out the secrets that the pods mount",
        named: "the secrets store did not hand out the secrets that the pods mount: {}",
        next_step: "check that the objects which the SecretProviderClass names exist in the store, and that the pods' identity may read them",
        ..UNCLEAR
    },
    // Kubernetes `pkg/volume/hostpath/host_path.go`
    Row {
        sign: "host-path",
        phrases: &[&["hostpath type check failed"], &["for volume *", ": mkdir *: "]],
        unless: &["no space left", "input/output error", "code = "],
        details: &[
            Detail::Between("hostpath type check failed: ", "\n"),
            Detail::Between(": mkdir ", "\n"),
        ],
        cause: "the path on the node is not what the `hostPath` volume asks for",
        named: "the path on the node is not what the `hostPath` volume asks for: {}",
        next_step: "correct `hostPath`, or make the path on the nodes",
        ..WRONG
    },
    // Kubernetes `pkg/volume/local`
    Row {
        sign: "local-volume",
        phrases: &[
            &["initialization failed for volume *", "does not exist"],
            &["initialization failed for volume *", "no such file"],
            &["local volume", "does not exist"],
        ],
        details: &[Detail::Between("path \"", "\"")],
        cause: "the folder or disk of a local volume is not on the node",
        named: "the folder or disk {} of a local volume is not on the node",
        next_step: "make or mount it on the node that the PersistentVolume names, or correct the PersistentVolume's `local.path`",
        ..UNCLEAR
    },
    // Kubernetes `pkg/volume/csi/csi_plugin.go`
    Row {
        sign: "storage-driver-missing",
        phrases: &[
            &["not found in the list of registered csi drivers"],
            &["failed to get csi client"],
            &["csinode * not found"],
            &["csinode", "does not contain driver"],
            &["volumeattachment", "driver * not found"],
            &["no volume plugin matched"],
        ],
        details: &[
            Detail::Between("driver name ", " not found"),
            Detail::Between("does not contain driver ", "\n"),
        ],
        cause: "the node has no storage driver for the volume",
        named: "the node does not have the storage driver {}",
        next_step: "bring the driver's DaemonSet up on the node",
        ..PLATFORM
    },
    Row {
        sign: "storage-driver-down",
        phrases: &[
            &["dial unix *: connect: "],
            &["error while dialing"],
            &["transport is closing"],
            &["error reading from server"],
            &["code = unavailable"],
        ],
        cause: "the storage driver on the node does not answer",
        next_step: "see the storage driver's pod on that node, and its log",
        ..PLATFORM
    },
    // Kubernetes `pkg/volume/csi/csi_attacher.go`: the driver's part in the cluster, not on the node
    Row {
        sign: "volume-attacher",
        phrases: &[&["waiting for external-attacher of"]],
        details: &[Detail::Between("external-attacher of ", " csi driver")],
        cause: "the storage driver did not attach the volume in time",
        named: "the storage driver {} did not attach the volume in time",
        next_step: "see the storage driver's controller pods and their log, and `kubectl get volumeattachment`",
        ..PLATFORM
    },
    node::STALE_MOUNT,
    // nfs-utils `mount.nfs`, cifs-utils `mount.cifs`
    Row {
        sign: "volume-access",
        phrases: &[
            &["access denied by server while mounting"],
            &["mount error(13)"],
            &["mount.nfs: permission denied"],
            &["mount.nfs: operation not permitted"],
            &["mount error(1)"],
        ],
        details: &[Detail::After("while mounting ")],
        cause: "the storage server refuses the mount",
        named: "the storage server refuses to mount {}",
        next_step: "export the path to the nodes and check the volume's credentials, or correct the server and path of the volume",
        ..PLATFORM
    },
    Row {
        sign: "volume-export-missing",
        phrases: &[
            &["reason given by server: no such file"],
            &["mount.nfs: mounting ", "no such file"],
            &["mount error(2)"],
            &["no such file or directory while mounting"],
        ],
        details: &[Detail::Between("nfs: mounting ", " failed"), Detail::After("while mounting ")],
        cause: "the storage server does not have the folder that the volume names",
        named: "the storage server does not have {}, which the volume names",
        next_step: "make and export the folder on the server, or correct the volume's `server` and `path`",
        ..UNCLEAR
    },
    Row {
        sign: "volume-options",
        phrases: &[
            &["incorrect mount option"],
            &["mount.nfs: protocol not supported"],
            &["transport protocol is not supported"],
            &["mount error(22)"],
        ],
        cause: "the storage server or the node does not know an option of the mount",
        next_step: "correct `mountOptions` of the PersistentVolume or StorageClass (e.g. `nfsvers`), or allow that version on the server",
        ..UNCLEAR
    },
    Row {
        sign: "volume-client-missing",
        phrases: &[
            &["you might need a * helper program"],
            &["helper program"],
            &["bad option; for several filesystems"],
            &["wrong fs type, bad option, bad superblock"],
            &["unknown filesystem type"],
            &["unknown filesystem"],
            &["filesystem not supported"],
            &["executable file not found in $path"],
            &["is required for remote locking"],
            &["module ", " not found"],
            &["modprobe"],
            &["iscsiadm"],
        ],
        details: &[
            Detail::Between("executable file \"", "\""),
            Detail::Between("unknown filesystem type '", "'"),
        ],
        cause: "the node lacks the program or kernel module that mounts this volume, or the volume's file system is damaged",
        next_step: "install the client on the nodes (e.g. `nfs-common`, `cifs-utils`, `open-iscsi`). If other pods mount such volumes on that node, check the volume's file system",
        ..PLATFORM
    },
    Row {
        sign: "volume-server-unreachable",
        phrases: &[
            &["mount.nfs: connection timed out"],
            &["mount.nfs: connection refused"],
            &["mount.nfs: no route to host"],
            &["mount.nfs: network is unreachable"],
            &["mount.nfs: failed to resolve server"],
            &["mount.nfs4: "],
            &["connection timed out"],
            &["failed to resolve"],
            &["could not resolve"],
            &["mount error(11"],
            &["host is down"],
            &["no route to host"],
            &["connection refused"],
            &["failed to log in to any iscsi"],
            &["i/o timeout"],
            &["connection reset"],
        ],
        details: &[Detail::Rest("output: ")],
        cause: "the storage server cannot be reached from the node",
        named: "the storage server cannot be reached from the node: {}",
        next_step: "check the server, its name and port, and the network and firewall between it and the nodes. If it is another one, correct the volume",
        ..PLATFORM
    },
    // the volume itself is gone at the provider
    Row {
        sign: "volume-gone",
        phrases: &[
            &["volume * not found"],
            &["volume * does not exist"],
            &["code = notfound"],
            &["disk", "was not found"],
            &["could not find volume"],
        ],
        details: VOLUME,
        cause: "the storage does not know the volume",
        named: "the storage does not know the volume {}",
        next_step: "check whether the disk behind the PersistentVolume still exists; restore it, or make the claim anew",
        ..UNCLEAR
    },
    Row {
        sign: "volume-limit",
        phrases: &[
            &["attachmentlimitexceeded"],
            &["attachment limit"],
            &["maximum number of data disks"],
            &["exceed max volume count"],
            &["too many volumes"],
        ],
        cause: "the node has as many volumes attached as it may",
        next_step: "add nodes, or use fewer volumes",
        ..PLATFORM
    },
    Row {
        sign: "volume-rights-at-provider",
        phrases: &[
            &["unauthorizedoperation"],
            &["authorizationfailed"],
            &["not authorized to perform"],
            &["accessdenied"],
            &["permission_denied"],
            &["code = permissiondenied"],
            &["code = unauthenticated"],
            &["no key for storage account"],
            &["httpstatuscode: 403"],
            &["statuscode: 403"],
            &["403 forbidden"],
        ],
        cause: "the storage driver has no right to use the volume at the storage provider",
        next_step: "grant the storage driver's account the right that the message names",
        ..PLATFORM
    },
    // Kubernetes `pkg/volume/volume_linux.go`
    Row {
        sign: "volume-ownership",
        phrases: &[&["applyfsgroup failed"], &["lchown "], &["fsgroup"]],
        details: VOLUME,
        cause: "the owner of the volume's files could not be set (`fsGroup`)",
        named: "the owner of the files in volume {} could not be set (`fsGroup`)",
        next_step: "drop `fsGroup`, or set `fsGroupChangePolicy: OnRootMismatch`; a read-only volume or one without owners (NFS with root_squash, SMB) cannot be changed",
        ..UNCLEAR
    },
    node::DISK_FULL,
    node::OPEN_FILES,
    // e2fsprogs, xfsprogs, the kernel
    Row {
        sign: "volume-damaged",
        phrases: &[
            &["fsck", "error"],
            &["superblock"],
            &["structure needs cleaning"],
            &["input/output error"],
            &["unexpected inconsistency"],
            &["filesystem issues"],
            &["can't read superblock"],
        ],
        details: VOLUME,
        cause: "the volume's file system is damaged",
        named: "the file system of the volume {} is damaged",
        next_step: "check and repair it (`fsck`), or restore the volume from a backup",
        ..PLATFORM
    },
    // container-storage-interface spec, "ABORTED": operation pending for volume
    Row {
        sign: "volume-busy",
        phrases: &[
            &["operation with the given volume id"],
            &["code = aborted"],
            &["operation pending for volume"],
            &["already in progress"],
            &["expected device to be attached but was"],
            &["being detached"],
            &["being attached"],
            &["is attaching"],
            &["is detaching"],
            &["attachment is being deleted"],
            &["in use by the system"],
            &["in use by system"],
            &["is not ready for workloads"],
            &["device or resource busy"],
            &["volume ", "not attached"],
        ],
        details: VOLUME,
        cause: "the storage is still busy with the volume",
        named: "the storage is still busy with the volume {}",
        next_step: "wait for the storage; if it stays so, see the storage driver's log and `kubectl get volumeattachment`",
        ..PLATFORM
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
            &["timed out"],
        ],
        details: &[Detail::Between("unmounted volumes=[", "]"), VOLUME[0]],
        cause: "a volume could not be attached or mounted in time",
        named: "a volume could not be attached or mounted in time: {}",
        next_step: "see the claim and the storage driver's log: `kubectl describe pvc`, `kubectl get volumeattachment`",
        certainty: Certainty::Probable,
        ..UNCLEAR
    },
];
