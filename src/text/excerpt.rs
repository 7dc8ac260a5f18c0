//! Head and tail of a log, kept with bounded memory.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::cap::{LINE_MAX, TEXT_MAX, cap_line, cap_longer_line};
use super::neutralize::{defuse, neutralize, strip};
use super::private_key::ends_in_key;
use super::{Clean, Redactor, Shown, trace};

/// Head and tail of a log, the middle cut and counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The first lines.
    pub head: Vec<Clean>,
    /// What is missing between head and tail.
    pub cut: Cut,
    /// The last lines, those nearest to the end of the process.
    pub tail: Vec<Clean>,
}

/// How much of a log is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// The number of lines.
    pub lines: u64,
    /// Whether that is the number; else it is at least that many.
    pub exact: bool,
}

/// One row of an [`Excerpt`] in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExcerptLine<'e> {
    /// A line of the log.
    Line(&'e Clean),
    /// Lines are missing here.
    Cut(Cut),
}

impl Excerpt {
    /// The rows in reading order; the cut is a row only if something is missing.
    pub fn lines(&self) -> impl Iterator<Item = ExcerptLine<'_>> {
        let cut = (!self.cut.is_none()).then_some(ExcerptLine::Cut(self.cut));
        self.head
            .iter()
            .map(ExcerptLine::Line)
            .chain(cut)
            .chain(self.tail.iter().map(ExcerptLine::Line))
    }

    /// The last line with something on it: often the reason of the crash.
    pub fn last_line(&self) -> Option<&Clean> {
        self.tail.iter().rev().chain(self.head.iter().rev()).find(|line| !line.trim().is_empty())
    }

    /// Hides what another redactor knows than the one it was made with, e.g. on a replay.
    pub fn redact(&mut self, redactor: &Redactor) {
        for line in self.head.iter_mut().chain(&mut self.tail) {
            if let Cow::Owned(redacted) = redactor.redact(line) {
                *line = Clean::from_neutral(neutralize(&redacted));
            }
        }
    }

    /// Whether no line was kept.
    pub fn is_empty(&self) -> bool {
        self.head.is_empty() && self.tail.is_empty()
    }
}

impl Cut {
    /// Whether nothing is missing.
    pub fn is_none(&self) -> bool {
        self.lines == 0 && self.exact
    }
}

impl Default for Cut {
    fn default() -> Self {
        Self { lines: 0, exact: true }
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at_least = if self.exact { "" } else { "at least " };
        let noun = if self.lines == 1 { "line" } else { "lines" };
        write!(f, "{at_least}{} {noun} cut", self.lines)
    }
}

impl Shown for Cut {}

/// Collects the lines of a stream in at most some 80 KiB, whatever its length.
///
/// A quarter of the lines is for the head, the rest for the tail, which keeps the newest. Where a stack trace begins a
/// little before the tail, it takes room from the head.
#[derive(Debug)]
pub struct ExcerptBuilder {
    max_lines: usize,
    head: Vec<RawLine>,
    tail: VecDeque<RawLine>,
    tail_bytes: usize,
    /// The line under way.
    partial: RawLine,
    /// The last byte was a CR, so a LF belongs to the same line end.
    after_cr: bool,
    head_is_full: bool,
    lines_seen: u64,
    lines_cut: u64,
    /// The tail begins inside a private key.
    tail_in_key: bool,
    /// The lines right before the tail, each with whether it begins inside a private key.
    before_tail: VecDeque<(RawLine, bool)>,
}

/// A line as it came, without its end.
#[derive(Debug, Default)]
struct RawLine {
    bytes: Vec<u8>,
    /// Bytes that came and were not kept.
    unseen: u64,
}

/// Kept of a line beyond what is shown, so that a secret at the border is seen whole.
const LINE_SLACK: usize = 512;

/// The head's share of [`TEXT_MAX`]: the end of a log is worth more than its start.
const HEAD_BYTES: usize = TEXT_MAX / 4;
const TAIL_BYTES: usize = TEXT_MAX - HEAD_BYTES;

impl ExcerptBuilder {
    /// For at most so many lines; 0 keeps none and counts.
    pub fn new(max_lines: usize) -> Self {
        Self {
            max_lines,
            head: Vec::new(),
            tail: VecDeque::new(),
            tail_bytes: 0,
            partial: RawLine::default(),
            after_cr: false,
            head_is_full: false,
            lines_seen: 0,
            lines_cut: 0,
            tail_in_key: false,
            before_tail: VecDeque::new(),
        }
    }

    /// Takes the next bytes; lines and characters may be split between chunks.
    pub fn push_bytes(&mut self, chunk: &[u8]) {
        let mut rest = chunk;
        if self.after_cr && !rest.is_empty() {
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            self.after_cr = false;
        }
        while let Some(at) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            self.partial.extend(&rest[..at]);
            self.end_line();
            let is_cr = rest[at] == b'\r';
            rest = &rest[at + 1..];
            if is_cr {
                self.after_cr = rest.is_empty();
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
        }
        self.partial.extend(rest);
    }

    /// Lines that have come so far, one without an end included.
    pub fn lines_seen(&self) -> u64 {
        self.lines_seen + u64::from(!self.partial.is_empty())
    }

    /// The excerpt, redacted and clean.
    pub fn finish(mut self, redactor: &Redactor) -> Excerpt {
        if !self.partial.is_empty() {
            self.end_line();
        }
        self.make_trace_whole();
        let mut head = clean_lines(self.head.iter(), redactor, false);
        let mut tail = clean_lines(self.tail.iter(), redactor, self.tail_in_key);
        // Neutral text can be longer than raw text, and some line ends show only there.
        let surplus = shorten(&mut head, HEAD_BYTES, self.max_lines)
            + shorten_front(&mut tail, TAIL_BYTES, self.max_lines.saturating_sub(head.len()));
        let lines = self.lines_cut.saturating_add(surplus);
        Excerpt { head, cut: Cut { lines, exact: true }, tail }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.partial);
        self.lines_seen += 1;
        if !self.head_is_full {
            let head_bytes: usize = self.head.iter().map(|line| line.bytes.len()).sum();
            if self.head.len() < self.max_lines / 4 && head_bytes + line.bytes.len() <= HEAD_BYTES {
                self.head.push(line);
                return;
            }
            self.head_is_full = true;
            self.tail_in_key = self.head.iter().fold(false, |open, line| line.ends_in_key(open));
        }
        self.tail_bytes += line.bytes.len();
        self.tail.push_back(line);
        while self.tail.len() > self.max_lines - self.head.len() || self.tail_bytes > TAIL_BYTES {
            let Some(oldest) = self.tail.pop_front() else { break };
            self.tail_bytes -= oldest.bytes.len();
            self.lines_cut += 1;
            let in_key = self.tail_in_key;
            self.tail_in_key = oldest.ends_in_key(in_key);
            self.before_tail.push_back((oldest, in_key));
            while self.before_tail.len() > self.head.len() {
                self.before_tail.pop_front();
            }
        }
    }

    /// Has the tail begin where its stack trace does, if that is near enough: as many lines of the head go for it.
    fn make_trace_whole(&mut self) {
        let lines = self.before_tail.iter().map(|(line, _)| line).chain(&self.tail);
        let lines: Vec<&[u8]> = lines.map(|line| &*line.bytes).collect();
        let begins = |at: &usize| trace::begins(lines[*at], lines.get(at + 1).copied());
        let last = (0..lines.len()).rev().find(begins);
        let Some(begin) = last.filter(|begin| *begin < self.before_tail.len()) else { return };
        let taken = self.before_tail.split_off(begin);
        let bytes: usize = taken.iter().map(|(line, _)| line.bytes.len()).sum();
        if self.tail_bytes + bytes > TAIL_BYTES {
            return;
        }
        self.tail_in_key = taken.front().is_some_and(|(_, in_key)| *in_key);
        // what is taken was cut before, and what goes for it is cut now
        self.head.truncate(self.head.len().saturating_sub(taken.len()));
        for (line, _) in taken.into_iter().rev() {
            self.tail.push_front(line);
        }
        self.tail_bytes += bytes;
    }
}

impl RawLine {
    fn extend(&mut self, bytes: &[u8]) {
        let room = (LINE_MAX + LINE_SLACK).saturating_sub(self.bytes.len());
        let kept = room.min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..kept]);
        self.unseen += (bytes.len() - kept) as u64;
    }

    fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    fn ends_in_key(&self, open: bool) -> bool {
        // Called for every line of a long log; most are no label by their first look.
        if self.bytes.len() < "-----END PRIVATE KEY-----".len() {
            return open;
        }
        ends_in_key(&String::from_utf8_lossy(&self.bytes), open)
    }

    /// The text; one that is too long is redacted, then cut, so that no part of a secret is left.
    fn shortened(&self, redactor: &Redactor) -> String {
        let text = String::from_utf8_lossy(&self.bytes);
        if self.unseen == 0 && text.len() <= LINE_MAX {
            return text.into_owned();
        }
        let visible = redactor.redact_visible(&text, false);
        let visible = visible.unwrap_or_else(|| strip(&text).into_owned());
        cap_longer_line(&defuse(&visible), self.unseen).into_owned()
    }
}

/// Redacts across lines, then makes each line clean.
fn clean_lines<'l>(
    raw: impl Iterator<Item = &'l RawLine>,
    redactor: &Redactor,
    in_key: bool,
) -> Vec<Clean> {
    let lines: Vec<String> = raw.map(|line| line.shortened(redactor)).collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let joined = lines.join("\n");
    let redacted = redactor.redact_visible(&joined, in_key);
    let visible = redacted.unwrap_or_else(|| strip(&joined).into_owned());
    let lines = visible.split('\n').map(|line| cap_line(&defuse(line)).into_owned());
    lines.map(Clean::from_neutral).collect()
}

/// Drops from the end what is too much, and counts it.
fn shorten(lines: &mut Vec<Clean>, max_bytes: usize, max_lines: usize) -> u64 {
    let kept = fitting(lines.iter(), max_bytes, max_lines);
    let surplus = lines.len() - kept;
    lines.truncate(kept);
    surplus as u64
}

/// Drops from the front what is too much, and counts it.
fn shorten_front(lines: &mut Vec<Clean>, max_bytes: usize, max_lines: usize) -> u64 {
    let surplus = lines.len() - fitting(lines.iter().rev(), max_bytes, max_lines);
    lines.drain(..surplus);
    surplus as u64
}

/// How many of these lines fit, with their line ends.
fn fitting<'l>(
    lines: impl Iterator<Item = &'l Clean>,
    max_bytes: usize,
    max_lines: usize,
) -> usize {
    let mut bytes = 0;
    lines
        .take(max_lines)
        .take_while(|line| {
            bytes += line.len() + 1;
            bytes <= max_bytes
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(max_lines: usize, log: impl AsRef<[u8]>) -> Excerpt {
        let mut builder = ExcerptBuilder::new(max_lines);
        builder.push_bytes(log.as_ref());
        builder.finish(&Redactor::built_in())
    }

    fn shown(excerpt: &Excerpt) -> Vec<String> {
        let row = |line| match line {
            ExcerptLine::Line(line) => line.to_string(),
            ExcerptLine::Cut(cut) => format!("<{cut}>"),
        };
        excerpt.lines().map(row).collect()
    }

    fn numbered(lines: usize) -> String {
        (1..=lines).map(|n| format!("line {n}\n")).collect()
    }

    #[test]
    fn a_short_log_is_whole() {
        let excerpt = excerpt(8, numbered(8));
        assert_eq!(shown(&excerpt), numbered(8).lines().collect::<Vec<_>>());
        assert!(excerpt.cut.is_none());
    }

    #[test]
    fn a_quarter_is_head_and_the_middle_is_counted() {
        let rows = shown(&excerpt(8, numbered(1000)));
        assert_eq!(rows[..3], ["line 1", "line 2", "<992 lines cut>"]);
        assert_eq!(rows[3..], numbered(1000).lines().collect::<Vec<_>>()[994..]);
    }

    #[test]
    fn a_stack_trace_is_whole_where_it_fits() {
        let frames: String = (1..=8).map(|n| format!("\tmain.f{n}()\n")).collect();
        let rows = |before: usize, lines| {
            shown(&excerpt(lines, format!("{}panic: boom\n{frames}", numbered(before))))
        };
        // three lines for the head, nine for the tail: the trace fits as it is
        assert_eq!(
            rows(50, 12)[..5],
            ["line 1", "line 2", "line 3", "<47 lines cut>", "panic: boom"]
        );
        // two and eight: the head gives one up
        assert_eq!(rows(50, 10)[..3], ["line 1", "<49 lines cut>", "panic: boom"]);
        assert_eq!(rows(50, 10).len(), 11);
        // one and seven: it does not fit, and its end is worth more
        assert_eq!(rows(50, 8)[..3], ["line 1", "line 2", "<51 lines cut>"]);
    }

    #[test]
    fn a_trace_before_the_last_one_takes_no_room() {
        let log =
            format!("{}panic: first\n\tf()\n\tg()\n\th()\npanic: last\n\tf()\n", numbered(50));
        assert_eq!(shown(&excerpt(6, log))[..2], ["line 1", "<50 lines cut>"]);
    }

    #[test]
    fn chunks_may_split_lines_line_ends_and_characters() {
        let log = "aé\r\nb\rc\n\nпароль 😀\r\n";
        let whole = excerpt(20, log);
        assert_eq!(shown(&whole), ["aé", "b", "c", "", "пароль 😀"]);
        for size in 1..8 {
            let mut builder = ExcerptBuilder::new(20);
            for chunk in log.as_bytes().chunks(size) {
                builder.push_bytes(chunk);
            }
            assert_eq!(builder.lines_seen(), 5, "chunks of {size}");
            assert_eq!(builder.finish(&Redactor::built_in()), whole, "chunks of {size}");
        }
    }

    #[test]
    fn no_log_and_no_lines_allowed_are_empty() {
        assert!(excerpt(40, "").is_empty());
        assert_eq!(shown(&excerpt(0, "a\nb")), ["<2 lines cut>"]);
        assert_eq!(shown(&excerpt(1, "a\nb")), ["<1 line cut>", "b"]);
    }

    #[test]
    fn the_last_line_is_the_last_with_words() {
        let text = excerpt(40, "panic: x\n  \n\n");
        assert_eq!(text.last_line().map(AsRef::as_ref), Some("panic: x"));
        assert_eq!(excerpt(40, "\n").last_line(), None);
    }

    #[test]
    fn a_long_line_is_cut_and_counted() {
        let excerpt = excerpt(4, "x".repeat(70_000));
        let line = excerpt.last_line().unwrap();
        assert!(line.len() <= LINE_MAX);
        assert!(line.ends_with("… (61848 bytes cut)"), "{}", &line[8100..]);
    }

    #[test]
    fn memory_and_result_are_bounded_and_the_end_is_kept() {
        let mut builder = ExcerptBuilder::new(1_000);
        for n in 0..2_000 {
            builder.push_bytes(format!("{n} {}\n", "\t".repeat(4_000)).as_bytes());
            let held: usize = builder.head.iter().map(|line| line.bytes.len()).sum();
            assert!(held + builder.tail_bytes <= TEXT_MAX);
        }
        builder.push_bytes(b"the end");
        let excerpt = builder.finish(&Redactor::built_in());
        let bytes: usize =
            excerpt.head.iter().chain(&excerpt.tail).map(|line| line.len() + 1).sum();
        assert!(bytes <= TEXT_MAX, "{bytes}");
        let kept = (excerpt.head.len() + excerpt.tail.len()) as u64;
        assert_eq!(kept + excerpt.cut.lines, 2_001);
        assert_eq!(excerpt.last_line().map(AsRef::as_ref), Some("the end"));
    }

    #[test]
    fn a_secret_at_the_border_of_a_long_line_is_hidden() {
        for padding in 8_050..8_200 {
            let text =
                format!("{} password=hunter2hunter2 {}", "x".repeat(padding), "y".repeat(900));
            let excerpt = excerpt(4, text);
            assert!(!excerpt.last_line().unwrap().contains("hun"), "{padding}");
        }
    }

    #[test]
    fn a_private_key_is_hidden_wherever_the_cut_falls() {
        let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n".repeat(20);
        let key = format!("-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----\n");
        for (before, after) in [(0, 0), (0, 30), (5, 5), (9, 0), (30, 0), (30, 10), (30, 30)] {
            let log = format!("{}{key}{}", numbered(before), numbered(after));
            for end in [log.len(), log.len().saturating_sub(200)] {
                let rows = shown(&excerpt(20, &log[..end]));
                assert!(
                    !rows.iter().any(|row| row.contains("MII")),
                    "{before} {after} {end}: {rows:?}"
                );
            }
        }
    }

    #[test]
    fn rare_line_ends_make_lines() {
        assert_eq!(
            shown(&excerpt(3, "a\u{85}b\u{2028}c\u{2029}::error::d")),
            ["<1 line cut>", "b", "c", ": :error::d"]
        );
    }

    #[test]
    fn survives_serialisation() {
        let excerpt = excerpt(8, numbered(30));
        let json = serde_json::to_string(&excerpt).unwrap();
        assert_eq!(serde_json::from_str::<Excerpt>(&json).unwrap(), excerpt);
    }
}
