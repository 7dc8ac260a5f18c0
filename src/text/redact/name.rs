//! Names of secrets: `DB_PASSWORD`, `client-key-data`, `userPwd`, `X-Api-Key`.
//!
//! A name is split at `_`, `-`, `.` and before capitals, and its last part decides, so that `token_url`, `secretName` and
//! `max_tokens` are none.

use std::ops::Range;

/// What kind of secret a name stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// A password: its value may be any word.
    Password,
    /// A token or a key: its value is not a word.
    Token,
    /// A signature: its value is long.
    Signature,
    /// Something that may be one: `auth`, `pin`, `salt`.
    Guess,
    /// The words from which a wallet is restored.
    Phrase,
}

/// The words that lead to names; several may lead to one name.
#[rustfmt::skip]
pub(super) const WORDS: [&str; 24] = [
    "pass", "pwd", "pw", "secret", "token", "key", "auth", "cred", "cookie", "bearer", "pin", "psk", "code=", "otp",
    "salt", "seed", "mnemonic", "signature", "sig", "dockerc", "jwt", "passcode", "community", "puk",
];

/// Words for "password" in other languages and spellings, which are not part of a longer name.
#[rustfmt::skip]
pub(super) const OTHER_LANGUAGES: [&str; 25] = [
    "пароль", "Пароль", "ПАРОЛЬ", "парола", "kennwort", "mot de passe", "contraseña", "contrasena", "clave", "senha",
    "hasło", "hasło", "wachtwoord", "lösenord", "adgangskode", "salasana", "heslo", "jelszó", "parolă", "şifre", "密码",
    "密碼", "口令", "パスワード", "비밀번호",
];

/// Parts after the one that decides.
#[rustfmt::skip]
const QUALIFIERS: [&str; 30] = [
    "data", "base", "value", "val", "b64", "base64", "hex", "plain", "plaintext", "text", "raw", "string", "str",
    "current", "previous", "prev", "old", "new", "prod", "production", "staging", "dev", "test", "live", "primary",
    "secondary", "default", "confirm", "confirmation", "again",
];

/// Keys that are secret, by the part before `key`.
#[rustfmt::skip]
const SECRET_KEYS: [&str; 62] = [
    "api", "access", "secret", "private", "priv", "encryption", "encrypt", "decryption", "signing", "sign", "account",
    "auth", "master", "client", "app", "application", "consumer", "subscription", "license", "licence", "storage",
    "service", "shared", "preshared", "psk", "session", "hmac", "jwt", "cookie", "crypto", "cipher", "aes", "deploy",
    "ssh", "gpg", "pgp", "root", "admin", "webhook", "server", "rsa", "dsa", "ec", "ecdsa", "write", "ingest",
    "integration", "security", "recovery", "unseal", "function", "host", "sas", "openai", "stripe", "sendgrid",
    "mailgun", "datadog", "algolia", "rpc", "user", "wg",
];

/// Words that end in `pass` and are not passwords.
#[rustfmt::skip]
const NO_PASS: [&str; 10] = [
    "compass", "bypass", "trespass", "encompass", "surpass", "overpass", "underpass", "impass", "outpass",
    "multipass",
];

/// What kind of secret a variable, a field or a flag of this name has; `None` for no secret.
pub(super) fn kind_of(name: &str) -> Option<Kind> {
    let parts = parts(name);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let mut rest = &*parts;
    while let [before @ .., last] = rest
        && !before.is_empty()
        && (QUALIFIERS.contains(last) || last.bytes().all(|byte| byte.is_ascii_digit()))
    {
        rest = before;
    }
    let [before @ .., last] = rest else { return None };
    // `code` alone, not that of an error
    if *last == "code" && !before.is_empty() {
        return None;
    }
    let last = last.trim_end_matches(|c: char| c.is_ascii_digit());
    kind_of_part(last).or_else(|| {
        let is_secret_key = match last.strip_suffix("key")? {
            "" => before.last().is_some_and(|part| SECRET_KEYS.contains(part)),
            part => SECRET_KEYS.contains(&part),
        };
        is_secret_key.then_some(Kind::Token)
    })
}

fn kind_of_part(part: &str) -> Option<Kind> {
    let ends = |words: &[&str]| words.iter().any(|word| part.ends_with(word));
    if ends(&["password", "passwd", "passwort", "passphrase", "passcode", "pwd", "psk"])
        || (part.ends_with("pass") && !NO_PASS.contains(&part))
        || matches!(
            part,
            "pw" | "passwrd" | "dbpw" | "rootpw" | "adminpw" | "userpw" | "bindpw" | "masterauth"
        )
    {
        return Some(Kind::Password);
    }
    if ends(&["secret", "token", "credential", "credentials", "authorization", "bearer"])
        || matches!(part, "cred" | "creds" | "dockerconfigjson" | "dockercfg" | "jwt" | "puk")
    {
        return Some(Kind::Token);
    }
    match part {
        "signature" | "sig" | "code" => Some(Kind::Signature),
        "mnemonic" | "seed" => Some(Kind::Phrase),
        "auth" | "cookies" | "pin" | "otp" | "totp" | "salt" | "cookie" | "community" => {
            Some(Kind::Guess)
        }
        _ => None,
    }
}

/// The parts of a name in small letters.
fn parts(name: &str) -> Vec<String> {
    let bytes = name.as_bytes();
    let mut parts = vec![String::new()];
    for (at, byte) in bytes.iter().enumerate() {
        let is_hump = byte.is_ascii_uppercase()
            && at > 0
            && (bytes[at - 1].is_ascii_lowercase()
                || bytes[at - 1].is_ascii_digit()
                || (bytes[at - 1].is_ascii_uppercase()
                    && bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase)));
        if is_hump || matches!(byte, b'_' | b'-' | b'.') {
            parts.push(String::new());
        }
        if let (true, Some(part)) = (byte.is_ascii_alphanumeric(), parts.last_mut()) {
            part.push(char::from(byte.to_ascii_lowercase()));
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Whether a variable, a field, a header or a flag of this name may contain a secret.
pub fn names_a_secret(name: &str) -> bool {
    kind_of(name).is_some()
}

/// The whole name around this part of it.
pub(super) fn around(text: &str, at: usize, len: usize) -> Range<usize> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let bytes = text.as_bytes();
    let before = bytes[..at].iter().rev().take(NAME_MAX).take_while(|byte| is_name(byte)).count();
    let after = bytes[at + len..].iter().take(NAME_MAX).take_while(|byte| is_name(byte)).count();
    let (mut start, mut end) = (at - before, at + len + after);
    // what is left of `%3F`, of `\n` before a name, or of an arrow or a full stop after it
    if let [.., b'%'] = &bytes[..start] {
        while bytes[start..at].starts_with(b"25") {
            start += 2;
        }
        start = (start + 2).min(at);
    } else if let [.., b'\\'] = &bytes[..start]
        && matches!(bytes[start], b'n' | b't' | b'r')
        && start < at
    {
        start += 1;
    }
    while end > at + len && matches!(bytes[end - 1], b'-' | b'.') {
        end -= 1;
    }
    start..end
}

/// Names are short, and so is the search for their ends.
const NAME_MAX: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_of_a_name_decides() {
        let table = [
            ("password", Some(Kind::Password)),
            ("DB_PASSWORD", Some(Kind::Password)),
            ("PGPASSWORD", Some(Kind::Password)),
            ("dbPassword2", Some(Kind::Password)),
            ("POSTGRES_PASSWORD_PROD", Some(Kind::Password)),
            ("adminPass", Some(Kind::Password)),
            ("MAIL_PASS", Some(Kind::Password)),
            ("storepass", Some(Kind::Password)),
            ("userPwd", Some(Kind::Password)),
            ("ADMIN_PW", Some(Kind::Password)),
            ("aws_secret_access_key", Some(Kind::Token)),
            ("SECRET_KEY_BASE", Some(Kind::Token)),
            ("client-key-data", Some(Kind::Token)),
            ("AccountKey", Some(Kind::Token)),
            ("X-Api-Key", Some(Kind::Token)),
            ("apikey", Some(Kind::Token)),
            ("APIKey", Some(Kind::Token)),
            ("Ocp-Apim-Subscription-Key", Some(Kind::Token)),
            ("access_token", Some(Kind::Token)),
            ("X-Amz-Signature", Some(Kind::Signature)),
            ("SIM_PIN", Some(Kind::Guess)),
            ("token_url", None),
            ("refresh_token_ttl", None),
            ("max_tokens", None),
            ("secretName", None),
            ("secretKeyRef", None),
            ("password_file", None),
            ("password_hash", None),
            ("pass-through", None),
            ("compass", None),
            ("bypass", None),
            ("key", None),
            ("primary_key", None),
            ("public_key", None),
            ("topologyKey", None),
            ("author", None),
            ("mapping", None),
            ("passed", None),
            ("keys", None),
        ];
        for (name, expected) in table {
            assert_eq!(kind_of(name), expected, "{name}");
        }
    }

    #[test]
    fn a_name_is_found_whole() {
        let table = [
            ("x DB_PASSWORD=1", "PASSWORD", "DB_PASSWORD"),
            ("cb%3Faccess_token%3D1", "token", "access_token"),
            (r"a\npassword=1", "password", "password"),
            ("my password.", "password", "password"),
            ("token->x", "token", "token"),
            ("--api-key x", "key", "--api-key"),
        ];
        for (text, word, expected) in table {
            let at = text.find(word).unwrap();
            assert_eq!(&text[around(text, at, word.len())], expected, "{text}");
        }
    }
}
