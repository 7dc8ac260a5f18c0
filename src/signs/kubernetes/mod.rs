//! Texts of Kubernetes, of container runtimes, registries, network plugins and storage drivers: one file per family.

mod back_off;
mod container;
mod creation;
mod eviction;
mod image;
mod kill;
mod node;
mod probe;
mod readiness_gate;
mod registry;
mod rejection;
mod sandbox;
mod scheduling;
mod start;
mod volume;

use super::{
    Certainty, Figure, Healing, Scene, SubjectKind,
    row::{self, Row},
};

pub use back_off::{back_off, is_echo};
pub use creation::is_quota_used_up;
pub(super) use eviction::{OUT_OF_MEMORY, OWN_STORAGE};
pub use image::is_failed_pull;
pub(super) use image::{ACCESS, PULL_SECRET};
pub use kill::{Kill, is_about_container, kill};
pub use readiness_gate::{ReadinessGate, readiness_gates};
pub use scheduling::is_about_room;
pub use volume::is_summary;

/// Rows for one scene: all tables of a group are searched as one, and every text before the next group.
pub(super) type Tables = &'static [&'static [&'static [Row]]];

/// The rows for the texts of Kubernetes on a scene, and how the events on it begin. The last group says little, so that
/// every text is searched for the others first.
pub(super) const fn tables(scene: Scene) -> (Tables, &'static [&'static str]) {
    match scene {
        // what was true of another pod or a minute ago need not be true of this one
        Scene::Creation => (&[&[creation::ROWS], &[creation::GENERAL]], &[]),
        Scene::Scheduling => (&[&[scheduling::ROWS]], &[]),
        Scene::Image => (&[&[registry::ROWS, image::ROWS]], &[image::FAILED_PULL]),
        Scene::Volume => (
            &[&[volume::ROWS], &[volume::GENERAL]],
            &["MountVolume", "AttachVolume", "Multi-Attach", "Unable to attach or mount"],
        ),
        Scene::Sandbox => {
            (&[&[sandbox::ROWS], &[sandbox::GENERAL]], &["Failed to create pod sandbox"])
        }
        Scene::Container => (&[&[container::ROWS, start::ROWS, start::NODE]], &["Error: "]),
        Scene::Rejection => (&[&[rejection::ROWS]], &[]),
        Scene::Eviction => (&[&[eviction::ROWS]], &["Usage of", "Pod ephemeral", "Container "]),
        // the scene itself says it
        Scene::OutOfMemory => (&[], &[]),
        Scene::Run => (&[], &[]),
        Scene::Liveness => (&[&[probe::ROWS], &[probe::GENERAL]], &["Liveness probe"]),
        Scene::Startup => (&[&[probe::ROWS], &[probe::GENERAL]], &["Startup probe"]),
        Scene::Readiness => (&[&[probe::ROWS], &[probe::GENERAL]], &["Readiness probe"]),
    }
}
