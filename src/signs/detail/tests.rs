use super::*;

fn found<'t>(pattern: &str, text: &'t str, sign: &str) -> Option<&'t str> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find(sign).unwrap();
    find(pattern, text, &lower, &(at..at + sign.len()))
}

#[test]
fn the_nearest_address_is_named() {
    let refused = |text| found("<address>", text, "refused");
    assert_eq!(refused("fatal: connection refused (db:5432)"), Some("db:5432"));
    assert_eq!(
        refused("dial tcp 10.96.0.10:5432: connect: connection refused"),
        Some("10.96.0.10:5432")
    );
    assert_eq!(
        refused("13:20:43 db/postgres.go:23 dial error (dial tcp [::1]:5432: refused)"),
        Some("[::1]:5432")
    );
    assert_eq!(refused("refused: http://user:pw@api.shop:8080/v1/items"), Some("api.shop:8080"));
    assert_eq!(refused("line:42 refused at 13:20"), None);
    assert_eq!(refused("a:1111 b:2222 refused c:3333"), Some("b:2222"));
}

#[test]
fn the_nearest_path_is_named() {
    let missing = |text| found("<path>", text, "no such file");
    assert_eq!(
        missing("/run.sh: line 5: /app/start: No such file or directory"),
        Some("/app/start")
    );
    assert_eq!(
        missing("ENOENT: no such file or directory, open '/app/config.json'"),
        Some("/app/config.json")
    );
    assert_eq!(missing("/src/main.go:12: no such file"), None);
}

#[test]
fn variables_are_told_from_shouting() {
    let of = |text| found("<variable>", text, "set");
    assert_eq!(of("FATAL: DATABASE_URL is not set"), Some("DATABASE_URL"));
    assert_eq!(of("ERROR 'PORT' must be set"), Some("PORT"));
    assert_eq!(of("ERROR: it must be set"), None);
}

#[test]
fn words_beside_a_phrase_lose_their_marks() {
    assert_eq!(found("user <word>", "for user \"shop\",", "user"), Some("shop"));
    assert_eq!(found("<word>: not found", "sh: 1: foo: not found", "sh"), Some("foo"));
    assert_eq!(found("ab<>c", "xab yz", "x"), Some("yz"));
    assert_eq!(found("x<rest>", "x  ", "x"), None);
}
