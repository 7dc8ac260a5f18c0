//! Writes blocks piece by piece within a budget; what does not fit is named at the end.

use super::{
    block::{Block, Look, Place, Section, Table},
    words::first_few,
};
use crate::phrases::counted;

/// Room for the list of what was left out.
const NOTE_MAX: usize = 1000;

/// How many of the pieces that were left out are named.
const NAMED: usize = 5;

/// What a format puts around texts.
pub(super) trait Format {
    /// A block that is no section.
    fn block(&self, block: &Block<'_>) -> String;

    /// A section around what is in it; empty for one that would say nothing.
    fn section(&self, section: &Section<'_>, inner: &str) -> String;

    /// What is said of pieces that were left out.
    fn note(&self, note: &str) -> String;
}

/// The blocks in at most `budget` bytes, and `last` after them.
pub(super) fn write(
    blocks: &[Block<'_>],
    last: &str,
    format: &impl Format,
    budget: usize,
) -> String {
    let mut sheet = Sheet { text: String::new(), budget, left_out: Vec::new() };
    let least: Vec<_> = blocks.iter().map(|block| least(block, format)).collect();
    let mut later: usize = least.iter().sum();
    for (block, own) in blocks.iter().zip(least) {
        later -= own;
        sheet.budget = budget - later.min(budget / 2);
        sheet.block(block, "the verdict", format);
    }
    sheet.budget = budget;
    sheet.add("the last line", last.len(), || last.to_owned());
    sheet.finish(format)
}

/// Bytes that a target needs for its answers, which come before the evidence on other targets.
fn least(block: &Block<'_>, format: &impl Format) -> usize {
    let Block::Section(section) = block else { return 0 };
    let is_answer =
        |block: &&Block<'_>| matches!(block, Block::Headline(_) | Block::Facts(Look::Answers, _));
    let answers = section.blocks.iter().take_while(is_answer);
    match section.place {
        Place::Target => {
            let inner: String = answers.map(|block| format.block(block)).collect();
            format.section(section, &inner).len()
        }
        Place::Finding | Place::Part | Place::Evidence => 0,
    }
}

/// The text so far. A piece is whole or not there, so no fence or tag is ever cut open.
#[derive(Debug)]
struct Sheet {
    text: String,
    budget: usize,
    left_out: Vec<String>,
}

impl Sheet {
    fn block(&mut self, block: &Block<'_>, within: &str, format: &impl Format) {
        match block {
            Block::Section(section) => self.section(section, format),
            Block::Quote(quote) => self.add(within, quote.least(), || format.block(block)),
            Block::Table(table) => self.table(table, within, format),
            _ => self.add(within, 0, || format.block(block)),
        }
    }

    /// Adds a section around what of it fits.
    fn section(&mut self, section: &Section<'_>, format: &impl Format) {
        let around = format.section(section, "").len();
        let budget = self.budget.saturating_sub(self.text.len() + around);
        let mut inner = Self { text: String::new(), budget, left_out: Vec::new() };
        section.blocks.iter().for_each(|block| inner.block(block, &section.name, format));
        if !inner.text.is_empty() || section.blocks.is_empty() {
            let piece = format.section(section, &inner.text);
            self.add(&section.name, piece.len(), || piece);
        }
        self.left_out.append(&mut inner.left_out);
    }

    /// Adds as many rows of a table as fit, the first of which matter most.
    fn table(&mut self, table: &Table<'_>, within: &str, format: &impl Format) {
        let piece = |rows| format.block(&Block::Table(table.cut(rows)));
        let (mut fitting, mut over) = (0, table.rows.len() + 1);
        let mut rows = table.rows.len();
        while fitting < rows {
            match self.fits(piece(rows).len()) {
                true => fitting = rows,
                false => over = rows,
            }
            rows = fitting.midpoint(over);
        }
        if fitting > 0 {
            self.text.push_str(&piece(fitting));
        }
        match table.rows.len() - fitting {
            0 => {}
            missing => self.leave_out(&format!("{} of {within}", counted(missing as u64, "row"))),
        }
    }

    /// Adds a piece of at least so many bytes if it fits; one that cannot fit is not made.
    fn add(&mut self, name: &str, least: usize, piece: impl FnOnce() -> String) {
        if self.fits(least) {
            let piece = piece();
            if self.fits(piece.len()) {
                return self.text.push_str(&piece);
            }
        }
        self.leave_out(name);
    }

    /// Whether so many bytes more leave room for the note of what was left out.
    fn fits(&self, len: usize) -> bool {
        self.text.len() + len + NOTE_MAX <= self.budget
    }

    fn leave_out(&mut self, name: &str) {
        if self.left_out.last().is_none_or(|last| last != name) {
            self.left_out.push(name.to_owned());
        }
    }

    /// The text, with a note of what was left out.
    fn finish(mut self, format: &impl Format) -> String {
        if !self.left_out.is_empty() {
            let (named, more) = first_few(&self.left_out, NAMED);
            let names = named.join(", ");
            let note = format.note(&format!(
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
    use crate::report::{
        block::{Quote, example},
        words::more,
    };

    /// Quotes as they are, sections in brackets.
    struct Brackets;

    impl Format for Brackets {
        fn block(&self, block: &Block<'_>) -> String {
            match block {
                Block::Quote(Quote::Text(text)) => (*text).to_owned(),
                Block::Table(table) => "-".repeat(table.rows.len()) + &more(table.more, 0),
                other => unreachable!("{other:?}"),
            }
        }

        fn section(&self, _: &Section<'_>, inner: &str) -> String {
            format!("<{inner}>")
        }

        fn note(&self, note: &str) -> String {
            format!("\n> {note}\n")
        }
    }

    #[test]
    fn pieces_that_do_not_fit_are_named() {
        let long = "x".repeat(20);
        let blocks =
            [example("verdict", &["v"]), example("log", &[&long]), example("rest", &["y"])];
        let text = write(&blocks, "", &Brackets, NOTE_MAX + 10);
        assert!(text.starts_with("<v><y>\n> Left out"), "{text}");
        assert!(text.contains("size limit: log."), "{text}");
        assert!(text.len() <= NOTE_MAX + 10);
    }

    #[test]
    fn a_table_is_cut_by_rows() {
        let rows = vec![Vec::new(); 40];
        let table = Block::Table(Table { name: "targets", columns: &[], rows, more: 2 });
        let list = [Section::new(Place::Part, "list".to_owned(), []).around([table])];
        let text = |room| write(&list, "", &Brackets, NOTE_MAX + room);
        assert_eq!(text(60), format!("<{}and 2 more>", "-".repeat(40)));
        assert!(text(20).starts_with("<-------and 35 more>\n> Left out"), "{}", text(20));
        assert!(text(20).contains("size limit: 33 rows of list."), "{}", text(20));
        assert!(text(5).contains("size limit: 40 rows of list."), "{}", text(5));
    }

    #[test]
    fn names_are_few_and_the_rest_is_counted() {
        let names: Vec<String> = (0..8).map(|number| format!("log {number}")).collect();
        let blocks: Vec<_> = names.iter().map(|name| example(name, &["x"])).collect();
        let text = write(&blocks, "", &Brackets, NOTE_MAX);
        assert!(text.contains("log 0, log 1, log 2, log 3, log 4 and 3 more."), "{text}");
    }

    #[test]
    fn what_is_around_others_is_whole_whatever_fits_into_it() {
        let texts = (0..8).map(|room| {
            let text = write(&[example("s", &["aa", "b"])], "", &Brackets, NOTE_MAX + room);
            text.split('\n').next().unwrap_or_default().to_owned()
        });
        let expected = ["", "", "", "<b>", "<aa>", "<aab>", "<aab>", "<aab>"];
        assert_eq!(texts.collect::<Vec<_>>(), expected);
    }
}
