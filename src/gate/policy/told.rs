//! Settings as reports tell them: each value and where it comes from.

use serde::{Deserialize, Serialize};

use super::{Grace, Policy, Setting};
use crate::{
    clean,
    phrases::{joined, length, settings},
    text::{Clean, Untrusted, words},
};

words! {
    /// Where a value comes from, the weakest source first.
    pub enum Source {
        /// Nobody set it.
        Default = "default",
        /// A policy file.
        File = "file",
        /// An annotation of the workload.
        Annotation = "annotation",
        /// A variable of the environment.
        Environment = "environment",
        /// An option of the command line.
        Flag = "flag",
        /// A recording that does not say.
        Recording = "recording",
    }
}

/// A setting with its value and where that comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingFact {
    /// Which setting; `grace.CAUSE` for a grace period.
    pub name: Setting,
    /// Its value, as the option takes it; the entries of a list with commas between them.
    pub value: Clean,
    /// Where it comes from.
    pub source: Source,
    /// Where it stands there: `--window`, `DEPLOYGATE_WINDOW`, `deploygate.dev/window`, `deploygate.yaml:7`; `None` where
    /// that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Clean>,
}

impl SettingFact {
    /// `window 2m (deploygate.dev/window)`.
    pub fn in_words(&self) -> Clean {
        let name = match self.name {
            Setting::Grace(grace) => clean!("grace {}", grace),
            other => clean!("{}", other),
        };
        settings::value(&name, &self.value, &self.origin())
    }

    /// Where the value stands, or the kind of its source where that is not known.
    pub fn origin(&self) -> Clean {
        self.place.clone().unwrap_or_else(|| clean!("{}", self.source))
    }

    /// Whether somebody set it.
    pub fn is_set(&self) -> bool {
        self.source != Source::Default
    }

    /// Whether it is known who set it.
    pub fn has_origin(&self) -> bool {
        self.place.is_some()
    }
}

impl Policy {
    /// Every setting that has a value: those that were set, and the defaults of those that always have one.
    pub fn settings(&self) -> Vec<SettingFact> {
        let default = Self::default();
        let all = Setting::all().chain(Grace::ALL.map(Setting::Grace));
        let facts = all.filter_map(|setting| {
            let value = self.shown(setting)?;
            let origin = self.sources.get(&setting);
            let source = match origin {
                Some(origin) => origin.source(),
                None if default.shown(setting).as_ref() == Some(&value) => Source::Default,
                None => Source::Recording,
            };
            let place = origin.map(|origin| origin.place(setting));
            Some(SettingFact { name: setting, value, source, place })
        });
        facts.collect()
    }

    /// A value in words; `None` for one that is not set and has no default.
    fn shown(&self, setting: Setting) -> Option<Clean> {
        let is_given = self.sources.contains_key(&setting);
        let list = |texts: &[String]| {
            let texts: Vec<_> = texts
                .iter()
                .map(|text| Untrusted::from(text.as_str()).to_clean_line(200))
                .collect();
            (!texts.is_empty()).then(|| joined(&texts, ", "))
        };
        match setting {
            Setting::Await => {
                (is_given || !self.await_for.is_zero()).then(|| length(self.await_for))
            }
            Setting::Timeout => Some(length(self.timeout)),
            Setting::Window => Some(length(self.window)),
            Setting::MaxRestarts => Some(clean!("{}", self.max_restarts)),
            Setting::Grace(grace) => self.set_grace(grace).map(length),
            Setting::IgnoreContainer => list(&self.ignore_containers),
            Setting::MinReady => Some(clean!("{}", self.min_ready)),
            Setting::AcceptPause => {
                let accepts = Clean::from_static(if self.accept_pause { "true" } else { "false" });
                (is_given || self.accept_pause).then_some(accepts)
            }
            Setting::Condition => self.condition.as_ref().map(|wanted| clean!("{}", wanted)),
            Setting::ExpectImage => list(&self.expect_images),
            Setting::ExpectLabel => list(&self.expect_labels),
            Setting::LogLines => Some(clean!("{}", self.log_lines)),
            Setting::KeepGoing | Setting::OnFailure => None,
        }
    }
}
