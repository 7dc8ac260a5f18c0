//! The lines to choose from, and the room for them.

use std::hash::{DefaultHasher, Hash, Hasher};

/// A line that may be shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Its number in the log.
    pub(super) number: u64,
    /// Bytes that it takes.
    pub(super) bytes: usize,
    /// How much it tells; 0 is nothing.
    pub(super) rank: u8,
    /// It is worth no place beside a line that tells: a stack frame, an empty line.
    pub(super) is_noise: bool,
    /// What it has in common with lines that say the same of something else ([`shape`]).
    pub(super) shape: u64,
}

/// How much may be shown.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Lines.
    pub lines: usize,
    /// Bytes.
    pub bytes: usize,
    /// Lines at the beginning of the log that are worth their place.
    pub head: usize,
    /// Bytes that are put before each line.
    pub indent: usize,
}

impl Room {
    /// Whether lines of these lengths fit.
    pub(super) fn holds(self, lines: impl Iterator<Item = usize>) -> bool {
        let (count, bytes) =
            lines.fold((0, 0), |(count, bytes), line| (count + 1, bytes + self.bytes_of(line)));
        count <= self.lines && bytes <= self.bytes
    }

    /// What a line of this length takes.
    pub(super) const fn bytes_of(self, line: usize) -> usize {
        self.indent + line + 1
    }
}

/// What is the same in lines that say the same of other things: the words in which no digit is.
pub(super) fn shape(line: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let words = line.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.contains(|c: char| c.is_ascii_digit()))
        .take(40)
        .for_each(|word| word.hash(&mut hasher));
    hasher.finish()
}
