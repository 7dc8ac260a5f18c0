//! The settings, each by the word of its option.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Grace;

/// A limit or expectation of a target, or of the whole run. Its word is that of the option, of the annotation after its
/// prefix, and of the key of a policy file; a grace period is `grace.CAUSE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Setting {
    /// How long a target may be missing or unchanged.
    Await,
    /// The deadline of the rollout phase.
    Timeout,
    /// The health window.
    Window,
    /// Restarts that are allowed.
    MaxRestarts,
    /// The grace period of a cause.
    Grace(Grace),
    /// Containers whose failures fail nothing.
    IgnoreContainer,
    /// How many pods must be ready.
    MinReady,
    /// Whether a paused Argo Rollout counts as complete.
    AcceptPause,
    /// The condition that makes a custom resource complete.
    Condition,
    /// Images that are expected.
    ExpectImage,
    /// Labels that are expected.
    ExpectLabel,
    /// Lines of each log excerpt.
    LogLines,
    /// Of the run: whether it goes on after the first failure.
    KeepGoing,
    /// Of the run: what is done after a failure.
    OnFailure,
}

/// A setting with the words of its option and variable.
type Row = (Setting, &'static str, &'static str);

/// Those with a word of their own. A grace period is given by its cause.
const ROWS: [Row; 13] = [
    (Setting::Await, "await", "DEPLOYGATE_AWAIT"),
    (Setting::Timeout, "timeout", "DEPLOYGATE_TIMEOUT"),
    (Setting::Window, "window", "DEPLOYGATE_WINDOW"),
    (Setting::MaxRestarts, "max-restarts", "DEPLOYGATE_MAX_RESTARTS"),
    (Setting::IgnoreContainer, "ignore-container", "DEPLOYGATE_IGNORE_CONTAINER"),
    (Setting::MinReady, "min-ready", "DEPLOYGATE_MIN_READY"),
    (Setting::AcceptPause, "accept-pause", "DEPLOYGATE_ACCEPT_PAUSE"),
    (Setting::Condition, "condition", "DEPLOYGATE_CONDITION"),
    (Setting::ExpectImage, "expect-image", "DEPLOYGATE_EXPECT_IMAGE"),
    (Setting::ExpectLabel, "expect-label", "DEPLOYGATE_EXPECT_LABEL"),
    (Setting::LogLines, "log-lines", "DEPLOYGATE_LOG_LINES"),
    (Setting::KeepGoing, "keep-going", "DEPLOYGATE_KEEP_GOING"),
    (Setting::OnFailure, "on-failure", "DEPLOYGATE_ON_FAILURE"),
];

impl Setting {
    /// The word that a grace period is set by, with the cause after it.
    pub const GRACE: &'static str = "grace";

    /// Every setting but the grace periods.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.into_iter().map(|(setting, ..)| setting)
    }

    fn row(self) -> (&'static str, &'static str) {
        let row = ROWS.into_iter().find(|(setting, ..)| *setting == self);
        row.map_or((Self::GRACE, "DEPLOYGATE_GRACE"), |(_, option, variable)| (option, variable))
    }

    /// The word of its option, without `--`.
    pub fn option(self) -> &'static str {
        self.row().0
    }

    /// The variable that stands for its option.
    pub fn variable(self) -> &'static str {
        self.row().1
    }

    /// Whether an annotation of the workload may set it: what a team knows of its workload. Never the deadline.
    pub const fn is_of_workload(self) -> bool {
        matches!(
            self,
            Self::Window
                | Self::MaxRestarts
                | Self::Grace(_)
                | Self::IgnoreContainer
                | Self::MinReady
        )
    }

    /// Whether a target of a policy file may set it: all but the deadline, and what is of the whole run.
    pub const fn is_of_target(self) -> bool {
        !matches!(self, Self::Timeout | Self::Await | Self::KeepGoing | Self::OnFailure)
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grace(grace) => write!(f, "{}.{grace}", Self::GRACE),
            other => f.write_str(other.option()),
        }
    }
}

impl crate::text::Shown for Setting {}

impl FromStr for Setting {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = ROWS.into_iter().find(|(_, option, _)| *option == text);
        let grace = || text.strip_prefix("grace.")?.parse().ok().map(Self::Grace);
        named.map(|(setting, ..)| setting).or_else(grace).ok_or("no setting has this name")
    }
}

impl TryFrom<String> for Setting {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Setting> for String {
    fn from(setting: Setting) -> Self {
        setting.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_found_by_its_word() {
        let graces = Grace::ALL.map(Setting::Grace);
        for setting in Setting::all().chain(graces) {
            assert_eq!(setting.to_string().parse(), Ok(setting));
            let variable = setting.option().replace('-', "_").to_uppercase();
            assert_eq!(setting.variable(), format!("DEPLOYGATE_{variable}"));
        }
        assert!("grace.crash-loop".parse::<Setting>().is_err());
    }
}
