//! What is around the targets: the head of the document, its style sheet, the last line.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{icon, timeline, tone};
use crate::{
    gate::Verdict,
    outcome::Outcome,
    report::{
        block::Mark,
        document::total,
        words::{shouted, target_name},
    },
};

/// The style sheet. Nothing else may give style, attributes neither.
const STYLE: &str = include_str!("style.css");

/// SHA-256 of the style sheet, in Base64: the one style that the page's policy allows.
const STYLE_HASH: &str = "sfVWUWSFaSS6jcJOxTqa60n1/W3lqVBMbVg5/zP/AL0=";

/// The whole document around its body.
pub(super) fn document(outcome: &Outcome, body: &str) -> Markup {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'"
    );
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title(outcome)) }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                (timeline::patterns())
                main { (PreEscaped(body)) }
                footer { "deploygate " (outcome.tool_version) }
            }
        }
    }
}

/// A verdict as it is shouted, with its picture.
pub(super) fn badge(verdict: Verdict) -> Markup {
    html! { span.badge.(tone(verdict)) { (icon::of(Mark::Verdict(verdict))) (shouted(verdict)) } }
}

fn title(outcome: &Outcome) -> String {
    let verdict = shouted(outcome.verdict);
    match &*outcome.targets {
        [target] => format!("{verdict}: {}", target_name(target)),
        _ => format!("{verdict}: {}", total(outcome)),
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_STANDARD};
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_policy_allows_the_style_sheet() {
        assert_eq!(BASE64_STANDARD.encode(Sha256::digest(STYLE)), STYLE_HASH);
    }

    #[test]
    fn the_style_sheet_asks_for_nothing_and_cannot_end_its_element() {
        for sign in ["url(", "@import", "</", "<!--"] {
            assert!(!STYLE.contains(sign), "{sign}");
        }
    }
}
