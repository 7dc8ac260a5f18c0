//! In which forms a server is known to serve objects.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether metadata is served by itself: a server, or one between, may know whole objects only.
#[derive(Debug, Default)]
pub(super) struct Forms {
    only_whole: AtomicBool,
}

impl Forms {
    pub(super) fn learn_of_whole_objects(&self) {
        self.only_whole.store(true, Ordering::Relaxed);
    }

    pub(super) fn has_metadata(&self) -> bool {
        !self.only_whole.load(Ordering::Relaxed)
    }
}
