//! The JUnit report as a strict parser reads it.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// What a parser takes from the JUnit report.
#[derive(Default)]
pub(super) struct Junit {
    pub(super) cases: usize,
    pub(super) failures: Vec<String>,
    pub(super) errors: Vec<String>,
    pub(super) text: String,
}

pub(super) fn read(report: &str) -> Result<Junit, String> {
    let mut junit = Junit::default();
    let mut reader = Reader::from_str(report);
    let mut open = 0_usize;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(tag) => {
                open += 1;
                element(&tag, &mut junit)?;
            }
            Event::Empty(tag) => element(&tag, &mut junit)?,
            Event::End(_) => open -= 1,
            Event::Text(text) => junit.text.push_str(&text),
            Event::CData(text) => junit.text.push_str(&text),
            Event::GeneralRef(reference) => {
                let character = match &*reference {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "apos" => '\'',
                    _ => reference
                        .resolve_char_ref()
                        .map_err(|error| error.to_string())?
                        .ok_or_else(|| format!("&{}; is no entity of XML", &*reference))?,
                };
                junit.text.push(character);
            }
            Event::Eof if open > 0 => return Err(format!("{open} elements are not closed")),
            Event::Eof => return Ok(junit),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

fn element(tag: &BytesStart<'_>, junit: &mut Junit) -> Result<(), String> {
    let mut kind = String::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute
            .normalized_value(XmlVersion::Explicit1_0)
            .map_err(|error| error.to_string())?;
        junit.text.push_str(&value);
        junit.text.push('\n');
        if attribute.key.as_ref() == "type" {
            kind = value.into_owned();
        }
    }
    match tag.name().as_ref() {
        "testcase" => junit.cases += 1,
        "failure" => junit.failures.push(kind),
        "error" => junit.errors.push(kind),
        _ => {}
    }
    Ok(())
}
