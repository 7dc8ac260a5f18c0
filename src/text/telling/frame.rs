//! The lines of stack traces, by their shape.

/// Whether a stack trace begins with this line, given the one after it.
pub(in crate::text) fn begins(line: &str, next: Option<&str>) -> bool {
    #[rustfmt::skip]
    const STARTS: [&str; 7] = [
        // Go, CPython, OpenJDK, .NET, Node
        "panic: ", "fatal error: ", "Traceback (most recent call last):", "Exception in thread ", "Unhandled exception",
        "Uncaught ", "node:internal/",
    ];
    let is_frame =
        |next: &str| next.starts_with(char::is_whitespace) && next.trim_start().starts_with("at ");
    // of Java, JavaScript and C#: the exception, then where it came from
    let is_exception = (line.contains("Exception") || line.contains("Error"))
        && !line.starts_with(char::is_whitespace)
        && next.is_some_and(is_frame);
    is_rust_panic(line) || is_exception || STARTS.iter().any(|start| line.starts_with(start))
}

/// Whether a line is a frame of Java, JavaScript or C#, counts such frames, or is empty.
pub(in crate::text) fn is_frame(line: &str) -> bool {
    let text = line.trim_start();
    text.is_empty()
        || text.len() < line.len() && (text.starts_with("at ") || text.starts_with("... "))
}

/// The first line of a panic in Rust.
pub(super) fn is_rust_panic(line: &str) -> bool {
    line.starts_with("thread '") && line.contains(" panicked at ")
}

/// Whether the line says that the program ended by an exception that nobody caught.
pub(super) fn is_end(line: &str, text: &str, next: &str) -> bool {
    #[rustfmt::skip]
    const STARTS: [&str; 16] = [
        // OpenJDK, .NET
        "Exception in thread ", "Exception in Application ", "Unhandled exception", "Unhandled Exception",
        // Node, Deno
        "Uncaught ", "error: Uncaught", "[UnhandledPromiseRejection: ", "FATAL ERROR: ",
        // C++
        "what():  ", "terminate called ", "libc++abi: ",
        // PHP
        "PHP Fatal error:", "Fatal error: Uncaught", "PHP Parse error:",
        // Elixir, CPython
        "** (", "Fatal Python error: ",
    ];
    let is_ruby = !line.starts_with(char::is_whitespace)
        && line.contains(".rb:") | line.contains(":in ")
        && line.ends_with(')')
        && line.rsplit_once(" (").is_some_and(|(_, class)| class.starts_with(char::is_uppercase))
        && line.split(':').nth(1).is_some_and(is_number);
    // V8 in a module, Go in a goroutine
    let has_frames = is_exception(line) && next.trim_start().starts_with("at ");
    // the next line says what was thrown
    let is_announced = line.starts_with("terminate called after") && next.contains("what():");
    let is_start = STARTS.iter().any(|start| text.starts_with(start)) && !is_announced;
    is_start || is_rust_panic(line) || is_ruby || has_frames
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether the line begins with the name of an exception.
pub(super) fn is_exception(line: &str) -> bool {
    const ENDS: [&str; 5] = ["Error", "Exception", "error", "Panic", "Failure"];
    let is_part =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '$' | ':' | '\\' | '/');
    let end = line.find(|c: char| !is_part(c)).unwrap_or(line.len());
    let name = line[..end].trim_end_matches(':');
    let rest = &line[end..];
    let is_named = ENDS.iter().any(|end| name.ends_with(end))
        && name.starts_with(|c: char| c.is_ascii_alphabetic());
    is_named && (line[..end].ends_with(':') || rest.is_empty() || rest.starts_with(" ["))
}

/// Whether the line names the cause of the one above.
pub(super) fn is_cause(text: &str) -> bool {
    ["Caused by: ", "[cause]: ", "---> ", "Root cause: "]
        .iter()
        .any(|start| text.starts_with(start))
}

/// Node's `/app/server.js:6` and `node:internal/validators:409`.
pub(super) fn is_place_in_source(line: &str) -> bool {
    let starts = ["/", "node:", "file://", "evalmachine", "[eval]"];
    starts.iter().any(|start| line.starts_with(start))
        && line.rsplit_once(':').is_some_and(|(_, line)| is_number(line))
}

/// The line that marks a place in the one above.
pub(super) fn is_mark(line: &str) -> bool {
    line.contains('^') && line.chars().all(|c| c.is_whitespace() || matches!(c, '^' | '~'))
}

/// Whether the line is a part of a trace that says where, or another that never tells why.
pub(super) fn tells_nothing(text: &str) -> bool {
    #[rustfmt::skip]
    const STARTS: [&str; 33] = [
        // frames of V8, Java and .NET, Ruby, PHP, CPython, gdb and Go
        "at ", "from ", "#", "File \"", "goroutine ", "created by ", "... ", "[signal ", "[Previous line repeated",
        "Suppressed: ", "--- End of",
        // what is between them
        "Stack trace:", "Stacktrace:", "stack backtrace:", "Stack backtrace:", "Require stack:", "- /",
        "Emitted 'error' event", "Next ", "thrown in ", "During handling of the above exception", "The above exception was",
        "BEGIN failed--", "Compilation failed in require",
        // what runtimes add
        "Node.js v", "(Use `node ", "Picked up ",
        // how to call it, and where to read on
        "Usage:", "Usage of ", "usage:", "See ", "http://", "https://",
    ];
    #[rustfmt::skip]
    const PARTS: [&str; 5] = [
        "common frames omitted", " --help' for more", "for more information", "For more information",
        "(Background on this error at:",
    ];
    // PostgreSQL's remarks on the line above
    const REMARKS: [&str; 5] =
        ["DETAIL:  ", "HINT:  ", "CONTEXT:  ", "STATEMENT:  ", "LOCATION:  "];
    // of npm on a script that failed
    const NPM: [&str; 8] =
        ["code", "path", "workspace", "location", "command", "errno", "signal", "lifecycle"];
    let is_npm = ["npm error ", "npm ERR! "].iter().any(|start| {
        let word = text.strip_prefix(start).and_then(|rest| rest.split(' ').next());
        word.is_some_and(|word| NPM.contains(&&*word.to_ascii_lowercase()))
            || text.contains("A complete log of this run")
    });
    let has_words = text.bytes().filter(u8::is_ascii_alphabetic).count() >= 3
        || !text.is_ascii() && text.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    !has_words
        || is_npm
        || STARTS.iter().any(|start| text.starts_with(start))
        || PARTS.iter().any(|part| text.contains(part))
            && !super::words::speaks_of_failure(&text.to_ascii_lowercase())
        || REMARKS.iter().any(|remark| text.contains(remark))
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
            assert_eq!(begins(line, Some(next)), expected, "{line}");
        }
    }
}
