//! Writes a recording.

use std::io::{self, Write};

use super::Header;
use crate::observation::Observed;

/// Appends observations to a recording and flushes each, so that a run that is killed leaves what it saw.
pub struct Writer<W> {
    out: W,
    failed: bool,
}

impl<W: Write> Writer<W> {
    /// Begins a recording.
    ///
    /// # Errors
    /// If the header can't be written.
    pub fn new(mut out: W, header: &Header) -> io::Result<Self> {
        write_line(&mut out, header)?;
        Ok(Self { out, failed: false })
    }

    /// Appends an observation. A recording that fails must not change the run: the first error is returned, and
    /// nothing is written after it.
    ///
    /// # Errors
    /// If the line can't be written; once.
    pub fn append(&mut self, observed: &Observed) -> io::Result<()> {
        if self.failed {
            return Ok(());
        }
        write_line(&mut self.out, observed).inspect_err(|_| self.failed = true)
    }
}

fn write_line(out: &mut impl Write, value: &impl serde::Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}
