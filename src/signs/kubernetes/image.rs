//! What is wrong with an image: what registries and runtimes say of its name, its access and its content.

use super::{
    detail::Detail,
    node,
    row::{PLATFORM, Row, WRONG},
};
use crate::evidence::Attribution;

pub(super) const IMAGE: &[Detail] = &[
    Detail::Between("pull and unpack image \"", "\""),
    Detail::Between("pull image \"", "\""),
    Detail::Between("pulling image \"", "\""),
    Detail::Between("resolve reference \"", "\""),
    Detail::Between("reading manifest ", ":"),
];

/// The sign of a registry that refuses.
pub(in crate::signs) const ACCESS: &str = "registry-access";

/// Why it refuses, where the kubelet says that it pulls without the login that the pods name (Kubernetes
/// `pkg/kubelet/kubelet_pods.go`, `getPullSecretsForPod`).
pub(in crate::signs) const PULL_SECRET: &[Row] = &[Row {
    sign: "pull-secret-missing",
    phrases: &[&["unable to retrieve some image pull secrets"]],
    details: &[Detail::Between("image pull secrets (", ")")],
    cause: "the registry asks for a login, and a Secret that `imagePullSecrets` names does not exist",
    named: "the registry asks for a login, and the Secret {} that `imagePullSecrets` names does not exist",
    next_step: "create the Secret in this namespace (`kubectl create secret docker-registry`), or correct `imagePullSecrets`",
    ..WRONG
}];

/// After the rows on the way to the registry: a registry that could not be asked says nothing of the image.
pub(super) const ROWS: &[Row] = &[
    // containers/image `pkg/shortnames`; enforced by CRI-O from 1.34 on
    Row {
        sign: "short-name",
        phrases: &[
            &["short name mode is enforcing"],
            &["short-name resolution enforced"],
            &["short-name ", "did not resolve to an alias"],
            &["no unqualified-search registries are defined"],
        ],
        details: &[Detail::Between("but image name ", " "), Detail::Between("short-name \"", "\"")],
        cause: "the image's name has no registry, and the node does not guess one",
        named: "the image name {} has no registry, and the node does not guess one",
        next_step: "write the registry in front of the image's name, e.g. `docker.io/library/nginx:1.27`",
        ..WRONG
    },
    // containers/image `signature`, cri-api `pkg/errors`, Docker Content Trust
    Row {
        sign: "image-signature",
        phrases: &[
            &["signature verification failed"],
            &["signature validation failed"],
            &["signaturevalidationfailed"],
            &["a signature was required"],
            &["source image rejected"],
            &["rejected by policy"],
            &["no valid signature"],
            &["no signature exists"],
            &["invalid gpg signature"],
            &["remote trust data does not exist"],
            &["no trust data for "],
        ],
        details: &[
            Detail::Rest("source image rejected: "),
            Detail::Rest("signature verification failed: "),
            Detail::Rest("signature validation failed: "),
        ],
        cause: "the node accepts signed images only, and this one has no valid signature",
        named: "the node's signature policy rejects the image: {}",
        next_step: "sign the image with a key that the nodes trust. If unsigned images are allowed here, change the nodes' policy (`/etc/containers/policy.json`)",
        ..WRONG
    },
    // containerd and Docker: link-assistant/hive-mind#962, reactive-resume/app#2141; containers/image `manifest/list.go`
    Row {
        sign: "image-platform",
        phrases: &[
            &["no match for platform"],
            &["no matching manifest for"],
            &["no image found in manifest list for architecture"],
            &["no image found in image index for architecture"],
            &["cannot be used on this platform"],
            &["is incompatible with a * host"],
            &["does not match the host operating system"],
            &["does not match the specified platform"],
        ],
        details: IMAGE,
        cause: "the image is not built for the node's platform",
        named: "the image {} is not built for the node's platform",
        next_step: "build and push it for the nodes' platform (`docker buildx build --platform …`). If only some nodes have the wrong platform, choose others with `kubernetes.io/arch` or `kubernetes.io/os`",
        ..WRONG
    },
    // containerd `core/remotes/docker/schema1`, `core/images`; a Helm chart or an artifact is no image
    Row {
        sign: "image-format",
        phrases: &[
            &["no longer supported since containerd"],
            &["unsupported manifest media type"],
            &["unsupported media type"],
            &["unsupported mediatype"],
            &["unknown media type"],
            &["unexpected media type"],
            &["encountered unknown type"],
            &["unsupported schema version"],
            &["mediatype in manifest should be"],
            &["unsupported image-specific operation on artifact"],
            &["mismatched image rootfs and manifest layers"],
            &["invalid rootfs in image configuration"],
            &["invalid tar header"],
            &["invalid checksum digest format"],
            &["manifest_invalid"],
            &["manifest invalid"],
            &["decryption", "no suitable key"],
            &["missing private key needed for decryption"],
        ],
        details: IMAGE,
        cause: "the container runtime cannot use this image's format",
        named: "the container runtime cannot use the format of {}",
        next_step: "build and push the image anew in the OCI or Docker v2 format, and check that the name is an image's, not a chart's or another artifact's",
        ..WRONG
    },
    // kubelet `pkg/credentialprovider`, Docker's credential helpers
    Row {
        sign: "registry-credentials-helper",
        phrases: &[
            &["error getting credentials"],
            &["docker-credential-"],
            &["credential provider", "failed"],
            &["error executing credential provider plugin"],
        ],
        cause: "the node's credential helper gave no login for the registry",
        next_step: "check the credential provider on the node and the rights of the node's own account",
        ..PLATFORM
    },
    // ACR's firewall, AWS endpoint policies, Google's service perimeters
    Row {
        sign: "registry-firewall",
        phrases: &[
            &["client with ip ", "is not allowed access"],
            &["is not allowed access. refer"],
            &["request is prohibited by organization's policy"],
            &["vpcservicecontrolsuniqueidentifier"],
            &["vpc endpoint policy"],
            &["ip address", "not allowed"],
            &["not in the allowed ip"],
        ],
        details: &[Detail::Between("client with ip '", "'")],
        cause: "the registry's network rules do not let the nodes in",
        named: "the registry's network rules do not let the node's address {} in",
        attribution: Attribution::Platform,
        next_step: "allow the nodes' addresses or network in the registry's firewall or perimeter",
        ..WRONG
    },
    // ECR's tokens end after 12 hours
    Row {
        sign: "registry-login-expired",
        phrases: &[
            &["token has expired"],
            &["token is expired"],
            &["token expired"],
            &["expiredtoken"],
            &["credentials have expired"],
            &["included in the request is expired"],
        ],
        cause: "the login for the registry has expired",
        next_step: "renew the Secret that `imagePullSecrets` names. If the registry's logins are short-lived, let a controller or the node's credential provider renew them",
        ..WRONG
    },
    // the registry lost a layer, or a push was cut off: distribution's BLOB_UNKNOWN
    Row {
        sign: "image-incomplete",
        phrases: &[
            &["failed open: content at * not found"],
            &["failed open: content at ", " not found"],
            &["could not fetch content descriptor", "not found"],
            &["blob unknown"],
            &["blob_unknown"],
            &["unknown blob"],
            &["error fetching blob", "404"],
        ],
        details: IMAGE,
        cause: "the registry has the image's manifest but not all of its layers",
        named: "the registry has the manifest of {} but not all of its layers",
        attribution: Attribution::Unknown,
        next_step: "push the image again. If the registry cleans up or mirrors, check that it keeps layers in use",
        ..WRONG
    },
    node::CONTENT,
    // containerd `core/remotes/docker`, distribution's error codes UNAUTHORIZED and DENIED; ECR's "no basic auth credentials"
    Row {
        sign: ACCESS,
        phrases: &[
            &["pull access denied"],
            &["access denied"],
            &["denied: "],
            &[" is denied"],
            &["permission_denied"],
            &["accessdenied"],
            &["unauthorized"],
            &["not authorized"],
            &["forbidden"],
            &["insufficient_scope"],
            &["authorization failed"],
            &["authentication required"],
            &["requires authentication"],
            &["authentication failed"],
            &["no basic auth credentials"],
            &["invalid username"],
            &["incorrect username"],
            &["invalid credentials"],
            &["invalid_grant"],
            &["invalid_client"],
            &["not have permission"],
            &["does not have access"],
        ],
        details: IMAGE,
        cause: "the registry refuses the image: no such repository, or no access to it",
        named: "the registry refuses {}: no such repository, or no access to it",
        next_step: "correct the image's name, or name an `imagePullSecrets` entry whose account may pull it",
        ..WRONG
    },
    // containerd and CRI-O with distribution's MANIFEST_UNKNOWN and NAME_UNKNOWN
    Row {
        sign: "image-not-found",
        phrases: &[
            &[": not found"],
            &["manifest unknown"],
            &["manifest_unknown"],
            &["name unknown"],
            &["name_unknown"],
            &["manifest for ", " not found"],
            &["no such manifest"],
            &["no such image"],
            &["repository name not known"],
            &["404 not found"],
            &["404 (not found)"],
            &["statuscode: 404"],
            &["does not exist in the registry"],
            &["was deleted or has expired"],
            &["repository * not found"],
            &["image * not found"],
        ],
        details: IMAGE,
        cause: "the image's tag or repository does not exist in the registry",
        named: "{} does not exist in the registry",
        next_step: "push the image, or correct its name and tag. If it is pushed later than it is deployed, allow for that: `--grace image=5m`",
        ..WRONG
    },
    // Kubernetes `pkg/kubelet/images/image_manager.go`, distribution `reference.ErrReferenceInvalidFormat`
    Row {
        sign: "image-name",
        phrases: &[
            &["invalid reference format"],
            &["couldn't parse image"],
            &["could not parse reference"],
            &["invalid image name"],
            &["invalidimagename"],
            &["repository name must be lowercase"],
            &["must be lowercase"],
        ],
        details: &[
            Detail::Between("parse image name \"", "\""),
            Detail::Between("parse image reference \"", "\""),
            Detail::Between("image tag \"", "\""),
        ],
        cause: "the image's name is not a valid one",
        named: "{} is no valid image name",
        next_step: "correct the name: lower case, no spaces, `registry/name:tag`",
        ..WRONG
    },
    // the same, from Kubernetes 1.35 on: an image that another pod pulled with its own credentials
    Row {
        sign: "image-credentials",
        phrases: &[&["does not have the proper credentials"]],
        details: &[Detail::Between("container image \"", "\"")],
        cause: "the image is on the node, and the pod has no credentials that may use it",
        named: "{} is on the node, and the pod has no credentials that may use it",
        next_step: "name an `imagePullSecrets` entry whose account may pull it, and let the node pull (`imagePullPolicy: IfNotPresent`)",
        ..WRONG
    },
    // Kubernetes `pkg/kubelet/images/image_manager.go`
    Row {
        sign: "image-never-pulled",
        phrases: &[&["errimageneverpull"], &["pull policy of never"]],
        details: &[Detail::Between("container image \"", "\"")],
        cause: "the image is not on the node, and `imagePullPolicy: Never` forbids to pull it",
        named: "{} is not on the node, and `imagePullPolicy: Never` forbids to pull it",
        next_step: "load the image on the nodes, or set `imagePullPolicy: IfNotPresent`",
        ..WRONG
    },
    node::UNPACK,
];
