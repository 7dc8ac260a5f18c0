//! The custom resource of the scenarios: it has no controller, so scenarios write its status and give objects to it.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::kubectl::{Kubectl, Namespace};

/// Defines the resource, unless it is.
pub(crate) fn define(kubectl: &Kubectl) -> Result<(), String> {
    kubectl.run(["apply", "-f", "../widgets.yaml"])?;
    let definition = "customresourcedefinitions/widgets.deploygate.test";
    kubectl.run(["wait", "--for=condition=Established", definition, "--timeout=30s"])?;
    for _ in 0..60 {
        // it is served a moment after it is called established
        if kubectl.run(["get", "widgets.deploygate.test", "--all-namespaces"]).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    Err("the API server does not serve widgets.deploygate.test".to_owned())
}

/// Makes the workload `app` of this kind the owner of the objects of a manifest.
pub(crate) fn give(namespace: &Namespace, kind: &str, manifest: &Path) -> Result<(), String> {
    let object = |args: &[&str]| -> Result<Value, String> {
        let json = namespace.run(args.iter().chain(&["-o", "json"]))?;
        serde_json::from_str(&json).map_err(|error| error.to_string())
    };
    let owner = object(&["get", kind, "app"])?;
    let reference = json!([{
        "apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": "app",
        "uid": owner["metadata"]["uid"], "controller": true,
    }]);
    let patch = json!({"metadata": {"ownerReferences": reference}}).to_string();
    namespace.run(["patch", "-f", &manifest.to_string_lossy(), "--type=merge", "-p", &patch])?;
    Ok(())
}
