//! What can go wrong with a report's file.

use std::{io, path::PathBuf};

use super::Format;

/// Why a report can't be written. The text fits after `cannot …:`; the source is apart.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The folder can't be made.
    #[error("make the folder {} for the {format} report", folder.display())]
    Folder {
        /// Which report.
        format: Format,
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file can't be written.
    #[error("write the {format} report to {}", path.display())]
    Write {
        /// Which report.
        format: Format,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Stdout can't be written.
    #[error("write the {format} report to stdout")]
    Stdout {
        /// Which report.
        format: Format,
        /// Why.
        source: io::Error,
    },
    /// A file of the CI server can't be appended to.
    #[error("append to {}", path.display())]
    Append {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Two reports have the same place, so one would replace the other.
    #[error("write both the {first} and the {second} report to {}", place(path))]
    SamePath {
        /// One of them.
        first: Format,
        /// The other.
        second: Format,
        /// The place.
        path: PathBuf,
    },
    /// The report would replace the recording.
    #[error("write the {format} report to {}, which is the recording", path.display())]
    Recording {
        /// Which report.
        format: Format,
        /// The place.
        path: PathBuf,
    },
}

impl ReportError {
    /// What to do.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Folder { .. } | Self::Write { .. } => {
                "give a path in a folder that this user may write, e.g. --report junit=reports/deploygate.xml"
            }
            Self::Stdout { .. } => "give a file instead of -",
            Self::Append { .. } => "the CI server names this file; look at its volume and rights",
            Self::SamePath { .. } | Self::Recording { .. } => "give each report its own path",
        }
    }
}

fn place(path: &std::path::Path) -> String {
    if path == std::path::Path::new("-") { "stdout".to_owned() } else { path.display().to_string() }
}
