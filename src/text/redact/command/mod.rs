//! Passwords that are known by the program they are for: `sshpass -p …`, `curl -u user:…`, and commands of protocols.

#[cfg(test)]
mod tests;

use super::search::{Find, Search};
use super::shape::may_begin_after;
use super::value::{is_credential, is_placeholder, opening_quote};

/// How a flag takes its password.
#[derive(Clone, Copy, PartialEq)]
enum Takes {
    /// As the next word.
    Next,
    /// In the same word.
    Same,
    /// Either.
    Both,
    /// As the next word, after the user and a colon or `%`.
    AfterUser,
    /// As the next word, after the name of a cookie and `=`.
    AfterName,
    /// As the next word, after `pass:`.
    Pass,
}

/// A program, its flags, and how they take a password.
pub(super) struct Command {
    program: &'static str,
    flags: &'static [&'static str],
    takes: Takes,
    #[cfg_attr(not(test), expect(dead_code, reason = "for maintainers of the table"))]
    source: &'static str,
}

const fn command(
    program: &'static str,
    flags: &'static [&'static str],
    takes: Takes,
    source: &'static str,
) -> Command {
    Command { program, flags, takes, source }
}

#[rustfmt::skip]
const COMMANDS: &[Command] = &[
    command("sshpass", &["-p"], Takes::Both, "https://manpages.debian.org/sshpass.1"),
    command("mysql", &["-p"], Takes::Same, "https://dev.mysql.com/doc/refman/8.4/en/connection-options.html"),
    command("mariadb", &["-p"], Takes::Same, "https://mariadb.com/kb/en/mariadb-command-line-client/"),
    command("login", &["-p"], Takes::Next, "https://docs.docker.com/reference/cli/docker/login/"),
    command("ldapsearch", &["-w"], Takes::Both, "https://manpages.debian.org/ldapsearch.1"),
    command("ldapmodify", &["-w"], Takes::Both, "https://manpages.debian.org/ldapmodify.1"),
    command("ldapadd", &["-w"], Takes::Both, "https://manpages.debian.org/ldapadd.1"),
    command("ldapdelete", &["-w"], Takes::Both, "https://manpages.debian.org/ldapdelete.1"),
    command("ldapwhoami", &["-w"], Takes::Both, "https://manpages.debian.org/ldapwhoami.1"),
    command("ldappasswd", &["-w", "-s", "-a"], Takes::Both, "https://manpages.debian.org/ldappasswd.1"),
    command("sqlcmd", &["-P", "/P"], Takes::Both, "https://learn.microsoft.com/en-us/sql/tools/sqlcmd/sqlcmd-utility"),
    command("osql", &["-P", "/P"], Takes::Both, "https://learn.microsoft.com/en-us/sql/tools/osql-utility"),
    command("bcp", &["-P", "/P"], Takes::Both, "https://learn.microsoft.com/en-us/sql/tools/bcp-utility"),
    command("redis-cli", &["-a"], Takes::Next, "https://redis.io/docs/latest/develop/tools/cli/"),
    command("mongo", &["-p"], Takes::Both, "https://www.mongodb.com/docs/mongodb-shell/reference/options/"),
    command("cqlsh", &["-p"], Takes::Both, "https://cassandra.apache.org/doc/latest/cassandra/managing/tools/cqlsh.html"),
    command("twine", &["-p"], Takes::Next, "https://twine.readthedocs.io/en/stable/"),
    command("ipmitool", &["-P"], Takes::Both, "https://manpages.debian.org/ipmitool.1"),
    command("snmp", &["-A", "-X", "-c"], Takes::Next, "https://manpages.debian.org/snmpcmd.1"),
    command("zip", &["-P"], Takes::Both, "https://manpages.debian.org/zip.1"),
    command("mosquitto_", &["-P"], Takes::Next, "https://mosquitto.org/man/mosquitto_pub-1.html"),
    command("curl", &["-u", "--user", "-U", "--proxy-user"], Takes::AfterUser, "https://curl.se/docs/manpage.html"),
    command("curl", &["-b", "--cookie"], Takes::AfterName, "https://curl.se/docs/manpage.html"),
    command("smbclient", &["-U", "--user"], Takes::AfterUser, "https://manpages.debian.org/smbclient.1"),
    command("openssl", &["-passin", "-passout"], Takes::Pass, "https://docs.openssl.org/master/man1/openssl-passphrase-options/"),
];

/// The words that lead here, each with its row.
pub(super) fn words() -> impl Iterator<Item = (&'static str, &'static Command)> {
    COMMANDS.iter().map(|command| (command.program, command))
}

/// Words of protocols and of settings before a password.
#[rustfmt::skip]
pub(super) const FINDS: [(&[&str], Find); 1] = [(&[
    // https://redis.io/docs/latest/commands/auth/, RFC 4954 and RFC 4616
    "AUTH ",
    // https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
    " on >", " reset >",
    // RFC 9051, `a1 LOGIN user password`
    " LOGIN ",
    // RFC 959, RFC 1939
    "PASS ",
    // https://www.rabbitmq.com/docs/man/rabbitmqctl.8
    "rabbitmqctl ",
], find_protocol)];

impl Command {
    /// Hides the password of the command line that begins here.
    pub(super) fn find(&self, search: &mut Search<'_>, at: usize) {
        const LONGEST: usize = 1024;
        let text = search.text;
        let start = at + self.program.len();
        let line_end = search.line_end(start).min(start + LONGEST);
        if !may_begin_after(&text[..at])
            || !text.is_char_boundary(line_end)
            || !search.may_spend(line_end - start)
        {
            return;
        }
        let words = Words { text, at: start, end: line_end };
        // `mysqldump`, `"mysql",`: the rest of the program's name
        let mut last_flag = false;
        let mut is_first = true;
        for (from, to) in words {
            let word = &text[from..to];
            if std::mem::take(&mut is_first) && from == start && !self.program.ends_with(word) {
                continue;
            }
            if matches!(word, "|" | "||" | "&&" | ";") {
                return;
            }
            if std::mem::take(&mut last_flag)
                && let Some(skipped) = self.password_of(word)
            {
                return search.hide(from + skipped..to);
            }
            last_flag = self.flags.contains(&word) && self.takes != Takes::Same;
            let same = self.flags.iter().find_map(|flag| word.strip_prefix(flag));
            let same = same.filter(|password| !password.is_empty() && !word.starts_with("--"));
            if let Some(password) = same.filter(|_| matches!(self.takes, Takes::Same | Takes::Both))
                && is_attached(password)
            {
                return search.hide(to - password.len()..to);
            }
        }
    }

    /// How many bytes of the word are before the password.
    fn password_of(&self, word: &str) -> Option<usize> {
        let skipped = match self.takes {
            Takes::AfterUser => word.find([':', '%']).map(|at| at + 1)?,
            Takes::AfterName => word.find('=').map(|at| at + 1)?,
            Takes::Pass => word.strip_prefix("pass:").map(|_| "pass:".len())?,
            Takes::Next | Takes::Same | Takes::Both => 0,
        };
        let password = &word[skipped..];
        (!password.is_empty() && !password.starts_with('-') && !is_placeholder(password))
            .then_some(skipped)
    }
}

/// Whether this is a password after its flag, `-pSECRET`, and not another flag with the same first letter.
fn is_attached(password: &str) -> bool {
    !password.starts_with(['-', '='])
        && !is_placeholder(password)
        && !password.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        || password.len() >= 4
            && !password.contains('-')
            && !password.bytes().all(|byte| byte.is_ascii_digit())
}

/// The words of a command line, which may be a list in JSON or Go.
struct Words<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl Iterator for Words<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let rest = self.text.get(self.at..self.end)?;
        let word = rest.trim_start_matches([' ', '\t', '"', '\'', ',', '\\', '[', ']']);
        let from = self.end - word.len();
        let quote = self.text[..from].chars().next_back().filter(|c| matches!(c, '"' | '\''));
        let len = match quote {
            Some(quote) => word.find(quote),
            None => word.find([' ', '\t', '"', '\'', ']', '\\']),
        };
        let word = &word[..len.unwrap_or(word.len())];
        self.at = from + word.len();
        (!word.is_empty()).then_some((from, self.at))
    }
}

/// Hides the password after a word of a protocol.
fn find_protocol(search: &mut Search<'_>, at: usize, word: &str) {
    let text = search.text;
    let start = at + word.len();
    let line_end = search.line_end(start);
    let line = &text[start..line_end];
    let mut at_word = start;
    let mut words = line.split(' ').take(3).map(|word| {
        let from = at_word;
        at_word += word.len() + 1;
        from..search.bare_end(from).clamp(from, from + word.len())
    });
    let Some(first) = words.next() else { return };
    let (second, third) = (words.next(), words.next());
    let is_password = |range: &std::ops::Range<usize>| is_credential(&text[range.clone()]);
    let before = &text[..at];
    let is_told = may_begin_after(before) && opening_quote(line).is_none();
    let found = match word {
        "AUTH " if !is_told => None,
        "AUTH " if matches!(&text[first.clone()], "PLAIN" | "LOGIN" | "CRAM-MD5" | "XOAUTH2") => {
            second.filter(|value| value.len() >= 8)
        }
        "AUTH " if is_password(&first) => Some(first),
        "AUTH " => second.filter(is_password),
        " on >" | " reset >" => (before.contains("user ")).then_some(first),
        " LOGIN " => second.filter(is_password),
        "PASS " => {
            let is_line = before.is_empty()
                || before.ends_with(['\n', '"'])
                || before.ends_with("> ")
                || before.ends_with("C: ");
            let value = &text[first.clone()];
            let is_test = value.contains(['/', '.']) || value.starts_with("Test");
            (is_line && !is_test && second.is_none() && is_password(&first)).then_some(first)
        }
        _ => {
            let is_user = matches!(&text[first], "add_user" | "change_password");
            third.filter(|_| is_user)
        }
    };
    if let Some(password) = found {
        search.hide(password);
    }
}
