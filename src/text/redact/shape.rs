//! What a secret is made of.

/// Characters that a part of a secret is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Class {
    /// Digits.
    Digit,
    /// Hexadecimal digits.
    Hex,
    /// Hexadecimal digits in groups, a UUID among them.
    HexGroups,
    /// Capitals and digits.
    Upper,
    /// Letters and digits.
    Alnum,
    /// Letters and digits in groups.
    Groups,
    /// Letters, digits, `_` and `-`: the alphabet of base64 for URLs.
    Word,
    /// The same with dots and padding between them.
    Dotted,
    /// The alphabet of base64, with its padding.
    Base64,
    /// Both alphabets of base64.
    AnyBase64,
    /// What the path of a URL is made of.
    Path,
    /// The alphabet of the hashes of `crypt(5)`, with their parameters.
    Crypt,
    /// The same with colons between parameters.
    Scram,
}

impl Class {
    /// Whether it is one of these characters.
    pub(super) const fn has(self, byte: u8) -> bool {
        match self {
            Self::Digit => byte.is_ascii_digit(),
            Self::Hex => byte.is_ascii_hexdigit(),
            Self::HexGroups => byte.is_ascii_hexdigit() || byte == b'-',
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Alnum => byte.is_ascii_alphanumeric(),
            Self::Groups => byte.is_ascii_alphanumeric() || byte == b'-',
            Self::Word => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Self::Dotted => {
                byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'=' | b'~')
            }
            Self::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='),
            Self::AnyBase64 => Self::Base64.has(byte) || matches!(byte, b'_' | b'-'),
            Self::Path => {
                byte.is_ascii_alphanumeric()
                    || matches!(byte, b'/' | b'_' | b'-' | b'.' | b'@' | b'%')
            }
            Self::Crypt => {
                byte.is_ascii_alphanumeric()
                    || matches!(byte, b'$' | b'.' | b'/' | b'+' | b'=' | b',' | b'_' | b'-')
            }
            Self::Scram => byte == b':' || Self::Crypt.has(byte),
        }
    }

    /// How many of them stand at the start of the text.
    pub(super) fn leading(self, text: &str) -> usize {
        text.bytes().take_while(|byte| self.has(*byte)).count()
    }

    /// How many of them stand at its end.
    pub(super) fn trailing(self, text: &str) -> usize {
        text.bytes().rev().take_while(|byte| self.has(*byte)).count()
    }
}

/// Whether a token may begin after this text.
pub(super) fn may_begin_after(before: &str) -> bool {
    let bytes = before.as_bytes();
    match bytes {
        [.., b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => true,
        [.., b'\\', b'n' | b'r' | b't'] => true,
        [.., last] => !last.is_ascii_alphanumeric(),
        [] => true,
    }
}

/// Letters and digits mixed as no word or name of an object is.
pub(super) fn is_random(word: &str) -> bool {
    let has = |test: fn(&u8) -> bool| word.bytes().any(|byte| test(&byte));
    let mixes_case = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    word.len() >= 12
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && (mixes_case || (word.len() >= 20 && !word.contains(['-', '.', '/', ':'])))
}

/// Capitals, small letters and digits in one: base64 of something, rather than a word, a path or a digest.
pub(super) fn is_mixed(text: &str) -> bool {
    let has = |test: fn(&u8) -> bool| text.bytes().any(|byte| test(&byte));
    has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
}
