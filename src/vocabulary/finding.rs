//! How sure a finding is.

use crate::text::words;

words! {
    /// How sure a finding is.
    pub enum FindingState {
        /// Seen, and within its grace period.
        Suspected = "suspected",
        /// Beyond its grace period or limit: it decides.
        Confirmed = "confirmed",
        /// It recovered within its grace period.
        Resolved = "resolved",
        /// Reported and not judged: within `--max-restarts`, `--min-ready`, or in an ignored container.
        Tolerated = "tolerated",
    }
}
