//! Programs that miss a file, may not use it, or have no room for it.

use super::row::{PROGRAM, Row, SETTING, rows};
use crate::evidence::Attribution::Platform;

pub(super) const ROWS: &[Row] = rows! {
    // Linux' EROFS: nginx/docker-nginx-unprivileged#17
    SETTING { sign: "read-only-file-system", shown_by: "read-only file system",
        unless: "(read-only file system?)",
        names: "<path>",
        cause: "the program writes to [{}, which is on ]a read-only file system",
        next_step: "write elsewhere, e.g. to an emptyDir: ConfigMap and Secret volumes are always read-only, and the rest is by `readOnlyRootFilesystem` or the mount's `readOnly`" }
    // Linux' inotify answers ENOSPC and EMFILE too
    PROGRAM { sign: "watch-limit", attribution: Platform,
        shown_by: "inotify…limit|limit…inotify|inotify…too many open files|inotify…no space left\
            |number of file watchers reached",
        cause: "the node has no inotify watches or instances left for the program",
        next_step: "raise `fs.inotify.max_user_watches` and `max_user_instances` on the nodes, or let the program watch fewer files" }
    // Linux' ENOSPC and EDQUOT
    PROGRAM { sign: "disk-full", shown_by: "no space left on device|enospc: |disk quota exceeded",
        names: "<path>",
        cause: "[the disk is full where the program writes to {}|a disk that the program writes to is full]",
        next_step: "free space, or enlarge the volume (emptyDir's `sizeLimit`, the claim) or the node's disk" }
    // Linux' EMFILE and ENFILE
    PROGRAM { sign: "too-many-open-files", shown_by: "too many open files|emfile: ",
        cause: "the program has as many files and connections open as it may",
        next_step: "see whether the program leaks them; else raise its limit (`ulimit -n`, the runtime's `LimitNOFILE`)" }
    // Linux' EPERM, capabilities(7)
    SETTING { sign: "not-permitted", shown_by: "operation not permitted|eperm: ",
        names: "<path>",
        cause: "the kernel refuses what the program [does with {}:|tries:] its container lacks a capability or its user a right",
        next_step: "add the capability that it needs (CHOWN, SETUID, NET_BIND_SERVICE, ...) after `drop: [ALL]`, or run an image that needs none" }
    // Linux' EACCES
    SETTING { sign: "permission-denied",
        shown_by: "permission denied|eacces: |accessdeniedexception|permissionerror|unauthorizedaccessexception",
        unless: "publickey",
        names: "<path>|access to the path '<>'",
        cause: "the program may not use [{}|a file or do what it tries]",
        next_step: "give its user the right: `securityContext.fsGroup` for volumes, `chown` in the image's build, or another `runAsUser`" }
    // Linux' ENOENT in all runtimes
    PROGRAM { sign: "file-missing",
        shown_by: "no such file or directory|enoent: |filenotfoundexception|nosuchfileexception|filenotfounderror\
            |could not find file '|could not find a part of the path '|cannot find the file specified",
        names: "could not find file '<>'|<path>|no such file or directory: '<>'|no such file or directory, open '<>'\
            |open <>: no such file",
        cause: "[{}, which the program needs,|a file that the program needs] is not there",
        next_step: "mount it (`volumeMounts`: its path, the key in the ConfigMap or Secret) or add it to the image, or correct the path" }
};
