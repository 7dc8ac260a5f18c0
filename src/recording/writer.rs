//! Writes a recording.

use std::io::{self, Write};

use super::{Header, RolledBack};
use crate::observation::Observed;

/// Appends observations to a recording and flushes each, so that a run that is killed leaves what it saw.
pub struct Writer<W> {
    out: W,
    error: Option<io::Error>,
}

impl<W: Write> Writer<W> {
    /// Begins a recording.
    ///
    /// # Errors
    /// If the header can't be written.
    pub fn new(mut out: W, header: &Header) -> io::Result<Self> {
        write_line(&mut out, header)?;
        Ok(Self { out, error: None })
    }

    /// Appends an observation. A recording that fails must not change the run: the first [`error`](Self::error) is kept,
    /// and nothing is written after it.
    pub fn append(&mut self, observed: &Observed) {
        self.append_line(observed);
    }

    /// Appends what a rollback came to by then.
    pub fn append_rollback(&mut self, rolled_back: &RolledBack) {
        self.append_line(rolled_back);
    }

    /// Why the recording is incomplete; `None` where it is whole.
    pub fn error(&self) -> Option<&io::Error> {
        self.error.as_ref()
    }

    fn append_line(&mut self, line: &impl serde::Serialize) {
        if self.error.is_none() {
            self.error = write_line(&mut self.out, line).err();
        }
    }
}

fn write_line(out: &mut impl Write, value: &impl serde::Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}
