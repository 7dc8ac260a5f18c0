//! What the program ends with.

use serde::{Deserialize, Serialize};

use crate::{gate::Verdict, observation::Signal};

/// Every documented exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum ExitCode {
    /// 0: every target passed.
    Passed,
    /// 1: a target's new revision is bad.
    Failed,
    /// 2: wrong usage or policy, or a report path that can't be written; nothing was watched.
    Usage,
    /// 3: the gate could not judge.
    Inconclusive,
    /// 4: the deadline passed; neither complete nor proven bad.
    TimedOut,
    /// 5: a newer rollout replaced the one under watch.
    Superseded,
    /// 130: SIGINT.
    Interrupted,
    /// 143: SIGTERM.
    Terminated,
}

impl ExitCode {
    /// All of them, by their numbers.
    pub const ALL: [Self; 8] = [
        Self::Passed,
        Self::Failed,
        Self::Usage,
        Self::Inconclusive,
        Self::TimedOut,
        Self::Superseded,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// The number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Inconclusive => 3,
            Self::TimedOut => 4,
            Self::Superseded => 5,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// The verdict, or what else it stands for, in a word or two.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => Verdict::Passed.as_str(),
            Self::Failed => Verdict::Failed.as_str(),
            Self::Usage => "wrong usage",
            Self::Inconclusive => Verdict::Inconclusive.as_str(),
            Self::TimedOut => Verdict::TimedOut.as_str(),
            Self::Superseded => Verdict::Superseded.as_str(),
            Self::Interrupted | Self::Terminated => Verdict::Interrupted.as_str(),
        }
    }

    /// When a run ends with it.
    pub const fn when(self) -> &'static str {
        match self {
            Self::Passed => "every target is complete and stayed healthy for the whole window",
            Self::Failed => "the new revision of a target is bad, or not what was expected",
            Self::Usage => {
                "options, policy file or a report path cannot be used; nothing was watched"
            }
            Self::Inconclusive => {
                "it could not be judged: API unreachable, target not found, permission missing, ..."
            }
            Self::TimedOut => "the deadline passed; neither complete nor proven bad",
            Self::Superseded => "a newer rollout replaced the one being watched",
            Self::Interrupted | Self::Terminated => "by SIGINT or SIGTERM; reports are written",
        }
    }

    /// The code for a verdict; the signal is the one that interrupted.
    pub const fn of(verdict: Verdict, signal: Option<Signal>) -> Self {
        match verdict {
            Verdict::Passed => Self::Passed,
            Verdict::Failed => Self::Failed,
            Verdict::Inconclusive => Self::Inconclusive,
            Verdict::TimedOut => Self::TimedOut,
            Verdict::Superseded => Self::Superseded,
            Verdict::Interrupted => match signal {
                Some(Signal::Terminate) => Self::Terminated,
                Some(Signal::Interrupt) | None => Self::Interrupted,
            },
        }
    }
}

impl From<ExitCode> for u8 {
    fn from(code: ExitCode) -> Self {
        code.code()
    }
}

impl TryFrom<u8> for ExitCode {
    type Error = String;

    fn try_from(code: u8) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|known| known.code() == code);
        known.ok_or_else(|| format!("{code} is no exit code of this program"))
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.code())
    }
}
