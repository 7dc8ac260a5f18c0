//! Why the controller may not create pods: texts of quota, admission and the API server.

use super::{
    SubjectKind,
    row::{PLATFORM, Row, WRONG, rows},
};

pub(super) const ROWS: &[Row] = rows! {
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go`
    WRONG { sign: "quota", about: Some(SubjectKind::Quota), shown_by: "exceeded quota: ",
        names: "exceeded quota: <rest>",
        cause: "the namespace's quota is used up[: {}]",
        next_step: "raise the ResourceQuota, or use less of it: fewer replicas, smaller requests",
        where_pods_surge: "raise the ResourceQuota, or use less of it: fewer replicas, smaller requests. If it only has no room for old and new pods together, let old pods go first (`maxSurge: 0`)" }
    // the same file: a quota on limits needs limits
    WRONG { sign: "quota-needs-resources", shown_by: "failed quota: …must specify",
        names: "must specify <>;",
        cause: "the namespace's quota requires [the pods to set {}|requests or limits that the pods do not set]",
        next_step: "set these `resources` in the pod template. If many workloads lack them, set defaults in a LimitRange" }
    // the same file, for priority classes that the cluster limits (GKE: the system's)
    WRONG { sign: "quota-scope", shown_by: "insufficient quota to match these scopes|insufficient quota to consume",
        names: "match these scopes: <rest>|quota to consume: <rest>",
        cause: "the cluster allows these pods only where a ResourceQuota provides for them[: {}]",
        next_step: "use another `priorityClassName`, or add a ResourceQuota with this scope to the namespace" }
    // the same file: the quota's controller has not counted yet
    PLATFORM { sign: "quota-unknown", about: Some(SubjectKind::Quota), shown_by: "status unknown for quota|quota evaluation timed out",
        names: "unknown for quota: <>,",
        cause: "[what is used of the quota {} has not been counted yet|the namespace's quota could not be evaluated]",
        next_step: "deploy again once `kubectl describe quota` shows what is used. If it never does, check kube-controller-manager" }
    // Kubernetes `plugin/pkg/admission/limitranger/admission.go`
    WRONG { sign: "limit-range", shown_by: "maximum … usage per |minimum … usage per |limit to request ratio per ",
        names: "is forbidden: <line>",
        cause: "[the namespace's LimitRange refuses the pods: {}|the pods' requests or limits are outside the namespace's LimitRange]",
        next_step: "set `resources` within the LimitRange, or change the LimitRange" }
    // Kubernetes `staging/src/k8s.io/pod-security-admission/admission/admission.go`; tektoncd/operator#1223
    WRONG { sign: "pod-security", shown_by: "violates podsecurity ",
        names: "violates podsecurity <rest>",
        cause: "the namespace's Pod Security level refuses the pods[: {}]",
        next_step: "set the `securityContext` fields that the message names. If the pods need those rights, relax the namespace's `pod-security.kubernetes.io/enforce`" }
    // OpenShift `apiserver-library-go/pkg/securitycontextconstraints/sccadmission`; Kubernetes up to 1.24
    WRONG { sign: "security-context-constraints",
        shown_by: "unable to validate against any security context constraint\
            |unable to validate against any pod security policy",
        cause: "no SecurityContextConstraints (OpenShift) or PodSecurityPolicy allow the pods",
        next_step: "remove what the message names from the pod template. If the pods need it, grant the service account an SCC" }
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook`; kubebuilder#3052, kserve/kserve#580
    PLATFORM { sign: "webhook-unreachable", about: Some(SubjectKind::Webhook), shown_by: "failed calling webhook|failed to call webhook",
        unless: "denied the request",
        names: "webhook \"<>\"",
        cause: "[the admission webhook {}|an admission webhook] cannot be reached",
        next_step: "restore the webhook's pods and certificate. If it is not in use, delete its configuration" }
    // the same `errors/statuserror.go`, of webhooks that ask a registry or another service themselves
    PLATFORM { sign: "webhook-failed", about: Some(SubjectKind::Webhook),
        about_names: "webhook \"<>\"",
        shown_by: "denied the request…i/o timeout|denied the request…context deadline exceeded\
            |denied the request…connection refused|denied the request…connection reset\
            |denied the request…no such host|denied the request…tls handshake timeout\
            |denied the request…too many requests|denied the request…toomanyrequests\
            |denied the request…service unavailable|denied the request…bad gateway\
            |denied the request…internal server error|denied the request…etcdserver",
        names: "denied the request: <rest>",
        cause: "an admission webhook could not check the pods[: {}]",
        next_step: "restore the service that the webhook asks (the message names it), then deploy again" }
    // the same folder, `errors/statuserror.go`
    WRONG { sign: "webhook-denied", about: Some(SubjectKind::Webhook),
        about_names: "webhook \"<>\"", shown_by: "admission webhook …denied the request",
        names: "denied the request: <rest>|admission webhook \"<>\"",
        cause: "an admission webhook refuses the pods[: {}]",
        next_step: "change the pod template as the webhook's message asks" }
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating`, `mutating`
    WRONG { sign: "policy-denied",
        shown_by: "validatingadmissionpolicy…denied request|image policy webhook backend denied",
        names: "denied request: <rest>|denied one or more images: <rest>",
        cause: "an admission policy refuses the pods[: {}]",
        next_step: "change the pod template as the policy's message asks" }
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/metrics`; `plugin/pkg/admission/imagepolicy` asks a service
    PLATFORM { sign: "admission-slow",
        shown_by: "failed to complete validation in|failed to complete mutation in|is forbidden: post *: \
            |is forbidden: get *: |not yet ready to handle request",
        names: "admission plugin \"<>\"",
        cause: "[the API server's admission plugin {}|an admission plugin of the API server] got no answer in time",
        next_step: "restore the service that the plugin asks, then deploy again. If it is healthy, check the API server's load" }
    // the token controller, before Kubernetes 1.24
    PLATFORM { sign: "service-account-token", shown_by: "no api token found for service account",
        cause: "the service account has no token yet",
        next_step: "deploy again. If it happens again, check kube-controller-manager" }
    // Kubernetes `plugin/pkg/admission/serviceaccount/admission.go`
    WRONG { sign: "service-account-missing", about: Some(SubjectKind::ServiceAccount), shown_by: "serviceaccount * not found",
        names: "serviceaccount \"<>\"",
        cause: "the service account [{}|of the pods] does not exist in this namespace",
        next_step: "create the ServiceAccount. If it has another name, correct `serviceAccountName`" }
    // Kubernetes `plugin/pkg/admission/priority/admission.go`
    WRONG { sign: "priority-class-missing", about: Some(SubjectKind::PriorityClass), shown_by: "no priorityclass with name",
        names: "no priorityclass with name <word>",
        cause: "the PriorityClass [{}|of the pods] does not exist",
        next_step: "create the PriorityClass. If it has another name, correct `priorityClassName`" }
    // Kubernetes `plugin/pkg/admission/runtimeclass/admission.go`
    WRONG { sign: "runtime-class-missing", about: Some(SubjectKind::RuntimeClass),
        shown_by: "runtimeclass * not found|runtimeclasses.node.k8s.io * not found",
        names: "runtimeclass \"<>\"|runtimeclasses.node.k8s.io \"<>\"",
        cause: "the RuntimeClass [{}|of the pods] does not exist",
        next_step: "create the RuntimeClass. If it has another name, correct `runtimeClassName`" }
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go`
    WRONG { sign: "namespace-terminating", shown_by: "because it is being terminated|namespaces * not found",
        cause: "the namespace is being deleted, or is gone",
        next_step: "create the namespace again once it is gone, then deploy again" }
    // etcd's and the API server's limits of an object's size
    WRONG { sign: "object-too-large",
        shown_by: "request is too large|request entity too large|too long: must have at most",
        cause: "the pod is larger than the API server accepts",
        next_step: "move large annotations, environment variables and inline files out of the pod template" }
    PLATFORM { sign: "etcd-full", shown_by: "database space exceeded",
        cause: "the cluster's etcd is full",
        next_step: "compact and defragment etcd, then clear its alarm (`etcdctl alarm disarm`)" }
    // the controller itself has lost its rights
    PLATFORM { sign: "controller-rights",
        shown_by: "is forbidden: user *…cannot create resource|failedcreate: unauthorized",
        names: "user \"<>\"",
        cause: "[{}|the controller] is not allowed to create pods",
        next_step: "restore the cluster's own ClusterRoles and bindings (`system:controller:…`)" }
    // apimachinery `pkg/api/errors`, etcd's `rpctypes`, Go `net`
    PLATFORM { sign: "api-server-down",
        shown_by: "etcdserver: |request did not complete within|unable to return a response in the time allotted\
            |currently unable to handle the request|too many requests|has received too many requests|rate limiter\
            |apiserver not ready|apiserver is shutting down|has prevented the request from succeeding\
            |object has been modified|operation cannot be fulfilled|please try again|code = unavailable\
            |leader changed|no leader|context deadline exceeded|context canceled|connection refused|connection reset\
            |tls handshake timeout|i/o timeout|unexpected eof|stream error: |http2: |timed out|timeout: ",
        cause: "the API server or its etcd did not answer in time",
        next_step: "check the health and load of the API server and etcd, then deploy again" }
};

pub(super) const GENERAL: &[Row] = rows! {
    // Kubernetes `pkg/apis/core/validation`
    WRONG { sign: "pod-invalid", shown_by: "pod *…is invalid: ",
        names: "is invalid: <rest>",
        cause: "the pod template is invalid[: {}]",
        next_step: "correct the field that the message names" }
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/errors.go`
    WRONG { sign: "admission-refused", shown_by: "is forbidden: ",
        names: "is forbidden: <rest>",
        cause: "admission control refuses the pods[: {}]",
        next_step: "change the pod template, or the rule that the message names" }
    PLATFORM { sign: "api-server-error", shown_by: "internal error occurred: ",
        names: "internal error occurred: <rest>",
        cause: "the API server failed to create the pods[: {}]",
        next_step: "check the API server's log. If it names a webhook or etcd, restore that" }
};

/// Whether pods cannot be created because others use up the quota.
pub fn is_quota_used_up(message: &str) -> bool {
    message.contains("exceeded quota: ")
}
