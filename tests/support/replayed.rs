//! Recordings, and what they are judged to be.

use std::{fs::File, io::Read, path::Path};

use deploygate::{
    outcome::Outcome,
    recording::Reader,
    run::{self, Pace},
    text::Redactor,
};
use flate2::read::GzDecoder;

use super::nobody::Nobody;

/// The text of a packed recording.
pub(crate) fn unpacked(path: &Path) -> Vec<u8> {
    let mut text = Vec::new();
    GzDecoder::new(File::open(path).unwrap()).read_to_end(&mut text).unwrap();
    text
}

/// What a recording is judged to be; `None` if it is refused.
pub(crate) fn judged(recording: &[u8]) -> Option<Outcome> {
    let (header, reader) = Reader::new(recording).ok()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (started_at, redactor, mut nobody) = (header.started_at, Redactor::built_in(), Nobody);
    let replay =
        run::replay(header.release, started_at, reader, redactor, Pace::AtOnce, &mut nobody);
    runtime.block_on(replay).ok()
}
