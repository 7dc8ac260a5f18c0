//! Why a probe fails: the kubelet's events (Kubernetes 1.36 `pkg/kubelet/prober`, `pkg/probe`).

use super::{
    detail::Detail,
    row::{KUBERNETES, Row},
};
use crate::evidence::Attribution;

/// What the prober says when it could not even ask, mostly because the container had just ended.
const UNASKED: &[&str] = &["errored"];

pub(super) const ROWS: &[Row] = &[
    // runc: the exec probe's command
    Row {
        sign: "probe-command-missing",
        phrases: &[
            &["probe ", "executable file not found"],
            &["probe ", "exec: ", "no such file or directory"],
        ],
        details: &[Detail::Between("exec: \"", "\"")],
        cause: "the probe's command is not in the image",
        named: "the probe's command {} is not in the image",
        attribution: Attribution::Configuration,
        next_step: "correct the probe's `exec.command`, or use `httpGet`, `tcpSocket` or `grpc`",
        ..KUBERNETES
    },
    // Go `net/http`
    Row {
        sign: "probe-scheme",
        phrases: &[&["probe failed: ", "server gave http response to https client"]],
        cause: "the probe speaks HTTPS, and the program answers in plain HTTP",
        attribution: Attribution::Configuration,
        next_step: "set the probe's `httpGet.scheme: HTTP`",
        ..KUBERNETES
    },
    Row {
        sign: "probe-scheme",
        phrases: &[&["probe failed: ", "malformed http response"]],
        cause: "the probe speaks plain HTTP, and the program answers in something else",
        attribution: Attribution::Configuration,
        next_step: "set the probe's `httpGet.scheme: HTTPS`, or its `port` to the one that speaks HTTP",
        ..KUBERNETES
    },
    // `pkg/probe/http/http.go`
    Row {
        sign: "probe-path-missing",
        phrases: &[&["http probe failed with statuscode: 404"]],
        cause: "the probe's path does not exist in the program (HTTP 404)",
        attribution: Attribution::Configuration,
        next_step: "correct the probe's `httpGet.path` and `port`",
        ..KUBERNETES
    },
    Row {
        sign: "probe-needs-login",
        phrases: &[
            &["http probe failed with statuscode: 401"],
            &["http probe failed with statuscode: 403"],
        ],
        cause: "the program asks for a login on the probe's path (HTTP 401 or 403)",
        attribution: Attribution::Configuration,
        next_step: "let the probe's path answer without a login, or probe another path",
        ..KUBERNETES
    },
    Row {
        sign: "probe-bad-request",
        phrases: &[&["http probe failed with statuscode: 400"]],
        cause: "the program does not accept the probe's request (HTTP 400)",
        attribution: Attribution::Configuration,
        next_step: "see that the probe's `scheme` fits the port, and whether the program wants a certain `Host` header (`httpHeaders`)",
        ..KUBERNETES
    },
    Row {
        sign: "probe-server-error",
        phrases: &[&["http probe failed with statuscode: 5"]],
        details: &[Detail::After("statuscode: ")],
        cause: "the program answers its probe with a server error",
        named: "the program answers its probe with HTTP {}",
        attribution: Attribution::Application,
        next_step: "see in its log what the program waits for or misses",
        yields: true,
        ..KUBERNETES
    },
    Row {
        sign: "probe-status",
        phrases: &[&["http probe failed with statuscode: "]],
        details: &[Detail::After("statuscode: ")],
        cause: "the program answers its probe with a status that is no success",
        named: "the program answers its probe with HTTP {}",
        attribution: Attribution::Unknown,
        next_step: "compare the probe's path, port and headers with what the program serves",
        yields: true,
        ..KUBERNETES
    },
    // Go `net.OpError`; `pkg/probe/tcp`; `pkg/probe/grpc`
    Row {
        sign: "probe-refused",
        phrases: &[&["probe failed: ", "connection refused"]],
        unless: UNASKED,
        details: &[Detail::Address],
        cause: "the program does not listen on the probe's port",
        named: "the program does not listen at {}, where it is probed",
        attribution: Attribution::Unknown,
        next_step: "let the probe's `port` be the one that the program listens on, on all addresses (0.0.0.0), or give it longer to start",
        yields: true,
        ..KUBERNETES
    },
    // `pkg/probe/grpc/grpc.go`
    Row {
        sign: "probe-not-serving",
        phrases: &[&["probe failed: ", "service unhealthy"]],
        cause: "the program says through gRPC health that it is not serving",
        attribution: Attribution::Application,
        next_step: "see in its log what the program waits for or misses",
        yields: true,
        ..KUBERNETES
    },
    // Go `net/http` (kubernetes/kubernetes#115469), `pkg/probe/exec`, `pkg/probe/grpc`
    Row {
        sign: "probe-timeout",
        phrases: &[
            &["probe failed: ", "context deadline exceeded"],
            &["probe failed: ", "client.timeout exceeded"],
            &["probe failed: ", "i/o timeout"],
            &["probe failed: ", "failed to connect service ", "within"],
            &["probe ", "timed out after"],
            &["probe failed: ", "timeout: "],
        ],
        cause: "the program does not answer its probe in time",
        attribution: Attribution::Unknown,
        next_step: "see what keeps the program busy (CPU limit, a slow dependency), or raise the probe's `timeoutSeconds`",
        yields: true,
        ..KUBERNETES
    },
];

pub(super) const GENERAL: &[Row] = &[
    // `pkg/kubelet/prober/prober.go`: the output of an exec probe stands after the colon
    Row {
        sign: "probe-command-failed",
        phrases: &[&["probe failed:"]],
        unless: UNASKED,
        details: &[Detail::Rest("probe failed:")],
        cause: "the probe's command ends with an error and writes nothing",
        named: "the probe says: {}",
        attribution: Attribution::Unknown,
        next_step: "run the probe's command in the container (`kubectl exec`), and see what the program waits for",
        yields: true,
        ..KUBERNETES
    },
];
