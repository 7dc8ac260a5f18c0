//! Who may use whom, held by reading the code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod code;
mod layers;
mod rooms;
mod sizes;
