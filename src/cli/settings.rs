//! The only reader of the environment and the terminal.

#![expect(clippy::disallowed_methods, reason = "the environment is read here and nowhere else")]

use std::{env, io::IsTerminal, path::PathBuf};

use super::ci;
use crate::{cluster::Environment, outcome::CiRun};

/// The environment and the terminal, as far as they matter.
#[derive(Clone, Debug, Default)]
pub(super) struct Surroundings {
    /// What the connection is made from.
    pub(super) cluster: Environment,
    /// Whether a CI system runs this, see [`CI_VARIABLES`].
    pub(super) is_ci: bool,
    /// Which run of a CI system this is; `None` outside those that are known.
    pub(super) ci: Option<CiRun>,
    /// Whether stderr is a terminal. Some CI systems pretend so.
    pub(super) stderr_is_terminal: bool,
    /// Whether stdin is a terminal, so that a credential plugin can ask there.
    pub(super) stdin_is_terminal: bool,
    /// The file of GitHub's step summary; `None` outside GitHub Actions.
    pub(super) step_summary: Option<PathBuf>,
    /// The file of the step's outputs; `None` outside GitHub Actions.
    pub(super) step_output: Option<PathBuf>,
    /// Whether this is a step of GitHub Actions.
    pub(super) is_github: bool,
    /// Whether debug logging is on for this run of GitHub Actions (`RUNNER_DEBUG`).
    pub(super) is_debug: bool,
}

impl Surroundings {
    pub(super) fn read() -> Self {
        let is_github = is_set("GITHUB_ACTIONS");
        let in_github = |name| text(name).filter(|_| is_github).map(PathBuf::from);
        Self {
            cluster: Environment {
                kubeconfig: env::var_os("KUBECONFIG").filter(|value| !value.is_empty()),
                home: text("HOME").or_else(|| text("USERPROFILE")).map(PathBuf::from),
                service_host: text("KUBERNETES_SERVICE_HOST"),
                https_proxy: text("HTTPS_PROXY").or_else(|| text("https_proxy")),
                http_proxy: text("HTTP_PROXY").or_else(|| text("http_proxy")),
                no_proxy: text("NO_PROXY").or_else(|| text("no_proxy")),
            },
            ci: ci::run(text),
            is_ci: CI_VARIABLES.iter().any(|name| is_set(name)),
            stderr_is_terminal: std::io::stderr().is_terminal(),
            stdin_is_terminal: std::io::stdin().is_terminal(),
            step_summary: in_github("GITHUB_STEP_SUMMARY"),
            step_output: in_github("GITHUB_OUTPUT"),
            is_github,
            is_debug: text("RUNNER_DEBUG").is_some_and(|value| value == "1"),
        }
    }
}

/// Variables that CI systems set.
const CI_VARIABLES: [&str; 8] = [
    "CI",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "TF_BUILD",
    "BUILDKITE",
    "CIRCLECI",
    "JENKINS_URL",
    "TEAMCITY_VERSION",
];

/// Whether a variable is set to something true: some tools set `GITLAB_CI=false`.
fn is_set(name: &str) -> bool {
    text(name).is_some_and(|value| !matches!(value.to_ascii_lowercase().as_str(), "0" | "false"))
}

fn text(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The names of the variables that begin so.
pub(super) fn named(start: &str) -> Vec<String> {
    let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let mut names: Vec<_> = names.filter(|name| name.starts_with(start)).collect();
    names.sort();
    names
}

/// The lines of a variable that holds a list.
pub(super) fn lines_of(name: &str) -> Vec<String> {
    text(name).iter().flat_map(|text| text.split('\n')).map(str::to_owned).collect()
}

/// Whether the variable is set but empty: CI systems do so for inputs that were left out.
pub(super) fn is_empty(name: &std::ffi::OsStr) -> bool {
    env::var_os(name).is_some_and(|value| value.is_empty())
}
