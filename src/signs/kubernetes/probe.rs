//! Why a probe fails: the kubelet's events (Kubernetes 1.36 `pkg/kubelet/prober`, `pkg/probe`).

use super::{
    Figure::TimeToStart,
    row::{PLATFORM, Row, UNCLEAR, WRONG, rows},
};
use crate::evidence::Attribution::{Application, Unknown};

/// What the prober says when it could not even ask, mostly because the container had just ended.
const UNASKED: &str = "errored";

pub(super) const ROWS: &[Row] = rows! {
    // runc: the exec probe's command
    WRONG { sign: "probe-command-missing",
        shown_by: "probe …executable file not found|probe …exec: *: stat *: no such file\
            |probe …exec: *: no such file|probe …exec: *: permission denied|probe …executable file * not found\
            |probe …exec *: no such file|probe …createprocess…the system cannot find the file",
        names: "exec: \"<>\"|executable file `<>`",
        cause: "the probe's command [{} ]is not in the image, or not executable",
        next_step: "correct the probe's `exec.command`. If the image has no such program, use `httpGet`, `tcpSocket` or `grpc`" }
    // Go `net/http`
    WRONG { sign: "probe-scheme", shown_by: "probe failed: …server gave http response to https client",
        cause: "the probe uses HTTPS, but the program answers in plain HTTP",
        next_step: "set the probe's `httpGet.scheme: HTTP`" }
    WRONG { sign: "probe-scheme", shown_by: "probe failed: …malformed http response",
        cause: "the probe uses plain HTTP, but the program answers in something else",
        next_step: "set the probe's `httpGet.scheme: HTTPS`. If that port does not speak HTTP at all, correct `port`" }
    // Linux' EHOSTUNREACH and ENETUNREACH: the node cannot reach the pod's own address
    PLATFORM { sign: "probe-no-route",
        shown_by: "probe failed: …no route to host|probe failed: …network is unreachable|probe failed: …host is down",
        names: "<address>",
        cause: "the node has no route to the pod's address[ {}]",
        next_step: "check the network plugin's pod on that node. If it is healthy, check network policies and firewalls between the node and its pods" }
    // Kubernetes `pkg/probe/util.go`
    WRONG { sign: "probe-port-name",
        shown_by: "probe …couldn't find port|probe …parsing *: invalid syntax|probe …invalid port number",
        names: "parsing \"<>\"",
        cause: "the probe names [the port {}, which|a port that] the container does not declare",
        next_step: "declare that name in the container's `ports`, or write the port's number into the probe" }
    WRONG { sign: "probe-host", shown_by: "probe failed: …no such host",
        names: "lookup <> on |lookup <>:",
        cause: "the probe's [host {}|`host`] does not resolve on the node",
        next_step: "remove the probe's `host`, so that it asks the pod itself" }
    // Go `net/http`
    WRONG { sign: "probe-redirects", shown_by: "probe failed: …stopped after …redirects",
        cause: "the probe's path redirects in a loop",
        next_step: "probe a path that answers without a redirect (check trailing slashes and redirects to HTTPS)" }
    // `pkg/probe/grpc/grpc.go`
    WRONG { sign: "probe-grpc-unimplemented",
        shown_by: "does not implement the grpc health protocol|probe failed: …unknown service\
            |probe failed: …code = unimplemented",
        cause: "the program does not serve the gRPC health protocol, or not the service that the probe asks for",
        next_step: "serve `grpc.health.v1.Health` in the program. If it cannot, probe with `httpGet`, `tcpSocket` or `exec`" }
    WRONG { sign: "probe-tls", attribution: Unknown,
        shown_by: "probe failed: …remote error: tls|probe failed: …tls: handshake failure",
        cause: "the program refuses the probe's TLS handshake: the kubelet presents no client certificate",
        next_step: "probe a port or path that requires no client certificate" }
    // `pkg/probe/http/http.go`
    WRONG { sign: "probe-path-missing", shown_by: "http probe failed with statuscode: 404",
        cause: "the probe's path does not exist in the program (HTTP 404)",
        next_step: "correct the probe's `httpGet.path` and `port`" }
    WRONG { sign: "probe-needs-login",
        shown_by: "http probe failed with statuscode: 401|http probe failed with statuscode: 403",
        cause: "the program requires a login on the probe's path (HTTP 401 or 403)",
        next_step: "let the probe's path answer without a login, or probe another path" }
    WRONG { sign: "probe-bad-request", shown_by: "http probe failed with statuscode: 400",
        cause: "the program rejects the probe's request (HTTP 400)",
        next_step: "check that the probe's `scheme` fits the port. If the program expects a certain `Host` header, set it with `httpHeaders`" }
    UNCLEAR { sign: "probe-server-error", attribution: Application, yields: true,
        shown_by: "http probe failed with statuscode: 5",
        names: "statuscode: <word>",
        cause: "the program answers its probe with [HTTP {}|a server error]",
        next_step: "check the program's log for what it waits for or lacks" }
    UNCLEAR { sign: "probe-status", yields: true, shown_by: "http probe failed with statuscode: ",
        names: "statuscode: <word>",
        cause: "the program answers its probe with [HTTP {}|a status other than success]",
        next_step: "compare the probe's path, port and headers with what the program serves" }
    // Go `net.OpError`; `pkg/probe/tcp`; `pkg/probe/grpc`
    UNCLEAR { sign: "probe-refused", figure: Some(TimeToStart), yields: true,
        shown_by: "probe failed: …connection refused|probe failed: …actively refused it",
        unless: UNASKED,
        names: "<address>",
        cause: "the program does not listen [at {}, where it is probed|on the probe's port]",
        next_step: "correct the probe's `port`, and listen on all addresses (0.0.0.0). If the program only needs longer to start, give it more time" }
    UNCLEAR { sign: "probe-connection-lost", yields: true,
        shown_by: "probe failed: …connection reset by peer|probe failed: …*: eof|probe failed: …broken pipe\
            |probe failed: …forcibly closed by the remote host",
        unless: UNASKED,
        names: "<address>",
        cause: "the program closes the probe's connection [at {} ]without an answer",
        next_step: "check whether the program ends or restarts at that time. If it does not, check that the probe's port speaks HTTP" }
    // `pkg/probe/grpc/grpc.go`
    UNCLEAR { sign: "probe-not-serving", attribution: Application, yields: true,
        shown_by: "probe failed: …service unhealthy",
        cause: "the program reports through gRPC health that it is not serving",
        next_step: "check the program's log for what it waits for or lacks" }
    // Go `net/http` (kubernetes/kubernetes#115469), `pkg/probe/exec`, `pkg/probe/grpc`
    UNCLEAR { sign: "probe-timeout", figure: Some(TimeToStart), yields: true,
        shown_by: "probe failed: …context deadline exceeded|probe failed: …client.timeout exceeded\
            |probe failed: …i/o timeout|probe failed: …tls handshake timeout\
            |probe failed: …failed to connect service …within|probe …timed out after|probe failed: …timeout: ",
        cause: "the program does not answer its probe in time",
        next_step: "find out what keeps the program busy (CPU limit, a slow dependency). If it only needs longer to answer, raise the probe's `timeoutSeconds`" }
};

pub(super) const GENERAL: &[Row] = rows! {
    // runc's words for a process that it could not add to the container
    UNCLEAR { sign: "probe-exec", yields: true, shown_by: "probe failed: …oci runtime exec failed",
        names: "exec failed: <rest>",
        cause: "the container runtime could not run the probe's command in the container[: {}]",
        next_step: "check whether the container had just ended. If it had not, check its memory and PID limits" }
    // `pkg/kubelet/prober/prober.go`: the output of an exec probe stands after the colon
    UNCLEAR { sign: "probe-command-failed", yields: true, shown_by: "probe failed:",
        unless: UNASKED,
        names: "probe failed:<rest>",
        cause: "[the probe says: {}|the probe's command fails and writes nothing]",
        next_step: "run the probe's command in the container (`kubectl exec`) to see what it lacks" }
};
