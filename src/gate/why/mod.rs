//! What is handed to the table of signs, and what its answer changes in a finding.

mod sharpen;
mod subject;

use super::{Attribution, Cause, findings::Record, names, symptom::Key};
use crate::{
    evidence::{Comparison, EventLine, Evidence},
    phrases::{NextStep, finding},
    signs::{Diagnosis, Place, Scene, Signs, diagnose},
    text::Excerpt,
};

/// The probable cause of a finding; `None` if no sign of one is known.
pub(super) fn of(key: &Key, record: &Record, evidence: Option<&Evidence>) -> Option<Diagnosis> {
    let container = key.container.as_deref().map(names::container);
    let events = evidence.map_or(&[][..], |evidence| &evidence.events);
    let mut events: Vec<&EventLine> = events
        .iter()
        .filter(|event| container.as_ref().is_none_or(|name| event.is_about(name)))
        .collect();
    events.sort_by_key(|event| event.last);
    let log = evidence.and_then(|evidence| evidence.log.as_ref()).map(|log| &log.excerpt);
    let left = evidence.and_then(|evidence| evidence.termination_message.as_deref());
    // ours counts restarts beside it
    let message = left.filter(|_| key.cause == Cause::StartError).unwrap_or(&record.message);
    let scene = scene(key.cause, record)?;
    let found = diagnose(&Signs {
        scene,
        message,
        events: events.into_iter().map(|event| &*event.message).collect(),
        termination_message: evidence.and_then(|evidence| evidence.termination_message.as_deref()),
        log: log.into_iter().flat_map(Excerpt::lines).map(|l| &**l).collect(),
        exit_code: record.exit_code,
        signal: record.signal,
    });
    let found = found.map(|diagnosis| sharpen::with_limits(diagnosis, scene, evidence));
    found.map(|diagnosis| subject::of_pod(diagnosis, evidence))
}

/// Whose concern a finding is: the table knows better only where its answer is sound; else what else runs may tell.
pub(super) fn attribution(
    record: &Record,
    diagnosis: Option<&Diagnosis>,
    comparison: Option<&Comparison>,
) -> Attribution {
    let sound = diagnosis.filter(|diagnosis| diagnosis.is_sound());
    let known = sound.map(|diagnosis| diagnosis.attribution);
    known
        .filter(|known| *known != Attribution::Unknown)
        .or_else(|| comparison.and_then(Comparison::attribution))
        .unwrap_or(record.attribution)
}

/// What to do: what the probable cause asks for, where that is sound or there is no more to go by, as with an exit code
/// without a line of log; else what is known of the symptom, or of its cause.
pub(super) fn next_step(
    cause: Cause,
    record: &Record,
    diagnosis: Option<&Diagnosis>,
    evidence: Option<&Evidence>,
) -> NextStep {
    let log = evidence.and_then(|evidence| evidence.log.as_ref());
    let is_silent = log.is_none_or(|log| log.excerpt.last_line().is_none());
    let is_all_there_is = |diagnosis: &Diagnosis| diagnosis.place == Place::ExitCode && is_silent;
    let of_diagnosis = diagnosis
        .filter(|diagnosis| diagnosis.is_sound() || is_all_there_is(diagnosis))
        .map(|diagnosis| NextStep::new(diagnosis.next_step.clone()));
    let explained = record.explained.as_ref();
    of_diagnosis
        .or_else(|| explained?.next_step.clone())
        .unwrap_or_else(|| finding::next_step(cause, record.attribution, record.exit_code))
}

/// What failed; `None` where the finding's message says all that there is.
fn scene(cause: Cause, record: &Record) -> Option<Scene> {
    if let Some(explained) = &record.explained {
        return explained.scene;
    }
    Some(match cause {
        Cause::Create => Scene::Creation,
        Cause::Pending => Scene::Scheduling,
        Cause::Image | Cause::ImageName => Scene::Image,
        Cause::Mount => Scene::Volume,
        Cause::Sandbox => Scene::Sandbox,
        Cause::Config | Cause::Container | Cause::StartError => Scene::Container,
        Cause::OomKilled => Scene::OutOfMemory,
        Cause::Evicted => Scene::Eviction,
        Cause::Platform => Scene::Rejection,
        Cause::CrashLoop | Cause::Exited | Cause::JobFailed => Scene::Run,
        Cause::Liveness => Scene::Liveness,
        Cause::Startup => Scene::Startup,
        Cause::NotReady => Scene::Readiness,
        // the program's output does not tell why its hook failed
        Cause::PostStart | Cause::WrongImage | Cause::Stalled | Cause::Condition => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        evidence::{LogEvidence, LogRun, OldPodsCompared},
        gate::symptom::{Limit, Symptom},
        model::Elapsed,
        signs::Certainty,
        text::{Clean, ExcerptBuilder, Redactor},
    };

    fn key(cause: Cause) -> Key {
        Key { cause, container: Some("app".into()) }
    }

    fn record() -> Record {
        let symptom =
            Symptom::new(Cause::Stalled, Attribution::Unknown, Clean::default(), Limit::AtOnce);
        Record::new(&symptom, Elapsed::ZERO)
    }

    fn diagnosis(attribution: Attribution, certainty: Certainty) -> Diagnosis {
        Diagnosis {
            sign: Clean::from_static("file-missing"),
            cause: Clean::from_static("a file is missing"),
            attribution,
            next_step: Clean::from_static("add the file"),
            certainty,
            place: Place::Log,
            quote: Clean::default(),
            subject: None,
        }
    }

    #[test]
    fn only_a_sound_diagnosis_says_whose_concern_it_is() {
        let mut record = record();
        record.attribution = Attribution::Application;
        let of = |attribution, certainty| {
            super::attribution(&record, Some(&diagnosis(attribution, certainty)), None)
        };
        let (config, unknown) = (Attribution::Configuration, Attribution::Unknown);
        assert_eq!(of(config, Certainty::Certain), config);
        assert_eq!(of(config, Certainty::Probable), config);
        assert_eq!(of(config, Certainty::Guess), Attribution::Application);
        assert_eq!(of(unknown, Certainty::Certain), Attribution::Application);
        assert_eq!(super::attribution(&record, None, None), Attribution::Application);
    }

    #[test]
    fn what_breaks_elsewhere_too_is_said_where_no_sound_diagnosis_knows() {
        let mut record = record();
        record.attribution = Attribution::Application;
        let old_pods = Some(OldPodsCompared { same: 2, of: 2, before_rollout: false });
        let comparison = Comparison { old_pods, node: None };
        let of = |attribution| {
            let diagnosis = diagnosis(attribution, Certainty::Certain);
            super::attribution(&record, Some(&diagnosis), Some(&comparison))
        };
        assert_eq!(of(Attribution::Configuration), Attribution::Configuration);
        assert_eq!(of(Attribution::Unknown), Attribution::Platform);
    }

    #[test]
    fn a_sound_diagnosis_says_what_to_do_and_a_guess_only_if_there_is_no_more() {
        let log = |text: &str| {
            let mut excerpt = ExcerptBuilder::new(40, &Redactor::built_in());
            excerpt.push_bytes(text.as_bytes());
            let excerpt = excerpt.finish();
            let log = Some(LogEvidence { run: LogRun::Current, excerpt });
            Evidence { log, ..Evidence::default() }
        };
        let hint = |certainty, place, text| {
            let diagnosis = Diagnosis { place, ..diagnosis(Attribution::Unknown, certainty) };
            let evidence = log(text);
            next_step(Cause::CrashLoop, &record(), Some(&diagnosis), Some(&evidence)).what
        };
        assert_eq!(&*hint(Certainty::Probable, Place::Log, "bye"), "add the file");
        let generic = "fix the error in the last log lines";
        assert!(hint(Certainty::Guess, Place::Log, "bye").starts_with(generic));
        assert!(hint(Certainty::Guess, Place::ExitCode, "bye").starts_with(generic));
        // there is no line that could be fixed
        assert!(hint(Certainty::Guess, Place::ExitCode, "\n").starts_with("add the file"));
    }

    #[test]
    fn a_hook_that_fails_is_not_explained_by_the_program() {
        let mut record = record();
        record.exit_code = Some(0);
        assert_eq!(of(&key(Cause::PostStart), &record, None), None);
        let ended = of(&key(Cause::Exited), &record, None);
        assert_eq!(&*ended.unwrap().sign, "exit-0");
    }

    #[test]
    fn an_event_of_another_container_explains_nothing() {
        let of_proxy = |container: Option<&'static str>| {
            let event = EventLine {
                kind: crate::model::EventKind::Warning,
                object: Clean::from_static("Pod app-1"),
                container: container.map(Clean::from_static),
                reason: Clean::from_static("Unhealthy"),
                message: Clean::from_static(
                    "Readiness probe failed: HTTP probe failed with statuscode: 404",
                ),
                count: 1,
                last: None,
                age_seconds: None,
            };
            let evidence = Evidence { events: vec![event], ..Evidence::default() };
            of(&key(Cause::NotReady), &record(), Some(&evidence))
        };
        assert_eq!(of_proxy(Some("proxy")), None);
        assert_eq!(&*of_proxy(Some("app")).unwrap().sign, "probe-path-missing");
        assert_eq!(&*of_proxy(None).unwrap().sign, "probe-path-missing");
    }
}
