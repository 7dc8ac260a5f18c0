//! Programs that miss a file, may not use it, or have no room for it.

use super::row::{PROGRAM, Row, SETTING, rows};
use crate::evidence::Attribution::Platform;

pub(super) const ROWS: &[Row] = rows! {
    // Linux' EROFS: nginx/docker-nginx-unprivileged#17
    SETTING { sign: "read-only-file-system", shown_by: "read-only file system",
        unless: "(read-only file system?)",
        names: "<path>",
        cause: "the program writes to [{}, which is on ]a read-only file system",
        next_step: "write to a writable volume instead, e.g. an emptyDir. If the path is in no ConfigMap or Secret, check `readOnlyRootFilesystem` and the mount's `readOnly`" }
    // Linux' inotify answers ENOSPC and EMFILE too
    PROGRAM { sign: "watch-limit", attribution: Platform,
        shown_by: "inotify…limit|limit…inotify|inotify…too many open files|inotify…no space left\
            |number of file watchers reached",
        cause: "the node has no inotify watches or instances left for the program",
        next_step: "raise `fs.inotify.max_user_watches` and `max_user_instances` on the nodes, or let the program watch fewer files" }
    // Linux' ENOSPC and EDQUOT
    PROGRAM { sign: "disk-full", shown_by: "no space left on device|enospc: |disk quota exceeded",
        names: "<path>",
        cause: "the disk is full[ where the program writes to {}]",
        next_step: "free space, or enlarge the volume (emptyDir's `sizeLimit`, the claim) or the node's disk" }
    // Linux' EMFILE and ENFILE
    PROGRAM { sign: "too-many-open-files", shown_by: "too many open files|emfile: ",
        cause: "the program has reached its limit of open files and connections",
        next_step: "check whether the program leaks them. If it does not, raise its limit (`ulimit -n`, the runtime's `LimitNOFILE`)" }
    // Linux' EPERM, capabilities(7)
    SETTING { sign: "not-permitted", shown_by: "operation not permitted|eperm: ",
        names: "<path>",
        cause: "the kernel refuses what the program [does with {}|tries]: its container lacks a capability, or its user a permission",
        next_step: "add the capability that it needs (CHOWN, SETUID, NET_BIND_SERVICE, ...), or use an image that needs none" }
    // Linux' EACCES
    SETTING { sign: "permission-denied",
        shown_by: "permission denied|eacces: |accessdeniedexception|permissionerror|unauthorizedaccessexception",
        unless: "publickey",
        names: "<path>|access to the path '<>'",
        cause: "the program is not allowed to [use {}|use a file or do what it tries]",
        next_step: "give its user access: `securityContext.fsGroup` for volumes, `chown` in the image, or another `runAsUser`" }
    // Linux' ENOENT in all runtimes
    PROGRAM { sign: "file-missing",
        shown_by: "no such file or directory|enoent: |filenotfoundexception|nosuchfileexception|filenotfounderror\
            |could not find file '|could not find a part of the path '|cannot find the file specified",
        names: "could not find file '<>'|<path>|no such file or directory: '<>'|no such file or directory, open '<>'\
            |open <>: no such file",
        cause: "[{}, which the program needs,|a file that the program needs] does not exist",
        next_step: "mount the file, or add it to the image. If it is there, correct the path" }
};
