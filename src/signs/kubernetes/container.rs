//! Why a container could not be created: what it refers to, and what its security settings ask of the node. Texts of the
//! kubelet, containerd, CRI-O and cri-dockerd.

use super::{
    detail::Detail,
    row::{PLATFORM, Row, WRONG},
};
use crate::evidence::Attribution;

pub(super) const ROWS: &[Row] = &[
    // Kubernetes `pkg/kubelet/kubelet_pods.go`, `makeEnvironmentVariables`
    Row {
        sign: "key-missing",
        phrases: &[&["couldn't find key "]],
        details: &[Detail::Between("couldn't find key ", "\n")],
        cause: "a key that an environment variable refers to does not exist",
        named: "there is no key {}",
        next_step: "add the key to the object, or correct the reference in `env`",
        ..WRONG
    },
    Row {
        sign: "config-map-missing",
        phrases: &[&["configmap * not found"], &["configmaps * not found"]],
        details: &[Detail::Between("configmap \"", "\""), Detail::Between("configmaps \"", "\"")],
        cause: "a ConfigMap that the container refers to does not exist",
        named: "the ConfigMap {}, which the container's environment refers to, does not exist in this namespace",
        next_step: "create the ConfigMap, or correct the reference in `env` or `envFrom`",
        ..WRONG
    },
    Row {
        sign: "secret-missing",
        phrases: &[&["secret * not found"], &["secrets * not found"]],
        details: &[Detail::Between("secret \"", "\""), Detail::Between("secrets \"", "\"")],
        cause: "a Secret that the container refers to does not exist",
        named: "the Secret {}, which the container's environment refers to, does not exist in this namespace",
        next_step: "create the Secret, or correct the reference in `env` or `envFrom`",
        ..WRONG
    },
    // Kubernetes `pkg/kubelet/kuberuntime/security_context.go`: intel/CPU-Manager-for-Kubernetes#299, openshift/oc#879
    Row {
        sign: "runs-as-root",
        phrases: &[
            &["runasnonroot and image will run as root"],
            &["break", " non-root policy"],
            &["will run as root", "non-root"],
        ],
        cause: "`runAsNonRoot` is set, and the container would run as root",
        next_step: "set `securityContext.runAsUser` to another user than 0, or give the image a numeric `USER`",
        ..WRONG
    },
    Row {
        sign: "user-not-numeric",
        phrases: &[&["image has non-numeric user"]],
        details: &[Detail::Between("non-numeric user (", ")")],
        cause: "`runAsNonRoot` is set, and the image's user is a name, so nobody can tell whether it is root",
        named: "`runAsNonRoot` is set, and the image's user {} is a name, so nobody can tell whether it is root",
        next_step: "set `securityContext.runAsUser` to its number, or give the image a numeric `USER`",
        ..WRONG
    },
    // Kubernetes `plugin/pkg/auth/authorizer/node`: its graph lags behind the binding of the pod
    NODE_AUTHORIZER,
    // Kubernetes `pkg/kubelet/kubelet_pods.go`
    Row {
        sign: "services-not-read",
        phrases: &[&["have not yet been read at least once"]],
        cause: "the kubelet has not read the cluster's Services yet",
        next_step: "wait, and deploy again; if it stays so, see whether the node reaches the API server",
        ..PLATFORM
    },
    Row {
        sign: "kubelet-cache",
        phrases: &[&["failed to sync ", "cache"], &["object *", "not registered"]],
        cause: "the kubelet has not read the container's ConfigMaps and Secrets yet",
        next_step: "wait, and deploy again; if it stays so, see whether the node reaches the API server",
        ..PLATFORM
    },
    // the kubelet reads ConfigMaps and Secrets from the API server
    Row {
        sign: "api-server-unreachable",
        phrases: &[
            &["get *: "],
            &["etcdserver: "],
            &["the server was unable to return a response in the time allotted"],
            &["the server is currently unable to handle the request"],
        ],
        cause: "the node could not read what the container refers to from the API server",
        next_step: "see whether the node reaches the API server, and whether the API server is healthy",
        ..PLATFORM
    },
    // Kubernetes `pkg/kubelet/kubelet_pods.go`: the reason itself is in the kubelet's log only
    Row {
        sign: "sub-path",
        phrases: &[&["failed to prepare subpath"], &["failed to create subpath"]],
        details: &[Detail::Between("for volumemount \"", "\"")],
        cause: "the kubelet could not open or create a `subPath` in its volume",
        named: "the kubelet could not open or create the `subPath` of the mount {} in its volume",
        attribution: Attribution::Unknown,
        next_step: "check that the volume may be written to by the node's root, or holds the path already, and that no part of the path is a link out of the volume. The kubelet's log on the node says which",
        ..WRONG
    },
    // Kubernetes `pkg/kubelet/kubelet_pods.go`; containerd, CRI-O and Docker make the path or expect it
    Row {
        sign: "host-path",
        phrases: &[
            &["hostpath * for volume * does not exist"],
            &["failed to generate spec: failed to stat "],
            &["failed to generate spec: failed to mkdir "],
            &["createcontainererror: mkdir *: "],
            &["createcontainerconfigerror: stat *: no such file"],
            &["failed to resolve symlink "],
            &["bind source path does not exist"],
            &["error while creating mount source path"],
            &["hostpath type check failed"],
        ],
        unless: &["no space left", "input/output error", "quota exceeded"],
        details: &[
            Detail::Between("hostpath \"", "\""),
            Detail::Between("createcontainerconfigerror: stat ", ":"),
            Detail::Between("failed to stat \"", "\""),
            Detail::Between("failed to mkdir \"", "\""),
            Detail::Between("failed to resolve symlink \"", "\""),
            Detail::Between("createcontainererror: mkdir ", ":"),
            Detail::After("bind source path does not exist: "),
            Detail::Between("mount source path '", "'"),
        ],
        cause: "a path that a `hostPath` volume names is not on the node and cannot be made there",
        named: "the path {}, which a `hostPath` volume names, is not on the node or cannot be made there",
        next_step: "make the path on every node that may run the pods, correct `hostPath.path`, or set `hostPath.type: DirectoryOrCreate`",
        ..WRONG
    },
    Row {
        sign: "volume-not-mounted",
        phrases: &[&["cannot find volume * to mount into container"]],
        details: &[Detail::Between("cannot find volume \"", "\"")],
        cause: "the kubelet has not mounted a volume of the pod",
        named: "the kubelet has not mounted the volume {}",
        next_step: "see the pod's mount events and the kubelet's log on the node",
        ..PLATFORM
    },
    // containerd `internal/cri/opts/spec_linux_opts.go`
    Row {
        sign: "mount-propagation",
        phrases: &[&["is not a shared or slave mount"], &["is not a shared mount"]],
        details: &[Detail::Between("path \"", "\"")],
        cause: "`mountPropagation` asks for shared mounts, and the node's path is not shared",
        named: "`mountPropagation` asks for shared mounts, and {} on the node is not shared",
        attribution: Attribution::Unknown,
        next_step: "drop `mountPropagation`, or share the mount on the nodes (`mount --make-rshared /`; Docker Desktop and some WSL set-ups do not)",
        ..WRONG
    },
    // Kubernetes `pkg/kubelet/kuberuntime`, containerd, CRI-O `internal/config/seccomp`, Docker
    Row {
        sign: "seccomp-profile",
        phrases: &[
            &["cannot load seccomp profile"],
            &["failed to generate seccomp spec opts"],
            &["unable to load local profile"],
            &["opening seccomp profile"],
            &["decoding seccomp profile"],
            &["invalid seccomp profile"],
            &["unknown seccomp profile"],
            &["seccomp profile ", "no such file"],
            &["seccomp profile ", "not found"],
        ],
        details: &[
            Detail::Between("load seccomp profile \"", "\""),
            Detail::Between("opening seccomp profile (", ")"),
            Detail::Between("load local profile \"", "\""),
        ],
        cause: "the seccomp profile is not on the node or not valid",
        named: "the seccomp profile {} is not on the node or not valid",
        next_step: "put the file below `/var/lib/kubelet/seccomp` on every node, or set `seccompProfile.type: RuntimeDefault`",
        ..WRONG
    },
    Row {
        sign: "seccomp-kernel",
        phrases: &[
            &["error loading seccomp filter"],
            &["unable to init seccomp"],
            &["adding seccomp filter"],
            &["seccomp is not enabled"],
            &["seccomp is not supported"],
        ],
        cause: "the node's kernel cannot load the container's seccomp filter",
        next_step: "check the node's kernel (`dmesg`; errno 524 is the limit `net.core.bpf_jit_limit`) and update runc and libseccomp, or move the pods to another node",
        ..PLATFORM
    },
    // Kubernetes `pkg/security/apparmor`, containerd `contrib/apparmor`, runc `libcontainer/apparmor`
    Row {
        sign: "apparmor-profile",
        phrases: &[
            &["apparmor profile not found"],
            &["apparmor", "not loaded"],
            &["unable to apply apparmor profile"],
            &["apparmor failed to apply profile"],
            &["/proc/self/attr/apparmor/exec"],
            &["/proc/thread-self/attr/apparmor/exec"],
            &["apparmor profile * not found"],
            &["apparmor spec opts", "not found"],
            &["invalid apparmor profile"],
        ],
        cause: "the AppArmor profile is not loaded on the node",
        next_step: "load the profile on every node that may run the pods, or correct `appArmorProfile`",
        ..WRONG
    },
    Row {
        sign: "apparmor-disabled",
        phrases: &[
            &["apparmor is not enabled"],
            &["apparmor is not supported"],
            &["apparmor is disabled"],
        ],
        cause: "an AppArmor profile is asked for, and AppArmor is not enabled on the node",
        next_step: "drop `appArmorProfile`, or choose nodes with AppArmor",
        ..WRONG
    },
    // runc `libcontainer/selinux`, CRI-O: volumes that know no labels
    Row {
        sign: "selinux",
        phrases: &[
            &["selinux relabel"],
            &["relabel failed"],
            &["lsetxattr"],
            &["failed to set selinux label"],
            &["set file label"],
            &["failed to set executable label"],
            &["/proc/self/attr/keycreate"],
            &["/proc/thread-self/attr/keycreate"],
            &["selinux label"],
        ],
        details: &[Detail::Path],
        cause: "SELinux on the node does not let the container or its volume be labelled",
        named: "SELinux on the node does not let the container or its volume be labelled ({})",
        attribution: Attribution::Unknown,
        next_step: "correct `seLinuxOptions`. If the volume cannot hold labels (NFS, hostPath of the system), do not mount it here, or mount it with a fixed context",
        ..WRONG
    },
    // Kubernetes KEP-127; runc, crun and the volume's file system must all know ID-mapped mounts
    Row {
        sign: "user-namespaces",
        phrases: &[
            &["user namespace", "not support"],
            &["not support", "user namespace"],
            &["userns", "not support"],
            &["idmap"],
            &["id-map"],
            &["uid_map"],
        ],
        cause: "the pods ask for a user namespace (`hostUsers: false`), and the node or a volume does not support it",
        attribution: Attribution::Unknown,
        next_step: "drop `hostUsers: false`, or choose nodes whose kernel, runtime and file systems support user namespaces",
        ..WRONG
    },
    Row {
        sign: "capability-unknown",
        phrases: &[
            &["unknown capability"],
            &["invalid capability"],
            &["invalid cap"],
            &["unable to apply caps"],
            &["capability * is not supported"],
        ],
        cause: "the container asks for a capability that the node does not know or may not give",
        next_step: "correct `securityContext.capabilities`: a name without `CAP_`, which the kernel and the runtime know",
        ..WRONG
    },
    SYSCTL,
];

/// The kubelet may read only what pods of its node refer to (Kubernetes `plugin/pkg/auth/authorizer/node`).
pub(super) const NODE_AUTHORIZER: Row = Row {
    sign: "node-authorizer",
    phrases: &[
        &["no relationship found between node"],
        &["is forbidden: user *", "cannot get resource"],
        &["is forbidden: user *", "cannot list resource"],
    ],
    details: &[Detail::Between("user \"system:node:", "\"")],
    cause: "the API server does not let the kubelet read an object that the pod refers to",
    named: "the API server does not let the kubelet of {} read an object that the pod refers to",
    next_step: "wait: the API server's node authorizer learns of a new pod a moment later. If it stays so, check that the pod names the object itself, and the load of the API server",
    ..PLATFORM
};

/// Kubernetes `pkg/kubelet/sysctl`; runc writes below `/proc/sys`.
pub(super) const SYSCTL: Row = Row {
    sign: "sysctl",
    phrases: &[
        &["open /proc/sys/"],
        &["write /proc/sys/"],
        &["sysctl ", "not in a separate kernel namespace"],
        &["sysctl ", "not allowed"],
        &["forbidden sysctl"],
        &["sysctlforbidden"],
    ],
    details: &[
        Detail::Between("open /proc/sys/", ":"),
        Detail::Between("write /proc/sys/", ":"),
        Detail::Between("forbidden sysctl: \"", "\""),
        Detail::Between("sysctl \"", "\""),
    ],
    cause: "the node does not know a sysctl that the pods set, or does not allow it",
    named: "the node does not know or not allow the sysctl {} that the pods set",
    next_step: "correct `securityContext.sysctls`. An unsafe one needs the kubelet's `--allowed-unsafe-sysctls` on the nodes",
    ..WRONG
};
