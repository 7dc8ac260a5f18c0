use super::*;

fn redacted(text: &str) -> String {
    Redactor::built_in().redact(text).into_owned()
}

#[test]
fn every_built_in_expression_compiles_and_hides() {
    let aws = "AKIAIOSFODNN7EXAMPLE";
    let git_hub = format!("ghp_{}", "a1B2".repeat(9));
    let table = [
        ("Authorization: Bearer abc.DEF-123", "Authorization: Bearer [redacted]"),
        ("authorization: basic dXNlcjpwYXNzd29yZA==", "authorization: basic [redacted]"),
        (r#"{"Authorization":"Bearer abc123"}"#, r#"{"Authorization":"Bearer [redacted]"}"#),
        ("Authorization: Token 5f2b8c", "Authorization: Token [redacted]"),
        ("Proxy-Authorization=Basic dXNlcjpw x", "Proxy-Authorization=Basic [redacted] x"),
        ("sent Bearer mF_9.B5f-4.1JqM ok", "sent Bearer [redacted] ok"),
        ("jwt eyJhbGciOiJSUzI1NiJ9.e30.c2ln end", "jwt [redacted] end"),
        ("cut eyJhbGciOiJSUzI1NiJ9.eyJzdWIiO", "cut [redacted]"),
        ("postgres://app:hunter2@db:5432/shop", "postgres://app:[redacted]@db:5432/shop"),
        ("redis://:p@ss@cache:6379", "redis://:[redacted]@cache:6379"),
        ("amqp://a:b@h1,amqp://c:d@h2", "amqp://a:[redacted]@h1,amqp://c:[redacted]@h2"),
        ("parse \"pg://u:pa/ss@db\": bad port", "parse \"pg://u:[redacted]@db\": bad port"),
        (aws, "[redacted]"),
        (&git_hub, "[redacted]"),
        ("glpat-abcdefghij0123456789", "[redacted]"),
        ("xoxb-1234567890-abcdef", "[redacted]"),
        ("AIzaSyA-1234567890abcdefghijklmnopqrstu", "[redacted]"),
        (
            r#"{"auths":{"r.io":{"auth":"dXNlcjpwYXNz"}}}"#,
            r#"{"auths":{"r.io":{"auth":"[redacted]"}}}"#,
        ),
        (
            "https://hooks.slack.com/services/T00000000/B0/x",
            "https://hooks.slack.com/services/[redacted]",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----\n",
            "[redacted]\n",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(redacted(text), expected, "{text}");
        assert_eq!(redacted(expected), expected, "twice");
    }
}

#[test]
fn what_is_no_secret_is_not_copied() {
    let table = [
        "commit 8afd41d5c1e2f3a4b5c6d7e8f90123456789abcd",
        "pod uid 123e4567-e89b-12d3-a456-426614174000",
        "containerd://4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
        "docker-pullable://app:v1@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f",
        "ghcr.io/acme/token:v2.1.0@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c",
        r#"Failed to pull image "ghcr.io/acme/vault-token:1.2.3": not found"#,
        r#"Failed to pull image "vault-token:1.2.3": not found"#,
        r#"Www-Authenticate: Bearer realm="https://auth.docker.io/token",service="registry""#,
        "Basic authentication failed, bearer token expired",
        "password: ",
        "password:",
        "token expired",
        "tokens: 5",
        "max_tokens=5",
        r#"secret "app-secret" not found"#,
        r#"MountVolume.SetUp failed for volume "db" : secret "app-secret" not found"#,
        r#"MountVolume.SetUp failed for volume "app-secret" : secret "app-secret" not found"#,
        r#"UnmountVolume failed for volume "token": rpc error: code = Unknown"#,
        "couldn't find key password in Secret default/app-secret",
        "references non-existent secret key: password",
        "object \"default\"/\"app-secret\" not registered",
        "failed to sync secret cache: timed out waiting for the condition",
        r#"failed to fetch token: serviceaccounts "app" not found"#,
        "unmounted volumes=[token], unattached volumes=[token secret]: timed out",
        "serviceaccount token",
        "spec.imagePullSecrets[0].secret: Required value",
        r#"secret: "app-secret-2" not found"#,
        r#"err="boom" secret="kube-system/registry-2""#,
        r#"data[password]: Invalid value: "a b""#,
        "invalid token: signature mismatch",
        "error getting token: 401 Unauthorized",
        "error getting token: unauthorized",
        "reading token: open /var/run/secrets/x: permission denied",
        "token=/var/run/secrets/kubernetes.io/serviceaccount/token",
        "failed to decrypt password: cipher: message authentication failed",
        "dial tcp: lookup token: no such host",
        "dial tcp token:8080: connect: connection refused",
        "PWD=/app OLDPWD=/",
        "DB_PASSWORD=${DB_PASSWORD} TOKEN=$(TOKEN) KEY=****",
        "if password == nil {",
        "http://host:8080/path?mail=a@b.c",
        "http://[::1]:8080/a@b",
        "unknown flag: --token is not known here",
        "the password authentication failed for user \"app\"",
        "keys: 3, monkey=5, passed: 7",
    ];
    for text in table {
        assert!(
            matches!(Redactor::built_in().redact(text), Cow::Borrowed(_)),
            "{}",
            redacted(text)
        );
    }
}

#[test]
fn own_patterns_are_hidden_too() {
    let redactor = Redactor::new(vec![r"\d{4}-\d{4}".into(), "(?i)acme".into()]).unwrap();
    let text = redactor.redact("card 1234-5678 of ACME, password=x");
    assert_eq!(text, "card [redacted] of [redacted], password=[redacted]");
    assert!(matches!(redactor.redact("nothing"), Cow::Borrowed("nothing")));
}

#[test]
fn a_pattern_that_cannot_work_is_refused_by_name() {
    for (pattern, expected) in
        [("a(b", "`a(b` is not a valid regular expression"), ("x*", "`x*` matches the empty text")]
    {
        let error = Redactor::new(vec!["ok".into(), pattern.into()]).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn values_are_hidden_and_names_and_neighbours_stay() {
    let table = [
        (
            "password=hunter2 AWS_SECRET_ACCESS_KEY=abc",
            "password=[redacted] AWS_SECRET_ACCESS_KEY=[redacted]",
        ),
        ("DB_PASSWORD = hunter2", "DB_PASSWORD = [redacted]"),
        ("PGPASSWORD=x, PGUSER=app", "PGPASSWORD=[redacted], PGUSER=app"),
        ("Server=db;Password=a,b&c;Port=5", "Server=db;Password=[redacted];Port=5"),
        ("?token=abc&page=2", "?token=[redacted]&page=2"),
        ("password='two words' x", "password='[redacted]' x"),
        (r#"password="a\"b" x"#, r#"password="[redacted]" x"#),
        (r#"{"password":"x","user":"app"}"#, r#"{"password":"[redacted]","user":"app"}"#),
        (r#"{"apiKey": "x", "n": 1}"#, r#"{"apiKey": "[redacted]", "n": 1}"#),
        (r#""{\"password\":\"x y\",\"u\":1}""#, r#""{\"password\":\"[redacted]\",\"u\":1}""#),
        ("password=\"never closed\nnext line", "password=\"[redacted]\nnext line"),
        (r#"msg="password=hunter2" level=info"#, r#"msg="password=[redacted]" level=info"#),
        (r"password=hunter2\nnext", r"password=[redacted]\nnext"),
        ("{User:app Password:hunter2}", "{User:app Password:[redacted]}"),
        ("    token: abcdef", "    token: [redacted]"),
        ("- client-key-data: LS0tLS1CRUdJTg==", "- client-key-data: [redacted]"),
        ("  client_secret: letmein\n  id: 5", "  client_secret: [redacted]\n  id: 5"),
        ("login with password: hunter2", "login with password: [redacted]"),
        ("rejected token: 8f3aB7c2D9e1 by server", "rejected token: [redacted] by server"),
        ("X-Api-Key: 4f5e6d", "X-Api-Key: [redacted]"),
        ("run --api-key s3cr3t --verbose", "run --api-key [redacted] --verbose"),
        ("--password=hunter2", "--password=[redacted]"),
        (r#"--password "db_password":"x","#, r#"--password "[redacted]":"[redacted]","#),
        ("SMTP_PASS=x", "SMTP_PASS=[redacted]"),
        ("AccountKey=ab/c==;EndpointSuffix=x", "AccountKey=[redacted];EndpointSuffix=x"),
        ("password => hunter2", "password => [redacted]"),
        ("password=пароль", "password=[redacted]"),
        (
            "SECRET_KEY_BASE=1 passphrase=2 pwd=3",
            "SECRET_KEY_BASE=[redacted] passphrase=[redacted] pwd=[redacted]",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(redacted(text), expected, "{text}");
        assert_eq!(redacted(expected), expected, "twice");
    }
}
