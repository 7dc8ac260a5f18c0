//! Why an image can't be pulled: texts of containerd, CRI-O and registries that the kubelet passes on.

use super::{
    detail::Detail,
    row::{KUBERNETES, Row},
};
use crate::evidence::Attribution;

const IMAGE: &[Detail] = &[
    Detail::Between("pull and unpack image \"", "\""),
    Detail::Between("pull image \"", "\""),
    Detail::Between("pulling image \"", "\""),
    Detail::Between("resolve reference \"", "\""),
    Detail::Between("reading manifest ", ":"),
];

pub(super) const ROWS: &[Row] = &[
    // Docker Hub through containerd and CRI-O: kubernetes-retired/dashboard#9434, arquillian/arquillian-cube#1423
    Row {
        sign: "registry-rate-limit",
        phrases: &[&["toomanyrequests"], &["429 too many requests"], &["pull rate limit"]],
        cause: "the registry's pull rate limit is used up",
        attribution: Attribution::Platform,
        next_step: "pull with a login (`imagePullSecrets`) or from a mirror, or wait until the limit resets",
        ..KUBERNETES
    },
    // Kubernetes `pkg/kubelet/images/types.go`, limited by `registryPullQPS`
    Row {
        sign: "kubelet-pull-limit",
        phrases: &[&["pull qps exceeded"]],
        cause: "the kubelet pulls too many images at once and put this one off",
        attribution: Attribution::Platform,
        next_step: "roll out again; raise the kubelet's `registryPullQPS` if it happens often",
        ..KUBERNETES
    },
    // containerd and Docker: link-assistant/hive-mind#962, reactive-resume/app#2141
    Row {
        sign: "image-platform",
        phrases: &[
            &["no match for platform"],
            &["no matching manifest for"],
            &["no image found in manifest list for architecture"],
        ],
        details: IMAGE,
        cause: "the image is not built for the node's platform",
        named: "the image {} is not built for the node's platform",
        attribution: Attribution::Configuration,
        next_step: "build and push it for the nodes' platform (`docker buildx build --platform …`), or choose nodes with `kubernetes.io/arch`",
        ..KUBERNETES
    },
    // containerd `core/remotes/docker`, distribution's error codes UNAUTHORIZED and DENIED; ECR's "no basic auth credentials"
    Row {
        sign: "registry-access",
        phrases: &[
            &["pull access denied"],
            &["401 unauthorized"],
            &["403 forbidden"],
            &["insufficient_scope"],
            &["authorization failed"],
            &["authentication required"],
            &["no basic auth credentials"],
            &["unauthorized: "],
            &["access forbidden"],
            &["denied: "],
            &["failed to fetch anonymous token"],
        ],
        details: IMAGE,
        cause: "the registry refuses the image: no such repository, or no access to it",
        named: "the registry refuses {}: no such repository, or no access to it",
        attribution: Attribution::Configuration,
        next_step: "correct the image's name, or name an `imagePullSecrets` entry whose account may pull it",
        ..KUBERNETES
    },
    // containerd and CRI-O with distribution's MANIFEST_UNKNOWN and NAME_UNKNOWN
    Row {
        sign: "image-not-found",
        phrases: &[
            &[": not found"],
            &["manifest unknown"],
            &["name unknown"],
            &["manifest for ", " not found"],
            &["404 not found"],
        ],
        details: IMAGE,
        cause: "the image's tag or repository does not exist in the registry",
        named: "{} does not exist in the registry",
        attribution: Attribution::Configuration,
        next_step: "push the image, or correct its name and tag",
        ..KUBERNETES
    },
    // Go `net/http`
    Row {
        sign: "registry-plain-http",
        phrases: &[&["server gave http response to https client"]],
        details: IMAGE,
        cause: "the registry speaks plain HTTP, and the container runtime wants HTTPS",
        attribution: Attribution::Platform,
        next_step: "give the registry a certificate, or allow it as an insecure registry on every node",
        ..KUBERNETES
    },
    // Go `crypto/x509`
    Row {
        sign: "registry-certificate",
        phrases: &[&["x509:"], &["certificate signed by unknown authority"]],
        details: &[Detail::Rest("x509: ")],
        cause: "the nodes do not trust the registry's certificate",
        named: "the nodes do not trust the registry's certificate: {}",
        attribution: Attribution::Platform,
        next_step: "renew the certificate, or install its authority on the nodes",
        ..KUBERNETES
    },
    // Go `net.DNSError`
    Row {
        sign: "registry-name",
        phrases: &[
            &["no such host"],
            &["server misbehaving"],
            &["temporary failure in name resolution"],
        ],
        details: &[Detail::Between("lookup ", " on "), Detail::Between("lookup ", ":")],
        cause: "the registry's name is not known to the nodes' DNS",
        named: "the nodes' DNS does not know the registry {}",
        attribution: Attribution::Unknown,
        next_step: "correct the registry in the image's name; if it is right, check the nodes' DNS",
        ..KUBERNETES
    },
    // Go `net.OpError`, seen with containerd 2
    Row {
        sign: "registry-refused",
        phrases: &[&["connection refused"]],
        details: &[Detail::Address],
        cause: "no registry answers at the image's address",
        named: "no registry answers at {}",
        attribution: Attribution::Unknown,
        next_step: "correct the registry in the image's name; if it is right, bring the registry back",
        ..KUBERNETES
    },
    // Linux' ENOSPC through containerd's snapshotters
    Row {
        sign: "node-disk-full",
        phrases: &[&["no space left on device"]],
        cause: "the node has no disk space left for the image",
        attribution: Attribution::Platform,
        next_step: "free or add disk space on the node, or use a smaller image",
        ..KUBERNETES
    },
    // Go `net` and `net/http`
    Row {
        sign: "registry-timeout",
        phrases: &[
            &["i/o timeout"],
            &["tls handshake timeout"],
            &["context deadline exceeded"],
            &["connection reset"],
            &["no route to host"],
            &["client.timeout"],
            &["unexpected eof"],
        ],
        details: &[Detail::Address],
        cause: "the registry does not answer in time",
        named: "the registry does not answer in time ({})",
        attribution: Attribution::Platform,
        next_step: "check the way from the nodes to the registry (proxy, firewall, load), then roll out again",
        ..KUBERNETES
    },
    // Go `net/http`
    Row {
        sign: "registry-down",
        phrases: &[
            &["503 service unavailable"],
            &["502 bad gateway"],
            &["500 internal server error"],
            &["504 gateway"],
        ],
        cause: "the registry answers with a server error",
        attribution: Attribution::Platform,
        next_step: "check the registry's state, then roll out again",
        ..KUBERNETES
    },
    // Kubernetes `pkg/kubelet/images/image_manager.go`, distribution `reference.ErrReferenceInvalidFormat`
    Row {
        sign: "image-name",
        phrases: &[&["invalid reference format"], &["couldn't parse image"], &["invalidimagename"]],
        details: &[
            Detail::Between("parse image name \"", "\""),
            Detail::Between("image tag \"", "\""),
        ],
        cause: "the image's name is not a valid one",
        named: "{} is no valid image name",
        attribution: Attribution::Configuration,
        next_step: "correct the name: lower case, no spaces, `registry/name:tag`",
        ..KUBERNETES
    },
    // Kubernetes `pkg/kubelet/images/image_manager.go`
    Row {
        sign: "image-never-pulled",
        phrases: &[&["errimageneverpull"], &["pull policy of never"]],
        details: &[Detail::Between("container image \"", "\"")],
        cause: "the image is not on the node, and `imagePullPolicy: Never` forbids to pull it",
        named: "{} is not on the node, and `imagePullPolicy: Never` forbids to pull it",
        attribution: Attribution::Configuration,
        next_step: "load the image on the nodes, or set `imagePullPolicy: IfNotPresent`",
        ..KUBERNETES
    },
];
