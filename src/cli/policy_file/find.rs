//! Which policy file is read. One that was only found may be part of the change that is judged, so it may not say what is
//! written to the cluster or outside of the working directory, nor with whose rights.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read},
    path::{Component, Path, PathBuf},
};

use clap::Args;

use super::{Fault, NAME, PolicyFile, read::read};
use crate::{
    clean,
    report::ReportSpec,
    text::{Clean, Untrusted},
};

/// Bytes of a policy file.
const MOST: u64 = 256 * 1024;

/// The option that names a policy file.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = crate::cli::POLICY)]
pub(in crate::cli) struct FileArgs {
    /// Policy file; else deploygate.yaml, if any
    ///
    /// It has settings for all targets and for some, targets and reports. Without this option it is deploygate.yaml in the
    /// working directory. Options, variables and annotations of workloads are
    /// stronger. From a file that is not named here, `on-failure`, `kubeconfig` and report paths outside the working directory are not taken.
    #[arg(long, value_name = "FILE", env = "DEPLOYGATE_POLICY")]
    policy: Option<PathBuf>,
}

/// Reads the file that is named, or else the one of the working directory; `None` if there is none.
///
/// # Errors
/// One line with file, line and key.
pub(in crate::cli) fn find(args: &FileArgs) -> Result<Option<PolicyFile>, Clean> {
    let named = args.policy.as_deref();
    let path = named.unwrap_or(Path::new(NAME));
    let shown = Untrusted::from(path.display().to_string()).to_clean_line(200);
    let why = |why: &dyn std::fmt::Display| {
        clean!("{}: failed to read: {}", shown, Untrusted::from(why.to_string()).to_clean_line(200))
    };
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => return Ok(None),
        _ => {}
    }
    // what is no file might never end, or never begin
    if !fs::metadata(path).map_err(|error| why(&error))?.is_file() {
        return Err(why(&"not a file"));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| why(&error))?;
    let size = file.take(MOST + 1).read_to_end(&mut bytes).map_err(|error| why(&error))?;
    if size as u64 > MOST {
        return Err(clean!("{}: too large: at most {} bytes", shown, MOST));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| clean!("{}: not a text file in UTF-8: expected YAML", shown))?;
    let mut policy = read(&text, &shown).map_err(|fault: Fault| fault.in_file(&shown))?;
    if named.is_none() {
        let directory = fs::canonicalize(".").ok();
        let leave = |line, what| note(&shown, line, what);
        let notes = &mut policy.notes;
        notes.extend(policy.on_failure.take().map(|(_, line)| leave(line, "`on-failure`")));
        notes.extend(policy.kubeconfig.take().map(|(_, line)| leave(line, "`kubeconfig`")));
        policy.reports.retain(|(report, line)| {
            let is_inside = is_inside(report, directory.as_deref());
            if !is_inside {
                notes.push(leave(*line, "a report path outside the working directory"));
            }
            is_inside
        });
    }
    Ok(Some(policy))
}

fn note(file: &Clean, line: u32, what: &'static str) -> Clean {
    let what = Clean::from_static(what);
    clean!("{}:{}: {} is not taken, because the file was not named by `--policy`", file, line, what)
}

/// Whether a report is written to stdout or into the working directory, whatever links lead elsewhere.
fn is_inside(report: &str, directory: Option<&Path>) -> bool {
    let Ok(spec) = report.parse::<ReportSpec>() else { return true };
    if spec.path == Path::new("-") {
        return true;
    }
    let Some(directory) = directory else { return false };
    let path = directory.join(&spec.path);
    if path.components().any(|part| part == Component::ParentDir) {
        return false;
    }
    // the part of it that exists, links followed; a link without an end leads nowhere good
    let mut existing = path.as_path();
    loop {
        match fs::symlink_metadata(existing) {
            Ok(_) => {
                break fs::canonicalize(existing).is_ok_and(|real| real.starts_with(directory));
            }
            Err(_) => match existing.parent() {
                Some(parent) => existing = parent,
                None => break false,
            },
        }
    }
}
