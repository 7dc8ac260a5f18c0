//! Which events are trouble, and what a line says of several targets to which the same happened.

use crate::{
    gate::{FindingLine, GateEvent},
    phrases::length,
    report::ending::Line,
};

/// Whether an event may be the first sign of a failure.
pub(super) fn is_trouble(event: &GateEvent) -> bool {
    match event {
        GateEvent::WindowBroken { .. }
        | GateEvent::FindingSuspected { .. }
        | GateEvent::GraceMoved { .. }
        | GateEvent::FindingConfirmed { .. }
        | GateEvent::FindingTolerated { .. }
        | GateEvent::FindingResolved { .. }
        | GateEvent::Decided { .. } => true,
        GateEvent::Awaiting { .. }
        | GateEvent::SettingsTaken { .. }
        | GateEvent::RevisionPinned { .. }
        | GateEvent::Progress { .. }
        | GateEvent::WindowOpened { .. }
        | GateEvent::WindowHeld { .. }
        | GateEvent::Warned { .. }
        | GateEvent::ReadsStale { .. }
        | GateEvent::ReadsFresh { .. } => false,
    }
}

/// What a line says of several targets, where their own texts may differ.
pub(super) fn of_several(event: &GateEvent, line: &Line) -> Line {
    let cause = |finding: &FindingLine| finding.cause.to_string();
    match event {
        GateEvent::Awaiting { .. } => line.saying("awaiting ", "what is expected"),
        GateEvent::RevisionPinned { complete: true, .. } => line.saying("", "already complete"),
        GateEvent::RevisionPinned { .. } => line.saying("", "new revisions found"),
        GateEvent::WindowOpened { length: required, .. } => {
            let text = format!(" watching their health for {}", length(*required));
            line.saying("rollouts complete:", text)
        }
        GateEvent::WindowBroken { .. } => line.saying("health windows restarted", ""),
        GateEvent::FindingSuspected { finding, .. } => line.saying("suspected ", cause(finding)),
        GateEvent::GraceMoved { finding, .. } => {
            line.saying("suspected ", format!("{}, with another grace period", cause(finding)))
        }
        GateEvent::FindingConfirmed { finding, .. } => line.saying("confirmed ", cause(finding)),
        GateEvent::FindingTolerated { finding, .. } => line.saying("tolerated ", cause(finding)),
        GateEvent::FindingResolved { finding, .. } => line.saying("recovered ", cause(finding)),
        GateEvent::Progress { .. }
        | GateEvent::SettingsTaken { .. }
        | GateEvent::WindowHeld { .. }
        | GateEvent::Warned { .. }
        | GateEvent::ReadsStale { .. }
        | GateEvent::ReadsFresh { .. }
        | GateEvent::Decided { .. } => line.clone(),
    }
}
