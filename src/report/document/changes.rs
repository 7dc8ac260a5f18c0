//! What changed since the revision before: the first few on the first screen, the others below.

use crate::{
    evidence::{Change, Changes},
    report::{
        block::{Block, Fact, Fold, Line, Look, Part, Place, Section, code, prose, words},
        words::first_few,
    },
    text::Clean,
};

const TITLE: &str = "What changed";

/// Differences that are shown on the first screen.
const FIRST: usize = 5;

/// Objects that are named as written since then.
const WRITTEN: usize = 5;

/// The first differences and what they mean.
pub(super) fn answer(changes: &Changes) -> Fact<'_> {
    let since = match (changes.since_available, changes.since_was_available) {
        (true, _) => "whose pods are available",
        (false, true) => "whose pods were available when the run began",
        (false, false) => "which had no available pod",
    };
    let number = changes.since_number.map(|number| format!(" (number {number})"));
    let nothing = if changes.changes.is_empty() { ": nothing in the pod template" } else { "" };
    let line = [
        words("since revision "),
        code(&*changes.since),
        words(format!("{}, {since}{nothing}", number.unwrap_or_default())),
    ];
    let mut items: Vec<_> = changes.changes.iter().take(FIRST).map(change).collect();
    if let Some(more @ 1..) = changes.changes.len().checked_sub(FIRST) {
        items.push(vec![words(format!("and {more} more, below"))]);
    }
    items.extend(remark(changes).map(|remark| vec![prose(remark)]));
    Fact { items, ..Fact::new(TITLE, line) }
}

/// The others, where there are more than a few.
pub(super) fn rest<'a>(changes: &'a Changes, target: &str) -> Option<Block<'a>> {
    let rest = changes.changes.get(FIRST..).filter(|rest| !rest.is_empty())?;
    let section = Section::new(Place::Part, format!("what changed in {target}"), [words(TITLE)]);
    let section = section.beside([words(format!(" ({} more)", rest.len()))]).folded(Fold::Closed);
    let items = rest.iter().map(|of| Fact::new("", change(of))).collect();
    Some(section.around([Block::Facts(Look::List, items)]))
}

/// A difference with its values.
fn change(change: &Change) -> Line<'_> {
    let mut line = Line::new();
    if let Some(container) = &change.container {
        line.extend([words("container "), code(&**container), words(": ")]);
    }
    line.push(prose(&*change.what));
    let (before, after) = (value(&change.before), value(&change.after));
    line.extend(match (before, after) {
        (Some(before), Some(after)) if before == after => vec![words(" changed, "), code(after)],
        (Some(before), Some(after)) => {
            vec![words(": "), Part::Before(before), words(" → "), Part::After(after)]
        }
        (None, Some(after)) => vec![words(" added: "), Part::After(after)],
        (Some(before), None) => vec![words(" removed: "), Part::Before(before)],
        (None, None) => vec![words(match (&change.before, &change.after) {
            (None, Some(_)) => " added",
            (Some(_), None) => " removed",
            _ => " changed",
        })],
    });
    line
}

/// A value, unless it stands for one that has no description.
fn value(value: &Option<Clean>) -> Option<&str> {
    value.as_deref().filter(|value| *value != "there")
}

/// What the differences mean where they do not speak for themselves.
fn remark(changes: &Changes) -> Option<String> {
    let (named, more) = first_few(&changes.written_since, WRITTEN);
    let named: Vec<_> = named.iter().map(|object| &**object).collect();
    let written = format!("written since then: {}{more}", named.join(", "));
    let same = match (changes.only_restarted, &*changes.changes) {
        (true, _) => "the pods were only restarted, their template is the same",
        (false, []) => "the pod template is the same",
        (false, [_, ..]) => return (!named.is_empty()).then_some(written),
    };
    Some(match *named {
        [] => format!(
            "{same}: look outside of it, at ConfigMaps and Secrets, an image behind a tag that moves, and what the program depends on"
        ),
        [_, ..] => {
            format!("{same}, so configuration outside of it is the likelier cause; {written}")
        }
    })
}
