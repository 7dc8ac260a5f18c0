//! The lines of a stream, read for what they hide together: private keys, and values on the line after their name.

use crate::text::{
    Redactor,
    cap::{LINE_MAX, cap_line_around},
    lines::RawLine,
    neutralize::strip,
    piece::{Piece, shape},
    rank,
    redact::ends_in_key,
};

/// A line that is kept for now.
#[derive(Debug)]
pub(super) struct Line {
    /// Its number in the stream, from 1.
    pub(super) number: u64,
    /// Its text. Of more than [`LINE_MAX`] bytes it is redacted and cut already.
    pub(super) text: String,
    /// Whether it begins inside a private key.
    pub(super) in_key: bool,
    /// Whether it belongs to a private key.
    is_key: bool,
}

/// What a line shows about those before it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Came {
    /// Nothing new.
    Outside,
    /// They were inside a private key whose BEGIN is missing.
    InsideKey,
}

/// Reads lines one after another.
#[derive(Debug)]
pub(super) struct LineReader {
    redactor: Redactor,
    /// How many lines were read.
    pub(super) lines: u64,
    /// Whether the next line is inside a private key.
    in_key: bool,
    /// Whether all lines so far may have been inside a private key: no label has come.
    pub(super) may_be_in_key: bool,
    /// The last line with words, if the next may be the value of its name.
    name: String,
}

impl LineReader {
    pub(super) fn new(redactor: &Redactor) -> Self {
        let redactor = redactor.clone();
        Self { redactor, lines: 0, in_key: false, may_be_in_key: false, name: String::new() }
    }

    /// The text without secrets and without what a reader cannot see. `in_key`: it begins inside a private key.
    pub(super) fn visible(&self, text: &str, in_key: bool) -> String {
        let redacted = self.redactor.redact_visible(text, in_key);
        redacted.unwrap_or_else(|| strip(text).into_owned())
    }

    /// Reads the next line.
    pub(super) fn read(&mut self, raw: RawLine) -> (Line, Came) {
        self.lines += 1;
        let (number, unseen) = (self.lines, raw.unseen);
        let mut came = Came::Outside;
        let mut text = raw.into_text();
        let in_key = self.in_key;
        let mut is_key = in_key;
        // if the answer is the same from inside and outside a key, the line has a label
        let after = ends_in_key(&text, true);
        if after == ends_in_key(&text, false) {
            is_key = true;
            self.in_key = after;
            if self.may_be_in_key && !after {
                came = Came::InsideKey;
            }
            self.may_be_in_key = false;
        }
        if text.len() > LINE_MAX || unseen > 0 {
            // as a whole, so that no part of a secret is left
            let line = self.visible(&text, in_key).replace('\n', " ");
            text = cap_line_around(&line, rank::place(&line), unseen).into_owned();
        }
        if !is_key && !text.trim().is_empty() {
            let name = std::mem::replace(&mut self.name, name_of_next(&text));
            text = self.beside(&name, text);
        }
        (Line { number, text, in_key, is_key }, came)
    }

    /// The line without the secret whose name is on the line before, which may be cut from the excerpt.
    fn beside(&self, name: &str, text: String) -> String {
        if name.is_empty() {
            return text;
        }
        let both = self.redactor.redact_visible(&format!("{name}\n{text}"), false);
        let line = both.as_deref().and_then(|both| both.split_once('\n')).map(|(_, line)| line);
        line.filter(|line| !line.contains('\n')).map_or(text, str::to_owned)
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
    pub(super) fn put_into_key(&mut self) {
        (self.in_key, self.is_key) = (true, true);
    }

    /// How telling it is by itself: its neighbours are not all known yet.
    pub(super) fn rank(&self) -> u8 {
        if self.is_key { 0 } else { rank::of(&self.text) }
    }

    pub(super) fn piece(&self) -> Piece {
        Piece {
            number: self.number,
            bytes: self.text.len(),
            rank: self.rank(),
            is_noise: false,
            shape: shape(&self.text),
        }
    }
}
