//! The level of a line of a log.

/// The level that a line claims for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Information, and everything below it.
    Low,
    /// A warning.
    Warning,
    /// An error.
    Error,
    /// An error that ends the program.
    Fatal,
}

/// The level must be among so many first words and bytes of a line.
const WORDS: usize = 14;
const BYTES: usize = 200;

impl Level {
    /// The level of a line that is not JSON: a word in capitals, in brackets, before a colon or in logfmt; the letters of
    /// klog, Ruby and Redis.
    pub(super) fn of_line(line: &str) -> Option<Self> {
        letter(line).or_else(|| redis(line)).or_else(|| {
            let mut words = words(line).take(WORDS).take_while(|word| word.at < BYTES);
            let mut number = 0;
            let mut before = "";
            words.find_map(|word| {
                let found = word.level(line, number, before);
                number += 1;
                before = word.text;
                found
            })
        })
    }

    /// The level that a word names, in any case.
    pub(super) fn named(word: &str) -> Option<Self> {
        #[rustfmt::skip]
        const NAMES: [(&[&str], Level); 4] = [
            (&[
                "info", "inf", "debug", "dbg", "dbug", "debu", "trace", "trc", "trce", "trac", "notice", "note", "verbose",
                "system", "log", "information", "informational",
            ], Level::Low),
            (&["warn", "wrn", "warning"], Level::Warning),
            (&["error", "err", "erro", "eror", "severe", "fail"], Level::Error),
            (&["fatal", "ftl", "fata", "critical", "crit", "emerg", "emergency", "alert", "panic", "dpanic"], Level::Fatal),
        ];
        NAMES.iter().find_map(|(names, level)| {
            names.iter().any(|name| name.eq_ignore_ascii_case(word)).then_some(*level)
        })
    }

    /// The level of a number, as in pino and bunyan.
    pub(super) fn numbered(number: u64) -> Self {
        match number {
            0..40 => Self::Low,
            40..50 => Self::Warning,
            50..60 => Self::Error,
            _ => Self::Fatal,
        }
    }
}

struct Word<'l> {
    at: usize,
    text: &'l str,
}

fn words(line: &str) -> impl Iterator<Item = Word<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + line[from..].find(|c: char| c.is_ascii_alphanumeric())?;
        let end = line[at..].find(|c: char| !c.is_ascii_alphanumeric());
        from = end.map_or(line.len(), |end| at + end);
        Some(Word { at, text: &line[at..from] })
    })
}

impl Word<'_> {
    /// The level, if this word of the line is one; `number` is its place among the words.
    fn level(&self, line: &str, number: usize, predecessor: &str) -> Option<Level> {
        let before = &line[..self.at];
        let after = line[self.at + self.text.len()..].chars().next();
        if after == Some(':') && self.text.ends_with("Warning") {
            return Some(Level::Warning);
        }
        let level = Level::named(self.text)?;
        let is_bracketed = after == Some(']') && before.ends_with(['[', ':', '.']);
        let is_value = before.trim_end_matches(['"', '\'']).ends_with('=')
            && ["level", "lvl", "severity"].iter().any(|key| predecessor.eq_ignore_ascii_case(key));
        let is_part = before.ends_with(['_', '-', '/', '=']) || after == Some('_');
        let is_shouted =
            self.text.len() >= 3 && self.text.bytes().all(|b| b.is_ascii_uppercase()) && !is_part;
        let is_label = after == Some(':')
            && (number == 0
                || before.ends_with([' ', ']', ')']) && level > Level::Warning
                || number == 1 && !before.contains(':'));
        let is_one = match &*self.text.to_ascii_lowercase() {
            // PostgreSQL
            "log" => is_shouted && after == Some(':'),
            "note" | "system" => is_bracketed || number == 0 && after == Some(':'),
            // .NET
            "fail" => number == 0 && after == Some(':'),
            // `Stack trace:`
            "trace" => is_bracketed || is_value || is_shouted,
            _ => is_bracketed || is_value || is_shouted || is_label,
        };
        is_one.then_some(level)
    }
}

/// klog's letter before the date, Ruby's before its bracket.
fn letter(line: &str) -> Option<Level> {
    let mut chars = line.chars();
    let level = match chars.next()? {
        'I' | 'D' => Level::Low,
        'W' => Level::Warning,
        'E' => Level::Error,
        'F' => Level::Fatal,
        _ => return None,
    };
    let rest = chars.as_str();
    let is_klog = rest.len() > 4 && rest.bytes().take(4).all(|b| b.is_ascii_digit());
    (is_klog || rest.starts_with(", [")).then_some(level)
}

/// Redis' and Valkey's mark after the time: `1:M 25 Nov 2026 07:56:34.123 # the text`.
fn redis(line: &str) -> Option<Level> {
    let (pid, rest) = line.split_once(':')?;
    let is_redis = pid.bytes().all(|b| b.is_ascii_digit())
        && rest.starts_with(['M', 'C', 'S', 'X'])
        && rest[1..].starts_with(' ');
    let mark = is_redis.then(|| rest.split(' ').nth(5)).flatten()?;
    match mark {
        "#" => Some(Level::Warning),
        "*" | "-" | "." => Some(Level::Low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_its_level_in_the_way_of_its_program() {
        for (line, level) in [
            ("2026-11-25 07:52:53,498 INFO orders - errors: none", Some(Level::Low)),
            (
                "2026-11-25T07:43:55.780Z ERROR 1 --- [main] o.s.boot.App : failed",
                Some(Level::Error),
            ),
            ("I0730 12:00:00.000000 1 main.go:3] error", Some(Level::Low)),
            ("E0730 12:00:00.000000 1 main.go:3] x", Some(Level::Error)),
            ("E, [2026-11-25T07:56:34.123456 #1] ERROR -- : x", Some(Level::Error)),
            ("ts=2026 caller=main.go:1 level=error msg=\"x\"", Some(Level::Error)),
            ("time=2026 level=INFO source=a.go:1 msg=error", Some(Level::Low)),
            ("2026/11/25 07:56:34 [emerg] 1#1: unknown directive", Some(Level::Fatal)),
            ("[Tue Nov 25 07:56:34.1 2026] [core:error] [pid 1] AH00014: x", Some(Level::Error)),
            ("[Tue Nov 25 07:56:34.1 2026] [mpm_event:notice] [pid 1] x", Some(Level::Low)),
            ("2026-11-25  7:56:35 0 [Note] InnoDB: x", Some(Level::Low)),
            ("2026-11-25  7:56:35 0 [ERROR] Aborting", Some(Level::Error)),
            ("2026-11-25 07:49:48.048 UTC [1] LOG:  x", Some(Level::Low)),
            ("2026-11-25 07:49:48.048 UTC [1] FATAL:  x", Some(Level::Fatal)),
            ("[ALERT]    (1) : config : x", Some(Level::Fatal)),
            ("1732521394: Error: Unknown configuration variable", Some(Level::Error)),
            ("prometheus: error: unknown long flag", Some(Level::Error)),
            ("1:M 25 Nov 2026 07:56:34.123 # x", Some(Level::Warning)),
            ("1:M 25 Nov 2026 07:56:34.123 * x", Some(Level::Low)),
            ("[07:56:34 FTL] x", Some(Level::Fatal)),
            ("7:56AM WRN x", Some(Level::Warning)),
            ("[2026-11-25 07:56:34.1][1][critical][main] [s.cc:414] x", Some(Level::Fatal)),
            ("[2026-11-25T07:56:34+00:00] app.ERROR: x", Some(Level::Error)),
            ("[2026-11-25 07:56:34: ERROR/MainProcess] x", Some(Level::Error)),
            ("fail: Microsoft.Hosting[0]", Some(Level::Error)),
            ("PHP Warning:  x", Some(Level::Warning)),
            ("(node:1) [DEP0040] DeprecationWarning: x", Some(Level::Warning)),
            ("npm ERR! code 1", Some(Level::Error)),
            ("Stack trace:", None),
            ("ERR_REQUIRE_ESM", None),
            ("reported an error to the user", None),
            ("listening on 8080", None),
            ("", None),
        ] {
            assert_eq!(Level::of_line(line), level, "{line}");
        }
    }
}
