//! A release of several targets in a line.

use super::{counted, joined};
use crate::{clean, text::Clean};

/// How many of all targets are in which state, in the order given; those of none are left out: `3 of 20 targets failed,
/// 17 passed`.
pub fn total(parts: &[(u64, &'static str)]) -> Clean {
    let all: u64 = parts.iter().map(|(count, _)| count).sum();
    let told = parts.iter().filter(|(count, _)| *count > 0).enumerate();
    let told: Vec<_> = told
        .map(|(place, (count, state))| {
            let (state, targets) = (Clean::from_static(state), counted(all, "target"));
            match place {
                0 if *count == all && all > 1 => clean!("all {} {}", targets, state),
                0 if *count == all => clean!("{} {}", targets, state),
                0 => clean!("{} of {} {}", count, targets, state),
                _ => clean!("{} {}", count, state),
            }
        })
        .collect();
    match &*told {
        [] => Clean::from_static("there was no target to judge"),
        told => joined(told, ", "),
    }
}

/// What a target was at when it was stopped, in the row of a list.
pub fn stopped_at(is_complete: bool, ready: &Clean) -> Clean {
    match is_complete {
        true => clean!("not decided: its health window was not over, {}", ready),
        false => clean!("not decided: still rolling out, unwatched, {}", ready),
    }
}

/// The same of one that was rolled back then.
pub fn stopped_and_rolled_back(ready: &Clean) -> Clean {
    clean!("not decided: rolled back after the failure, {} until then", ready)
}

/// Targets that were stopped after another one failed. `unwatched`: those that were still rolling out, where they are not
/// all.
pub fn stopped(names: &Clean, rolling: u64, all: u64, unwatched: &Clean) -> Clean {
    match rolling {
        0 => clean!("{} (stopped after the failure)", names),
        _ if rolling == all => {
            clean!("{} (stopped after the failure; still rolling out, unwatched)", names)
        }
        _ => clean!(
            "{} (stopped after the failure); still rolling out, unwatched: {}",
            names,
            unwatched
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_counted_and_those_of_none_left_out() {
        let told = |parts: &[(u64, &'static str)]| total(parts).to_string();
        let mixed = [(0, "timed out"), (3, "failed"), (17, "passed")];
        assert_eq!(told(&mixed), "3 of 20 targets failed, 17 passed");
        assert_eq!(told(&[(0, "failed"), (20, "passed")]), "all 20 targets passed");
        assert_eq!(told(&[(1, "passed")]), "1 target passed");
        assert_eq!(told(&[]), "there was no target to judge");
    }
}
