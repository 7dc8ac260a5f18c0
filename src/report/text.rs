//! Blocks as plain text, line by line up to a limit: the body of a JUnit failure, the evidence in a CI log.

use super::{
    block::{Block, Fact, Line, Mark, Part, Quote, Row, Section, Table},
    words::{more, one_line},
};
use crate::text::Room;

/// Stands before every line of the cluster's, so that none of them can pass for one of ours.
pub(super) const BAR: &str = "│ ";

/// Characters of a line that is not a quote.
const LINE: usize = 2000;

/// A text that grows line by line up to a limit, and says so where it ends.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    max_bytes: usize,
    is_cut: bool,
}

impl Page {
    const NOTE: &str = "… the rest is cut here …\n";

    /// An empty page; `max_bytes` counts the note of a cut too.
    pub(super) fn new(max_bytes: usize) -> Self {
        Self { text: String::new(), max_bytes, is_cut: false }
    }

    /// Adds a line; after the first one that does not fit, nothing more.
    pub(super) fn line(&mut self, line: &str) {
        if self.is_cut {
            return;
        }
        if line.len() + 1 > self.room() {
            self.is_cut = true;
            return;
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Adds blocks, an empty line before each section that has something in it.
    pub(super) fn blocks(&mut self, blocks: &[Block<'_>]) {
        for block in blocks {
            if self.is_cut {
                return;
            }
            match block {
                Block::Facts(_, facts) => facts.iter().for_each(|of| self.fact(of)),
                Block::Table(table) => self.table(table),
                Block::Quote(quote) => self.quote(quote),
                Block::Section(section) => self.section(section),
                Block::Headline(_) | Block::Picture(..) => {}
            }
        }
    }

    /// The text.
    pub(super) fn finish(mut self) -> String {
        if self.is_cut {
            self.text.push_str(Self::NOTE);
        }
        self.text
    }

    /// Bytes that are left.
    fn room(&self) -> usize {
        self.max_bytes.saturating_sub(self.text.len() + Self::NOTE.len())
    }

    fn fact(&mut self, fact: &Fact<'_>) {
        let asides = fact.asides.iter().map(plain).collect::<Vec<_>>().join("; ");
        let asides = if asides.is_empty() { asides } else { format!(" ({asides})") };
        let before = if fact.command.is_some() && !fact.line.is_empty() { ": " } else { "" };
        let said = plain(&fact.line) + &asides + before + fact.command.unwrap_or_default();
        let mark = if fact.is_trouble { "! " } else { "" };
        let colon = if fact.name.is_empty() { "" } else { ": " };
        self.line(&format!("{mark}{}{colon}{said}", fact.name));
        fact.items.iter().for_each(|item| self.line(&format!("- {}", plain(item))));
    }

    fn table(&mut self, table: &Table<'_>) {
        for row in &table.rows {
            let cells: Vec<_> = row.iter().map(plain).collect();
            let cells: Vec<_> = cells.into_iter().filter(|cell| !cell.is_empty()).collect();
            self.line(&format!("- {}", cells.join(", ")));
        }
        if table.more > 0 {
            self.line(&more(table.more, 0));
        }
    }

    fn quote(&mut self, quote: &Quote<'_>) {
        // what comes after a log should have some room too
        let bytes = self.room() / 4 * 3;
        let room = Room { bytes, lines: usize::MAX, head: 0, indent: BAR.len() };
        for row in quote.rows(room) {
            self.line(format!("{BAR}{}", Row::text(&row)).trim_end());
        }
    }

    fn section(&mut self, section: &Section<'_>) {
        let colon = if section.blocks.is_empty() { "" } else { ":" };
        self.line("");
        let title = [&*section.title, &*section.aside].concat();
        self.line(&format!("{}{colon}", plain(&title)));
        self.blocks(&section.blocks);
    }
}

/// A line as plain text.
pub(super) fn plain(line: &Line<'_>) -> String {
    one_line(&line.iter().map(words).collect::<String>(), LINE)
}

fn words<'a>(part: &'a Part<'_>) -> &'a str {
    match part {
        Part::Words(text) | Part::Prose(text) | Part::Code(text) => text,
        Part::Before(text) | Part::After(text) => text,
        Part::Target(_, name) => name,
        Part::Mark(Mark::Trouble) => "! ",
        Part::Mark(Mark::Verdict(_) | Mark::Finding(_) | Mark::Check(_)) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::block::example;

    #[test]
    fn a_page_ends_at_its_limit_and_says_so() {
        let mut page = Page::new(60);
        page.line(&"a".repeat(20));
        page.line(&"b".repeat(20));
        page.line("c");
        let text = page.finish();
        assert!(text.len() <= 60, "{text}");
        assert_eq!(text, format!("{}\n{}", "a".repeat(20), Page::NOTE));
    }

    #[test]
    fn lines_of_the_clusters_have_a_bar_before_them() {
        let mut page = Page::new(1000);
        page.blocks(&[example("log", &["Details:\n\n::error::x"])]);
        assert_eq!(page.finish(), "\n:\n│ Details:\n│\n│ ::error::x\n");
    }
}
