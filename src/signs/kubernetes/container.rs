//! Why a container could not be created: what it refers to, and what its security settings ask of the node. Texts of the
//! kubelet, containerd, CRI-O and cri-dockerd.

use super::{
    SubjectKind,
    row::{PLATFORM, Row, WRONG, rows},
};
use crate::evidence::Attribution::Unknown;

pub(super) const ROWS: &[Row] = rows! {
    // Kubernetes `pkg/kubelet/kubelet_pods.go`, `makeEnvironmentVariables`
    WRONG { sign: "key-missing", about: Some(SubjectKind::Secret), shown_by: "couldn't find key ",
        names: "couldn't find key <line>",
        cause: "[key {}|a key that an environment variable refers to] does not exist",
        next_step: "add the key. If it has another name, correct the reference in `env`" }
    WRONG { sign: "config-map-missing", about: Some(SubjectKind::ConfigMap), shown_by: "configmap * not found|configmaps * not found",
        names: "configmap \"<>\"|configmaps \"<>\"",
        cause: "the ConfigMap [{} ]that the container's environment refers to does not exist in this namespace",
        next_step: "create the ConfigMap. If it has another name, correct the reference in `env` or `envFrom`" }
    WRONG { sign: "secret-missing", about: Some(SubjectKind::Secret), shown_by: "secret * not found|secrets * not found",
        names: "secret \"<>\"|secrets \"<>\"",
        cause: "the Secret [{} ]that the container's environment refers to does not exist in this namespace",
        next_step: "create the Secret. If it has another name, correct the reference in `env` or `envFrom`" }
    // Kubernetes `pkg/kubelet/kuberuntime/security_context.go`: intel/CPU-Manager-for-Kubernetes#299, openshift/oc#879
    WRONG { sign: "runs-as-root",
        shown_by: "runasnonroot and image will run as root|break… non-root policy|will run as root…non-root",
        cause: "`runAsNonRoot` is set, but the container would run as root",
        next_step: "set `securityContext.runAsUser` to a user other than 0, or give the image a numeric `USER`" }
    WRONG { sign: "user-not-numeric", shown_by: "image has non-numeric user",
        names: "non-numeric user (<>)",
        cause: "`runAsNonRoot` is set, but the image's user [{} ]is a name, so the kubelet cannot tell whether it is root",
        next_step: "set `securityContext.runAsUser` to its number, or give the image a numeric `USER`" }
    // Kubernetes `plugin/pkg/auth/authorizer/node`: its graph lags behind the binding of the pod
    NODE_AUTHORIZER {}
    // Kubernetes `pkg/kubelet/kubelet_pods.go`
    PLATFORM { sign: "services-not-read", shown_by: "have not yet been read at least once",
        cause: "the kubelet has not read the cluster's Services yet",
        next_step: "deploy again. If it happens again, check that the node reaches the API server" }
    PLATFORM { sign: "kubelet-cache", shown_by: "failed to sync …cache|object *…not registered",
        cause: "the kubelet has not read the ConfigMaps and Secrets of the pod yet",
        next_step: "deploy again. If it happens again, check that the node reaches the API server" }
    // the kubelet reads ConfigMaps and Secrets from the API server
    PLATFORM { sign: "api-server-unreachable",
        shown_by: "get *: |etcdserver: |the server was unable to return a response in the time allotted\
            |the server is currently unable to handle the request",
        cause: "the node could not read what the pod refers to from the API server",
        next_step: "check that the node reaches the API server. If it does, check the API server's health" }
    // Kubernetes `pkg/kubelet/kubelet_pods.go`: the reason itself is in the kubelet's log only
    WRONG { sign: "sub-path", attribution: Unknown, shown_by: "failed to prepare subpath|failed to create subpath",
        names: "for volumemount \"<>\"",
        cause: "the kubelet could not open or create [the `subPath` of the mount {}|a `subPath`] in its volume",
        next_step: "check the path in the volume: it must exist or be writable for root on the node, without a link that leads out of the volume. If it is, the kubelet's log on the node says more" }
    // Kubernetes `pkg/kubelet/kubelet_pods.go`; containerd, CRI-O and Docker make the path or expect it
    WRONG { sign: "host-path",
        shown_by: "hostpath * for volume * does not exist|failed to generate spec: failed to stat \
            |failed to generate spec: failed to mkdir |createcontainererror: mkdir *: \
            |createcontainerconfigerror: stat *: no such file|failed to resolve symlink \
            |bind source path does not exist|error while creating mount source path|hostpath type check failed",
        unless: "no space left|input/output error|quota exceeded",
        names: "hostpath \"<>\"|createcontainerconfigerror: stat <>:|failed to stat \"<>\"|failed to mkdir \"<>\"\
            |failed to resolve symlink \"<>\"|createcontainererror: mkdir <>:\
            |bind source path does not exist: <word>|mount source path '<>'",
        cause: "the path [{} ]of a `hostPath` volume does not exist on the node and cannot be created there",
        next_step: "create the path on every node that may run the pods, or set `hostPath.type: DirectoryOrCreate`. If it is wrong, correct `hostPath.path`" }
    PLATFORM { sign: "volume-not-mounted", shown_by: "cannot find volume * to mount into container",
        names: "cannot find volume \"<>\"",
        cause: "the kubelet has not mounted [the volume {}|a volume of the pod]",
        next_step: "check the pod's mount events and the kubelet's log on the node" }
    // containerd `internal/cri/opts/spec_linux_opts.go`
    WRONG { sign: "mount-propagation", attribution: Unknown,
        shown_by: "is not a shared or slave mount|is not a shared mount",
        names: "path \"<>\"",
        cause: "`mountPropagation` needs shared mounts, but [{} on the node|the node's path] is not shared",
        next_step: "share the mount on the nodes (`mount --make-rshared /`). If the program does not need that, remove `mountPropagation`" }
    // Kubernetes `pkg/kubelet/kuberuntime`, containerd, CRI-O `internal/config/seccomp`, Docker
    WRONG { sign: "seccomp-profile",
        shown_by: "cannot load seccomp profile|failed to generate seccomp spec opts|unable to load local profile\
            |opening seccomp profile|decoding seccomp profile|invalid seccomp profile|unknown seccomp profile\
            |seccomp profile …no such file|seccomp profile …not found",
        names: "load seccomp profile \"<>\"|opening seccomp profile (<>)|load local profile \"<>\"",
        cause: "the seccomp profile [{} ]is missing on the node, or invalid",
        next_step: "put the file below `/var/lib/kubelet/seccomp` on every node, or set `seccompProfile.type: RuntimeDefault`" }
    PLATFORM { sign: "seccomp-kernel",
        shown_by: "error loading seccomp filter|unable to init seccomp|adding seccomp filter|seccomp is not enabled\
            |seccomp is not supported",
        cause: "the node's kernel cannot load the container's seccomp filter",
        next_step: "update runc and libseccomp on the node. If the error is 524, raise the limit `net.core.bpf_jit_limit`" }
    // Kubernetes `pkg/security/apparmor`, containerd `contrib/apparmor`, runc `libcontainer/apparmor`
    WRONG { sign: "apparmor-profile",
        shown_by: "apparmor profile not found|apparmor…not loaded|unable to apply apparmor profile\
            |apparmor failed to apply profile|/proc/self/attr/apparmor/exec|/proc/thread-self/attr/apparmor/exec\
            |apparmor profile * not found|apparmor spec opts…not found|invalid apparmor profile",
        cause: "the AppArmor profile is not loaded on the node",
        next_step: "load the profile on every node that may run the pods. If its name is wrong, correct `appArmorProfile`" }
    WRONG { sign: "apparmor-disabled",
        shown_by: "apparmor is not enabled|apparmor is not supported|apparmor is disabled",
        cause: "the pod asks for an AppArmor profile, but AppArmor is not enabled on the node",
        next_step: "choose nodes with AppArmor, or remove `appArmorProfile`" }
    // runc `libcontainer/selinux`, CRI-O: volumes that know no labels
    WRONG { sign: "selinux", attribution: Unknown,
        shown_by: "selinux relabel|relabel failed|lsetxattr|failed to set selinux label|set file label\
            |failed to set executable label|/proc/self/attr/keycreate|/proc/thread-self/attr/keycreate|selinux label",
        names: "<path>",
        cause: "SELinux on the node does not allow the container or its volume to be labelled[ ({})]",
        next_step: "correct `seLinuxOptions`. If the volume cannot hold labels (NFS, system paths), mount it with a fixed context" }
    // Kubernetes KEP-127; runc, crun and the volume's file system must all know ID-mapped mounts
    WRONG { sign: "user-namespaces", attribution: Unknown,
        shown_by: "user namespace…not support|not support…user namespace|userns…not support|idmap|id-map|uid_map",
        cause: "the pods ask for a user namespace (`hostUsers: false`), which the node or a volume does not support",
        next_step: "choose nodes whose kernel, runtime and file systems support user namespaces, or remove `hostUsers: false`" }
    WRONG { sign: "capability-unknown",
        shown_by: "unknown capability|invalid capability|invalid cap|unable to apply caps\
            |capability * is not supported",
        cause: "the container asks for a capability that the node does not know or cannot grant",
        next_step: "correct `securityContext.capabilities`: names have no `CAP_` prefix" }
    SYSCTL {}
};

rows! {
    /// The kubelet may read only what pods of its node refer to (Kubernetes `plugin/pkg/auth/authorizer/node`).
    NODE_AUTHORIZER = PLATFORM { sign: "node-authorizer",
        shown_by: "no relationship found between node|is forbidden: user *…cannot get resource\
            |is forbidden: user *…cannot list resource",
        names: "user \"system:node:<>\"",
        cause: "the API server does not allow the kubelet [of {} ]to read an object that the pod refers to",
        next_step: "deploy again: the API server's node authorizer learns of new pods with a delay. If it happens again, check that the pod itself names the object" }
}

rows! {
    /// Kubernetes `pkg/kubelet/sysctl`; runc writes below `/proc/sys`.
    SYSCTL = WRONG { sign: "sysctl",
        shown_by: "open /proc/sys/|write /proc/sys/|sysctl …not in a separate kernel namespace|sysctl …not allowed\
            |forbidden sysctl|sysctlforbidden",
        names: "open /proc/sys/<>:|write /proc/sys/<>:|forbidden sysctl: \"<>\"|sysctl \"<>\"",
        cause: "the node does not know or does not allow [the sysctl {}|a sysctl] that the pods set",
        next_step: "correct `securityContext.sysctls`. If the sysctl is an unsafe one, allow it with the kubelet's `--allowed-unsafe-sysctls`" }
}
