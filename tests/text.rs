//! Text from the cluster, whatever it is, commands no runner and hides nothing once it is clean.

// `cfg(test)` tells clippy that these are tests, where `unwrap` is welcome.
#[cfg(test)]
#[path = "redaction/corpus.rs"]
mod corpus;
#[cfg(test)]
#[path = "support/hostile.rs"]
mod hostile;
#[cfg(test)]
#[path = "support/oracle.rs"]
mod oracle;

use std::borrow::Cow;

use deploygate::clean;
use deploygate::text::{Clean, Excerpt, ExcerptBuilder, Redactor, Untrusted, neutralize};
use oracle::Reader;
use proptest::prelude::*;

fn excerpt(log: &[u8], max_lines: usize) -> Excerpt {
    let mut builder = ExcerptBuilder::new(max_lines, &Redactor::built_in());
    builder.push_bytes(log);
    builder.finish()
}

/// Every way in which a text may be shown.
fn shown(bytes: &[u8]) -> Vec<Clean> {
    let raw = Untrusted::new(String::from_utf8_lossy(bytes));
    let mut redacted = raw.clone();
    redacted.redact(&Redactor::built_in());
    let mut shown = vec![raw.to_clean(), raw.to_clean_line(200), redacted.to_clean()];
    let excerpt = excerpt(bytes, 40);
    shown.extend(excerpt.head.into_iter().chain(excerpt.tail));
    shown
}

fn assert_harmless(text: &str) {
    assert_eq!(oracle::commands(text), [], "{text:?}");
    assert!(!oracle::hidden(text), "{text:?}");
}

#[test]
fn raw_hostile_inputs_command_the_runners() {
    let obeys = |id: &str| {
        let input = hostile::inputs().into_iter().find(|input| input.id == id).unwrap();
        let text = String::from_utf8_lossy(&input.bytes).into_owned();
        oracle::commands(&text).into_iter().map(|(reader, _)| reader).collect::<Vec<_>>()
    };
    for id in ["H01", "H02", "H03", "H04", "H05", "H19"] {
        assert_eq!(obeys(id), [Reader::GitHub], "{id}");
    }
    assert_eq!(obeys("H06"), [Reader::GitHub]);
    assert_eq!(obeys("H07"), [Reader::GitHub; 3]);
    assert_eq!(obeys("H08"), [Reader::Azure]);
    assert_eq!(obeys("H09"), [Reader::GitLab]);
    assert_eq!(obeys("H10"), [Reader::GitLab]);
    assert_eq!(obeys("H34"), [Reader::Jenkins; 2]);
    assert_eq!(obeys("H37"), [Reader::TeamCity]);
    assert_eq!(obeys("H40"), [Reader::GitHub]);
}

#[test]
fn clean_hostile_inputs_command_nobody_and_hide_nothing() {
    let inputs = hostile::inputs();
    assert_eq!(inputs.len(), 40);
    for input in inputs {
        for text in shown(&input.bytes) {
            assert_harmless(&text);
            assert!(text.len() <= 64 * 1024, "{}", input.id);
        }
    }
}

#[test]
fn debug_output_of_hostile_inputs_commands_nobody() {
    for input in hostile::inputs() {
        assert_harmless(&format!("{:?}", Untrusted::new(String::from_utf8_lossy(&input.bytes))));
    }
}

#[test]
fn what_the_hostile_inputs_say_can_still_be_read() {
    let table = [
        ("H03", "ok\n: :add-mask::prod"),
        ("H04", "2026-01-01T00:00:00Z INFO ## [error]forged annotation"),
        ("H11", "deploygate: PASSED"),
        ("H12", "FAILED: boom\nPASSED"),
        ("H13", "bad \u{fffd}\u{fffd} chars"),
        ("H15", "goroutine 1 [running]:\n    main.main()\n        /app/main.go:12 +0x1d"),
        ("H32", "\u{fffd}\u{fffd}gnissap\u{fffd} zerowidth"),
        ("H33", "\u{1f600} \u{1f468}\u{1f469}\u{1f467} e\u{301} \u{4e2d}\u{6587}"),
        (
            "H35",
            "Authorization: Bearer [redacted] password=[redacted] AWS_SECRET_ACCESS_KEY=[redacted]",
        ),
        ("H37", "##teamcity [buildStatus status='SUCCESS' text='ok']"),
    ];
    let inputs = hostile::inputs();
    for (id, expected) in table {
        let input = inputs.iter().find(|input| input.id == id).unwrap();
        let mut text = Untrusted::new(String::from_utf8_lossy(&input.bytes));
        text.redact(&Redactor::built_in());
        assert_eq!(&*text.to_clean(), expected, "{id}");
    }
}

#[test]
fn no_character_hides() {
    for c in '\0'..=char::MAX {
        let text = neutralize(c.encode_utf8(&mut [0; 4])).into_owned();
        assert!(!oracle::hidden(&text), "{c:?} became {text:?}");
    }
}

/// Text made of what matters to the rules, and of anything.
fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        8 => prop::sample::select(vec![
            "##", "#", "[", "]", "::", ":", "error", "##[error]", "::error::", "##vso[", "##VSO",
            "##teamcity[", "[[", "ATTACHMENT|", "property|", "section_start:1:x", "\r\u{1b}[0K",
            "\r", "\n", "\r\n", "\t", " ", "\u{a0}", "\u{85}", "\u{2028}", "\u{1b}", "[31m",
            "\u{9b}", "\u{1b}]", "\u{7}", "\u{1b}\\", "\u{90}", "\u{9c}", "\u{200b}", "\u{feff}",
            "\u{ad}", "\u{202e}", "\u{fffe}", "\u{e0041}", "password", "token", "secret", "=", ": ",
            "\"", "\\\"", "\\n", "Bearer ", "eyJhbGciOiJSUzI1NiJ9.e30", "://u:", "@", "hunter2",
            "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "MIIEvQIBADANBgkq",
            "[redacted]", "--", "Authorization", ",", ";", "{", "}",
        ]).prop_map(str::to_owned),
        2 => any::<char>().prop_map(String::from),
        1 => "[ -~]{0,12}",
    ];
    prop::collection::vec(fragment, 0..24).prop_map(|fragments| fragments.concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn neutral_text_is_harmless_and_stays_as_it_is(text in fragments()) {
        let once = neutralize(&text).into_owned();
        assert_harmless(&once);
        prop_assert!(matches!(neutralize(&once), Cow::Borrowed(_)), "{once:?}");
    }

    #[test]
    fn every_way_to_show_is_harmless(text in fragments()) {
        for text in shown(text.as_bytes()) {
            assert_harmless(&text);
        }
    }

    #[test]
    fn any_bytes_make_a_harmless_excerpt(
        log in prop::collection::vec(any::<u8>(), 0..600), max_lines in 0_usize..12,
    ) {
        let excerpt = excerpt(&log, max_lines);
        prop_assert!(excerpt.head.len() + excerpt.tail.len() <= max_lines);
        for line in excerpt.head.iter().chain(&excerpt.tail) {
            assert_harmless(line);
            prop_assert!(!line.contains('\n'));
        }
    }

    #[test]
    fn a_clean_line_is_one_line_of_limited_length(text in fragments(), max_chars in 0_usize..60) {
        let line = Untrusted::from(text).to_clean_line(max_chars);
        prop_assert!(line.chars().count() <= max_chars);
        prop_assert!(!line.contains('\n'));
    }

    #[test]
    fn clean_parts_side_by_side_are_harmless(left in fragments(), right in fragments()) {
        let (left, right) = (Untrusted::from(left).to_clean(), Untrusted::from(right).to_clean());
        assert_harmless(&clean!("{}{}", left, right));
    }

    #[test]
    fn an_assigned_password_never_survives(
        before in fragments(),
        secret in "[A-Za-z0-9!#$%+/_-]{0,12}Zq7[A-Za-z0-9]{4,12}",
        after in fragments(),
    ) {
        prop_assume!(!before.contains("Zq7") && !after.contains("Zq7"));
        for text in [
            format!("{before} password={secret} {after}"),
            format!("{before} \"db_password\":\"{secret}\",{after}"),
            format!("{before} postgres://app:{}@db {after}", secret.replace('/', "p/")),
        ] {
            let mut text = Untrusted::from(text);
            text.redact(&Redactor::built_in());
            prop_assert!(!text.to_clean().contains("Zq7"), "{text:?}");
        }
    }
}
