//! How long something has been broken, where the present state was judged.

use std::time::Duration;

use crate::{
    gate::{Ago, Finding},
    phrases::{self, whole_seconds},
    report::block::{Fact, Line, code, words},
};

/// How long a finding has been there.
pub(super) fn lasting(finding: &Finding) -> Option<Fact<'_>> {
    let since = finding.since.as_ref()?;
    let text = phrases::present::lasting(length(since), finding.last_ended.as_ref().map(length));
    let asides = vec![vec![words(format!("since {}", since.at))]];
    Some(Fact { asides, ..Fact::short("For", "for", [words(text.to_string())]) })
}

/// Of the finding that decided: how long it has been there, its container, its restarts, and when the last run ended.
pub(super) fn cells(finding: Option<&Finding>) -> Vec<Line<'_>> {
    let of = |ago: Option<&Ago>, after: &str| -> Line<'_> {
        ago.map(|ago| words(format!("{}{after}", whole_seconds(length(ago))))).into_iter().collect()
    };
    let container = finding.and_then(|finding| finding.container.as_deref());
    let restarts = finding.and_then(|finding| finding.restarts).filter(|restarts| *restarts > 0);
    vec![
        of(finding.and_then(|finding| finding.since.as_ref()), ""),
        container.map(code).into_iter().collect(),
        restarts.map(|restarts| words(restarts.to_string())).into_iter().collect(),
        of(finding.and_then(|finding| finding.last_ended.as_ref()), " ago"),
    ]
}

fn length(ago: &Ago) -> Duration {
    Duration::from_secs(ago.seconds_ago)
}
