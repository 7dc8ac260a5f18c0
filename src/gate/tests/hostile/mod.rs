//! Whatever the cluster says: no object makes the gate panic, or pass what its plain JSON does not show to be healthy.

mod deployment;
mod kinds;
pub(super) mod objection;
mod spoil;
pub(super) mod world;
