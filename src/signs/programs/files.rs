//! Programs that miss a file, may not use it, or have no room for it.

use super::{
    detail::Detail,
    row::{PROGRAM, Row},
};
use crate::evidence::Attribution;

pub(super) const ROWS: &[Row] = &[
    // Linux' EROFS: nginx/docker-nginx-unprivileged#17
    Row {
        sign: "read-only-file-system",
        phrases: &[&["read-only file system"]],
        unless: &["(read-only file system?)"],
        details: &[Detail::Path],
        cause: "the program writes to a read-only file system",
        named: "the program writes to {}, which is on a read-only file system",
        attribution: Attribution::Configuration,
        next_step: "write elsewhere, e.g. to an emptyDir: ConfigMap and Secret volumes are always read-only, and the rest is by `readOnlyRootFilesystem` or the mount's `readOnly`",
        ..PROGRAM
    },
    // Linux' inotify answers ENOSPC and EMFILE too
    Row {
        sign: "watch-limit",
        phrases: &[
            &["inotify", "limit"],
            &["limit", "inotify"],
            &["inotify", "too many open files"],
            &["inotify", "no space left"],
            &["number of file watchers reached"],
        ],
        cause: "the node has no inotify watches or instances left for the program",
        attribution: Attribution::Platform,
        next_step: "raise `fs.inotify.max_user_watches` and `max_user_instances` on the nodes, or let the program watch fewer files",
        ..PROGRAM
    },
    // Linux' ENOSPC and EDQUOT
    Row {
        sign: "disk-full",
        phrases: &[&["no space left on device"], &["enospc: "], &["disk quota exceeded"]],
        details: &[Detail::Path],
        cause: "a disk that the program writes to is full",
        named: "the disk is full where the program writes to {}",
        attribution: Attribution::Unknown,
        next_step: "free space, or enlarge the volume (emptyDir's `sizeLimit`, the claim) or the node's disk",
        ..PROGRAM
    },
    // Linux' EMFILE and ENFILE
    Row {
        sign: "too-many-open-files",
        phrases: &[&["too many open files"], &["emfile: "]],
        cause: "the program has as many files and connections open as it may",
        attribution: Attribution::Unknown,
        next_step: "see whether the program leaks them; else raise its limit (`ulimit -n`, the runtime's `LimitNOFILE`)",
        ..PROGRAM
    },
    // Linux' EPERM, capabilities(7)
    Row {
        sign: "not-permitted",
        phrases: &[&["operation not permitted"], &["eperm: "]],
        details: &[Detail::Path],
        cause: "the kernel refuses what the program tries: its container lacks a capability or its user a right",
        named: "the kernel refuses what the program does with {}: its container lacks a capability or its user a right",
        attribution: Attribution::Configuration,
        next_step: "add the capability that it needs (CHOWN, SETUID, NET_BIND_SERVICE, ...) after `drop: [ALL]`, or run an image that needs none",
        ..PROGRAM
    },
    // Linux' EACCES
    Row {
        sign: "permission-denied",
        phrases: &[
            &["permission denied"],
            &["eacces: "],
            &["accessdeniedexception"],
            &["permissionerror"],
            &["unauthorizedaccessexception"],
        ],
        unless: &["publickey"],
        details: &[Detail::Path, Detail::Between("access to the path '", "'")],
        cause: "the program may not use a file or do what it tries",
        named: "the program may not use {}",
        attribution: Attribution::Configuration,
        next_step: "give its user the right: `securityContext.fsGroup` for volumes, `chown` in the image's build, or another `runAsUser`",
        ..PROGRAM
    },
    // Linux' ENOENT in all runtimes
    Row {
        sign: "file-missing",
        phrases: &[
            &["no such file or directory"],
            &["enoent: "],
            &["filenotfoundexception"],
            &["nosuchfileexception"],
            &["filenotfounderror"],
            &["could not find file '"],
            &["could not find a part of the path '"],
            &["cannot find the file specified"],
        ],
        details: &[
            Detail::Between("could not find file '", "'"),
            Detail::Path,
            Detail::Between("no such file or directory: '", "'"),
            Detail::Between("no such file or directory, open '", "'"),
            Detail::Between("open ", ": no such file"),
        ],
        cause: "a file that the program needs is not there",
        named: "{}, which the program needs, is not there",
        attribution: Attribution::Unknown,
        next_step: "mount it (`volumeMounts`: its path, the key in the ConfigMap or Secret) or add it to the image, or correct the path",
        ..PROGRAM
    },
];
