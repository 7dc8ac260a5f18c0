//! Why an image could not be asked for: the way from the node to the registry, and registries that are down.

use super::{
    Healing, SubjectKind,
    node::{DISK_BROKEN, DISK_FULL, REPLY_TOO_LARGE, RUNTIME_DOWN},
    row::{PLATFORM, Row, rows},
};
use crate::evidence::Attribution::Unknown;

pub(super) const ROWS: &[Row] = rows! {
    // Kubernetes `pkg/kubelet/images/types.go`, limited by `registryPullQPS`
    PLATFORM { sign: "kubelet-pull-limit", shown_by: "pull qps exceeded",
        cause: "the kubelet pulls too many images at once and postponed this one",
        next_step: "deploy again. If it happens often, raise the kubelet's `registryPullQPS`" }
    RUNTIME_DOWN {}
    // Docker Hub through containerd and CRI-O: kubernetes-retired/dashboard#9434, arquillian/arquillian-cube#1423
    PLATFORM { sign: "registry-rate-limit", about: Some(SubjectKind::Registry),
        shown_by: "toomanyrequests|too many requests|pull rate limit|rate exceeded|rate limit exceeded\
            |request limit exceeded|quota exceeded for quota metric|throttlingexception|resource_exhausted",
        cause: "the registry's pull rate limit is used up",
        next_step: "pull with a login (`imagePullSecrets`) or from a mirror. If neither is possible, wait until the limit resets" }
    // Go `net/http` says the status alone where a proxy refuses the tunnel
    PLATFORM { sign: "registry-proxy", about: Some(SubjectKind::Registry),
        shown_by: "proxyconnect tcp|proxy authentication required|socks connect|tunnel connection failed\
            |connect tunnel failed|head *: forbidden|get *: forbidden",
        names: "proxyconnect tcp: <rest>",
        cause: "the nodes' proxy blocks the pull[: {}]",
        next_step: "check the proxy that the nodes' container runtime uses (HTTPS_PROXY of its service). If the registry needs none, add it to NO_PROXY there" }
    // the registry itself, or the service that gives its tokens
    PLATFORM { sign: "registry-down", about: Some(SubjectKind::Registry),
        shown_by: "500 internal|502 bad gateway|503 service|504 gateway|*: internal server error|*: bad gateway\
            |*: service unavailable|*: gateway time|status: 50|status 50|status code 50|status code: 50\
            |statuscode: 50|status code from registry 50|status: 52|status code 52|*: 520 |*: 521 |*: 522 \
            |http 50…response body|registry is unavailable|registryunavailable|unknown: internal|internal_error: \
            |service temporarily unavailable|maintenance mode",
        cause: "the registry or its login service answers with a server error",
        next_step: "check the registry's health, then deploy again" }
    // Go `net/http`
    PLATFORM { sign: "registry-plain-http", about: Some(SubjectKind::Registry),
        shown_by: "server gave http response to https client|client sent an http request to an https server\
            |first record does not look like a tls handshake",
        cause: "the registry speaks plain HTTP and the container runtime HTTPS, or the other way round",
        next_step: "give the registry a certificate. If it must stay on plain HTTP, allow it as an insecure registry on every node" }
    // Go `crypto/x509`, `crypto/tls`
    PLATFORM { sign: "registry-certificate", about: Some(SubjectKind::Registry),
        shown_by: "x509: |certificate signed by unknown authority|failed to verify certificate\
            |certificate has expired|certificate verify failed|remote error: tls: |tls: bad certificate",
        names: "x509: <rest>",
        cause: "the nodes do not trust the registry's certificate[: {}]",
        next_step: "renew the certificate, or install its authority on the nodes. If its dates are right, check the nodes' clocks" }
    // the resolver did not answer, which tells nothing of the name
    PLATFORM { sign: "registry-name-service", about: Some(SubjectKind::Registry),
        shown_by: "lookup …i/o timeout|lookup …server misbehaving|lookup …connection refused\
            |lookup …device or resource busy|lookup …network is unreachable|lookup …no route to host\
            |temporary failure in name resolution|temporary error during hostname resolution",
        names: "lookup <> on |lookup <>:",
        cause: "the node's DNS [gives no answer for the registry {}|does not answer]",
        next_step: "check DNS on the node (`/etc/resolv.conf`, its name servers)" }
    // Go `net.DNSError`
    PLATFORM { sign: "registry-name", about: Some(SubjectKind::Registry), attribution: Unknown, heals: Healing::Doubtful,
        shown_by: "no such host|name or service not known|could not resolve host",
        names: "lookup <> on |lookup <>:",
        cause: "the nodes' DNS does not know the registry[ {}]",
        next_step: "correct the registry in the image name. If it is right, check the nodes' DNS" }
    // Go `net.OpError`, seen with containerd 2; Windows' WSAECONNREFUSED
    PLATFORM { sign: "registry-refused", about: Some(SubjectKind::Registry), shown_by: "connection refused|actively refused it",
        names: "<address>",
        cause: "no registry answers at [{}|the image's address]",
        next_step: "start the registry. If the image is in another one, correct its name" }
    PLATFORM { sign: "registry-unreachable", about: Some(SubjectKind::Registry),
        shown_by: "no route to host|network is unreachable|unreachable network|unreachable host\
            |permission denied…dial tcp",
        names: "<address>",
        cause: "the node has no route to the registry[ at {}]",
        next_step: "check the node's network, routes and firewall to the registry" }
    DISK_FULL {}
    DISK_BROKEN {}
    REPLY_TOO_LARGE {}
    // containerd `core/content`, containers/image: what arrived is not what was promised
    PLATFORM { sign: "image-damaged",
        shown_by: "unexpected commit digest|failed size validation|digest did not match|does not match expected\
            |digest mismatch|layer verification failed|wrong diff id|invalid digest|reports content size of zero\
            |short read: |invalid header|corrupt input|magic number mismatch",
        cause: "the image arrived damaged on the node",
        next_step: "check the registry, mirror or proxy that the node pulls through, then deploy again. If it happens again, push the image again" }
    // Go `net`, `net/http`, Windows' WSAETIMEDOUT
    PLATFORM { sign: "registry-timeout", about: Some(SubjectKind::Registry),
        shown_by: "i/o timeout|tls handshake timeout|context deadline exceeded|deadlineexceeded|client.timeout\
            |timeout awaiting response headers|timed out|did not properly respond after|pull progress timeout",
        names: "<address>",
        cause: "[the registry does not answer in time ({})|the image could not be pulled in time]",
        next_step: "check the network between the nodes and the registry (proxy, firewall, load), then deploy again" }
    PLATFORM { sign: "registry-connection", about: Some(SubjectKind::Registry),
        shown_by: "connection reset|forcibly closed by the remote host|unexpected eof|: eof|broken pipe\
            |use of closed network connection|goaway|stream error: |connection lost|context canceled|code = canceled",
        names: "<address>",
        cause: "the connection to the registry[ at {}] was lost during the pull",
        next_step: "check the network between the nodes and the registry (proxy, firewall, load), then deploy again" }
};
