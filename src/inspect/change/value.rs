//! How a value of a template is shown: short, on one line, and not at all where it may be secret.

use std::borrow::Cow;

use serde_json::Value;

use crate::text::{self, Clean, Redactor, Untrusted};

/// Characters of a value that are shown.
pub(super) const VALUE: usize = 80;

/// Characters that are left before the first difference of two long values.
const LEAD: usize = 20;

/// More parts of names whose values are not shown than elsewhere. Hiding too much costs little: that it changed is said.
const SECRET_NAMES: [&str; 14] = [
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "cred",
    "auth",
    "private",
    "cert",
    "salt",
    "signature",
    "dsn",
    "connection",
    "session",
];

/// What stands for a value that is not shown.
pub(super) fn hidden() -> Clean {
    Clean::from_static("[redacted]")
}

/// Whether a variable, label or annotation of this name may hold a secret.
pub(super) fn names_a_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    text::names_a_secret(name) || SECRET_NAMES.iter().any(|part| lower.contains(part))
}

/// Two values of one name. A value in which the redactor finds anything is hidden as a whole.
pub(super) fn named_pair(
    name: &str,
    before: Option<&str>,
    after: Option<&str>,
    redactor: &Redactor,
) -> (Option<Clean>, Option<Clean>) {
    let is_secret = |value: &str| {
        let mut assignment = Untrusted::from(format!("{name}={value}"));
        assignment.redact(redactor);
        names_a_secret(name)
            || assignment.as_raw() != format!("{name}={value}")
            || matches!(redactor.redact(value), Cow::Owned(_))
    };
    if before.is_some_and(is_secret) || after.is_some_and(is_secret) {
        return (before.map(|_| hidden()), after.map(|_| hidden()));
    }
    shown(before, after, VALUE)
}

/// Two values of a field that Kubernetes names, or a driver: hidden as a whole where the name tells of a secret, else in
/// place.
pub(super) fn field_pair(
    name: &str,
    before: Option<&str>,
    after: Option<&str>,
    redactor: &Redactor,
) -> (Option<Clean>, Option<Clean>) {
    if text::names_a_secret(name) {
        return (before.map(|_| hidden()), after.map(|_| hidden()));
    }
    pair(before, after, VALUE, redactor)
}

/// Two texts without a name of their own, whose secrets are hidden in place.
pub(super) fn pair(
    before: Option<&str>,
    after: Option<&str>,
    max: usize,
    redactor: &Redactor,
) -> (Option<Clean>, Option<Clean>) {
    let redacted = |text: &str| {
        let mut text = Untrusted::from(text);
        text.redact(redactor);
        text
    };
    let (before, after) = (before.map(redacted), after.map(redacted));
    shown(before.as_ref().map(Untrusted::as_raw), after.as_ref().map(Untrusted::as_raw), max)
}

/// Cuts two values so that their first difference can be seen.
fn shown(before: Option<&str>, after: Option<&str>, max: usize) -> (Option<Clean>, Option<Clean>) {
    let skipped = match (before, after) {
        (Some(before), Some(after)) => {
            let longest = before.chars().count().max(after.chars().count());
            let same = before.chars().zip(after.chars()).take_while(|(a, b)| a == b).count();
            if longest > max && same > LEAD { same - LEAD } else { 0 }
        }
        (_, _) => 0,
    };
    let cut = |text: &str| {
        let rest: String = text.chars().skip(skipped).collect();
        let start = if skipped > 0 { "…" } else { "" };
        match format!("{start}{rest}") {
            text if text.trim().is_empty() => Clean::from_static("(empty)"),
            text => Untrusted::from(text).to_clean_line(max),
        }
    };
    (before.map(cut), after.map(cut))
}

/// A value as a text: a string as it is, a list of strings as a command line, anything else as JSON.
pub(in crate::inspect) fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let words: Vec<_> = items.iter().filter_map(Value::as_str).map(word).collect();
            Some(Cow::Owned(words.join(" ")))
        }
        Value::Array(_) | Value::Object(_) | Value::Bool(_) | Value::Number(_) => {
            Some(Cow::Owned(value.to_string()))
        }
    }
}

/// A word of a command line, in quotes where it would not be one word.
fn word(text: &str) -> Cow<'_, str> {
    if text.is_empty() || text.contains(char::is_whitespace) {
        Cow::Owned(format!("'{text}'"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(name: &str, before: &str, after: &str) -> String {
        let (before, after) = named_pair(name, Some(before), Some(after), &Redactor::built_in());
        format!("{} → {}", before.unwrap(), after.unwrap())
    }

    #[test]
    fn values_that_may_be_secret_are_hidden_by_name_and_by_content() {
        let hidden = "[redacted] → [redacted]";
        for (name, before, after) in [
            ("DB_PASSWORD", "a", "b"),
            ("API_KEY", "1", "2"),
            ("SESSION_ID", "1", "2"),
            ("AWS_CREDENTIALS", "x", "y"),
            ("ADMIN_PW", "a", "b"),
            ("COOKIE", "a", "b"),
            ("PIN", "1", "2"),
            ("BEARER", "a", "b"),
            ("DATABASE_URL", "postgres://app:hunter2@db/app", "postgres://db/app"),
            ("OPTIONS", "-Dpassword=hunter2", "-Dport=5"),
        ] {
            assert_eq!(env(name, before, after), hidden, "{name}");
        }
        assert_eq!(env("LOG_LEVEL", "info", "debug"), "info → debug");
        assert_eq!(env("DB_HOST", "", "db"), "(empty) → db");
    }

    #[test]
    fn long_values_are_cut_around_their_first_difference() {
        let (before, after) =
            (format!("{}old{}", "a".repeat(200), "b".repeat(200)), "a".repeat(200) + "new");
        let shown = env("TEXT", &before, &after);
        assert!(shown.starts_with("…aaaaaaaaaaaaaaaaaaaaoldbbb"), "{shown}");
        assert!(shown.ends_with("→ …aaaaaaaaaaaaaaaaaaaanew"), "{shown}");
        assert!(shown.chars().count() <= 2 * VALUE + 3, "{shown}");
    }

    #[test]
    fn a_command_line_keeps_its_words() {
        let value = serde_json::json!(["sh", "-c", "exec app --port 80"]);
        assert_eq!(text(&value).unwrap(), "sh -c 'exec app --port 80'");
    }
}
