//! Why a container could not be created or started: texts of the kubelet and of runc, crun and containerd.

use super::{
    detail::Detail,
    row::{KUBERNETES, Row},
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
        attribution: Attribution::Configuration,
        next_step: "add the key to the object, or correct the reference in `env`",
        ..KUBERNETES
    },
    Row {
        sign: "config-map-missing",
        phrases: &[&["configmap \"", "\" not found"]],
        details: &[Detail::Between("configmap \"", "\"")],
        cause: "a ConfigMap that the container refers to does not exist",
        named: "the ConfigMap {}, which the container's environment refers to, does not exist in this namespace",
        attribution: Attribution::Configuration,
        next_step: "create the ConfigMap, or correct the reference in `env` or `envFrom`",
        ..KUBERNETES
    },
    Row {
        sign: "secret-missing",
        phrases: &[&["secret \"", "\" not found"]],
        details: &[Detail::Between("secret \"", "\"")],
        cause: "a Secret that the container refers to does not exist",
        named: "the Secret {}, which the container's environment refers to, does not exist in this namespace",
        attribution: Attribution::Configuration,
        next_step: "create the Secret, or correct the reference in `env` or `envFrom`",
        ..KUBERNETES
    },
    // Kubernetes `pkg/kubelet/kuberuntime/security_context.go`: intel/CPU-Manager-for-Kubernetes#299, openshift/oc#879
    Row {
        sign: "runs-as-root",
        phrases: &[
            &["runasnonroot and image will run as root"],
            &["runasuser breaks non-root policy"],
        ],
        cause: "`runAsNonRoot` is set, and the container would run as root",
        attribution: Attribution::Configuration,
        next_step: "set `securityContext.runAsUser` to another user than 0, or give the image a numeric `USER`",
        ..KUBERNETES
    },
    Row {
        sign: "user-not-numeric",
        phrases: &[&["image has non-numeric user"]],
        details: &[Detail::Between("non-numeric user (", ")")],
        cause: "`runAsNonRoot` is set, and the image's user is a name, so nobody can tell whether it is root",
        named: "`runAsNonRoot` is set, and the image's user {} is a name, so nobody can tell whether it is root",
        attribution: Attribution::Configuration,
        next_step: "set `securityContext.runAsUser` to its number, or give the image a numeric `USER`",
        ..KUBERNETES
    },
    // Kubernetes `pkg/kubelet/kubelet_pods.go`
    Row {
        sign: "services-not-read",
        phrases: &[&["have not yet been read at least once"]],
        cause: "the kubelet has not read the cluster's Services yet",
        attribution: Attribution::Platform,
        next_step: "wait, and roll out again; if it stays so, see whether the node reaches the API server",
        ..KUBERNETES
    },
    Row {
        sign: "kubelet-cache",
        phrases: &[&["failed to sync ", "cache"]],
        cause: "the kubelet has not read the container's ConfigMaps and Secrets yet",
        attribution: Attribution::Platform,
        next_step: "wait, and roll out again; if it stays so, see whether the node reaches the API server",
        ..KUBERNETES
    },
    Row {
        sign: "sub-path",
        phrases: &[&["failed to prepare subpath"], &["failed to create subpath"]],
        cause: "the `subPath` of a volume mount can't be prepared",
        attribution: Attribution::Unknown,
        next_step: "see that the volume holds the path and that the path is no link out of it",
        ..KUBERNETES
    },
    // runc `libcontainer/rootfs_linux.go`: kubernetes/kubernetes#61545, microsoft/vscode-docker#1303
    Row {
        sign: "mount-type",
        phrases: &[
            &["are you trying to mount a directory onto a file"],
            &["mounting ", "not a directory"],
        ],
        details: &[Detail::Between("to rootfs at \"", "\"")],
        cause: "a directory would be mounted onto a file, or a file onto a directory",
        named: "a directory would be mounted onto a file, or a file onto a directory, at {}",
        attribution: Attribution::Configuration,
        next_step: "mount a single file with `subPath`, or mount to a directory",
        ..KUBERNETES
    },
    // the same: kubernetes/kubernetes#121294, docker/for-mac#5228
    Row {
        sign: "mount-read-only",
        phrases: &[&["read-only file system"]],
        details: &[Detail::Between("to rootfs at \"", "\""), Detail::Path],
        cause: "a mount point would have to be made on a read-only file system",
        named: "the mount point {} would have to be made on a read-only file system",
        attribution: Attribution::Configuration,
        next_step: "mount beside the read-only volume instead of below it, or make the mount point part of the image",
        ..KUBERNETES
    },
    // runc `libcontainer/init_linux.go`
    Row {
        sign: "working-directory",
        phrases: &[&["chdir to cwd"]],
        details: &[Detail::Between("chdir to cwd (\"", "\"")],
        cause: "the working directory is not there or may not be entered",
        named: "the working directory {} is not there or may not be entered",
        attribution: Attribution::Configuration,
        next_step: "correct `workingDir`, or the image's `WORKDIR` and its rights",
        ..KUBERNETES
    },
    // moby/sys `user`
    Row {
        sign: "user-missing",
        phrases: &[
            &["unable to find user "],
            &["no users found"],
            &["no matching entries in passwd file"],
        ],
        details: &[Detail::After("unable to find user ")],
        cause: "the image does not have the user that it should run as",
        named: "the image does not have the user {} that it should run as",
        attribution: Attribution::Configuration,
        next_step: "add the user to the image, or set `securityContext.runAsUser` to a number",
        ..KUBERNETES
    },
    // runc `libcontainer/process_linux.go`
    Row {
        sign: "memory-limit-too-low",
        phrases: &[&["container init was oom-killed"]],
        cause: "the memory limit is too low for the container even to start",
        attribution: Attribution::Configuration,
        next_step: "raise `resources.limits.memory`: a bare number is bytes, `Mi` and `Gi` are meant mostly",
        ..KUBERNETES
    },
    // containerd `pkg/cri`, "failed to generate spec: no command specified"
    Row {
        sign: "no-command",
        phrases: &[&["no command specified"]],
        cause: "neither the image nor the manifest names a command",
        attribution: Attribution::Configuration,
        next_step: "set `command`, or give the image an `ENTRYPOINT` or `CMD`",
        ..KUBERNETES
    },
    // Linux' ENOEXEC, by runc and crun
    Row {
        sign: "wrong-platform",
        phrases: &[&["exec format error"]],
        details: &[Detail::Between("exec: \"", "\""), Detail::Path],
        cause: "the program is built for another platform than the node's, or is a script without `#!`",
        named: "{} is built for another platform than the node's, or is a script without `#!`",
        attribution: Attribution::Configuration,
        next_step: "build the image for the nodes' platform, or choose nodes with `kubernetes.io/arch`",
        ..KUBERNETES
    },
    Row {
        sign: "command-not-executable",
        phrases: &[&["exec", "permission denied"], &["is a directory"]],
        details: &[Detail::Between("exec: \"", "\"")],
        cause: "the command is not executable",
        named: "the command {} is not executable",
        attribution: Attribution::Configuration,
        next_step: "set its executable bit in the image (`chmod +x`), or correct `command`",
        ..KUBERNETES
    },
    // runc and crun; Go `os/exec`
    Row {
        sign: "command-missing",
        phrases: &[
            &["executable file not found"],
            &["exec", "no such file or directory"],
            &["executable file `", "not found"],
        ],
        details: &[Detail::Between("exec: \"", "\""), Detail::Between("executable file `", "`")],
        cause: "the command is not in the image",
        named: "the command {} is not in the image",
        attribution: Attribution::Configuration,
        next_step: "correct `command` or the image's `ENTRYPOINT`, or add the file to the image",
        ..KUBERNETES
    },
    Row {
        sign: "apparmor-profile",
        phrases: &[&["apparmor profile not found"], &["apparmor", "profile", "not loaded"]],
        cause: "the AppArmor profile is not loaded on the node",
        attribution: Attribution::Configuration,
        next_step: "load the profile on the nodes, or correct `appArmorProfile`",
        ..KUBERNETES
    },
    // containerd/containerd#4604
    Row {
        sign: "runtime-slow",
        phrases: &[&["failed to reserve container name"], &["context deadline exceeded"]],
        cause: "the node's container runtime is too slow to create the container",
        attribution: Attribution::Platform,
        next_step: "see the node's load and disk, and move the pod to another node",
        ..KUBERNETES
    },
    Row {
        sign: "node-disk-full",
        phrases: &[&["no space left on device"]],
        cause: "the node has no disk space left",
        attribution: Attribution::Platform,
        next_step: "free or add disk space on the node, or move the pod to another",
        ..KUBERNETES
    },
];
