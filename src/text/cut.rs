//! How much of a log is missing somewhere.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Shown;

/// How much of a log is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// The number of missing lines.
    pub lines: u64,
    /// Whether the number is exact; if not, at least so many are missing.
    pub exact: bool,
}

impl Cut {
    /// Whether nothing is missing.
    pub fn is_none(&self) -> bool {
        self.lines == 0 && self.exact
    }

    /// The sum of both.
    pub fn and(self, other: Self) -> Self {
        Self { lines: self.lines.saturating_add(other.lines), exact: self.exact && other.exact }
    }
}

impl Default for Cut {
    fn default() -> Self {
        Self { lines: 0, exact: true }
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.lines == 0 && !self.exact {
            return f.write_str("some lines cut");
        }
        let at_least = if self.exact { "" } else { "at least " };
        let noun = if self.lines == 1 { "line" } else { "lines" };
        write!(f, "{at_least}{} {noun} cut", self.lines)
    }
}

impl Shown for Cut {}
