//! Makes an excerpt of a log as it streams by, with bounded memory, whatever its length.

mod line;

use std::collections::VecDeque;

use self::line::{Came, Line, LineReader};
use super::cap::{TEXT_MAX, cap_line};
use super::choose::choose;
use super::excerpt::{Excerpt, Kept};
use super::lines::{RawLine, Splitter};
use super::neutralize::defuse;
use super::piece::{Piece, Room};
use super::{Clean, Cut, Redactor, telling};

/// Lines that are kept before and after a telling one.
const BEFORE: usize = 4;
const AFTER: usize = 3;

/// What is kept of the middle of a log; at twice as much the least telling lines are dropped.
const MIDDLE: Room = Room { lines: 200, bytes: TEXT_MAX, head: 0, indent: 0 };

/// The head's share of [`TEXT_MAX`]: the end of a log is worth more than its start.
const HEAD_BYTES: usize = TEXT_MAX / 4;
const TAIL_BYTES: usize = TEXT_MAX - HEAD_BYTES;

/// Collects the lines of a stream in at most some 250 KiB.
///
/// A quarter of the lines is for the head. Telling lines are picked from between head and tail; the rest is for the tail.
#[derive(Debug)]
pub struct ExcerptBuilder {
    max_lines: usize,
    splitter: Splitter,
    reader: LineReader,
    head: Vec<Line>,
    /// Telling lines of the middle, each with its neighbours.
    middle: Vec<Line>,
    middle_bytes: usize,
    /// How many of the next lines are neighbours of a telling one.
    neighbours: usize,
    /// The last lines, and those before them that may become neighbours.
    recent: VecDeque<Line>,
    recent_bytes: usize,
    /// How many of `recent` were weighed and are not telling.
    weighed: usize,
}

impl ExcerptBuilder {
    /// A builder of an excerpt of at most `max_lines` lines; 0 keeps none and only counts.
    pub fn new(max_lines: usize, redactor: &Redactor) -> Self {
        Self {
            max_lines,
            splitter: Splitter::default(),
            reader: LineReader::new(redactor),
            head: Vec::new(),
            middle: Vec::new(),
            middle_bytes: 0,
            neighbours: 0,
            recent: VecDeque::new(),
            recent_bytes: 0,
            weighed: 0,
        }
    }

    /// The same for a stream that begins in the middle of a log.
    pub fn from_the_middle(mut self) -> Self {
        self.reader.may_be_in_key = true;
        self
    }

    /// Takes the next bytes; lines and characters may be split between chunks.
    pub fn push_bytes(&mut self, chunk: &[u8]) {
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.push(chunk, |line| self.end_line(line));
        self.splitter = splitter;
    }

    /// How many lines have come in, one that has not ended included.
    pub fn lines_seen(&self) -> u64 {
        self.reader.lines + u64::from(self.splitter.is_within_line())
    }

    /// The excerpt, redacted and clean.
    pub fn finish(mut self) -> Excerpt {
        self.end_last_line();
        let mut stretches = Vec::new();
        let (room, rest) = (self.room(), self.stretches(Cut::default(), &mut stretches));
        shortened(Excerpt::of(stretches, rest), room)
    }

    /// The same if this is only the beginning of the log, and its end was read separately, after an unknown number of lines.
    pub fn finish_with(mut self, mut end: Self) -> Excerpt {
        // the rest of that line is missing
        self.splitter = Splitter::default();
        end.end_last_line();
        let mut stretches = Vec::new();
        let (room, may_be_twice) = (self.room(), self.reader.lines.min(end.reader.lines));
        let between =
            self.stretches(Cut::default(), &mut stretches).and(Cut { lines: 0, exact: false });
        let rest = end.stretches(between, &mut stretches);
        let mut excerpt = shortened(Excerpt::of(stretches, rest), room);
        // the log is at least as long as each of the two
        for cut in excerpt.cuts_mut().filter(|cut| !cut.exact) {
            cut.lines = cut.lines.saturating_sub(may_be_twice);
        }
        excerpt
    }

    fn room(&self) -> Room {
        Room { lines: self.max_lines, bytes: TEXT_MAX, head: self.max_lines / 4, indent: 0 }
    }

    fn end_last_line(&mut self) {
        if let Some(line) = self.splitter.take() {
            self.end_line(line);
        }
    }

    fn end_line(&mut self, line: RawLine) {
        if self.max_lines == 0 {
            self.reader.lines += 1;
            return;
        }
        let (line, came) = self.reader.read(line);
        if came == Came::InsideKey {
            let lines = self.head.iter_mut().chain(&mut self.middle).chain(&mut self.recent);
            lines.for_each(Line::put_into_key);
        }
        if self.recent.is_empty() && self.middle.is_empty() {
            let bytes: usize = self.head.iter().map(|line| line.text.len()).sum();
            if self.head.len() < self.max_lines / 4 && bytes + line.text.len() <= HEAD_BYTES {
                self.head.push(line);
                return;
            }
        }
        self.recent_bytes += line.text.len();
        self.recent.push_back(line);
        while self.recent.len() > self.max_lines + self.weighed || self.recent_bytes > TAIL_BYTES {
            if !self.weigh_oldest() {
                break;
            }
        }
    }

    /// Weighs the oldest line that is not weighed yet, and drops or keeps lines accordingly; `false` if nothing can go.
    fn weigh_oldest(&mut self) -> bool {
        let Some(line) = self.recent.get(self.weighed) else { return self.drop_oldest() };
        let tells = line.rank() > 0;
        self.weighed += 1;
        if tells {
            self.neighbours = AFTER + 1;
        }
        if self.neighbours > 0 {
            self.neighbours -= 1;
            for line in self.recent.drain(..std::mem::take(&mut self.weighed)) {
                self.recent_bytes -= line.text.len();
                self.middle_bytes += line.text.len();
                self.middle.push(line);
            }
            if self.middle.len() > 2 * MIDDLE.lines || self.middle_bytes > 2 * MIDDLE.bytes {
                self.thin_out();
            }
        }
        while self.weighed > BEFORE {
            self.drop_oldest();
        }
        true
    }

    fn drop_oldest(&mut self) -> bool {
        let Some(line) = self.recent.pop_front() else { return false };
        self.recent_bytes -= line.text.len();
        self.weighed = self.weighed.saturating_sub(1);
        true
    }

    /// Keeps only the most telling lines of the middle.
    fn thin_out(&mut self) {
        let pieces: Vec<Piece> = self.middle.iter().map(Line::piece).collect();
        let mut taken = choose(&pieces, &[], None, MIDDLE).into_iter();
        self.middle.retain(|_| taken.next().unwrap_or_default());
        self.middle_bytes = self.middle.iter().map(|line| line.text.len()).sum();
    }

    /// Adds all lines that were kept, redacted across lines and clean; returns what is missing after them.
    fn stretches(self, before: Cut, stretches: &mut Vec<Kept>) -> Cut {
        let (mut cut, mut end) = (before, 0);
        let missing = |end: u64, next: u64| Cut { lines: next - end - 1, exact: true };
        let lines: Vec<Line> =
            self.head.into_iter().chain(self.middle).chain(self.recent).collect();
        for lines in lines.chunk_by(|a, b| a.number + 1 == b.number) {
            let (Some(first), Some(last)) = (lines.first(), lines.last()) else { continue };
            let joined = lines.iter().map(|line| &*line.text).collect::<Vec<_>>().join("\n");
            let visible = self.reader.visible(&joined, first.in_key);
            let lines = visible.split('\n').map(|line| cap_line(&defuse(line)).into_owned());
            let lines = lines.map(Clean::from_neutral).collect();
            cut = cut.and(missing(end, first.number));
            stretches.push(Kept { cut: std::mem::take(&mut cut), lines });
            end = last.number;
        }
        cut.and(missing(end, self.reader.lines + 1))
    }
}

/// Keeps the most telling line, and the one with which the program says that it was asked to end, if that is why the lines
/// after it tell nothing.
fn shortened(excerpt: Excerpt, room: Room) -> Excerpt {
    let lines: Vec<&str> = excerpt.lines().map(AsRef::as_ref).collect();
    if excerpt.fits(room) {
        return excerpt;
    }
    let telling = telling::telling_line(&lines);
    let shutdown = telling::shutdown(&lines).filter(|end| telling.is_some_and(|line| line < *end));
    let best: Vec<usize> = telling.into_iter().chain(shutdown).collect();
    excerpt.shortened(&best, room)
}

#[cfg(test)]
mod tests;
