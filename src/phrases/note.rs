//! What weakens or explains a verdict.

use std::time::Duration;

use super::{counted, counted_of, first_few, joined, length};
use crate::{clean, text::Clean};

/// Old pods that had not terminated at the deadline, while nothing else was missing.
pub fn old_pods_spared(old: u64) -> Clean {
    clean!(
        "{} had not terminated at the deadline; old pods do not count against the new revision",
        counted(old, "old pod")
    )
}

/// The rollout was over before the run.
pub fn complete_at_start() -> Clean {
    Clean::from_static(
        "the rollout was already complete when deploygate started; judged from then on",
    )
}

/// Nodes on which no pod was required.
pub fn lost_nodes(nodes: &[Clean]) -> Clean {
    let names = first_few(nodes, 10);
    match nodes {
        [_] => clean!("node {} was not ready, so no pod was required on it", names),
        _ => clean!("nodes {} were not ready, so no pod was required on them", names),
    }
}

/// A Service that the new pods lack labels for.
pub fn service_selects_none(service: &Clean, labels: &[Clean]) -> Clean {
    clean!(
        "Service {} selects none of the new pods, although it selected the old ones: the pod template does not have {}",
        service,
        joined(labels, " and ")
    )
}

/// A Service that sends requests to a port that the new pods do not name.
pub fn service_port_missing(service: &Clean, port: &Clean) -> Clean {
    clean!(
        "Service {} reaches none of the new pods on its targetPort {}: no container has a port of that name",
        service,
        port
    )
}

/// An option that is of no use for a Job.
pub fn min_ready_has_no_effect() -> Clean {
    Clean::from_static("`--min-ready` has no effect on a Job")
}

/// Containers that are ready as soon as they run.
pub fn without_probe(containers: &[Clean]) -> Clean {
    clean!(
        "no readiness probe in {}: ready only means that the process is running",
        first_few(containers, 5)
    )
}

/// A window in which a liveness probe that never passes kills nothing.
pub fn window_is_short(window: Duration, needed: Duration) -> Clean {
    let needed = length(needed);
    clean!(
        "the window of {} is too short to see a kill by the liveness probe, which takes up to {}: set `--window {}`",
        length(window),
        needed,
        needed
    )
}

/// Fewer pods had to be ready than should run.
pub fn spared(needed: u64, desired: u64) -> Clean {
    clean!("{} had to be ready (`--min-ready`)", counted_of(needed, desired, "pod"))
}

/// A container whose failures were to be ignored. `is_known`: the target has it.
pub fn ignored(container: &Clean, is_known: bool) -> Clean {
    match is_known {
        true => clean!("container {} was not judged (`--ignore-container`)", container),
        false => clean!("no container is named {} (`--ignore-container`)", container),
    }
}

/// A container whose image comes from elsewhere than the manifest says.
pub fn image_rewritten(container: &Clean, expected: &Clean, image: &Clean) -> Clean {
    clean!(
        "container {} runs {}, not {} as in the manifest: the version agrees, the registry or path was rewritten",
        container,
        image,
        expected
    )
}

/// A container whose image is named by its digest, and in the manifest by its tag.
pub fn image_unverified(container: &Clean, expected: &Clean, image: &Clean) -> Clean {
    clean!(
        "container {} runs {}, which names no tag: not verified to be {} as in the manifest",
        container,
        image,
        expected
    )
}

/// A deadline before which no pod can become available.
pub fn min_ready_is_too_long(min_ready: Duration, timeout: Duration) -> Clean {
    clean!(
        "minReadySeconds ({}) is not shorter than the timeout ({}): new pods cannot become available in time",
        length(min_ready),
        length(timeout)
    )
}
