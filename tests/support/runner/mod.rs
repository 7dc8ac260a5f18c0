//! A runner of GitHub Actions, as far as an action of `run` steps notices it.
//!
//! Written from actions/runner (`CompositeActionHandler.cs`, `ScriptHandler.cs`, `ActionRunner.cs`, `ProcessInvoker.cs`,
//! `FileCommandManager.cs`, `ActionCommand.cs`): inputs reach a step by `env:` alone, there are pipes and no terminal, each
//! step has fresh files, only its own process gets signals, and whatever stands in its log may be a command.

pub(crate) mod commands;
mod definition;
mod expression;
mod files;
mod step;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use commands::Command;
use definition::Definition;
use expression::Contexts;
use step::Ran;

/// A job that uses the action once.
pub(crate) struct Job {
    action: PathBuf,
    inputs: BTreeMap<String, String>,
    env: BTreeMap<String, String>,
    workspace: PathBuf,
    runner: BTreeMap<&'static str, &'static str>,
    github: BTreeMap<String, String>,
    cancel_after: Option<String>,
    folder: tempfile::TempDir,
}

/// What a step or the whole action came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conclusion {
    Success,
    Failure,
    Cancelled,
}

/// The names of an action's inputs.
pub(crate) fn inputs(action: &Path) -> BTreeSet<String> {
    Definition::read(action).defaults().map(|(name, _)| name).collect()
}

impl Conclusion {
    fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The end of a use of the action.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) conclusion: Conclusion,
    /// The exit code of the step that failed first, else of the last one; `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    /// The action's outputs.
    pub(crate) outputs: BTreeMap<String, String>,
    /// What the runner obeyed, in its order.
    pub(crate) commands: Vec<Command>,
    /// Everything that was printed.
    pub(crate) log: String,
    /// The summaries of all steps.
    pub(crate) summary: String,
}

impl Ended {
    /// The names of the commands and the data of each.
    pub(crate) fn obeyed(&self) -> Vec<(&str, &str)> {
        self.commands.iter().map(|command| (&*command.name, &*command.data)).collect()
    }

    pub(crate) fn output(&self, name: &str) -> &str {
        &self.outputs[name]
    }

    /// It ended as wrong usage does: one annotation that names the input, and no verdict.
    #[track_caller]
    pub(crate) fn is_refused(&self, input: &str, why: &str) {
        assert_eq!((self.conclusion, self.code), (Conclusion::Failure, Some(2)), "{}", self.log);
        let [error] = &self.commands[..] else { panic!("{:?}", self.commands) };
        let title = format!("title=deploygate input {input}");
        assert_eq!((&*error.name, &*error.properties), ("error", &*title));
        let start = format!("input {input}: ");
        assert!(error.data.starts_with(&start) && error.data.contains(why), "{}", error.data);
        assert!(self.outputs.values().all(String::is_empty), "{:?}", self.outputs);
    }
}

impl Job {
    /// A job of an action whose `action.yml` lies in this folder.
    pub(crate) fn new(action: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let workspace = folder.path().join("workspace");
        for name in ["workspace", "temp", "home"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self {
            action: action.to_owned(),
            inputs: BTreeMap::new(),
            env: BTreeMap::new(),
            workspace,
            runner: BTreeMap::from([("RUNNER_OS", "Linux"), ("RUNNER_ARCH", "X64")]),
            github: BTreeMap::new(),
            cancel_after: None,
            folder,
        }
    }

    /// Gives an input under `with:`.
    pub(crate) fn with(mut self, input: &str, value: &str) -> Self {
        self.inputs.insert(input.to_owned(), value.to_owned());
        self
    }

    /// Sets a variable of the job.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sets a value of the context `github`, by its path: `github.token`.
    pub(crate) fn github(mut self, path: &str, value: &str) -> Self {
        self.github.insert(path.to_owned(), value.to_owned());
        self
    }

    /// Runs on such a machine.
    pub(crate) fn on(mut self, os: &'static str, arch: &'static str) -> Self {
        self.runner = BTreeMap::from([("RUNNER_OS", os), ("RUNNER_ARCH", arch)]);
        self
    }

    /// Works in this folder.
    pub(crate) fn in_workspace(mut self, folder: &Path) -> Self {
        self.workspace = folder.to_owned();
        self
    }

    /// Cancels the job once its log has this text.
    pub(crate) fn cancel_after(mut self, text: &str) -> Self {
        self.cancel_after = Some(text.to_owned());
        self
    }

    /// A file of the workspace.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.workspace.join(name)
    }

    /// The folder for temporary files of the job.
    pub(crate) fn temp(&self) -> PathBuf {
        self.folder.path().join("temp")
    }

    pub(crate) fn run(&self) -> Ended {
        let definition = Definition::read(&self.action);
        let github = self.github.clone();
        let mut contexts = Contexts { inputs: self.inputs.clone(), github, ..Contexts::default() };
        for (name, default) in definition.defaults() {
            contexts.inputs.entry(name).or_insert(default);
        }
        let mut ended = Ended {
            conclusion: Conclusion::Success,
            code: None,
            outputs: BTreeMap::new(),
            commands: Vec::new(),
            log: String::new(),
            summary: String::new(),
        };
        for (number, step) in definition.steps().iter().enumerate() {
            let condition = step.condition.as_deref();
            // without a function of the status, a condition means `success() &&` as well
            let goes_on = condition.is_some_and(|it| it.contains("cancelled()"));
            let is_over = ended.conclusion != Conclusion::Success && !goes_on;
            if is_over || condition.is_some_and(|it| !contexts.is_true(it)) {
                continue;
            }
            let env = step.env.iter().map(|(name, value)| (name.clone(), contexts.fill(value)));
            let ran = self.step(number, &step.run, env.collect());
            if ended.conclusion == Conclusion::Success {
                ended.code = ran.code;
            }
            ended.commands.extend(ran.commands);
            ended.log.push_str(&ran.log);
            ended.summary.push_str(&ran.summary);
            if let Some(id) = &step.id {
                contexts.steps.insert(id.clone(), (ran.conclusion.as_str(), ran.outputs));
            }
            // the runner forgives what failed, not what was cancelled
            let is_forgiven = ran.conclusion == Conclusion::Failure
                && step.continue_on_error.as_deref().is_some_and(|it| contexts.is_true(it));
            if ran.conclusion != Conclusion::Success && !is_forgiven {
                ended.conclusion = ran.conclusion;
                contexts.is_cancelled = ran.conclusion == Conclusion::Cancelled;
            }
        }
        let outputs = definition.outputs();
        ended.outputs = outputs.map(|(name, value)| (name, contexts.fill(&value))).collect();
        ended
    }

    fn step(&self, number: usize, script: &str, env: BTreeMap<String, String>) -> Ran {
        let folder = self.folder.path().join(format!("step{number}"));
        std::fs::create_dir_all(&folder).unwrap();
        let path = |path: &Path| path.to_str().unwrap().to_owned();
        let mut all = BTreeMap::from([
            ("CI".to_owned(), "true".to_owned()),
            ("GITHUB_ACTIONS".to_owned(), "true".to_owned()),
            ("GITHUB_ACTION_PATH".to_owned(), path(&self.action)),
            ("GITHUB_WORKSPACE".to_owned(), path(&self.workspace)),
            ("RUNNER_TEMP".to_owned(), path(&self.temp())),
            ("HOME".to_owned(), path(&self.folder.path().join("home"))),
            ("PATH".to_owned(), std::env::var("PATH").unwrap()),
        ]);
        all.extend(self.runner.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        all.extend(self.env.clone());
        all.extend(env);
        step::run(&folder, script, &self.workspace, &all, self.cancel_after.as_deref())
    }
}
