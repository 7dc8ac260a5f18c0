//! Paths that mean an open file of this process.

use std::{fs, path::Path};

/// Links that are followed to find out what a path means, as Linux does.
const LINKS: usize = 40;

/// The number of the open file that a path such as `/dev/stdout` or `/dev/fd/3` means. It may lead to a file of the
/// shell that must not be replaced.
pub(super) fn open_file(path: &Path) -> Option<String> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        let folder = path.parent()?;
        if folder == Path::new("/dev/fd") || (folder.starts_with("/proc") && folder.ends_with("fd"))
        {
            return Some(path.file_name()?.to_str()?.to_owned());
        }
        path = folder.join(fs::read_link(&path).ok()?);
    }
    None
}
