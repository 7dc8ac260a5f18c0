//! Secrets that a sentence tells: "the password is …", "password for app: …", and values on the line after their name.

use std::ops::Range;

use super::assignment::Assignment;
use super::name::Kind;
use super::search::{Find, Search};
use super::separator::skip_blanks;
use super::shape::is_random;
use super::value::{Value, is_credential, is_placeholder, opening_quote};

/// Looks at what follows a name and white space.
pub(super) fn find(search: &mut Search<'_>, assignment: &Assignment<'_>) {
    let start = assignment.separator.value;
    let text = search.text;
    let line_end = search.line_end(start);
    let line = &text[start..line_end];
    if let Some(quote) = opening_quote(line)
        && assignment.kind == Kind::Password
        && !assignment.separator.is_closed
        && assignment.value.is_quoted
    {
        // SQL: `PASSWORD '…'`, and prose: the password "…"
        if !is_placeholder(assignment.value.text(search)) && quote != "`" {
            search.hide(assignment.value.range.clone());
        }
        return;
    }
    let first = assignment.value.text(search);
    if is_told(assignment, first) {
        return search.hide(assignment.value.range.clone());
    }
    if let Some(password) = first.split_once([':', '/']).map(|(_, password)| password)
        && assignment.name().to_ascii_lowercase().ends_with("credentials")
        && is_credential(password)
    {
        return search
            .hide(assignment.value.range.end - password.len()..assignment.value.range.end);
    }
    if matches!(assignment.kind, Kind::Password | Kind::Token) {
        find_later(search, assignment.kind, start, line);
    }
    if line_end > start && line.trim_end().ends_with(':') && assignment.kind == Kind::Password {
        hide_next_line(search, line_end, false);
    }
}

/// `password hunter2`, `token 8f3aB7c2D9e1f0aa`, `requirepass x`, `machine a login b password c`.
fn is_told(assignment: &Assignment<'_>, word: &str) -> bool {
    let before = assignment.before();
    let name = assignment.name();
    if word.is_empty() || is_placeholder(word) {
        return false;
    }
    match assignment.kind {
        Kind::Password => {
            // netrc(5), redis.conf
            let is_netrc =
                before.contains("login ") || before.trim().is_empty() && before.len() >= 2;
            let is_config = before.is_empty() && matches!(name, "requirepass" | "masterauth");
            let is_only = assignment.is_last_on_line();
            let is_test = name == "PASS" && (word.contains(['/', '.']) || word.starts_with("Test"));
            (is_only && (before.contains("login ") || is_config))
                || is_netrc && is_only && is_credential(word)
                || is_credential(word) && !is_test
        }
        // `private key 0x…`
        Kind::Token => {
            is_random(word) && !word.contains(':') && !word.contains("://")
                || word.strip_prefix("0x").is_some_and(|hex| {
                    hex.len() >= 32 && hex.bytes().all(|b| b.is_ascii_hexdigit())
                })
        }
        Kind::Signature | Kind::Guess | Kind::Phrase => false,
    }
}

/// "password is …", "password was set to …", "password for app: …", "password is generated for root@localhost: …".
fn find_later(search: &mut Search<'_>, kind: Kind, start: usize, line: &str) {
    #[rustfmt::skip]
    const LINKS: [&str; 16] = [
        "is", "was", "are", "set", "changed", "reset", "updated", "to", "now", "be", "as", "generated", "created", "will", "with", "->",
    ];
    let mut at = 0;
    let mut is_for = false;
    for (count, word) in line.split(' ').enumerate().take(10) {
        let end = search.bare_end(start + at).clamp(start + at, start + at + word.len());
        let bare = search.text[start + at..end].trim_end_matches(['.', ',']);
        let link = word.trim_end_matches(':');
        if count > 0
            && LINKS.contains(
                &line[..at].trim_end().rsplit(' ').next().unwrap_or_default().trim_end_matches(':'),
            )
        {
            let quoted = opening_quote(&line[at..]).is_some();
            let value = if quoted {
                Value::at(search, start + at).range
            } else {
                start + at..start + at + bare.len()
            };
            let text = &search.text[value.clone()];
            if (if kind == Kind::Password { is_credential(text) } else { is_random(text) })
                || quoted && kind == Kind::Password && !text.is_empty() && !is_placeholder(text)
            {
                return search.hide(value);
            }
        }
        if is_for
            && kind == Kind::Password
            && line[..at].trim_end().ends_with(':')
            && is_credential(word)
            && line[at..].trim_end() == word
        {
            return search.hide(start + at..start + at + word.len());
        }
        is_for |= matches!(link, "for" | "of");
        if !is_for && !LINKS.contains(&link) {
            return;
        }
        at += word.len() + 1;
    }
}

/// The words from which a wallet is made again, twelve at least
/// (<https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki>).
pub(super) fn find_phrase(search: &mut Search<'_>, start: usize) {
    const WORDS: usize = 12;
    let end = search.line_end(start);
    let line = &search.text[start..end];
    let is_word =
        |word: &str| (3..=8).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase());
    let (mut from, mut at, mut count) = (start, start, 0);
    for word in line.split([' ', '"', '\'', ',', ':']).take(60) {
        let end = at + word.len();
        if is_word(word) {
            count += 1;
        } else if count >= WORDS {
            break;
        } else {
            (from, count) = (end + 1, 0);
        }
        at = end + 1;
    }
    if count >= WORDS {
        search.hide(from..(at - 1).min(end));
    }
}

/// A value on the line after its flag, as a list in YAML has it: `- --password`, `- hunter2`.
pub(super) fn next_argument(search: &mut Search<'_>, name: &Range<usize>) {
    let text = search.text;
    let rest = text[name.end..].trim_start_matches(['"', '\'']);
    let Some(below) = rest.strip_prefix('\n').map(|below| skip_blanks(below).0) else { return };
    let Some(item) = below.strip_prefix("- ") else { return };
    let value = Value::at(search, text.len() - item.len());
    let found = value.text(search);
    if !found.is_empty() && !found.starts_with('-') && !is_placeholder(found) {
        search.hide(value.range);
    }
}

/// A value on the line after its name and colon.
pub(super) fn next_line(search: &mut Search<'_>, assignment: &Assignment<'_>) {
    let start = assignment.separator.value;
    if matches!(assignment.kind, Kind::Password | Kind::Token) {
        hide_next_line(search, start, true);
    }
}

/// Hides the next line if it is but a value; `is_named`: the name stands right before the line's end.
fn hide_next_line(search: &mut Search<'_>, line_end: usize, is_named: bool) {
    let rest = &search.text[line_end..];
    let rest = rest.strip_prefix("\\n").unwrap_or(rest);
    let gap = rest.len() - rest.trim_start_matches(['\n', '\r', ' ', '\t']).len();
    let gap = gap + same_prefix(search.text, line_end, &rest[gap..]);
    let is_indented = rest[..gap].ends_with([' ', '\t']);
    let start = search.text.len() - rest.len() + gap;
    if gap == 0 || rest[..gap].matches('\n').count() > 2 {
        return;
    }
    let end = search.line_end(start);
    let line = search.text[start..end].trim_end().trim_end_matches(',');
    if opening_quote(line).is_some() {
        let value = Value::at(search, start).range;
        let is_whole =
            search.text[value.end..].trim_start_matches(['"', '\'', '\\', ',', ' ', '}', ']']);
        let value_text = &search.text[value.clone()];
        if is_named
            && (is_whole.is_empty() || is_whole.starts_with('\n'))
            && !value_text.is_empty()
            && !is_placeholder(value_text)
        {
            search.hide(value);
        }
        return;
    }
    let is_value = !line.contains(' ')
        && !line.ends_with([':', '{', '[', '}', ']'])
        && !line.starts_with(['-', '{', '[', '}', ']', '<', '/', '#'])
        && !line.is_empty()
        && !is_placeholder(line);
    let is_known =
        is_named && is_indented && !line.contains(':') || is_credential(line) || is_random(line);
    if is_value && is_known {
        search.hide(start..start + line.len());
    }
}

/// The length of what a log writes before this line as before the one that ends there, digits aside.
fn same_prefix(text: &str, line_end: usize, below: &str) -> usize {
    const LONGEST: usize = 256;
    let near = text.ceil_char_boundary(line_end.saturating_sub(1024));
    let start = text[near..line_end].rfind('\n').map_or(near, |end| near + end + 1);
    let alike = |(a, b): &(u8, u8)| a == b || a.is_ascii_digit() && b.is_ascii_digit();
    let line = text.as_bytes()[start..line_end].iter().copied();
    let len = line.zip(below.bytes()).take(LONGEST).take_while(alike).count();
    below.as_bytes()[..len].iter().rposition(|byte| *byte == b' ').map_or(0, |at| at + 1)
}

/// The ports of PostgreSQL and its poolers, and what stands for any, in its file of passwords
/// (<https://www.postgresql.org/docs/current/libpq-pgpass.html>).
pub(super) const FINDS: [(&[&str], Find); 1] =
    [(&[":5432:", ":5433:", ":6432:", ":*:"], find_pgpass)];

/// `host:5432:database:user:password`, alone on its line.
fn find_pgpass(search: &mut Search<'_>, at: usize, _: &str) {
    let text = search.text;
    let end = search.line_end(at);
    let Some(start) = search.line_start(at).filter(|start| end - start < 1024) else { return };
    let line = &text[start..end];
    let fields: Vec<&str> = line.trim().split(':').take(6).collect();
    if let [host, _, _, _, password] = *fields
        && !line.trim().contains(' ')
        && start + host.len() == at
        && !is_placeholder(password)
    {
        search.hide(start + line.len() - password.len()..start + line.len());
    }
}
