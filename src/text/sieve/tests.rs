//! Logs of all sizes, in chunks of all sizes.

use super::*;
use crate::text::{ExcerptRow, cap::LINE_MAX};

fn builder(max_lines: usize) -> ExcerptBuilder {
    ExcerptBuilder::new(max_lines, &Redactor::built_in())
}

fn excerpt(max_lines: usize, log: impl AsRef<[u8]>) -> Excerpt {
    let mut builder = builder(max_lines);
    builder.push_bytes(log.as_ref());
    builder.finish()
}

fn shown(excerpt: &Excerpt) -> Vec<String> {
    let row = |line| match line {
        ExcerptRow::Line(line) => line.to_string(),
        ExcerptRow::Cut(cut) => format!("<{cut}>"),
    };
    excerpt.rows().map(row).collect()
}

fn numbered(lines: usize) -> String {
    (1..=lines).map(|n| format!("line {n}\n")).collect()
}

#[test]
fn a_value_on_the_next_line_is_hidden_wherever_the_cut_falls() {
    for name in
        ["Password:\n    hunter2", "- --password\n- hunter2", "Initial password:\n\n  k9Zp3qTRs"]
    {
        for after in 0..12 {
            let log = format!("{}{name}\n{}", numbered(30), numbered(after));
            let rows = shown(&excerpt(8, log));
            let leaks = |row: &String| row.contains("hunter2") || row.contains("k9Zp3qTRs");
            assert!(!rows.iter().any(leaks), "{after}: {rows:?}");
        }
    }
}

#[test]
fn a_short_log_is_whole() {
    let excerpt = excerpt(8, numbered(8));
    assert_eq!(shown(&excerpt), numbered(8).lines().collect::<Vec<_>>());
    assert!(excerpt.cut.is_none());
}

#[test]
fn a_quarter_is_head_and_the_middle_is_counted() {
    let rows = shown(&excerpt(8, numbered(1000)));
    assert_eq!(rows[..3], ["line 1", "line 2", "<992 lines cut>"]);
    assert_eq!(rows[3..], numbered(1000).lines().collect::<Vec<_>>()[994..]);
}

#[test]
fn a_stack_trace_is_whole_where_it_fits() {
    let frames: String = (1..=8).map(|n| format!("\tmain.f{n}()\n")).collect();
    let rows = |before: usize, lines| {
        shown(&excerpt(lines, format!("{}panic: boom\n{frames}", numbered(before))))
    };
    // three lines for the head, nine for the tail: the trace fits as it is
    assert_eq!(rows(50, 12)[..5], ["line 1", "line 2", "line 3", "<47 lines cut>", "panic: boom"]);
    // two and eight: the head gives one up
    assert_eq!(rows(50, 10)[..3], ["line 1", "<49 lines cut>", "panic: boom"]);
    assert_eq!(rows(50, 10).len(), 11);
    // it does not fit, and is worth no more than its beginning and its end
    let frames =
        ["    main.f1()", "<4 lines cut>", "    main.f6()", "    main.f7()", "    main.f8()"];
    assert_eq!(rows(50, 8)[..3], ["line 1", "line 2", "<47 lines cut>"]);
    assert_eq!(rows(50, 8)[3..], [&["line 50", "panic: boom"], &frames[..]].concat());
}

#[test]
fn a_trace_before_the_last_one_takes_no_room_from_it() {
    let log = format!("{}panic: first\n\tf()\n\tg()\n\th()\npanic: last\n\tf()\n", numbered(50));
    let rows = shown(&excerpt(6, log));
    assert_eq!(rows[..2], ["line 1", "<48 lines cut>"]);
    let traces = ["panic: first", "    f()", "<2 lines cut>", "panic: last", "    f()"];
    assert_eq!(rows[2..], [&["line 50"], &traces[..]].concat());
}

#[test]
fn chunks_may_split_lines_line_ends_and_characters() {
    let log = "aé\r\nb\rc\n\nпароль 😀\r\n";
    let whole = excerpt(20, log);
    assert_eq!(shown(&whole), ["aé", "b", "c", "", "пароль 😀"]);
    for size in 1..8 {
        let mut builder = builder(20);
        for chunk in log.as_bytes().chunks(size) {
            builder.push_bytes(chunk);
        }
        assert_eq!(builder.lines_seen(), 5, "chunks of {size}");
        assert_eq!(builder.finish(), whole, "chunks of {size}");
    }
}

#[test]
fn no_log_and_no_lines_allowed_are_empty() {
    assert!(excerpt(40, "").is_empty());
    assert_eq!(shown(&excerpt(0, "a\nb")), ["<2 lines cut>"]);
    assert_eq!(shown(&excerpt(1, "a\nb")), ["<1 line cut>", "b"]);
}

#[test]
fn the_last_line_is_the_last_with_words() {
    let text = excerpt(40, "panic: x\n  \n\n");
    assert_eq!(text.last_line().map(AsRef::as_ref), Some("panic: x"));
    assert_eq!(excerpt(40, "\n").last_line(), None);
}

#[test]
fn a_long_line_is_cut_and_counted() {
    let excerpt = excerpt(4, "x".repeat(70_000));
    let line = excerpt.last_line().unwrap();
    assert!(line.len() <= LINE_MAX);
    assert!(line.ends_with("… (61848 bytes cut)"), "{}", &line[8100..]);
}

#[test]
fn memory_and_result_are_bounded_and_the_end_is_kept() {
    let mut builder = builder(1_000);
    for n in 0..2_000 {
        let word = if n % 3 == 0 { "error" } else { "" };
        builder.push_bytes(format!("{n} {word}{}\n", "\t".repeat(4_000)).as_bytes());
        let head: usize = builder.head.iter().map(|line| line.text.len()).sum();
        let middle: usize = builder.middle.iter().map(|line| line.text.len()).sum();
        assert_eq!(middle, builder.middle_bytes);
        assert!(head + builder.recent_bytes <= TEXT_MAX && middle <= 2 * MIDDLE.bytes + LINE_MAX);
    }
    builder.push_bytes(b"the end");
    let excerpt = builder.finish();
    let bytes: usize = excerpt.lines().map(|line| line.len() + 1).sum();
    assert!(bytes <= TEXT_MAX, "{bytes}");
    assert_eq!(excerpt.lines().count() as u64 + excerpt.missing().lines, 2_001);
    assert_eq!(excerpt.last_line().map(AsRef::as_ref), Some("the end"));
}

#[test]
fn a_secret_at_the_border_of_a_long_line_is_hidden() {
    for padding in 8_050..8_200 {
        let text = format!("{} password=hunter2hunter2 {}", "x".repeat(padding), "y".repeat(900));
        let excerpt = excerpt(4, text);
        assert!(!excerpt.last_line().unwrap().contains("hun"), "{padding}");
    }
}

#[test]
fn a_private_key_is_hidden_wherever_the_cut_falls() {
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n".repeat(20);
    let key = format!("-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----\n");
    for (before, after) in [(0, 0), (0, 30), (5, 5), (9, 0), (30, 0), (30, 10), (30, 30)] {
        let log = format!("{}{key}{}", numbered(before), numbered(after));
        for end in [log.len(), log.len().saturating_sub(200)] {
            let rows = shown(&excerpt(20, &log[..end]));
            assert!(
                !rows.iter().any(|row| row.contains("MII")),
                "{before} {after} {end}: {rows:?}"
            );
        }
    }
}

#[test]
fn rare_line_ends_make_lines() {
    assert_eq!(
        shown(&excerpt(3, "a\u{85}b\u{2028}c\u{2029}::error::d")),
        ["<1 line cut>", "b", "c", ": :error::d"]
    );
}

#[test]
fn a_line_that_tells_is_kept_with_its_neighbours_wherever_it_stands() {
    for at in [13, 62, 300, 940] {
        let log: String =
            (1..=1000)
                .map(|n| {
                    if n == at {
                        "ERROR no price for EUR\n".to_owned()
                    } else {
                        format!("row {n}\n")
                    }
                })
                .collect();
        let rows = shown(&excerpt(16, log));
        let found = rows.iter().position(|row| row == "ERROR no price for EUR").unwrap();
        assert_eq!(rows[found - 1], format!("row {}", at - 1), "{at}");
        assert_eq!(rows[found + 1], format!("row {}", at + 1), "{at}");
        assert_eq!((&*rows[0], &**rows.last().unwrap()), ("row 1", "row 1000"), "{at}");
        assert_eq!(rows.iter().filter(|row| !row.starts_with('<')).count(), 16, "{at}");
        assert_eq!(rows.iter().filter(|row| row.starts_with('<')).count(), 2, "{at}");
    }
}

#[test]
fn what_is_said_again_and_again_hides_no_other_line() {
    let log: String = (1..=3000)
        .map(|n| match n {
            40 => "ERROR symbol not found: NewPlugin\n".to_owned(),
            n if n % 2 == 0 => format!("ERROR request {n} failed\n"),
            n => format!("row {n}\n"),
        })
        .collect();
    let rows = shown(&excerpt(40, log));
    assert!(rows.contains(&"ERROR symbol not found: NewPlugin".to_owned()), "{rows:?}");
}

#[test]
fn the_line_that_tells_most_is_kept_also_where_there_is_room_for_one() {
    let log = format!("{}fatal: no price for EUR\n{}", numbered(50), numbered(50));
    assert_eq!(
        shown(&excerpt(1, &log)),
        ["<50 lines cut>", "fatal: no price for EUR", "<50 lines cut>"]
    );
    assert_eq!(
        shown(&excerpt(2, &log)),
        ["<50 lines cut>", "fatal: no price for EUR", "<49 lines cut>", "line 50"]
    );
}

#[test]
fn a_line_that_is_too_long_is_cut_around_what_it_tells() {
    for (before, after) in [(20_000, 20_000), (200_000, 0), (9_000, 300_000), (100, 20_000)] {
        let (before, after) = ("a".repeat(before), "b ".repeat(after / 2));
        let log = format!(
            "INFO start\nERROR password=hunter2 {before} Caused by: no price {after}\nbye\n"
        );
        let excerpt = excerpt(8, log);
        let line = excerpt.lines().nth(1).unwrap();
        let at = line.find("Caused by: no price").unwrap();
        assert!(line.starts_with("ERROR password=[redacted] ") && line.len() <= LINE_MAX, "{line}");
        assert!(at < LINE_MAX / 2 && line.contains("bytes cut)"), "{at}");
    }
}

#[test]
fn a_beginning_and_an_end_that_were_read_apart_are_one_log() {
    let joined = |first: String, last: String| {
        let (mut start, mut end) = (builder(12), builder(12).from_the_middle());
        start.push_bytes(first.as_bytes());
        end.push_bytes(last.as_bytes());
        start.finish_with(end)
    };
    let rows = shown(&joined(
        format!("{}ERROR no plugin\n{}cut off here", numbered(80), numbered(20)),
        format!("{}ERROR no price\n{}", numbered(30), numbered(40)),
    ));
    assert_eq!(rows[..5], ["line 1", "line 2", "line 3", "<77 lines cut>", "ERROR no plugin"]);
    // they may overlap
    assert_eq!(rows[5..9], ["<some lines cut>", "line 29", "line 30", "ERROR no price"]);
    assert_eq!(rows[9..], ["line 1", "line 2", "<35 lines cut>", "line 38", "line 39", "line 40"]);
    let rows = shown(&joined(numbered(900), numbered(200)));
    assert_eq!(rows[2..5], ["line 3", "<at least 888 lines cut>", "line 192"]);
}

#[test]
fn a_key_that_began_before_the_stream_is_hidden() {
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n".repeat(30);
    let log = format!("{body}-----END PRIVATE KEY-----\n{}fatal: x\n{}", numbered(9), numbered(90));
    for lines in [4, 8, 40] {
        let mut builder = builder(lines).from_the_middle();
        builder.push_bytes(log.as_bytes());
        let rows = shown(&builder.finish());
        assert!(!rows.iter().any(|row| row.contains("MII")), "{lines}: {rows:?}");
        assert!(rows.contains(&"fatal: x".to_owned()), "{lines}: {rows:?}");
    }
}

#[test]
fn an_error_in_a_private_key_does_not_show_it() {
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n".repeat(20);
    let key = format!("-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----\n");
    for around in ["error: bad key\n", "x\nerror: bad key\n", "error: bad key\nx\n"] {
        let log = format!("{}{around}{key}{around}{}", numbered(60), numbered(60));
        let rows = shown(&excerpt(16, log));
        assert!(!rows.iter().any(|row| row.contains("MII")), "{rows:?}");
        assert!(rows.contains(&"error: bad key".to_owned()), "{rows:?}");
    }
}

#[test]
fn recordings_of_older_versions_are_read() {
    let old = r#"{"head": ["a"], "cut": {"lines": 7, "exact": true}, "tail": ["b"]}"#;
    let excerpt: Excerpt = serde_json::from_str(old).unwrap();
    assert_eq!(shown(&excerpt), ["a", "<7 lines cut>", "b"]);
    assert_eq!(serde_json::to_string(&excerpt).unwrap(), old.replace(": ", ":").replace(", ", ","));
}

#[test]
fn survives_serialisation() {
    let excerpt = excerpt(8, format!("{}fatal: x\n{}", numbered(30), numbered(30)));
    assert_eq!(excerpt.kept.len(), 1);
    let json = serde_json::to_string(&excerpt).unwrap();
    assert_eq!(serde_json::from_str::<Excerpt>(&json).unwrap(), excerpt);
}
