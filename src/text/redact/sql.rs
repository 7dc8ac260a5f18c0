//! Passwords in statements of SQL; `PASSWORD '…'` alone is found as prose is.

use super::search::{Find, Search};
use super::value::{Value, is_placeholder, opening_quote};

/// The words that lead here.
pub(super) const FINDS: [(&[&str], Find); 1] =
    [(&["identified ", "password for ", "_password as "], find)];

/// `IDENTIFIED BY '…'`, `IDENTIFIED WITH plugin BY '…'` (MySQL, MariaDB, Oracle, ClickHouse), `SET PASSWORD FOR … = '…'`
/// (<https://dev.mysql.com/doc/refman/8.4/en/create-user.html>).
fn find(search: &mut Search<'_>, at: usize, word: &str) {
    let text = search.text;
    let start = at + word.len();
    let rest = &text[start..search.line_end(start)];
    let value = if word.starts_with('_') {
        opening_quote(rest).map(|_| 0)
    } else if word.starts_with('p') {
        rest.find("= ")
            .filter(|at| *at < 120 && opening_quote(&rest[at + 2..]).is_some())
            .map(|at| at + 2)
    } else {
        after_by(rest)
    };
    let Some(value) = value else { return };
    let value = Value::at(search, start + value);
    if !is_placeholder(value.text(search)) {
        search.hide(value.range);
    }
}

/// Where the value begins in `[WITH plugin] {BY | AS} [PASSWORD | VALUES] …`.
fn after_by(rest: &str) -> Option<usize> {
    let mut at = 0;
    let mut is_by = false;
    for (index, word) in rest.split(' ').enumerate().take(6) {
        let is = |known: &str| word.eq_ignore_ascii_case(known);
        if is_by && !is("password") && !is("values") && !word.is_empty() {
            return Some(at);
        }
        if index == 0 && !(is("by") || is("with") || is("as")) {
            return None;
        }
        is_by |= is("by") || is("as");
        at += word.len() + 1;
    }
    None
}
