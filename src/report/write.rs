//! The only writer of files: reports are there, whole and red, from before the watch begins.
//!
//! A file is replaced by renaming a complete one over it, so a reader never sees half a report, and what `kill -9`
//! leaves is the placeholder or the report before it.

use std::{
    collections::HashMap,
    fs,
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::mpsc,
    time::Duration,
};

use super::{
    Format, ReportError, ReportSpec,
    place::{Place, same_place},
    render,
};
use crate::outcome::Outcome;

/// The reports of a run, ready to be written.
#[derive(Debug)]
pub struct ReportFiles {
    reports: Vec<Report>,
}

#[derive(Debug)]
struct Report {
    spec: ReportSpec,
    place: Place,
}

/// How long a pipe may take to be opened and to take a report: one that nobody reads would hold up the program for ever.
const STREAM: Duration = Duration::from_secs(2);

impl ReportFiles {
    /// Creates missing folders and writes `placeholder` as each report. `recording` is where the same run is recorded.
    ///
    /// # Errors
    ///
    /// The first report that cannot be written, or shares its place with another one or with the recording.
    pub fn prepare(
        specs: Vec<ReportSpec>,
        recording: Option<&Path>,
        placeholder: &Outcome,
    ) -> Result<Self, ReportError> {
        let mut reports: Vec<Report> = Vec::new();
        let recording = recording.and_then(same_place);
        for spec in specs {
            let place = Place::of(&spec)?;
            if let Some(other) = reports.iter().find(|other| other.place == place) {
                let other = format!("the {} report", other.spec.format);
                return Err(ReportError::replaces(&spec, &other));
            }
            if recording.is_some() && same_place(&spec.path) == recording {
                return Err(ReportError::replaces(&spec, "the recording"));
            }
            reports.push(Report { spec, place });
        }
        let files = Self { reports };
        match files.hold(placeholder).pop() {
            Some(error) => Err(error),
            None => Ok(files),
        }
    }

    /// Writes a placeholder as each report that is a file. All are tried; those that failed are told.
    pub fn hold(&self, placeholder: &Outcome) -> Vec<ReportError> {
        let is_file = |report: &&Report| matches!(report.place, Place::File(_));
        self.write_each(self.reports.iter().filter(is_file), placeholder)
    }

    /// Writes the outcome as each report. All are tried; those that failed are told. A closed stdout is no failure.
    pub fn write(&self, outcome: &Outcome) -> Vec<ReportError> {
        self.write_each(self.reports.iter(), outcome)
    }

    /// The reports, with the paths as the user gave them.
    pub fn specs(&self) -> impl Iterator<Item = &ReportSpec> {
        self.reports.iter().map(|report| &report.spec)
    }

    fn write_each<'r>(
        &self,
        reports: impl Iterator<Item = &'r Report>,
        outcome: &Outcome,
    ) -> Vec<ReportError> {
        let mut rendered: HashMap<Format, Vec<u8>> = HashMap::new();
        reports
            .filter_map(|report| {
                let format = report.spec.format;
                let bytes = rendered.entry(format).or_insert_with(|| render(format, outcome));
                report.write(bytes).err()
            })
            .collect()
    }
}

impl Report {
    fn write(&self, bytes: &[u8]) -> Result<(), ReportError> {
        let written = match &self.place {
            Place::Stdout => {
                let mut stdout = io::stdout().lock();
                match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
                    Err(source) if source.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                    written => written,
                }
            }
            Place::File(path) => replace(path, bytes),
            Place::Stream(path) => stream(path.clone(), bytes.to_vec()),
        };
        written.map_err(|source| ReportError::write(&self.spec, source))
    }
}

/// Appends to a file that the CI server reads after the step.
pub(super) fn append(path: &Path, bytes: &[u8]) -> Result<(), ReportError> {
    let appended = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .and_then(|mut file| file.write_all(bytes));
    appended.map_err(|source| ReportError::append(path, source))
}

/// Writes over what a file has from a place on.
pub(super) fn overwrite(path: &Path, begins: u64, bytes: &[u8]) -> Result<(), ReportError> {
    let opened = fs::OpenOptions::new().write(true).open(path);
    let written = opened.and_then(|mut file| {
        file.seek(SeekFrom::Start(begins))?;
        file.write_all(bytes)?;
        file.set_len(begins + bytes.len() as u64)
    });
    written.map_err(|source| ReportError::append(path, source))
}

/// The size of a file in bytes; one that is not there has none.
pub(super) fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}

/// Writes to what is no file that could be replaced.
fn stream(path: PathBuf, bytes: Vec<u8>) -> io::Result<()> {
    let (sender, receiver) = mpsc::channel();
    let write = move || {
        // an open file may be one that a shell appends to
        let opened = fs::OpenOptions::new().append(true).open(path);
        // nobody listens if it took too long
        let _ = sender.send(opened.and_then(|mut stream| stream.write_all(&bytes)));
    };
    std::thread::Builder::new().name("stream".to_owned()).spawn(write)?;
    receiver.recv_timeout(STREAM).unwrap_or_else(|_| {
        let why = format!("nothing read it within {STREAM:?}");
        Err(io::Error::new(io::ErrorKind::TimedOut, why))
    })
}

/// Writes a file beside `path` and renames it over it.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidFilename)?;
    let mut file = tempfile::Builder::new().prefix(".deploygate-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    readable_by_all(file.as_file())?;
    file.persist(path)?;
    Ok(())
}

/// Temporary files are 0600, which a CI server with another user could not publish.
#[cfg(unix)]
fn readable_by_all(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_: &fs::File) -> io::Result<()> {
    Ok(())
}
