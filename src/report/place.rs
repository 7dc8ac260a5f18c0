//! Where a report goes: what its path means, links followed.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{ReportError, ReportSpec, open_file::open_file};

/// Where a report goes.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Stdout,
    /// A file that is replaced; absolute, links followed.
    File(PathBuf),
    /// A pipe, a device or an open file of this process, to which renaming a file would not write.
    Stream(PathBuf),
}

impl Place {
    /// The place of a report; missing folders are created.
    ///
    /// # Errors
    ///
    /// A path that cannot lead to a file.
    pub(super) fn of(spec: &ReportSpec) -> Result<Self, ReportError> {
        if spec.is_stdout() {
            return Ok(Self::Stdout);
        }
        let failed = |source| ReportError::write(spec, source);
        let path = std::path::absolute(&spec.path).map_err(failed)?;
        if open_file(&path).is_some() {
            return Ok(Self::Stream(path));
        }
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => Err(failed(io::ErrorKind::IsADirectory.into())),
            Ok(found) if found.is_file() => path.canonicalize().map(Self::File).map_err(failed),
            Ok(_) => Ok(Self::Stream(path)),
            Err(_) => Self::new_file(spec, &path),
        }
    }

    fn new_file(spec: &ReportSpec, path: &Path) -> Result<Self, ReportError> {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(ReportError::write(spec, io::ErrorKind::InvalidFilename.into()));
        };
        let created = fs::create_dir_all(folder).and_then(|()| folder.canonicalize());
        let folder = created.map_err(|source| ReportError::create(spec, folder, source))?;
        Ok(Self::File(folder.join(name)))
    }
}

/// Where a path leads, links followed, also if nothing is there yet.
pub(super) fn same_place(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    path.canonicalize().ok().or_else(|| {
        let folder = path.parent()?;
        Some(folder.canonicalize().unwrap_or_else(|_| folder.to_owned()).join(path.file_name()?))
    })
}
