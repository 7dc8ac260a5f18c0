//! A picture of the run: what each container of each pod did, the parts of the run, and the verdict.
//!
//! Each row is a drawing of its own beside its name, so names wrap and the bars take what room there is, on paper, on
//! a phone and on a wide screen.

mod lane;
mod mark;
mod scale;

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::tone;
use crate::{
    model::Elapsed,
    outcome::TargetOutcome,
    phrases::counted,
    report::{document::role, words::shouted},
    timeline::{LaneState, MarkKind, RunPhase},
};
use scale::Scale;

/// Height of the row with the parts of the run.
const PHASES: u32 = 26;

/// The picture; nothing where nothing was seen.
pub(super) fn figure(target: &TargetOutcome, number: usize) -> Markup {
    let scale = Scale::of(target);
    let id = |lane: usize| format!("lane-{number}-{}", lane + 1);
    html! {
        @if !target.lanes.is_empty() {
            section.timeline.(tone(target.verdict)) {
                h3 { "Timeline" }
                figure {
                    div.rows {
                        div.row.phases { div.label { "run" } (phases(target, &scale)) }
                        @for (index, lane) in target.lanes.iter().enumerate() {
                            @let is_same_pod = index > 0 && target.lanes[index - 1].pod == lane.pod;
                            div.row {
                                div.label {
                                    @if !is_same_pod { code { (lane.pod) } " " }
                                    span.container { (role(Some(lane.role))) "container " (lane.container) }
                                }
                                (lane::row(lane, &scale, &id(index)))
                            }
                        }
                        div.row.axis { div.label {} (axis(target, &scale)) }
                    }
                    figcaption { (legend(target)) }
                }
                @if let Some(more) = not_shown(target) { p.muted { (more) } }
                details {
                    summary { "Text version" }
                    ul.items.lanes {
                        @for (index, lane) in target.lanes.iter().enumerate() { li id=(id(index)) { (lane::words(lane)) } }
                    }
                }
            }
        }
    }
}

/// What fills the bars of some states, for all pictures of the document.
pub(super) fn patterns() -> Markup {
    html! {
        svg.patterns width="0" height="0" aria-hidden="true" {
            defs {
                pattern id="stripes" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect width="2.5" height="7" {}
                }
                pattern id="crosses" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    path d="M0 .5h6M.5 0v6" {}
                }
            }
        }
    }
}

/// Whether a word fits into a part of the picture, in percent of its width: nowhere, on wide screens, or on a phone too.
fn room(name: &str, share: f64) -> Option<&'static str> {
    // a character takes 8 px, and the picture 800 on a wide screen, 340 on a phone
    let needed = name.len() as f64 + 2.0;
    match share / needed {
        share if share < 1.0 => None,
        share if share < 2.4 => Some("on-wide"),
        _ => Some("on-all"),
    }
}

/// Lines at the times that the axis names, and at the verdict.
fn grid(scale: &Scale, height: u32) -> Markup {
    let line = |class: &str, at: Elapsed| {
        let x = scale.x(at);
        html! { line.(class) x1=(x) x2=(x) y1="0" y2=(height) {} }
    };
    html! {
        @for tick in scale.ticks() { (line("tick", tick)) }
        (line("verdict-line", scale.verdict))
    }
}

fn phases(target: &TargetOutcome, scale: &Scale) -> Markup {
    let band = |class: &str, name: &str, from: Elapsed, to: Elapsed| {
        let (x, width) = (scale.x(from), scale.width(from, to));
        let room = room(name, scale.share(from, to));
        html! {
            g {
                title { (name) ", " (from) " to " (to) }
                rect.(class) x=(x) y="3" width=(width) height="20" rx="3" {}
                @if let Some(room) = room {
                    svg.(room) x=(x) y="3" width=(width) height="20" { text x="7" y="14" { (name) } }
                }
            }
        }
    };
    html! {
        svg.bar height=(PHASES) role="img" {
            title { (told_phases(target, scale)) }
            (grid(scale, PHASES))
            @for phase in &target.phases {
                @match phase.phase {
                    RunPhase::Rollout => (band("rollout", "rollout", phase.from, phase.to)),
                    RunPhase::Window => (band("window", "window", phase.from, phase.to)),
                }
            }
            @if let Some(end) = scale.window_end {
                (band("unfinished", "rest of the window", scale.verdict, end))
            }
        }
    }
}

/// The parts of the run and the verdict in words.
fn told_phases(target: &TargetOutcome, scale: &Scale) -> String {
    let mut told: Vec<_> = target
        .phases
        .iter()
        .map(|phase| {
            let name = match phase.phase {
                RunPhase::Rollout => "rollout",
                RunPhase::Window => "window",
            };
            format!("{name} from {} to {}", phase.from, phase.to)
        })
        .collect();
    told.push(format!("verdict {} at {}", target.verdict, scale.verdict));
    told.join(", ")
}

fn axis(target: &TargetOutcome, scale: &Scale) -> Markup {
    let verdict = scale.x(scale.verdict);
    html! {
        svg.bar height="40" aria-hidden="true" {
            @for tick in scale.ticks() {
                @let x = scale.x(tick);
                line.tick x1=(x) x2=(x) y1="0" y2="5" {}
                text.time.(anchor(scale.percent(tick), 4.0)) x=(x) y="17" { (tick) }
            }
            line.verdict-line x1=(verdict) x2=(verdict) y1="0" y2="24" {}
            text.verdict-name.(anchor(scale.percent(scale.verdict), 18.0)) x=(verdict) y="36" {
                (shouted(target.verdict)) " at " (scale.verdict)
            }
        }
    }
}

/// Which part of a text stands at its place: near the ends of the picture its middle would not fit.
const fn anchor(percent: f64, reach: f64) -> &'static str {
    match percent {
        percent if percent < reach => "from-here",
        percent if percent > 100.0 - reach => "to-here",
        _ => "here",
    }
}

/// The states and marks that the picture has.
fn legend(target: &TargetOutcome) -> Markup {
    let spans = target.lanes.iter().flat_map(|lane| &lane.spans);
    let states: BTreeSet<LaneState> =
        spans.filter(|span| lane::has_length(span)).map(|span| span.state).collect();
    let mut marks: BTreeMap<MarkKind, usize> = BTreeMap::new();
    for mark in target.lanes.iter().flat_map(|lane| &lane.marks) {
        *marks.entry(mark.kind).or_default() += 1;
    }
    html! {
        ul.legend {
            @for state in states { li { (lane::swatch(state)) (state.as_str()) } }
            @for (kind, count) in marks {
                li { (mark::sign(kind)) (kind.as_str()) @if count > 1 { " (" (count) ")" } }
            }
        }
    }
}

/// How many pods have no lane.
fn not_shown(target: &TargetOutcome) -> Option<String> {
    let shown: BTreeSet<&str> = target.lanes.iter().map(|lane| &*lane.pod).collect();
    let more = target.coverage.pods.checked_sub(shown.len() as u64).filter(|more| *more > 0)?;
    Some(format!("{} not shown; those that fail come first", counted(more, "more pod")))
}
