use super::*;

fn hidden(text: &str) -> String {
    let hidden = hide(text);
    assert_eq!(hidden.len(), text.len(), "every byte keeps its place: {text}");
    let mut short = String::new();
    for c in hidden.chars() {
        match c {
            '\u{1}' if short.ends_with('*') => {}
            '\u{1}' => short.push('*'),
            c => short.push(c),
        }
    }
    short
}

#[test]
fn names_are_hidden_and_words_are_not() {
    for (text, expected) in [
        (
            "failed to resolve reference \"r.example:4290/shop/app:build-1429\": r.example:4290/shop/app:build-1429: not found",
            "failed to resolve reference *: *: not found",
        ),
        ("failed to extract layer sha256:59b1: x", "failed to extract layer *: x"),
        (
            "Head \"https://r.example/v2/not found\": dial tcp 10.1.2.3:443: i/o timeout",
            "head \"* found\": dial tcp *: i/o timeout",
        ),
        ("Get https://r/token?scope=repository:denied:pull&a=b: 401", "get *: 401"),
        ("secret \"x509\" not found", "secret * not found"),
        (
            "exec: \\\"sh -c 'not found'\\\": executable file not found in $PATH",
            "exec: *: executable file not found in $path",
        ),
        ("exec /app/run.sh: exec format error", "exec *: exec format error"),
        ("executable file `my app` not found in $PATH", "executable file * not found in $path"),
        (
            "desc = \"transport: Error while dialing: dial unix /run/a.sock: connect: refused\"",
            "desc = \"transport: error while dialing: dial unix *: connect: refused\"",
        ),
        (
            "1 node(s) didn't match Pod's node affinity/selector",
            "1 node(s) didn't match pod's node affinity/selector",
        ),
        ("between node 'node-7' and this object", "between node * and this object"),
        ("had untolerated taint {example.com/gpu: }", "had untolerated taint {example.com/gpu: }"),
        ("write /proc/self/attr/exec: x", "write /proc/self/attr/exec: x"),
        (
            "hcsshim::ProcessBaseLayer \\\\?\\C:\\x: The system cannot find the path.",
            "hcsshim::processbaselayer *: the system cannot find the path.",
        ),
        ("{\"code\":\"DENIED\",\"message\":\"no such thing\"}", "{*:*,*:\"no such thing\"}"),
        ("image \"\": x", "image *: x"),
        (
            "error mounting \"proc\" to rootfs at \"/proc\"",
            "error mounting \"proc\" to rootfs at *",
        ),
        ("0/3 nodes, status:404, a é \"é\" b", "0/3 nodes, status:404, a é * b"),
    ] {
        assert_eq!(hidden(text), expected);
    }
}

#[test]
fn a_phrase_with_a_name_is_found_where_a_name_is() {
    let text = hide("é secret not found, secret \"a b\" secret \"app\" not found");
    assert_eq!(find(&text, 0, "secret * not found"), Some((34, 56)));
    assert_eq!(find(&text, 0, "secret *"), Some((34, 46)));
    assert_eq!(find(&text, 0, "not found"), Some((10, 19)));
    assert_eq!(find(&text, 40, "secret *"), None);
    assert_eq!(find(&text, 0, "configmap * not found"), None);
}
