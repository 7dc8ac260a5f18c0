//! What changed since the revision before: the first few under the verdict, all of many in a table.

use super::escape::{cell, code, line, prose};
use crate::{
    evidence::Changes,
    report::{
        content::{CHANGES, shown_change},
        words,
    },
    text::Clean,
};

/// The differences in a few lines.
pub(super) fn short(changes: &Changes) -> String {
    let mut text = format!("**{}:**", prose(&words::changed_since(changes)));
    let few = &changes.changes[..changes.changes.len().min(CHANGES)];
    match few {
        [] => text.push_str(" nothing in the pod template\n"),
        [_, ..] => text.push_str("\n\n"),
    }
    for change in few {
        text.push_str(&format!("- {}\n", line(&shown_change(change))));
    }
    if let Some(more @ 1..) = changes.changes.len().checked_sub(CHANGES) {
        text.push_str(&format!("- and {more} more, below\n"));
    }
    text.push('\n');
    if let Some(remark) = words::remark_on(changes) {
        text.push_str(&format!("{}\n\n", prose(&remark)));
    }
    text
}

/// All of them, where more than a few are.
pub(super) fn rest(changes: &Changes) -> Option<String> {
    let all = &changes.changes;
    if all.len() <= CHANGES {
        return None;
    }
    let mut text = format!(
        "<details><summary>What changed ({})</summary>\n\n| Container | What | Before | After |\n|---|---|---|---|\n",
        all.len(),
    );
    let value = |value: &Option<Clean>| value.as_ref().map(|value| cell(&code(value)));
    for change in all {
        text.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            value(&change.container).unwrap_or_default(),
            cell(&prose(&change.what)),
            value(&change.before).unwrap_or_default(),
            value(&change.after).unwrap_or_default(),
        ));
    }
    Some(text + "\n</details>\n\n")
}
