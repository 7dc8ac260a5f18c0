//! README and the pages of `docs/` name what the program has, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use deploygate::exit::ExitCode;
use deploygate::gate::{Cause, Grace, ReasonCode};
use regex::Regex;

use crate::repository::{files, root};
use crate::{
    COMMANDS, Options, duration, examples, exit_codes, found, help, options_of_wait, read, told,
    words,
};

/// The text of a section of a page.
fn section(page: &str, title: &str) -> String {
    let text = read(page);
    let (_, after) = text.split_once(&format!("\n## {title}\n")).unwrap();
    after.split("\n## ").next().unwrap().to_owned()
}

/// The rows of the first table of a text, cell by cell; not its head.
fn table(text: &str) -> Vec<Vec<String>> {
    let from_table = text.lines().skip_while(|line| !line.starts_with('|'));
    let rows = from_table.take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

/// What is written for users: README, the security policy and the pages.
fn pages() -> Vec<String> {
    let paths = files().into_iter().map(|path| {
        let path = path.strip_prefix(root()).unwrap_or(&path);
        path.to_str().unwrap().to_owned()
    });
    let is_page = |path: &String| {
        ["README.md", "SECURITY.md"].contains(&&**path)
            || path.starts_with("docs/") && path.ends_with(".md")
    };
    paths.filter(is_page).collect()
}

#[test]
fn every_option_of_wait_and_no_other_is_explained() {
    let options = options_of_wait();
    assert!(options.len() > 15, "{options:?}");
    let mut rows = Options::new();
    for row in table(&section("docs/options.md", "Options of `wait`")) {
        let names = found("`([^`]+)`", &row[0]);
        let variable = found("`([^`]+)`", &row[1]).concat();
        let default = options.get(&names).and_then(|(_, default)| default.as_ref());
        // where the help names no default, the page explains in words what comes in its place
        let default = default.map(|_| found("^`([^`]+)`$", &row[2]).concat());
        assert!(rows.insert(names, (variable, default)).is_none(), "{row:?} stands twice");
    }
    assert_eq!(rows, options);
}

#[test]
fn pages_name_only_options_variables_and_files_that_exist() {
    let help = COMMANDS.map(help).concat();
    let known: BTreeSet<_> = found(r"(--[a-z-]+)", &help).into_iter().collect();
    // of cargo, helm and kubectl
    let of_others = [
        "--release",
        "--force-conflicts",
        "--locked",
        "--path",
        "--wait",
        "--rollback-on-failure",
        "--image",
        "--manifest",
    ];
    let variables =
        |text: &str| found(r"(DEPLOYGATE_\w+)", text).into_iter().collect::<BTreeSet<_>>();
    let known_variables = variables(&self::help("wait"));
    for page in pages() {
        let text = read(&page);
        for option in found(r"[\s`(](--[a-z][a-z-]*)", &text) {
            assert!(known.contains(&option) || of_others.contains(&&*option), "{page}: {option}");
        }
        if page != "docs/options.md" {
            continue;
        }
        assert_eq!(variables(&text), known_variables);
    }
    for page in pages().into_iter().chain(["CONTRIBUTING.md".to_owned()]) {
        for path in
            found(r"`((?:src|tests|examples|templates|\.ci|\.github)/[\w./-]+)", &read(&page))
        {
            assert!(root().join(&path).exists(), "{page}: {path}");
        }
    }
}

#[test]
fn links_lead_somewhere_and_every_page_is_listed() {
    let anchors = |text: &str| {
        let titles = found(r"(?m)^#+ (.+)$", text).into_iter().map(|title| {
            let kept = title.to_lowercase().replace(' ', "-");
            kept.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect::<String>()
        });
        titles.collect::<BTreeSet<_>>()
    };
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let mut listed = BTreeSet::new();
    for page in pages() {
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        for found in link.captures_iter(&read(&page)) {
            let target = &found[1];
            if target.starts_with("https://") {
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = root().join(folder).join(path).canonicalize();
            let file = file.unwrap_or_else(|error| panic!("{page}: {target}: {error}"));
            if !anchor.is_empty() {
                let text = std::fs::read_to_string(&file).unwrap();
                assert!(anchors(&text).contains(anchor), "{page}: {target}");
            }
            if page == "docs/README.md" {
                listed.insert(file);
            }
        }
    }
    for page in pages().into_iter().filter(|page| page != "docs/README.md") {
        let file = root().join(&page).canonicalize().unwrap();
        assert!(listed.contains(&file), "docs/README.md does not list {page}");
    }
}

#[test]
fn readme_and_help_have_every_exit_code() {
    let codes = |cells: Vec<(String, String)>, between: &str| {
        let mut codes = BTreeMap::new();
        for (numbers, word) in cells {
            for code in numbers.split(between) {
                codes.insert(code.parse().unwrap(), word.clone());
            }
        }
        codes
    };
    let with_usage = |word: &str| {
        let mut codes: BTreeMap<u8, _> =
            exit_codes().into_iter().map(|(code, word)| (code, word.to_owned())).collect();
        codes.insert(ExitCode::Usage.code(), word.to_owned());
        codes
    };
    let rows = table(&section("README.md", "Verdicts and exit codes")).into_iter();
    let readme = codes(rows.map(|row| (row[0].clone(), row[1].clone())).collect(), ", ");
    assert_eq!(readme, with_usage("–"));

    let rows = Regex::new(r"(?m)^  (\d[\d/]*) +([a-z ]+): ").unwrap();
    for command in ["", "wait", "check", "replay", "demo"] {
        let short = told(command, "-h").split_whitespace().collect::<Vec<_>>().join(" ");
        let (_, text) = short.split_once("Exit codes: ").unwrap();
        let pairs = text.split(", ").map(|part| part.split_once(' ').unwrap());
        let pairs = pairs.map(|(code, word)| (code.into(), word.into()));
        assert_eq!(codes(pairs.collect(), "/"), with_usage("wrong usage"), "{command}");

        let help = help(command);
        let (_, text) = help.split_once("\nExit codes:\n").unwrap();
        let told = rows.captures_iter(text).map(|row| (row[1].to_owned(), row[2].to_owned()));
        assert_eq!(codes(told.collect(), "/"), with_usage("wrong usage"), "{command}");
    }
}

/// The examples of `wait` are those of the page of options, and each is one that the program takes.
#[test]
fn examples_are_of_one_source_and_are_understood() {
    let block = section("docs/options.md", "Examples");
    let (_, block) = block.split_once("```sh\n").unwrap();
    let block: Vec<_> = block.lines().take_while(|line| *line != "```").collect();
    let written: Vec<_> = block.chunks_exact(2).map(|pair| pair.join("\n")).collect();
    let of_help = examples("wait").into_iter();
    let of_help: Vec<_> = of_help.map(|(what, line)| format!("# {what}\n{line}")).collect();
    assert_eq!(written, of_help);
    assert_eq!(of_help.len(), 3);

    let empty = tempfile::tempdir().unwrap();
    for (_, line) in COMMANDS.into_iter().flat_map(examples) {
        let line = line.replace("source <(", "").replace(')', "");
        let words = line.split([' ']).take_while(|word| !word.starts_with(['|', '>']));
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_deploygate"));
        program.args(words.skip(1)).env_clear().current_dir(&empty);
        let said = String::from_utf8(program.output().unwrap().stderr).unwrap();
        // files and clusters are missing here; what is wrong with words is told with the usage
        for mistake in ["Usage:", "invalid ", "unknown "] {
            assert!(!said.contains(mistake), "{line}: {said}");
        }
    }
}

#[test]
fn every_cause_is_explained_with_its_grace() {
    let mut causes = BTreeSet::new();
    let mut graces = BTreeMap::new();
    for row in table(&section("docs/causes.md", "Causes")) {
        let words = found("`([^`]+)`", &row[0]);
        assert!(!words.is_empty(), "{row:?}");
        for word in words {
            if row[2] != "–" {
                let length = row[2].split([' ', ';']).next().unwrap();
                graces.insert(word.clone(), duration(length));
            }
            assert!(causes.insert(word), "{row:?} stands twice");
        }
    }
    let known = Cause::ALL.map(|cause| cause.as_str().to_owned());
    assert_eq!(causes, known.into_iter().collect());

    let stale = found("`stale`=([0-9a-z]+)", &section("docs/causes.md", "Causes")).concat();
    graces.insert(Grace::Stale.to_string(), duration(&stale));
    let known = Grace::ALL.map(|grace| (grace.to_string(), grace.default_length()));
    let known: BTreeMap<_, _> = known.into_iter().collect();
    assert_eq!(graces, known);

    let help = help("wait").split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, told) = help.split_once("Causes and defaults: ").unwrap();
    let told = found(r"([a-z-]+=[0-9a-z]+)", told.split(". ").next().unwrap());
    let told = told.iter().map(|pair| pair.split_once('=').unwrap());
    let told: BTreeMap<_, _> = told.map(|(word, d)| (word.to_owned(), duration(d))).collect();
    assert_eq!(told, known, "the help of --grace");
}

#[test]
fn every_reason_code_is_explained() {
    let rows = table(&read("docs/verdicts.md")).into_iter();
    let told: BTreeSet<_> = rows.flat_map(|row| found("`([^`]+)`", &row[0])).collect();
    let known = words::<ReasonCode>();
    assert!(told.is_superset(&known), "{:?}", known.difference(&told));
}

/// The descriptions of `action.yml` are the ones that GitHub shows; the page repeats them word for word.
#[test]
fn the_tables_of_the_action_are_those_of_its_definition() {
    let definition: serde_json::Value = serde_saphyr::from_str(&read("action.yml")).unwrap();
    for (title, key) in [("Inputs", "inputs"), ("Outputs", "outputs")] {
        let told = table(&section("docs/github.md", title)).into_iter();
        let told: BTreeMap<_, _> =
            told.map(|row| (found("`([^`]+)`", &row[0]).concat(), row[1].clone())).collect();
        let known =
            definition[key].as_object().unwrap().iter().map(|(name, input)| {
                (name.clone(), input["description"].as_str().unwrap().to_owned())
            });
        assert_eq!(told, known.collect(), "{title}");
    }
}

/// `.ci/pictures` makes it.
#[test]
fn the_picture_of_the_terminal_shows_what_is_printed() {
    let mut demo = std::process::Command::new(env!("CARGO_BIN_EXE_deploygate"));
    let output = demo.args(["demo", "late-crash", "--speed", "1000"]).env_clear().output().unwrap();
    let printed = String::from_utf8([output.stderr, output.stdout].concat()).unwrap();
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    // a recording is played: the first line says so
    let printed: Vec<_> = printed.lines().skip(1).flat_map(words).collect();
    let tags = Regex::new("<title>.*?</title>|<[^>]*>").unwrap();
    let shown = tags.replace_all(&read("examples/reports/terminal.svg"), " ").into_owned();
    let shown = shown.replace("&#x27;", "'").replace("&lt;", "<").replace("&amp;", "&");
    let (_, shown) = shown.split_once("--window 30s").unwrap();
    assert_eq!(words(shown).concat(), printed.concat(), "run .ci/pictures");
}
