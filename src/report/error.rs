//! What can go wrong with a report's file.

use std::{io, path::Path};

use super::ReportSpec;

/// Why a report cannot be written. The text fits after `failed to `; the source is apart.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct ReportError {
    what: String,
    hint: &'static str,
    source: Option<io::Error>,
}

impl ReportError {
    /// A report that cannot be written.
    pub(super) fn write(spec: &ReportSpec, source: io::Error) -> Self {
        let (format, path) = (spec.format, spec.path.display());
        if spec.is_stdout() {
            let what = format!("write the {format} report to stdout");
            return Self { what, hint: "give a file instead of -", source: Some(source) };
        }
        let what = format!("write the {format} report to {path}");
        let hint = "give a path in a folder that this user may write, e.g. --report junit=reports/deploygate.xml";
        Self { what, hint, source: Some(source) }
    }

    /// A folder for a report that cannot be created.
    pub(super) fn create(spec: &ReportSpec, folder: &Path, source: io::Error) -> Self {
        let what = format!("create directory {} for the {} report", folder.display(), spec.format);
        Self { what, ..Self::write(spec, source) }
    }

    /// A file of the CI server that cannot be appended to.
    pub(super) fn append(path: &Path, source: io::Error) -> Self {
        let hint = "the CI server names this file; check its volume and permissions";
        Self { what: format!("append to {}", path.display()), hint, source: Some(source) }
    }

    /// A report that would replace `other`.
    pub(super) fn replaces(spec: &ReportSpec, other: &str) -> Self {
        let place = if spec.is_stdout() { "stdout".into() } else { spec.path.to_string_lossy() };
        let what = format!("write the {} report to {place}, which is {other}", spec.format);
        Self { what, hint: "give each report its own path", source: None }
    }

    /// What to do.
    pub const fn hint(&self) -> &'static str {
        self.hint
    }
}
