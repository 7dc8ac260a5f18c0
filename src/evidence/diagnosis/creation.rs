//! Why the controller may not create pods: texts of quota and admission.

use super::{
    detail::Detail,
    row::{KUBERNETES, Row},
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
        attribution: Attribution::Configuration,
        next_step: "raise the ResourceQuota, or free some of it: fewer replicas, smaller requests, old pods gone (`maxSurge: 0`)",
        ..KUBERNETES
    },
    // the same file: a quota on limits needs limits
    Row {
        sign: "quota-needs-resources",
        phrases: &[&["failed quota: ", "must specify"]],
        details: &[Detail::Between("must specify ", ";")],
        cause: "the namespace's quota asks for requests or limits that the pods do not set",
        named: "the namespace's quota asks the pods to set {}",
        attribution: Attribution::Configuration,
        next_step: "set these `resources` in the pod template, or defaults in a LimitRange",
        ..KUBERNETES
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
        attribution: Attribution::Configuration,
        next_step: "set `resources` within the LimitRange, or change the LimitRange",
        ..KUBERNETES
    },
    // Kubernetes `staging/src/k8s.io/pod-security-admission/admission/admission.go`; tektoncd/operator#1223
    Row {
        sign: "pod-security",
        phrases: &[&["violates podsecurity "]],
        details: &[Detail::Rest("violates podsecurity ")],
        cause: "the namespace's Pod Security level refuses the pods",
        named: "the namespace's Pod Security level refuses the pods: {}",
        attribution: Attribution::Configuration,
        next_step: "set the `securityContext` fields that the message names, or relax the namespace's `pod-security.kubernetes.io/enforce`",
        ..KUBERNETES
    },
    // OpenShift `apiserver-library-go/pkg/securitycontextconstraints/sccadmission`
    Row {
        sign: "security-context-constraints",
        phrases: &[&["unable to validate against any security context constraint"]],
        cause: "no SecurityContextConstraints of OpenShift allow the pods",
        attribution: Attribution::Configuration,
        next_step: "drop what the message names from `securityContext` and volumes, or grant the service account an SCC",
        ..KUBERNETES
    },
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook`; kubebuilder#3052, kserve/kserve#580
    Row {
        sign: "webhook-unreachable",
        phrases: &[&["failed calling webhook"], &["failed to call webhook"]],
        details: &[Detail::Between("webhook \"", "\"")],
        cause: "an admission webhook can't be called",
        named: "the admission webhook {} can't be called",
        attribution: Attribution::Platform,
        next_step: "bring the webhook's pods and certificate back, or remove its configuration if it is no longer used",
        ..KUBERNETES
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
        attribution: Attribution::Configuration,
        next_step: "change the pod template as the webhook's message asks",
        ..KUBERNETES
    },
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating`
    Row {
        sign: "policy-denied",
        phrases: &[&["validatingadmissionpolicy", "denied request"]],
        details: &[Detail::Rest("denied request: ")],
        cause: "a ValidatingAdmissionPolicy refuses the pods",
        named: "a ValidatingAdmissionPolicy refuses the pods: {}",
        attribution: Attribution::Configuration,
        next_step: "change the pod template as the policy's message asks",
        ..KUBERNETES
    },
    // Kubernetes `plugin/pkg/admission/serviceaccount/admission.go`
    Row {
        sign: "service-account-missing",
        phrases: &[&["serviceaccount \"", "\" not found"], &["error looking up service account"]],
        details: &[Detail::Between("serviceaccount \"", "\"")],
        cause: "the service account of the pods does not exist",
        named: "the service account {} does not exist in this namespace",
        attribution: Attribution::Configuration,
        next_step: "create the ServiceAccount, or correct `serviceAccountName`",
        ..KUBERNETES
    },
    // Kubernetes `plugin/pkg/admission/priority/admission.go`
    Row {
        sign: "priority-class-missing",
        phrases: &[&["no priorityclass with name"]],
        details: &[Detail::After("no priorityclass with name ")],
        cause: "the PriorityClass of the pods does not exist",
        named: "the PriorityClass {} does not exist",
        attribution: Attribution::Configuration,
        next_step: "create the PriorityClass, or correct `priorityClassName`",
        ..KUBERNETES
    },
    // Kubernetes `plugin/pkg/admission/runtimeclass/admission.go`
    Row {
        sign: "runtime-class-missing",
        phrases: &[&["runtimeclass \"", "not found"]],
        details: &[Detail::Between("runtimeclass \"", "\"")],
        cause: "the RuntimeClass of the pods does not exist",
        named: "the RuntimeClass {} does not exist",
        attribution: Attribution::Configuration,
        next_step: "create the RuntimeClass, or correct `runtimeClassName`",
        ..KUBERNETES
    },
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go`
    Row {
        sign: "namespace-terminating",
        phrases: &[&["because it is being terminated"]],
        cause: "the namespace is being deleted",
        attribution: Attribution::Configuration,
        next_step: "wait until the namespace is gone, create it again, and roll out again",
        ..KUBERNETES
    },
];

pub(super) const GENERAL: &[Row] = &[
    // Kubernetes `pkg/apis/core/validation`
    Row {
        sign: "pod-invalid",
        phrases: &[&["pod \"", "is invalid: "]],
        details: &[Detail::Rest("is invalid: ")],
        cause: "the pod template makes no valid pod",
        named: "the pod template makes no valid pod: {}",
        attribution: Attribution::Configuration,
        next_step: "correct the field that the message names",
        ..KUBERNETES
    },
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/admission/errors.go`
    Row {
        sign: "admission-refused",
        phrases: &[&["is forbidden: "]],
        details: &[Detail::Rest("is forbidden: ")],
        cause: "admission refuses the pods",
        named: "admission refuses the pods: {}",
        attribution: Attribution::Configuration,
        next_step: "change the pod template, or the rule that the message names",
        ..KUBERNETES
    },
];
