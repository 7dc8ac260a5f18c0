//! Names that Kubernetes takes. Whoever holds one can put it into a URL path, a terminal or a report as it is.

use std::{fmt, ops::Deref};

use serde::{Deserialize, Serialize};

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected at most {longest} lower-case letters, digits{dot} and `-`, a letter or digit first and last"
)]
pub struct NameError {
    longest: usize,
    dot: &'static str,
}

/// A DNS subdomain (RFC 1123), as Kubernetes takes for workloads
/// (Kubernetes 1.36 `apimachinery/pkg/util/validation/validation.go`).
fn is_subdomain(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.len() <= 253 && text.chars().all(inner) && text.starts_with(ends) && text.ends_with(ends)
}

/// A DNS label (RFC 1123), as Kubernetes takes for namespaces and containers.
fn is_label(text: &str) -> bool {
    text.len() <= 63 && !text.contains('.') && is_subdomain(text)
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $is_valid:ident, $error:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "Box<str>")]
        pub struct $name(Box<str>);

        impl TryFrom<Box<str>> for $name {
            type Error = NameError;

            fn try_from(text: Box<str>) -> Result<Self, NameError> {
                if $is_valid(&text) { Ok(Self(text)) } else { Err($error) }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = NameError;

            fn try_from(text: &str) -> Result<Self, NameError> {
                Box::<str>::from(text).try_into()
            }
        }

        impl std::str::FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                text.try_into()
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl crate::text::Shown for $name {}
    };
}

name!(
    /// The name of a workload, a DNS subdomain of at most 253 characters.
    ObjectName,
    is_subdomain,
    NameError { longest: 253, dot: ", `.`" }
);
name!(
    /// The name of a namespace, a DNS label of at most 63 characters.
    Namespace,
    is_label,
    NameError { longest: 63, dot: "" }
);

impl Namespace {
    /// The namespace that Kubernetes means where none is named.
    pub fn default_one() -> Self {
        Self("default".into())
    }
}

/// Characters of the name of a container or an image.
const WORD: usize = 512;

/// Whether it can be the name of a container or an image: such a word goes into reports as it is.
pub(crate) fn is_word(text: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "-._/:@+".contains(c);
    (1..=WORD).contains(&text.len()) && text.chars().all(is_of_name) && !text.contains("::")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_command_nothing() {
        for text in [
            "",
            "App",
            "-a",
            "a-",
            ".",
            "..",
            "../x",
            "a/b",
            "a b",
            "a\n::error::x",
            "a\u{1b}[2J",
            "ä",
            "a?b",
            "a#b",
            "a%2f",
            &"a".repeat(254),
        ] {
            assert!(text.parse::<ObjectName>().is_err(), "{text:?}");
            let json = serde_json::to_string(text).unwrap();
            assert!(serde_json::from_str::<ObjectName>(&json).is_err(), "{text:?}");
        }
        assert!("web.v2-a".parse::<ObjectName>().is_ok());
        assert!("web.v2".parse::<Namespace>().is_err());
        assert!("a".repeat(64).parse::<Namespace>().is_err());
        assert_eq!(
            serde_json::to_string(&"shop".parse::<Namespace>().unwrap()).unwrap(),
            "\"shop\""
        );
    }
}
