//! Targets that come or go while a selection is judged.

use std::time::Duration;

use super::town::{Happens, Happens::*, Town, policy};
use crate::{
    gate::{
        Bounds, Later, Origin, Policy, Rule, Seconds, Section, Value,
        Verdict::{self, Failed, Inconclusive, Passed},
    },
    model::{Kind, TargetName},
    text::Clean,
};

const THREE: [(&str, &str); 3] = [("shop", "shop"), ("db", "shop"), ("mail", "other")];

fn played(there: usize, plan: &[(u64, usize, Happens)]) -> Town {
    Town::selected(&THREE, there).play(&plan.to_vec())
}

fn verdicts(town: &Town) -> Vec<Verdict> {
    town.verdicts().into_iter().map(Option::unwrap).collect()
}

#[test]
fn what_appears_before_the_first_window_ends_has_to_pass_too() {
    let town = played(
        1,
        &[(1, 0, Ready), (5, 1, Appears), (7, 2, Appears), (12, 1, Ready), (30, 2, Ready)],
    );
    assert_eq!(verdicts(&town), [Passed; 3]);
    let decided = town.decided();
    assert!(decided.iter().all(|at| (50..=54).contains(at)), "{decided:?}");
    assert!(town.fleet.notes().is_empty());

    let town = played(1, &[(1, 0, Ready), (5, 1, Appears), (12, 1, Crash)]);
    assert_eq!(verdicts(&town), [Inconclusive, Failed]);
    assert_eq!(town.decided()[1], 12);
}

#[test]
fn the_end_of_the_first_window_is_looked_at_once_more() {
    // between the look at 20 and the end of the window at 24
    let town = played(1, &[(4, 0, Ready), (22, 1, Appears), (23, 1, Ready)]);
    assert_eq!(verdicts(&town), [Passed; 2]);
    let decided = town.decided()[0];
    assert!((43..=50).contains(&decided), "{decided}");
}

#[test]
fn one_that_never_comes_up_holds_the_pass_to_the_deadline() {
    let town = played(1, &[(1, 0, Ready), (5, 1, Appears)]);
    assert_eq!(verdicts(&town), [Passed, Verdict::TimedOut]);
    assert_eq!(town.decided()[1], 60);
}

#[test]
fn what_appears_has_the_settings_that_the_policy_file_has_for_it() {
    let rule = |name: &str, seconds| Rule {
        names: vec![TargetName { kind: Kind::Deployment.into(), name: name.parse().unwrap() }],
        values: vec![(
            Value::Window(Seconds(Duration::from_secs(seconds))),
            Origin::File {
                place: Clean::from_static("deploygate.yaml:2"),
                section: Section::Targets,
            },
        )],
        ..Rule::default()
    };
    let bounds = Bounds {
        min_window: Some((
            Seconds(Duration::from_secs(10)),
            Clean::from_static("deploygate.yaml:9"),
        )),
        ..Bounds::default()
    };
    let later = Later { rules: vec![rule("db", 30), rule("mail", 1)], bounds, ..Later::default() };
    let town = Town::selected_by(Policy { later, ..policy() }, &THREE, 1);
    let plan = [(1, 0, Ready), (5, 1, Appears), (6, 1, Ready), (7, 2, Appears), (8, 2, Ready)];
    let town = town.play(&plan.to_vec());
    assert_eq!(verdicts(&town), [Passed; 3]);
    let windows: Vec<_> = town.fleet.gates().map(|gate| gate.policy().window.as_secs()).collect();
    assert_eq!(windows, [20, 30, 10]);
    let note = "deploygate.yaml:2 asks for 1s: raised to 10s by `min-window` (deploygate.yaml:9)";
    assert_eq!(town.fleet.notes().iter().map(|note| &**note).collect::<Vec<_>>(), [note]);
}

#[test]
fn what_appears_later_is_noted() {
    let town = played(2, &[(1, 0, Ready), (30, 1, Ready), (35, 2, Appears)]);
    assert_eq!(verdicts(&town), [Passed; 2]);
    assert_eq!(
        &*town.fleet.notes()[0],
        "not judged: deployment/mail in namespace other (it appeared after the first health window had ended)"
    );
    assert_eq!(town.fleet.notes().len(), 1);
}

#[test]
fn what_is_deleted_while_it_is_selected_does_not_count_unless_nothing_else_is_left() {
    let judged = |town: &Town| town.fleet.judged().count();
    let town = played(2, &[(1, 0, Ready), (1, 1, Ready), (8, 1, Missing)]);
    assert_eq!(verdicts(&town), [Passed, Inconclusive]);
    assert_eq!(judged(&town), 1);
    assert_eq!(
        &*town.fleet.notes()[0],
        "not judged: deployment/db in namespace shop (deleted during the run)"
    );
    let town = played(2, &[(1, 0, Ready), (8, 0, Missing), (8, 1, Missing)]);
    assert_eq!((verdicts(&town), judged(&town)), (vec![Inconclusive; 2], 2));
    assert!(town.fleet.notes().is_empty());
    // what failed has failed
    let town = played(2, &[(1, 0, Crash), (8, 0, Missing)]);
    assert_eq!(judged(&town), 2);
}

#[test]
fn a_selection_of_one_target_passes_as_it_would_by_its_name() {
    let selected = played(1, &[(1, 0, Ready)]);
    let named = Town::new(&THREE[..1], false).play(&vec![(1, 0, Ready)]);
    assert_eq!((selected.verdicts(), selected.decided()), (named.verdicts(), named.decided()));
}
