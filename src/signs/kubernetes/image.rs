//! What is wrong with an image: what registries and runtimes say of its name, its access and its content.

use super::{
    SubjectKind,
    node::{CONTENT, UNPACK},
    row::{PLATFORM, Row, WRONG, rows},
};
use crate::evidence::Attribution::{Platform, Unknown};

pub(super) const IMAGE: &str = "pull and unpack image \"<>\"|pull image \"<>\"|pulling image \"<>\"|resolve reference \"<>\"\
    |reading manifest <>:";

/// The sign of a registry that refuses.
pub(in crate::signs) const ACCESS: &str = "registry-access";

/// Why it refuses, where the kubelet says that it pulls without the login that the pods name (Kubernetes
/// `pkg/kubelet/kubelet_pods.go`, `getPullSecretsForPod`).
pub(in crate::signs) const PULL_SECRET: &[Row] = rows! {
    WRONG { sign: "pull-secret-missing", about: Some(SubjectKind::Secret), shown_by: "unable to retrieve some image pull secrets",
        names: "image pull secrets (<>)",
        cause: "the registry requires a login, but [the Secret {}|a Secret] that `imagePullSecrets` names does not exist",
        next_step: "create the Secret in this namespace (`kubectl create secret docker-registry`). If it has another name, correct `imagePullSecrets`" }
};

/// After the rows on the way to the registry: a registry that could not be asked says nothing of the image.
pub(super) const ROWS: &[Row] = rows! {
    // containers/image `pkg/shortnames`; enforced by CRI-O from 1.34 on
    WRONG { sign: "short-name", about: Some(SubjectKind::Image),
        shown_by: "short name mode is enforcing|short-name resolution enforced\
            |short-name …did not resolve to an alias|no unqualified-search registries are defined",
        names: "but image name <> |short-name \"<>\"",
        cause: "the image name [{} ]has no registry, and the node does not guess one",
        next_step: "write the registry in front of the image name, e.g. `docker.io/library/nginx:1.27`" }
    // containers/image `signature`, cri-api `pkg/errors`, Docker Content Trust
    WRONG { sign: "image-signature", about: Some(SubjectKind::Image),
        shown_by: "signature verification failed|signature validation failed|signaturevalidationfailed\
            |a signature was required|source image rejected|rejected by policy|no valid signature\
            |no signature exists|invalid gpg signature|remote trust data does not exist|no trust data for ",
        names: "source image rejected: <rest>|signature verification failed: <rest>\
            |signature validation failed: <rest>",
        cause: "[the node's signature policy rejects the image: {}|the node accepts only signed images, and this one has no valid signature]",
        next_step: "sign the image with a key that the nodes trust. If unsigned images are allowed here, change the nodes' policy (`/etc/containers/policy.json`)" }
    // containerd and Docker: link-assistant/hive-mind#962, reactive-resume/app#2141; containers/image `manifest/list.go`
    WRONG { sign: "image-platform", about: Some(SubjectKind::Image),
        shown_by: "no match for platform|no matching manifest for|no image found in manifest list for architecture\
            |no image found in image index for architecture|cannot be used on this platform\
            |is incompatible with a * host|does not match the host operating system\
            |does not match the specified platform",
        names: IMAGE,
        cause: "the image [{} ]is not built for the node's platform",
        next_step: "build and push it for the nodes' platform (`docker buildx build --platform …`). If only some nodes differ, choose the others with `kubernetes.io/arch` or `kubernetes.io/os`" }
    // containerd `core/remotes/docker/schema1`, `core/images`; a Helm chart or an artifact is no image
    WRONG { sign: "image-format", about: Some(SubjectKind::Image),
        shown_by: "no longer supported since containerd|unsupported manifest media type|unsupported media type\
            |unsupported mediatype|unknown media type|unexpected media type|encountered unknown type\
            |unsupported schema version|mediatype in manifest should be\
            |unsupported image-specific operation on artifact|mismatched image rootfs and manifest layers\
            |invalid rootfs in image configuration|invalid tar header|invalid checksum digest format\
            |manifest_invalid|manifest invalid|decryption…no suitable key|missing private key needed for decryption",
        names: IMAGE,
        cause: "the container runtime cannot use the format of [{}|this image]",
        next_step: "build and push the image again in the OCI or Docker v2 format. If the name is that of a chart or another artifact, correct it" }
    // kubelet `pkg/credentialprovider`, Docker's credential helpers
    PLATFORM { sign: "registry-credentials-helper",
        shown_by: "error getting credentials|docker-credential-|credential provider…failed\
            |error executing credential provider plugin",
        cause: "the node's credential helper provided no login for the registry",
        next_step: "check the credential provider on the node and the permissions of the node's own account" }
    // ACR's firewall, AWS endpoint policies, Google's service perimeters
    WRONG { sign: "registry-firewall", about: Some(SubjectKind::Registry), attribution: Platform,
        shown_by: "client with ip …is not allowed access|is not allowed access. refer\
            |request is prohibited by organization's policy|vpcservicecontrolsuniqueidentifier|vpc endpoint policy\
            |ip address…not allowed|not in the allowed ip",
        names: "client with ip '<>'",
        cause: "the registry's network rules block [the node's address {}|the nodes]",
        next_step: "allow the nodes' addresses in the registry's firewall or perimeter" }
    // ECR's tokens end after 12 hours
    WRONG { sign: "registry-login-expired", about: Some(SubjectKind::Registry),
        shown_by: "token has expired|token is expired|token expired|expiredtoken|credentials have expired\
            |included in the request is expired",
        cause: "the login for the registry has expired",
        next_step: "renew the Secret that `imagePullSecrets` names. If the registry's logins are short-lived, have a controller or the node's credential provider renew them" }
    // the registry lost a layer, or a push was cut off: distribution's BLOB_UNKNOWN
    WRONG { sign: "image-incomplete", about: Some(SubjectKind::Image), attribution: Unknown,
        shown_by: "failed open: content at * not found|failed open: content at … not found\
            |could not fetch content descriptor…not found|blob unknown|blob_unknown|unknown blob\
            |error fetching blob…404",
        names: IMAGE,
        cause: "the registry has the manifest of [{}|the image] but not all of its layers",
        next_step: "push the image again. If it happens again, check that the registry's clean-up or mirror keeps layers in use" }
    CONTENT {}
    // containerd `core/remotes/docker`, distribution's error codes UNAUTHORIZED and DENIED; ECR's "no basic auth credentials"
    WRONG { sign: ACCESS, about: Some(SubjectKind::Registry),
        shown_by: "pull access denied|access denied|denied: | is denied|permission_denied|accessdenied|unauthorized\
            |not authorized|forbidden|insufficient_scope|authorization failed|authentication required\
            |requires authentication|authentication failed|no basic auth credentials|invalid username\
            |incorrect username|invalid credentials|invalid_grant|invalid_client|not have permission\
            |does not have access",
        names: IMAGE,
        cause: "the registry refuses [{}|the image]: the repository does not exist, or access to it is denied",
        next_step: "correct the image name. If it is right, add an `imagePullSecrets` entry whose account may pull it" }
    // containerd and CRI-O with distribution's MANIFEST_UNKNOWN and NAME_UNKNOWN
    WRONG { sign: "image-not-found", about: Some(SubjectKind::Image),
        shown_by: ": not found|manifest unknown|manifest_unknown|name unknown|name_unknown|manifest for … not found\
            |no such manifest|no such image|repository name not known|404 not found|404 (not found)|statuscode: 404\
            |does not exist in the registry|was deleted or has expired|repository * not found|image * not found",
        names: IMAGE,
        cause: "[{}|the image's tag or repository] does not exist in the registry",
        next_step: "push the image, or correct its name and tag. If it is pushed after the deployment starts, allow for that: `--grace image=5m`" }
    // Kubernetes `pkg/kubelet/images/image_manager.go`, distribution `reference.ErrReferenceInvalidFormat`
    WRONG { sign: "image-name", about: Some(SubjectKind::Image),
        shown_by: "invalid reference format|couldn't parse image|could not parse reference|invalid image name\
            |invalidimagename|repository name must be lowercase|must be lowercase",
        names: "parse image name \"<>\"|parse image reference \"<>\"|image tag \"<>\"",
        cause: "[{}|the image's name] is not a valid image name",
        next_step: "correct the name: lower case, no spaces, `registry/name:tag`" }
    // the same, from Kubernetes 1.35 on: an image that another pod pulled with its own credentials
    WRONG { sign: "image-credentials", shown_by: "does not have the proper credentials",
        names: "container image \"<>\"",
        cause: "[{}|the image] is on the node, but the pod has no credentials that may use it",
        next_step: "add an `imagePullSecrets` entry whose account may pull it, and set `imagePullPolicy: IfNotPresent`" }
    // Kubernetes `pkg/kubelet/images/image_manager.go`
    WRONG { sign: "image-never-pulled", about: Some(SubjectKind::Image), shown_by: "errimageneverpull|pull policy of never",
        names: "container image \"<>\"",
        cause: "[{}|the image] is not on the node, and `imagePullPolicy: Never` forbids pulling it",
        next_step: "load the image on the nodes, or set `imagePullPolicy: IfNotPresent`" }
    UNPACK {}
};

/// Whether an event's message says why a pull failed.
pub fn is_failed_pull(message: &str) -> bool {
    message.starts_with(FAILED_PULL)
}

/// How the kubelet's message on a pull that failed begins.
pub(super) const FAILED_PULL: &str = "Failed to pull image";
