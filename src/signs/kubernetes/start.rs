//! Why a container's process could not be started: command, image, user, mounts. Texts of runc, crun, gVisor, Kata and
//! Windows, which containerd, CRI-O and Docker pass on.

use super::{
    node::{
        CGROUP, CONTENT, DISK_BROKEN, DISK_FULL, GPU, GPU_DRIVER, HOOK, LIMITS, NO_MEMORY,
        NO_PROCESSES, OPEN_FILES, RUNTIME_DOWN, RUNTIME_MISSING, RUNTIME_SLOW, SHIM, STALE_MOUNT,
        WATCHES,
    },
    row::{PLATFORM, Row, UNCLEAR, WRONG, rows},
};
use crate::evidence::Attribution::Unknown;

const COMMAND: &str = "exec: \\\\\\\"<>\\|exec: \\\"<>\\|exec: \"<>\"|executable file `<>`|process `<>`|finding executable \"<>\"\
    |fork/exec <>:|exec <>:";

pub(super) const ROWS: &[Row] = rows! {
    // before the rows on commands: the missing program is the node's
    RUNTIME_MISSING {}
    GPU_DRIVER {}
    GPU {}
    // runc `libcontainer/process_linux.go`, crun, CRI-O `server/container_create.go`, Docker
    MEMORY_LIMIT {}
    // Linux' ENOEXEC, by runc and crun; Windows' versions of containers and hosts
    WRONG { sign: "wrong-platform",
        shown_by: "exec format error|container operating system does not match|is incompatible with a * host\
            |not compatible with the version of windows|not a valid win32 application|cannot execute binary file\
            |no match for platform",
        names: COMMAND,
        cause: "[{}|the program] is built for another platform than the node's, or is a script without `#!`",
        next_step: "build the image for the nodes' platform. If it is right, choose nodes with `kubernetes.io/arch` or `kubernetes.io/os`" }
    WRONG { sign: "command-not-executable",
        shown_by: "exec: *: permission denied|exec *: permission denied|exec: *: is a directory\
            |exec *: is a directory|exec: *: stat …: permission denied|executable file * not executable\
            |open executable: permission denied|open executable: is a directory|executable path is not a file\
            |exec container process…: permission denied|exec container process…: is a directory\
            |createprocess…: access is denied",
        unless: "fork/exec",
        names: COMMAND,
        cause: "the command [{} ]is not executable",
        next_step: "make the file executable in the image (`chmod +x`). If it is the wrong one, correct `command`" }
    // execve(2), EPERM: file capabilities that the container may not have
    WRONG { sign: "command-not-permitted",
        shown_by: "exec: *: operation not permitted|exec *: operation not permitted\
            |exec container process…: operation not permitted",
        unless: "fork/exec",
        names: COMMAND,
        cause: "the file of [{}|the command] asks for capabilities that the container does not have",
        next_step: "add them with `securityContext.capabilities.add`, or build the image without them (`setcap -r`)" }
    // execve(2), E2BIG
    WRONG { sign: "environment-too-large", shown_by: "argument list too long",
        cause: "the command's arguments and environment are larger than Linux allows",
        next_step: "shorten `args` and `env`. If the namespace has many Services, set `enableServiceLinks: false`" }
    // execve(2), ENOENT of a file that was found: its `#!` line or its ELF interpreter names what is not there
    WRONG { sign: "interpreter-missing", shown_by: "exec *: no such file|exec container process…: no such file",
        unless: "fork/exec",
        names: COMMAND,
        cause: "the interpreter (`#!`) or dynamic loader of [{}|the command] is not in the image",
        next_step: "add the shell, program or C library that it needs to the image. If its first line ends with a carriage return, save it with Unix line ends" }
    // runc and crun; Go `os/exec`; Kata; gVisor; Windows
    WRONG { sign: "command-missing",
        shown_by: "executable file not found|executable file * not found|exec: *: stat …: no such file\
            |exec: *: stat …: not a directory|exec: *: no such file|exec: *: not a directory\
            |exec: *: too many levels of symbolic links\
            |exec: *: cannot run executable found relative to current directory|open executable: no such file\
            |error finding executable|failed to find executable|the file … was not found\
            |createprocess…the system cannot find the",
        unless: "fork/exec",
        names: COMMAND,
        cause: "the command [{} ]is not in the image",
        next_step: "correct `command` or the image's `ENTRYPOINT`. If they are right, add the file to the image" }
    // containerd `pkg/cri`, "failed to generate spec: no command specified"
    WRONG { sign: "no-command", shown_by: "no command specified",
        cause: "neither the image nor the manifest names a command",
        next_step: "set `command`, or give the image an `ENTRYPOINT` or `CMD`" }
    // moby/sys `user`; Windows' ERROR_NONE_MAPPED
    WRONG { sign: "user-missing",
        shown_by: "unable to find user |unable to find group |no users found|no matching entries in passwd file\
            |no matching entries in group file|unknown user|error lookup user|no mapping between account names\
            |user name or password is incorrect|user name could not be found",
        names: "unable to find user <word>|unable to find group <word>",
        cause: "the image does not have the user [{} ]that the container should run as",
        next_step: "add the user to the image, or set `securityContext.runAsUser` to a number" }
    // runc `libcontainer/init_linux.go`, which makes a working directory that is missing
    WRONG { sign: "working-directory",
        shown_by: "chdir to cwd|container init: mkdir *: |container process: mkdir *: |chdir *: |chdir: \
            |failed to find initial working directory\
            |current working directory is outside of container mount namespace\
            |createprocess…the directory name is invalid",
        names: "chdir to cwd (\"<>\"|container init: mkdir <>:|container process: mkdir <>:|chdir `<>`",
        cause: "the working directory [{} ]is missing and cannot be created, or is not accessible",
        next_step: "correct `workingDir`, or the image's `WORKDIR` and its permissions" }
    // the kernel's own file systems: runc 1.2 in a container, in a user namespace, or on a kernel that hides them
    PLATFORM { sign: "runtime-kernel-mounts",
        shown_by: "mounting \"proc\" to rootfs|mounting \"sysfs\" to rootfs|mounting \"cgroup\" to rootfs\
            |mounting \"mqueue\" to rootfs|mounting \"devpts\" to rootfs|mounting \"tmpfs\" to rootfs\
            |mount `proc` to|mount `sysfs` to|mount `cgroup` to",
        names: "mounting \"<>\"|mount `<>`",
        cause: "the node's container runtime is not allowed to mount [{} for the container|one of the kernel's file systems]",
        next_step: "update runc on the node. If the node is itself a container, let it mount `/proc` and `/sys` (privileged, unmasked)" }
    // runc `libcontainer/rootfs_linux.go`: kubernetes/kubernetes#61545, microsoft/vscode-docker#1303
    WRONG { sign: "mount-type",
        shown_by: "are you trying to mount a directory onto a file|mounting …not a directory|mount …not a directory\
            |mounting …is a directory|creating file …is a directory|creating …: not a directory",
        names: "to rootfs at \"<>\"|to `<>`",
        cause: "a directory would be mounted onto a file, or a file onto a directory[, at {}]",
        next_step: "mount a single file with `subPath`, or mount to a directory" }
    // the same: kubernetes/kubernetes#121294, docker/for-mac#5228; Secrets and ConfigMaps are mounted read-only
    WRONG { sign: "mount-read-only",
        shown_by: "mounting …read-only file system|mountpoint…read-only file system\
            |mount point…read-only file system|mkdirat …read-only file system|creating file …read-only file system\
            |openat2 …read-only file system|container create failed…mkdir …read-only file system",
        names: "to rootfs at \"<>\"|creating file `<>`|mkdir `<>`|<path>",
        cause: "the mount point [{} ]would have to be created on a read-only file system",
        next_step: "mount beside the read-only volume instead of below it, or create the mount point in the image" }
    WRONG { sign: "mount-path",
        shown_by: "mount destination…not absolute|duplicate mount point|invalid mount path|destination can't be\
            |invalid volume specification|must be unique…mountpath|is outside of rootfs|not allowed: …masked path",
        cause: "a `mountPath` of the container is invalid",
        next_step: "correct the `mountPath`: absolute, each one once, and not `/`" }
    UNCLEAR { sign: "mount-failed",
        shown_by: "error mounting … to rootfs|mount `…` to |failed to mount volume|cannot stat ",
        names: "to rootfs at \"<>\"|` to `<>`",
        cause: "a volume could not be mounted into the container[ at {}]",
        next_step: "check that the mount's source exists on the node: the path of a `hostPath`, the key behind a `subPath`, the storage" }
    // runc `libcontainer/devices`; device plugins
    PLATFORM { sign: "node-device",
        shown_by: "/dev/null|error gathering device information|no such device|open /dev/…operation not permitted\
            |stat /dev/|creating device node|mknod|prestartcontainer",
        unless: "rootfs component",
        names: "custom device \"<>\"|open <>:|stat <>:",
        cause: "the device [{} ]that the container needs cannot be used on the node",
        next_step: "check the device and its plugin on the node. If they are healthy, check the versions of runc and systemd there" }
    WRONG { sign: "host-port-taken", attribution: Unknown,
        shown_by: "port is already allocated|bind for …failed|address already in use",
        cause: "the pods ask for a `hostPort` that is taken on the node",
        next_step: "remove `hostPort`, or stop what else listens on that port of the node",
        where_pods_surge: "remove `hostPort`. If the old pod holds the port, let it go first (`maxSurge: 0`)" }
    HOOK {}
};

/// Faults of the node, after all that is the container's own.
pub(super) const NODE: &[Row] = rows! {
    WATCHES {}
    OPEN_FILES {}
    LIMITS {}
    STALE_MOUNT {}
    NO_PROCESSES {}
    CGROUP {}
    DISK_FULL {}
    CONTENT {}
    DISK_BROKEN {}
    RUNTIME_DOWN {}
    RUNTIME_SLOW {}
    SHIM {}
    NO_MEMORY {}
};

rows! {
    /// The kernel ends runc's own init: it needs some 10 MB.
    MEMORY_LIMIT = WRONG { sign: "memory-limit-too-low",
        shown_by: "container init was oom-killed|memory limit could be too low|memory limit too low\
            |memory limit … too low|minimum memory limit|unable to set memory limit\
            |write /sys/fs/cgroup/…memory…device or resource busy|container init caused to be oom-killed",
        cause: "the memory limit is too low for the container even to start",
        next_step: "raise `resources.limits.memory`. If it has no unit, add one: a bare number is bytes, and `m` is a thousandth of one" }
}
