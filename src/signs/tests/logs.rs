//! Logs of real programs that were made to fail on a cluster: what the table must claim of each, and what it may not.

use super::*;

/// A log, the scene, the sign (`None` where nothing may be claimed) and a part of the cause.
const LOGS: &[(&str, Scene, Option<&str>, &str)] = &[
    ("configmap-read-only", Scene::Run, Some("read-only-file-system"), "/etc/shop/state.json"),
    ("go-pq-ssl", Scene::Run, Some("tls-mixed-up"), "TLS"),
    ("java-bad-flag", Scene::Run, Some("java-option"), "UseConcMarkSweepGC"),
    ("js-config-dump", Scene::Run, Some("last-error"), "unknown region moon"),
    ("liveness-shutdown-noise", Scene::Liveness, None, ""),
    ("mariadb-variable", Scene::Run, Some("mysql-variable"), "query_cache_tpye"),
    ("node-bad-port", Scene::Run, Some("port-invalid"), "0 to 65535"),
    ("node-dns", Scene::Run, Some("name-resolution-fails"), "redis-master"),
    ("node-eaddrinuse", Scene::Run, Some("address-in-use"), "8080"),
    ("node-module-missing", Scene::Run, Some("node-module-missing"), "ioredis"),
    ("node-npm-start", Scene::Run, Some("node-module-missing"), "./routes/invoices"),
    ("node-options", Scene::Run, Some("node-option"), "--openssl-legacy-provider"),
    ("node-otel-noise", Scene::Run, Some("uncaught-error"), "unknown currency XYZ"),
    ("node-redis-refused", Scene::Run, Some("connection-refused"), "10.247.0.3:6380"),
    ("node-rejection-error", Scene::Run, Some("uncaught-error"), "no rate for EUR"),
    ("node-require-esm", Scene::Run, Some("module-system"), "nanoid"),
    ("node-sentry-noise", Scene::Run, Some("uncaught-error"), "unknown currency XYZ"),
    ("node-unhandled-rejection", Scene::Run, Some("rejected-with-object"), "plain object"),
    ("php-pdo-driver", Scene::Run, Some("php-extension-missing"), "PDO"),
    ("postgres-password", Scene::Run, Some("first-password-missing"), "POSTGRES_PASSWORD"),
    ("postgres-version", Scene::Run, Some("data-files-incompatible"), "version 13"),
    ("prometheus-flag", Scene::Run, Some("argument-wrong"), "--storage.local.path"),
    ("py-500-ready", Scene::Readiness, None, ""),
    ("py-asgi-attribute", Scene::Run, Some("application-object-missing"), "application"),
    ("py-bad-magic", Scene::Run, Some("python-bytecode"), "rates"),
    ("py-dict-keyerror", Scene::Run, Some("uncaught-error"), "KeyError: 'CHF'"),
    ("py-django-allowed-hosts", Scene::Readiness, None, ""),
    ("py-gunicorn-oom", Scene::Readiness, Some("worker-killed"), "memory limit"),
    ("py-json-50k", Scene::Run, Some("last-error"), "KeyError: 'EUR'"),
    ("py-service-link", Scene::Run, Some("service-link"), "tcp://"),
    ("py-shutdown-noise", Scene::Run, Some("connection-refused"), "redis:6399"),
    ("py-threads-limit", Scene::Run, Some("process-limit"), "limit"),
    ("redis-config", Scene::Run, Some("redis-config"), "maxmemory-polcy"),
    ("ruby-gem-missing", Scene::Run, Some("ruby-gem-missing"), "sidekiq"),
    ("ruby-nil", Scene::Run, Some("null-value"), "not there"),
    ("sh-set-u", Scene::Run, Some("variable-missing"), "REGION"),
    ("spring-db-auth", Scene::Run, Some("login-refused"), ""),
    ("spring-liveness-early", Scene::Liveness, None, ""),
    ("spring-startup-probe", Scene::Startup, None, ""),
];

fn log(name: &str) -> String {
    let path = format!("{}/tests/fixtures/logs/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap();
    text.lines().filter(|line| !line.starts_with("# truth: ")).map(|l| format!("{l}\n")).collect()
}

#[test]
fn real_programs_are_explained_by_their_final_error() {
    let mut wrong = Vec::new();
    for (name, scene, sign, part) in LOGS {
        let text = log(name);
        let signs = Signs { scene: *scene, log: text.lines().collect(), ..run("") };
        let found = diagnose(&signs);
        let said = found.as_ref().map(|found| &*found.sign);
        let cause = found.as_ref().map(|found| &*found.cause).unwrap_or_default();
        let is_sound = found.as_ref().is_none_or(Diagnosis::is_sound);
        if said != *sign || !cause.contains(part) || !is_sound {
            wrong.push(format!("{name}: {said:?}, {cause}, sound: {is_sound}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), LOGS.len(), wrong.join("\n"));
}
