//! What a failure hangs on outside of its pod, as far as a text names it: several targets may hang on the same.

use serde::{Deserialize, Serialize};

use crate::text::{Clean, Untrusted, words};

/// Characters of a name, as of a host or an object.
const NAME: usize = 253;

words! {
    /// A kind of thing that pods hang on.
    pub enum SubjectKind {
        /// A server that the program needs.
        Host = "host",
        /// The node that the pod is on.
        Node = "node",
        /// The image of a container.
        Image = "image",
        /// The server that has the image.
        Registry = "registry",
        /// A quota of the namespace.
        Quota = "quota" / "ResourceQuota",
        /// A webhook that the API server asks before it creates a pod.
        Webhook = "webhook" / "admission webhook",
        /// Settings.
        ConfigMap = "config-map" / "ConfigMap",
        /// Settings that nobody may see.
        Secret = "secret" / "Secret",
        /// Storage.
        Claim = "persistent-volume-claim" / "PersistentVolumeClaim",
        /// Who the pod is for the API server.
        ServiceAccount = "service-account" / "ServiceAccount",
        /// How storage is made.
        StorageClass = "storage-class" / "StorageClass",
        /// How urgent a pod is.
        PriorityClass = "priority-class" / "PriorityClass",
        /// How containers are run.
        RuntimeClass = "runtime-class" / "RuntimeClass",
    }
}

impl SubjectKind {
    /// Whether the same name in another namespace is another thing.
    pub const fn is_of_namespace(self) -> bool {
        match self {
            Self::Quota | Self::ConfigMap | Self::Secret | Self::Claim | Self::ServiceAccount => {
                true
            }
            Self::Host
            | Self::Node
            | Self::Image
            | Self::Registry
            | Self::Webhook
            | Self::StorageClass
            | Self::PriorityClass
            | Self::RuntimeClass => false,
        }
    }

    /// Whether it is an object of the API, so that a text that names it means that it is missing.
    pub const fn is_object(self) -> bool {
        match self {
            Self::ConfigMap
            | Self::Secret
            | Self::Claim
            | Self::ServiceAccount
            | Self::StorageClass
            | Self::PriorityClass
            | Self::RuntimeClass => true,
            Self::Host
            | Self::Node
            | Self::Image
            | Self::Registry
            | Self::Quota
            | Self::Webhook => false,
        }
    }
}

/// A thing outside of a pod that its failure hangs on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// What it is called; of a host in lower case.
    pub name: Clean,
    /// The port of a host; `None` where the text tells none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// The key of a ConfigMap or Secret; `None` where all of it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Clean>,
}

impl Subject {
    /// A thing with a name.
    pub fn new(kind: SubjectKind, name: &str) -> Self {
        let name = Untrusted::from(name).to_clean_line(NAME);
        Self { kind, name, port: None, key: None }
    }

    /// What a text names by this name; `None` where it is no name, or says nothing outside of the pod.
    pub(super) fn named(kind: SubjectKind, name: &str, text: &str) -> Option<Self> {
        match kind {
            SubjectKind::Host => host(name, text),
            SubjectKind::Quota => one_word(kind, name.split(',').next()?),
            SubjectKind::Secret | SubjectKind::ConfigMap => match name.split_once(" in ") {
                Some((key, of)) => key_of(key, of),
                None => one_word(kind, name),
            },
            // a text writes images and nodes in many ways: what the pod says of them is better
            SubjectKind::Node | SubjectKind::Image | SubjectKind::Registry => None,
            SubjectKind::Webhook
            | SubjectKind::Claim
            | SubjectKind::ServiceAccount
            | SubjectKind::StorageClass
            | SubjectKind::PriorityClass
            | SubjectKind::RuntimeClass => one_word(kind, name),
        }
    }
}

fn one_word(kind: SubjectKind, name: &str) -> Option<Subject> {
    let name = name.trim();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:/".contains(c);
    (!name.is_empty() && name.chars().all(is_plain)).then(|| Subject::new(kind, name))
}

/// `couldn't find key password in Secret shop/db` (Kubernetes `pkg/kubelet/kubelet_pods.go`).
fn key_of(key: &str, of: &str) -> Option<Subject> {
    let (kind, name) = of.split_once(' ')?;
    let kind = [SubjectKind::Secret, SubjectKind::ConfigMap]
        .into_iter()
        .find(|known| known.as_str() == kind)?;
    let name = name.rsplit_once('/').map_or(name, |(_, name)| name);
    let key = Untrusted::from(key.trim()).to_clean_line(NAME);
    Some(Subject { key: Some(key), ..one_word(kind, name)? })
}

/// A host with or without a port. The pod itself is nothing that others share.
fn host(name: &str, text: &str) -> Option<Subject> {
    let name = name.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    let (host, port) = match name.rsplit_once(':') {
        Some((host, port)) if is_port(port) => (host, port.parse().ok()),
        _ => (&*name, port_beside(text)),
    };
    let host = host.trim_end_matches('.');
    let is_v6 = host.starts_with('[') && host.ends_with(']');
    let is_name =
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    let is_own = host == "localhost"
        || host.starts_with("127.")
        || ["0.0.0.0", "[::1]", "[::]"].contains(&host);
    ((is_name || is_v6) && !is_own)
        .then(|| Subject { port, ..Subject::new(SubjectKind::Host, host) })
}

/// libpq writes the port apart: `connection to server at "db" (10.0.0.1), port 5432 failed`.
fn port_beside(text: &str) -> Option<u16> {
    let rest = text.split_once(", port ")?.1;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: SubjectKind, name: &str) -> Option<String> {
        Subject::named(kind, name, "").map(|of| {
            let port = of.port.map(|port| format!(":{port}")).unwrap_or_default();
            let key = of.key.map(|key| format!(" {key}")).unwrap_or_default();
            format!("{} {}{port}{key}", of.kind.id(), of.name)
        })
    }

    #[test]
    fn a_host_is_told_from_its_port_and_from_the_pod_itself() {
        let host = |name| of(SubjectKind::Host, name);
        assert_eq!(host("db:5432").as_deref(), Some("host db:5432"));
        assert_eq!(host("DB.shop.svc.").as_deref(), Some("host db.shop.svc"));
        assert_eq!(host("[fd00::5]:80").as_deref(), Some("host [fd00::5]:80"));
        for own in ["localhost:5432", "127.0.0.1:80", "[::1]:80", ":8080", "0.0.0.0:1", "a b"] {
            assert_eq!(host(own), None, "{own}");
        }
        let libpq = "connection to server at \"db\" (10.0.0.1), port 5432 failed";
        let found = Subject::named(SubjectKind::Host, "db", libpq).unwrap();
        assert_eq!(found.port, Some(5432));
    }

    #[test]
    fn a_key_names_the_object_that_lacks_it() {
        let found = of(SubjectKind::Secret, "password in ConfigMap shop/settings");
        assert_eq!(found.as_deref(), Some("config-map settings password"));
        assert_eq!(of(SubjectKind::Secret, "db").as_deref(), Some("secret db"));
        assert_eq!(of(SubjectKind::Secret, "a, b"), None);
        assert_eq!(
            of(SubjectKind::Quota, "pods, requested: pods=1").as_deref(),
            Some("quota pods")
        );
    }
}
