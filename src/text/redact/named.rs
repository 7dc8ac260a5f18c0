//! Finds names of secrets, and looks for the value around each.

use std::ops::Range;

use super::assignment::Assignment;
use super::name::{self, Kind};
use super::search::{Find, Search};
use super::{header, pair, prose, separator};

/// The words that lead to names.
pub(super) const FINDS: [(&[&str], Find); 2] =
    [(&name::WORDS, find), (&name::OTHER_LANGUAGES, find_foreign)];

/// Looks at the name that has this word in it.
fn find(search: &mut Search<'_>, at: usize, word: &'static str) {
    let text = search.text;
    let word = word.trim_end_matches('=');
    let range = name::around(text, at, word.len());
    if range.end == search.named {
        return;
    }
    let Some(kind) = name::kind_of(&text[range.clone()]).or_else(|| two_words(text, &range)) else {
        return;
    };
    search.named = range.end;
    look_at(search, range, kind);
}

/// The same for a word of another language.
fn find_foreign(search: &mut Search<'_>, at: usize, word: &'static str) {
    let text = search.text;
    let ends = |c: Option<char>| !c.is_some_and(|c| c.is_alphabetic() && c.is_ascii());
    if ends(text[..at].chars().next_back()) {
        look_at(search, at..at + word.len(), Kind::Password);
    }
}

fn look_at(search: &mut Search<'_>, name: Range<usize>, kind: Kind) {
    if kind == Kind::Phrase {
        prose::find_phrase(search, name.end);
    }
    let Some(separator) = separator::behind(search.text, name.end) else {
        if !pair::find(search, &name, kind) && search.text[name.clone()].starts_with('-') {
            prose::next_argument(search, &name);
        }
        return;
    };
    if header::find(search, &name, separator) {
        return;
    }
    let assignment = Assignment::new(search, name.clone(), kind, separator);
    match separator.kind {
        separator::Kind::NextLine => prose::next_line(search, &assignment),
        separator::Kind::Space if !assignment.is_flag() => {
            if !pair::find(search, &name, kind) {
                prose::find(search, &assignment);
            }
        }
        separator::Kind::Comma if !assignment.is_flag() => {
            pair::find(search, &name, kind);
        }
        _ => {
            if let Some(block) = assignment.block(search) {
                search.hide(block);
            } else if assignment.is_secret(search) {
                search.hide(assignment.value.range);
            }
        }
    }
}

/// `private key`, `API key`: the word before decides.
fn two_words(text: &str, name: &Range<usize>) -> Option<Kind> {
    let last = text[name.clone()].to_ascii_lowercase();
    let before = text[..name.start].strip_suffix(' ').filter(|_| last == "key")?;
    let start = name::around(text, before.len(), 0).start;
    name::kind_of(&format!("{}_key", &text[start..before.len()]))
}
