//! The layers of `CONTRIBUTING.md`: which modules of the crate may use which, and what else they may name.

use proc_macro2::LineColumn;

use crate::code::{self, Code, Seen};

/// A module of the crate, and what it may name.
struct Module {
    name: &'static str,
    /// It uses modules of smaller layers, never of its own or a greater one.
    layer: u8,
    /// A function of its arguments: no clock, no async.
    is_pure: bool,
    /// Crates, and those parts of `std` that touch more than memory.
    may_name: &'static [&'static str],
}

const fn pure(name: &'static str, layer: u8, may_name: &'static [&'static str]) -> Module {
    Module { name, layer, is_pure: true, may_name }
}

const fn shell(name: &'static str, layer: u8, may_name: &'static [&'static str]) -> Module {
    Module { name, layer, is_pure: false, may_name }
}

#[rustfmt::skip]
const MODULES: &[Module] = &[
    pure("text", 1, &["aho_corasick", "regex", "serde", "serde_json", "strsim", "thiserror"]),
    pure("vocabulary", 2, &["serde", "serde_json"]),
    pure("model", 2, &["jiff", "serde", "serde_json", "thiserror"]),
    pure("evidence", 3, &["serde", "serde_json"]),
    pure("inspect", 4, &["serde", "serde_json"]),
    pure("manifest", 4, &["granit_parser", "serde", "serde_json", "thiserror"]),
    pure("selection", 4, &["serde", "thiserror"]),
    pure("signs", 4, &["serde"]),
    pure("observation", 4, &["serde", "serde_json"]),
    pure("phrases", 5, &["serde", "serde_json"]),
    pure("gate", 6, &["jiff", "serde", "serde_json"]),
    // the numbers become the standard library's type here and nowhere else
    pure("exit", 7, &["serde", "serde_json", "std::process"]),
    // no verdict rests on a picture
    pure("timeline", 7, &["serde"]),
    pure("fleet", 8, &["serde"]),
    pure("outcome", 9, &["jiff", "serde", "serde_json"]),
    shell("clock", 10, &["jiff", "tokio"]),
    shell("recording", 10, &["jiff", "serde", "serde_json", "std::io", "thiserror"]),
    shell("cluster", 10, &[
        "base64", "futures_util", "http", "http_body_util", "hyper_util", "jiff", "k8s_openapi", "kube", "pem", "secrecy",
        "serde", "serde_json", "serde_saphyr", "std::env", "std::fs", "std::io", "std::net", "std::process",
        "thiserror", "tokio",
    ]),
    shell("report", 10, &[
        "anstream", "anstyle", "chrono", "indicatif", "jiff", "maud", "quick_junit", "serde", "serde_json", "std::fs", "std::io",
        "std::os", "std::thread", "tempfile", "terminal_size", "textwrap", "thiserror",
    ]),
    shell("run", 11, &["futures_util", "jiff", "std::io", "std::thread", "tokio"]),
    shell("cli", 12, &[
        "anstream", "clap", "clap_complete", "clap_mangen", "flate2", "granit_parser", "jiff", "serde", "serde_json", "std::env", "std::fs",
        "std::io", "std::process", "textwrap", "thiserror", "tokio",
    ]),
];

/// What stands before a module and is not for it all the same: whoever reads the cluster judges nothing, and nobody else
/// reads what the API answers.
const APART: [(&str, &str); 10] = [
    ("cluster", "gate"),
    ("cluster", "fleet"),
    ("cluster", "exit"),
    ("cluster", "timeline"),
    ("cluster", "outcome"),
    ("gate", "inspect"),
    ("recording", "inspect"),
    ("report", "inspect"),
    ("run", "inspect"),
    ("cli", "inspect"),
];

/// Parts of `std` that touch more than memory.
const TOUCHING: [&str; 7] = ["env", "fs", "io", "net", "os", "process", "thread"];

#[test]
fn modules_use_only_what_stands_before_them() {
    let code = code::read();
    assert!(code.modules.len() > 50, "only {} files were read", code.modules.len());
    let found = check(code);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn a_violation_is_noticed() {
    for (place, code, expected) in [
        ("text", "use crate::model::Pod;", "`crate::model`"),
        ("text", "use crate as root;", "`crate as root`"),
        ("gate::a", "fn f() { crate::cluster::connect(); }", "`crate::cluster`"),
        ("gate::a", "use super::super::cluster::Cluster;", "`crate::cluster`"),
        ("gate::a", "fn f() -> String { format!(\"{}\", crate::report::x()) }", "`crate::report`"),
        ("gate::a", "use kube::Client;", "`kube`"),
        ("gate::a", "use kube as cluster;", "`kube`"),
        ("gate::a", "use ::kube::Client;", "`kube`"),
        ("gate::a", "use regex::Regex;", "`regex`"),
        ("gate::a", "#[derive(thiserror::Error)] struct E;", "`thiserror`"),
        ("gate::a", "fn f() { tokio::pin!(a); }", "`tokio`"),
        ("gate::a", "use std::{collections::BTreeMap, fs};", "`std::fs`"),
        ("gate::a", "use std::time::Instant;", "`std::time::Instant`"),
        ("gate::a", "use std::time;", "`std::time`"),
        ("gate::a", "fn f() { Timestamp::now(); }", "`Timestamp::now`"),
        ("gate::a", "async fn f() {}", "`async`"),
        ("gate::a", "fn f() { let a = async { 1 }; }", "`async`"),
        ("model", "mod tests { use std::env; }", "`std::env`"),
        ("model", "#[cfg(not(test))] mod a { use std::env; }", "`std::env`"),
        ("outcome", "use crate::recording::Header;", "`crate::recording`"),
        ("report::a", "use crate::{text, cluster::Cluster};", "`crate::cluster`"),
        ("recording::a", "use kube::Client;", "`kube`"),
        ("cluster::a", "use crate::gate::Gate;", "`crate::gate`"),
        ("cluster::a", "use clap::Args;", "`clap`"),
        ("run::a", "use crate::cli;", "`crate::cli`"),
        ("run::a", "fn f() -> kube::Client { todo!() }", "`kube`"),
        ("cli::a", "use kube::Client;", "`kube`"),
        ("new", "", "`new`"),
    ] {
        let found = check_text(place, code);
        assert!(found.len() == 1 && found[0].contains(expected), "{place}: {code}: {found:?}");
        assert!(place == "new" || found[0].starts_with("src/file.rs:1: "), "{found:?}");
    }
}

#[test]
fn what_is_allowed_is_not_a_violation() {
    for (place, code) in [
        (
            "gate::a",
            "use crate::{model::Pod, text}; use std::{collections::BTreeMap, time::Duration};",
        ),
        (
            "gate::a",
            "// kube::Client\n/// [`kube::Client`]\nconst A: &str = \"std::fs crate::cli::run\";",
        ),
        ("gate::a", "#[cfg(test)] mod tests { use std::fs; async fn f() {} }"),
        ("gate::a", "use super::judge; fn f() { self::g(); crate::gate::g(); pod.now(); }"),
        ("gate::a", "use std::sync::Arc; #[serde(with = \"seconds\")] struct A;"),
        ("gate::a", "mod inner { use super::super::judge; }"),
        (
            "cluster::a",
            "async fn f() { kube::Client::try_from(a).await; std::time::Instant::now(); }",
        ),
        ("cli::a", "use crate::run::live;"),
        ("exit", "impl From<ExitCode> for std::process::ExitCode {}"),
    ] {
        let found = check_text(place, code);
        assert!(found.is_empty(), "{place}: {code}: {found:?}");
    }
}

fn check_text(place: &str, text: &str) -> Vec<String> {
    let place: Vec<_> = place.split("::").map(str::to_owned).collect();
    check(&code::of_text("file.rs", &place, text))
}

fn module(name: &str) -> Option<&'static Module> {
    MODULES.iter().find(|module| module.name == name)
}

/// Whether the package depends on a crate, as code names it.
fn is_dependency(name: &str) -> bool {
    let manifest = include_str!("../../Cargo.toml").lines();
    let lines = manifest.skip_while(|line| *line != "[dependencies]").skip(1);
    let mut names =
        lines.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once(" = "));
    names.any(|(dependency, _)| dependency.replace('-', "_") == name)
}

/// What the code names that is not for it.
fn check(code: &Code) -> Vec<String> {
    let names = code.modules.keys().filter_map(|place| place.first());
    let new = names.filter(|name| module(name).is_none());
    let mut found: Vec<_> = new
        .map(|name| format!("src/{name}: `{name}` stands in no layer of tests/architecture"))
        .collect();
    code.seen.iter().for_each(|seen| check_path(seen, &mut found));
    found
}

fn check_path(seen: &Seen, found: &mut Vec<String>) {
    let (file, LineColumn { line, .. }) = (&seen.file, seen.at);
    let Some((own, _)) = seen.place.split_first() else { return };
    let Some(module) = module(own) else { return };
    let Module { layer, is_pure, may_name, .. } = module;
    let mut report = |what: &str, why: &str| {
        found.push(format!("src/{file}:{line}: `{what}` is not for `{own}`: {why}"));
    };
    let names: Vec<_> = seen.path.iter().map(String::as_str).collect();
    match names[..] {
        ["async"] if *is_pure => report("async", "it waits for nothing"),
        ["crate"] => {
            let what = format!("crate as {}", seen.name);
            report(&what, "paths would not show what is used");
        }
        ["crate", other, ..] if other != own => {
            let Some(used) = self::module(other) else { return };
            if used.layer >= *layer || APART.contains(&(own, other)) {
                let before = MODULES.iter().filter(|m| m.layer < *layer);
                let before = before.map(|m| m.name).filter(|m| !APART.contains(&(own, *m)));
                let before = before.collect::<Vec<_>>().join(", ");
                report(&format!("crate::{other}"), &format!("it may use {before}"));
            }
        }
        ["std", "time", part, ..] if *is_pure && part != "Duration" => {
            report(&format!("std::time::{part}"), "it is told the time");
        }
        ["std", "time"] if *is_pure => report("std::time", "it is told the time"),
        ["std", part, ..] if TOUCHING.contains(&part) => {
            let part = format!("std::{part}");
            if !may_name.contains(&&*part) {
                report(&part, &format!("it may name {}", may_name.join(", ")));
            }
        }
        [name, ..] if is_dependency(name) && !may_name.contains(&name) => {
            report(name, &format!("it may name {}", may_name.join(", ")));
        }
        [.., owner, "now"] if *is_pure => {
            report(&format!("{owner}::now"), "it is told the time");
        }
        _ => {}
    }
}
