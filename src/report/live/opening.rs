//! What is said before anything is seen: what is watched, and within which limits.

use std::time::Duration;

use crate::{
    fleet::Target,
    phrases::{counted, length},
    report::{ending::Line, names::Names, paint::Tone, words},
};

/// Columns of a row of names, and how many rows of them there are at most.
const WIDTH: usize = 100;
const ROWS: usize = 5;

/// Stands before a row of names: as wide as a time.
const INDENT: &str = "       ";

/// What is watched, and within which limits. Several targets share a line, and are named under it.
pub(in crate::report) fn opening(targets: &[Target]) -> Vec<Line> {
    let what = match targets {
        [] => return Vec::new(),
        [Target { context, workload, .. }] => {
            let context = context.as_ref().map(|context| &*context.name);
            format!("{workload} in {}", words::placed(&workload.namespace, context))
        }
        many => {
            let count = counted(many.len() as u64, "target");
            format!("{count} in {}", Names::among(many).place)
        }
    };
    if targets.iter().any(|target| target.policy.present) {
        let text = format!("{what}, by two reads 5s apart");
        return vec![Line::new(Tone::Plain, "checking ", text)];
    }
    let limit = |of: &dyn Fn(&Target) -> Duration| {
        let all = || targets.iter().map(of);
        (all().min().unwrap_or_default(), all().max().unwrap_or_default())
    };
    let (_, timeout) = limit(&|target| target.policy.timeout);
    let (_, longest) = limit(&|target| target.policy.longest_run());
    let window = match limit(&|target| target.policy.window) {
        (least, most) if least == most => length(most).to_string(),
        (least, most) => format!("{} to {}", length(least), length(most)),
    };
    let awaited = match limit(&|target| target.policy.await_for).1 {
        Duration::ZERO => String::new(),
        awaited => format!("awaited for up to {}, then ", length(awaited)),
    };
    let (timeout, longest) = (length(timeout), length(longest));
    let text = format!(
        "{what}: {awaited}timeout {timeout}, then a {window} health window; at most {longest} in total"
    );
    let mut lines = vec![Line::new(Tone::Plain, "watching ", text)];
    if targets.len() > 1 {
        lines.extend(names(targets).into_iter().map(|row| Line::new(Tone::Plain, INDENT, row)));
    }
    lines
}

/// The names in a few rows, the rest counted.
fn names(targets: &[Target]) -> Vec<String> {
    let names = Names::among(targets);
    let mut rows = vec![String::new()];
    for (place, target) in targets.iter().enumerate() {
        let name = names.of(target);
        let between = if place == 0 { "" } else { ", " };
        let is_full = |row: &String| row.len() + name.len() + between.len() > WIDTH;
        let is_last = rows.len() == ROWS;
        match rows.last_mut() {
            Some(row) if is_full(row) && is_last => {
                row.push_str(&format!(" and {} more", targets.len() - place));
                break;
            }
            Some(row) if is_full(row) && !row.is_empty() => {
                row.push(',');
                rows.push(name);
            }
            Some(row) => row.push_str(&format!("{between}{name}")),
            None => {}
        }
    }
    rows
}
