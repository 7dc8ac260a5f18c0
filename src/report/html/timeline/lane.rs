//! One container over time: its picture, and the same in words.

use maud::{Markup, html};

use super::{mark, scale::Scale};
use crate::{
    phrases::counted,
    report::{html::text, words},
    timeline::{Lane, LaneState, Span},
};

/// Height of a row, room for marks above the bar included.
pub(super) const HEIGHT: u32 = 36;

/// The top of the bar, and its full height.
const TOP: u32 = 16;
const BAR: u32 = 16;

/// The picture of a lane. Its words stand elsewhere, under `words_id`.
pub(super) fn row(lane: &Lane, scale: &Scale, words_id: &str) -> Markup {
    html! {
        svg.bar height=(HEIGHT) role="img" aria-describedby=(words_id) {
            title { "container " (lane.container) " of pod " (lane.pod) }
            (super::grid(scale, HEIGHT))
            @for span in &lane.spans { (bar(span, scale)) }
            @for mark in &lane.marks { (mark::at(mark, scale)) }
        }
    }
}

/// The class of a state, and how high its bar is: the nearer to ready, the higher. Not by colour alone.
const fn look(state: LaneState) -> (&'static str, u32) {
    match state {
        LaneState::Pending => ("pending", 4),
        LaneState::Creating => ("creating", 6),
        LaneState::NotReady => ("not-ready", 10),
        LaneState::Ready => ("ready", BAR),
        LaneState::Completed => ("completed", 6),
        LaneState::Terminated => ("terminated", BAR),
        LaneState::BackingOff => ("backing-off", BAR),
        LaneState::Unseen => ("unseen", BAR),
    }
}

/// A bar for a state in the legend.
pub(super) fn swatch(state: LaneState) -> Markup {
    let (class, height) = look(state);
    html! {
        svg.swatch width="28" height=(height) aria-hidden="true" { (shape(class, height, 0, "0", "28")) }
    }
}

/// Whether a span is drawn: what a container went through in no time says nothing, but an end does.
pub(super) fn has_length(span: &Span) -> bool {
    span.from < span.to || span.state == LaneState::Terminated
}

fn bar(span: &Span, scale: &Scale) -> Markup {
    let (class, height) = look(span.state);
    let (x, width) = (scale.x(span.from), scale.width(span.from, span.to));
    let name = span.state.as_str();
    let room = super::room(name, scale.share(span.from, span.to));
    html! {
        @if has_length(span) {
            g.state.(class) {
                title { (name) ", " (times(span)) }
                (shape(class, height, TOP + BAR - height, &x, &width))
                @if let (BAR, Some(room)) = (height, room) {
                    svg.(room) x=(x) y=(TOP) width=(width) height=(BAR) { text x="6" y="12" { (name) } }
                }
            }
        }
    }
}

fn shape(class: &str, height: u32, y: u32, x: &str, width: &str) -> Markup {
    html! {
        rect.state.(class) x=(x) y=(y) width=(width) height=(height) {}
        @match class {
            "backing-off" => rect x=(x) y=(y) width=(width) height=(height) fill="url(#stripes)" {},
            "terminated" => rect x=(x) y=(y) width=(width) height=(height) fill="url(#crosses)" {},
            _ => {}
        }
    }
}

/// The lane in words: what the picture shows, for those who can't see it or point at it.
pub(super) fn words(lane: &Lane) -> Markup {
    html! {
        p {
            strong { "container " code { (lane.container) } " of pod " code { (lane.pod) } }
            ": "
            @for (index, span) in lane.spans.iter().enumerate() {
                @if index > 0 { ", " }
                (span.state.as_str()) " " (times(span))
            }
            @if lane.left_out > 0 { "; " (counted(lane.left_out, "change")) " left out" }
        }
        @if !lane.marks.is_empty() {
            ol.history {
                @for mark in &lane.marks {
                    li {
                        time { (mark.at) }
                        span { (mark.kind.as_str()) ": " (text::prose(&words::one_line(&mark.what, 200))) }
                    }
                }
            }
        }
    }
}

fn times(span: &Span) -> String {
    let (from, to) = (span.from.to_string(), span.to.to_string());
    if from == to { format!("at {from}") } else { format!("{from} to {to}") }
}
