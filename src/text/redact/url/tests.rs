use super::*;

fn hidden(text: &str) -> String {
    let mut search = Search::new(text);
    let found: Vec<usize> = text.match_indices("://").map(|(at, _)| at).collect();
    found.into_iter().for_each(|at| find(&mut search, at, "://"));
    search.finish().into_owned()
}

#[test]
fn passwords_go_and_users_and_hosts_stay() {
    let table = [
        ("postgres://app:hunter2@db:5432/shop", "postgres://app:[redacted]@db:5432/shop"),
        ("redis://:p@ss@cache:6379", "redis://:[redacted]@cache:6379"),
        ("redis://:12345@cache:6379", "redis://:[redacted]@cache:6379"),
        ("amqp://a:b@h1,amqp://c:d@h2", "amqp://a:[redacted]@h1,amqp://c:[redacted]@h2"),
        ("mongodb://a:b,c@h1:1,h2:2/x", "mongodb://a:[redacted]@h1:1,h2:2/x"),
        ("\"pg://u:pa/ss@db\": bad", "\"pg://u:[redacted]@db\": bad"),
        ("pg://u:12/34@db:5432/x", "pg://u:[redacted]@db:5432/x"),
        ("https://u:12/34@api:6443", "https://u:[redacted]@api:6443"),
        ("amqp://us/er:pw@mq:5672", "amqp://us/er:[redacted]@mq:5672"),
        ("smtp://bob@shop.io:pw@mail:587", "smtp://bob@shop.io:[redacted]@mail:587"),
        ("pg://app:'pw'@db/x", "pg://app:[redacted]@db/x"),
        ("https://a1B2c3D4e5F6g7H8i9J0@host/x", "https://[redacted]@host/x"),
    ];
    for (text, expected) in table {
        assert_eq!(hidden(text), expected, "{text}");
        assert_eq!(hidden(expected), expected, "twice");
    }
}

#[test]
fn what_has_no_password_stays() {
    for text in [
        "http://host:8080/path?mail=a@b.c",
        "http://host:80/a@b",
        "http://[::1]:8080/a@b",
        "https://cdn.io/npm/@acme/ui@1.2.3/dist/x.js",
        "docker-pullable://app:v1@sha256:4f53",
        "ssh://git@github.com:22/acme/app.git",
        "https://bob@host/x",
        "https://host:8443/users/@me?x=a@b.c",
    ] {
        assert_eq!(hidden(text), text);
    }
}
