//! The one sentence that tells an event, for live lines, timelines and reports alike.

use super::{FindingLine, GateEvent, Progress};
use crate::{
    clean,
    model::Kind,
    phrases::{counted, counted_of, first_few, joined, length},
    text::{Clean, Untrusted},
};

/// Characters of what the cluster says in a sentence.
const QUOTED: usize = 500;

/// Images of a revision that are named.
const IMAGES: usize = 5;

/// A sentence in two parts: what stands between them is part of either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// What the eye should find.
    pub lead: Clean,
    /// The rest.
    pub rest: Clean,
}

impl Sentence {
    fn new(lead: &'static str, rest: Clean) -> Self {
        Self { lead: Clean::from_static(lead), rest }
    }

    /// Both parts.
    pub fn whole(&self) -> Clean {
        clean!("{}{}", self.lead, self.rest)
    }
}

/// What an event says; `None` for progress, whose words hang on the kind of the workload: [`rollout`].
///
/// `is_known`: the reader knows the message of the finding from its suspicion.
pub fn sentence(event: &GateEvent, is_known: bool) -> Option<Sentence> {
    let finding = |lead, finding: &FindingLine| {
        let name = name(finding);
        Sentence::new(lead, if is_known { name } else { clean!("{}: {}", name, message(finding)) })
    };
    let suspected = |line: &FindingLine, when: &'static str| {
        let Sentence { lead, rest } = finding("suspected ", line);
        let rest = match line.grace_until {
            Some(until) => clean!(
                "{}; {} fail at {} unless it recovers",
                rest,
                Clean::from_static(when),
                until
            ),
            None => rest,
        };
        Sentence { lead, rest }
    };
    Some(match event {
        GateEvent::Progress { .. } => return None,
        GateEvent::Awaiting { what, until, .. } => {
            Sentence::new("awaiting ", clean!("{}, until {}", quoted(what), until))
        }
        GateEvent::SettingsTaken { what, .. } => Sentence::new("settings ", quoted(what)),
        GateEvent::RevisionPinned { revision, number, images, complete, .. } => {
            let number = number.map(|number| clean!(" (number {})", number)).unwrap_or_default();
            let complete = if *complete { ", already complete" } else { "" };
            let complete = Clean::from_static(complete);
            let images = match &images[..] {
                // only a template names them
                [] => Clean::default(),
                images => clean!(": {}", first_few(images, IMAGES)),
            };
            Sentence::new("revision ", clean!("{}{}{}{}", revision, number, complete, images))
        }
        GateEvent::WindowOpened { at, length: required } => {
            let (required, until) = (length(*required), *at + *required);
            let rest = clean!(" watching its health for {}, until {}", required, until);
            Sentence::new("rollout complete:", rest)
        }
        GateEvent::WindowBroken { why, .. } => {
            Sentence::new("health window restarted", clean!(": {}", quoted(why)))
        }
        GateEvent::WindowHeld { length: held, .. } => {
            let rest =
                clean!(" for {}; watched until the other targets are decided", length(*held));
            Sentence::new("stayed healthy", rest)
        }
        GateEvent::Warned { warning, .. } => Sentence::new("warning: ", quoted(warning)),
        GateEvent::FindingSuspected { finding, .. } => suspected(finding, "will"),
        GateEvent::GraceMoved { finding, .. } => suspected(finding, "will now"),
        GateEvent::FindingConfirmed { finding: line, .. } => finding("confirmed ", line),
        GateEvent::FindingTolerated { finding: line, .. } => finding("tolerated ", line),
        GateEvent::FindingResolved { finding: line, .. } => finding("recovered ", line),
        GateEvent::ReadsStale { since, why, .. } => {
            let rest = clean!(" since {}: {}", since, quoted(why));
            Sentence::new("no successful API read", rest)
        }
        GateEvent::ReadsFresh { .. } => Sentence::new("API reads recovered", Clean::default()),
        GateEvent::Decided { verdict, .. } => {
            Sentence { lead: clean!("verdict: {}", verdict), rest: Clean::default() }
        }
    })
}

/// `crash-loop of container app (2 pods)`.
fn name(finding: &FindingLine) -> Clean {
    let of = finding.container.as_ref().map(|name| clean!(" of container {}", name));
    let pods = match finding.pods {
        0 | 1 => Clean::default(),
        pods => clean!(" ({})", counted(pods as u64, "pod")),
    };
    clean!("{}{}{}", finding.cause, of.unwrap_or_default(), pods)
}

fn message(finding: &FindingLine) -> Clean {
    let text = quoted(&finding.message);
    Untrusted::from(text.trim_end_matches('.')).to_clean_line(QUOTED)
}

fn quoted(text: &Clean) -> Clean {
    Untrusted::from(text.as_ref()).to_clean_line(QUOTED)
}

/// `2 of 3 pods ready`; the pods of a Job run to their end, and are not waited for to be ready.
pub fn ready(kind: Kind, progress: &Progress) -> Clean {
    match kind {
        Kind::Job => clean!("{} running", counted(progress.updated, "pod")),
        Kind::Custom if progress.desired == 0 => Clean::from_static("no pods"),
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::Rollout | Kind::Custom => {
            clean!("{} ready", counted_of(progress.ready, progress.desired, "pod"))
        }
    }
}

/// A rollout that is under way, with as many of the things that it waits for.
pub fn rollout(kind: Kind, progress: &Progress, waits: usize) -> Clean {
    let doing = match kind {
        Kind::Job => Clean::from_static("running"),
        Kind::Custom => clean!("in progress: {}", ready(kind, progress)),
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::Rollout => {
            clean!("rolling out: {}", ready(kind, progress))
        }
    };
    let old = match progress.old {
        0 => Clean::default(),
        old => clean!(", {} left", counted(old, "old pod")),
    };
    let shown = progress.waiting_for.get(..waits).unwrap_or(&progress.waiting_for);
    let waits = match joined(shown, "; ") {
        waits if waits.is_empty() => waits,
        waits => clean!("; waiting for {}", quoted(&waits)),
    };
    clean!("{}{}{}", doing, old, waits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{evidence::Attribution, model::Elapsed, vocabulary::Cause};

    fn crash(pods: usize, grace_until: Option<u64>) -> FindingLine {
        FindingLine {
            cause: Cause::CrashLoop,
            attribution: Attribution::Application,
            container: Some(Clean::from_static("app")),
            pods,
            message: Clean::from_static("exit code 1."),
            grace_until: grace_until.map(Elapsed::from_secs),
        }
    }

    #[test]
    fn a_finding_is_told_with_its_message_unless_that_is_known() {
        let at = Elapsed::ZERO;
        let suspected = GateEvent::FindingSuspected { at, finding: crash(2, Some(64)) };
        let confirmed = GateEvent::FindingConfirmed { at, finding: crash(1, None) };
        let whole = |event, is_known| sentence(event, is_known).unwrap().whole().to_string();
        let expected = "suspected crash-loop of container app (2 pods): exit code 1; \
                        will fail at 1:04 unless it recovers";
        assert_eq!(whole(&suspected, false), expected);
        assert_eq!(whole(&confirmed, false), "confirmed crash-loop of container app: exit code 1");
        assert_eq!(whole(&confirmed, true), "confirmed crash-loop of container app");
    }

    #[test]
    fn a_job_is_not_said_to_roll_out() {
        let wait = Clean::from_static("the Job to complete");
        let progress =
            Progress { desired: 2, updated: 1, waiting_for: vec![wait], ..Progress::default() };
        let told = [Kind::Job, Kind::Deployment].map(|kind| rollout(kind, &progress, 1));
        let expected = [
            "running; waiting for the Job to complete",
            "rolling out: 0 of 2 pods ready; waiting for the Job to complete",
        ];
        assert_eq!(told.each_ref().map(|text| &**text), expected);
        assert_eq!(&*ready(Kind::Job, &progress), "1 pod running");
    }

    #[test]
    fn an_event_is_read_back_as_it_was_written() {
        let at = Elapsed::from_secs(7);
        let length = std::time::Duration::from_secs(30);
        for event in [
            GateEvent::FindingResolved { at, finding: crash(3, Some(9)) },
            GateEvent::WindowOpened { at, length },
        ] {
            let text = serde_json::to_string(&event).unwrap();
            assert_eq!(serde_json::from_str::<GateEvent>(&text).unwrap(), event, "{text}");
        }
    }
}
