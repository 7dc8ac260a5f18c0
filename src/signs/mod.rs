//! What most probably caused a failure, and what to do: a closed table of signs.
//!
//! Pure: plain facts go in, at most one row of the table comes out. The texts of Kubernetes and of the runtime are
//! certain, patterns in a program's own output are probable, an exit code alone is a guess. Without a sign there is no
//! diagnosis: nothing is claimed that no text shows. Rows for texts of Kubernetes tell besides whether waiting may help:
//! the verdict reads the same rows ([`meaning`]).
//!
//! | question | file |
//! |---|---|
//! | what a row is, and when a text shows it | `row.rs`, `detail.rs`, `names.rs` |
//! | texts of Kubernetes, runtimes, registries and drivers | `kubernetes/`, one file per family |
//! | texts of programs | `programs/`, one file per family |
//! | which line of a program's output tells, and which tells nothing | `programs/output.rs` |
//! | exit codes and signals | `endings.rs` |
//! | what comes out, and what it hangs on outside of the pod | `diagnosis.rs`, `subject.rs` |

mod detail;
mod diagnosis;
mod endings;
mod kubernetes;
mod names;
mod programs;
mod row;
mod scene;
mod subject;
#[cfg(test)]
mod tests;

use crate::{
    evidence::Attribution,
    text::{Clean, until_shutdown},
};
use kubernetes::tables;
use row::{Found, Row};

pub use diagnosis::{Certainty, Diagnosis, Figure, Place, telling_lines};
pub use kubernetes::{
    Kill, ReadinessGate, back_off, is_about_container, is_about_room, is_echo, is_failed_pull,
    is_quota_used_up, is_summary, kill, readiness_gates,
};
pub use programs::is_consequence;
pub use scene::Scene;
pub use subject::{Subject, SubjectKind};

/// Whether a failure may go away without a change by people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Healing {
    /// Well possible: what is down comes back.
    Likely,
    /// Half and half: a wrong name, or a name service that is down.
    Doubtful,
    /// Hardly: someone would have to push a tag, grant access or change the manifest in the meantime.
    Unlikely,
}

/// What a text of Kubernetes or a runtime means for the verdict: the row that the diagnosis is made of, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The row of the table, e.g. `image-not-found`.
    pub sign: &'static str,
    /// Whose concern it is.
    pub attribution: Attribution,
    /// Whether waiting may help.
    pub heals: Healing,
}

/// What is known of a failure.
#[derive(Clone, Debug)]
pub struct Signs<'a> {
    /// What failed.
    pub scene: Scene,
    /// The finding's message, which repeats what Kubernetes says of it; of probes only the events do.
    pub message: &'a str,
    /// The messages of the pod's events, the newest last.
    pub events: Vec<&'a str>,
    /// The termination message of the run that failed.
    pub termination_message: Option<&'a str>,
    /// The lines of its log that were kept, the last one last.
    pub log: Vec<&'a str>,
    /// Its exit code.
    pub exit_code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
}

/// The cause that the signs show; `None` if no sign is known.
pub fn diagnose(signs: &Signs<'_>) -> Option<Diagnosis> {
    let told = said_by_kubernetes(signs);
    match &told {
        Some((row, _)) if row.yields => output(signs).filter(Diagnosis::is_sound),
        Some(_) => None,
        None => output(signs).or_else(|| ending(signs)),
    }
    .or(told.map(|(_, diagnosis)| diagnosis))
}

/// What a text on a scene means; `None` if it is not known.
pub fn meaning(scene: Scene, text: &str) -> Option<Meaning> {
    let (groups, _) = tables(scene);
    let row = groups.iter().find_map(|group| row::find(group, text))?.row;
    Some(Meaning { sign: row.sign, attribution: row.attribution, heals: row.heals })
}

fn said_by_kubernetes(signs: &Signs<'_>) -> Option<(&'static Row, Diagnosis)> {
    let (tables, starts) = tables(signs.scene);
    let events = signs.events.iter().rev().copied();
    let events = events.filter(|text| starts.iter().any(|start| text.starts_with(start)));
    // the runtime leaves its error there
    let left = signs.termination_message.filter(|_| signs.scene == Scene::Container);
    // ours, on a probe that failed: it would show the general sign by itself
    let is_probe = matches!(signs.scene, Scene::Liveness | Scene::Startup | Scene::Readiness);
    let message = Some(signs.message).filter(|_| !is_probe);
    let texts: Vec<&str> = message.into_iter().chain(left).chain(events).collect();
    let found =
        tables.iter().find_map(|group| texts.iter().find_map(|text| row::find(group, text)));
    let own = || Some(Found { row: of_scene(signs.scene)?, text: signs.message, name: None });
    let mut found = found.or_else(own)?;
    if found.row.sign == kubernetes::ACCESS {
        let events = signs.events.iter().rev().copied();
        let mut why = events.filter_map(|text| row::find(&[kubernetes::PULL_SECRET], text));
        found = why.next().unwrap_or(found);
    }
    Some((found.row, found.diagnosis(Place::Kubernetes)))
}

/// What a scene means whatever is said of it.
const fn of_scene(scene: Scene) -> Option<&'static Row> {
    match scene {
        Scene::OutOfMemory => Some(&kubernetes::OUT_OF_MEMORY),
        Scene::Eviction => Some(&kubernetes::OWN_STORAGE),
        Scene::Creation
        | Scene::Scheduling
        | Scene::Image
        | Scene::Volume
        | Scene::Sandbox
        | Scene::Container
        | Scene::Rejection
        | Scene::Run
        | Scene::Liveness
        | Scene::Startup
        | Scene::Readiness => None,
    }
}

/// What the program said: its termination message, which it chose to leave, then its log.
fn output(signs: &Signs<'_>) -> Option<Diagnosis> {
    let is_of_program = match signs.scene {
        Scene::Run | Scene::Liveness | Scene::Startup | Scene::Readiness => true,
        Scene::Creation
        | Scene::Scheduling
        | Scene::Image
        | Scene::Volume
        | Scene::Sandbox
        | Scene::Container
        | Scene::Rejection
        | Scene::OutOfMemory
        | Scene::Eviction => false,
    };
    if !is_of_program {
        return None;
    }
    let message: Vec<&str> = signs.termination_message.into_iter().flat_map(str::lines).collect();
    let has_ended = signs.scene == Scene::Run;
    let left = programs::find(&message, Place::TerminationMessage, has_ended);
    if left.as_ref().is_some_and(Diagnosis::is_sound) {
        return left;
    }
    // what it says once it is asked to end explains nothing about the kill
    let is_killed = matches!(signs.scene, Scene::Liveness | Scene::Startup);
    let log = if is_killed { until_shutdown(&signs.log) } else { &signs.log };
    let logged = programs::find(log, Place::Log, has_ended);
    logged.filter(|said| left.is_none() || said.is_sound()).or(left)
}

fn ending(signs: &Signs<'_>) -> Option<Diagnosis> {
    if signs.scene != Scene::Run {
        return None;
    }
    let code = signs.exit_code?;
    endings::of(code, signs.signal).map(|row| row.unseen(Place::ExitCode))
}

impl Diagnosis {
    /// The figure of the container that explains it, if it is known.
    pub fn figure(&self) -> Option<Figure> {
        self.row()?.figure
    }

    /// What kind of thing outside of the pod it is about; `None` for what is the target's own.
    pub fn about(&self) -> Option<SubjectKind> {
        self.row()?.about
    }

    /// The same for a workload that makes new pods before old ones go.
    #[must_use]
    pub fn where_pods_surge(mut self) -> Self {
        let advice = self.row().map_or("", |row| row.where_pods_surge);
        if !advice.is_empty() {
            self.next_step = Clean::from_static(advice);
        }
        self
    }

    fn row(&self) -> Option<&'static Row> {
        rows().find(|row| *row.sign == *self.sign)
    }
}

/// All rows.
fn rows() -> impl Iterator<Item = &'static Row> {
    let kubernetes = Scene::ALL.iter().flat_map(|scene| tables(*scene).0).copied().flatten();
    let rows = kubernetes.chain(&programs::TABLES).copied().flatten();
    rows.chain(endings::rows()).chain(Scene::ALL.into_iter().filter_map(of_scene))
}
