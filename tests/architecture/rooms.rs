//! The order inside modules: no circle between the modules of one folder, and in some folders a list that gives each its
//! place.

use std::collections::{BTreeMap, BTreeSet};

use crate::code::{self, Code};

/// Folders whose modules have an order: a module uses those of the lines above its own.
const ORDERED: &[(&str, &[&str])] = &[
    (
        "gate",
        &[
            // words and limits
            "wanted_condition",
            "finding missing names output policy texts",
            // parts that know of no pod
            "reads reason timers window",
            // pods, revisions, kinds
            "pods",
            "family",
            "revision",
            "history kind old_pods",
            "rollback",
            // findings, and the steps of an evaluation that make none
            "annotated complete deadline findings nodes pin stray told undo urgency workload",
            // steps that make findings, or speak of them
            "awaiting collect compare conditions creation ending ends expected given_up health leftovers overdue passing present progress services waiting why",
            "drive facts pod",
            "judge judged_pod",
        ],
    ),
    (
        "gate::pods",
        &[
            "fate",
            "symptom termination",
            "reading sight",
            "churn runs unready",
            "restarts stuck",
            "ledger",
        ],
    ),
    (
        "gate::kind",
        &[
            "controller controller_revisions custom standing unmet",
            "daemon_set deployment job stateful_set",
            "rollout",
            "replacing revisions",
        ],
    ),
    (
        "report",
        &[
            "block json open_file paint placeholder words",
            "names text",
            "document format sheet",
            "code_quality ending error html junit markdown",
            "live place",
            "plain terminal write",
            "github",
        ],
    ),
    (
        "signs",
        &["scene", "detail names subject", "diagnosis", "row", "endings kubernetes programs"],
    ),
    ("inspect", &["change log node object", "container volume", "pod"]),
];

/// Arrows that run against the order or close a circle, and are to go.
const EXCEPTIONS: &[(&str, &str, &str)] = &[];

/// Who uses whom in each folder, with a place where that is seen.
fn arrows(code: &Code) -> BTreeMap<String, BTreeMap<(String, String), String>> {
    let mut arrows: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for seen in &code.seen {
        let Some(to) = code.resolve(&seen.path) else { continue };
        let from = &seen.place;
        let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
        if common > 0 && common < from.len() && common < to.len() {
            let ends = (from[common].clone(), to[common].clone());
            let at = format!("src/{}:{}", seen.file, seen.at.line);
            arrows.entry(from[..common].join("::")).or_default().entry(ends).or_insert(at);
        }
    }
    arrows
}

/// The arrows of a folder that are part of a circle.
fn circles(arrows: &BTreeMap<(String, String), String>) -> BTreeSet<(String, String)> {
    let leads = |from: &String, to: &String| {
        let (mut reached, mut waiting) = (BTreeSet::new(), vec![from]);
        while let Some(next) = waiting.pop() {
            let further = arrows.keys().filter(|(start, _)| start == next).map(|(_, end)| end);
            waiting.extend(further.filter(|end| reached.insert(*end)));
        }
        reached.contains(to)
    };
    arrows.keys().filter(|(from, to)| leads(to, from)).cloned().collect()
}

/// The place of a module in the order of its folder.
fn line_of(folder: &str, name: &str) -> Option<usize> {
    let (_, lines) = ORDERED.iter().find(|(ordered, _)| *ordered == folder)?;
    lines.iter().position(|line| line.split(' ').any(|other| other == name))
}

/// Whether an arrow does not lead to a module above.
fn is_against(folder: &str, from: &str, to: &str) -> bool {
    line_of(folder, from).is_some_and(|own| line_of(folder, to).is_none_or(|used| used >= own))
}

#[test]
fn no_modules_of_a_folder_use_each_other_in_a_circle() {
    let mut found = Vec::new();
    for (folder, arrows) in arrows(code::read()) {
        for (from, to) in circles(&arrows) {
            if !EXCEPTIONS.contains(&(&folder, &from, &to)) {
                let at = &arrows[&(from.clone(), to.clone())];
                found.push(format!(
                    "{at}: in `{folder}`, `{from}` uses `{to}`, which leads back to it"
                ));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn modules_of_a_folder_use_those_above_them() {
    let code = code::read();
    let arrows = arrows(code);
    let mut found = Vec::new();
    for (folder, _) in ORDERED.iter().copied() {
        let place: Vec<_> = folder.split("::").map(str::to_owned).collect();
        let children = &code.modules[&place].children;
        let unknown = children.iter().filter(|name| line_of(folder, name).is_none());
        found.extend(unknown.map(|name| format!("`{folder}::{name}` has no place in the order")));
        for ((from, to), at) in arrows.get(folder).into_iter().flatten() {
            if is_against(folder, from, to) && !EXCEPTIONS.contains(&(folder, from, to)) {
                found.push(format!(
                    "{at}: in `{folder}`, `{from}` uses `{to}`, which is not above it"
                ));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn exceptions_are_still_needed() {
    let arrows = arrows(code::read());
    for (folder, from, to) in EXCEPTIONS {
        let circles = arrows.get(*folder).map(circles).unwrap_or_default();
        let is_in_a_circle = circles.contains(&((*from).to_owned(), (*to).to_owned()));
        assert!(is_in_a_circle || is_against(folder, from, to), "{folder}: {from} may use {to}");
    }
}

#[test]
fn a_circle_is_noticed() {
    let arrows = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")];
    let arrows = arrows.map(|(from, to)| ((from.to_owned(), to.to_owned()), String::new()));
    let found = circles(&arrows.into_iter().collect());
    let found: Vec<_> = found.iter().map(|(from, to)| (&**from, &**to)).collect();
    assert_eq!(found, [("a", "b"), ("b", "c"), ("c", "a")]);
}
