//! Brings the workloads of a scenario into the cluster, as their owner would.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::gate::write;
use super::kubectl::Namespace;
use super::scenario::Scenario;

/// Applies a manifest of a scenario, or installs it as a chart.
pub(crate) fn apply(scenario: &Scenario, namespace: &Namespace, path: &Path) -> Result<(), String> {
    if !scenario.is_release() {
        return namespace.run(["apply", "-f", &path.to_string_lossy()]).map(drop);
    }
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let manifest = scenario.release.manifest(path, &namespace.name)?;
    if let Some(release) = &scenario.release.helm {
        return install(release, &manifest, namespace, folder.path());
    }
    let file = folder.path().join("release.yaml");
    write(&file, &manifest)?;
    let apply = ["apply", "-f", &file.to_string_lossy()];
    // objects in two namespaces name them
    match scenario.has_other() {
        true => namespace.kubectl.run(apply).map(drop),
        false => namespace.run(apply).map(drop),
    }
}

/// `helm upgrade --install` of a chart that is this manifest.
fn install(
    release: &str,
    manifest: &str,
    namespace: &Namespace,
    folder: &Path,
) -> Result<(), String> {
    let templates = folder.join("templates");
    std::fs::create_dir(&templates).map_err(|error| error.to_string())?;
    write(&folder.join("Chart.yaml"), "apiVersion: v2\nname: shop\nversion: 1.0.0\n")?;
    write(&templates.join("release.yaml"), manifest)?;
    let output = Command::new(namespace.kubectl.beside("helm"))
        .args(["upgrade", "--install", release])
        .arg(folder)
        .args(["--namespace", &namespace.name])
        .env("KUBECONFIG", &namespace.kubectl.kubeconfig)
        .output()
        .map_err(|error| {
            format!("helm cannot be run: {error}; DEPLOYGATE_CLUSTER_HELM=yes tests/cluster/up builds it")
        })?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("helm: {}", String::from_utf8_lossy(&output.stderr))),
    }
}

/// Waits until what was applied is complete.
pub(crate) fn wait_until_complete(
    scenario: &Scenario,
    namespace: &Namespace,
) -> Result<(), String> {
    if scenario.is_release() {
        let kinds = "deployments,statefulsets,daemonsets";
        let names = namespace.run(["get", kinds, "-o", "name"])?;
        return names.lines().try_for_each(|name| complete(name, namespace));
    }
    match (&*scenario.kind, scenario.target()) {
        ("Widget", _) => Ok(()),
        ("Rollout", target) => healthy(&target, namespace),
        (_, target) => complete(&target, namespace),
    }
}

fn complete(target: &str, namespace: &Namespace) -> Result<(), String> {
    namespace.run(["rollout", "status", target, "--timeout=120s"]).map(drop)
}

/// kubectl does not know how to tell it of an Argo Rollout, whose controller has seen what was applied when it calls the
/// revision with that number healthy.
fn healthy(target: &str, namespace: &Namespace) -> Result<(), String> {
    let of_generation =
        "jsonpath={.metadata.generation} {.status.observedGeneration} {.status.phase}";
    let is_complete = |told: &str| {
        let words: Vec<_> = told.split(' ').collect();
        matches!(words[..], [wanted, seen, "Healthy"] if wanted == seen)
    };
    for _ in 0..240 {
        std::thread::sleep(Duration::from_millis(500));
        if is_complete(&namespace.run(["get", target, "-o", of_generation])?) {
            return Ok(());
        }
    }
    Err(format!("{target} did not become healthy"))
}
