//! Why a probe fails: the kubelet's events (Kubernetes 1.36 `pkg/kubelet/prober`, `pkg/probe`).

use super::{
    detail::Detail,
    row::{KUBERNETES, PLATFORM, Row, WRONG},
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
            &["probe ", "exec: *: stat *: no such file"],
            &["probe ", "exec: *: no such file"],
            &["probe ", "exec: *: permission denied"],
            &["probe ", "executable file * not found"],
            &["probe ", "exec *: no such file"],
            &["probe ", "createprocess", "the system cannot find the file"],
        ],
        details: &[Detail::Between("exec: \"", "\""), Detail::Between("executable file `", "`")],
        cause: "the probe's command is not in the image, or not executable",
        named: "the probe's command {} is not in the image, or not executable",
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
    // Linux' EHOSTUNREACH and ENETUNREACH: the node cannot reach the pod's own address
    Row {
        sign: "probe-no-route",
        phrases: &[
            &["probe failed: ", "no route to host"],
            &["probe failed: ", "network is unreachable"],
            &["probe failed: ", "host is down"],
        ],
        details: &[Detail::Address],
        cause: "the node has no way to the pod's address",
        named: "the node has no way to the pod's address {}",
        next_step: "see the network plugin's pod on that node, and network policies and firewalls between the node and its pods",
        ..PLATFORM
    },
    // Kubernetes `pkg/probe/util.go`
    Row {
        sign: "probe-port-name",
        phrases: &[
            &["probe ", "couldn't find port"],
            &["probe ", "parsing *: invalid syntax"],
            &["probe ", "invalid port number"],
        ],
        details: &[Detail::Between("parsing \"", "\"")],
        cause: "the probe names a port that the container does not declare",
        named: "the probe names the port {}, which the container does not declare",
        next_step: "give the port that name in the container's `ports`, or write its number into the probe",
        ..WRONG
    },
    Row {
        sign: "probe-host",
        phrases: &[&["probe failed: ", "no such host"]],
        details: &[Detail::Between("lookup ", " on "), Detail::Between("lookup ", ":")],
        cause: "the probe's `host` does not resolve on the node",
        named: "the probe's host {} does not resolve on the node",
        next_step: "drop the probe's `host`, so that it asks the pod itself",
        ..WRONG
    },
    // Go `net/http`
    Row {
        sign: "probe-redirects",
        phrases: &[&["probe failed: ", "stopped after ", "redirects"]],
        cause: "the probe's path redirects in a circle",
        next_step: "probe a path that answers without a redirect (mind trailing slashes and redirects to HTTPS)",
        ..WRONG
    },
    // `pkg/probe/grpc/grpc.go`
    Row {
        sign: "probe-grpc-unimplemented",
        phrases: &[
            &["does not implement the grpc health protocol"],
            &["probe failed: ", "unknown service"],
            &["probe failed: ", "code = unimplemented"],
        ],
        cause: "the program does not serve the gRPC health protocol, or the service, that the probe asks for",
        next_step: "let the program serve `grpc.health.v1.Health` (and the probe's `grpc.service`, if it names one), or probe with `httpGet`, `tcpSocket` or `exec`",
        ..WRONG
    },
    Row {
        sign: "probe-tls",
        phrases: &[
            &["probe failed: ", "remote error: tls"],
            &["probe failed: ", "tls: handshake failure"],
        ],
        cause: "the program refuses the probe's TLS handshake: the kubelet shows no client certificate",
        attribution: Attribution::Unknown,
        next_step: "probe a port or path that asks for no client certificate",
        ..WRONG
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
        phrases: &[
            &["probe failed: ", "connection refused"],
            &["probe failed: ", "actively refused it"],
        ],
        unless: UNASKED,
        details: &[Detail::Address],
        cause: "the program does not listen on the probe's port",
        named: "the program does not listen at {}, where it is probed",
        attribution: Attribution::Unknown,
        next_step: "let the probe's `port` be the one that the program listens on, on all addresses (0.0.0.0), or give it longer to start",
        yields: true,
        ..KUBERNETES
    },
    Row {
        sign: "probe-connection-lost",
        phrases: &[
            &["probe failed: ", "connection reset by peer"],
            &["probe failed: ", "*: eof"],
            &["probe failed: ", "broken pipe"],
            &["probe failed: ", "forcibly closed by the remote host"],
        ],
        unless: UNASKED,
        details: &[Detail::Address],
        cause: "the program closes the probe's connection without an answer",
        named: "the program closes the probe's connection at {} without an answer",
        attribution: Attribution::Unknown,
        next_step: "see whether the program ends or restarts then, and whether the probe's port speaks HTTP at all",
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
            &["probe failed: ", "tls handshake timeout"],
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
    // runc's words for a process that it could not add to the container
    Row {
        sign: "probe-exec",
        phrases: &[&["probe failed: ", "oci runtime exec failed"]],
        details: &[Detail::Rest("exec failed: ")],
        cause: "the container runtime could not run the probe's command in the container",
        named: "the container runtime could not run the probe's command in the container: {}",
        attribution: Attribution::Unknown,
        next_step: "see whether the container just ended, and whether it has room for another process (memory and PID limits)",
        yields: true,
        ..KUBERNETES
    },
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
