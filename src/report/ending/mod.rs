//! The end of a run in a few lines: the verdict, what is broken, what shows it, what to do.

mod release;

use textwrap::{Options, WordSplitter};

use super::{
    block::{Fact, Row},
    document::{Shared, in_short, log_to_read, notes, problems, set, worst_first},
    paint::Tone,
    text::{BAR, plain},
    words::{length_of_seconds, one_line, place, shouted},
};
use crate::{
    gate::Verdict,
    outcome::{Outcome, TargetOutcome},
    text::{Room, around},
};

/// The width of a terminal where it is not known.
pub(super) const WIDTH: usize = 80;

/// Lines of log that are shown: in CI the job's log is all that many people look at, and it should stay short.
const LOG_LINES: usize = 10;

/// Characters of a line of log.
const LOG_WIDTH: usize = 400;

/// Targets whose logs are shown.
const LOGS: usize = 3;

/// Characters of an fact.
const ANSWER: usize = 400;

/// Characters of what was still waited for, the first of it being the most telling.
const WAITING: usize = 160;

/// Stands for `, ` in a tag while lines are wrapped; clean text has no such character.
const TAG_COMMA: &str = "\u{1f}";

/// What stands before the continuation of an answer: as much as before its begin.
const INDENT: &str = "         ";

/// A line of terminal output: a first part with a tone, and plain text after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// What stands before it, e.g. the time; often nothing.
    before: String,
    /// How the lead looks.
    tone: Tone,
    /// What the eye should find, e.g. `FAILED`.
    lead: String,
    /// The rest of the line.
    text: String,
}

impl Line {
    pub(super) fn new(tone: Tone, lead: impl Into<String>, text: impl Into<String>) -> Self {
        Self { before: String::new(), tone, lead: lead.into(), text: text.into() }
    }

    /// The line with the codes of its colours.
    pub(super) fn painted(&self) -> String {
        Tone::Dim.paint(&self.before) + &self.tone.paint(&self.lead) + &self.text
    }

    /// The line without colours.
    pub(super) fn unpainted(&self) -> String {
        format!("{}{}{}", self.before, self.lead, self.text)
    }

    /// A line of the same look that says something else.
    pub(super) fn saying(&self, lead: impl Into<String>, text: impl Into<String>) -> Self {
        Self { lead: lead.into(), text: text.into(), ..self.clone() }
    }

    /// Whether the eye finds the same in both.
    pub(super) fn begins_as(&self, other: &Self) -> bool {
        self.lead == other.lead
    }

    /// The line after a time or another margin.
    pub(super) fn after(self, before: &str) -> Self {
        Self { before: before.to_owned(), ..self }
    }
}

/// How a verdict looks.
pub(super) const fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Passed => Tone::Good,
        Verdict::Failed | Verdict::TimedOut => Tone::Bad,
        Verdict::Superseded | Verdict::Inconclusive | Verdict::Interrupted => Tone::Doubtful,
    }
}

/// The last lines of a run, wrapped at `width` columns.
pub(super) fn verdict_lines(outcome: &Outcome, width: usize) -> Vec<Line> {
    let ([target], true) = (&*outcome.targets, outcome.problems.is_empty()) else {
        return release::lines(outcome, width);
    };
    let (kind, name, place) = (&target.kind, &target.name, place(target));
    let took = length_of_seconds(outcome.duration_seconds);
    let mut lines = vec![headline(target.verdict, format!("{kind}/{name} ({place}) after {took}"))];
    lines.extend(facts_of(target, width));
    lines.extend(whole(outcome, width));
    lines
}

/// The same after the logs that a person has to read, since no line of them is known to show the cause.
pub(super) fn last_lines(outcome: &Outcome, width: usize) -> Vec<Line> {
    let mut lines: Vec<Line> =
        worst_first(outcome).into_iter().filter_map(log).take(LOGS).flatten().collect();
    lines.extend(verdict_lines(outcome, width));
    lines
}

fn headline(verdict: Verdict, text: String) -> Line {
    Line::new(tone(verdict), shouted(verdict), format!("  {text}"))
}

/// A cause that several targets share, in one fact a line.
fn shared_block(shared: &Shared<'_>, width: usize) -> Vec<Line> {
    let Shared { name, verdict, headline, facts, .. } = shared;
    let said = format!("{headline} ({})", name.to_lowercase());
    let mut lines = vec![self::headline(*verdict, said)];
    lines.extend(facts.iter().flat_map(|fact| wrapped(fact, width)));
    lines
}

/// What is said of the run as a whole.
fn whole(outcome: &Outcome, width: usize) -> Vec<Line> {
    let facts = problems(outcome).into_iter().chain(notes(outcome));
    // what a recording has without a source says little here
    let set = set(outcome.settings.iter().filter(|fact| fact.has_origin()));
    facts.chain(set).flat_map(|fact| wrapped(&fact, width)).collect()
}

/// A target in one fact a line.
fn facts_of(target: &TargetOutcome, width: usize) -> Vec<Line> {
    in_short(target).iter().flat_map(|fact| wrapped(fact, width)).collect()
}

/// An answer, wrapped at words; the command to copy has a line of its own, and is never broken.
fn wrapped(fact: &Fact<'_>, width: usize) -> Vec<Line> {
    let label = fact.label;
    let most = if label == "wait" { WAITING } else { ANSWER };
    // a tag is wrapped as one word
    let tag = fact.tag.replace(", ", TAG_COMMA);
    let text = one_line(&plain(&fact.line), most) + &tag;
    let tone = if ["note", "warn"].contains(&label) { Tone::Doubtful } else { Tone::Dim };
    let mut lines = wrapped_after(&self::label(label), tone, &text, width);
    if let Some(command) = fact.command {
        let lead = if lines.is_empty() { self::label(label) } else { INDENT.to_owned() };
        lines.push(Line::new(tone, lead, command));
    }
    lines
}

/// What stands before a fact, as wide as [`INDENT`].
fn label(label: &str) -> String {
    format!("  {label:<5}  ")
}

/// A text after its lead, wrapped at words; further rows stand under the facts.
fn wrapped_after(lead: &str, tone: Tone, text: &str, width: usize) -> Vec<Line> {
    let first = " ".repeat(lead.chars().count());
    let options = Options::new(width.max(INDENT.len() + 20))
        .initial_indent(&first)
        .subsequent_indent(INDENT)
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation);
    let rows = textwrap::wrap(text, options).into_iter().filter(|row| !row.trim().is_empty());
    rows.enumerate()
        .map(|(number, row)| {
            let row = row.replace(TAG_COMMA, ", ");
            match number {
                0 => Line::new(tone, lead, &row[lead.len()..]),
                _ => Line::new(Tone::Plain, INDENT, &row[INDENT.len()..]),
            }
        })
        .collect()
}

/// The last lines of a log under a heading.
fn log(target: &TargetOutcome) -> Option<Vec<Line>> {
    let (heading, quote) = log_to_read(target)?;
    let rows = quote.rows(Room { bytes: usize::MAX, lines: LOG_LINES, head: 0, indent: 0 });
    let rows = rows[rows.len().saturating_sub(LOG_LINES + 1)..].iter();
    let heading = Line::new(Tone::Dim, format!("{}:", plain(&heading)), "");
    let rows = rows.map(|row| match around(&Row::text(row), LOG_WIDTH) {
        row if row.is_empty() => Line::new(Tone::Dim, BAR.trim_end(), ""),
        row => Line::new(Tone::Dim, BAR, row),
    });
    Some(std::iter::once(heading).chain(rows).collect())
}
