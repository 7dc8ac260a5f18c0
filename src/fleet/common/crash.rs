//! The way in which a program ends: its exit code and what it says last, without what differs from run to run.

use super::Member;
use crate::{
    evidence::Evidence,
    gate::{Cause, Finding},
    signs,
    text::{Clean, Untrusted},
};

/// Characters of a line that is compared and quoted.
const LINE: usize = 300;

/// Words and letters that a line must have at least: fewer may be anyone's.
const WORDS: usize = 3;
const LETTERS: usize = 12;

/// Stands for a word that differs from run to run.
const VARIES: &str = "#";

/// How a program ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Crash {
    pub(super) exit_code: i32,
    line: String,
}

/// How the program of a finding ends; `None` where its last words may be anyone's.
pub(super) fn of(finding: &Finding) -> Option<Crash> {
    if !matches!(finding.cause, Cause::CrashLoop | Cause::Exited | Cause::JobFailed) {
        return None;
    }
    let evidence = finding.evidence.as_ref()?;
    let line = said(evidence).filter(|line| !signs::is_consequence(line))?;
    let line = without_what_varies(&line, &evidence.pod);
    let words = line.split(' ').filter(|word| *word != VARIES).count();
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    (words >= WORDS && letters >= LETTERS).then_some(Crash { exit_code: finding.exit_code?, line })
}

/// The line as the first of the targets has it.
pub(super) fn line(members: &[Member<'_>]) -> Clean {
    let evidence = members.first().and_then(|member| member.finding.evidence.as_ref());
    evidence.and_then(said).unwrap_or_default()
}

fn said(evidence: &Evidence) -> Option<Clean> {
    let left = || {
        let message = evidence.termination_message.as_ref()?;
        let last = message.lines().rev().find(|line| !line.trim().is_empty())?;
        Some(Untrusted::from(last).to_clean_line(LINE))
    };
    evidence.telling_line(LINE, false).or_else(left)
}

/// Its words, with a mark in the place of times, numbers, hashes and the pod's own name. A port stays: another one is
/// another reason.
fn without_what_varies(line: &str, pod: &str) -> String {
    let mut before = "";
    let words = line.split_whitespace().map(|word| {
        let is_port = before.eq_ignore_ascii_case("port");
        before = word;
        let is_pod = !pod.is_empty() && word.contains(pod);
        if is_pod || (varies(word) && !is_port) { VARIES } else { word }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn varies(word: &str) -> bool {
    let core = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let is_of = |allowed: &str| {
        !core.is_empty() && core.chars().all(|c| c.is_ascii_digit() || allowed.contains(c))
    };
    let count = |mark: char| core.matches(mark).count();
    let has_digit = core.contains(|c: char| c.is_ascii_digit());
    let starts_with_digit = core.starts_with(|c: char| c.is_ascii_digit());
    let is_hex =
        core.len() >= 8 && has_digit && core.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    // `:8080` is an address, `8080` may be anything
    let is_number = is_of("") && !word.starts_with(':');
    let is_time = is_of("-:.,/TZ+") && (count(':') >= 2 || count('-') >= 2 || count('/') >= 2);
    let unit = core.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let is_length = starts_with_digit && ["ms", "s", "m", "h", "us", "µs", "ns"].contains(&unit);
    is_number || is_time || is_hex || is_length || core.starts_with("0x")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_numbers_hashes_and_the_pod_are_taken_out() {
        for (line, expected) in [
            (
                "2026-03-01T12:00:01.5Z [17] fatal: no license on app-1 (id 8f14e45fce)",
                "# # fatal: no license on # (id #",
            ),
            (
                "fatal: cannot listen on port 8080 after 12ms",
                "fatal: cannot listen on port 8080 after #",
            ),
            ("12:00:01 panic at 0xc000 in v2", "# panic at # in v2"),
            ("listen tcp :8080: bind: in use", "listen tcp :8080: bind: in use"),
            ("db.example:5432 gone", "db.example:5432 gone"),
        ] {
            assert_eq!(without_what_varies(line, "app-1"), expected);
        }
    }
}
