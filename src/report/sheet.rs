//! A text that grows piece by piece within a budget; what does not fit is named at its end.

use super::words;

/// Room for the list of what was left out.
const NOTE_MAX: usize = 1000;

/// How many of the pieces that were left out are named.
const NAMED: usize = 5;

/// The text so far. A piece is whole or not there, so no fence or tag is ever cut open.
#[derive(Debug)]
pub(super) struct Sheet {
    text: String,
    budget: usize,
    left_out: Vec<String>,
}

impl Sheet {
    /// An empty sheet for so many bytes.
    pub(super) fn new(budget: usize) -> Self {
        Self { text: String::new(), budget, left_out: Vec::new() }
    }

    /// Adds a piece if it fits; `name` tells of it if not.
    pub(super) fn add(&mut self, name: impl Into<String>, piece: &str) {
        if self.text.len() + piece.len() + NOTE_MAX <= self.budget {
            self.text.push_str(piece);
        } else {
            self.left_out.push(name.into());
        }
    }

    /// The same for a piece of at least so many bytes, which is not made if that is too much.
    pub(super) fn add_large(
        &mut self,
        name: impl Into<String>,
        least: usize,
        piece: impl FnOnce() -> String,
    ) {
        if self.text.len() + least + NOTE_MAX <= self.budget {
            self.add(name, &piece());
        } else {
            self.left_out.push(name.into());
        }
    }

    /// Adds a piece that is made of others: `wrap` puts it around what of them fits.
    pub(super) fn nest(&mut self, fill: impl FnOnce(&mut Self), wrap: impl Fn(&str) -> String) {
        let spent = self.text.len() + wrap("").len();
        let mut inner = Self::new(self.budget.saturating_sub(spent));
        fill(&mut inner);
        if !inner.text.is_empty() {
            self.text.push_str(&wrap(&inner.text));
        }
        self.left_out.append(&mut inner.left_out);
    }

    /// The text, with a note of what was left out, as the format writes one.
    pub(super) fn finish(mut self, note: impl FnOnce(&str) -> String) -> String {
        if !self.left_out.is_empty() {
            let (named, more) = words::first_few(&self.left_out, NAMED);
            let names = named.join(", ");
            let note = note(&format!(
                "Left out to keep within the size limit: {names}{more}. The JSON report holds everything."
            ));
            if self.text.len() + note.len() <= self.budget {
                self.text.push_str(&note);
            }
        }
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(note: &str) -> String {
        format!("> {note}\n")
    }

    #[test]
    fn pieces_that_do_not_fit_are_named() {
        let mut sheet = Sheet::new(NOTE_MAX + 10);
        sheet.add("the verdict", "verdict\n");
        sheet.add("the log of app", &"x".repeat(20));
        sheet.add("the rest", "y\n");
        let text = sheet.finish(quoted);
        assert!(text.starts_with("verdict\ny\n> Left out"), "{text}");
        assert!(text.contains("size limit: the log of app."), "{text}");
        assert!(text.len() <= NOTE_MAX + 10);
    }

    #[test]
    fn a_large_piece_is_made_only_if_it_may_fit() {
        let mut sheet = Sheet::new(NOTE_MAX + 2);
        sheet.add_large("the log", 3, || unreachable!("it cannot fit"));
        sheet.add_large("another log", 2, || "<x>".to_owned());
        sheet.add_large("a short one", 1, || "x".to_owned());
        assert_eq!(sheet.left_out, ["the log", "another log"]);
        assert_eq!(sheet.text, "x");
    }

    #[test]
    fn names_are_few_and_the_rest_is_counted() {
        let mut sheet = Sheet::new(NOTE_MAX);
        for number in 0..8 {
            sheet.add(format!("log {number}"), "x");
        }
        assert!(sheet.finish(quoted).contains("log 0, log 1, log 2, log 3, log 4 and 3 more."));
    }

    #[test]
    fn what_is_around_others_is_whole_whatever_fits_into_it() {
        let wrap = |inner: &str| format!("<{inner}>");
        let texts = (0..8).map(|room| {
            let mut sheet = Sheet::new(NOTE_MAX + room);
            sheet.nest(
                |inner| ["aa", "b"].map(|piece| inner.add(piece, piece)).into_iter().collect(),
                wrap,
            );
            let left_out = sheet.left_out.join(" ");
            let text = sheet.finish(|_| String::new());
            assert!(text.len() <= room, "{text}");
            format!("{text} {left_out}")
        });
        let expected =
            [" aa b", " aa b", " aa b", "<b> aa", "<aa> b", "<aab> ", "<aab> ", "<aab> "];
        assert_eq!(texts.collect::<Vec<_>>(), expected);
    }
}
