use super::*;
use crate::{
    cli::connect::ConnectArgs,
    model::{ObjectName, TargetKind},
};

/// Whatever is asked for, `NAMESPACE-KIND`, then `web` and `api`.
fn names(kind: &TargetKind, connect: Option<ConnectArgs>) -> Vec<ObjectName> {
    let namespace = connect.and_then(|connect| connect.namespace);
    let namespace = namespace.map_or("none".to_owned(), |name| name.to_string());
    let names = [format!("{namespace}-{kind}"), "web".to_owned(), "api".to_owned()];
    names.iter().map(|name| name.parse().unwrap()).collect()
}

/// That of the context, and another one.
fn namespaces(connect: Option<ConnectArgs>) -> Vec<String> {
    let contexts = connect.map(|connect| connect.context).unwrap_or_default();
    vec![format!("of-{}", contexts.concat()), "shop".to_owned()]
}

fn contexts(_: Option<ConnectArgs>) -> Vec<String> {
    ["arn:aws:eks:eu-1:12:cluster/prod", "admin@dev", "two words", "\u{1b}[2J", "a\nb"]
        .map(str::to_owned)
        .into()
}

fn at(words: &[&str]) -> String {
    let command = super::super::command(true, false);
    let words = words.iter().map(OsString::from).collect();
    answer(words, command, Lookup { names, namespaces, contexts })
}

/// The values, without descriptions, and the directive.
fn values(words: &[&str]) -> (Vec<String>, String) {
    let text = at(words);
    let mut lines: Vec<_> =
        text.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect();
    let directive = lines.pop().unwrap();
    (lines, directive)
}

#[test]
fn each_place_has_what_may_stand_there() {
    for (words, candidate, directive) in [
        (&[][..], "wait\tWatch a rollout and report a verdict", ":4"),
        (&["wa"], "wait\tWatch a rollout and report a verdict", ":4"),
        (&["help", "wa"], "wait\tWatch", ":4"),
        (&["man", "wa"], "wait", ":4"),
        (&["wait", "d"], "deploy/", ":6"),
        (&["wait", "deploy/app", "--repo"], "--report\t", ":4"),
        (&["wait", "--report", ""], "junit=", ":6"),
        (&["wait", "--report=ju"], "--report=junit=", ":6"),
        (&["wait", "--grace", "im"], "image=", ":6"),
        (&["wait", "--on-failure", "rollback-"], "rollback-all", ":4"),
        (&["wait", "--output="], "--output=json", ":4"),
        (&["wait", "--color", "al"], "always", ":4"),
        (&["completions", "fi"], "fish", ":4"),
        (&["demo", "cr"], "crash-loop\t", ":4"),
        (&["wait", "sts/"], "sts/none-statefulset", ":4"),
        (&["wait", "-n", "shop", "deploy/app", "ds/"], "ds/shop-daemonset", ":4"),
        (&["access", "--namespace=shop", "jobs.batch/sh"], "jobs.batch/shop-job", ":4"),
        (&["wait", "-nshop", "--grace", "image=3", "rollout", ""], "shop-rollout", ":4"),
        (&["wait", "deploy", "app", "w"], "web", ":4"),
        (&["wait", "widgets.example.com/w"], "widgets.example.com/web", ":4"),
        (&["wait", "deploy/app", "s"], "sts/", ":6"),
        (&["wait", "deploy,sts", "none-s"], "none-statefulset", ":4"),
        (&["wait", "-l", "app=x", "d"], "deploy", ":4"),
        (&["wait", "-A", "deploy,s"], "deploy,sts", ":4"),
        (&["wait", "-n", "s"], "shop", ":4"),
        (&["wait", "--context", "eu", "-n", "o"], "of-eu", ":4"),
        (&["wait", "--context=arn:aws:"], "--context=arn:aws:eks:eu-1:12:cluster/prod", ":4"),
    ] {
        let text = at(words);
        assert!(text.lines().any(|line| line.starts_with(candidate)), "{words:?}: {text}");
        assert_eq!(text.lines().last(), Some(directive), "{words:?}: {text}");
    }
}

#[test]
fn the_shell_completes_paths_and_only_them() {
    for words in [
        &["wait", "-f", ""][..],
        &["wait", "--filename=k"],
        &["wait", "--record", "r"],
        &["wait", "--policy="],
        &["access", "--kubeconfig", "/"],
        &["replay", ""],
        &["wait", "--report", "junit="],
        &["wait", "--report=html=out/"],
    ] {
        assert_eq!(at(words), ":0\n", "{words:?}");
    }
}

#[test]
fn where_nothing_may_stand_the_shell_offers_nothing() {
    for words in [
        &["wait", "deploy/nowhere"][..],
        &["wait", "pvc/"],
        &["wait", "pvc", ""],
        &["no-such", ""],
        &["wait", "--timeout", ""],
        &["wait", "--grace", "image="],
        &["wait", "--expect-image", ""],
        &["demo", "healthy", ""],
        &["replay", "run.jsonl", ""],
        &["help", "wait", ""],
    ] {
        assert_eq!(at(words), ":4\n", "{words:?}");
    }
}

#[test]
fn what_stands_there_already_is_not_offered_again() {
    let told = |words: &[&str]| values(words).0;
    assert_eq!(told(&["wait", "ds/web", "ds/"]), ["ds/none-daemonset", "ds/api"]);
    assert_eq!(told(&["wait", "ds", "web", "none-daemonset", ""]), ["api"]);
    assert!(!told(&["wait", "-A", "deploy,"]).contains(&"deploy,deploy".to_owned()));
}

#[test]
fn nothing_hidden_and_nothing_that_commands_a_terminal_is_offered() {
    assert!(!at(&["__"]).contains("__complete"));
    let of_check = values(&["check", "--"]).0;
    assert!(of_check.contains(&"--report".to_owned()), "{of_check:?}");
    assert!(!of_check.contains(&"--timeout".to_owned()), "{of_check:?}");
    let contexts = values(&["wait", "--context", ""]).0;
    assert_eq!(contexts, ["arn:aws:eks:eu-1:12:cluster/prod", "admin@dev", "two words"]);
}
