//! The built program, run as a user would.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// The program in an environment where nothing is set.
pub(crate) struct Program(Command);

/// How a run ended, and what it said.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn deploygate() -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deploygate"));
    command.env_clear().stdin(Stdio::null());
    Program(command)
}

impl Program {
    pub(crate) fn current_dir(mut self, folder: &Path) -> Self {
        self.0.current_dir(folder);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    pub(crate) fn command(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        self.0.args(args);
        self.0
    }

    pub(crate) fn run(self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ended {
        let output = self.command(args).output().unwrap();
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
