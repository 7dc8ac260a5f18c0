//! The files of the repository, as they lie in the working tree.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files of the repository.
pub(crate) fn files() -> Vec<PathBuf> {
    fn collect(path: PathBuf, files: &mut Vec<PathBuf>) {
        if path.is_dir() {
            let entries = fs::read_dir(&path).unwrap();
            entries.for_each(|entry| collect(entry.unwrap().path(), files));
        } else {
            files.push(path);
        }
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(root()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        // in a worktree, `.git` is a file
        if (path.is_file() && name != ".git")
            || ["src", "tests", "docs", "examples", "templates", ".ci", ".github"].contains(&&*name)
        {
            collect(path, &mut files);
        }
    }
    files
}

/// A file as text; a packed one as what is in it.
pub(crate) fn text(path: &Path) -> String {
    let mut bytes = fs::read(path).unwrap();
    if path.extension().is_some_and(|extension| extension == "gz") {
        let packed = std::mem::take(&mut bytes);
        let mut unpacked = flate2::read::GzDecoder::new(&*packed);
        unpacked.read_to_end(&mut bytes).unwrap();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
