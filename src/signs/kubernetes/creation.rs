//! Why the controller may not create pods: texts of quota, admission and the API server.

use super::{
    detail::Detail,
    row::{PLATFORM, Row, WRONG},
};
use crate::evidence::Attribution;

pub(super) const ROWS: &[Row] = &[
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go`
    Row {
        sign: "quota",
        phrases: &[&["exceeded quota: "]],
        details: &[Detail::Rest("exceeded quota: ")],
        cause: "the namespace's quota is used up",
        named: "the namespace's quota is used up: {}",
        next_step: "raise the ResourceQuota, or free some of it: fewer replicas, smaller requests",
        ..WRONG
    },
    // the same file: a quota on limits needs limits
    Row {
        sign: "quota-needs-resources",
        phrases: &[&["failed quota: ", "must specify"]],
        details: &[Detail::Between("must specify ", ";")],
        cause: "the namespace's quota asks for requests or limits that the pods do not set",
        named: "the namespace's quota asks the pods to set {}",
        next_step: "set these `resources` in the pod template, or defaults in a LimitRange",
        ..WRONG
    },
    // the same file, for priority classes that the cluster limits (GKE: the system's)
    Row {
        sign: "quota-scope",
        phrases: &[
            &["insufficient quota to match these scopes"],
            &["insufficient quota to consume"],
        ],
        details: &[Detail::Rest("match these scopes: "), Detail::Rest("quota to consume: ")],
        cause: "the cluster allows these pods only where a ResourceQuota provides for them",
        named: "the cluster allows these pods only where a ResourceQuota provides for them: {}",
        next_step: "use another `priorityClassName`, or add a ResourceQuota with this scope to the namespace",
        ..WRONG
    },
    // the same file: the quota's controller has not counted yet
    Row {
        sign: "quota-unknown",
        phrases: &[&["status unknown for quota"], &["quota evaluation timed out"]],
        details: &[Detail::Between("unknown for quota: ", ",")],
        cause: "the namespace's quota could not be evaluated",
        named: "nobody has counted yet what is used of the quota {}",
        next_step: "deploy again once `kubectl describe quota` shows what is used. If it never does, check kube-controller-manager and the load of the API server",
        ..PLATFORM
    },
    // Kubernetes `plugin/pkg/admission/limitranger/admission.go`
    Row {
        sign: "limit-range",
        phrases: &[
            &["maximum ", " usage per "],
            &["minimum ", " usage per "],
            &["limit to request ratio per "],
        ],
        details: &[Detail::Between("is forbidden: ", "\n")],
        cause: "the requests or limits are outside of the namespace's LimitRange",
        named: "the namespace's LimitRange refuses the pods: {}",
        next_step: "set `resources` within the LimitRange, or change the LimitRange",
        ..WRONG
    },
    // Kubernetes `staging/src/k8s.io/pod-security-admission/admission/admission.go`; tektoncd/operator#1223
    Row {
        sign: "pod-security",
        phrases: &[&["violates podsecurity "]],
        details: &[Detail::Rest("violates podsecurity ")],
        cause: "the namespace's Pod Security level refuses the pods",
        named: "the namespace's Pod Security level refuses the pods: {}",
        next_step: "set the `securityContext` fields that the message names, or relax the namespace's `pod-security.kubernetes.io/enforce`",
        ..WRONG
    },
    // OpenShift `apiserver-library-go/pkg/securitycontextconstraints/sccadmission`; Kubernetes up to 1.24
    Row {
        sign: "security-context-constraints",
        phrases: &[
            &["unable to validate against any security context constraint"],
            &["unable to validate against any pod security policy"],
        ],
        cause: "no SecurityContextConstraints of OpenShift (or PodSecurityPolicy) allow the pods",
        next_step: "drop what the message names from `securityContext` and volumes, or grant the service account an SCC",
        ..WRONG
    },
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook`; kubebuilder#3052, kserve/kserve#580
    Row {
        sign: "webhook-unreachable",
        phrases: &[&["failed calling webhook"], &["failed to call webhook"]],
        unless: &["denied the request"],
        details: &[Detail::Between("webhook \"", "\"")],
        cause: "an admission webhook can't be called",
        named: "the admission webhook {} can't be called",
        next_step: "bring the webhook's pods and certificate back, or remove its configuration if it is no longer used",
        ..PLATFORM
    },
    // the same `errors/statuserror.go`, of webhooks that ask a registry or another service themselves
    Row {
        sign: "webhook-failed",
        phrases: &[
            &["denied the request", "i/o timeout"],
            &["denied the request", "context deadline exceeded"],
            &["denied the request", "connection refused"],
            &["denied the request", "connection reset"],
            &["denied the request", "no such host"],
            &["denied the request", "tls handshake timeout"],
            &["denied the request", "too many requests"],
            &["denied the request", "toomanyrequests"],
            &["denied the request", "service unavailable"],
            &["denied the request", "bad gateway"],
            &["denied the request", "internal server error"],
            &["denied the request", "etcdserver"],
        ],
        details: &[Detail::Rest("denied the request: ")],
        cause: "an admission webhook could not check the pods",
        named: "an admission webhook could not check the pods: {}",
        next_step: "bring back what the webhook asks (the message names it), then deploy again",
        ..PLATFORM
    },
    // the same folder, `errors/statuserror.go`
    Row {
        sign: "webhook-denied",
        phrases: &[&["admission webhook ", "denied the request"]],
        details: &[
            Detail::Rest("denied the request: "),
            Detail::Between("admission webhook \"", "\""),
        ],
        cause: "an admission webhook refuses the pods",
        named: "an admission webhook refuses the pods: {}",
        next_step: "change the pod template as the webhook's message asks",
        ..WRONG
    },
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating`, `mutating`
    Row {
        sign: "policy-denied",
        phrases: &[
            &["validatingadmissionpolicy", "denied request"],
            &["image policy webhook backend denied"],
        ],
        details: &[Detail::Rest("denied request: "), Detail::Rest("denied one or more images: ")],
        cause: "an admission policy refuses the pods",
        named: "an admission policy refuses the pods: {}",
        next_step: "change the pod template as the policy's message asks",
        ..WRONG
    },
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/metrics`; `plugin/pkg/admission/imagepolicy` asks a service
    Row {
        sign: "admission-slow",
        phrases: &[
            &["failed to complete validation in"],
            &["failed to complete mutation in"],
            &["is forbidden: post *: "],
            &["is forbidden: get *: "],
            &["not yet ready to handle request"],
        ],
        details: &[Detail::Between("admission plugin \"", "\"")],
        cause: "an admission plugin of the API server got no answer in time",
        named: "the API server's admission plugin {} got no answer in time",
        next_step: "bring back the service that the plugin asks, or check the API server's load, then deploy again",
        ..PLATFORM
    },
    // the token controller, before Kubernetes 1.24
    Row {
        sign: "service-account-token",
        phrases: &[&["no api token found for service account"]],
        cause: "the service account has no token yet",
        next_step: "deploy again in a moment. If it stays so, check kube-controller-manager",
        ..PLATFORM
    },
    // Kubernetes `plugin/pkg/admission/serviceaccount/admission.go`
    Row {
        sign: "service-account-missing",
        phrases: &[&["serviceaccount * not found"]],
        details: &[Detail::Between("serviceaccount \"", "\"")],
        cause: "the service account of the pods does not exist",
        named: "the service account {} does not exist in this namespace",
        next_step: "create the ServiceAccount, or correct `serviceAccountName`",
        ..WRONG
    },
    // Kubernetes `plugin/pkg/admission/priority/admission.go`
    Row {
        sign: "priority-class-missing",
        phrases: &[&["no priorityclass with name"]],
        details: &[Detail::After("no priorityclass with name ")],
        cause: "the PriorityClass of the pods does not exist",
        named: "the PriorityClass {} does not exist",
        next_step: "create the PriorityClass, or correct `priorityClassName`",
        ..WRONG
    },
    // Kubernetes `plugin/pkg/admission/runtimeclass/admission.go`
    Row {
        sign: "runtime-class-missing",
        phrases: &[&["runtimeclass * not found"], &["runtimeclasses.node.k8s.io * not found"]],
        details: &[
            Detail::Between("runtimeclass \"", "\""),
            Detail::Between("runtimeclasses.node.k8s.io \"", "\""),
        ],
        cause: "the RuntimeClass of the pods does not exist",
        named: "the RuntimeClass {} does not exist",
        next_step: "create the RuntimeClass, or correct `runtimeClassName`",
        ..WRONG
    },
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go`
    Row {
        sign: "namespace-terminating",
        phrases: &[&["because it is being terminated"], &["namespaces * not found"]],
        cause: "the namespace is being deleted, or gone",
        next_step: "wait until the namespace is gone, create it again, and deploy again",
        ..WRONG
    },
    // etcd's and the API server's limits of an object's size
    Row {
        sign: "object-too-large",
        phrases: &[
            &["request is too large"],
            &["request entity too large"],
            &["too long: must have at most"],
        ],
        cause: "the pod is larger than the API server accepts",
        next_step: "move large annotations, environment variables and inline files out of the pod template",
        ..WRONG
    },
    Row {
        sign: "etcd-full",
        phrases: &[&["database space exceeded"]],
        cause: "the cluster's etcd is full",
        next_step: "compact and defragment etcd or raise its quota, and clear its alarm (`etcdctl alarm disarm`)",
        ..PLATFORM
    },
    // the controller itself has lost its rights
    Row {
        sign: "controller-rights",
        phrases: &[
            &["is forbidden: user *", "cannot create resource"],
            &["failedcreate: unauthorized"],
        ],
        details: &[Detail::Between("user \"", "\"")],
        cause: "the controller has no right to create pods",
        named: "{} has no right to create pods",
        next_step: "restore the cluster's own ClusterRoles and bindings (`system:controller:…`)",
        ..PLATFORM
    },
    API_SERVER,
];

pub(super) const GENERAL: &[Row] = &[
    // Kubernetes `pkg/apis/core/validation`
    Row {
        sign: "pod-invalid",
        phrases: &[&["pod *", "is invalid: "]],
        details: &[Detail::Rest("is invalid: ")],
        cause: "the pod template makes no valid pod",
        named: "the pod template makes no valid pod: {}",
        next_step: "correct the field that the message names",
        ..WRONG
    },
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/errors.go`
    Row {
        sign: "admission-refused",
        phrases: &[&["is forbidden: "]],
        details: &[Detail::Rest("is forbidden: ")],
        cause: "admission refuses the pods",
        named: "admission refuses the pods: {}",
        next_step: "change the pod template, or the rule that the message names",
        ..WRONG
    },
    Row {
        sign: "api-server-error",
        phrases: &[&["internal error occurred: "]],
        details: &[Detail::Rest("internal error occurred: ")],
        cause: "the API server failed to create the pods",
        named: "the API server failed to create the pods: {}",
        attribution: Attribution::Platform,
        next_step: "see the API server's log, and the health of what it asks (webhooks, etcd)",
        ..PLATFORM
    },
];

/// apimachinery `pkg/api/errors`, etcd's `rpctypes`, Go `net`.
const API_SERVER: Row = Row {
    sign: "api-server-down",
    phrases: &[
        &["etcdserver: "],
        &["request did not complete within"],
        &["unable to return a response in the time allotted"],
        &["currently unable to handle the request"],
        &["too many requests"],
        &["has received too many requests"],
        &["rate limiter"],
        &["apiserver not ready"],
        &["apiserver is shutting down"],
        &["has prevented the request from succeeding"],
        &["object has been modified"],
        &["operation cannot be fulfilled"],
        &["please try again"],
        &["code = unavailable"],
        &["leader changed"],
        &["no leader"],
        &["context deadline exceeded"],
        &["context canceled"],
        &["connection refused"],
        &["connection reset"],
        &["tls handshake timeout"],
        &["i/o timeout"],
        &["unexpected eof"],
        &["stream error: "],
        &["http2: "],
        &["timed out"],
        &["timeout: "],
    ],
    cause: "the API server, or its etcd, did not answer in time",
    next_step: "check the health and load of the API server and etcd, then deploy again",
    ..PLATFORM
};
