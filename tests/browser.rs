//! The HTML report in a real browser: nothing is asked for, nothing runs, and it can be read everywhere.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "a test writes its own files")]

#[path = "support/chromium.rs"]
mod chromium;
#[path = "support/outcomes.rs"]
mod outcomes;
#[path = "support/releases.rs"]
#[expect(dead_code, reason = "shared with tests of releases")]
mod releases;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use base64::{Engine, prelude::BASE64_STANDARD};
use chromium::Chromium;
use deploygate::outcome::Outcome;
use deploygate::report::{self, Format};
use serde_json::Value;
use tempfile::TempDir;

const DESKTOP: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (390, 844);
const THEMES: [&str; 2] = ["light", "dark"];

/// Texts that would run, load or widen something.
const HOSTILE: [&str; 3] = [
    "<script>window.ran = 1</script><img src=http://127.0.0.1:9/x onerror='window.ran = 1'>",
    "\"><svg onload='window.ran = 1'></code></pre><iframe src='http://127.0.0.1:9/x'></iframe>",
    "</style><style>@import 'http://127.0.0.1:9/x';</style><link rel=stylesheet href=http://127.0.0.1:9/x>",
];

/// Every kind of report, each in a file of its name.
fn reports(folder: &Path) -> Vec<PathBuf> {
    let mut reports: Vec<(String, Outcome)> = Vec::new();
    for (name, target) in outcomes::each_verdict() {
        reports.push((name.to_owned(), outcomes::outcome(vec![target])));
    }
    let targets = outcomes::each_verdict().map(|(_, target)| target).into();
    reports.push(("several".to_owned(), outcomes::outcome(targets)));
    reports.push(("release_of_20".to_owned(), releases::of_20()));
    reports.push(("release_of_200".to_owned(), releases::of_200()));
    for (number, text) in HOSTILE.into_iter().enumerate() {
        let target = outcomes::hostile(text.as_bytes());
        reports.push((format!("hostile_{number}"), outcomes::outcome(vec![target])));
    }
    let long = outcomes::hostile("x".repeat(5000).as_bytes());
    let long = outcomes::named(long, &"app-".repeat(60));
    reports.push(("long".to_owned(), outcomes::outcome(vec![long])));
    let mut files = Vec::new();
    for (name, outcome) in reports {
        let file = folder.join(format!("{name}.html"));
        fs::write(&file, report::render(Format::Html, &outcome)).unwrap();
        files.push(file);
    }
    for name in ["late-crash", "hostile-logs", "sidecar-crash", "config-changed"] {
        let outcome = outcomes::outcome(vec![outcomes::recorded(name)]);
        let file = folder.join(format!("recorded_{name}.html"));
        fs::write(&file, report::render(Format::Html, &outcome)).unwrap();
        files.push(file);
    }
    for name in ["release-breaks-another", "release-from-manifest", "release-forty"] {
        let file = folder.join(format!("recorded_{name}.html"));
        let mut program = Command::new(env!("CARGO_BIN_EXE_deploygate"));
        let recording = format!("tests/recordings/{name}.jsonl.gz");
        program.env_clear().args(["replay", &recording, "--quiet"]);
        program.arg(format!("--report=html={}", file.display()));
        assert!(program.output().unwrap().status.code().is_some(), "{name}");
        files.push(file);
    }
    files
}

/// Keeps what the screen shows, where `DEPLOYGATE_SCREENSHOTS` names a folder for it.
fn keep(browser: &mut Chromium, name: &str) {
    let Some(folder) = env::var_os("DEPLOYGATE_SCREENSHOTS") else { return };
    let picture = BASE64_STANDARD.decode(browser.screenshot()).unwrap();
    fs::write(Path::new(&folder).join(format!("{name}.png")), picture).unwrap();
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn a_report_reads_well_everywhere_and_does_nothing_else() {
    let folder = TempDir::new().unwrap();
    let mut browser = Chromium::start();
    for file in reports(folder.path()) {
        let name = file.file_stem().unwrap().to_str().unwrap();
        for (screen, theme) in
            [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")]
        {
            let loaded = browser.open(&file, screen, theme);
            assert_eq!(loaded.faults, Vec::<String>::new(), "{name}");
            assert_eq!(loaded.requests, Vec::<String>::new(), "{name}");
            keep(&mut browser, &format!("{name}_{}_{theme}", screen.0));
            let is_wider = "document.documentElement.scrollWidth > innerWidth";
            assert_eq!(
                browser.evaluate(is_wider),
                false,
                "{name} scrolls to the side at {}",
                screen.0
            );
            let contrast = browser.evaluate(include_str!("support/contrast.js"));
            assert_eq!(contrast["low"], Value::Array(Vec::new()), "{name} in {theme}");
            assert!(contrast["checked"].as_u64() > Some(20), "{name}: {contrast}");
            // all folds are open by then
            assert_eq!(
                browser.evaluate(is_wider),
                false,
                "{name} scrolls to the side at {}",
                screen.0
            );
        }
        assert_eq!(
            browser.evaluate("document.scripts.length + document.images.length"),
            0,
            "{name}"
        );
        assert_eq!(browser.evaluate("window.ran === undefined"), true, "{name}");
    }
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn faults_of_a_page_are_noticed() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("faulty.html");
    let report = report::render(Format::Html, &outcomes::outcome(vec![outcomes::failed()]));
    let report = String::from_utf8(report).unwrap();
    let faulty = "<script>window.ran = 1</script><img src='http://127.0.0.1:9/x'>\
        <pre style='width: 3000px; color: #888; background: #777'>wide and dim</pre></main>";
    fs::write(&file, report.replace("</main>", faulty)).unwrap();
    let mut browser = Chromium::start();
    for theme in THEMES {
        let loaded = browser.open(&file, PHONE, theme);
        // the policy refuses the script, the picture and the style
        assert!(loaded.faults.len() >= 3, "{loaded:?}");
    }
    fs::write(
        &file,
        report
            .replace("content=\"default-src 'none';", "content=\"")
            .replace("style-src", "x-src")
            .replace("img-src", "y-src")
            .replace("</main>", faulty),
    )
    .unwrap();
    let loaded = browser.open(&file, PHONE, "light");
    assert_eq!(loaded.requests, ["http://127.0.0.1:9/x"]);
    assert_eq!(browser.evaluate("document.documentElement.scrollWidth > innerWidth"), true);
    assert_eq!(browser.evaluate("window.ran"), 1);
    let contrast = browser.evaluate(include_str!("support/contrast.js"));
    assert_eq!(contrast["low"].as_array().unwrap().len(), 1, "{contrast}");
}
