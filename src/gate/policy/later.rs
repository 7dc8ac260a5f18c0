//! What the workload itself decides of its policy: by its annotations, and by labels that a policy file selects.

use serde::{Deserialize, Serialize};

use super::{Origin, Policy, Rule, Seconds, Section, Setting};
use crate::{
    phrases::{length, settings},
    text::Clean,
};

/// What is to be looked up on the workload when its revision is pinned.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Later {
    /// Which annotations are taken.
    #[serde(skip_serializing_if = "Annotations::are_all")]
    pub annotations: Annotations,
    /// Settings for some targets, in the order of the policy file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// What neither annotations nor targets of the policy file may go beyond.
    #[serde(skip_serializing_if = "Bounds::are_none")]
    pub bounds: Bounds,
}

/// Which annotations are taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Annotations {
    /// All that may be set so.
    #[default]
    All,
    /// None, by `--no-annotations`, or by the recording that is replayed.
    Ignored,
    /// These settings, by the policy file; `grace` for all causes.
    Only {
        /// The words of the settings.
        settings: Vec<String>,
        /// Where the file says so, `deploygate.yaml:3`.
        place: Clean,
    },
}

impl Annotations {
    fn are_all(&self) -> bool {
        *self == Self::All
    }
}

/// Limits of what annotations and targets of a policy file may set, with the places that say so.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bounds {
    /// The shortest window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_window: Option<(Seconds, Clean)>,
    /// The most restarts that may be allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_max_restarts: Option<(u32, Clean)>,
}

impl Bounds {
    fn are_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Later {
    /// Whether nothing of the workload matters.
    pub(super) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Policy {
    /// Brings what goes beyond the bounds of a policy file back to them, and says so.
    pub fn keep_bounds(&mut self) -> Vec<Clean> {
        let mut notes = Vec::new();
        let Bounds { min_window, max_max_restarts } = self.later.bounds.clone();
        if let Some((least, place)) = min_window.filter(|(least, _)| self.window < least.0)
            && let Some(origin) = self.bound(Setting::Window, &place)
        {
            let (asked, bound) = (length(self.window), length(least.0));
            notes.push(settings::bounded(&origin, &asked, &bound, "min-window", &place));
            self.window = least.0;
        }
        if let Some((most, place)) = max_max_restarts.filter(|(most, _)| self.max_restarts > *most)
            && let Some(origin) = self.bound(Setting::MaxRestarts, &place)
        {
            let (asked, bound) =
                (crate::clean!("{}", self.max_restarts), crate::clean!("{}", most));
            notes.push(settings::bounded(&origin, &asked, &bound, "max-max-restarts", &place));
            self.max_restarts = most;
        }
        notes
    }

    /// Where a value stands that goes beyond a bound, which is its source from now on; `None` if no bound holds for it.
    fn bound(&mut self, setting: Setting, place: &Clean) -> Option<Clean> {
        let origin = self.sources.get_mut(&setting).filter(|origin| origin.is_bounded())?;
        let asked = origin.place(setting);
        *origin = Origin::File { place: place.clone(), section: Section::Bounds };
        Some(asked)
    }
}
