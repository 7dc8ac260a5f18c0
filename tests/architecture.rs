//! Who may use whom: the layers of `CONTRIBUTING.md`, held by reading the code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{fs, path::Path};

use proc_macro2::LineColumn;
use syn::{spanned::Spanned, visit::Visit};

/// A layer: its modules, which never use each other, and the crates that they may name beside `std` and `crate`.
struct Layer {
    modules: &'static [&'static str],
    crates: &'static [&'static str],
    /// Without clock, I/O, environment and threads.
    is_pure: bool,
}

const fn layer(
    modules: &'static [&'static str],
    crates: &'static [&'static str],
    is_pure: bool,
) -> Layer {
    Layer { modules, crates, is_pure }
}

/// From left to right: a module uses modules of layers before its own.
const LAYERS: [Layer; 9] = [
    layer(&["text"], &["regex", "serde", "thiserror"], true),
    layer(&["model"], &["jiff", "serde", "serde_json"], true),
    layer(&["evidence"], &["serde", "serde_json"], true),
    layer(&["observation"], &["serde", "serde_json"], true),
    layer(&["gate"], &["serde", "serde_json"], true),
    layer(&["exit"], &["serde"], true),
    layer(&["outcome"], &["jiff", "serde", "serde_json"], true),
    layer(&["clock", "cluster", "recording", "report"], EDGE, false),
    layer(&["run", "cli"], SHELL, false),
];

const EDGE: &[&str] = &[
    "anstream",
    "anstyle",
    "base64",
    "chrono",
    "futures_util",
    "http",
    "http_body_util",
    "hyper_util",
    "indicatif",
    "jiff",
    "k8s_openapi",
    "kube",
    "pem",
    "quick_junit",
    "serde",
    "serde_json",
    "serde_saphyr",
    "tempfile",
    "thiserror",
    "tokio",
    "tower",
];
const SHELL: &[&str] = &[
    "anstream",
    "clap",
    "clap_complete",
    "clap_mangen",
    "flate2",
    "futures_util",
    "jiff",
    "serde",
    "serde_json",
    "tokio",
];

/// Crates that only one module may name, wherever its layer stands.
const HOMES: [(&str, &[&str]); 8] = [
    ("kube", &["cluster"]),
    ("hyper_util", &["cluster"]),
    ("quick_junit", &["report"]),
    ("indicatif", &["report"]),
    ("clap", &["cli"]),
    ("tokio", &["clock", "cluster", "run", "cli"]),
    ("anstream", &["report", "cli"]),
    ("http", &["cluster"]),
];

/// Files of tests; so are those in a folder `tests`.
const TESTS: [&str; 5] =
    ["/tests.rs", "/timeline.rs", "/properties.rs", "/hostile.rs", "/invariance.rs"];

/// Parts of `std` that a pure module does not touch.
const IMPURE: [&str; 7] = ["env", "fs", "io", "net", "process", "thread", "os"];

#[test]
fn modules_use_only_what_stands_before_them() {
    let mut found = Vec::new();
    check_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_violation_is_noticed() {
    let cases = [
        ("text/a.rs", "use crate::model::Pod;", "crate::model"),
        ("gate/a.rs", "fn f() { crate::cluster::connect(); }", "crate::cluster"),
        ("gate/a.rs", "use kube::Client;", "kube"),
        ("gate/a.rs", "use std::{collections::BTreeMap, fs};", "std::fs"),
        ("gate/a.rs", "fn f() { std::time::Instant::now(); }", "Instant"),
        ("gate/a.rs", "async fn f() {}", "async"),
        ("report/a.rs", "use crate::{text, cluster::Cluster};", "crate::cluster"),
        ("recording/a.rs", "use kube::Client;", "kube"),
        ("cluster/a.rs", "use crate::gate::Gate;", "crate::gate"),
        ("model.rs", "mod tests { use std::env; }", "std::env"),
    ];
    for (file, code, expected) in cases {
        let mut found = Vec::new();
        check(file, code, &mut found);
        assert!(found.len() == 1 && found[0].contains(expected), "{file}: {code}: {found:?}");
    }
    let mut found = Vec::new();
    let fine = "use crate::{model::Pod, text}; use std::collections::BTreeMap; // kube::Client\nconst A: &str = \"std::fs\";\n#[cfg(test)] mod tests { use std::fs; }";
    check("gate/a.rs", fine, &mut found);
    assert!(found.is_empty(), "{found:?}");
}

fn check_folder(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            check_folder(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
            let file = path.strip_prefix(source).unwrap().to_string_lossy().into_owned();
            // what is compiled for tests only may do what tests do
            let is_test = TESTS.iter().any(|end| file.ends_with(end)) || file.contains("/tests/");
            if !is_test && !matches!(file.as_str(), "lib.rs" | "main.rs") {
                check(&file, &fs::read_to_string(&path).unwrap(), found);
            }
        }
    }
}

fn check(file: &str, code: &str, found: &mut Vec<String>) {
    let module = file.split(['/', '.']).next().unwrap().to_owned();
    let Some(index) = LAYERS.iter().position(|layer| layer.modules.contains(&module.as_str()))
    else {
        return found
            .push(format!("src/{file}: `{module}` stands in no layer of tests/architecture.rs"));
    };
    let mut reader = Reader { file, module, index, found };
    reader.visit_file(&syn::parse_file(code).unwrap());
}

struct Reader<'a> {
    file: &'a str,
    module: String,
    index: usize,
    found: &'a mut Vec<String>,
}

impl Reader<'_> {
    fn path(&mut self, names: &[String], at: LineColumn) {
        let layer = &LAYERS[self.index];
        let known = |name: &str| LAYERS.iter().any(|layer| layer.modules.contains(&name));
        let problem = match names {
            [first, second, ..] if first == "crate" && known(second) => {
                let before =
                    LAYERS[..self.index].iter().any(|l| l.modules.contains(&second.as_str()));
                // the shell is one layer of two that stand in line
                let in_line = self.module == "cli" && second == "run";
                // what the cluster says is no judgement, and judges nothing
                let reaches_up =
                    self.module == "cluster" && matches!(second.as_str(), "gate" | "outcome");
                let fine = (before && !reaches_up) || in_line || *second == self.module;
                (!fine).then(|| format!("crate::{second} does not stand before `{}`", self.module))
            }
            [first, second, ..]
                if first == "std" && layer.is_pure && IMPURE.contains(&second.as_str()) =>
            {
                // the exit code's own conversion
                let fine = self.module == "exit" && second == "process";
                (!fine).then(|| format!("std::{second} in a pure module"))
            }
            [first, second, third, ..]
                if first == "std" && second == "time" && third != "Duration" =>
            {
                layer.is_pure.then(|| format!("std::time::{third} in a pure module"))
            }
            [first, ..] if EDGE.contains(&first.as_str()) || SHELL.contains(&first.as_str()) => {
                let home = HOMES.iter().find(|(name, _)| name == first);
                let fine = layer.crates.contains(&first.as_str())
                    && home.is_none_or(|(_, homes)| homes.contains(&self.module.as_str()));
                (!fine).then(|| format!("crate `{first}` is not for `{}`", self.module))
            }
            _ => None,
        };
        if let Some(problem) = problem {
            self.found.push(format!("src/{}:{}: {problem}", self.file, at.line));
        }
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let at = tree.span().start();
        let mut names = before.to_vec();
        match tree {
            syn::UseTree::Path(path) => {
                names.push(path.ident.to_string());
                self.tree(&path.tree, &names);
            }
            syn::UseTree::Name(name) => {
                names.push(name.ident.to_string());
                self.path(&names, at);
            }
            syn::UseTree::Rename(name) => {
                names.push(name.ident.to_string());
                self.path(&names, at);
            }
            syn::UseTree::Glob(_) => self.path(&names, at),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.tree(item, before));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let is_test = item.attrs.iter().any(|attribute| {
            attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
        });
        if !is_test {
            syn::visit::visit_item_mod(self, item);
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

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        if signature.asyncness.is_some() && LAYERS[self.index].is_pure {
            let line = signature.span().start().line;
            self.found.push(format!("src/{}:{line}: async in a pure module", self.file));
        }
        syn::visit::visit_signature(self, signature);
    }
}
