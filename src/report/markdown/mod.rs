//! GitHub flavoured Markdown for step summaries and comments.

mod escape;

use super::{
    block::{Block, Fact, Fold, Headline, Look, Mark, Place, Quote, Row, Section, Table},
    document::{page, run},
    sheet::{self, Format},
    words::{more, shouted},
};
use crate::{
    gate::{CheckResult, FindingState, Verdict},
    outcome::Outcome,
};
use escape::{cell, fenced, line, prose};

/// The largest report in bytes. GitHub drops a summary of more than 1,048,576.
pub(super) const BUDGET: usize = 900_000;

/// Renders the report in at most `budget` bytes.
pub(super) fn render(outcome: &Outcome, budget: usize) -> String {
    let version = prose(&outcome.tool_version);
    let last = format!("---\ndeploygate {version} · {}\n", run(outcome).join(" · "));
    sheet::write(&page(outcome), &last, &Markdown, budget)
}

/// The mark before a word; the word stands beside it, since not everybody sees the mark.
const fn emoji(mark: Mark) -> &'static str {
    match mark {
        Mark::Verdict(Verdict::Passed) | Mark::Check(CheckResult::Passed) => "✅ ",
        Mark::Verdict(Verdict::Failed)
        | Mark::Check(CheckResult::Failed)
        | Mark::Finding(FindingState::Confirmed) => "❌ ",
        Mark::Verdict(Verdict::Superseded) => "⏩ ",
        Mark::Verdict(Verdict::Inconclusive) | Mark::Check(CheckResult::Error) => "❓ ",
        Mark::Verdict(Verdict::TimedOut) => "⏰ ",
        Mark::Verdict(Verdict::Interrupted) => "🛑 ",
        Mark::Check(CheckResult::Skipped) => "➖ ",
        Mark::Finding(FindingState::Suspected) => "🟡 ",
        Mark::Finding(FindingState::Resolved) => "🟢 ",
        Mark::Finding(FindingState::Tolerated) => "🔵 ",
        Mark::Trouble => "❗ ",
    }
}

/// The format.
struct Markdown;

impl Format for Markdown {
    fn block(&self, block: &Block<'_>) -> String {
        match block {
            Block::Headline(headline) => self::headline(headline),
            Block::Facts(Look::Answers, facts) => facts.iter().map(answer).collect(),
            Block::Facts(Look::Row, facts) => {
                paragraph(&facts.iter().map(fact).collect::<Vec<_>>().join(" · "))
            }
            Block::Facts(Look::List, facts) => list(facts.iter().map(fact)),
            Block::Table(table) => self::table(table),
            Block::Quote(quote) => {
                let rows = quote.rows(Quote::ALL);
                let rows: Vec<_> = rows.iter().map(Row::text).collect();
                fenced(&rows) + "\n"
            }
            Block::Picture(..) | Block::Section(_) => String::new(),
        }
    }

    fn section(&self, section: &Section<'_>, inner: &str) -> String {
        let Section { place, mark, title, aside, fold, .. } = section;
        let mark = mark.map_or("", emoji);
        let (title, aside) = (line(title), line(aside));
        match (place, fold) {
            (Place::Target, _) => inner.to_owned(),
            (Place::Finding, _) => format!("### {mark}{title}{aside}\n\n{inner}"),
            (_, Fold::Open | Fold::Closed) => {
                let open = if *fold == Fold::Open { " open" } else { "" };
                format!(
                    "<details{open}><summary>{mark}{title}{aside}</summary>\n\n{inner}</details>\n\n"
                )
            }
            (Place::Evidence, Fold::None) => format!("**{title}**{aside}\n\n{inner}"),
            (Place::Part, Fold::None) => format!("### {mark}{title}{aside}\n\n{inner}"),
        }
    }

    fn note(&self, note: &str) -> String {
        format!("\n> {note}\n")
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    paragraph(items.map(|item| format!("- {item}\n")).collect::<String>().trim_end())
}

fn paragraph(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{text}\n\n") }
}

fn headline(headline: &Headline<'_>) -> String {
    let Headline { verdict, what, place, lead, .. } = headline;
    let within = if place.is_empty() { String::new() } else { format!(" in {}", prose(place)) };
    let mark = emoji(Mark::Verdict(*verdict));
    let title = format!("## {mark}{}: {}{within}\n\n", shouted(*verdict), prose(what));
    title + &lead.iter().map(answer).collect::<String>()
}

/// A paragraph for each answer, a command in a fence of its own so that it can be copied.
fn answer(fact: &Fact<'_>) -> String {
    let said = line(&fact.line);
    let asides = fact.asides.iter().map(|aside| line(aside)).collect::<Vec<_>>().join("; ");
    let asides = if asides.is_empty() { asides } else { format!(" ({asides})") };
    let mut text = paragraph(format!("**{}:** {said}{asides}", fact.name).trim_end());
    if let Some(command) = fact.command {
        text.push_str(&paragraph(fenced(&[command]).trim_end()));
    }
    text + &list(fact.items.iter().map(|item| line(item)))
}

fn fact(fact: &Fact<'_>) -> String {
    let mark = if fact.is_trouble { emoji(Mark::Trouble) } else { "" };
    let name = if fact.name.is_empty() { String::new() } else { format!("**{}** ", fact.name) };
    format!("{mark}{name}{}", line(&fact.line))
}

fn table(table: &Table<'_>) -> String {
    let titles = table.columns.iter().map(|column| column.trim_end_matches('#'));
    let titles: String = titles.map(|title| format!(" {title} |")).collect();
    let rules = table.columns.iter().map(|column| column.ends_with('#'));
    let rules: String = rules.map(|is_number| if is_number { "---:|" } else { "---|" }).collect();
    let mut text = format!("|{titles}\n|{rules}\n");
    for row in &table.rows {
        let cells: String = row.iter().map(|of| format!(" {} |", cell(&line(of)))).collect();
        text.push_str(&format!("|{cells}\n"));
    }
    text + "\n" + &paragraph(&more(table.more, 0))
}
