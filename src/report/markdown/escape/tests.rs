use super::*;

#[test]
fn harmless_words_stay_prose() {
    for text in [
        "container app: CrashLoopBackOff in 2 of 3 pods (exit 1, restarts 0→4)",
        "0/3 nodes are available: 3 Insufficient cpu.",
        "90% of the pods; don't wait…",
        "from 2026-11-24 13:27:11 UTC to 13:27:12.",
    ] {
        assert_eq!(prose(text), text);
    }
}

#[test]
fn words_that_a_forge_reads_become_code() {
    let table = [
        ("ask @all now", "ask `@all` now"),
        ("see http://x.y/z", "see `http://x.y/z`"),
        ("see www.x.y", "see `www.x.y`"),
        ("(www.x.y), \"@all\": no", "(`www.x.y`), \"`@all`\": no"),
        ("fixes #12 and GH-3", "fixes `#12` and `GH-3`"),
        ("at 6d5f9c7b8", "at `6d5f9c7b8`"),
        ("<img src=x> **b**", "`<img src=x> **b**`"),
        (":tada: a:b:c", "`:tada`: `a:b:c`"),
        ("12:100:00 1:34:56 :12:34:56", "`12:100:00 1:34:56 :12:34:56`"),
        ("::: x", "`:::` x"),
        ("a@sha256:00", "`a@sha256:00`"),
        ("%12 100% %x", "`%12` 100% `%x`"),
    ];
    for (text, expected) in table {
        assert_eq!(prose(text), expected, "{text}");
    }
}

/// What cmark-gfm leaves outside of code in a line: it gives up on more than 80 backticks.
fn outside_of_code(line: &str) -> String {
    let mut outside = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        outside.push_str(&rest[..start]);
        let run = rest.len() - start - rest[start..].trim_start_matches('`').len();
        let (fence, after) = rest[start..].split_at(run);
        let mut ends = after.match_indices('`').map(|(at, _)| at).filter(|at| {
            let here = &after[*at..];
            !after[..*at].ends_with('`') && here.len() - here.trim_start_matches('`').len() == run
        });
        rest = match ends.next().filter(|_| run <= 80) {
            Some(end) => &after[end + run..],
            None => {
                outside.push_str(fence);
                after
            }
        };
    }
    outside + rest
}

#[test]
fn no_run_of_backticks_leaves_code_where_the_reader_gives_up() {
    for length in (1..300).chain([1_000, 65_536]) {
        let ticks = "`".repeat(length);
        for text in [
            format!("{ticks} ![x](https://x.y) @all <img src=x>"),
            format!("![x](https://x.y) {ticks}@all{ticks}"),
            format!("{ticks}@all{ticks} [x](https://x.y)"),
        ] {
            for shown in [code(&text), prose(&text), cell(&prose(&text))] {
                let outside = outside_of_code(&shown);
                assert!(!outside.contains(['@', '<', '[']), "{length}: {outside}");
            }
        }
        let lines = fenced(&[ticks.clone(), format!("    {ticks}")]);
        let fence = lines.len() - lines.trim_start_matches('`').len();
        assert!(fence <= 80, "{length}");
        assert_eq!(
            lines
                .lines()
                .filter(|line| line.trim().len() >= fence && line.trim().chars().all(|c| c == '`'))
                .count(),
            1
        );
    }
    // the model itself gives up
    assert_eq!(outside_of_code(&format!("{0}@all{0}", "`".repeat(81))).matches("@all").count(), 1);
    assert_eq!(outside_of_code(&format!("{0}@all{0}", "`".repeat(80))), "");
}

#[test]
fn what_stands_in_backticks_is_code() {
    let table = [
        ("`--expect-image` was not given", "`--expect-image` was not given"),
        ("correct `command`, or `args`: see", "correct `command`, or `args`: see"),
        ("a `b`c`d`", "a `b`c `d`"),
        ("`a``b`@x", "`a` `b` `@x`"),
        ("`` ` <x>", "``` `` ` <x> ```"),
        ("ww` `w.x.y", "ww w.x.y"),
        ("`<img>` <img>", "`<img>` `<img>`"),
    ];
    for (text, expected) in table {
        assert_eq!(prose(text), expected, "{text}");
    }
}

#[test]
fn code_cannot_be_left() {
    assert_eq!(code("a`b"), "``a`b``");
    assert_eq!(code("```"), "```` ``` ````");
    assert_eq!(code(" a\n\nb "), "`a b`");
    assert_eq!(code(" \n "), "");
}

#[test]
fn a_pipe_stays_in_its_cell() {
    assert_eq!(cell("`a|b`"), "`a\\|b`");
    assert_eq!(cell("`a\\|b`"), "`a\\ \\|b`");
}

#[test]
fn a_fence_is_longer_than_any_in_the_text() {
    let lines = ["`````".to_owned(), "~~~~".to_owned()];
    assert_eq!(fenced(&lines), "``````text\n`````\n~~~~\n``````\n");
    assert_eq!(fenced(&[""; 0]), "```text\n```\n");
}
