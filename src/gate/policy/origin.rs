//! Where the value of a setting comes from.

use serde::{Deserialize, Serialize};

use super::{Setting, Source};
use crate::{clean, text::Clean};

/// Who gave a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "snake_case")]
pub enum Origin {
    /// A policy file.
    File {
        /// The file and the line, `deploygate.yaml:7`.
        place: Clean,
        /// The part of the file.
        section: Section,
    },
    /// An annotation of the workload.
    Annotation {
        /// Its key, `deploygate.dev/window`.
        key: Clean,
    },
    /// A variable of the environment.
    Environment,
    /// An option of the command line.
    Flag,
}

/// A part of a policy file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// For every target.
    Defaults,
    /// For those that a target of the file names or selects.
    Targets,
    /// What an annotation or a target of the file may not go beyond.
    Bounds,
}

impl Origin {
    /// Which of two sources holds: the one of the greater rank (contract, "precedence").
    pub(super) const fn rank(&self) -> u8 {
        match self {
            Self::File { section: Section::Defaults, .. } => 1,
            Self::File { section: Section::Targets | Section::Bounds, .. } => 2,
            Self::Annotation { .. } => 3,
            Self::Environment => 4,
            Self::Flag => 5,
        }
    }

    /// Whether the bounds of a policy file hold for it.
    pub(super) const fn is_bounded(&self) -> bool {
        matches!(self, Self::Annotation { .. } | Self::File { section: Section::Targets, .. })
    }

    /// The kind of the source.
    pub const fn source(&self) -> Source {
        match self {
            Self::File { .. } => Source::File,
            Self::Annotation { .. } => Source::Annotation,
            Self::Environment => Source::Environment,
            Self::Flag => Source::Flag,
        }
    }

    /// Where the value stands: `--window`, `DEPLOYGATE_WINDOW`, `deploygate.dev/window`, `deploygate.yaml:7`.
    pub fn place(&self, setting: Setting) -> Clean {
        let word = Clean::from_static(setting.option());
        match self {
            Self::File { place, .. } => place.clone(),
            Self::Annotation { key } => key.clone(),
            Self::Environment => Clean::from_static(setting.variable()),
            Self::Flag => clean!("--{}", word),
        }
    }
}
