//! One HTML file for people: the verdict, why, and what to do on the first screen; then the picture and the evidence.
//!
//! It needs nothing beside it: no script, no request, and its one style sheet is allowed by its hash. The library
//! escapes by type and keeps tags balanced, so pieces can be left out anywhere. No attribute holds text of the
//! cluster's.

mod icon;
mod page;
mod text;
mod timeline;

use maud::{Markup, PreEscaped, html};

use super::{
    block::{Block, Fact, Fold, Headline, Look, Mark, Part, Place, Quote, Row, Section, Table},
    document,
    sheet::{self, Format},
    words::more,
};
use crate::{
    gate::{CheckResult, FindingState, Verdict},
    outcome::Outcome,
};
use text::line;

/// The largest report in bytes: what a browser on a phone opens without a wait.
pub(super) const BUDGET: usize = 2_000_000;

/// Renders the report in at most `budget` bytes.
pub(super) fn render(outcome: &Outcome, budget: usize) -> String {
    let frame = |body: &str| page::document(outcome, body).into_string();
    let budget = budget.saturating_sub(frame("").len());
    frame(&sheet::write(&document::page(outcome), "", &Html, budget))
}

/// The class that colours what belongs to a verdict.
const fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "good",
        Verdict::Failed => "bad",
        Verdict::TimedOut | Verdict::Inconclusive => "doubtful",
        Verdict::Superseded | Verdict::Interrupted => "aside",
    }
}

/// The class that colours what belongs to a mark.
const fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Verdict(verdict) => tone(verdict),
        Mark::Finding(FindingState::Confirmed) | Mark::Check(CheckResult::Failed) => "bad",
        Mark::Finding(FindingState::Suspected) | Mark::Check(CheckResult::Error) => "doubtful",
        Mark::Finding(FindingState::Resolved) | Mark::Check(CheckResult::Passed) => "good",
        Mark::Finding(FindingState::Tolerated) => "aside",
        Mark::Check(CheckResult::Skipped) => "skipped",
        Mark::Trouble => "doubtful",
    }
}

/// The format.
struct Html;

impl Format for Html {
    fn block(&self, block: &Block<'_>) -> String {
        let markup = match block {
            Block::Headline(headline) => self::headline(headline),
            Block::Facts(_, facts) if facts.is_empty() => Markup::default(),
            Block::Facts(look, facts) => self::facts(*look, facts),
            Block::Table(table) => self::table(table),
            Block::Quote(quote) => self::quote(quote),
            Block::Picture(target, number) => timeline::figure(target, *number),
            Block::Section(_) => Markup::default(),
        };
        markup.into_string()
    }

    fn section(&self, section: &Section<'_>, inner: &str) -> String {
        let inner = PreEscaped(inner);
        let class = section.mark.map_or("", class);
        let markup = match (section.place, section.fold) {
            (Place::Target, _) => html! { article.target.(class) { (inner) } },
            (Place::Finding, fold) => html! {
                section.finding.(class) { (folded(section, fold, &inner)) }
            },
            (Place::Part, Fold::None) => html! { section { (title(section)) (inner) } },
            (Place::Part, fold) => html! { section { (folded(section, fold, &inner)) } },
            (Place::Evidence, Fold::None) => html! { (title(section)) (inner) },
            (Place::Evidence, fold) => folded(section, fold, &inner),
        };
        markup.into_string()
    }

    fn note(&self, note: &str) -> String {
        html! { p.left-out { (note) } }.into_string()
    }
}

fn folded(section: &Section<'_>, fold: Fold, inner: &PreEscaped<&str>) -> Markup {
    html! { details open[fold == Fold::Open] { summary { (title(section)) } (inner) } }
}

fn title(section: &Section<'_>) -> Markup {
    let text = html! {
        @if let Some(mark) = section.mark { (text::mark(mark)) }
        (line(&section.title))
        @if !section.aside.is_empty() { span.muted { (line(&section.aside)) } }
    };
    match section.place {
        Place::Target => Markup::default(),
        Place::Finding | Place::Part => html! { h3 { (text) } },
        Place::Evidence => html! { h4 { (text) } },
    }
}

/// The verdict, whose it is, and what shows it.
fn headline(headline: &Headline<'_>) -> Markup {
    let Headline { verdict, what, place, number, run, lead } = headline;
    let id = number.map(|number| format!("target-{number}"));
    html! {
        header.verdict.(tone(*verdict)) {
            div.top {
                @if run.is_empty() { (page::badge(*verdict)) } @else { h1 { (page::badge(*verdict)) } }
                @if !run.is_empty() { p.run { @for part in run { span { (part) } } } }
            }
            h2.name id=[id] { (what) @if !place.is_empty() { " " span.in { "in " (place) } } }
            @if !lead.is_empty() { dl.lead { @for of in lead { (fact(of)) } } }
        }
    }
}

fn facts(look: Look, facts: &[Fact<'_>]) -> Markup {
    let all = || html! { @for of in facts { (fact(of)) } };
    match look {
        Look::Answers => html! { dl.answers { (all()) } },
        Look::Row => html! { dl.facts-line { (all()) } },
        Look::List if facts[0].name.is_empty() => html! {
            ul.items {
                @for of in facts { li { @if of.is_trouble { (text::mark(Mark::Trouble)) } (line(&of.line)) } }
            }
        },
        Look::List => html! { dl.facts { (all()) } },
    }
}

fn fact(fact: &Fact<'_>) -> Markup {
    let class = match fact {
        _ if !fact.items.is_empty() => Some("wide"),
        _ if fact.is_trouble => Some("trouble"),
        _ if matches!(&*fact.line, [Part::Code(_)]) => Some("said"),
        _ => None,
    };
    html! {
        div class=[class] {
            dt { @if fact.is_trouble { (text::mark(Mark::Trouble)) } (fact.name) }
            dd {
                @if !fact.line.is_empty() { p { (line(&fact.line)) } }
                @for aside in &fact.asides { p.muted { (line(aside)) } }
                @if let Some(command) = fact.command { p { code.command { (command) } } }
                @if !fact.items.is_empty() { ul.items { @for item in &fact.items { li { (line(item)) } } } }
            }
        }
    }
}

fn table(table: &Table<'_>) -> Markup {
    let class =
        |column: usize| table.columns.get(column).filter(|of| of.ends_with('#')).map(|_| "number");
    html! {
        table.(table.name) {
            thead { tr { @for column in table.columns { th scope="col" { (column.trim_end_matches('#')) } } } }
            tbody {
                @for row in &table.rows {
                    tr { @for (column, cell) in row.iter().enumerate() { td class=[class(column)] { (line(cell)) } } }
                }
            }
        }
        @if table.more > 0 { p.muted { (more(table.more, 0)) } }
    }
}

fn quote(quote: &Quote<'_>) -> Markup {
    html! {
        pre {
            code {
                @for row in quote.rows(Quote::ALL) {
                    @match &row {
                        Row::Line(line) => (line),
                        Row::Telling(line) => mark { (line) },
                        Row::Cut(_) => span.cut { (row.text()) },
                    }
                    "\n"
                }
            }
        }
    }
}
