//! The first screen: the verdict and why, and the answers to what a person asks next.

use maud::{Markup, html};

use super::{page, text, tone};
use crate::{
    evidence::{Attribution, Change, Changes},
    gate::{Finding, FindingState, NextStep, Reason, Said},
    outcome::{Outcome, TargetOutcome},
    report::{
        content::{self, CHANGES, Fact},
        words,
    },
    signs::{Certainty, Diagnosis, Place},
    text::Clean,
};

/// The verdict on a target, why, and what its container said last.
pub(super) fn verdict(outcome: &Outcome, target: &TargetOutcome, number: usize) -> Markup {
    let Reason { what, said } = &target.reason;
    let is_alone = outcome.targets.len() == 1;
    let name = html! { (target.kind) "/" (target.name) " " span.in { "in " (target.namespace) } };
    html! {
        header.verdict.(tone(target.verdict)) {
            div.top {
                @if is_alone { h1 { (page::badge(target.verdict)) } (run(outcome)) }
                @else { (page::badge(target.verdict)) }
            }
            h2.name id={ "target-" (number) } { (name) }
            p.why { (text::prose(what)) }
            @if !said.is_empty() {
                dl.last-words {
                    @for Said { source, text } in said { div { dt { (source.as_str()) } dd { code { (text) } } } }
                }
            }
        }
    }
}

/// When the run was, and what it ended with.
fn run(outcome: &Outcome) -> Markup {
    html! {
        p.run {
            span { (outcome.started_at.strftime("%Y-%m-%d %H:%M UTC")) }
            span { "took " (words::length_of_seconds(outcome.duration_seconds)) }
            span { "exit code " (outcome.exit_code.code()) }
        }
    }
}

/// Probable cause, next step, whose concern, where, what changed, which revision.
pub(super) fn answers(target: &TargetOutcome) -> Markup {
    let decisive = decisive(target);
    let has_any = decisive.is_some() || !target.next_step.is_empty() || target.changes.is_some();
    html! {
        @if has_any {
            dl.answers {
                @if let Some(finding) = decisive { (cause(target, finding)) }
                (next_step(target))
                @if let Some(finding) = decisive { (concern(finding)) (place(finding)) }
                @if let Some(changes) = &target.changes { (changed(changes)) }
            }
        }
        (facts(&content::target_facts(target)))
    }
}

/// The finding that the first screen tells of: the one that decided, or explains why nothing did.
pub(super) fn decisive(target: &TargetOutcome) -> Option<&Finding> {
    content::telling(target).0.into_iter().next()
}

fn next_step(target: &TargetOutcome) -> Markup {
    let NextStep { what, command } = &target.next_step;
    html! {
        @if !target.next_step.is_empty() {
            div.answer.next {
                dt { "Next step" }
                dd {
                    p { (text::prose(what)) }
                    @if let Some(command) = command { p { code.command { (command) } } }
                    @if let Some(undo) = &target.undo {
                        p.until { "Undo: " code.command { (undo.how) } }
                    }
                }
            }
        }
    }
}

fn cause(target: &TargetOutcome, finding: &Finding) -> Markup {
    let told = words::probable_cause(finding, &[&target.reason.sentence()]);
    html! {
        @if let Some(diagnosis) = &finding.diagnosis {
            div.answer.cause {
                dt { (certainty(diagnosis.certainty)) }
                dd { p { (text::prose(&words::one_line(&diagnosis.cause, 500))) } (shown_by(target, diagnosis)) }
            }
        } @else if let Some(told) = told {
            div.answer.cause { dt { "Probable cause" } dd { p { (text::prose(&told)) } } }
        }
    }
}

const fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "Cause",
        Certainty::Probable => "Probable cause",
        Certainty::Guess => "Possible cause (a guess)",
    }
}

/// Where the text stood that shows a cause, and that text unless it stands above.
fn shown_by(target: &TargetOutcome, diagnosis: &Diagnosis) -> Markup {
    let place = match diagnosis.place {
        Place::Kubernetes => "shown by an event",
        Place::TerminationMessage => "shown by the termination message",
        Place::Log => "shown by the log",
        Place::ExitCode => "told by the exit code alone",
    };
    html! {
        p.muted { (place) }
        @if let Some((_, quote)) = words::quote(diagnosis, &[&target.reason.sentence()]) { p.quote { code { (quote) } } }
    }
}

fn concern(finding: &Finding) -> Markup {
    let what = match finding.attribution {
        Attribution::Application => "the program in the container",
        Attribution::Configuration => "the manifest, or objects that it names",
        Attribution::Platform => "nodes, network, registry, storage, the cluster",
        Attribution::Unknown => "it can't be told from what was seen",
    };
    html! {
        div.answer.concern {
            dt { "Whose concern" }
            dd {
                p { strong { (finding.attribution) } }
                p.muted { (what) }
                @if let Some(comparison) = &finding.comparison {
                    p.compared { (text::prose(&words::compared(comparison))) }
                }
            }
        }
    }
}

/// Which container of which pods.
fn place(finding: &Finding) -> Markup {
    let pods = words::counted_len(finding.pods.len(), "pod");
    html! {
        @if finding.container.is_some() || !finding.pods.is_empty() {
            div.answer.where {
                dt { @if finding.state == FindingState::Suspected { "Where it is suspected" } @else { "Where" } }
                dd {
                    p {
                        @if let Some(container) = &finding.container {
                            (words::role(finding.role)) "container " strong { code { (container) } }
                            @if !finding.pods.is_empty() { " of " }
                        }
                        @if !finding.pods.is_empty() { (pods) }
                    }
                    p.muted { (text::line(&content::shown_pods(&finding.pods))) }
                }
            }
        }
    }
}

fn changed(changes: &Changes) -> Markup {
    let few = &changes.changes[..changes.changes.len().min(CHANGES)];
    html! {
        div.answer.wide.changed {
            dt { "What changed" }
            dd {
                p { (text::prose(&words::changed_since(changes))) @if few.is_empty() { ": nothing in the pod template" } }
                @if !few.is_empty() { (differences(few)) }
                @if changes.changes.len() > CHANGES {
                    details {
                        summary { "and " (changes.changes.len() - CHANGES) " more" }
                        (differences(&changes.changes[CHANGES..]))
                    }
                }
                @if let Some(remark) = words::remark_on(changes) { p { (text::prose(&remark)) } }
            }
        }
    }
}

fn differences(changes: &[Change]) -> Markup {
    let value = |name: &str, value: &Option<Clean>| {
        html! { @if let Some(value) = value { span.(name) { code { (value) } } } }
    };
    html! {
        ul.differences {
            @for change in changes {
                li {
                    span.what {
                        (text::prose(&change.what))
                        @if let Some(container) = &change.container { " " span.muted { "in " code { (container) } } }
                    }
                    span.values {
                        @match (&change.before, &change.after) {
                            (Some(before), Some(after)) if before == after => { "changed, " code { (after) } }
                            (None, None) => "changed",
                            (before, after) => {
                                (value("before", before))
                                @match (before, after) {
                                    (Some(_), Some(_)) => " → ",
                                    (Some(_), None) => " removed",
                                    _ => "added ",
                                }
                                (value("after", after))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn facts(facts: &[Fact<'_>]) -> Markup {
    html! {
        @if !facts.is_empty() {
            dl.facts-line { @for fact in facts { div { dt { (fact.name) } dd { (text::line(&fact.parts)) } } } }
        }
    }
}
