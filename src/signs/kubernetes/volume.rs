//! Why a volume is not there: texts of the kubelet, the attach controller, storage drivers and mount programs.

use super::{
    Certainty, SubjectKind,
    container::NODE_AUTHORIZER,
    node::{DISK_FULL, OPEN_FILES, STALE_MOUNT},
    row::{PLATFORM, Row, UNCLEAR, WRONG, rows},
};

const VOLUME: &str = "for volume \"<>\"";

rows! {
    /// The scheduler and the kubelet say it in the same words.
    CLAIM_MISSING = WRONG { sign: "claim-missing", about: Some(SubjectKind::Claim),
        shown_by: "persistentvolumeclaim * not found|persistentvolumeclaims * not found\
            |error getting pvc *: could not find ",
        names: "persistentvolumeclaim \"<>\"|persistentvolumeclaims \"<>\"|error getting pvc \"<>\"",
        cause: "[the PersistentVolumeClaim {}|a PersistentVolumeClaim of the pods] does not exist",
        next_step: "create the claim. If it has another name, correct `claimName`" }
}

pub(super) const ROWS: &[Row] = rows! {
    NODE_AUTHORIZER {}
    // Kubernetes `pkg/kubelet/util/manager/watch_based_manager.go`
    PLATFORM { sign: "kubelet-cache", shown_by: "failed to sync …cache|not registered|propagate object cache",
        cause: "the kubelet has not read the ConfigMaps and Secrets of the pod yet",
        next_step: "deploy again. If it happens again, check that the node reaches the API server" }
    // Kubernetes `pkg/controller/certificates/rootcacertpublisher`
    PLATFORM { sign: "root-certificate-missing", shown_by: "configmap \"kube-root-ca.crt\" not found",
        cause: "the cluster has not put its certificate (`kube-root-ca.crt`) into the namespace yet",
        next_step: "deploy again. If it happens again, check kube-controller-manager" }
    // Kubernetes `pkg/volume/secret`, `pkg/volume/configmap`, `pkg/volume/projected`
    WRONG { sign: "volume-key-missing",
        shown_by: "references non-existent secret key|references non-existent config key",
        names: "key: <line>",
        cause: "a volume asks for a key that the ConfigMap or Secret does not have[: {}]",
        next_step: "add the key. If it has another name, correct the volume's `items`" }
    // secrets-store-csi-driver `pkg/secrets-store`
    WRONG { sign: "secret-provider-class", shown_by: "secretproviderclass…not found",
        names: "x-k8s.io \"<>\"|failed to get secretproviderclass <>,",
        cause: "the SecretProviderClass [{}|of a volume] does not exist",
        next_step: "create the SecretProviderClass in this namespace. If it has another name, correct the volume's `secretProviderClass`" }
    WRONG { sign: "volume-secret-missing", about: Some(SubjectKind::Secret), shown_by: "secret * not found|secrets * not found|couldn't get secret *",
        names: "secret \"<>\"|secrets \"<>\"|couldn't get secret <word>",
        cause: "the Secret [{} ]that the pods mount does not exist in this namespace",
        next_step: "create the Secret. If it has another name, correct the volume's `secretName`" }
    WRONG { sign: "volume-config-map-missing", about: Some(SubjectKind::ConfigMap), shown_by: "configmap * not found|configmaps * not found",
        names: "configmap \"<>\"|configmaps \"<>\"",
        cause: "the ConfigMap [{} ]that the pods mount does not exist in this namespace",
        next_step: "create the ConfigMap. If it has another name, correct the volume's `configMap.name`" }
    WRONG { sign: "service-account-missing", about: Some(SubjectKind::ServiceAccount), shown_by: "serviceaccount * not found|serviceaccounts * not found",
        names: "serviceaccount \"<>\"|serviceaccounts \"<>\"",
        cause: "the service account [{}|of the pods] no longer exists, so they get no token",
        next_step: "create the ServiceAccount again. If it has another name, correct `serviceAccountName`" }
    // tokens and claims come from the API server, too
    PLATFORM { sign: "api-server-unreachable",
        shown_by: "failed to fetch token: |from api server: get *|etcdserver: ",
        cause: "the node could not read what the pod refers to from the API server",
        next_step: "check that the node reaches the API server. If it does, check the API server's health" }
    // Kubernetes `pkg/kubelet/volumemanager/populator`
    CLAIM_MISSING { sign: "volume-claim-missing" }
    UNCLEAR { sign: "claim-unbound",
        shown_by: "pvc is not bound|not bound to a volume|claim is not bound|pvc is being deleted",
        cause: "a PersistentVolumeClaim of the pods is not bound to a volume, or is being deleted",
        next_step: "check the claim (`kubectl describe pvc`): its storage class, size and access mode. If they are right, check the provisioner" }
    WRONG { sign: "volume-mode", shown_by: "has volumemode block|has volumemode filesystem",
        names: VOLUME,
        cause: "the volume [{} ]is mounted as a file system although it is a block device, or the other way round",
        next_step: "list it in `volumeMounts`. If its `volumeMode` is Block, list it in `volumeDevices` instead" }
    // Kubernetes `pkg/controller/volume/attachdetach/reconciler`: kubernetes/kubernetes#56288, #96142; drivers of clouds
    UNCLEAR { sign: "volume-in-use",
        shown_by: "multi-attach error|already exclusively attached|is already being used by|volumeinuse\
            |already attached to an instance|already attached to node|resource_in_use_by_another_resource\
            |rbd image …still being used|is still attached to|resource * is in use|attached to a different \
            |attached to another node",
        names: VOLUME,
        cause: "the volume [{} ]is still attached to another node, and can be attached to only one",
        next_step: "use a ReadWriteMany volume. If the old pod's node is dead, delete that pod",
        where_pods_surge: "use a ReadWriteMany volume. If the old pod holds this one, let it go first (`strategy: Recreate`)" }
    // the providers of the secrets-store driver: Azure, AWS, GCP, Vault
    PLATFORM { sign: "secrets-store-provider",
        shown_by: "provider not found: provider|failed to mount secrets store objects…error connecting to provider\
            |failed to mount secrets store objects…error while dialing",
        cause: "the node has no provider plugin for the secrets store",
        next_step: "check the provider's pod on the node (its DaemonSet)" }
    UNCLEAR { sign: "secrets-store", shown_by: "failed to mount secrets store objects|failed to mount objects, error",
        names: "failed to mount objects, error: <rest>|err: <rest>",
        cause: "the secrets store did not hand out the secrets that the pods mount[: {}]",
        next_step: "check that the objects which the SecretProviderClass names exist in the store. If they do, let the pods' identity read them" }
    // Kubernetes `pkg/volume/hostpath/host_path.go`
    WRONG { sign: "host-path", shown_by: "hostpath type check failed|for volume *…: mkdir *: ",
        unless: "no space left|input/output error|code = ",
        names: "hostpath type check failed: <line>|: mkdir <line>",
        cause: "the path on the node is not what the `hostPath` volume asks for[: {}]",
        next_step: "create the path on the nodes. If it is wrong, correct `hostPath`" }
    // Kubernetes `pkg/volume/local`
    UNCLEAR { sign: "local-volume",
        shown_by: "initialization failed for volume *…does not exist|initialization failed for volume *…no such file\
            |local volume…does not exist",
        names: "path \"<>\"",
        cause: "the directory or disk [{} ]of a local volume is not on the node",
        next_step: "create or mount it on the node that the PersistentVolume names. If the path is wrong, correct `local.path`" }
    // Kubernetes `pkg/volume/csi/csi_plugin.go`
    PLATFORM { sign: "storage-driver-missing",
        shown_by: "not found in the list of registered csi drivers|failed to get csi client|csinode * not found\
            |csinode…does not contain driver|volumeattachment…driver * not found|no volume plugin matched",
        names: "driver name <> not found|does not contain driver <line>",
        cause: "the node does not have the storage driver [{}|of the volume]",
        next_step: "check the driver's pod on the node (its DaemonSet)" }
    PLATFORM { sign: "storage-driver-down",
        shown_by: "dial unix *: connect: |error while dialing|transport is closing|error reading from server\
            |code = unavailable",
        cause: "the storage driver on the node does not answer",
        next_step: "check the storage driver's pod on that node and its log" }
    // Kubernetes `pkg/volume/csi/csi_attacher.go`: the driver's part in the cluster, not on the node
    PLATFORM { sign: "volume-attacher", shown_by: "waiting for external-attacher of",
        names: "external-attacher of <> csi driver",
        cause: "the storage driver [{} ]did not attach the volume in time",
        next_step: "check the storage driver's controller pods, and `kubectl get volumeattachment`" }
    STALE_MOUNT {}
    // nfs-utils `mount.nfs`, cifs-utils `mount.cifs`
    PLATFORM { sign: "volume-access",
        shown_by: "access denied by server while mounting|mount error(13)|mount.nfs: permission denied\
            |mount.nfs: operation not permitted|mount error(1)",
        names: "while mounting <word>",
        cause: "the storage server refuses to mount [{}|the volume]",
        next_step: "export the path to the nodes, and check the volume's credentials. If the server or path is wrong, correct the volume" }
    UNCLEAR { sign: "volume-export-missing",
        shown_by: "reason given by server: no such file|mount.nfs: mounting …no such file|mount error(2)\
            |no such file or directory while mounting",
        names: "nfs: mounting <> failed|while mounting <word>",
        cause: "the storage server does not have [{}, which|the directory that] the volume names",
        next_step: "create and export the directory on the server. If the path is wrong, correct the volume's `server` and `path`" }
    UNCLEAR { sign: "volume-options",
        shown_by: "incorrect mount option|mount.nfs: protocol not supported|transport protocol is not supported\
            |mount error(22)",
        cause: "the storage server or the node does not support an option of the mount",
        next_step: "correct `mountOptions` of the PersistentVolume or StorageClass (e.g. `nfsvers`)" }
    PLATFORM { sign: "volume-client-missing",
        shown_by: "you might need a * helper program|helper program|bad option; for several filesystems\
            |wrong fs type, bad option, bad superblock|unknown filesystem type|unknown filesystem\
            |filesystem not supported|executable file not found in $path|is required for remote locking\
            |module … not found|modprobe|iscsiadm",
        cause: "the node lacks the program or kernel module that mounts this volume, or the volume's file system is damaged",
        next_step: "install the client on the nodes (e.g. `nfs-common`, `cifs-utils`, `open-iscsi`). If other pods mount such volumes there, check the volume's file system" }
    PLATFORM { sign: "volume-server-unreachable",
        shown_by: "mount.nfs: connection timed out|mount.nfs: connection refused|mount.nfs: no route to host\
            |mount.nfs: network is unreachable|mount.nfs: failed to resolve server|mount.nfs4: |connection timed out\
            |failed to resolve|could not resolve|mount error(11|host is down|no route to host|connection refused\
            |failed to log in to any iscsi|i/o timeout|connection reset",
        names: "output: <rest>",
        cause: "the storage server cannot be reached from the node[: {}]",
        next_step: "check the storage server, and the network between it and the nodes. If the volume names the wrong one, correct it" }
    // the volume itself is gone at the provider
    UNCLEAR { sign: "volume-gone",
        shown_by: "volume * not found|volume * does not exist|code = notfound|disk…was not found\
            |could not find volume",
        names: VOLUME,
        cause: "the storage provider does not know the volume[ {}]",
        next_step: "check whether the disk behind the PersistentVolume still exists. If it is gone, restore it or create the claim again" }
    PLATFORM { sign: "volume-limit",
        shown_by: "attachmentlimitexceeded|attachment limit|maximum number of data disks|exceed max volume count\
            |too many volumes",
        cause: "the node has reached its limit of attached volumes",
        next_step: "add nodes, or use fewer volumes" }
    PLATFORM { sign: "volume-rights-at-provider",
        shown_by: "unauthorizedoperation|authorizationfailed|not authorized to perform|accessdenied\
            |permission_denied|code = permissiondenied|code = unauthenticated|no key for storage account\
            |httpstatuscode: 403|statuscode: 403|403 forbidden",
        cause: "the storage driver is not allowed to use the volume at the storage provider",
        next_step: "grant the storage driver's account the permission that the message names" }
    // Kubernetes `pkg/volume/volume_linux.go`
    UNCLEAR { sign: "volume-ownership", shown_by: "applyfsgroup failed|lchown |fsgroup",
        names: VOLUME,
        cause: "the owner of the files in the volume [{} ]could not be set (`fsGroup`)",
        next_step: "set `fsGroupChangePolicy: OnRootMismatch`. If the volume is read-only or has no owners (NFS with root_squash, SMB), remove `fsGroup`" }
    DISK_FULL {}
    OPEN_FILES {}
    // e2fsprogs, xfsprogs, the kernel
    PLATFORM { sign: "volume-damaged",
        shown_by: "fsck…error|superblock|structure needs cleaning|input/output error|unexpected inconsistency\
            |filesystem issues|can't read superblock",
        names: VOLUME,
        cause: "the file system of the volume [{} ]is damaged",
        next_step: "repair it (`fsck`), or restore the volume from a backup" }
    // container-storage-interface spec, "ABORTED": operation pending for volume
    PLATFORM { sign: "volume-busy",
        shown_by: "operation with the given volume id|code = aborted|operation pending for volume\
            |already in progress|expected device to be attached but was|being detached|being attached|is attaching\
            |is detaching|attachment is being deleted|in use by the system|in use by system\
            |is not ready for workloads|device or resource busy|volume …not attached",
        names: VOLUME,
        cause: "the storage is still busy with the volume[ {}]",
        next_step: "deploy again once the storage is done. If it stays busy, check the storage driver's log and `kubectl get volumeattachment`" }
};

pub(super) const GENERAL: &[Row] = rows! {
    // Kubernetes `pkg/kubelet/volumemanager/volume_manager.go`
    UNCLEAR { sign: "volume-timeout", certainty: Certainty::Probable,
        shown_by: "timed out waiting for the condition|context deadline exceeded|deadlineexceeded|timed out",
        names: "unmounted volumes=[<>]|for volume \"<>\"",
        cause: "a volume could not be attached or mounted in time[: {}]",
        next_step: "check the claim (`kubectl describe pvc`), the storage driver's log and `kubectl get volumeattachment`" }
};

/// Whether a text about volumes names those that are waited for, and not why (Kubernetes 1.36
/// `pkg/kubelet/volumemanager/volume_manager.go`, `WaitForAttachAndMount`).
pub fn is_summary(text: &str) -> bool {
    text.contains("unmounted volumes=[")
}
