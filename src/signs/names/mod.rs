//! What of a message is a name: texts of Kubernetes and of runtimes quote images, hosts, files and objects, and a name
//! may spell anything. An image tagged `build-1429` is no HTTP status, a Secret called `x509` no certificate.

#[cfg(test)]
mod tests;

/// Stands for each byte of a name; in a phrase [`NAME`] stands for the whole name.
const HIDDEN: u8 = 0x01;

/// The mark of a name in a phrase: `secret * not found`.
const NAME: char = '*';

/// Words with the form of a name that are words all the same.
const WORDS: [&str; 12] = [
    "affinity/anti-affinity",
    "affinity/selector",
    "client.timeout",
    "fork/exec",
    "http/1.x",
    "i/o",
    "input/output",
    "kube-root-ca.crt",
    "mount.cifs",
    "mount.nfs",
    "mount.nfs4",
    "net/http",
];

/// Names that mean something by themselves: interfaces of the kernel and of Windows, Kubernetes' own taints, and kinds of
/// objects.
const SPEAKING: [&str; 13] = [
    "/dev/",
    "/proc/",
    "/sys/",
    "//./pipe/",
    "npipe://",
    "node.kubernetes.io/",
    "node.cloudprovider.kubernetes.io/",
    "network-attachment-definition",
    "persistentvolume",
    "resourceclaim",
    "runtimeclass",
    "secretproviderclass",
    "storageclass",
];

/// What stands before a command, whose quotes may hold blanks.
const BEFORE_COMMAND: [&str; 2] = ["exec: ", "executable file "];

/// What stands before a quoted word that is no name: runc's `mounting "proc"`, crun's "mount `proc`".
const BEFORE_WORD: [&str; 2] = ["mounting ", "mount "];

/// The text in lower case with its names hidden, quotes included; every byte keeps its place.
pub(super) fn hide(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut bytes = lower.clone().into_bytes();
    hide_quoted(&lower, &mut bytes);
    hide_words(&lower, &mut bytes);
    hide_mirrors(&lower, &mut bytes);
    // a name is hidden as a whole, so that what is left are whole characters
    String::from_utf8(bytes).unwrap_or(lower)
}

/// containers/image tells of each mirror that failed before the registry itself, which decides.
const MIRRORS: (&str, &str) = ("(mirrors also failed: [", "]): ");

fn hide_mirrors(lower: &str, bytes: &mut [u8]) {
    let Some(from) = lower.find(MIRRORS.0) else { return };
    if let Some(end) = lower[from..].find(MIRRORS.1) {
        hide_range(bytes, from, from + end);
    }
}

fn hide_range(bytes: &mut [u8], from: usize, until: usize) {
    if let Some(name) = bytes.get_mut(from..until) {
        name.fill(HIDDEN);
    }
}

fn hide_quoted(lower: &str, bytes: &mut [u8]) {
    let mut hidden_until = 0;
    for (from, quote) in lower.match_indices(is_quote) {
        if from < hidden_until || !opens(lower, from, quote) {
            continue;
        }
        let start = from + quote.len();
        let before = lower[..from].trim_end_matches('\\');
        let is_command = BEFORE_COMMAND.iter().any(|phrase| before.ends_with(phrase));
        let ends = lower[start..].match_indices(is_quote).map(|(at, end)| (start + at, end));
        let mut ends = ends.filter(|(_, end)| closes(quote, end));
        let Some((end, close)) = ends.next() else { continue };
        let content = lower[start..end].trim_end_matches('\\');
        let is_word =
            BEFORE_WORD.iter().any(|phrase| before.ends_with(phrase)) || WORDS.contains(&content);
        // a quoted sentence is an error within an error
        if !is_word && !is_command && content.contains(char::is_whitespace) {
            continue;
        }
        hidden_until = end + close.len();
        if is_word {
            continue;
        }
        hide_range(bytes, before.len(), hidden_until);
    }
}

fn hide_words(lower: &str, bytes: &mut [u8]) {
    let mut from = 0;
    for word in lower.split(is_border) {
        let at = from;
        from = at + word.len() + lower[at + word.len()..].chars().next().map_or(0, char::len_utf8);
        if bytes.get(at) == Some(&HIDDEN) || lower[..at].ends_with('{') {
            continue;
        }
        // the address of a web page goes on to the next blank
        let word = match word.contains("://") {
            true => lower[at..].split(|c: char| c.is_whitespace() || is_quote(c)).next(),
            false => Some(word),
        };
        let name = word.unwrap_or_default().trim_end_matches([':', '.', ',', ';', ')']);
        if is_name(name) {
            hide_range(bytes, at, at + name.len());
        }
    }
}

/// Whether a word can only be a name: a path, an address, an image, a digest, a host.
fn is_name(word: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric();
    let inner = |mark: char| {
        word.match_indices(mark).any(|(at, mark)| {
            word[..at].ends_with(is_plain) && word[at + mark.len()..].starts_with(is_plain)
        })
    };
    let is_fraction = || word.bytes().all(|b| b.is_ascii_digit() || b == b'/');
    if WORDS.contains(&word) || SPEAKING.iter().any(|name| word.starts_with(name)) {
        return false;
    }
    // `status:404` is no port, `a::b` a function
    let labels = || ["code", "error", "status", "statuscode"].iter();
    let is_label = || labels().any(|label| word.split(':').next() == Some(*label));
    word.contains("://")
        || word.contains('@')
        || word.contains(":\\")
        || word.starts_with("\\\\")
        || (word.contains('/') && word.len() > 1 && !is_fraction())
        || (inner(':') && !word.contains("::") && !is_label())
        || inner('.')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '‘' | '’')
}

/// An apostrophe opens nothing within a word, as in `didn't`.
fn opens(lower: &str, at: usize, quote: &str) -> bool {
    let before = lower[..at].chars().next_back();
    matches!(quote, "\"" | "`") || before.is_none_or(|c| !c.is_alphanumeric())
}

fn closes(opened: &str, by: &str) -> bool {
    by == opened || matches!((opened, by), ("‘", "’") | ("`", "'"))
}

fn is_border(c: char) -> bool {
    c.is_whitespace()
        || is_quote(c)
        || matches!(c, ',' | ';' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '=' | '|')
}

/// Where a phrase is in a text with hidden names, from `from` on; [`NAME`] in it is one name.
pub(super) fn find(hidden: &str, from: usize, phrase: &str) -> Option<(usize, usize)> {
    let mut parts = phrase.split(NAME);
    let first = parts.next()?;
    let rest: Vec<&str> = parts.collect();
    // a phrase that begins with a name is tried at each character
    let starts = hidden.get(from..)?.match_indices(first).map(|(at, _)| from + at);
    starts.into_iter().find_map(|start| Some((start, follow(hidden, start + first.len(), &rest)?)))
}

/// The end of names and parts that follow each other from `at` on.
fn follow(hidden: &str, mut at: usize, parts: &[&str]) -> Option<usize> {
    for part in parts {
        let name = hidden.get(at..)?.bytes().take_while(|byte| *byte == HIDDEN).count();
        at += name;
        if name == 0 || !hidden.get(at..)?.starts_with(part) {
            return None;
        }
        at += part.len();
    }
    Some(at)
}
