//! Servers that programs name, as one name for each, and the target of the release that is behind it.

use super::{Case, Member};
use crate::{
    model::Kind,
    signs::{Subject, SubjectKind},
    text::Clean,
};

/// A server in a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Host<'a> {
    context: Option<&'a Clean>,
    /// A Service with its namespace, as `db.shop`; anything else as it is.
    name: String,
    /// `None` where no text names it.
    pub(super) port: Option<u16>,
}

/// The server that a program of this target means: the cluster's DNS completes a name with the pod's own namespace.
pub(super) fn of<'a>(subject: &Subject, case: &Case<'a>) -> Host<'a> {
    let name = in_cluster(&subject.name);
    let is_short = !name.contains('.') && !name.starts_with('[');
    let name = if is_short { format!("{name}.{}", case.namespace) } else { name.to_owned() };
    Host { context: case.context, name, port: subject.port }
}

/// A name without what all names of the cluster end with, whatever its domain is.
fn in_cluster(name: &str) -> &str {
    let end = name.find(".svc.").or_else(|| name.strip_suffix(".svc").map(str::len));
    end.map_or(name, |end| &name[..end])
}

impl Host<'_> {
    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.context == other.context && self.name == other.name
    }

    /// Whether it is the Service of a target, by the name that they share; `near` names the server from its namespace.
    ///
    /// `db.shop` is the Service `db` in the namespace `shop`, and `db-0.db.shop` a pod of its StatefulSet (Kubernetes DNS
    /// specification 1.1).
    fn is_of(&self, target: &Case<'_>, near: &Case<'_>) -> bool {
        let is_it = |service: &str, namespace: &str| {
            *service == **target.name && *namespace == **target.namespace
        };
        let parts: Vec<&str> = self.name.split('.').collect();
        let is_named = match parts[..] {
            [pod, service] if is_pod(pod, service) => {
                is_it(service, near.namespace) || is_it(pod, service)
            }
            [service, namespace] => is_it(service, namespace),
            [pod, service, namespace] => is_pod(pod, service) && is_it(service, namespace),
            _ => false,
        };
        is_named && self.context == target.context && target.kind.kind() != Kind::Job
    }
}

/// Whether it is a pod of the StatefulSet with the name of its Service.
fn is_pod(pod: &str, service: &str) -> bool {
    let ordinal = pod.strip_prefix(service).and_then(|rest| rest.strip_prefix('-'));
    ordinal.is_some_and(|ordinal| {
        !ordinal.is_empty() && ordinal.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The target that failed itself and that the others do not reach. Two that wait for each other explain nothing.
pub(super) fn origin(host: &Host<'_>, members: &[Member<'_>], cases: &[Case<'_>]) -> Option<usize> {
    let near = members.first()?.case;
    let needs_a_member = |case: &Case<'_>| {
        let hosts =
            case.telling().filter_map(|finding| finding.diagnosis.as_ref()?.subject.as_ref());
        let mut hosts = hosts.filter(|subject| subject.kind == SubjectKind::Host);
        hosts.any(|subject| {
            let host = of(subject, case);
            members.iter().any(|member| host.is_of(member.case, case))
        })
    };
    cases.iter().enumerate().find_map(|(place, case)| {
        let is_other = members.iter().all(|member| member.place != place);
        let has_failed = case.telling().next().is_some();
        (is_other && has_failed && host.is_of(case, near) && !needs_a_member(case)).then_some(place)
    })
}
