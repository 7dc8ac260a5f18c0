//! Reports as files: there before the watch, whole at every moment, and readable by others.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "what was there before is written here")]

#[path = "support/outcomes.rs"]
#[expect(dead_code, reason = "shared with tests of the reports' content")]
mod outcomes;

use std::path::Path;
use std::{fs, io};

use deploygate::fleet::Target;
use deploygate::gate::Policy;
use deploygate::model::{Kind, TargetRef};
use deploygate::outcome::Outcome;
use deploygate::report::{self, Format, ReportFiles, ReportSpec};
use tempfile::TempDir;

fn spec(format: Format, path: impl AsRef<Path>) -> ReportSpec {
    ReportSpec { format, path: path.as_ref().to_owned() }
}

fn placeholder() -> Outcome {
    let workload = TargetRef {
        kind: Kind::Deployment.into(),
        namespace: "prod".parse().unwrap(),
        name: "app".parse().unwrap(),
    };
    let sources = serde_json::from_str(r#"[{"file": "k8s/app.yaml", "parts": [["object", 3]]}]"#);
    let mut target = Target::new(None, workload, Policy::default());
    target.sources = sources.unwrap();
    report::placeholder(&vec![target].into(), "2026-03-01T12:00:00Z".parse().unwrap())
}

fn passed() -> Outcome {
    outcomes::outcome(vec![outcomes::passed()])
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_red_report_is_there_before_the_watch() {
    let folder = folder();
    let specs = Format::ALL.map(|format| spec(format, folder.path().join(format!("a/b/{format}"))));
    ReportFiles::prepare(specs.to_vec(), None, &placeholder()).unwrap();
    for spec in specs {
        let report = fs::read_to_string(&spec.path).unwrap();
        assert!(report.contains("deploygate did not finish"), "{report}");
        let red = match spec.format {
            Format::Junit => "<error message=\"deploygate did not finish\" type=\"internal\">",
            Format::Markdown | Format::Html => "INCONCLUSIVE",
            Format::Json => "\"exit_code\": 3",
            Format::CodeQuality => "\"path\": \"k8s/app.yaml\"",
        };
        assert!(report.contains(red), "{report}");
    }
}

#[test]
fn what_was_there_is_replaced_and_nothing_else_is_left() {
    let folder = folder();
    let path = folder.path().join("report.xml");
    fs::write(&path, "green of yesterday").unwrap();
    let files =
        ReportFiles::prepare(vec![spec(Format::Junit, &path)], None, &placeholder()).unwrap();
    assert!(fs::read_to_string(&path).unwrap().contains("did not finish"));
    assert!(files.write(&passed()).is_empty());
    assert_eq!(fs::read(&path).unwrap(), report::render(Format::Junit, &passed()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn others_may_read_and_links_are_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder();
    let (path, link) = (folder.path().join("report.md"), folder.path().join("link.md"));
    fs::write(&path, "").unwrap();
    symlink(&path, &link).unwrap();
    ReportFiles::prepare(vec![spec(Format::Markdown, &link)], None, &placeholder()).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
    assert!(fs::metadata(&path).unwrap().len() > 0);
}

#[test]
fn a_path_that_cannot_be_written_is_known_before_the_watch() {
    let folder = folder();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let below =
        ReportFiles::prepare(vec![spec(Format::Json, file.join("x/y.json"))], None, &placeholder());
    let error = below.unwrap_err();
    assert!(error.to_string().starts_with("create directory "), "{error}");
    assert!(error.hint().contains("--report"));
    let is_folder =
        ReportFiles::prepare(vec![spec(Format::Json, folder.path())], None, &placeholder());
    let error = is_folder.unwrap_err();
    assert_eq!(error.to_string(), format!("write the json report to {}", folder.path().display()));
    let source = std::error::Error::source(&error).unwrap().downcast_ref::<io::Error>().unwrap();
    assert_eq!(source.kind(), io::ErrorKind::IsADirectory);
}

#[test]
fn two_reports_may_not_have_one_place() {
    let folder = folder();
    let path = folder.path().join("report");
    let same = folder.path().join("x/../report");
    fs::create_dir(folder.path().join("x")).unwrap();
    for (first, second) in [(path.as_path(), same.as_path()), (Path::new("-"), Path::new("-"))] {
        let specs = vec![spec(Format::Junit, first), spec(Format::Json, second)];
        let error = ReportFiles::prepare(specs, None, &placeholder()).unwrap_err();
        assert!(error.to_string().ends_with(", which is the junit report"), "{error}");
    }
}

#[test]
fn one_report_that_fails_does_not_stop_the_others() {
    let folder = folder();
    let (lost, kept) = (folder.path().join("lost/a.xml"), folder.path().join("kept/a.json"));
    let specs = vec![spec(Format::Junit, &lost), spec(Format::Json, &kept)];
    let files = ReportFiles::prepare(specs, None, &placeholder()).unwrap();
    fs::remove_dir_all(lost.parent().unwrap()).unwrap();
    let errors = files.write(&passed());
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].to_string().ends_with(&lost.display().to_string()), "{errors:?}");
    assert_eq!(fs::read(&kept).unwrap(), report::render(Format::Json, &passed()));
}

#[test]
fn a_report_does_not_replace_the_recording() {
    let folder = folder();
    let path = folder.path().join("run.jsonl");
    let specs = || vec![spec(Format::Json, folder.path().join("./run.jsonl"))];
    let error = ReportFiles::prepare(specs(), Some(&path), &placeholder()).unwrap_err();
    assert!(error.to_string().ends_with(", which is the recording"), "{error}");
    assert!(!path.exists());
    ReportFiles::prepare(specs(), Some(&folder.path().join("other")), &placeholder()).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn an_open_file_is_written_to_and_not_replaced() {
    use std::os::fd::AsRawFd;
    let folder = folder();
    let path = folder.path().join("log");
    fs::write(&path, "before\n").unwrap();
    let open = fs::OpenOptions::new().append(true).open(&path).unwrap();
    for name in
        [format!("/dev/fd/{}", open.as_raw_fd()), format!("/proc/self/fd/{}", open.as_raw_fd())]
    {
        let files =
            ReportFiles::prepare(vec![spec(Format::Json, name)], None, &placeholder()).unwrap();
        assert!(files.write(&passed()).is_empty());
    }
    let json = report::render(Format::Json, &passed());
    let written = fs::read(&path).unwrap();
    assert_eq!(written, [b"before\n".as_slice(), &json, &json].concat());
    assert!("json=/dev/stdout".parse::<ReportSpec>().unwrap().is_stdout());
}

#[cfg(unix)]
#[test]
fn a_pipe_that_nobody_reads_holds_nothing_up() {
    let folder = folder();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let files =
        ReportFiles::prepare(vec![spec(Format::Json, &pipe)], None, &placeholder()).unwrap();
    let errors = files.write(&passed());
    let source = std::error::Error::source(&errors[0]).unwrap();
    let source = source.downcast_ref::<io::Error>().unwrap();
    assert_eq!(source.kind(), io::ErrorKind::TimedOut);
}
