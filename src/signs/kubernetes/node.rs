//! Faults of a node that show wherever its kubelet and its container runtime work: pulls, sandboxes, containers.

use super::{
    Certainty,
    detail::Detail,
    row::{PLATFORM, Row},
};
use crate::evidence::Attribution;

/// gRPC's words for a socket that nobody serves: containerd, CRI-O, dockershim, named pipes of Windows.
pub(super) const RUNTIME_DOWN: Row = Row {
    sign: "runtime-down",
    phrases: &[
        &["dial unix *: connect: "],
        &["dial unix *: no such file"],
        &["open //./pipe/"],
        &["open npipe:"],
        &["connect to the docker daemon"],
        &["connection closed before server preface received"],
        &["error reading from server"],
        &["transport is closing"],
        &["client connection is clos"],
        &["server is not initialized yet"],
        &["unknown service runtime."],
        &["container runtime is down"],
        &["container runtime is not running"],
    ],
    // a network plugin's own socket
    unless: &["failed (add)", "plugin type", "networkplugin", " cni "],
    cause: "the node's container runtime does not answer",
    next_step: "check the container runtime on the node (containerd or CRI-O: `systemctl status`, its log), or move the pods to another node",
    ..PLATFORM
};

/// Linux' ENOSPC and EDQUOT, Windows' ERROR_DISK_FULL. The inotify limit and full cgroups say ENOSPC too.
pub(super) const DISK_FULL: Row = Row {
    sign: "node-disk-full",
    phrases: &[
        &["no space left on device"],
        &["not enough space on the disk"],
        &["disk quota exceeded"],
    ],
    unless: &["inotify", "fsnotify", "/sys/fs/cgroup"],
    cause: "the node has no disk space left",
    next_step: "free or add disk space on the node, or move the pods to another",
    ..PLATFORM
};

/// Linux' EIO, EROFS and EUCLEAN below the runtime's own folders.
pub(super) const DISK_BROKEN: Row = Row {
    sign: "node-disk-broken",
    phrases: &[
        &["input/output error"],
        &["structure needs cleaning"],
        &["failed to extract layer", "read-only file system"],
        &["apply layer", "read-only file system"],
        &["failed to create ", "read-only file system"],
        &["cyclic redundancy check"],
        &["createcontainerconfigerror: ", "read-only file system"],
    ],
    unless: &["mountpoint", "mkdirat", "error mounting"],
    cause: "the node's disk has a fault or became read-only",
    next_step: "drain the node and check its disk (`dmesg`), then repair or replace it",
    ..PLATFORM
};

/// containerd's content store and snapshots, containers/storage: the node lost parts of an image that it has.
pub(super) const CONTENT: Row = Row {
    sign: "node-image-store",
    phrases: &[
        &["content digest ", "not found"],
        &["failed to get reader from content store"],
        &["content store"],
        &["snapshot ", "does not exist"],
        &["snapshot ", ": not found"],
        &["snapshotter ", "not found"],
        &["snapshotter not loaded"],
        &["missing parent ", "bucket"],
        &["target snapshot", "already exists"],
        &["layer not known"],
        &["image not known"],
        &["layer does not exist"],
        &["unable to find layer"],
        &["creating read-write layer"],
        &["recreating the missing symlinks"],
        &["reading name of symlink"],
        &["error locating item named"],
        &["failed to get image from containerd"],
        &["failed to mount rootfs component"],
        &["failed to create containerd container: ", "image", "not found"],
        &["hcsshim::preparelayer"],
        &["hcsshim::activatelayer"],
    ],
    cause: "the node's store of images is damaged",
    next_step: "remove the image from the node so that it is pulled anew (`crictl rmi`), or move the pods to another node",
    ..PLATFORM
};

/// What keeps a runtime from unpacking an image may be the image's or the node's.
pub(super) const UNPACK: Row = Row {
    sign: "image-unpack",
    phrases: &[
        &["failed to extract layer"],
        &["failed to register layer"],
        &["applylayer"],
        &["failed to apply layer"],
        &["unpacking failed"],
        &["processing tar file"],
        &["failed to unpack image on snapshotter"],
        &["hcsshim::"],
    ],
    details: &[
        Detail::Rest("failed to extract layer "),
        Detail::Rest("failed to register layer: "),
        Detail::Rest("unpacking failed "),
    ],
    cause: "the node could not unpack the image",
    named: "the node could not unpack the image: {}",
    attribution: Attribution::Unknown,
    next_step: "try the image on another node: if it fails there too, build and push it again; else check this node's container runtime",
    ..PLATFORM
};

/// Linux' EAGAIN of fork: the limit of processes of the node, the pod or the runtime's service.
pub(super) const NO_PROCESSES: Row = Row {
    sign: "node-processes",
    phrases: &[
        &["resource temporarily unavailable"],
        &["fork/exec *: cannot allocate memory"],
        &["failed to create new os thread"],
        &["pthread_create failed"],
        &["pids limit"],
    ],
    cause: "the node may not start another process: its limit of processes (PIDs) is reached",
    next_step: "see which pods start so many processes or threads, and raise the node's limits (`kernel.pid_max`, `podPidsLimit`, the runtime's `TasksMax`)",
    ..PLATFORM
};

/// Linux' ENOMEM outside of a container.
pub(super) const NO_MEMORY: Row = Row {
    sign: "node-memory",
    phrases: &[&["cannot allocate memory"], &["insufficient system resources"], &["out of memory"]],
    cause: "the node has no memory left for another container",
    next_step: "free memory on the node (`kubectl top node`), or move the pods to another",
    ..PLATFORM
};

/// inotify(7): instances and watches of all containers of a user count together.
pub(super) const WATCHES: Row = Row {
    sign: "node-watches",
    phrases: &[&["inotify"], &["fsnotify"]],
    cause: "the node has no inotify watches or instances left",
    next_step: "raise `fs.inotify.max_user_instances` and `max_user_watches` on the nodes (sysctl), or move the pods to another node",
    ..PLATFORM
};

/// Linux' EMFILE and ENFILE.
pub(super) const OPEN_FILES: Row = Row {
    sign: "node-open-files",
    phrases: &[&["too many open files"]],
    cause: "the node, or its container runtime, has too many files open",
    next_step: "raise `fs.file-max` on the node and `LimitNOFILE` of the container runtime's service, and see which pods open so many",
    ..PLATFORM
};

/// runc `libcontainer/cgroups`, systemd's D-Bus.
pub(super) const CGROUP: Row = Row {
    sign: "node-cgroup",
    phrases: &[
        &["unable to apply cgroup configuration"],
        &["error setting cgroup config"],
        &["/sys/fs/cgroup"],
        &["failed to create cgroup"],
        &["unable to start unit"],
        &["cgroup deleted"],
        &["cgroups: "],
        &["cgroup: "],
        &["cgroup manager"],
        &["pod cgroup"],
        &["no cgroup mount"],
        &["cgroupspath"],
        &["cgroup driver"],
        &["dbus"],
        &["systemd failed"],
    ],
    cause: "the node cannot set up the container's cgroup",
    next_step: "see the kubelet's and the container runtime's log on the node, check that both use the same cgroup driver, and move the pods to another node meanwhile",
    ..PLATFORM
};

/// The runtime's helper of each container: containerd's shim, conmon, the shim of Windows.
pub(super) const SHIM: Row = Row {
    sign: "runtime-fault",
    phrases: &[
        &["ttrpc"],
        &["failed to start shim"],
        &["shim disconnected"],
        &["shim exited"],
        &["containerd-shim"],
        &["shim ", "timeout"],
        &["no running task found"],
        &["task * not found"],
        &["task ", " not found"],
        &["failed to get sandbox container task"],
        &["sandbox * not found"],
        &["sandbox ", " not found"],
        &["sandbox container * is not running"],
        &["specified sandbox not found"],
        &["container not created or running"],
        &["container process is already dead"],
        &["cannot start a stopped process"],
        &["cannot start an already running"],
        &["container * does not exist"],
        &["no such container"],
        &["no such process"],
        &["connection closed"],
        &["is already in use"],
        &["already exists"],
        &["name is reserved"],
        &["conmon"],
        &["write child: broken pipe"],
        &["read init-p: "],
        &["child's pid from pipe"],
        &["running exec setns process for init"],
        &["oom_score_adj"],
        &["oom score adj"],
        &["hcsshim: "],
        &["read from the init process"],
        &["sync pipe"],
        &["unexpected eof"],
        &["error reading response"],
        &["hcs::createcomputesystem"],
        &["hcs::system::start"],
        &["hcsshim::"],
        &["exited unexpectedly"],
        &["failed to mount rootfs"],
        &["failed to mount overlay"],
        &["error creating overlay mount"],
    ],
    cause: "the node's container runtime failed",
    next_step: "see the container runtime's log on the node; if other pods fail there too, drain it and restart the runtime",
    ..PLATFORM
};

/// The kubelet waits two minutes for an answer of the runtime, and finds its first try still under way
/// (containerd/containerd#4604).
pub(super) const RUNTIME_SLOW: Row = Row {
    sign: "runtime-slow",
    phrases: &[
        &["failed to reserve container name"],
        &["failed to reserve sandbox name"],
        &["name * is reserved"],
        &["error reserving ctr name"],
        &["error reserving pod name"],
        &["context deadline exceeded"],
        &["deadlineexceeded"],
        &["context canceled"],
        &["operation timeout"],
        &["timed out"],
        &["i/o timeout"],
        &["is stuck at:"],
    ],
    cause: "the node's container runtime is too slow to create the container",
    next_step: "see the node's load and disk, and move the pod to another node",
    ..PLATFORM
};

/// Hooks of the runtime: NVIDIA's toolkit and CDI.
pub(super) const GPU: Row = Row {
    sign: "gpu-runtime",
    phrases: &[
        &["nvidia-container"],
        &["nvidia-ctk"],
        &["could not apply required modification to oci specification"],
        &["nvml"],
        &["unresolvable cdi devices"],
        &["cdi device injection failed"],
        &["failed to inject cdi"],
        &["could not select device driver"],
        &["rocm"],
    ],
    details: &[Detail::Rest("nvidia-container-cli: "), Detail::Rest("unresolvable cdi devices ")],
    cause: "the node's GPU driver or container toolkit does not work",
    named: "the node's GPU driver or container toolkit does not work: {}",
    next_step: "check the GPU driver and the container toolkit on the node (`nvidia-smi`, the device plugin's pod), or move the pods to another GPU node",
    ..PLATFORM
};

/// NVIDIA's toolkit compares what the image asks for with the driver.
pub(super) const GPU_DRIVER: Row = Row {
    sign: "gpu-driver",
    phrases: &[&["unsatisfied condition: "]],
    details: &[Detail::Between("unsatisfied condition: ", ",")],
    cause: "the image needs another GPU driver than the node has",
    named: "the image needs a GPU driver that the node does not have: {}",
    attribution: Attribution::Unknown,
    next_step: "update the GPU driver on the nodes, or use an image for the CUDA version that they have",
    ..PLATFORM
};

/// gRPC's limit of a message: the list of all images or containers of the node.
pub(super) const REPLY_TOO_LARGE: Row = Row {
    sign: "runtime-reply-too-large",
    phrases: &[&["received message larger than max"]],
    cause: "the node's container runtime has more images or containers than fit into one answer",
    next_step: "remove what is not used from the node (`crictl rmi --prune`, ended containers), or move the pods to another",
    ..PLATFORM
};

/// Linux' ESTALE of NFS and ENOTCONN of FUSE: the server or the driver behind a mount went away.
pub(super) const STALE_MOUNT: Row = Row {
    sign: "volume-stale",
    phrases: &[
        &["stale file handle"],
        &["stale nfs file handle"],
        &["transport endpoint is not connected"],
    ],
    cause: "a mount on the node is dead: its server or its driver went away",
    next_step: "unmount it on the node or restart the storage driver's pod there, or move the pods to another node",
    ..PLATFORM
};

/// setrlimit(2): more than the runtime's own service may have.
pub(super) const LIMITS: Row = Row {
    sign: "node-rlimit",
    phrases: &[&["rlimit"]],
    cause: "the node's container runtime may not set the limits (rlimit) that the container should have",
    next_step: "raise the limits of the container runtime's service on the node (`LimitNOFILE` and the like)",
    ..PLATFORM
};

/// The OCI runtime or its shim is not installed, or not configured.
pub(super) const RUNTIME_MISSING: Row = Row {
    sign: "runtime-missing",
    phrases: &[
        &["unable to retrieve oci runtime error"],
        &["get apparmor_parser version: exec: "],
        &["fork/exec *: no such file"],
        &["runtime * binary not installed"],
        &["invalid runtime name"],
        &["failed to resolve runtime path"],
        &["cannot find oci runtime"],
        &["runtime * not installed"],
    ],
    details: &[
        Detail::Between("fork/exec ", ": no such"),
        Detail::Between("runtime \"", "\" binary not installed"),
    ],
    cause: "the node's container runtime misses a program that starts containers",
    named: "the node does not have {}, which should start the container",
    next_step: "install it on the node or correct the container runtime's configuration, or choose nodes that have it",
    ..PLATFORM
};

/// Which of the other rows it would be is in no text.
pub(super) const HOOK: Row = Row {
    sign: "runtime-hook",
    phrases: &[
        &["error running prestart hook"],
        &["error running createruntime hook"],
        &["error running createcontainer hook"],
        &["error running startcontainer hook"],
        &["error running hook"],
        &["error executing hook"],
    ],
    details: &[Detail::Rest("stderr: "), Detail::Rest(" hook ")],
    cause: "a hook of the node's container runtime failed",
    named: "a hook of the node's container runtime failed: {}",
    certainty: Certainty::Certain,
    next_step: "see the container runtime's hooks on the node, and move the pods to another node meanwhile",
    ..PLATFORM
};
