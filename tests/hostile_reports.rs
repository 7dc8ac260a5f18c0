//! Whatever the cluster says, no report breaks, commands a runner, or shows what is hidden.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/events.rs"]
mod events;
#[path = "support/hostile.rs"]
mod hostile;
#[path = "support/html.rs"]
#[expect(dead_code, reason = "shared with tests of the reports' content")]
mod html;
#[path = "support/markdown.rs"]
mod markdown;
#[path = "support/oracle.rs"]
mod oracle;
#[path = "support/outcomes.rs"]
#[expect(dead_code, reason = "shared with tests of the reports' content")]
mod outcomes;
#[path = "support/xml.rs"]
mod xml;

use std::io;
use std::sync::{Arc, Mutex};

use anstream::ColorChoice;
use deploygate::gate::{Cause, ReasonCode};
use deploygate::outcome::Outcome;
use deploygate::report::{self, Format, Loudness, Plain, Reporter, Terminal, github};
use indicatif::{ProgressDrawTarget, TermLike};

/// What the documents of all inputs have in common is what they have with a text that harms nobody.
const HARMLESS: &[u8] = b"Back-off restarting failed container";

fn text(format: Format, outcome: &Outcome) -> String {
    String::from_utf8(report::render(format, outcome)).unwrap()
}

fn outcome(bytes: &[u8]) -> Outcome {
    outcomes::outcome(vec![outcomes::hostile(bytes)])
}

fn assert_harmless(text: &str, id: &str) {
    assert_eq!(oracle::commands(text), [], "{id}");
    assert!(!oracle::hidden(text), "{id}: {text:?}");
}

#[test]
fn junit_stays_whole_and_keeps_its_names() {
    let names = |cases: &[xml::Case]| {
        let name = |case: &xml::Case| {
            let ends = case.ends.iter().map(|end| (end.element.clone(), end.kind.clone()));
            (
                case.suite.clone(),
                case.classname.clone(),
                case.name.clone(),
                ends.collect::<Vec<_>>(),
            )
        };
        cases.iter().map(name).collect::<Vec<_>>()
    };
    let expected = names(&xml::read(&report::render(Format::Junit, &outcome(HARMLESS))));
    for input in hostile::inputs() {
        let file = text(Format::Junit, &outcome(&input.bytes));
        let cases = xml::read(file.as_bytes());
        assert_eq!(names(&cases), expected, "{}", input.id);
        assert_harmless(&file, &input.id);
        for end in cases.iter().flat_map(|case| &case.ends) {
            assert_harmless(&end.text, &input.id);
            assert!(!end.message.contains('\n') && end.message.chars().count() <= 200);
            // as dorny/test-reporter prints it to its own log
            let kind = end.kind.as_deref().unwrap_or_default();
            let printed = format!("\t{kind}: {}", end.message);
            assert_eq!(oracle::commands(&printed), [], "{}", input.id);
            let known = Cause::ALL.iter().any(|cause| cause.as_str() == kind)
                || kind == ReasonCode::Internal.as_str();
            assert!(known || end.element == "skipped", "{kind}");
        }
    }
}

#[test]
fn markdown_is_nothing_but_ours_outside_of_code() {
    let expected = markdown::read(&text(Format::Markdown, &outcome(HARMLESS)));
    for input in hostile::inputs() {
        let id = &input.id;
        let document = text(Format::Markdown, &outcome(&input.bytes));
        assert_harmless(&document, id);
        let seen = markdown::read(&document);
        assert_eq!(seen.html, expected.html, "{id}");
        assert_eq!(seen.headings, expected.headings, "{id}");
        assert_eq!(seen.others, Vec::<String>::new(), "{id}");
        assert_eq!(seen.columns, expected.columns, "{id}");
        assert_eq!(seen.last, expected.last, "{id}");
        // what a forge makes a mention, a reference, an address or an emoji of
        for sign in ["@", "#", "!", "~", "$", "<", "://", "www.", "[", "&", "`", "|", "\\"] {
            assert!(!seen.prose.contains(sign), "{id}: {sign} in {}", seen.prose);
        }
    }
}

/// Elements that mark words in a text of the cluster's, and have no attribute of its own.
fn is_of_text(element: &str) -> bool {
    ["code", "mark", "span class=\"cut\""].contains(&element)
}

#[test]
fn html_has_no_element_or_attribute_of_the_clusters() {
    let elements = |bytes: &[u8], id: &str| {
        let document = text(Format::Html, &outcome(bytes));
        assert_harmless(&document, id);
        let seen = html::read(&document);
        assert_harmless(&seen.text, id);
        let elements = seen.elements.into_iter().filter(|element| !is_of_text(element));
        elements.collect::<Vec<_>>()
    };
    let expected = elements(HARMLESS, "harmless");
    for input in hostile::inputs() {
        assert_eq!(elements(&input.bytes, &input.id), expected, "{}", input.id);
    }
    for (id, bytes) in [
        ("script", &b"<script>alert(1)</script><img src=x onerror=alert(1)>"[..]),
        ("attribute", b"\" onload=\"alert(1)\" style='x' ' >"),
        ("end", b"</code></pre></title></style></details></main><svg onload=x>"),
        ("comment", b"<!-- --!> <![CDATA[ ]]> <?x ?> &lt;&#60;&bogus;"),
        ("links", b"javascript:alert(1) https://x.example/ data:text/html,x"),
    ] {
        assert_eq!(elements(bytes, id), expected, "{id}");
    }
}

#[test]
fn json_stays_json() {
    for input in hostile::inputs() {
        let outcome = outcome(&input.bytes);
        let document = text(Format::Json, &outcome);
        assert_harmless(&document, &input.id);
        assert_eq!(serde_json::from_str::<Outcome>(&document).unwrap(), outcome, "{}", input.id);
    }
}

#[test]
fn annotations_are_our_commands_only() {
    for input in hostile::inputs() {
        let lines = github::annotations(&outcome(&input.bytes)).join("\n");
        let commands: Vec<_> = oracle::commands(&lines).into_iter().map(|(_, line)| line).collect();
        assert_eq!(commands, lines.lines().collect::<Vec<_>>(), "{}", input.id);
        assert_eq!(commands.len(), 1);
        let (place, rest) = commands[0].split_once(",line=7,").unwrap();
        assert!(place.starts_with("::error file=") && !place.contains(','), "{place}");
        assert!(rest.starts_with("title=deploygate failed%3A deployment/app in prod::"), "{rest}");
    }
}

#[test]
fn lines_of_a_run_command_nothing() {
    for input in hostile::inputs() {
        let steps = events::run(&outcomes::clean(&String::from_utf8_lossy(&input.bytes)));
        let mut plain =
            Plain::new(Vec::new(), ColorChoice::Never, Loudness::Verbose, &events::targets());
        events::play(&mut plain, &steps);
        plain.finish(&outcome(&input.bytes));
        assert_harmless(&String::from_utf8(plain.into_inner()).unwrap(), &input.id);
    }
}

#[test]
fn a_terminal_gets_no_sequence_from_the_cluster() {
    for input in hostile::inputs() {
        let written = Written::default();
        let draw_target = ProgressDrawTarget::term_like_with_hz(Box::new(written.clone()), 255);
        let mut terminal = Terminal::on(draw_target, false, Loudness::Verbose, &events::targets());
        let steps = events::run(&outcomes::clean(&String::from_utf8_lossy(&input.bytes)));
        events::play(&mut terminal, &steps);
        terminal.finish(&outcome(&input.bytes));
        let written = written.0.lock().unwrap();
        assert!(written.contains("FAILED  deployment/app"));
        assert!(!oracle::hidden(&written), "{}: {written:?}", input.id);
    }
}

/// Keeps what is written; movements of the cursor are calls, so they are not in it.
#[derive(Clone, Debug, Default)]
struct Written(Arc<Mutex<String>>);

impl TermLike for Written {
    fn width(&self) -> u16 {
        120
    }
    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(text)?;
        self.write_str("\n")
    }
    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.lock().unwrap().push_str(text);
        Ok(())
    }
    fn clear_line(&self) -> io::Result<()> {
        Ok(())
    }
    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}
