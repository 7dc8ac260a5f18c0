//! What the gate answers: facts for reporters, and requests to its driver.

pub use crate::phrases::event::{FindingLine, GateEvent, Progress};

use crate::{evidence::EvidenceRequest, text::Clean};

/// One answer of the gate; drained after each input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Something to tell.
    Event(GateEvent),
    /// Make a consistent read; its answer is a `Snapshot` or a `ReadFailed`.
    Read,
    /// Read the Leases of these nodes; the answer is a `NodeLeases`.
    ReadLeases(Vec<Clean>),
    /// Read the Services of the namespace; the answer is a `Services`.
    ReadServices,
    /// Fetch evidence; its answer is an `Events` or a `Log`.
    Collect(EvidenceRequest),
}
