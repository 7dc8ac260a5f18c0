//! Logs of many runtimes, and the line of each that tells.

use super::*;

fn told(log: &str) -> Option<&str> {
    let lines: Vec<&str> = log.lines().collect();
    telling_line(&lines).map(|at| lines[at].trim())
}

#[test]
fn the_telling_line_is_the_message_of_the_last_error() {
    for (log, expected) in LOGS {
        assert_eq!(told(log), Some(*expected), "{log}");
    }
}

#[test]
fn information_and_empty_lines_tell_nothing() {
    for log in [
        "",
        "\n \n",
        "2026-11-25 07:52:53 INFO starting\n[info] ready",
        "{\"level\":30,\"msg\":\"x\"}",
    ] {
        assert_eq!(told(log), None, "{log}");
    }
}

/// Logs and the lines of them that tell.
const LOGS: &[(&str, &str)] = &[
    ("listening\nbye", "listening"),
    ("serving\ngiving up after 15 s", "giving up after 15 s"),
    ("ERROR no route to db\nERROR giving up after 5 attempts", "ERROR no route to db"),
    ("ERROR cache is not there\nINFO worker 1: stopped\nINFO bye", "ERROR cache is not there"),
    ("WARNING no cache: connection refused\nunknown region moon\nbye", "unknown region moon"),
    (
        "2026-11-25 07:52:53,498 INFO orders - starting\nTraceback (most recent call last):\n  File \"/app/main.py\", line 18, in <module>\n    main()\nOSError: [Errno 30] Read-only file system: '/etc/shop/state.json'",
        "OSError: [Errno 30] Read-only file system: '/etc/shop/state.json'",
    ),
    (
        "WARNING no cache\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\nConnectionError: refused\nlistening\nfatal: unknown region moon",
        "fatal: unknown region moon",
    ),
    // a warning above an exception that nobody caught is not the program's own word on it
    (
        "WARNING: no cache\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\nKeyError: 'REGION'\n[2026-11-25 07:56:34 +0000] [7] [INFO] Worker exiting (pid: 7)\nbye",
        "KeyError: 'REGION'",
    ),
    (
        "WARNING: no cache\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\nKeyError: 'REGION'\nSentry is attempting to send 2 pending events\nWaiting up to 2 seconds\nPress Ctrl-C to quit",
        "KeyError: 'REGION'",
    ),
    // what only watches a program may end it all the same
    (
        "starting\nError: failed to create the OTLP exporter: invalid endpoint 'collector'\nexit status 1",
        "Error: failed to create the OTLP exporter: invalid endpoint 'collector'",
    ),
    (
        "{\"level\":\"fatal\",\"msg\":\"telemetry: unknown exporter foo\"}\n{\"level\":\"info\",\"msg\":\"closing the listener\"}\nlistener closed",
        "{\"level\":\"fatal\",\"msg\":\"telemetry: unknown exporter foo\"}",
    ),
    ("ERROR could not reach sentry.example\nno rate for CHF\nlistener closed", "no rate for CHF"),
    (
        "listening on 8080\nOTLPExporterError: connect ECONNREFUSED 10.247.0.236:4317\n/app/server.js:6\nsetTimeout(() => { throw new Error('unknown currency'); }, 1000);\n                   ^\n\nError: unknown currency XYZ\n    at Timeout._onTimeout (/app/server.js:6:26)\n\nNode.js v18.20.4",
        "Error: unknown currency XYZ",
    ),
    (
        "node:events:495\n      throw er; // Unhandled 'error' event\n      ^\n\nError: listen EADDRINUSE: address already in use :::8080\n    at Server.setupListenHandle [as _listen2] (node:net:1811:16)\nEmitted 'error' event on Server instance at:\n    at emitErrorNT (node:net:1838:8) {\n  code: 'EADDRINUSE',\n  port: 8080\n}\n\nNode.js v18.20.4",
        "Error: listen EADDRINUSE: address already in use :::8080",
    ),
    (
        "Error: boot failed\n    at a (/app/a.js:1:1) {\n  [cause]: Error: connect ECONNREFUSED 127.0.0.1:5432\n      at b (/app/b.js:1:1)\n}",
        "[cause]: Error: connect ECONNREFUSED 127.0.0.1:5432",
    ),
    (
        "2026-11-25T07:43:55.780Z ERROR 1 --- [main] o.s.boot.SpringApplication : Application run failed\n\njava.lang.IllegalStateException: outer\n\tat a.B.c(B.java:1)\nCaused by: org.postgresql.util.PSQLException: FATAL: password authentication failed for user \"shop\"\n\tat a.B.d(B.java:2)\n\t... 21 common frames omitted\n",
        "Caused by: org.postgresql.util.PSQLException: FATAL: password authentication failed for user \"shop\"",
    ),
    (
        "***************************\nAPPLICATION FAILED TO START\n***************************\n\nDescription:\n\nWeb server failed to start. Port 8080 was already in use.\n\nAction:\n\nIdentify and stop the process that's listening on port 8080 or configure this application to listen on another port.\n",
        "Web server failed to start. Port 8080 was already in use.",
    ),
    (
        "panic: open /etc/x: no such file or directory\n\ngoroutine 1 [running]:\nmain.mustFail(...)\n\t/app/main.go:5\nexit status 2",
        "panic: open /etc/x: no such file or directory",
    ),
    (
        "thread 'main' panicked at src/main.rs:4:10:\nno region: NotPresent\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
        "no region: NotPresent",
    ),
    (
        "Error: could not start\n\nCaused by:\n    0: could not connect\n    1: Connection refused (os error 111)",
        "1: Connection refused (os error 111)",
    ),
    (
        "! Unable to load application: NoMethodError: undefined method `fetch' for nil:NilClass\n/app/config.ru:2:in `block in <main>': undefined method `fetch' for nil:NilClass (NoMethodError)\n\tfrom /usr/bin/puma:25:in `load'",
        "/app/config.ru:2:in `block in <main>': undefined method `fetch' for nil:NilClass (NoMethodError)",
    ),
    (
        "PHP Fatal error:  Uncaught PDOException: could not find driver in /app/worker.php:1\nStack trace:\n#0 /app/worker.php(1): PDO->__construct()\n#1 {main}\n  thrown in /app/worker.php on line 1",
        "PHP Fatal error:  Uncaught PDOException: could not find driver in /app/worker.php:1",
    ),
    (
        "terminate called after throwing an instance of 'std::runtime_error'\n  what():  unknown region moon\nAborted (core dumped)",
        "what():  unknown region moon",
    ),
    (
        "Unhandled exception. System.Exception: outer\n ---> System.Net.Sockets.SocketException (111): Connection refused\n   at A.B() in /src/A.cs:line 1\n   --- End of inner exception stack trace ---\n   at A.Main()",
        "---> System.Net.Sockets.SocketException (111): Connection refused",
    ),
    (
        "fail: Microsoft.Extensions.Hosting.Internal.Host[11]\n      Hosting failed to start\n      System.IO.IOException: Failed to bind to address http://[::]:80\n         at A.B()",
        "System.IO.IOException: Failed to bind to address http://[::]:80",
    ),
    (
        "2026-11-25  7:56:35 0 [ERROR] mariadbd: unknown variable 'query_cache_tpye=1'\n2026-11-25  7:56:35 0 [ERROR] Aborting",
        "2026-11-25  7:56:35 0 [ERROR] mariadbd: unknown variable 'query_cache_tpye=1'",
    ),
    (
        "Picked up JAVA_TOOL_OPTIONS: -XX:+UseConcMarkSweepGC\nUnrecognized VM option 'UseConcMarkSweepGC'\nError: Could not create the Java Virtual Machine.\nError: A fatal exception has occurred. Program will exit.",
        "Unrecognized VM option 'UseConcMarkSweepGC'",
    ),
    (
        "Error: Database is uninitialized and superuser password is not specified.\n       You must specify POSTGRES_PASSWORD to a non-empty value for the\n\n       You may also use \"POSTGRES_HOST_AUTH_METHOD=trust\" to allow all\n\n       https://www.postgresql.org/docs/current/auth-trust.html",
        "Error: Database is uninitialized and superuser password is not specified.",
    ),
    (
        "FATAL:  database files are incompatible with server\nDETAIL:  The data directory was initialized by PostgreSQL version 13",
        "FATAL:  database files are incompatible with server",
    ),
    (
        "{\"level\":30,\"msg\":\"up\"}\n{\"level\":60,\"err\":{\"message\":\"no rate\"},\"msg\":\"boot failed\"}\n{\"level\":30,\"msg\":\"bye\"}",
        "{\"level\":60,\"err\":{\"message\":\"no rate\"},\"msg\":\"boot failed\"}",
    ),
    (
        "[ALERT]    (1) : config : parsing [/etc/haproxy/haproxy.cfg:12] : unknown keyword 'foo' in 'frontend' section\n[ALERT]    (1) : config : Error(s) found in configuration file : /etc/haproxy/haproxy.cfg\n[ALERT]    (1) : config : Fatal errors found in configuration.",
        "[ALERT]    (1) : config : parsing [/etc/haproxy/haproxy.cfg:12] : unknown keyword 'foo' in 'frontend' section",
    ),
    (
        "> orders@1.0.0 start\n> node server.js\n\nError: Cannot find module './routes/invoices'\nRequire stack:\n- /app/server.js\n    at a (node:b:1:1)\n\nNode.js v18.20.4\nnpm error code 1\nnpm error path /app\nnpm error command sh -c node server.js\nnpm error A complete log of this run can be found in: /root/x.log",
        "Error: Cannot find module './routes/invoices'",
    ),
    (
        "ERROR could not load prices\nINFO SIGTERM: shutting down\nERROR could not deregister at consul: Connection refused",
        "ERROR could not load prices",
    ),
];
