//! A strict reader of JUnit reports: quick-xml, which lets more pass than XML does, and the rule for characters beside it.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// A case as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) suite: String,
    pub(crate) classname: String,
    pub(crate) name: String,
    pub(crate) time: String,
    /// `failure`, `error` and `skipped` elements in it.
    pub(crate) ends: Vec<End>,
}

/// How a case ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) element: String,
    pub(crate) kind: Option<String>,
    pub(crate) message: String,
    pub(crate) text: String,
}

/// Reads a report; panics where a strict parser would refuse it, or where counts or nesting are wrong.
pub(crate) fn read(report: &[u8]) -> Vec<Case> {
    let report = std::str::from_utf8(report).unwrap();
    for c in report.chars() {
        let is_char = matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert!(is_char, "{c:?} is no Char of XML 1.0");
    }
    let mut reader = Reader::from_str(report);
    reader.config_mut().enable_all_checks(true);
    let mut open: Vec<String> = Vec::new();
    let mut suite = (String::new(), [0; 4]);
    let mut counted = [0; 4];
    let mut cases: Vec<Case> = Vec::new();
    loop {
        let event = reader.read_event().unwrap();
        let is_empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(tag) | Event::Empty(tag) => {
                let name = tag.name().as_ref().to_owned();
                let parent = open.last().map(String::as_str);
                match (parent, &*name) {
                    (None, "testsuites") | (Some("testsuite"), "properties") => {}
                    (Some("properties"), "property") => {
                        attribute(&tag, "name").unwrap();
                        attribute(&tag, "value").unwrap();
                    }
                    (Some("testsuites"), "testsuite") => {
                        let counts = ["tests", "failures", "errors", "skipped"];
                        let counts =
                            counts.map(|name| attribute(&tag, name).unwrap().parse().unwrap());
                        suite = (attribute(&tag, "name").unwrap(), counts);
                        counted = [0; 4];
                    }
                    (Some("testsuite"), "testcase") => {
                        counted[0] += 1;
                        cases.push(Case {
                            suite: suite.0.clone(),
                            classname: attribute(&tag, "classname").unwrap(),
                            name: attribute(&tag, "name").unwrap(),
                            time: attribute(&tag, "time").unwrap(),
                            ends: Vec::new(),
                        });
                    }
                    (Some("testcase"), "failure" | "error" | "skipped") => {
                        let kind = attribute(&tag, "type");
                        let message = attribute(&tag, "message").unwrap();
                        let place = ["failure", "error", "skipped"].iter().position(|n| *n == name);
                        counted[place.unwrap() + 1] += 1;
                        let end = End { element: name.clone(), kind, message, text: String::new() };
                        cases.last_mut().unwrap().ends.push(end);
                    }
                    (Some("testcase"), "system-out") => {}
                    place => panic!("an element out of place: {place:?}"),
                }
                if !is_empty {
                    open.push(name);
                }
            }
            Event::End(_) => {
                if open.pop().unwrap() == "testsuite" {
                    assert_eq!(suite.1, counted, "the counts of {}", suite.0);
                }
            }
            Event::Text(text) => add_text(&open, &mut cases, &text),
            Event::GeneralRef(reference) => {
                let entity = match &*reference {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "apos" => '\'',
                    _ => reference.resolve_char_ref().unwrap().unwrap(),
                };
                add_text(&open, &mut cases, &entity.to_string());
            }
            Event::Decl(_) => {}
            Event::Eof => break,
            other => panic!("not expected in a report: {other:?}"),
        }
    }
    assert!(open.is_empty() && !cases.is_empty());
    cases
}

fn add_text(open: &[String], cases: &mut [Case], text: &str) {
    match open.last().map(String::as_str) {
        Some("failure" | "error" | "skipped") => {
            cases.last_mut().unwrap().ends.last_mut().unwrap().text.push_str(text);
        }
        Some("system-out") => {}
        _ => assert!(text.trim().is_empty(), "text out of place: {text:?}"),
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).unwrap()?;
    Some(attribute.normalized_value(XmlVersion::Explicit1_0).unwrap().into_owned())
}
