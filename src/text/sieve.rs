//! Makes an excerpt of a log as it streams by, with bounded memory, whatever its length.

use std::collections::VecDeque;

use super::cap::{LINE_MAX, TEXT_MAX, cap_line, cap_line_around};
use super::choose::{Piece, Room, choose, shape};
use super::excerpt::{Cut, Excerpt, Kept};
use super::lines::{RawLine, Splitter};
use super::neutralize::{defuse, strip};
use super::redact::ends_in_key;
use super::{Clean, Redactor, rank, telling};

/// Lines that are held before and after one that tells.
const BEFORE: usize = 4;
const AFTER: usize = 3;

/// What is held of the middle of a log before the lines that tell least are dropped.
const MIDDLE: Room = Room { lines: 200, bytes: TEXT_MAX, head: 0, indent: 0 };

/// The head's share of [`TEXT_MAX`]: the end of a log is worth more than its start.
const HEAD_BYTES: usize = TEXT_MAX / 4;
const TAIL_BYTES: usize = TEXT_MAX - HEAD_BYTES;

/// Collects the lines of a stream in at most some 250 KiB.
///
/// A quarter of the lines is for the head. The lines that tell why the program failed are picked out of what is between
/// head and tail; the rest is for the tail.
#[derive(Debug)]
pub struct ExcerptBuilder {
    max_lines: usize,
    redactor: Redactor,
    splitter: Splitter,
    lines_seen: u64,
    /// What comes next is inside a private key.
    in_key: bool,
    /// No label of a private key has come yet, and what came may be the inside of one.
    may_be_in_key: bool,
    /// The last line with words, if the next may be the value of its name.
    name: String,
    head: Vec<Line>,
    /// Lines of the middle that tell, each with its neighbours.
    middle: Vec<Line>,
    middle_bytes: usize,
    /// So many of the next lines are neighbours of one that tells.
    neighbours: usize,
    /// The last lines, those before them that may become neighbours included.
    recent: VecDeque<Line>,
    recent_bytes: usize,
    /// Those of `recent` that were weighed and found to tell nothing.
    weighed: usize,
}

/// A line that is held.
#[derive(Debug)]
struct Line {
    /// Its number in the stream, from 1.
    number: u64,
    /// At most [`LINE_MAX`] bytes; a longer one is redacted and cut already.
    text: String,
    /// It begins inside a private key.
    in_key: bool,
    /// It belongs to a private key.
    is_key: bool,
}

impl ExcerptBuilder {
    /// For at most so many lines; 0 keeps none and counts.
    pub fn new(max_lines: usize, redactor: &Redactor) -> Self {
        Self {
            max_lines,
            redactor: redactor.clone(),
            splitter: Splitter::default(),
            lines_seen: 0,
            in_key: false,
            may_be_in_key: false,
            name: String::new(),
            head: Vec::new(),
            middle: Vec::new(),
            middle_bytes: 0,
            neighbours: 0,
            recent: VecDeque::new(),
            recent_bytes: 0,
            weighed: 0,
        }
    }

    /// For a stream that begins somewhere in a log.
    pub fn from_the_middle(self) -> Self {
        Self { may_be_in_key: true, ..self }
    }

    /// Takes the next bytes; lines and characters may be split between chunks.
    pub fn push_bytes(&mut self, chunk: &[u8]) {
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.push(chunk, |line| self.end_line(line));
        self.splitter = splitter;
    }

    /// Lines that have come so far, one without an end included.
    pub fn lines_seen(&self) -> u64 {
        self.lines_seen + u64::from(self.splitter.is_within_line())
    }

    /// The excerpt, redacted and clean.
    pub fn finish(mut self) -> Excerpt {
        self.end_last_line();
        let mut stretches = Vec::new();
        let (room, rest) = (self.room(), self.stretches(Cut::default(), &mut stretches));
        shortened(Excerpt::of(stretches, rest), room)
    }

    /// The same where this is only the beginning of the log and its end was read apart, after an unknown number of
    /// lines.
    pub fn finish_with(mut self, mut end: Self) -> Excerpt {
        // the rest of that line did not come
        self.splitter = Splitter::default();
        end.end_last_line();
        let mut stretches = Vec::new();
        let (room, may_be_twice) = (self.room(), self.lines_seen.min(end.lines_seen));
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
        self.lines_seen += 1;
        if self.max_lines == 0 {
            return;
        }
        let line = self.line(line);
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

    fn line(&mut self, raw: RawLine) -> Line {
        let (number, unseen) = (self.lines_seen, raw.unseen);
        let mut text = raw.into_text();
        let in_key = self.in_key;
        let mut is_key = in_key;
        // the same from outside and from inside of a key: it has a label of one
        let after = ends_in_key(&text, true);
        if after == ends_in_key(&text, false) {
            is_key = true;
            self.in_key = after;
            if self.may_be_in_key && !self.in_key {
                self.hide_what_came();
            }
            self.may_be_in_key = false;
        }
        if text.len() > LINE_MAX || unseen > 0 {
            // as a whole, so that no part of a secret is left
            let visible = self.redactor.redact_visible(&text, in_key);
            let visible = visible.unwrap_or_else(|| strip(&text).into_owned());
            let line = visible.replace('\n', " ");
            text = cap_line_around(&line, rank::place(&line), unseen).into_owned();
        }
        if !is_key && !text.trim().is_empty() {
            let name = std::mem::replace(&mut self.name, name_of_next(&text));
            text = self.beside(&name, text);
        }
        Line { number, text, in_key, is_key }
    }

    /// The line, its secret hidden that the name on the line before tells: that line may be cut.
    fn beside(&self, name: &str, text: String) -> String {
        if name.is_empty() {
            return text;
        }
        let both = self.redactor.redact_visible(&format!("{name}\n{text}"), false);
        let line = both.as_deref().and_then(|both| both.split_once('\n')).map(|(_, line)| line);
        line.filter(|line| !line.contains('\n')).map_or(text, str::to_owned)
    }

    /// All that came was the inside of a private key, or stood before one whose BEGIN is missing.
    fn hide_what_came(&mut self) {
        let lines = self.head.iter_mut().chain(&mut self.middle).chain(&mut self.recent);
        for line in lines {
            (line.in_key, line.is_key) = (true, true);
        }
    }

    /// Looks at the oldest line that is not weighed yet, and at what is to go for it.
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

    /// Keeps of the middle what tells most.
    fn thin_out(&mut self) {
        let pieces: Vec<Piece> = self.middle.iter().map(Line::piece).collect();
        let mut taken = choose(&pieces, &[], None, MIDDLE).into_iter();
        self.middle.retain(|_| taken.next().unwrap_or_default());
        self.middle_bytes = self.middle.iter().map(|line| line.text.len()).sum();
    }

    /// Adds all lines that are held, redacted across lines and clean, and says what is missing after them.
    fn stretches(self, before: Cut, stretches: &mut Vec<Kept>) -> Cut {
        let (mut cut, mut end) = (before, 0);
        let missing = |end: u64, next: u64| Cut { lines: next - end - 1, exact: true };
        let lines: Vec<Line> =
            self.head.into_iter().chain(self.middle).chain(self.recent).collect();
        for lines in lines.chunk_by(|a, b| a.number + 1 == b.number) {
            let (Some(first), Some(last)) = (lines.first(), lines.last()) else { continue };
            let joined = lines.iter().map(|line| &*line.text).collect::<Vec<_>>().join("\n");
            let redacted = self.redactor.redact_visible(&joined, first.in_key);
            let visible = redacted.unwrap_or_else(|| strip(&joined).into_owned());
            let lines = visible.split('\n').map(|line| cap_line(&defuse(line)).into_owned());
            let lines = lines.map(Clean::from_neutral).collect();
            cut = cut.and(missing(end, first.number));
            stretches.push(Kept { cut: std::mem::take(&mut cut), lines });
            end = last.number;
        }
        cut.and(missing(end, self.lines_seen + 1))
    }
}

/// The line, if it ends like the name of a value on the next: `Password:`, `- --password`.
fn name_of_next(line: &str) -> String {
    const LONGEST: usize = 512;
    let end = line.trim_end().trim_end_matches(['"', '\'']);
    let is_name =
        end.ends_with([':', '=', '|']) || end.trim_start().starts_with("- ") && end.contains("--");
    if is_name && line.len() <= LONGEST { line.to_owned() } else { String::new() }
}

impl Line {
    /// By itself: what stands around it is known at the end only.
    fn rank(&self) -> u8 {
        if self.is_key { 0 } else { rank::of(&self.text) }
    }

    fn piece(&self) -> Piece {
        Piece {
            number: self.number,
            bytes: self.text.len(),
            rank: self.rank(),
            is_noise: false,
            shape: shape(&self.text),
        }
    }
}

/// Keeps what tells most, and the words with which the program says that it ends on purpose, where they are the reason
/// why what comes after them tells nothing.
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
mod tests {
    use super::*;
    use crate::text::ExcerptRow;

    fn builder(max_lines: usize) -> ExcerptBuilder {
        ExcerptBuilder::new(max_lines, &Redactor::built_in())
    }

    fn excerpt(max_lines: usize, log: impl AsRef<[u8]>) -> Excerpt {
        let mut builder = builder(max_lines);
        builder.push_bytes(log.as_ref());
        builder.finish()
    }

    fn shown(excerpt: &Excerpt) -> Vec<String> {
        let row = |line| match line {
            ExcerptRow::Line(line) => line.to_string(),
            ExcerptRow::Cut(cut) => format!("<{cut}>"),
        };
        excerpt.rows().map(row).collect()
    }

    fn numbered(lines: usize) -> String {
        (1..=lines).map(|n| format!("line {n}\n")).collect()
    }

    #[test]
    fn a_value_on_the_next_line_is_hidden_wherever_the_cut_falls() {
        for name in [
            "Password:\n    hunter2",
            "- --password\n- hunter2",
            "Initial password:\n\n  k9Zp3qTRs",
        ] {
            for after in 0..12 {
                let log = format!("{}{name}\n{}", numbered(30), numbered(after));
                let rows = shown(&excerpt(8, log));
                let leaks = |row: &String| row.contains("hunter2") || row.contains("k9Zp3qTRs");
                assert!(!rows.iter().any(leaks), "{after}: {rows:?}");
            }
        }
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
        // it does not fit, and is worth no more than its beginning and its end
        let frames =
            ["    main.f1()", "<4 lines cut>", "    main.f6()", "    main.f7()", "    main.f8()"];
        assert_eq!(rows(50, 8)[..3], ["line 1", "line 2", "<47 lines cut>"]);
        assert_eq!(rows(50, 8)[3..], [&["line 50", "panic: boom"], &frames[..]].concat());
    }

    #[test]
    fn a_trace_before_the_last_one_takes_no_room_from_it() {
        let log =
            format!("{}panic: first\n\tf()\n\tg()\n\th()\npanic: last\n\tf()\n", numbered(50));
        let rows = shown(&excerpt(6, log));
        assert_eq!(rows[..2], ["line 1", "<48 lines cut>"]);
        let traces = ["panic: first", "    f()", "<2 lines cut>", "panic: last", "    f()"];
        assert_eq!(rows[2..], [&["line 50"], &traces[..]].concat());
    }

    #[test]
    fn chunks_may_split_lines_line_ends_and_characters() {
        let log = "aé\r\nb\rc\n\nпароль 😀\r\n";
        let whole = excerpt(20, log);
        assert_eq!(shown(&whole), ["aé", "b", "c", "", "пароль 😀"]);
        for size in 1..8 {
            let mut builder = builder(20);
            for chunk in log.as_bytes().chunks(size) {
                builder.push_bytes(chunk);
            }
            assert_eq!(builder.lines_seen(), 5, "chunks of {size}");
            assert_eq!(builder.finish(), whole, "chunks of {size}");
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
        let mut builder = builder(1_000);
        for n in 0..2_000 {
            let word = if n % 3 == 0 { "error" } else { "" };
            builder.push_bytes(format!("{n} {word}{}\n", "\t".repeat(4_000)).as_bytes());
            let head: usize = builder.head.iter().map(|line| line.text.len()).sum();
            let middle: usize = builder.middle.iter().map(|line| line.text.len()).sum();
            assert_eq!(middle, builder.middle_bytes);
            assert!(
                head + builder.recent_bytes <= TEXT_MAX && middle <= 2 * MIDDLE.bytes + LINE_MAX
            );
        }
        builder.push_bytes(b"the end");
        let excerpt = builder.finish();
        let bytes: usize = excerpt.lines().map(|line| line.len() + 1).sum();
        assert!(bytes <= TEXT_MAX, "{bytes}");
        assert_eq!(excerpt.lines().count() as u64 + excerpt.missing().lines, 2_001);
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
    fn a_line_that_tells_is_kept_with_its_neighbours_wherever_it_stands() {
        for at in [13, 62, 300, 940] {
            let log: String = (1..=1000)
                .map(|n| {
                    if n == at {
                        "ERROR no price for EUR\n".to_owned()
                    } else {
                        format!("row {n}\n")
                    }
                })
                .collect();
            let rows = shown(&excerpt(16, log));
            let found = rows.iter().position(|row| row == "ERROR no price for EUR").unwrap();
            assert_eq!(rows[found - 1], format!("row {}", at - 1), "{at}");
            assert_eq!(rows[found + 1], format!("row {}", at + 1), "{at}");
            assert_eq!((&*rows[0], &**rows.last().unwrap()), ("row 1", "row 1000"), "{at}");
            assert_eq!(rows.iter().filter(|row| !row.starts_with('<')).count(), 16, "{at}");
            assert_eq!(rows.iter().filter(|row| row.starts_with('<')).count(), 2, "{at}");
        }
    }

    #[test]
    fn what_is_said_again_and_again_hides_no_other_line() {
        let log: String = (1..=3000)
            .map(|n| match n {
                40 => "ERROR symbol not found: NewPlugin\n".to_owned(),
                n if n % 2 == 0 => format!("ERROR request {n} failed\n"),
                n => format!("row {n}\n"),
            })
            .collect();
        let rows = shown(&excerpt(40, log));
        assert!(rows.contains(&"ERROR symbol not found: NewPlugin".to_owned()), "{rows:?}");
    }

    #[test]
    fn the_line_that_tells_most_is_kept_also_where_there_is_room_for_one() {
        let log = format!("{}fatal: no price for EUR\n{}", numbered(50), numbered(50));
        assert_eq!(
            shown(&excerpt(1, &log)),
            ["<50 lines cut>", "fatal: no price for EUR", "<50 lines cut>"]
        );
        assert_eq!(
            shown(&excerpt(2, &log)),
            ["<50 lines cut>", "fatal: no price for EUR", "<49 lines cut>", "line 50"]
        );
    }

    #[test]
    fn a_line_that_is_too_long_is_cut_around_what_it_tells() {
        for (before, after) in [(20_000, 20_000), (200_000, 0), (9_000, 300_000), (100, 20_000)] {
            let (before, after) = ("a".repeat(before), "b ".repeat(after / 2));
            let log = format!(
                "INFO start\nERROR password=hunter2 {before} Caused by: no price {after}\nbye\n"
            );
            let excerpt = excerpt(8, log);
            let line = excerpt.lines().nth(1).unwrap();
            let at = line.find("Caused by: no price").unwrap();
            assert!(
                line.starts_with("ERROR password=[redacted] ") && line.len() <= LINE_MAX,
                "{line}"
            );
            assert!(at < LINE_MAX / 2 && line.contains("bytes cut)"), "{at}");
        }
    }

    #[test]
    fn a_beginning_and_an_end_that_were_read_apart_are_one_log() {
        let joined = |first: String, last: String| {
            let (mut start, mut end) = (builder(12), builder(12).from_the_middle());
            start.push_bytes(first.as_bytes());
            end.push_bytes(last.as_bytes());
            start.finish_with(end)
        };
        let rows = shown(&joined(
            format!("{}ERROR no plugin\n{}cut off here", numbered(80), numbered(20)),
            format!("{}ERROR no price\n{}", numbered(30), numbered(40)),
        ));
        assert_eq!(rows[..5], ["line 1", "line 2", "line 3", "<77 lines cut>", "ERROR no plugin"]);
        // they may overlap
        assert_eq!(rows[5..9], ["<some lines cut>", "line 29", "line 30", "ERROR no price"]);
        assert_eq!(
            rows[9..],
            ["line 1", "line 2", "<35 lines cut>", "line 38", "line 39", "line 40"]
        );
        let rows = shown(&joined(numbered(900), numbered(200)));
        assert_eq!(rows[2..5], ["line 3", "<at least 888 lines cut>", "line 192"]);
    }

    #[test]
    fn a_key_that_began_before_the_stream_is_hidden() {
        let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n".repeat(30);
        let log =
            format!("{body}-----END PRIVATE KEY-----\n{}fatal: x\n{}", numbered(9), numbered(90));
        for lines in [4, 8, 40] {
            let mut builder = builder(lines).from_the_middle();
            builder.push_bytes(log.as_bytes());
            let rows = shown(&builder.finish());
            assert!(!rows.iter().any(|row| row.contains("MII")), "{lines}: {rows:?}");
            assert!(rows.contains(&"fatal: x".to_owned()), "{lines}: {rows:?}");
        }
    }

    #[test]
    fn an_error_in_a_private_key_does_not_show_it() {
        let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n".repeat(20);
        let key = format!("-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----\n");
        for around in ["error: bad key\n", "x\nerror: bad key\n", "error: bad key\nx\n"] {
            let log = format!("{}{around}{key}{around}{}", numbered(60), numbered(60));
            let rows = shown(&excerpt(16, log));
            assert!(!rows.iter().any(|row| row.contains("MII")), "{rows:?}");
            assert!(rows.contains(&"error: bad key".to_owned()), "{rows:?}");
        }
    }

    #[test]
    fn recordings_of_older_versions_are_read() {
        let old = r#"{"head": ["a"], "cut": {"lines": 7, "exact": true}, "tail": ["b"]}"#;
        let excerpt: Excerpt = serde_json::from_str(old).unwrap();
        assert_eq!(shown(&excerpt), ["a", "<7 lines cut>", "b"]);
        assert_eq!(
            serde_json::to_string(&excerpt).unwrap(),
            old.replace(": ", ":").replace(", ", ",")
        );
    }

    #[test]
    fn survives_serialisation() {
        let excerpt = excerpt(8, format!("{}fatal: x\n{}", numbered(30), numbered(30)));
        assert_eq!(excerpt.kept.len(), 1);
        let json = serde_json::to_string(&excerpt).unwrap();
        assert_eq!(serde_json::from_str::<Excerpt>(&json).unwrap(), excerpt);
    }
}
