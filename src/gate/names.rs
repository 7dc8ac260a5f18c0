//! Names of the cluster as they are shown.

use crate::text::{Clean, Untrusted};

/// The name of an object.
pub(super) fn object(name: &str) -> Clean {
    Untrusted::from(name).to_clean_line(253)
}

/// The name of a container.
pub(super) fn container(name: &str) -> Clean {
    Untrusted::from(name).to_clean_line(63)
}
