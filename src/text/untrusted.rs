//! The type of text that came from the cluster.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::cap::{cap_lines, cut_chars};
use super::neutralize::{defuse, neutralize, strip};
use super::{Clean, Redactor};

/// Text that came from the cluster: messages, reasons, log lines, names in free text.
///
/// It has no `Display`, so no report can print it raw. It can be serialised for recordings only.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Untrusted(Box<str>);

impl Untrusted {
    /// Marks a text as untrusted.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For rules that match on the text; never for output.
    pub fn as_raw(&self) -> &str {
        &self.0
    }

    /// Replaces likely secrets in place; allocates nothing for plain text without any.
    ///
    /// Neither a colour sequence nor a zero-width character hides one: what a reader would see is
    /// searched too. A text in which something was found keeps only what is seen.
    pub fn redact(&mut self, redactor: &Redactor) {
        if let Some(text) = redactor.redact_visible(&self.0, false) {
            self.0 = text.into();
        }
    }

    /// The text as it may be shown, with its lines: at most 64 KiB, and 8 KiB a line.
    pub fn to_clean(&self) -> Clean {
        let text = neutralize(&self.0);
        Clean::from_neutral(cap_lines(text.trim_end()).into_owned())
    }

    /// The text on one line: white space and line ends become one space, cut after `max_chars`
    /// characters with "…" as the last of them.
    pub fn to_clean_line(&self, max_chars: usize) -> Clean {
        let text = strip(&self.0);
        let mut line = String::new();
        let mut chars = 0;
        for word in text.split_whitespace() {
            if chars > max_chars {
                break;
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            chars += word.chars().count() + 1;
        }
        Clean::from_neutral(cut_chars(&defuse(&line), max_chars).into_owned())
    }
}

impl fmt::Debug for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Untrusted(\"{}\")", defuse(&self.0.escape_debug().to_string()))
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Untrusted {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_what_is_hidden_and_commands_nothing() {
        let text = Untrusted::from("##[error]\u{1b}[31m\u{202e}\n\"");
        assert_eq!(format!("{text:?}"), r###"Untrusted("## [error]\u{1b}[31m\u{202e}\n\"")"###);
    }

    #[test]
    fn a_secret_behind_colour_or_zero_width_is_found() {
        for (raw, expected) in [
            ("\u{1b}[36mpassword\u{1b}[0m=hunter2", "password=[redacted]"),
            ("pass\u{200b}word=hun\u{200d}ter2", "password=[redacted]"),
            ("\u{9b} password=hunter2", "assword=[redacted]"),
        ] {
            let mut text = Untrusted::from(raw);
            text.redact(&Redactor::built_in());
            assert_eq!(text.as_raw(), expected);
        }
    }

    #[test]
    fn redaction_leaves_a_text_without_secrets_byte_for_byte() {
        let raw = "\u{1b}[31mpanic\u{1b}[0m\tat \u{200b}main";
        let mut text = Untrusted::from(raw);
        text.redact(&Redactor::built_in());
        assert_eq!(text.as_raw(), raw);
    }

    #[test]
    fn one_line_folds_white_space_and_cuts_with_an_ellipsis() {
        let text = Untrusted::from("  Back-off\r\n\tpulling\u{2028} image  \u{e9}\u{e9}\u{e9} ");
        assert_eq!(&*text.to_clean_line(100), "Back-off pulling image ééé");
        assert_eq!(&*text.to_clean_line(26), "Back-off pulling image ééé");
        assert_eq!(&*text.to_clean_line(25), "Back-off pulling image é…");
        assert_eq!(&*text.to_clean_line(1), "…");
        assert_eq!(&*text.to_clean_line(0), "");
    }

    #[test]
    fn one_line_cannot_start_with_a_command() {
        assert_eq!(&*Untrusted::from(" \n ::error::x").to_clean_line(50), ": :error::x");
    }

    #[test]
    fn lines_and_their_indentation_survive() {
        let text = Untrusted::from("goroutine 1:\n\tmain.main()\n\t\tmain.go:12\n");
        assert_eq!(&*text.to_clean(), "goroutine 1:\n    main.main()\n        main.go:12");
    }

    #[test]
    fn serialises_as_the_bare_string() {
        let text: Untrusted = serde_json::from_str(r#""a\u0000b""#).unwrap();
        assert_eq!(text, Untrusted::from("a\0b"));
        assert_eq!(serde_json::to_string(&text).unwrap(), r#""a\u0000b""#);
    }
}
