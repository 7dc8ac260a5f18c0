//! Lines of JSON: pino, bunyan, zap, zerolog, logback, structlog, Serilog, MongoDB.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{level::Level, telling_line};

const LEVELS: [&str; 8] =
    ["level", "severity", "lvl", "levelname", "log.level", "loglevel", "@l", "s"];
const MESSAGES: [&str; 9] =
    ["msg", "message", "event", "@m", "@mt", "short_message", "text", "log", "error.type"];
/// Keys of what went wrong, most telling first.
#[rustfmt::skip]
const ERRORS: [&str; 20] = [
    "err", "error", "exc", "exception", "exc_info", "exc_text", "@x", "cause", "reason", "attr", "error.message",
    "throwable", "thrown", "stack_trace", "error.stack_trace", "stack", "stacktrace", "errorVerbose", "traceback",
    "details",
];
/// Keys of the text of an error that is an object, most telling first.
#[rustfmt::skip]
const TEXTS: [&str; 12] = [
    "message", "msg", "errmsg", "reason", "exc_value", "description", "error", "stack", "stack_trace", "stackTrace",
    "causedBy", "exception",
];

/// A line of JSON.
#[derive(Debug)]
pub(super) struct Record {
    object: Map<String, Value>,
}

impl Record {
    /// The line, if it is one JSON object.
    pub(super) fn of(line: &str) -> Option<Self> {
        let line = line.trim();
        let is_object = line.starts_with('{') && line.ends_with('}');
        let object = is_object.then(|| serde_json::from_str(line).ok()).flatten()?;
        Some(Self { object })
    }

    /// Its level, under one of [`LEVELS`].
    pub(super) fn level(&self) -> Option<Level> {
        LEVELS.iter().find_map(|key| match self.object.get(*key)? {
            Value::Number(number) => number.as_u64().map(Level::numbered),
            // MongoDB's letters
            Value::String(name) => match &**name {
                "F" => Some(Level::Fatal),
                "E" => Some(Level::Error),
                "W" => Some(Level::Warning),
                "I" | "D" | "D1" | "D2" => Some(Level::Low),
                name => Level::named(name),
            },
            _ => None,
        })
    }

    /// What it says: the message, and what went wrong.
    pub(super) fn text(&self) -> String {
        let message = MESSAGES.iter().find_map(|key| self.object.get(*key)?.as_str());
        let mut text = message.map(|message| one_line(message).into_owned()).unwrap_or_default();
        // a stack repeats the message beside it, and adds nothing to an error
        let errors = ERRORS.iter().filter_map(|key| text_of(self.object.get(*key)?, 0));
        let mut errors = errors.filter(|error| !text.contains(&**error));
        if let Some(error) = errors.next() {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&error);
        }
        text
    }
}

/// The text of an error: a string, or an object that contains one.
fn text_of(value: &Value, depth: usize) -> Option<String> {
    if depth > 4 {
        return None;
    }
    match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(one_line(text).into_owned()),
        Value::Array(all) => text_of(all.last()?, depth + 1),
        Value::Object(object) => {
            let kind = ["type", "name", "exc_type", "exceptionType", "class"]
                .iter()
                .find_map(|key| object.get(*key)?.as_str());
            let text = TEXTS.iter().find_map(|key| text_of(object.get(*key)?, depth + 1))?;
            Some(match kind {
                Some(kind) if !text.contains(kind) => format!("{kind}: {text}"),
                _ => text,
            })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// The telling line of a text of many lines.
fn one_line(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if !text.contains('\n') {
        return Cow::Borrowed(text);
    }
    let lines: Vec<&str> = text.lines().collect();
    let told = telling_line(&lines).unwrap_or(0);
    Cow::Owned(lines[told].trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &str) -> String {
        Record::of(line).unwrap().text()
    }

    #[test]
    fn a_record_says_its_message_and_what_went_wrong() {
        for (line, expected) in [
            (
                r#"{"level":60,"time":1,"msg":"boot failed","err":{"type":"Error","message":"no rate for EUR","stack":"Error: no rate for EUR\n    at x (/app/a.js:1:2)"}}"#,
                "boot failed: Error: no rate for EUR",
            ),
            (
                r#"{"level":"error","ts":1,"caller":"a.go:1","msg":"cannot listen","error":"listen tcp :80: bind: permission denied"}"#,
                "cannot listen: listen tcp :80: bind: permission denied",
            ),
            (
                r#"{"level":"ERROR","message":"Application run failed","stack_trace":"java.lang.A: a\n\tat b.C.d(C.java:1)\nCaused by: java.net.ConnectException: refused\n\tat b.C.e(C.java:2)\n\t... 3 more\n"}"#,
                "Application run failed: Caused by: java.net.ConnectException: refused",
            ),
            (
                r#"{"event":"failed","level":"error","exception":"Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nKeyError: 'EUR'"}"#,
                "failed: KeyError: 'EUR'",
            ),
            (
                r#"{"event":"failed","level":"error","exception":[{"exc_type":"KeyError","exc_value":"'EUR'","frames":[]}]}"#,
                "failed: KeyError: 'EUR'",
            ),
            (
                r#"{"t":{"$date":"x"},"s":"E","c":"CONTROL","id":1,"ctx":"main","msg":"Failed to unlink","attr":{"error":"Operation not permitted"}}"#,
                "Failed to unlink: Operation not permitted",
            ),
            (r#"{"a":1}"#, ""),
        ] {
            assert_eq!(text(line), expected, "{line}");
        }
    }

    #[test]
    fn a_record_has_its_level() {
        for (line, level) in [
            (r#"{"level":30,"msg":"x"}"#, Some(Level::Low)),
            (r#"{"level":"fatal","msg":"x"}"#, Some(Level::Fatal)),
            (r#"{"severity":"WARNING","message":"x"}"#, Some(Level::Warning)),
            (r#"{"s":"E","msg":"x"}"#, Some(Level::Error)),
            (r#"{"@l":"Error","@mt":"x"}"#, Some(Level::Error)),
            (r#"{"msg":"x"}"#, None),
        ] {
            assert_eq!(Record::of(line).unwrap().level(), level, "{line}");
        }
        assert!(Record::of("{ region: 'moon' }").is_none() && Record::of("x").is_none());
    }
}
