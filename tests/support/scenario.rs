//! What a scenario of `tests/cluster/scenarios` says about itself in its head.
//!
//! The keys are described in `tests/cluster/README.md`. A key that is not known is an error, so that
//! a misspelt expectation cannot pass for one that held.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::several::{Release, placed};

/// The verdicts of the contract, as a scenario and the JSON report write them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    Passed,
    Failed,
    Inconclusive,
    TimedOut,
    Superseded,
}

impl Verdict {
    const ALL: [Self; 5] =
        [Self::Passed, Self::Failed, Self::Inconclusive, Self::TimedOut, Self::Superseded];

    /// The verdict of a name.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let is_it = |verdict: &Self| verdict.to_string() == name;
        Self::ALL.into_iter().find(is_it).ok_or(format!("{name} is no verdict"))
    }

    pub(crate) fn exit_code(self) -> i64 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Inconclusive => 3,
            Self::TimedOut => 4,
            Self::Superseded => 5,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Inconclusive => "inconclusive",
            Self::TimedOut => "timed_out",
            Self::Superseded => "superseded",
        })
    }
}

/// Arguments for kubectl, and how long after the gate's start they are run.
#[derive(Clone, Debug)]
pub(crate) struct Action {
    pub(crate) delay: Duration,
    pub(crate) kubectl: Vec<String>,
}

/// One manifest with its expectations.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// The kind of the workload that is judged.
    pub(crate) kind: String,
    pub(crate) base: Vec<PathBuf>,
    pub(crate) before: Vec<Vec<String>>,
    /// Objects that are given to the workload that is judged.
    pub(crate) owns: Vec<PathBuf>,
    /// Nodes that are objects only, which the test keeps up.
    pub(crate) nodes: Vec<String>,
    /// Lines of the policy file that deploygate finds in its folder; none without one.
    pub(crate) policy: Vec<String>,
    /// The ServiceAccount that deploygate runs as.
    pub(crate) account: Option<String>,
    /// kubectl with these arguments, after the scenario was applied and before deploygate starts.
    pub(crate) then: Vec<Vec<String>>,
    /// What deploygate is told to judge, where that is not the kind with its name.
    pub(crate) wait: Option<String>,
    pub(crate) verdict: Verdict,
    /// The cause of the finding, or the reason code where it could not be judged.
    pub(crate) cause: Option<String>,
    pub(crate) args: Vec<String>,
    pub(crate) after: Vec<Action>,
    pub(crate) container: Option<String>,
    pub(crate) exit: Option<i64>,
    pub(crate) signal: Option<i64>,
    /// Whom the finding is attributed to.
    pub(crate) attribution: Option<String>,
    /// The line that explains the failure: it stands among the last lines of the terminal.
    pub(crate) log: Option<String>,
    /// The command that goes back to a revision before; `none` where there must be none.
    pub(crate) undo: Option<String>,
    pub(crate) shows: Vec<String>,
    pub(crate) hides: Vec<String>,
    /// What is expected of several targets.
    pub(crate) release: Release,
}

impl Scenario {
    /// Whether several targets are judged.
    pub(crate) fn is_release(&self) -> bool {
        !self.release.targets.is_empty()
    }

    /// Whether deploygate is told by manifests or selectors where the targets are.
    pub(crate) fn names_namespaces(&self) -> bool {
        let all = self.wait.iter().any(|wait| wait.split(' ').any(|word| word == "-A"));
        all || self.has_other()
    }

    /// Whether some of it is in a second namespace.
    pub(crate) fn has_other(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|text| text.contains("$OTHER"))
    }

    /// Whether the scenario itself says something by the words of an option, so that the test does not.
    pub(crate) fn sets(&self, option: &str) -> bool {
        let word = option.trim_start_matches('-');
        let annotation = format!("deploygate.dev/{word}:");
        self.args.iter().any(|arg| arg == option)
            || self.policy.iter().any(|line| line.contains(&format!("{word}: ")))
            || fs::read_to_string(&self.path).is_ok_and(|text| text.contains(&annotation))
    }

    /// What `wait` is told to judge, in a namespace.
    pub(crate) fn targets(&self, namespace: &str) -> Vec<String> {
        match &self.wait {
            Some(wait) => words(&placed(wait, namespace)),
            None => vec![self.target()],
        }
    }

    /// The workload that is judged, as kubectl takes it.
    pub(crate) fn target(&self) -> String {
        let name = match self.kind.as_str() {
            "StatefulSet" => "store",
            "DaemonSet" => "agent",
            "Job" => "migrate",
            _ => "app",
        };
        match (&self.wait, self.kind.as_str()) {
            (Some(target), _) => target.clone(),
            (None, "Widget") => format!("widgets.deploygate.test/{name}"),
            (None, kind) => format!("{}/{name}", kind.to_lowercase()),
        }
    }
}

/// Every scenario, by name, or what is wrong with the first that is not understood.
pub(crate) fn all() -> Result<Vec<Scenario>, String> {
    heads("tests/cluster/scenarios")
}

/// What is expected of each recording of a run that no scenario makes anew, by name.
pub(crate) fn field() -> Result<Vec<Scenario>, String> {
    heads("tests/recordings/field")
}

fn heads(folder: &str) -> Result<Vec<Scenario>, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let unreadable = |error| format!("cannot read {}: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let is_head = path.extension().is_some_and(|extension| extension == "yaml");
        if is_head && !stem(&path).starts_with("base-") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(path: &Path) -> Result<Scenario, String> {
    fs::read_to_string(path)
        .map_err(|error| error.to_string())
        .and_then(|text| parse(path, &text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads the head: comment lines before the first line of YAML.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Scenario, String> {
    let kind = text.lines().filter_map(|line| line.strip_prefix("kind: ")).next_back();
    let mut scenario = Scenario {
        name: stem(path),
        path: path.to_owned(),
        kind: kind.ok_or("it has no kind")?.to_owned(),
        base: Vec::new(),
        before: Vec::new(),
        owns: Vec::new(),
        nodes: Vec::new(),
        policy: Vec::new(),
        account: None,
        then: Vec::new(),
        wait: None,
        verdict: Verdict::Passed,
        cause: None,
        args: Vec::new(),
        after: Vec::new(),
        container: None,
        exit: None,
        signal: None,
        attribution: None,
        log: None,
        undo: None,
        shows: Vec::new(),
        hides: Vec::new(),
        release: Release::default(),
    };
    let mut expected = false;
    let mut described = false;
    for line in text.lines().map_while(|line| line.strip_prefix("# ")) {
        // A key is one word; the sentence that describes the scenario comes before the first.
        let Some((key, value)) =
            line.split_once(": ").filter(|(key, _)| !key.contains(' ') && described)
        else {
            described = true;
            continue;
        };
        let number = || value.parse().map_err(|_| format!("{key}: {value} is not a number"));
        match key {
            "base" => {
                scenario.base.extend(words(value).iter().map(|file| path.with_file_name(file)))
            }
            "before" => scenario.before.push(words(value)),
            "owns" => {
                scenario.owns.extend(words(value).iter().map(|file| path.with_file_name(file)))
            }
            "nodes" => scenario.nodes.extend(words(value)),
            "policy" => scenario.policy.push(value.to_owned()),
            "account" => scenario.account = Some(value.to_owned()),
            "then" => scenario.then.push(words(value)),
            "wait" => scenario.wait = Some(value.to_owned()),
            "expect" => {
                let (verdict, cause) = value
                    .split_once(' ')
                    .map_or((value, None), |(verdict, cause)| (verdict, Some(cause)));
                scenario.verdict = Verdict::named(verdict)?;
                scenario.cause = cause.map(str::to_owned);
                expected = true;
            }
            "args" => scenario.args.extend(words(value)),
            "after" => scenario.after.push(action(value)?),
            "container" => scenario.container = Some(value.to_owned()),
            "exit" => scenario.exit = Some(number()?),
            "signal" => scenario.signal = Some(number()?),
            "attribution" => scenario.attribution = Some(value.to_owned()),
            "log" => scenario.log = Some(value.to_owned()),
            "undo" => scenario.undo = Some(value.to_owned()),
            "shows" => scenario.shows.push(value.to_owned()),
            "hides" => scenario.hides.push(value.to_owned()),
            key if scenario.release.take(key, value)? => {}
            unknown => return Err(format!("{unknown} is no key of a scenario")),
        }
    }
    if !expected {
        return Err("it has no expect".to_owned());
    }
    let blames = matches!(scenario.verdict, Verdict::Failed | Verdict::TimedOut);
    scenario.release.expand();
    if blames && scenario.attribution.is_none() && !scenario.is_release() {
        return Err("it has no attribution".to_owned());
    }
    match scenario.base.iter().find(|base| !base.exists()) {
        Some(missing) => Err(format!("its base {} is not there", missing.display())),
        None => Ok(scenario),
    }
}

fn words(value: &str) -> Vec<String> {
    value.split_whitespace().map(str::to_owned).collect()
}

fn action(value: &str) -> Result<Action, String> {
    let parts =
        value.split_once("s ").and_then(|(seconds, rest)| Some((seconds.parse().ok()?, rest)));
    let (seconds, rest) = parts.ok_or_else(|| format!("after: {value} starts with no seconds"))?;
    Ok(Action { delay: Duration::from_secs(seconds), kubectl: words(rest) })
}
