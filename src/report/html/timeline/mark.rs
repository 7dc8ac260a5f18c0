//! What happened at one point: a sign above the bar, each kind with its own shape.

use maud::{Markup, html};

use super::scale::Scale;
use crate::{
    report::words,
    timeline::{Mark, MarkKind},
};

/// A mark at its time.
pub(super) fn at(mark: &Mark, scale: &Scale) -> Markup {
    html! {
        svg.point x=(scale.x(mark.at)) {
            g.mark.(class(mark.kind)) {
                title { (mark.at) " " (mark.kind.as_str()) ": " (words::one_line(&mark.what, 200)) }
                (shape(mark.kind))
            }
        }
    }
}

/// A mark in the legend.
pub(super) fn sign(kind: MarkKind) -> Markup {
    html! {
        svg.swatch width="16" height="14" aria-hidden="true" {
            svg.point x="8" { g.mark.(class(kind)) { (shape(kind)) } }
        }
    }
}

const fn class(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Ended => "ended",
        MarkKind::Restarted => "restarted",
        MarkKind::Event => "event",
        MarkKind::Deleted => "deleted",
    }
}

/// Around x 0, from y 1 to 13.
fn shape(kind: MarkKind) -> Markup {
    html! {
        @match kind {
            MarkKind::Ended => {
                circle cx="0" cy="7" r="6" {}
                path.sign d="M-2.4 4.6l4.8 4.8m0-4.8-4.8 4.8" {}
            }
            MarkKind::Restarted => {
                circle cx="0" cy="7" r="6" {}
                path.sign d="M2.8 7.4A2.9 2.9 0 1 1 1.7 4.7M2.3 2.9v2.2H.1" {}
            }
            MarkKind::Event => {
                path d="M0 1 6.4 12.6H-6.4Z" {}
                path.sign d="M0 5.2v3.2m0 1.9v.1" {}
            }
            MarkKind::Deleted => {
                rect x="-6" y="1" width="12" height="12" rx="2.5" {}
                path.sign d="M-3 7h6" {}
            }
        }
    }
}
