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

/// Whether the registry's host has no address: mistyped, or of a network that the node is not in.
pub(super) fn is_unknown_host(text: &str) -> bool {
    text.contains("no such host")
}

/// Whether a text only says that something failed before, and not what: the kubelet between two pulls
/// (`pkg/kubelet/images/image_manager.go`; since 1.32 it repeats the cause), containerd on a container that it still makes
/// although the kubelet gave up (`internal/cri/store/name`).
pub(super) fn is_echo(text: &str) -> bool {
    let is_bare = |wait: &str| wait.split('"').nth(2).is_none_or(|rest| rest.trim().is_empty());
    let back_off = text.split_once("Back-off pulling image");
    back_off.is_some_and(|(_, wait)| is_bare(wait))
        || text == "ErrImagePull"
        || text.contains("\" is reserved for \"")
}

/// Whether a text about volumes names those that are waited for, and not why (Kubernetes 1.36
/// `pkg/kubelet/volumemanager/volume_manager.go`, `WaitForAttachAndMount`).
pub(super) fn is_mount_summary(text: &str) -> bool {
    text.contains("unmounted volumes=[")
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

/// Whether it was no rule that refused to create a pod, but a service that rules are asked of, or the API server itself
/// (Kubernetes 1.36 `staging/src/k8s.io/apiserver`: `pkg/admission/plugin/webhook`, `pkg/admission/plugin/resourcequota`,
/// `pkg/endpoints/handlers/finisher`; `plugin/pkg/admission/serviceaccount`).
pub(super) fn is_refusal_by_platform(text: &str) -> bool {
    const SERVICES: [&str; 13] = [
        "internal error occurred: ",
        "failed calling webhook",
        "failed to call webhook",
        "etcdserver: ",
        "request timed out",
        "request did not complete within",
        "context deadline exceeded",
        "too many requests",
        "unable to handle the request",
        "unable to return a response in the time allotted",
        "rpc error: code = unavailable",
        "connect: connection refused",
        "the object has been modified",
    ];
    // these come with the words of a refusal by a rule
    const NOT_YET: [&str; 2] =
        ["status unknown for quota: ", "no api token found for service account"];
    let text = text.to_ascii_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    let is_refused_by_rule = says(&["denied the request", "denied request: ", "is forbidden: "]);
    says(&NOT_YET) || (!is_refused_by_rule && says(&SERVICES))
}

/// Whether pods may not be created because others use up the quota.
pub(super) fn is_quota_used_up(text: &str) -> bool {
    text.contains("exceeded quota: ")
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
    fn a_refusal_by_a_rule_is_told_from_a_service_that_did_not_answer() {
        let by_platform = [
            "Internal error occurred: failed calling webhook \"mpod.elbv2.k8s.aws\": failed to call webhook: Post \"https://x/\": dial tcp 127.0.0.1:9: connect: connection refused",
            "Internal error occurred: resource quota evaluation timed out",
            "Internal error occurred: admission plugin \"ImagePolicyWebhook\" failed to complete validation in 13s",
            "etcdserver: request timed out",
            "Timeout: request did not complete within requested timeout - context deadline exceeded",
            "Operation cannot be fulfilled on resourcequotas \"q\": the object has been modified; please apply your changes to the latest version and try again",
            "pods \"app-1\" is forbidden: status unknown for quota: q, resources: pods",
            "pods \"app-1\" is forbidden: no API token found for service account \"app\", retry after the token is automatically created and added to the service account",
        ];
        for text in by_platform {
            assert!(is_refusal_by_platform(text), "{text}");
        }
        let by_rule = [
            "pods \"timeout-1\" is forbidden: exceeded quota: main, requested: pods=1, used: pods=2, limited: pods=2",
            "admission webhook \"v.example\" denied the request: failed calling webhook is no good name",
            "pods \"app-1\" is forbidden: error looking up service account shop/app: serviceaccount \"app\" not found",
            "Pod \"app-1\" is invalid: spec.containers[0].image: Required value",
            "",
        ];
        for text in by_rule {
            assert!(!is_refusal_by_platform(text), "{text}");
        }
    }

    #[test]
    fn the_wait_for_the_next_try_tells_nothing_unless_it_repeats_what_failed() {
        for text in [
            "ImagePullBackOff: Back-off pulling image \"r.example/app:1\"",
            "ErrImagePull",
            "CreateContainerError: failed to reserve container name \"app_1\": name \"app_1\" is reserved for \"8a4\"",
        ] {
            assert!(is_echo(text), "{text}");
        }
        for text in [
            "ImagePullBackOff: Back-off pulling image \"r.example/app:1\": ErrImagePull: not found",
            "ErrImagePull: r.example/app:1: not found",
            "CreateContainerError: context deadline exceeded",
        ] {
            assert!(!is_echo(text), "{text}");
        }
    }

    #[test]
    fn start_errors_that_never_heal_are_told_from_those_of_a_moment() {
        let missing = "exec: \"serve\": executable file not found in $PATH: unknown";
        assert!(is_permanent_start_error(missing));
        assert!(is_permanent_start_error("exec /app: exec format error"));
        assert!(!is_permanent_start_error("failed to create shim task: context deadline exceeded"));
    }
}
