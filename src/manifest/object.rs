//! Objects: which are targets, and why others are not.

use super::{
    NotJudged,
    error::{Failure, Problem},
    sources::Part,
    template::Template,
    yaml::Node,
};
use crate::{
    model::{Kind, NameError, Namespace, ObjectName},
    text::Untrusted,
};

/// Lists in lists.
const LISTS_MAX: u32 = 16;

/// An object as it stands in a document.
#[derive(Debug)]
pub(super) enum Object {
    Workload(Box<Workload>),
    Other(super::Other),
}

/// A workload before it is known whether another object runs its pods.
#[derive(Debug)]
pub(super) struct Workload {
    pub(super) kind: Kind,
    pub(super) namespace: Option<Namespace>,
    pub(super) name: ObjectName,
    pub(super) replicas: Option<u64>,
    pub(super) is_paused: bool,
    pub(super) template: Template,
    /// The Deployment whose template a Rollout runs.
    pub(super) workload_ref: Option<Box<str>>,
}

/// Hands over the object of a document, or the objects of a list, in their order.
pub(super) fn read(
    document: Node<'_>,
    each: &mut impl FnMut(Object) -> Result<(), Failure>,
) -> Result<(), Failure> {
    read_within(document, None, 0, each)
}

/// `list`: kind and API version that the list gives its items where they have none, as `DeploymentList` does.
fn read_within(
    node: Node<'_>,
    list: Option<(&str, &str)>,
    depth: u32,
    each: &mut impl FnMut(Object) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let line = Some(node.line());
    if !node.is_map() {
        return Err((line, Problem::NoObject));
    }
    let own = (node.name("kind", "kind")?, node.name("apiVersion", "apiVersion")?);
    let (kind, version) = match (own, list) {
        ((Some(kind), Some(version)), _) => (kind, version),
        (_, Some(given)) => given,
        // a kustomization needs no kind
        ((None, _), _) if node.get("resources").is_some_and(Node::is_list) => {
            return Err((line, Problem::Kustomization));
        }
        ((None, _), _) => return Err((line, Problem::Missing("kind"))),
        ((Some(_), None), _) => return Err((line, Problem::Missing("apiVersion"))),
    };
    let Some(items) = node.get("items").filter(|items| items.is_list()) else {
        // an empty list
        if kind == "List" {
            return Ok(());
        }
        return each(of(node, kind, version)?);
    };
    if depth == LISTS_MAX {
        let what = "lists in lists";
        return Err((line, Problem::TooLarge { what, most: LISTS_MAX as usize }));
    }
    let given = kind.strip_suffix("List").filter(|kind| !kind.is_empty());
    let given = given.map(|kind| (kind, version));
    items.items().try_for_each(|item| read_within(item, given, depth + 1, each))
}

fn of(node: Node<'_>, kind: &str, version: &str) -> Result<Object, Failure> {
    let group = version.split_once('/').map_or("", |(group, _)| group);
    if kind == "Kustomization" && group == "kustomize.config.k8s.io" {
        return Err((Some(node.line()), Problem::Kustomization));
    }
    let Some(metadata) = node.get("metadata").filter(|metadata| metadata.is_map()) else {
        return Err((Some(node.line()), Problem::Missing("metadata.name")));
    };
    let name = metadata.name("name", "metadata.name")?;
    let generated = metadata.name("generateName", "metadata.generateName")?;
    let Some(shown) = name.or(generated) else {
        return Err((Some(metadata.line()), Problem::Missing("metadata.name")));
    };
    let namespace = metadata.name("namespace", "metadata.namespace")?;
    let namespace = namespace.filter(|namespace| !namespace.is_empty());
    let at = |key| metadata.get(key).map(Node::line);
    let invalid = |field, key, error: NameError| {
        let expected = Untrusted::from(error.to_string()).to_clean_line(200);
        (at(key), Problem::Invalid { field, expected })
    };
    let namespace = namespace.map(Namespace::try_from).transpose();
    let namespace = namespace.map_err(|error| invalid("namespace", "namespace", error))?;
    let why = match (judged(kind, group), name) {
        (Err(why), _) => why,
        (Ok(_), None) => NotJudged::GeneratedName,
        (Ok(_), Some(_)) if is_hook(metadata) => NotJudged::Hook,
        (Ok(kind), Some(name)) => {
            let name = name.try_into().map_err(|error| invalid("name", "name", error))?;
            return Ok(Object::Workload(Box::new(workload(node, kind, namespace, name)?)));
        }
    };
    let shown_as = |text: &str| Untrusted::from(text).to_clean_line(253);
    let (kind, group, name) = (shown_as(kind), shown_as(group), shown_as(shown));
    Ok(Object::Other(super::Other { kind, group, namespace, name, why }))
}

fn workload(
    node: Node<'_>,
    kind: Kind,
    namespace: Option<Namespace>,
    name: ObjectName,
) -> Result<Workload, Failure> {
    let spec = node.get("spec");
    let field = |key| spec.and_then(|spec| spec.get(key));
    let pods = field("template").and_then(|template| template.get("spec"));
    let mut template = pods.map(Template::read).transpose()?.unwrap_or_default();
    template.parts.insert(0, (Part::Object, node.line()));
    let reference = field("workloadRef").filter(|_| kind == Kind::Rollout);
    let reference =
        reference.filter(|of| of.get("kind").and_then(Node::text) == Some("Deployment"));
    let workload_ref = reference.map(|of| of.name("name", "workloadRef.name")).transpose()?;
    let paused = if kind == Kind::Job { "suspend" } else { "paused" };
    Ok(Workload {
        kind,
        namespace,
        name,
        replicas: field("replicas").and_then(Node::number),
        is_paused: field(paused).is_some_and(Node::is_true),
        template,
        workload_ref: workload_ref.flatten().map(Into::into),
    })
}

/// The kind of a workload; or why the object is none.
fn judged(kind: &str, group: &str) -> Result<Kind, NotJudged> {
    let of_group = |of: &&Kind| of.api_name() == kind && of.resource().0 == group;
    if let Some(kind) = Kind::ALL.iter().find(of_group) {
        return Ok(*kind);
    }
    match (kind, group) {
        ("Pod" | "ReplicationController", "") | ("ReplicaSet", "apps") | ("CronJob", "batch") => {
            Err(NotJudged::NoRollout)
        }
        _ if is_own(group) => Err(NotJudged::NoWorkload),
        _ => Err(NotJudged::CustomResource),
    }
}

/// Whether a group is one of Kubernetes' own: those of one word, and those of 1.36 `k8s.io/api`. Others in `k8s.io` are of
/// custom resources too, e.g. `gateway.networking.k8s.io`.
fn is_own(group: &str) -> bool {
    const OWN: [&str; 18] = [
        "admissionregistration",
        "apiextensions",
        "apiregistration",
        "apiserverinternal",
        "authentication",
        "authorization",
        "certificates",
        "coordination",
        "discovery",
        "events",
        "flowcontrol.apiserver",
        "internal.apiserver",
        "networking",
        "node",
        "rbac.authorization",
        "resource",
        "scheduling",
        "storage",
    ];
    let of_kubernetes = group.strip_suffix(".k8s.io");
    !group.contains('.') || of_kubernetes.is_some_and(|own| OWN.contains(&own))
}

/// Whether a tool runs the object before or after the release: Helm's `helm.sh/hook`, Argo CD's `argocd.argoproj.io/hook`.
fn is_hook(metadata: Node<'_>) -> bool {
    let annotations = metadata.get("annotations");
    let has = |key| annotations.is_some_and(|annotations| annotations.get(key).is_some());
    has("helm.sh/hook") || has("argocd.argoproj.io/hook")
}
