//! The revision, its rollout and its window in numbers, and how well they were seen.

use serde::{Deserialize, Serialize};

use crate::{
    evidence::CoverageGap,
    gate::{Gate, kind::Counts, names},
    model::{Elapsed, seconds},
    text::{Clean, Untrusted},
};

/// The revision that was judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RevisionFacts {
    /// The object that holds it, e.g. its ReplicaSet.
    pub name: Clean,
    /// The UID of that object. A Job is its own revision, and one that takes its place under its name has another.
    #[serde(default)]
    pub uid: Clean,
    /// Its number, as `kubectl rollout history` has it; `None` where its kind numbers none.
    pub number: Option<u64>,
    /// The images of its template, by container, init containers first.
    pub images: Vec<ContainerImage>,
    /// Whether it was complete when deploygate started.
    pub complete_at_start: bool,
}

/// The image that a template names for a container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContainerImage {
    /// The container.
    pub container: Clean,
    /// The image.
    pub image: Clean,
}

/// The numbers of a rollout, as last seen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RolloutFacts {
    /// Pods that should run.
    pub desired: u64,
    /// Pods of the new revision that existed.
    pub updated: u64,
    /// Those that were ready.
    pub ready: u64,
    /// Pods of old revisions that still existed.
    pub old: u64,
    /// When the rollout was complete for the first time.
    pub completed_at: Option<Elapsed>,
    /// What was still waited for, the most telling first.
    pub waiting_for: Vec<Clean>,
}

/// The window, as it last stood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowFacts {
    /// When it began; later than the rollout's end if it had to begin again.
    pub opened_at: Elapsed,
    /// How long the pods had to stay healthy.
    pub required_seconds: f64,
    /// How long they did; time without fresh reads does not count.
    pub held_seconds: f64,
}

/// What the verdict rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Consistent reads that succeeded.
    pub reads: u64,
    /// Those that failed.
    pub failed_reads: u64,
    /// The longest time without a consistent read, in seconds.
    pub longest_gap_seconds: f64,
    /// Pods of the new revision that were ever seen.
    pub pods: u64,
    /// Nodes whose Leases were seen renewed; `None` where none could be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes: Option<u64>,
    /// What could not be read.
    pub missing: Vec<CoverageGap>,
}

impl Gate {
    /// The revision that is judged; `None` before it is found.
    pub fn revision(&self) -> Option<RevisionFacts> {
        let revision = self.revision_judged()?;
        let spec = self.pin.as_ref().map(|pin| &pin.spec)?;
        let containers = spec.init_containers.iter().chain(spec.containers.iter());
        let images = containers.map(|container| ContainerImage {
            container: names::container(&container.name),
            image: Untrusted::from(container.image.as_ref()).to_clean_line(300),
        });
        Some(RevisionFacts {
            name: revision.name.clone(),
            uid: Untrusted::from(revision.object.uid.as_str()).to_clean_line(64),
            number: revision.number,
            images: images.collect(),
            complete_at_start: revision.complete_at_start,
        })
    }

    /// How far the rollout is.
    pub fn rollout(&self) -> RolloutFacts {
        let Counts { desired, active, ready, old, .. } = self.counts;
        RolloutFacts {
            desired,
            updated: active,
            ready,
            old,
            completed_at: self.completed_at,
            waiting_for: self.waiting_for.clone(),
        }
    }

    /// The window, if it is open.
    pub fn window(&self) -> Option<WindowFacts> {
        self.window.as_ref().map(|window| WindowFacts {
            opened_at: window.opened(),
            required_seconds: seconds::of(window.required()),
            held_seconds: seconds::of(window.held()),
        })
    }

    /// How well the target was seen by now.
    pub fn coverage(&self) -> Coverage {
        let (reads, failed_reads) = self.reads.counts();
        Coverage {
            reads,
            failed_reads,
            longest_gap_seconds: seconds::of(self.reads.longest_gap(self.now)),
            pods: self.ledger.len() as u64,
            nodes: Some(self.nodes_checked()).filter(|checked| *checked > 0),
            missing: self.missing.gaps().to_vec(),
        }
    }
}
