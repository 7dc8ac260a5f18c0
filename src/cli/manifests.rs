//! `-f`: opens the files and folders of manifests, as kubectl does.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use crate::{
    manifest::{Collector, Input, ManifestError, Manifests, Problem},
    text::{Clean, Untrusted},
};

/// Bytes of all manifests. The largest bundles of CRDs have some 20 MB.
const BYTES_MAX: usize = 64 * 1024 * 1024;

/// Files in folders.
const FILES_MAX: usize = 10_000;

/// Reads files, folders and, for `-`, stdin.
///
/// # Errors
///
/// On the first that cannot be read, is no manifest, or has no workload.
pub(super) fn read(
    paths: &[PathBuf],
    recursive: bool,
    stdin: &mut dyn Read,
) -> Result<Manifests, ManifestError> {
    let working_directory = fs::canonicalize(".").ok();
    let mut reader = Reader {
        collector: Collector::default(),
        working_directory,
        bytes_left: BYTES_MAX,
        files_left: FILES_MAX,
    };
    let mut stdin = Some(stdin);
    for path in paths {
        let before = reader.collector.workloads();
        let name = if path == Path::new("-") {
            let name = Clean::from_static("stdin");
            let stdin = stdin.take().ok_or_else(|| fail(&name, Problem::StdinTwice))?;
            reader.text(&name, None, stdin)?;
            name
        } else {
            reader.path(path, recursive)?;
            shown(path)
        };
        if reader.collector.workloads() == before {
            return Err(reader.collector.nothing_in(&name));
        }
    }
    Ok(reader.collector.finish())
}

struct Reader {
    collector: Collector,
    /// Without links; `None` where it cannot be told, so that no file is in it.
    working_directory: Option<PathBuf>,
    bytes_left: usize,
    files_left: usize,
}

impl Reader {
    fn path(&mut self, path: &Path, recursive: bool) -> Result<(), ManifestError> {
        let name = shown(path);
        if ["http://", "https://"].iter().any(|scheme| name.starts_with(scheme)) {
            return Err(fail(&name, Problem::Url));
        }
        match fs::metadata(path).map_err(|error| unreadable(&name, &error))?.is_dir() {
            true => self.folder(path, recursive),
            false => self.file(path),
        }
    }

    /// The manifests of a folder in the order of their names; links to folders are not followed.
    fn folder(&mut self, path: &Path, recursive: bool) -> Result<(), ManifestError> {
        let name = shown(path);
        let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut entries = entries.map_err(|error| unreadable(&name, &error))?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            let kind = entry.file_type().map_err(|error| unreadable(&shown(&path), &error))?;
            if kind.is_dir() && recursive {
                self.folder(&path, recursive)?;
            } else if !kind.is_dir() && is_manifest(&path) {
                self.file(&path)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> Result<(), ManifestError> {
        let name = shown(path);
        let Some(left) = self.files_left.checked_sub(1) else {
            return Err(fail(&name, Problem::TooLarge { what: "files", most: FILES_MAX }));
        };
        self.files_left = left;
        let relative = self.relative(path);
        let mut file = File::open(path).map_err(|error| unreadable(&name, &error))?;
        self.text(&name, relative.as_ref(), &mut file)
    }

    fn text(
        &mut self,
        name: &Clean,
        file: Option<&Clean>,
        from: &mut dyn Read,
    ) -> Result<(), ManifestError> {
        let mut bytes = Vec::new();
        let most = u64::try_from(self.bytes_left).unwrap_or(u64::MAX).saturating_add(1);
        let read = from.take(most).read_to_end(&mut bytes);
        let read = read.map_err(|error| unreadable(name, &error))?;
        let Some(left) = self.bytes_left.checked_sub(read) else {
            return Err(fail(name, Problem::TooLarge { what: "bytes", most: BYTES_MAX }));
        };
        self.bytes_left = left;
        self.collector.add(Input { shown: name, file, bytes: &bytes })
    }

    /// The path that reports name: without links, so that it is the one that the repository knows; `None` outside of the
    /// working directory, and for names that would not be shown as they are.
    fn relative(&self, path: &Path) -> Option<Clean> {
        let whole = fs::canonicalize(path).ok()?;
        let relative = whole.strip_prefix(self.working_directory.as_ref()?).ok()?;
        let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
        let text = parts?.join("/");
        let clean = Untrusted::from(&*text).to_clean_line(text.len());
        (*clean == *text).then_some(clean)
    }
}

/// Whether kubectl reads the file when it is told the folder.
fn is_manifest(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| ["yaml", "yml", "json"].iter().any(|e| extension == *e))
}

fn shown(path: &Path) -> Clean {
    Untrusted::from(path.to_string_lossy().into_owned()).to_clean_line(500)
}

fn fail(name: &Clean, problem: Problem) -> ManifestError {
    ManifestError { file: name.clone(), line: None, problem }
}

fn unreadable(name: &Clean, error: &io::Error) -> ManifestError {
    fail(name, Problem::Unreadable(Untrusted::from(error.to_string()).to_clean_line(200)))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the files of a test")]
mod tests {
    use super::*;

    const WEB: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n";
    const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n";

    /// A folder with these files.
    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn names(paths: &[&Path], recursive: bool, stdin: &str) -> Result<Vec<String>, ManifestError> {
        let paths: Vec<_> = paths.iter().map(|path| path.to_path_buf()).collect();
        let manifests = read(&paths, recursive, &mut stdin.as_bytes())?;
        Ok(manifests.targets.iter().map(|target| target.name.to_string()).collect())
    }

    #[test]
    fn folders_are_read_as_kubectl_reads_them() {
        let named = |name: &str| WEB.replace("web", name);
        let folder = folder(&[
            ("b.yaml", &named("b")),
            ("a.yml", &named("a")),
            ("c.json", &named("c")),
            ("d.txt", &named("d")),
            ("b/e.yaml", &named("e")),
        ]);
        let all = |recursive| names(&[folder.path()], recursive, "").unwrap();
        assert_eq!(all(false), ["a", "b", "c"]);
        assert_eq!(all(true), ["a", "e", "b", "c"]);
        let file = folder.path().join("d.txt");
        assert_eq!(names(&[&file, Path::new("-")], false, WEB).unwrap(), ["d", "web"]);
    }

    #[test]
    fn each_argument_must_have_a_workload() {
        let folder = folder(&[("a.yaml", WEB), ("b.yaml", MAP), ("empty/c.txt", "")]);
        let at = |name| folder.path().join(name);
        let error = |paths: &[&Path]| names(paths, false, "").unwrap_err().to_string();
        let error_of = |name| error(&[&at("a.yaml"), &at(name)]);
        assert!(
            error_of("b.yaml")
                .contains("b.yaml: no workload to judge found (only ConfigMap settings)"),
            "{}",
            error_of("b.yaml")
        );
        assert!(error_of("empty").contains("/empty: no workload to judge found"));
        assert!(error_of("missing.yaml").contains("missing.yaml: failed to read: "));
        assert!(error(&[Path::new("-")]).starts_with("stdin: no workload to judge found"));
        assert_eq!(
            names(&[Path::new("-"), Path::new("-")], false, WEB).unwrap_err().to_string(),
            "stdin: stdin can be read only once"
        );
        assert!(error(&[Path::new("https://x.example/a.yaml")]).contains("URLs are not supported"));
    }

    #[test]
    fn a_file_outside_of_the_working_directory_is_not_named() {
        let folder = folder(&[("a.yaml", WEB)]);
        let manifests = read(&[folder.path().join("a.yaml")], false, &mut io::empty()).unwrap();
        assert!(manifests.targets[0].sources.is_empty());
    }
}
