//! Whose concern a failure is.

use crate::text::words;

words! {
    /// Whose concern a finding, or its cause, is.
    pub enum Attribution {
        /// The program in the container.
        Application = "application",
        /// The manifest, or objects that it names.
        Configuration = "configuration",
        /// Nodes, network, registry, storage, the cluster.
        Platform = "platform",
        /// It can't be told.
        Unknown = "unknown",
    }
}
