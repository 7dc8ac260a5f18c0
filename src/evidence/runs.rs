//! The runs of a container that ended: whether it ends at the same point each time, and how long it waits now.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::ServerTime;

/// The runs of a container that ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runs {
    /// Those that were seen, the latest last.
    pub ended: Vec<EndedRun>,
    /// Seconds for which Kubernetes holds the next run back, as last seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_off_seconds: Option<u64>,
}

/// A run that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedRun {
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<ServerTime>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<ServerTime>,
    /// Its exit code.
    pub exit_code: i32,
}

impl Runs {
    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.ended.is_empty() && self.back_off_seconds.is_none()
    }

    /// From the start of the first one to the end of the last one.
    pub fn span(&self) -> Option<Duration> {
        let first = self.ended.iter().filter_map(|run| run.started).min()?;
        Some(self.ended.iter().filter_map(|run| run.finished).max()?.since(first))
    }

    /// The shortest and the longest run, if the length of each is known.
    pub fn lengths(&self) -> Option<(Duration, Duration)> {
        let lengths = self.ended.iter().map(|run| Some(run.finished?.since(run.started?)));
        let lengths: Vec<Duration> = lengths.collect::<Option<_>>()?;
        Some((*lengths.iter().min()?, *lengths.iter().max()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_known_only_if_each_is() {
        let run = |started: Option<i64>, finished| EndedRun {
            started: started.and_then(ServerTime::from_unix_seconds),
            finished: ServerTime::from_unix_seconds(finished),
            exit_code: 1,
        };
        let runs = |ended| Runs { ended, back_off_seconds: None };
        let whole = runs(vec![run(Some(10), 11), run(Some(21), 24)]);
        assert_eq!(whole.lengths(), Some((Duration::from_secs(1), Duration::from_secs(3))));
        assert_eq!(whole.span(), Some(Duration::from_secs(14)));
        assert_eq!(runs(vec![run(Some(10), 11), run(None, 24)]).lengths(), None);
        assert_eq!((runs(Vec::new()).lengths(), runs(Vec::new()).span()), (None, None));
    }
}
