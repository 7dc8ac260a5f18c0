//! What a target is waited for before it is judged.

use std::time::Duration;

use super::{Account, NextStep, length};
use crate::{
    clean,
    model::{Kind, TargetRef},
    text::Clean,
};

/// It does not exist yet.
pub fn created(target: &TargetRef) -> Clean {
    clean!("{} to be created", target)
}

/// It is as it was at the start, and nothing says what it is to become.
pub fn changed(kind: Kind) -> Clean {
    Clean::from_static(match kind {
        Kind::Custom => "a change of its spec",
        _ => "a change of its pod template",
    })
}

/// An image of the command line.
pub fn image(expected: &Clean) -> Clean {
    clean!("image {}", expected)
}

/// An image of the manifest.
pub fn image_of(container: &Clean, expected: &Clean) -> Clean {
    clean!("image {} of container {}", expected, container)
}

/// A label or annotation, `KEY=VALUE`.
pub fn label(expected: &Clean) -> Clean {
    clean!("label or annotation {}", expected)
}

/// It still is what it was at the start.
pub fn not_updated(target: &TargetRef, waited: Duration, what: &Clean) -> Account {
    Account {
        reason: clean!(
            "{} was not updated within {}: still awaiting {}",
            target,
            length(waited),
            what
        ),
        next_step: NextStep::from_static(
            "check that the change was applied, e.g. by the GitOps controller; to wait longer, raise `--await`",
        ),
    }
}
