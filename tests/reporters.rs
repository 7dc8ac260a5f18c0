//! What a run looks like while it lasts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/events.rs"]
mod events;
#[path = "support/outcomes.rs"]
#[expect(dead_code, reason = "shared with tests of the reports' content")]
mod outcomes;

use std::io;

use anstream::ColorChoice;
use deploygate::gate::{GateEvent, Progress};
use deploygate::model::Elapsed;
use deploygate::outcome::Outcome;
use deploygate::report::{Loudness, Plain, Reporter, Terminal};
use events::Step;
use indicatif::{InMemoryTerm, ProgressDrawTarget};

fn failed() -> Outcome {
    outcomes::outcome(vec![outcomes::failed()])
}

fn plain(color: ColorChoice, loudness: Loudness, steps: &[Step], outcome: &Outcome) -> String {
    let mut plain = Plain::new(Vec::new(), color, loudness, &events::targets());
    events::play(&mut plain, steps);
    plain.finish(outcome);
    String::from_utf8(plain.into_inner()).unwrap()
}

#[test]
fn plain_lines_tell_the_run() {
    let steps = events::run(&outcomes::clean("0/2 nodes are available: 2 Insufficient cpu."));
    let lines = plain(ColorChoice::Never, Loudness::Normal, &steps, &failed());
    insta::assert_snapshot!("plain", lines);
    let verbose = plain(ColorChoice::Never, Loudness::Verbose, &steps, &failed());
    insta::assert_snapshot!("plain_verbose", verbose);
}

#[test]
fn quiet_is_the_verdict_only() {
    let steps = events::run(&outcomes::clean("x"));
    let lines = plain(ColorChoice::Never, Loudness::Quiet, &steps, &failed());
    insta::assert_snapshot!("plain_quiet", lines);
}

#[test]
fn the_last_lines_of_each_verdict() {
    let mut lines = String::new();
    for (_, target) in outcomes::each_verdict() {
        let outcome = outcomes::outcome(vec![target]);
        lines += &plain(ColorChoice::Never, Loudness::Quiet, &[], &outcome);
    }
    insta::assert_snapshot!("last_lines", lines);
    let targets = outcomes::each_verdict().map(|(_, target)| target);
    let outcome = outcomes::outcome(targets.into());
    let several = plain(ColorChoice::Never, Loudness::Quiet, &[], &outcome);
    let last = "INTERRUPTED  1 of 6 targets interrupted, 1 failed, 1 timed out, 1 inconclusive,\n         \
                1 superseded, 1 passed (prod) after 1m15s\n";
    assert!(several.ends_with(last), "{several}");
}

#[test]
fn what_targets_share_comes_first_in_the_last_lines() {
    let named = |name| outcomes::named(outcomes::failed(), name);
    let outcome = outcomes::outcome(vec![named("api"), named("web"), outcomes::passed()]);
    let lines = plain(ColorChoice::Never, Loudness::Quiet, &[], &outcome);
    insta::assert_snapshot!("common_last_lines", lines);
}

#[test]
fn silence_never_lasts_longer_than_the_heartbeat() {
    let ticks: Vec<_> = (1..=600).map(|second| Step::Tick(Elapsed::from_secs(second))).collect();
    let lines = plain(ColorChoice::Never, Loudness::Normal, &ticks, &failed());
    assert_eq!(
        lines.lines().filter(|line| line.contains("still waiting for the first read")).count(),
        20,
        "{lines}"
    );
}

#[test]
fn many_steps_of_progress_make_few_lines_and_the_last_one_counts() {
    let steps: Vec<_> = (0..=500)
        .map(|ready| {
            let progress = Progress { desired: 500, updated: 500, ready, ..Progress::default() };
            Step::Event(GateEvent::Progress { at: Elapsed::from_millis(ready * 20), progress })
        })
        .chain([Step::Tick(Elapsed::from_secs(12))])
        .collect();
    let lines = plain(ColorChoice::Never, Loudness::Normal, &steps, &failed());
    let progress: Vec<_> = lines.lines().filter(|line| line.contains("rolling out:")).collect();
    assert!(progress.len() < 10, "{lines}");
    assert!(progress.last().unwrap().ends_with("500 of 500 pods ready"), "{lines}");
}

#[test]
fn colours_are_the_callers_choice() {
    let steps = events::run(&outcomes::clean("x"));
    let with = plain(ColorChoice::AlwaysAnsi, Loudness::Normal, &steps, &failed());
    let without = plain(ColorChoice::Never, Loudness::Normal, &steps, &failed());
    assert!(with.contains("\u{1b}[") && !without.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&with).to_string(), without);
}

#[test]
fn a_closed_pipe_changes_nothing() {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let writer: Box<dyn io::Write> = Box::new(writer);
    let mut plain = Plain::new(writer, ColorChoice::Never, Loudness::Normal, &events::targets());
    events::play(&mut plain, &events::run(&outcomes::clean("x")));
    plain.finish(&failed());
}

/// A terminal of 100 columns and what a run draws on it: after each step what is seen, without repeats.
fn screens(loudness: Loudness, steps: &[Step]) -> Vec<String> {
    let screen = InMemoryTerm::new(40, 100);
    let draw_target = ProgressDrawTarget::term_like_with_hz(Box::new(screen.clone()), 255);
    let mut terminal = Terminal::on(draw_target, true, loudness, &events::targets());
    let mut seen = vec![screen.contents()];
    for step in steps {
        events::play(&mut terminal, std::slice::from_ref(step));
        seen.push(screen.contents());
    }
    terminal.finish(&failed());
    seen.push(screen.contents());
    seen.dedup();
    seen
}

#[test]
fn a_terminal_ends_with_the_lines_and_no_bar() {
    let steps = events::run(&outcomes::clean("0/2 nodes are available: 2 Insufficient cpu."));
    let seen = screens(Loudness::Normal, &steps);
    insta::assert_snapshot!("terminal_end", seen.last().unwrap());
    for line in ["suspected pending", "rollout complete"] {
        // printing a line draws the bars under it
        let screen = seen.iter().find(|screen| screen.contains(line)).unwrap();
        insta::assert_snapshot!(format!("terminal_{}", line.replace(' ', "_")), screen);
    }
    let quiet = screens(Loudness::Quiet, &steps);
    assert_eq!(quiet.len(), 2, "{quiet:?}");
    assert_eq!(quiet[0], "");
    assert!(quiet[1].starts_with("FAILED"), "{quiet:?}");
}
