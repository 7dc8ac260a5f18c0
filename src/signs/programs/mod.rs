//! Texts of programs, in their logs and termination messages: one file per family.

mod certificate;
mod database;
mod faults;
mod files;
mod lines;
mod memory;
mod network;
mod output;
mod parts;
mod servers;
mod settings;

use super::{
    Certainty, Diagnosis, Figure, Place, SubjectKind,
    row::{self, Row},
};

pub use lines::is_consequence;
pub(super) use output::find;
#[cfg(test)]
pub(super) use output::first_row;

/// Specific rows before general ones; all are tried on a line before the line above it.
pub(super) static TABLES: [&[Row]; 12] = [
    settings::VARIABLES,
    memory::ROWS,
    database::ROWS,
    certificate::ROWS,
    network::ROWS,
    parts::ROWS,
    servers::ROWS,
    faults::ROWS,
    files::ROWS,
    database::GENERAL,
    settings::ROWS,
    faults::GENERAL,
];
