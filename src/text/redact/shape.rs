//! What a secret is made of.

/// The characters of a part of a secret.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Class {
    /// Digits.
    Digit,
    /// Hexadecimal digits.
    Hex,
    /// Hexadecimal digits in groups, such as a UUID.
    HexGroups,
    /// Capitals and digits.
    Upper,
    /// Letters and digits.
    Alnum,
    /// Letters and digits in groups.
    Groups,
    /// The alphabet of base64 for URLs.
    Word,
    /// The same with dots and padding between them.
    Dotted,
    /// The alphabet of base64, with its padding.
    Base64,
    /// Both alphabets of base64.
    AnyBase64,
    /// The path of a URL.
    Path,
    /// The alphabet of the hashes of `crypt(5)`, with their parameters.
    Crypt,
    /// The same with colons between parameters.
    Scram,
}

impl Class {
    /// Whether this is one of its characters.
    pub(super) fn has(self, byte: u8) -> bool {
        match self {
            Self::Digit => byte.is_ascii_digit(),
            Self::Hex => byte.is_ascii_hexdigit(),
            Self::HexGroups => byte.is_ascii_hexdigit() || byte == b'-',
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Alnum => byte.is_ascii_alphanumeric(),
            Self::Groups => is_alnum_or("-")(&byte),
            Self::Word => is_alnum_or("_-")(&byte),
            Self::Dotted => is_alnum_or("_-.=~")(&byte),
            Self::Base64 => is_alnum_or("+/=")(&byte),
            Self::AnyBase64 => is_alnum_or("+/=_-")(&byte),
            Self::Path => is_alnum_or("/_-.@%")(&byte),
            Self::Crypt => is_alnum_or("$./+=,_-")(&byte),
            Self::Scram => is_alnum_or(":$./+=,_-")(&byte),
        }
    }

    /// How many of them are at the start of the text.
    pub(super) fn leading(self, text: &str) -> usize {
        text.bytes().take_while(|byte| self.has(*byte)).count()
    }

    /// How many of them are at its end.
    pub(super) fn trailing(self, text: &str) -> usize {
        text.bytes().rev().take_while(|byte| self.has(*byte)).count()
    }
}

/// Whether a byte is an ASCII letter, a digit, or one of `others`.
pub(super) fn is_alnum_or(others: &str) -> impl Fn(&u8) -> bool {
    move |byte| byte.is_ascii_alphanumeric() || others.as_bytes().contains(byte)
}

/// How many ASCII letters, digits and `others` are at the start of the text.
pub(super) fn leading(text: &str, others: &str) -> usize {
    text.bytes().take_while(is_alnum_or(others)).count()
}

/// Whether the text is made of ASCII letters, digits and `others`; so is an empty one.
pub(super) fn is_made_of(text: &str, others: &str) -> bool {
    leading(text, others) == text.len()
}

/// Whether there are nothing but digits; so it is for an empty text.
pub(super) fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a token may begin after this text.
pub(super) fn may_begin_after(before: &str) -> bool {
    match before.as_bytes() {
        [.., b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => true,
        [.., b'\\', b'n' | b'r' | b't'] => true,
        [.., last] => !last.is_ascii_alphanumeric(),
        [] => true,
    }
}

/// Whether letters and digits are mixed as in no word and no object's name.
pub(super) fn is_random(word: &str) -> bool {
    let has = |test: fn(&u8) -> bool| word.bytes().any(|byte| test(&byte));
    let mixes_case = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    word.len() >= 12
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && (mixes_case || (word.len() >= 20 && !word.contains(['-', '.', '/', ':'])))
}

/// Whether there are capitals, small letters and digits: base64 rather than a word, a path or a digest.
pub(super) fn is_mixed(text: &str) -> bool {
    let has = |test: fn(&u8) -> bool| text.bytes().any(|byte| test(&byte));
    has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
}
