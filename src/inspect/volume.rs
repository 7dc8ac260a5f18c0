//! The volumes of a pod, where they are mounted, and the token of its service account.

use serde_json::Value;

use super::{
    change::describe_volume,
    items,
    object::{Objects, of_pod},
};
use crate::{
    clean,
    evidence::{MountDetails, ObjectKind, SOURCE_SHOWN, TokenMount, Use, VolumeDetails, shown},
    text::{Clean, Redactor, Untrusted},
};

/// Where the token of a service account is mounted for clients to find
/// (Kubernetes 1.36 `plugin/pkg/admission/serviceaccount/admission.go`, `DefaultAPITokenMountPath`).
const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Reads the volumes of a pod; one that holds nothing but the service account's token is told apart.
pub(super) fn volumes(
    spec: &Value,
    objects: &mut Objects,
    redactor: &Redactor,
) -> (Vec<VolumeDetails>, TokenMount) {
    let mounts: Vec<_> = containers(spec).flat_map(mounts_of).collect();
    let mut token = TokenMount::Absent;
    let mut volumes = Vec::new();
    for volume in items(&spec["volumes"]) {
        let Some(raw_name) = volume["name"].as_str() else { continue };
        let of_volume = mounts.iter().filter(|(volume, _)| *volume == raw_name);
        let mounts: Vec<_> = of_volume.map(|(_, mount)| mount.clone()).collect();
        let is_for_clients = mounts.iter().any(|mount| &*mount.path == TOKEN_PATH);
        if let Some(expiration_seconds) = token_of(volume).filter(|_| is_for_clients) {
            token = TokenMount::Mounted { expiration_seconds };
            continue;
        }
        let name = Untrusted::from(raw_name).to_clean_line(63);
        refer(volume, &name, objects);
        let source = describe_volume(volume).unwrap_or_default();
        volumes.push(VolumeDetails {
            name,
            source: shown(&source, redactor, SOURCE_SHOWN),
            mounts,
        });
    }
    (volumes, token)
}

/// The containers of a pod, init containers first.
pub(super) fn containers(spec: &Value) -> impl Iterator<Item = &Value> {
    items(&spec["initContainers"]).iter().chain(items(&spec["containers"]))
}

fn mounts_of(container: &Value) -> impl Iterator<Item = (&str, MountDetails)> {
    let name = container["name"].as_str().unwrap_or_default();
    items(&container["volumeMounts"]).iter().filter_map(move |mount| {
        let details = MountDetails {
            container: Untrusted::from(name).to_clean_line(63),
            path: Untrusted::from(mount["mountPath"].as_str()?).to_clean_line(200),
            read_only: mount["readOnly"].as_bool().unwrap_or(false),
        };
        Some((mount["name"].as_str()?, details))
    })
}

/// The validity of the token that a volume projects; the outer option tells whether there is one.
fn token_of(volume: &Value) -> Option<Option<i64>> {
    let sources = items(&volume["projected"]["sources"]).iter();
    let mut tokens = sources.map(|source| &source["serviceAccountToken"]).filter(|t| !t.is_null());
    tokens.next().map(|token| token["expirationSeconds"].as_i64())
}

fn refer(volume: &Value, name: &Clean, objects: &mut Objects) {
    let of = |keys| Use { keys, ..of_pod(clean!("volume {}", name)) };
    let projected = items(&volume["projected"]["sources"]).iter();
    for source in std::iter::once(volume).chain(projected) {
        let map = &source["configMap"];
        objects.refer(ObjectKind::ConfigMap, map, &map["name"], of(keys(map)));
        // a projected Secret has its name in another field than a volume's
        let secret = &source["secret"];
        for field in ["secretName", "name"] {
            objects.refer(ObjectKind::Secret, secret, &secret[field], of(keys(secret)));
        }
    }
    let claim = &volume["persistentVolumeClaim"];
    objects.refer(ObjectKind::PersistentVolumeClaim, claim, &claim["claimName"], of(Vec::new()));
}

fn keys(source: &Value) -> Vec<Clean> {
    let keys = items(&source["items"]).iter().filter_map(|item| item["key"].as_str());
    keys.map(|key| Untrusted::from(key).to_clean_line(253)).collect()
}
