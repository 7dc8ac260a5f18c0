//! How long a file may be: what is longer is more than one thing.

use crate::code;

/// Lines of a file that is compiled into the program, its own tests left out.
const MOST: usize = 250;

/// Tables: one row each, without rules of their own.
const TABLES: &[&str] = &["text/redact/token_rows.rs"];

#[test]
fn no_file_is_too_long() {
    let files = code::read().lines.iter();
    let too_long: Vec<_> = files
        .filter(|(file, lines)| **lines > MOST && !TABLES.contains(&file.as_str()))
        .map(|(file, lines)| format!("src/{file}: {lines} lines, at most {MOST}"))
        .collect();
    assert!(too_long.is_empty(), "\n{}", too_long.join("\n"));
}

#[test]
fn each_table_is_there_and_long() {
    for table in TABLES {
        let lines = code::read().lines.get(*table);
        assert!(lines.is_some_and(|lines| *lines > MOST), "{table}: {lines:?} lines");
    }
}
