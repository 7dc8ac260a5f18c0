//! The programs that `.ci/tools` installs, by their paths in its folder.

use std::env;
use std::path::{Path, PathBuf};

/// A program's path; a test that can't have it fails.
#[expect(clippy::disallowed_methods, reason = "where they are can only be told from outside")]
pub(crate) fn tool(path: &str) -> PathBuf {
    let home = env::var_os("HOME").map(|home| Path::new(&home).join(".cache/deploygate-tools"));
    let folder = env::var_os("DEPLOYGATE_TOOLS").map(PathBuf::from).or(home).unwrap_or_default();
    let tool = folder.join(path);
    assert!(tool.exists(), "{} is not there: run .ci/tools, which installs it", tool.display());
    tool
}
