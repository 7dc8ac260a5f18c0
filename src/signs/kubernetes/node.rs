//! Faults of a node that show wherever its kubelet and its container runtime work: pulls, sandboxes, containers.

use super::{
    SubjectKind,
    row::{PLATFORM, Row, UNCLEAR, rows},
};

rows! {
    /// gRPC's words for a socket that nobody serves: containerd, CRI-O, dockershim, named pipes of Windows.
    RUNTIME_DOWN = PLATFORM { sign: "runtime-down", about: Some(SubjectKind::Node),
        shown_by: "dial unix *: connect: |dial unix *: no such file|open //./pipe/|open npipe:\
            |connect to the docker daemon|connection closed before server preface received|error reading from server\
            |transport is closing|client connection is clos|server is not initialized yet|unknown service runtime.\
            |container runtime is down|container runtime is not running",
        unless: "failed (add)|plugin type|networkplugin| cni ",
        cause: "the node's container runtime does not answer",
        next_step: "restart the container runtime on the node (containerd or CRI-O). If it stays down, drain the node" }

    /// Linux' ENOSPC and EDQUOT, Windows' ERROR_DISK_FULL. The inotify limit and full cgroups say ENOSPC too.
    DISK_FULL = PLATFORM { sign: "node-disk-full", about: Some(SubjectKind::Node),
        shown_by: "no space left on device|not enough space on the disk|disk quota exceeded",
        unless: "inotify|fsnotify|/sys/fs/cgroup",
        cause: "the node has no disk space left",
        next_step: "free or add disk space on the node. If that takes long, drain the node" }

    /// Linux' EIO, EROFS and EUCLEAN below the runtime's own folders.
    DISK_BROKEN = PLATFORM { sign: "node-disk-broken", about: Some(SubjectKind::Node),
        shown_by: "input/output error|structure needs cleaning|failed to extract layer…read-only file system\
            |apply layer…read-only file system|failed to create …read-only file system|cyclic redundancy check\
            |createcontainerconfigerror: …read-only file system",
        unless: "mountpoint|mkdirat|error mounting",
        cause: "the node's disk is faulty, or became read-only",
        next_step: "drain the node, then check and repair its disk (`dmesg`)" }

    /// containerd's content store and snapshots, containers/storage: the node lost parts of an image that it has.
    CONTENT = PLATFORM { sign: "node-image-store", about: Some(SubjectKind::Node),
        shown_by: "content digest …not found|failed to get reader from content store|content store\
            |snapshot …does not exist|snapshot …: not found|snapshotter …not found|snapshotter not loaded\
            |missing parent …bucket|target snapshot…already exists|layer not known|image not known\
            |layer does not exist|unable to find layer|creating read-write layer|recreating the missing symlinks\
            |reading name of symlink|error locating item named|failed to get image from containerd\
            |failed to mount rootfs component|failed to create containerd container: …image…not found\
            |hcsshim::preparelayer|hcsshim::activatelayer",
        cause: "the node's image store is damaged",
        next_step: "remove the image from the node so that it is pulled again (`crictl rmi`). If that does not help, drain the node" }

    /// What keeps a runtime from unpacking an image may be the image's or the node's.
    UNPACK = UNCLEAR { sign: "image-unpack",
        shown_by: "failed to extract layer|failed to register layer|applylayer|failed to apply layer\
            |unpacking failed|processing tar file|failed to unpack image on snapshotter|hcsshim::",
        names: "failed to extract layer <rest>|failed to register layer: <rest>|unpacking failed <rest>",
        cause: "the node could not unpack the image[: {}]",
        next_step: "try the image on another node. If it fails there too, build and push it again" }

    /// Linux' EAGAIN of fork: the limit of processes of the node, the pod or the runtime's service.
    NO_PROCESSES = PLATFORM { sign: "node-processes", about: Some(SubjectKind::Node),
        shown_by: "resource temporarily unavailable|fork/exec *: cannot allocate memory\
            |failed to create new os thread|pthread_create failed|pids limit",
        cause: "the node cannot start another process: its limit of processes (PIDs) is reached",
        next_step: "find the pods that start so many processes or threads. If they need them, raise the node's limits (`kernel.pid_max`, `podPidsLimit`, the runtime's `TasksMax`)" }

    /// Linux' ENOMEM outside of a container.
    NO_MEMORY = PLATFORM { sign: "node-memory", about: Some(SubjectKind::Node), shown_by: "cannot allocate memory|insufficient system resources|out of memory",
        cause: "the node has no memory left for another container",
        next_step: "free memory on the node (`kubectl top node`). If that takes long, drain the node" }

    /// inotify(7): instances and watches of all containers of a user count together.
    WATCHES = PLATFORM { sign: "node-watches", about: Some(SubjectKind::Node), shown_by: "inotify|fsnotify",
        cause: "the node has no inotify watches or instances left",
        next_step: "raise `fs.inotify.max_user_instances` and `max_user_watches` on the nodes (sysctl)" }

    /// Linux' EMFILE and ENFILE.
    OPEN_FILES = PLATFORM { sign: "node-open-files", about: Some(SubjectKind::Node), shown_by: "too many open files",
        cause: "the node or its container runtime has too many files open",
        next_step: "raise `fs.file-max` on the node and `LimitNOFILE` of the container runtime's service" }

    /// runc `libcontainer/cgroups`, systemd's D-Bus.
    CGROUP = PLATFORM { sign: "node-cgroup", about: Some(SubjectKind::Node),
        shown_by: "unable to apply cgroup configuration|error setting cgroup config|/sys/fs/cgroup\
            |failed to create cgroup|unable to start unit|cgroup deleted|cgroups: |cgroup: |cgroup manager\
            |pod cgroup|no cgroup mount|cgroupspath|cgroup driver|dbus|systemd failed",
        cause: "the node cannot set up the container's cgroup",
        next_step: "check that the kubelet and the container runtime use the same cgroup driver. If they do, see their logs on the node" }

    /// The runtime's helper of each container: containerd's shim, conmon, the shim of Windows.
    SHIM = PLATFORM { sign: "runtime-fault", about: Some(SubjectKind::Node),
        shown_by: "ttrpc|failed to start shim|shim disconnected|shim exited|containerd-shim|shim …timeout\
            |no running task found|task * not found|task … not found|failed to get sandbox container task\
            |sandbox * not found|sandbox … not found|sandbox container * is not running|specified sandbox not found\
            |container not created or running|container process is already dead|cannot start a stopped process\
            |cannot start an already running|container * does not exist|no such container|no such process\
            |connection closed|is already in use|already exists|name is reserved|conmon|write child: broken pipe\
            |read init-p: |child's pid from pipe|running exec setns process for init|oom_score_adj|oom score adj\
            |hcsshim: |read from the init process|sync pipe|unexpected eof|error reading response\
            |hcs::createcomputesystem|hcs::system::start|hcsshim::|exited unexpectedly|failed to mount rootfs\
            |failed to mount overlay|error creating overlay mount",
        cause: "the node's container runtime failed",
        next_step: "check the container runtime's log on the node. If other pods fail there too, drain the node and restart the runtime" }

    /// The kubelet waits two minutes for an answer of the runtime, and finds its first try still under way
    /// (containerd/containerd#4604).
    RUNTIME_SLOW = PLATFORM { sign: "runtime-slow", about: Some(SubjectKind::Node),
        shown_by: "failed to reserve container name|failed to reserve sandbox name|name * is reserved\
            |error reserving ctr name|error reserving pod name|context deadline exceeded|deadlineexceeded\
            |context canceled|operation timeout|timed out|i/o timeout|is stuck at:",
        cause: "the node's container runtime is too slow to create the container",
        next_step: "check the node's load and disk. If it is overloaded, drain it" }

    /// Hooks of the runtime: NVIDIA's toolkit and CDI.
    GPU = PLATFORM { sign: "gpu-runtime", about: Some(SubjectKind::Node),
        shown_by: "nvidia-container|nvidia-ctk|could not apply required modification to oci specification|nvml\
            |unresolvable cdi devices|cdi device injection failed|failed to inject cdi\
            |could not select device driver|rocm",
        names: "nvidia-container-cli: <rest>|unresolvable cdi devices <rest>",
        cause: "the node's GPU driver or container toolkit does not work[: {}]",
        next_step: "check the GPU driver and the container toolkit on the node (`nvidia-smi`, the device plugin's pod)" }

    /// NVIDIA's toolkit compares what the image asks for with the driver.
    GPU_DRIVER = UNCLEAR { sign: "gpu-driver", shown_by: "unsatisfied condition: ",
        names: "unsatisfied condition: <>,",
        cause: "the image needs another GPU driver than the node has[: {}]",
        next_step: "update the GPU driver on the nodes, or use an image for their CUDA version" }

    /// gRPC's limit of a message: the list of all images or containers of the node.
    REPLY_TOO_LARGE = PLATFORM { sign: "runtime-reply-too-large", shown_by: "received message larger than max",
        cause: "the node's container runtime has more images or containers than fit into one response",
        next_step: "remove unused images and containers from the node (`crictl rmi --prune`)" }

    /// Linux' ESTALE of NFS and ENOTCONN of FUSE: the server or the driver behind a mount went away.
    STALE_MOUNT = PLATFORM { sign: "volume-stale", about: Some(SubjectKind::Node),
        shown_by: "stale file handle|stale nfs file handle|transport endpoint is not connected",
        cause: "a mount on the node is stale: its server or driver went away",
        next_step: "restart the storage driver's pod on the node. If the mount stays stale, unmount it there" }

    /// setrlimit(2): more than the runtime's own service may have.
    LIMITS = PLATFORM { sign: "node-rlimit", about: Some(SubjectKind::Node), shown_by: "rlimit",
        cause: "the node's container runtime is not allowed to set the container's resource limits (rlimit)",
        next_step: "raise the limits of the container runtime's service on the node (`LimitNOFILE` and others)" }

    /// The OCI runtime or its shim is not installed, or not configured.
    RUNTIME_MISSING = PLATFORM { sign: "runtime-missing", about: Some(SubjectKind::Node),
        shown_by: "unable to retrieve oci runtime error|get apparmor_parser version: exec: \
            |fork/exec *: no such file|runtime * binary not installed|invalid runtime name\
            |failed to resolve runtime path|cannot find oci runtime|runtime * not installed",
        names: "fork/exec <>: no such|runtime \"<>\" binary not installed",
        cause: "[the node does not have {}, which starts containers|the node's container runtime lacks a program that starts containers]",
        next_step: "install it on the node. If it is installed, correct the container runtime's configuration" }

    /// Which of the other rows it would be is in no text.
    HOOK = PLATFORM { sign: "runtime-hook", about: Some(SubjectKind::Node),
        shown_by: "error running prestart hook|error running createruntime hook|error running createcontainer hook\
            |error running startcontainer hook|error running hook|error executing hook",
        names: "stderr: <rest>| hook <rest>",
        cause: "a hook of the node's container runtime failed[: {}]",
        next_step: "check the container runtime's hooks on the node" }
}
