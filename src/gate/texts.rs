//! Texts of kubelets, runtimes and registries that tell what heals from what does not.
//!
//! A text that is not listed is taken for something that may heal: a wait too long costs a minute, a failure too
//! early costs the trust in the gate.

/// Whether an image pull will not succeed by waiting: no such image, no access, no fitting platform
/// (containerd `core/remotes/docker`, distribution's error codes, cri-o).
pub(super) fn is_permanent_pull_error(text: &str) -> bool {
    const TRANSIENT: [&str; 15] = [
        "toomanyrequests",
        "too many requests",
        "429",
        "i/o timeout",
        "connection refused",
        "connection reset",
        "no such host",
        "server misbehaving",
        "tls handshake",
        "x509",
        "context deadline exceeded",
        "unexpected eof",
        "pull qps exceeded",
        "service unavailable",
        "bad gateway",
    ];
    const PERMANENT: [&str; 13] = [
        "not found",
        "manifest unknown",
        "name unknown",
        "pull access denied",
        "repository does not exist",
        "unauthorized",
        "authentication required",
        "insufficient_scope",
        "403 forbidden",
        "access forbidden",
        "denied",
        "no match for platform",
        "invalid reference format",
    ];
    let text = text.to_ascii_lowercase();
    !TRANSIENT.iter().any(|phrase| text.contains(phrase))
        && PERMANENT.iter().any(|phrase| text.contains(phrase))
}

/// What to do when the API server does not answer, by the words of rustls, of a proxy's client and of the resolver.
pub(super) fn next_when_unreachable(text: &str) -> &'static str {
    let text = text.to_ascii_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    if says(&["invalid peer certificate"]) {
        "if the API server has a private authority: put certificate-authority-data into the kubeconfig, or the authority's \
         file into SSL_CERT_FILE"
    } else if says(&["proxy", "tunnel", "socks"]) {
        "check HTTPS_PROXY, or let NO_PROXY name the API server, then run the gate again"
    } else if says(&["dns error", "failed to lookup address"]) {
        "check the server's name in the kubeconfig, and that it is known here; behind a proxy set HTTPS_PROXY"
    } else {
        "check that the API server can be reached from here, then run the gate again"
    }
}

/// Whether the kubelet has not read the objects yet (Kubernetes 1.36 `pkg/kubelet/kubelet_pods.go`; krane#885).
pub(super) fn is_cache_not_filled(text: &str) -> bool {
    text.contains("have not yet been read at least once")
        || (text.contains("failed to sync") && text.contains("cache"))
}

/// Whether the process can't be started however often it is tried (runc's texts).
pub(super) fn is_permanent_start_error(text: &str) -> bool {
    let phrases = [
        "executable file not found",
        "no such file or directory",
        "permission denied",
        "exec format error",
        "is a directory",
    ];
    phrases.iter().any(|phrase| text.contains(phrase))
}

/// Whether an admission by the node was refused for what the pod asks, not for what the node has
/// (Kubernetes 1.36 `pkg/kubelet/lifecycle/predicate.go`, `handlers.go`, `pkg/kubelet/sysctl`).
pub(super) fn is_rejection_by_configuration(reason: &str) -> bool {
    matches!(
        reason,
        "AppArmor"
            | "SysctlForbidden"
            | "PodOSSelectorNodeLabelDoesNotMatch"
            | "PodOSNotSupported"
            | "PodFeatureUnsupported"
            | "SupplementalGroupsPolicyNotSupported"
    )
}

/// Whether a mount fails because an object is not there.
pub(super) fn is_missing_object(text: &str) -> bool {
    let cache = text.contains("failed to sync") || text.contains("not registered");
    !cache && (text.contains("not found") || text.contains("references non-existent"))
}

/// Whether the API server could not even ask a webhook, as opposed to one that said no.
pub(super) fn is_webhook_unreachable(text: &str) -> bool {
    text.contains("failed calling webhook")
}

/// Whether a word of the kubelet says that something is wrong.
pub(super) fn names_an_error(reason: &str) -> bool {
    ["Error", "BackOff", "Failed"].iter().any(|end| reason.ends_with(end))
        || ["Err", "Failed", "Invalid"].iter().any(|start| reason.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pull_errors_that_heal_are_told_from_those_that_do_not() {
        let permanent = [
            "failed to resolve reference \"docker.io/shop/app:2\": docker.io/shop/app:2: not found",
            "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
            "failed to resolve reference: unexpected status from HEAD request: 401 Unauthorized",
            "no match for platform in manifest: not found",
            "reading manifest 2 in docker.io/shop/app: manifest unknown",
        ];
        for text in permanent {
            assert!(is_permanent_pull_error(text), "{text}");
        }
        let transient = [
            "dial tcp 127.0.0.1:5999: connect: connection refused",
            "dial tcp: lookup registry.example.com: no such host",
            "429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit",
            "pull QPS exceeded",
            "net/http: TLS handshake timeout",
            "unexpected status from HEAD request: 503 Service Unavailable",
            "x509: certificate signed by unknown authority",
            "",
        ];
        for text in transient {
            assert!(!is_permanent_pull_error(text), "{text}");
        }
    }

    #[test]
    fn an_api_server_that_does_not_answer_has_a_next_step() {
        for (text, expected) in [
            ("client error (Connect): invalid peer certificate: UnknownIssuer", "SSL_CERT_FILE"),
            ("client error (Connect): tunnel error: io error establishing tunnel", "NO_PROXY"),
            (
                "client error (Connect): dns error: failed to lookup address information: Name or service not known",
                "the server's name",
            ),
            ("client error (Connect): tcp connect error: Connection refused", "can be reached"),
            ("no answer came", "can be reached"),
        ] {
            let next = next_when_unreachable(text);
            assert!(next.contains(expected), "{text}: {next}");
        }
    }

    #[test]
    fn cache_noise_is_no_missing_object() {
        assert!(is_missing_object(
            "MountVolume.SetUp failed for volume \"tls\" : secret \"app-tls\" not found"
        ));
        assert!(is_missing_object("references non-existent secret key: ca.crt"));
        assert!(!is_missing_object(
            "failed to sync secret cache: timed out waiting for the condition"
        ));
        assert!(!is_missing_object("object \"ns\"/\"kube-root-ca.crt\" not registered"));
        assert!(!is_missing_object("failed to sync configmap cache: configmap \"app\" not found"));
    }

    #[test]
    fn start_errors_that_never_heal_are_told_from_those_of_a_moment() {
        let missing = "exec: \"serve\": executable file not found in $PATH: unknown";
        assert!(is_permanent_start_error(missing));
        assert!(is_permanent_start_error("exec /app: exec format error"));
        assert!(!is_permanent_start_error("failed to create shim task: context deadline exceeded"));
    }
}
