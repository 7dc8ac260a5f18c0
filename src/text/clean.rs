//! The type of text that may be shown, and the only ways to make it.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize};

use super::around;
use super::neutralize::neutralize;

/// Text that may be shown: neutralised and capped. Each renderer still escapes for its own format.
///
/// However it was made, even if it was read from a recording, it cannot command a runner, and nothing in it is invisible.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Clean(Box<str>);

impl Clean {
    /// What the line says: the message of a line of JSON, any other line as it is. A line of more than `max_chars` characters
    /// is cut around its telling words.
    pub fn said(&self, max_chars: usize) -> Self {
        let said = super::telling::said(self);
        let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
        Self(neutralize(&around(&line, max_chars)).into())
    }

    /// Our own words: a literal written in this program.
    pub fn from_static(text: &'static str) -> Self {
        Self(neutralize(text).into())
    }

    /// For [`clean!`](crate::clean), which has checked that each argument is [`Shown`].
    #[doc(hidden)]
    pub fn from_shown(parts: fmt::Arguments<'_>) -> Self {
        // Again, because two harmless parts can make a command side by side: `##` and `[error]`.
        Self(neutralize(&parts.to_string()).into())
    }

    /// Takes a text that is already neutral.
    pub(super) fn from_neutral(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Deref for Clean {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Clean {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Clean {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(neutralize(&text).into()))
    }
}

/// What may be part of a [`clean!`](crate::clean) text: clean text, numbers, our own closed words.
///
/// An implementation promises that its `Display` writes nothing that came from the cluster unless
/// it was clean.
pub trait Shown: fmt::Display {}

impl Shown for Clean {}
impl<T: Shown + ?Sized> Shown for &T {}

macro_rules! numbers_are_shown {
    ($($number:ty)*) => { $(impl Shown for $number {})* };
}
numbers_are_shown!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64);

/// Formats into a [`Clean`]: the literal is ours, each argument must be [`Shown`].
///
/// The words are compiled in, so arguments stand behind the literal; `{name}` inside it would get
/// round the check and does not compile.
///
/// ```
/// use deploygate::clean;
/// use deploygate::text::{Clean, Untrusted};
///
/// let name = Untrusted::from("app").to_clean_line(63);
/// assert_eq!(&*clean!("container {} ended {:>2} times", name, 3), "container app ended  3 times");
/// ```
///
/// ```compile_fail
/// let raw = deploygate::text::Untrusted::from("::error::");
/// deploygate::clean!("{}", raw);
/// ```
///
/// ```compile_fail
/// let raw = "::error::";
/// deploygate::clean!("{}", raw);
/// ```
///
/// ```compile_fail
/// let raw = "::error::";
/// deploygate::clean!("{raw}");
/// ```
#[macro_export]
macro_rules! clean {
    ($words:literal $(, $part:expr)* $(,)?) => {{
        const { $crate::text::literal_without_captures($words) };
        $crate::text::Clean::from_shown(
            ::std::format_args!($words $(, $crate::text::shown(&$part))*)
        )
    }};
}

/// For [`clean!`](crate::clean): lets only [`Shown`] through.
#[doc(hidden)]
pub fn shown<T: Shown + ?Sized>(part: &T) -> &T {
    part
}

/// For [`clean!`](crate::clean): stops the build at a `{name}` in the literal.
#[doc(hidden)]
pub const fn literal_without_captures(words: &str) {
    let bytes = words.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'{' {
            at += 1;
            assert!(
                at < bytes.len() && matches!(bytes[at], b'{' | b'}' | b':'),
                "clean! takes its arguments behind the literal, not as {{name}} inside it"
            );
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Untrusted;

    #[test]
    fn two_harmless_parts_make_no_command() {
        let (left, right) = (Clean::from_static("##"), Clean::from_static("[error]x"));
        assert_eq!(&*clean!("{}{}", left, right), "## [error]x");
        let colon = Clean::from_static(":");
        assert_eq!(&*clean!("{}{}error::", colon, &colon), ": :error::");
    }

    #[test]
    fn what_is_read_back_is_neutralised() {
        let clean: Clean = serde_json::from_str(r###""##[error]\u001b[2J""###).unwrap();
        assert_eq!(&*clean, "## [error]");
    }

    #[test]
    fn width_and_braces_work_as_in_format() {
        let name = Untrusted::from("app").to_clean();
        assert_eq!(&*clean!("{{{:>5}}}", name), "{  app}");
        assert_eq!(&*clean!("nothing to fill in"), "nothing to fill in");
    }
}
