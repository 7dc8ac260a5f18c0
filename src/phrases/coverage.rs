//! What could not be read, and why.

use crate::{
    clean,
    evidence::CoverageGap,
    observation::{FailureKind, ReadFailure},
    text::{Clean, Untrusted},
};

/// A request that failed.
pub fn failed(what: Clean, failure: &ReadFailure) -> CoverageGap {
    let text = failure.message.to_clean_line(300);
    let why = match failure.kind {
        FailureKind::Forbidden => clean!("not permitted: {}", text),
        _ => text,
    };
    CoverageGap { what, why }
}

/// Something that may not be read.
pub fn not_permitted(what: Clean) -> CoverageGap {
    CoverageGap { what, why: Clean::from_static("not permitted") }
}

/// Something that may not be watched.
pub fn not_watched(what: Clean) -> CoverageGap {
    let why = "not permitted; deploygate reads every 2s instead";
    CoverageGap { what, why: Clean::from_static(why) }
}

/// What an analysis measured.
pub fn analysis_of(run: &Clean) -> CoverageGap {
    let why = Clean::from_static("what it measured is not in this report");
    CoverageGap { what: clean!("AnalysisRun {}", run), why }
}

/// The last of very many.
pub fn more() -> CoverageGap {
    CoverageGap {
        what: Clean::from_static("more requests"),
        why: Clean::from_static("they failed too and are not listed"),
    }
}

/// A node that has no Lease.
pub fn no_lease(node: &Clean) -> CoverageGap {
    CoverageGap { what: clean!("Lease of node {}", node), why: Clean::from_static("not found") }
}

/// The Leases of all nodes.
pub fn leases() -> Clean {
    Clean::from_static("Leases of nodes")
}

/// The Services of the namespace.
pub fn services() -> Clean {
    Clean::from_static("Services of the namespace")
}

/// A permission: `list pods`.
pub fn permission(verb: &Clean, resource: &str) -> Clean {
    clean!("{} {}", verb, Untrusted::from(resource).to_clean_line(253))
}

/// The events of an object.
pub fn events_of(kind: &Clean, name: &Clean) -> Clean {
    clean!("events of {} {}", kind, name)
}

/// The log of a container.
pub fn log_of(container: &Clean, pod: &Clean) -> Clean {
    clean!("log of container {} in pod {}", container, pod)
}

/// The templates of the revision before and of this one.
pub fn changes_since(revision: &Clean) -> Clean {
    clean!("what changed since {}", revision)
}

/// The details of a pod.
pub fn details_of(pod: &Clean) -> Clean {
    clean!("details of pod {}", pod)
}
