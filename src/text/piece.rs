//! The lines to choose from, and the room for them.

use std::hash::{DefaultHasher, Hash, Hasher};

/// A line that may be chosen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Its number in the log, from 1; gaps are lines that are missing.
    pub(super) number: u64,
    /// The bytes that it needs.
    pub(super) bytes: usize,
    /// How telling it is ([`rank`](super::rank)); 0 means not at all.
    pub(super) rank: u8,
    /// Whether it is worth nothing beside a telling line: a stack frame, an empty line.
    pub(super) is_noise: bool,
    /// The same for lines that say the same of other things ([`shape`]).
    pub(super) shape: u64,
}

/// How much may be shown.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// The most lines.
    pub lines: usize,
    /// The most bytes.
    pub bytes: usize,
    /// How many of the lines are for the beginning of the log.
    pub head: usize,
    /// Bytes that are written before each line.
    pub indent: usize,
}

impl Room {
    /// Whether lines of these lengths fit.
    pub(super) fn holds(self, lines: impl Iterator<Item = usize>) -> bool {
        let (count, bytes) =
            lines.fold((0, 0), |(count, bytes), line| (count + 1, bytes + self.bytes_of(line)));
        count <= self.lines && bytes <= self.bytes
    }

    /// The bytes that a line of this length needs.
    pub(super) const fn bytes_of(self, line: usize) -> usize {
        self.indent + line + 1
    }
}

/// A hash of the words without digits, which is the same for lines that say the same of other things.
pub(super) fn shape(line: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let words = line.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.contains(|c: char| c.is_ascii_digit()))
        .take(40)
        .for_each(|word| word.hash(&mut hasher));
    hasher.finish()
}
