//! Who may use whom: the layers of `CONTRIBUTING.md`, held by reading the code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{fs, path::Path};

use proc_macro2::{LineColumn, TokenStream, TokenTree};
use syn::{spanned::Spanned, visit::Visit};

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
const MODULES: [Module; 13] = [
    pure("text", 1, &["regex", "serde", "serde_json", "thiserror"]),
    pure("model", 2, &["jiff", "serde", "serde_json", "thiserror"]),
    pure("evidence", 3, &["serde", "serde_json"]),
    pure("observation", 4, &["serde", "serde_json"]),
    pure("gate", 5, &["jiff", "serde", "serde_json"]),
    // the numbers become the standard library's type here and nowhere else
    pure("exit", 6, &["serde", "serde_json", "std::process"]),
    pure("outcome", 7, &["jiff", "serde", "serde_json"]),
    shell("clock", 8, &["jiff", "tokio"]),
    shell("recording", 8, &["jiff", "serde", "serde_json", "std::io", "thiserror"]),
    shell("cluster", 8, &[
        "base64", "futures_util", "http", "http_body_util", "hyper_util", "jiff", "k8s_openapi", "kube", "pem", "secrecy",
        "serde", "serde_json", "serde_saphyr", "std::env", "std::fs", "std::io", "std::net", "std::process", "thiserror", "tokio",
    ]),
    shell("report", 8, &[
        "anstream", "anstyle", "chrono", "indicatif", "jiff", "maud", "quick_junit", "serde", "serde_json", "std::fs", "std::io",
        "std::os", "std::thread", "tempfile", "thiserror",
    ]),
    shell("run", 9, &["futures_util", "jiff", "std::io", "std::thread", "tokio"]),
    shell("cli", 10, &[
        "anstream", "clap", "clap_complete", "clap_mangen", "flate2", "jiff", "serde", "serde_json", "std::env", "std::fs",
        "std::io", "std::process", "thiserror", "tokio",
    ]),
];

/// What stands before a module and is not for it all the same: whoever reads the cluster judges nothing.
const APART: [(&str, &str); 3] = [("cluster", "gate"), ("cluster", "exit"), ("cluster", "outcome")];

/// Parts of `std` that touch more than memory.
const TOUCHING: [&str; 7] = ["env", "fs", "io", "net", "os", "process", "thread"];

#[test]
fn modules_use_only_what_stands_before_them() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = syn::parse_file(&fs::read_to_string(src.join("lib.rs")).unwrap()).unwrap();
    let mut found = Vec::new();
    let mut read = 0;
    let mut waiting: Vec<_> = files_of(&lib).into_iter().map(|name| vec![name]).collect();
    while let Some(place) = waiting.pop() {
        let flat = format!("{}.rs", place.join("/"));
        let is_flat = src.join(&flat).exists();
        let file = if is_flat { flat } else { format!("{}/mod.rs", place.join("/")) };
        let code = fs::read_to_string(src.join(&file)).unwrap();
        let children = check(&file, &place, &code, &mut found);
        waiting.extend(children.into_iter().map(|name| [place.clone(), vec![name]].concat()));
        read += 1;
    }
    assert!(read > 50, "only {read} files were read");
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
        let mut found = Vec::new();
        check_text(place, code, &mut found);
        assert!(found.len() == 1 && found[0].contains(expected), "{place}: {code}: {found:?}");
        assert!(found[0].starts_with("src/file.rs:1: "), "{found:?}");
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
        let mut found = Vec::new();
        check_text(place, code, &mut found);
        assert!(found.is_empty(), "{place}: {code}: {found:?}");
    }
}

#[test]
fn a_module_that_is_for_tests_only_is_not_read() {
    let file = syn::parse_file("mod a; #[cfg(test)] mod tests; mod b { }").unwrap();
    assert_eq!(files_of(&file), ["a"]);
}

fn check_text(place: &str, code: &str, found: &mut Vec<String>) {
    let place: Vec<_> = place.split("::").map(str::to_owned).collect();
    check("file.rs", &place, code, found);
}

/// Reads a file that is the module `place`, and tells which modules have files of their own.
fn check(file: &str, place: &[String], code: &str, found: &mut Vec<String>) -> Vec<String> {
    let Some(module) = module(&place[0]) else {
        found.push(format!(
            "src/{file}:1: `{}` stands in no layer of tests/architecture.rs",
            place[0]
        ));
        return Vec::new();
    };
    let parsed = syn::parse_file(code).unwrap();
    Reader { file, place: place.to_vec(), module, found }.visit_file(&parsed);
    files_of(&parsed)
}

fn module(name: &str) -> Option<&'static Module> {
    MODULES.iter().find(|module| module.name == name)
}

/// The modules of a file that have files of their own and are compiled into the program.
fn files_of(file: &syn::File) -> Vec<String> {
    let modules = file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(item) if item.content.is_none() && !is_test(item) => Some(item),
        _ => None,
    });
    modules.map(|item| item.ident.to_string()).collect()
}

fn is_test(item: &syn::ItemMod) -> bool {
    item.attrs.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

/// Whether the package depends on a crate, as code names it.
fn is_dependency(name: &str) -> bool {
    let manifest = include_str!("../Cargo.toml").lines();
    let lines = manifest.skip_while(|line| *line != "[dependencies]").skip(1);
    let mut names =
        lines.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once(" = "));
    names.any(|(dependency, _)| dependency.replace('-', "_") == name)
}

struct Reader<'a> {
    file: &'a str,
    /// The module that is read, from the crate's root.
    place: Vec<String>,
    module: &'static Module,
    found: &'a mut Vec<String>,
}

impl Reader<'_> {
    fn report(&mut self, at: LineColumn, what: &str, why: &str) {
        self.found.push(format!(
            "src/{}:{}: `{what}` is not for `{}`: {why}",
            self.file, at.line, self.module.name
        ));
    }

    /// A path from the crate's root, where it starts with `self` or `super`.
    fn resolved(&self, names: &[String]) -> Vec<String> {
        let up = names.iter().take_while(|name| *name == "super").count();
        if up == 0 && names[0] != "self" {
            return names.to_vec();
        }
        let kept = &self.place[..self.place.len().saturating_sub(up)];
        let rest = names.iter().filter(|name| !matches!(name.as_str(), "self" | "super"));
        let root = std::iter::once("crate".to_owned());
        root.chain(kept.iter().cloned()).chain(rest.cloned()).collect()
    }

    fn path(&mut self, names: &[String], at: LineColumn) {
        let names = self.resolved(names);
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let Module { name: own, layer, is_pure, may_name } = self.module;
        match names[..] {
            ["crate", other, ..] if other != *own => {
                let Some(used) = module(other) else { return };
                if used.layer >= *layer || APART.contains(&(*own, other)) {
                    let before = MODULES.iter().filter(|m| m.layer < *layer);
                    let before = before.map(|m| m.name).filter(|m| !APART.contains(&(*own, *m)));
                    let before = before.collect::<Vec<_>>().join(", ");
                    self.report(at, &format!("crate::{other}"), &format!("it may use {before}"));
                }
            }
            ["std", "time", part, ..] if *is_pure && part != "Duration" => {
                self.report(at, &format!("std::time::{part}"), "it is told the time");
            }
            ["std", "time"] if *is_pure => self.report(at, "std::time", "it is told the time"),
            ["std", part, ..] if TOUCHING.contains(&part) => {
                let part = format!("std::{part}");
                if !may_name.contains(&&*part) {
                    self.report(at, &part, &format!("it may name {}", may_name.join(", ")));
                }
            }
            [name, ..] if is_dependency(name) && !may_name.contains(&name) => {
                self.report(at, name, &format!("it may name {}", may_name.join(", ")));
            }
            [.., owner, "now"] if *is_pure => {
                self.report(at, &format!("{owner}::now"), "it is told the time");
            }
            _ => {}
        }
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let at = tree.span().start();
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Name(name) => self.path(&with(&name.ident), at),
            syn::UseTree::Rename(name) if before.is_empty() && name.ident == "crate" => {
                let what = format!("crate as {}", name.rename);
                self.report(at, &what, "paths would not show what is used");
            }
            syn::UseTree::Rename(name) => self.path(&with(&name.ident), at),
            syn::UseTree::Glob(_) => self.path(before, at),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.tree(item, before));
            }
        }
    }

    /// Paths in the arguments of macros and attributes, which have no grammar that is known here.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(first) => {
                    let at = first.span().start();
                    let mut names = vec![first.to_string()];
                    while tokens.next_if(is_colon).is_some() && tokens.next_if(is_colon).is_some() {
                        let Some(TokenTree::Ident(next)) = tokens.peek() else { break };
                        names.push(next.to_string());
                        tokens.next();
                    }
                    if names.len() > 1 {
                        self.path(&names, at);
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    fn asynchronous(&mut self, at: LineColumn) {
        if self.module.is_pure {
            self.report(at, "async", "it waits for nothing");
        }
    }
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(mark) if mark.as_char() == ':')
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(item) {
            self.place.push(item.ident.to_string());
            syn::visit::visit_item_mod(self, item);
            self.place.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if names.len() > 1 {
            self.path(&names, path.span().start());
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.tokens(item.tokens.clone());
        syn::visit::visit_macro(self, item);
    }

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        self.tokens(list.tokens.clone());
        syn::visit::visit_meta_list(self, list);
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        if signature.asyncness.is_some() {
            self.asynchronous(signature.span().start());
        }
        syn::visit::visit_signature(self, signature);
    }

    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        self.asynchronous(block.span().start());
        syn::visit::visit_expr_async(self, block);
    }
}
