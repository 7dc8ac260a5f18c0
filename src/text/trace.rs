//! Where a stack trace begins, so that an excerpt can show it whole.

/// Words that a runtime begins a trace with, at the start of a line.
const STARTS: [&str; 7] = [
    // Go, also `fatal error: all goroutines are asleep`
    "panic: ",
    "fatal error: ",
    // CPython
    "Traceback (most recent call last):",
    // OpenJDK
    "Exception in thread ",
    // .NET
    "Unhandled exception",
    // Node
    "Uncaught ",
    "node:internal/",
];

/// Whether a stack trace begins with this line, given the one after it.
pub(super) fn begins(line: &[u8], next: Option<&[u8]>) -> bool {
    let line = String::from_utf8_lossy(line);
    let is_rust = line.starts_with("thread '") && line.contains(" panicked at ");
    let is_frame = |next: &[u8]| {
        let next = String::from_utf8_lossy(next);
        next.starts_with(char::is_whitespace) && next.trim_start().starts_with("at ")
    };
    // of Java, JavaScript and C#: the exception, then where it came from
    let is_exception = (line.contains("Exception") || line.contains("Error"))
        && !line.starts_with(char::is_whitespace)
        && next.is_some_and(is_frame);
    is_rust || is_exception || STARTS.iter().any(|start| line.starts_with(start))
}

/// Whether a line is a frame of Java, JavaScript or C#, counts such frames, or is empty.
pub(super) fn is_frame(line: &str) -> bool {
    let text = line.trim_start();
    text.is_empty()
        || text.len() < line.len() && (text.starts_with("at ") || text.starts_with("... "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_of_common_runtimes_begin_where_they_do() {
        for (line, next, expected) in [
            ("panic: runtime error: index out of range", "", true),
            ("Traceback (most recent call last):", "  File \"x\"", true),
            ("thread 'main' (7) panicked at src/main.rs:2:5:", "boom", true),
            ("java.lang.IllegalStateException: no", "\tat com.shop.App.main(App.java:7)", true),
            ("TypeError: x is undefined", "    at main (app.js:3:1)", true),
            ("Error: try again at noon", "retrying", false),
            ("\tat com.shop.Exception.of(App.java:7)", "\tat com.shop.App.main", false),
            ("do not panic: all is well", "", false),
        ] {
            assert_eq!(begins(line.as_bytes(), Some(next.as_bytes())), expected, "{line}");
        }
    }
}
