//! A target as a section: the answers first, then its findings, checks and coverage.

use maud::{PreEscaped, html};

use super::{answers, checks, finding, timeline, tone};
use crate::{
    outcome::{Outcome, TargetOutcome},
    report::{content, sheet::Sheet, words},
};

/// The section of a target.
pub(super) fn section(outcome: &Outcome, target: &TargetOutcome, number: usize, sheet: &mut Sheet) {
    let wrap = |inner: &str| {
        let id = format!("target-{number}");
        let markup = html! {
            article.target.(tone(target.verdict)) aria-labelledby=(id) { (PreEscaped(inner)) }
        };
        markup.into_string()
    };
    sheet.nest(|sheet| pieces(outcome, target, number, sheet), wrap);
}

fn pieces(outcome: &Outcome, target: &TargetOutcome, number: usize, sheet: &mut Sheet) {
    let name = words::target(target);
    let verdict = answers::verdict(outcome, target, number);
    sheet.add(format!("the verdict on {name}"), &verdict.into_string());
    let answers = answers::answers(target);
    sheet.add(format!("the answers on {name}"), &answers.into_string());
    let picture = timeline::figure(target, number);
    sheet.add(format!("the picture of {name}"), &picture.into_string());
    let (telling, others) = content::telling(target);
    if !telling.is_empty() {
        let reason = target.reason.sentence();
        let cause = answers::decisive(target)
            .and_then(|finding| words::probable_cause(finding, &[&reason]))
            .unwrap_or_default();
        let said = [&*reason, &*cause, &*target.next_step.what];
        sheet.nest(
            |sheet| {
                for (number, finding) in telling.iter().enumerate() {
                    finding::section(finding, number + 1, &said, sheet);
                }
            },
            |inner| {
                let markup = html! { section { h3 { "Findings" } (PreEscaped(inner)) } };
                markup.into_string()
            },
        );
    }
    sheet.add(format!("the checks of {name}"), &checks::checks(target).into_string());
    sheet.add(format!("the coverage of {name}"), &checks::rests_on(target).into_string());
    if !others.is_empty() {
        let piece = checks::also_seen(&others);
        sheet.add(format!("what else was seen on {name}"), &piece.into_string());
    }
    if !target.timeline.is_empty() {
        let piece = checks::history(target);
        sheet.add(format!("the timeline of {name}"), &piece.into_string());
    }
}
