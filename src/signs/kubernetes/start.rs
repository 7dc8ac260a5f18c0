//! Why a container's process could not be started: command, image, user, mounts. Texts of runc, crun, gVisor, Kata and
//! Windows, which containerd, CRI-O and Docker pass on.

use super::{
    detail::Detail,
    node,
    row::{PLATFORM, Row, WRONG},
};
use crate::evidence::Attribution;

const COMMAND: &[Detail] = &[
    Detail::Between("exec: \\\\\\\"", "\\"),
    Detail::Between("exec: \\\"", "\\"),
    Detail::Between("exec: \"", "\""),
    Detail::Between("executable file `", "`"),
    Detail::Between("process `", "`"),
    Detail::Between("finding executable \"", "\""),
    Detail::Between("fork/exec ", ":"),
    Detail::Between("exec ", ":"),
];

pub(super) const ROWS: &[Row] = &[
    // before the rows on commands: the missing program is the node's
    node::RUNTIME_MISSING,
    node::GPU_DRIVER,
    node::GPU,
    // runc `libcontainer/process_linux.go`, crun, CRI-O `server/container_create.go`, Docker
    MEMORY_LIMIT,
    // Linux' ENOEXEC, by runc and crun; Windows' versions of containers and hosts
    Row {
        sign: "wrong-platform",
        phrases: &[
            &["exec format error"],
            &["container operating system does not match"],
            &["is incompatible with a * host"],
            &["not compatible with the version of windows"],
            &["not a valid win32 application"],
            &["cannot execute binary file"],
            &["no match for platform"],
        ],
        details: COMMAND,
        cause: "the program is built for another platform than the node's, or is a script without `#!`",
        named: "{} is built for another platform than the node's, or is a script without `#!`",
        next_step: "build the image for the nodes' platform, or choose nodes with `kubernetes.io/arch` or `kubernetes.io/os`",
        ..WRONG
    },
    Row {
        sign: "command-not-executable",
        phrases: &[
            &["exec: *: permission denied"],
            &["exec *: permission denied"],
            &["exec: *: is a directory"],
            &["exec *: is a directory"],
            &["exec: *: stat ", ": permission denied"],
            &["executable file * not executable"],
            &["open executable: permission denied"],
            &["open executable: is a directory"],
            &["executable path is not a file"],
            &["exec container process", ": permission denied"],
            &["exec container process", ": is a directory"],
            &["createprocess", ": access is denied"],
        ],
        unless: &["fork/exec"],
        details: COMMAND,
        cause: "the command is not executable",
        named: "the command {} is not executable",
        next_step: "set its executable bit in the image (`chmod +x`), or correct `command`",
        ..WRONG
    },
    // execve(2), EPERM: file capabilities that the container may not have
    Row {
        sign: "command-not-permitted",
        phrases: &[
            &["exec: *: operation not permitted"],
            &["exec *: operation not permitted"],
            &["exec container process", ": operation not permitted"],
        ],
        unless: &["fork/exec"],
        details: COMMAND,
        cause: "the program's file asks for capabilities that the container may not have",
        named: "the file of {} asks for capabilities that the container may not have",
        next_step: "add them with `securityContext.capabilities.add`, or build the image without them (`setcap -r`)",
        ..WRONG
    },
    // execve(2), E2BIG
    Row {
        sign: "environment-too-large",
        phrases: &[&["argument list too long"]],
        cause: "the command's arguments and environment are larger than Linux allows",
        next_step: "shorten `args` and `env`. If the namespace has many Services, set `enableServiceLinks: false`",
        ..WRONG
    },
    // execve(2), ENOENT of a file that was found: its `#!` line or its ELF interpreter names what is not there
    Row {
        sign: "interpreter-missing",
        phrases: &[&["exec *: no such file"], &["exec container process", ": no such file"]],
        unless: &["fork/exec"],
        details: COMMAND,
        cause: "the command's interpreter (`#!`) or dynamic loader is not in the image",
        named: "the interpreter (`#!`) or dynamic loader of {} is not in the image",
        next_step: "add it to the image: the shell or program that the first line names (without a carriage return at its end), or the C library that the program was built for; else build it statically",
        ..WRONG
    },
    // runc and crun; Go `os/exec`; Kata; gVisor; Windows
    Row {
        sign: "command-missing",
        phrases: &[
            &["executable file not found"],
            &["executable file * not found"],
            &["exec: *: stat ", ": no such file"],
            &["exec: *: stat ", ": not a directory"],
            &["exec: *: no such file"],
            &["exec: *: not a directory"],
            &["exec: *: too many levels of symbolic links"],
            &["exec: *: cannot run executable found relative to current directory"],
            &["open executable: no such file"],
            &["error finding executable"],
            &["failed to find executable"],
            &["the file ", " was not found"],
            &["createprocess", "the system cannot find the"],
        ],
        unless: &["fork/exec"],
        details: COMMAND,
        cause: "the command is not in the image",
        named: "the command {} is not in the image",
        next_step: "correct `command` or the image's `ENTRYPOINT`, or add the file to the image",
        ..WRONG
    },
    // containerd `pkg/cri`, "failed to generate spec: no command specified"
    Row {
        sign: "no-command",
        phrases: &[&["no command specified"]],
        cause: "neither the image nor the manifest names a command",
        next_step: "set `command`, or give the image an `ENTRYPOINT` or `CMD`",
        ..WRONG
    },
    // moby/sys `user`; Windows' ERROR_NONE_MAPPED
    Row {
        sign: "user-missing",
        phrases: &[
            &["unable to find user "],
            &["unable to find group "],
            &["no users found"],
            &["no matching entries in passwd file"],
            &["no matching entries in group file"],
            &["unknown user"],
            &["error lookup user"],
            &["no mapping between account names"],
            &["user name or password is incorrect"],
            &["user name could not be found"],
        ],
        details: &[Detail::After("unable to find user "), Detail::After("unable to find group ")],
        cause: "the image does not have the user that it should run as",
        named: "the image does not have the user {} that it should run as",
        next_step: "add the user to the image, or set `securityContext.runAsUser` to a number",
        ..WRONG
    },
    // runc `libcontainer/init_linux.go`, which makes a working directory that is missing
    Row {
        sign: "working-directory",
        phrases: &[
            &["chdir to cwd"],
            &["container init: mkdir *: "],
            &["container process: mkdir *: "],
            &["chdir *: "],
            &["chdir: "],
            &["failed to find initial working directory"],
            &["current working directory is outside of container mount namespace"],
            &["createprocess", "the directory name is invalid"],
        ],
        details: &[
            Detail::Between("chdir to cwd (\"", "\""),
            Detail::Between("container init: mkdir ", ":"),
            Detail::Between("container process: mkdir ", ":"),
            Detail::Between("chdir `", "`"),
        ],
        cause: "the working directory is not there and cannot be made, or may not be entered",
        named: "the working directory {} is not there and cannot be made, or may not be entered",
        next_step: "correct `workingDir`, or the image's `WORKDIR` and its rights",
        ..WRONG
    },
    // the kernel's own file systems: runc 1.2 in a container, in a user namespace, or on a kernel that hides them
    Row {
        sign: "runtime-kernel-mounts",
        phrases: &[
            &["mounting \"proc\" to rootfs"],
            &["mounting \"sysfs\" to rootfs"],
            &["mounting \"cgroup\" to rootfs"],
            &["mounting \"mqueue\" to rootfs"],
            &["mounting \"devpts\" to rootfs"],
            &["mounting \"tmpfs\" to rootfs"],
            &["mount `proc` to"],
            &["mount `sysfs` to"],
            &["mount `cgroup` to"],
        ],
        details: &[Detail::Between("mounting \"", "\""), Detail::Between("mount `", "`")],
        cause: "the node's container runtime may not mount one of the kernel's file systems",
        named: "the node's container runtime may not mount {} for the container",
        next_step: "if the node is itself a container, let it mount `/proc` and `/sys` (privileged, unmasked); else update runc on it. With `hostUsers: false`, try without",
        ..PLATFORM
    },
    // runc `libcontainer/rootfs_linux.go`: kubernetes/kubernetes#61545, microsoft/vscode-docker#1303
    Row {
        sign: "mount-type",
        phrases: &[
            &["are you trying to mount a directory onto a file"],
            &["mounting ", "not a directory"],
            &["mount ", "not a directory"],
            &["mounting ", "is a directory"],
            &["creating file ", "is a directory"],
            &["creating ", ": not a directory"],
        ],
        details: &[Detail::Between("to rootfs at \"", "\""), Detail::Between("to `", "`")],
        cause: "a directory would be mounted onto a file, or a file onto a directory",
        named: "a directory would be mounted onto a file, or a file onto a directory, at {}",
        next_step: "mount a single file with `subPath`, or mount to a directory",
        ..WRONG
    },
    // the same: kubernetes/kubernetes#121294, docker/for-mac#5228; Secrets and ConfigMaps are mounted read-only
    Row {
        sign: "mount-read-only",
        phrases: &[
            &["mounting ", "read-only file system"],
            &["mountpoint", "read-only file system"],
            &["mount point", "read-only file system"],
            &["mkdirat ", "read-only file system"],
            &["creating file ", "read-only file system"],
            &["openat2 ", "read-only file system"],
            &["container create failed", "mkdir ", "read-only file system"],
        ],
        details: &[
            Detail::Between("to rootfs at \"", "\""),
            Detail::Between("creating file `", "`"),
            Detail::Between("mkdir `", "`"),
            Detail::Path,
        ],
        cause: "a mount point would have to be made on a read-only file system",
        named: "the mount point {} would have to be made on a read-only file system",
        next_step: "mount beside the read-only volume (a Secret, a ConfigMap, or one with `readOnly: true`) instead of below it, or make the mount point part of the image",
        ..WRONG
    },
    Row {
        sign: "mount-path",
        phrases: &[
            &["mount destination", "not absolute"],
            &["duplicate mount point"],
            &["invalid mount path"],
            &["destination can't be"],
            &["invalid volume specification"],
            &["must be unique", "mountpath"],
            &["is outside of rootfs"],
            &["not allowed: ", "masked path"],
        ],
        cause: "a `mountPath` of the container is not one that can be mounted to",
        next_step: "correct the `mountPath`: absolute, each one once, and not `/`",
        ..WRONG
    },
    Row {
        sign: "mount-failed",
        phrases: &[
            &["error mounting ", " to rootfs"],
            &["mount `", "` to "],
            &["failed to mount volume"],
            &["cannot stat "],
        ],
        details: &[Detail::Between("to rootfs at \"", "\""), Detail::Between("` to `", "`")],
        cause: "a volume could not be mounted into the container",
        named: "a volume could not be mounted into the container at {}",
        attribution: Attribution::Unknown,
        next_step: "check that the mount's source is there on the node: the path of a `hostPath`, the key behind a `subPath` (a container that starts again after the ConfigMap changed loses it), the storage",
        ..PLATFORM
    },
    // runc `libcontainer/devices`; device plugins
    Row {
        sign: "node-device",
        phrases: &[
            &["/dev/null"],
            &["error gathering device information"],
            &["no such device"],
            &["open /dev/", "operation not permitted"],
            &["stat /dev/"],
            &["creating device node"],
            &["mknod"],
            &["prestartcontainer"],
        ],
        unless: &["rootfs component"],
        details: &[
            Detail::Between("custom device \"", "\""),
            Detail::Between("open ", ":"),
            Detail::Between("stat ", ":"),
        ],
        cause: "a device that the container needs cannot be used on the node",
        named: "the device {}, which the container needs, cannot be used on the node",
        next_step: "check the device and its device plugin on the node, and the node's runtime (runc's and systemd's versions), or move the pods to another node",
        ..PLATFORM
    },
    Row {
        sign: "host-port-taken",
        phrases: &[
            &["port is already allocated"],
            &["bind for ", "failed"],
            &["address already in use"],
        ],
        cause: "the pods ask for a `hostPort` that is taken on the node",
        attribution: Attribution::Unknown,
        next_step: "drop `hostPort`, or see what else listens on that port of the node",
        ..WRONG
    },
    node::HOOK,
];

/// Faults of the node, after all that is the container's own.
pub(super) const NODE: &[Row] = &[
    node::WATCHES,
    node::OPEN_FILES,
    node::LIMITS,
    node::STALE_MOUNT,
    node::NO_PROCESSES,
    node::CGROUP,
    node::DISK_FULL,
    node::CONTENT,
    node::DISK_BROKEN,
    node::RUNTIME_DOWN,
    node::RUNTIME_SLOW,
    node::SHIM,
    node::NO_MEMORY,
];

/// The kernel ends runc's own init: it needs some 10 MB.
pub(super) const MEMORY_LIMIT: Row = Row {
    sign: "memory-limit-too-low",
    phrases: &[
        &["container init was oom-killed"],
        &["memory limit could be too low"],
        &["memory limit too low"],
        &["memory limit ", " too low"],
        &["minimum memory limit"],
        &["unable to set memory limit"],
        &["write /sys/fs/cgroup/", "memory", "device or resource busy"],
        &["container init caused to be oom-killed"],
    ],
    cause: "the memory limit is too low for the container even to start",
    next_step: "raise `resources.limits.memory`. Give it a unit: a bare number is bytes, and `m` is a thousandth of one",
    ..WRONG
};
