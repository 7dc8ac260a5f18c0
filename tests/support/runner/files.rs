//! The file of a step's outputs, as `FileCommandManager.cs` reads it.

use std::collections::BTreeMap;

/// The outputs; of a name that is set twice the last one.
///
/// # Errors
/// What the runner fails the step with.
pub(super) fn outputs(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut outputs = BTreeMap::new();
    let mut lines = text.split_terminator('\n');
    while let Some(line) = lines.next() {
        if line.is_empty() {
            continue;
        }
        let equals = line.find('=').unwrap_or(usize::MAX);
        let heredoc = line.find("<<").unwrap_or(usize::MAX);
        if equals < heredoc {
            outputs.insert(line[..equals].to_owned(), line[equals + 1..].to_owned());
        } else if heredoc < usize::MAX {
            let (name, delimiter) = (&line[..heredoc], &line[heredoc + 2..]);
            let mut value = Vec::new();
            loop {
                match lines.next() {
                    Some(line) if line == delimiter => break,
                    Some(line) => value.push(line),
                    None => return Err(format!("no delimiter `{delimiter}`")),
                }
            }
            outputs.insert(name.to_owned(), value.join("\n"));
        } else {
            return Err(format!("invalid format `{line}`"));
        }
    }
    Ok(outputs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_and_the_rest_is_refused() {
        let read = outputs("a=1=2\n\nb<<E\nx\ny=<<\nE\na=3\n").unwrap();
        assert_eq!(read, [("a", "3"), ("b", "x\ny=<<")].map(|(k, v)| (k.into(), v.into())).into());
        assert!(outputs("a<<E\nx\n").is_err());
        assert!(outputs("a\n").is_err());
    }
}
