//! Why a check has no result.

use crate::text::Clean;

/// The check of the image, where no image is expected.
pub fn not_asked_for() -> Clean {
    Clean::from_static("not asked for: `--expect-image` was not given")
}

/// Something else ended the run.
pub fn not_evaluated() -> Clean {
    Clean::from_static("not fully evaluated: the run ended first")
}
