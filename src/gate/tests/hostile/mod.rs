//! Whatever the cluster says: no object makes the gate panic, or pass what its plain JSON does not show to be healthy.

mod deployment;
mod kinds;
mod objection;
mod spoil;
mod world;
