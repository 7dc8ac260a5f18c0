use super::*;

fn hidden(text: &str) -> String {
    crate::text::Redactor::built_in().redact(text).into_owned()
}

#[test]
fn each_row_has_a_source_and_hides() {
    for Command { program, flags, takes, source } in COMMANDS {
        assert!(source.starts_with("https://"), "{program}");
        for flag in *flags {
            let (space, before) = match takes {
                Takes::Next | Takes::Both => (" ", ""),
                Takes::Same => ("", ""),
                Takes::AfterUser => (" ", "bob:"),
                Takes::AfterName => (" ", "sid="),
                Takes::Pass => (" ", "pass:"),
            };
            let line = |password| format!("{program} -v {flag}{space}{before}{password} x");
            assert_eq!(hidden(&line("hunter2")), line("[redacted]"));
        }
    }
}

#[test]
fn flags_of_other_programs_and_other_flags_stay() {
    for text in [
        "mysql -h db -p shop",
        "mysql --port=3306 -P 3306",
        "login -p",
        "curl -u $USER https://x",
        "cat x | curl -T - https://x && cp -p a1b2c3 d",
        "openssl rsa -passin env:KEY -in k.pem",
        "AUTH failed",
        "NOAUTH Authentication required",
        "a1 LOGIN failed",
        "--- PASS: TestToken2 (0.00s)",
    ] {
        assert_eq!(hidden(text), text);
    }
}
