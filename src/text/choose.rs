//! Which lines of a log are shown if not all of them fit.
//!
//! In this order, while there is room: the most telling line; the end; the last stack trace, if it fits as a whole; the
//! beginning; the lines around the most telling one; other telling lines; more of the end.

use super::piece::{Piece, Room, shape};
use super::{Cut, rank, telling};

/// Chooses among the lines of a log; `cuts` has what is missing before each.
pub(super) fn choose_lines(lines: &[&str], cuts: &[Cut], best: &[usize], room: Room) -> Vec<bool> {
    let mut number = 0;
    let weights = telling::weigh(lines);
    let pieces: Vec<Piece> = lines
        .iter()
        .zip(cuts)
        .zip(weights)
        .map(|((line, cut), weight)| {
            // an unknown number is at least one
            number += 1 + cut.lines.max(u64::from(!cut.exact));
            Piece {
                number,
                bytes: room.bytes_of(line.len()),
                rank: rank::among(line, weight),
                is_noise: telling::is_frame(line),
                shape: shape(line),
            }
        })
        .collect();
    let whole = cuts.iter().rposition(|cut| !cut.is_none()).unwrap_or_default();
    let begins = |at: &usize| telling::begins(lines[*at], lines.get(at + 1).copied());
    let trace = (whole..lines.len()).rev().find(begins);
    choose(&pieces, best, trace, room)
}

/// Chooses among the lines of a log, given in their order; the answer has a flag for each.
///
/// `best`: the lines that must be shown, most important first. `trace`: the first line of the last stack trace, if it goes on
/// to the end of the log.
pub(super) fn choose(
    pieces: &[Piece],
    best: &[usize],
    trace: Option<usize>,
    room: Room,
) -> Vec<bool> {
    let mut choice = Choice {
        pieces,
        taken: vec![false; pieces.len()],
        lines: room.lines.min(pieces.len()),
        bytes: room.bytes,
    };
    let all = choice.lines;
    let order = telling_order(pieces);
    let best: Vec<usize> = match best {
        [] => order.first().copied().into_iter().collect(),
        best => best.to_vec(),
    };
    for line in &best {
        choice.take(*line);
    }
    choice.take_end((all / 4).max(1), room.bytes / 4);
    if let Some(begin) = trace {
        choice.take_all(begin..pieces.len());
    }
    choice.take_head(room.head, room.bytes / 4);
    let mut around = all / 3;
    for line in &best {
        around -= choice.take_around(*line, around, &[-1, 1, -2, 2, 3]);
    }
    choice.take_telling(&order, all);
    choice.close_gaps();
    choice.take_end(all, room.bytes);
    choice.taken
}

/// The telling lines, most telling first; among equals the last one, then the first, then those between.
fn telling_order(pieces: &[Piece]) -> Vec<usize> {
    let mut order = Vec::new();
    let most = pieces.iter().map(|piece| piece.rank).max().unwrap_or_default();
    for rank in (1..=most).rev() {
        let from = order.len();
        let tells = |line: &usize| pieces[*line].rank == rank;
        order.extend((0..pieces.len()).rev().filter(tells));
        if order.len() > from + 2
            && let Some(first) = order.pop()
        {
            order.insert(from + 1, first);
        }
    }
    order
}

struct Choice<'p> {
    pieces: &'p [Piece],
    taken: Vec<bool>,
    /// Lines and bytes that are still free.
    lines: usize,
    bytes: usize,
}

impl Choice<'_> {
    /// Takes a line if there is room; returns whether it is taken.
    fn take(&mut self, line: usize) -> bool {
        let bytes = self.pieces[line].bytes;
        if self.taken[line] {
            return true;
        }
        if self.lines == 0 || bytes > self.bytes {
            return false;
        }
        self.taken[line] = true;
        self.lines -= 1;
        self.bytes -= bytes;
        true
    }

    /// Takes all of these lines or none.
    fn take_all(&mut self, range: std::ops::Range<usize>) {
        let missing = range.clone().filter(|line| !self.taken[*line]);
        let (lines, bytes) = missing
            .fold((0, 0), |(lines, bytes), line| (lines + 1, bytes + self.pieces[line].bytes));
        if lines <= self.lines && bytes <= self.bytes {
            range.for_each(|line| _ = self.take(line));
        }
    }

    /// Takes lines from the first one on, within these limits, up to one that does not fit.
    fn take_head(&mut self, lines: usize, bytes: usize) {
        let mut left = bytes;
        for line in 0..lines.min(self.pieces.len()) {
            let fits = left.checked_sub(self.pieces[line].bytes);
            let (Some(rest), true) = (fits, self.is_next_to(line, -1) && self.take(line)) else {
                return;
            };
            left = rest;
        }
    }

    /// The same from the last line back.
    fn take_end(&mut self, lines: usize, bytes: usize) {
        let mut left = bytes;
        for line in (0..self.pieces.len()).rev().take(lines) {
            let fits = left.checked_sub(self.pieces[line].bytes);
            let (Some(rest), true) = (fits, self.take(line)) else { return };
            left = rest;
        }
    }

    /// Takes at most `max` lines beside this one; returns how many.
    fn take_around(&mut self, line: usize, max: usize, places: &[isize]) -> usize {
        let before = self.lines;
        for place in places {
            let Some(beside) = line.checked_add_signed(*place).filter(|at| *at < self.pieces.len())
            else {
                continue;
            };
            let toward = -place.signum();
            let is_worth_it = !self.pieces[beside].is_noise;
            let is_joined = beside
                .checked_add_signed(toward)
                .is_some_and(|inner| self.taken[inner] && self.are_neighbours(inner, beside));
            if is_worth_it && is_joined && before - self.lines < max {
                self.take(beside);
            }
        }
        before - self.lines
    }

    /// Takes telling lines, one of each shape, up to half of the room; the first ones with their neighbours.
    fn take_telling(&mut self, order: &[usize], room: usize) {
        let mut shapes = Vec::new();
        let mut told = 0;
        for line in order {
            let shape = self.pieces[*line].shape;
            if shapes.contains(&shape) {
                continue;
            }
            shapes.push(shape);
            if self.taken[*line] {
                continue;
            }
            if told >= room / 2 {
                return;
            }
            told += usize::from(self.take(*line));
            if shapes.len() <= room / 10 {
                told += self.take_around(*line, 2, &[1, -1]);
            }
        }
    }

    /// Takes single lines between two that are taken: a mark for a cut needs as much room as the line.
    fn close_gaps(&mut self) {
        for line in 1..self.pieces.len().saturating_sub(1) {
            let is_gap = self.taken[line - 1] && self.taken[line + 1];
            if is_gap && self.are_neighbours(line - 1, line) && self.are_neighbours(line, line + 1)
            {
                self.take(line);
            }
        }
    }

    fn is_next_to(&self, line: usize, toward: isize) -> bool {
        match line.checked_add_signed(toward) {
            Some(beside) => self.are_neighbours(beside.min(line), beside.max(line)),
            None => self.pieces[line].number <= 1,
        }
    }

    /// Whether nothing is missing between two lines.
    fn are_neighbours(&self, a: usize, b: usize) -> bool {
        self.pieces[a].number.abs_diff(self.pieces[b].number) <= 1
    }
}
