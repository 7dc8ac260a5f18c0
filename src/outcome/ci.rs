//! The run of a CI system that a report comes from.

use serde::{Deserialize, Serialize};

use crate::text::Clean;

/// Where a report was made, by what the CI system says in its variables: people must find back from the report to the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CiRun {
    /// The CI system, e.g. `GitHub Actions`.
    pub system: Clean,
    /// The run as the system counts it, e.g. `42`.
    pub run: Clean,
    /// The commit that the run is for; `None` where the system does not say.
    pub commit: Option<Clean>,
    /// The address of the run's page, by http or https; `None` where the system does not say.
    pub link: Option<Clean>,
}
