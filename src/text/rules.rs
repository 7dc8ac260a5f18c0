//! The built-in rules: what secrets look like, and the hints without which there are none.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex, RegexBuilder};

use super::assignment::hide_assignments;
use super::hint::Hints;
use super::private_key::hide_private_keys;

/// What stands where a secret stood.
pub(super) const MARK: &str = "[redacted]";

/// Hides one kind of secret.
pub(super) type Rule = for<'t> fn(&'t str) -> Cow<'t, str>;

/// In the order in which they are applied: what has a shape of its own before what has only a name.
pub(super) const RULES: [Rule; 6] = [
    |text| hide_private_keys(text, false, MARK),
    hide_web_tokens,
    hide_known_tokens,
    hide_url_passwords,
    hide_scheme_credentials,
    hide_assignments,
];

/// What a text must contain for each of [`RULES`] to find anything.
pub(super) static HINTS: Hints = Hints::new(&[
    &["PRIVATE KEY"],
    &["eyJ"],
    &[
        "AKIA",
        "ASIA",
        "ABIA",
        "ACCA",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
        "glpat-",
        "gldt-",
        "glrt-",
        "glrtr-",
        "glcbt-",
        "glptt-",
        "glft-",
        "glimt-",
        "glagent-",
        "gloas-",
        "glsoat-",
        "glffct-",
        "xox",
        "xapp-",
        "hooks.slack.com/",
        "AIza",
        "ya29.",
        "GOCSPX-",
        "sk_live_",
        "sk_test_",
        "rk_live_",
        "rk_test_",
        "npm_",
        "pypi-",
        "hvs.",
        "hvb.",
        "hvr.",
        "dop_v1_",
        "doo_v1_",
        "dor_v1_",
        "SG.",
        "sk-",
        "\"auth",
    ],
    &["://"],
    &["bearer", "basic"],
    &["pass", "pwd", "secret", "token", "key", "authorization"],
]);

/// The cache one expression may fill while it runs, in bytes; beyond it matching is only slower.
pub(super) const DFA_BYTES: usize = 256 * 1024;

/// Compiles an expression of this program.
pub(super) fn compiled(expression: &str) -> Regex {
    #[expect(clippy::expect_used, reason = "a literal of this program, compiled by the tests")]
    RegexBuilder::new(expression).dfa_size_limit(DFA_BYTES).build().expect("a valid expression")
}

/// JSON web tokens, service account tokens among them, also when their end is missing.
fn hide_web_tokens(text: &str) -> Cow<'_, str> {
    static WEB_TOKEN: LazyLock<Regex> =
        LazyLock::new(|| compiled(r"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+){1,4}"));
    WEB_TOKEN.replace_all(text, regex::NoExpand(MARK))
}

/// Tokens that tell by their prefix whose they are.
fn hide_known_tokens(text: &str) -> Cow<'_, str> {
    static KNOWN_TOKEN: LazyLock<Regex> = LazyLock::new(|| {
        compiled(
            r#"(?x-u)
            \b(?: A(?:KI|SI|BI|CC)A[A-Z2-7]{16}                         # AWS access key ID
            | gh[pousr]_[A-Za-z0-9]{20,} | github_pat_[A-Za-z0-9_]{20,} # GitHub
            | gl(?:pat|[dr]t|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct)-   # GitLab
              [A-Za-z0-9_.-]{16,}
            | xox[a-z]-[A-Za-z0-9-]{10,} | xapp-[A-Za-z0-9-]{20,}       # Slack
            | AIza[A-Za-z0-9_-]{30,} | ya29\.[A-Za-z0-9_-]{20,}         # Google
            | GOCSPX-[A-Za-z0-9_-]{20,}
            | [rs]k_(?:live|test)_[A-Za-z0-9]{10,}                      # Stripe
            | npm_[A-Za-z0-9]{30,} | pypi-[A-Za-z0-9_-]{40,}            # registries
            | hv[sbr]\.[A-Za-z0-9_-]{20,}                               # Vault
            | do[opr]_v1_[a-f0-9]{40,}                                  # DigitalOcean
            | SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}                # SendGrid
            | sk-(?:(?:ant|proj|svcacct)-[A-Za-z0-9_-]{20,}|[A-Za-z0-9]{32,}) # language models
            )
            | (?P<before> hooks\.slack\.com/services/
                | \\*"auth\\*"\s*:\s*\\*")                              # .dockerconfigjson
              [A-Za-z0-9+/=]{8,}"#,
        )
    });
    KNOWN_TOKEN.replace_all(text, |found: &Captures<'_>| {
        format!("{}{MARK}", found.name("before").map_or("", |before| before.as_str()))
    })
}

/// `scheme://user:password@host`: the user and the host stay, they are evidence.
fn hide_url_passwords(text: &str) -> Cow<'_, str> {
    // A slash in the password is no valid URL, but such URLs are what programs complain about. Then
    // its first part must not be a port, or `http://host:80/a@b` would be one.
    static URL_PASSWORD: LazyLock<Regex> = LazyLock::new(|| {
        compiled(
            r#"(?x)
            (?P<before> [A-Za-z][A-Za-z0-9+.-]{1,30}:// [^\s:/?\#@"'<>\[\]\\]* : )
            (?: [^\s"'<>/,]+ | (?: [^\s"'<>/,@]* [^\s"'<>/,@0-9] [^\s"'<>/,@]* )? / [^\s"'<>,@]* )
            @ (?P<digest> sha(?:256|512): )?"#,
        )
    });
    replace_some(&URL_PASSWORD, text, |found| {
        // `docker-pullable://app:v1@sha256:…` is an image.
        found.name("digest").is_none().then(|| format!("{}{MARK}@", &found["before"]))
    })
}

/// `Bearer …` and `Basic …` wherever they stand.
fn hide_scheme_credentials(text: &str) -> Cow<'_, str> {
    static SCHEME: LazyLock<Regex> = LazyLock::new(|| {
        compiled(r"(?i-u)\b(?P<before>(?:bearer|basic)[ \t]+)(?P<value>[a-z0-9._~+/-]{8,}=*)")
    });
    replace_some(&SCHEME, text, |found| {
        let word = found["value"].trim_start_matches(|c: char| c.is_ascii_uppercase());
        // "Bearer authentication", "basic-auth", "Basic AUTH": words, not credentials.
        let is_prose = word.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '.' | '-'));
        // `Bearer password=hunter2`: a name, and its value is the secret.
        let is_name = found["value"].ends_with('=')
            && found
                .get(0)
                .is_some_and(|all| text[all.end()..].starts_with(|c: char| !ends_value(c)));
        (!is_prose && !is_name).then(|| format!("{}{MARK}", &found["before"]))
    })
}

fn ends_value(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '\\' | ',' | ';' | ')' | ']' | '}')
}

/// Replaces the matches for which there is a replacement; borrowed if there is none.
fn replace_some<'t>(
    regex: &Regex,
    text: &'t str,
    replacement: impl Fn(&Captures<'_>) -> Option<String>,
) -> Cow<'t, str> {
    let mut out = String::new();
    let mut from = 0;
    for found in regex.captures_iter(text) {
        if let (Some(all), Some(replacement)) = (found.get(0), replacement(&found)) {
            out.push_str(&text[from..all.start()]);
            out.push_str(&replacement);
            from = all.end();
        }
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[from..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_known_token_has_its_hint_and_is_hidden() {
        let prefixes = [
            "ghp_",
            "gho_",
            "ghu_",
            "ghs_",
            "ghr_",
            "github_pat_",
            "glpat-",
            "gldt-",
            "glrt-",
            "glrtr-",
            "glcbt-",
            "glptt-",
            "glft-",
            "glimt-",
            "glagent-",
            "gloas-",
            "glsoat-",
            "glffct-",
            "xoxb-",
            "xoxp-",
            "xapp-",
            "AIza",
            "ya29.",
            "GOCSPX-",
            "sk_live_",
            "sk_test_",
            "rk_live_",
            "rk_test_",
            "npm_",
            "pypi-",
            "hvs.",
            "hvb.",
            "hvr.",
            "sk-",
            "sk-ant-",
            "sk-proj-",
            "sk-svcacct-",
            "hooks.slack.com/services/",
        ];
        let tokens = prefixes.map(|prefix| format!("{prefix}{}", "a1B2c3D4".repeat(6)));
        let hex =
            ["dop_v1_", "doo_v1_", "dor_v1_"].map(|prefix| format!("{prefix}{}", "0a".repeat(32)));
        let keys =
            ["AKIA", "ASIA", "ABIA", "ACCA"].map(|prefix| format!("{prefix}{}", "Q7".repeat(8)));
        let two_parts = format!("SG.{0}.{0}", "a1B2c3D4".repeat(3));
        for token in tokens.iter().chain(&hex).chain(&keys).chain([&two_parts]) {
            assert!(HINTS.found_in(token).any(|rule| rule == 2), "no hint: {token}");
            assert!(
                hide_known_tokens(&format!("x {token} y")).ends_with("[redacted] y"),
                "{token}"
            );
        }
    }

    #[test]
    fn names_that_begin_like_tokens_stay() {
        for name in
            ["sk-frontend-deployment-7d9f8b6c5d-x2x9z", "glib-2.0-development-files", "msg.subject"]
        {
            assert!(matches!(hide_known_tokens(name), Cow::Borrowed(_)), "{name}");
        }
    }
}
