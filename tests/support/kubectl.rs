//! The cluster as kubectl shows it, in a namespace that goes when the test ends.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Which cluster, and the program that speaks to it.
#[derive(Clone, Debug)]
pub(crate) struct Kubectl {
    program: PathBuf,
    pub(crate) kubeconfig: OsString,
}

impl Kubectl {
    /// The cluster of `KUBECONFIG`, or what to do when it is not set. The project's own cluster has its
    /// kubectl beside the kubeconfig.
    pub(crate) fn from_environment() -> Result<Self, String> {
        let kubeconfig = environment("KUBECONFIG").filter(|value| !value.is_empty()).ok_or(
            "KUBECONFIG is not set, and these tests need a cluster: \
             export KUBECONFIG=$(tests/cluster/up), or see tests/cluster/README.md",
        )?;
        Self::of(kubeconfig)
    }

    /// The cluster of a kubeconfig.
    pub(crate) fn of(kubeconfig: OsString) -> Result<Self, String> {
        let mut kubectl = Self { program: PathBuf::new(), kubeconfig };
        kubectl.program = match environment("DEPLOYGATE_KUBECTL") {
            Some(program) => program.into(),
            None => kubectl.beside("kubectl"),
        };
        kubectl
            .run(["version"])
            .map_err(|error| format!("the cluster does not answer: {error}"))?;
        Ok(kubectl)
    }

    /// A program beside the kubeconfig, where the project's own cluster has it, else on the PATH.
    pub(crate) fn beside(&self, program: &str) -> PathBuf {
        let first = env::split_paths(&self.kubeconfig).next().unwrap_or_default();
        Some(first.with_file_name(program)).filter(|path| path.exists()).unwrap_or(program.into())
    }

    /// What kubectl prints, or all it says when it fails.
    pub(crate) fn run<S: AsRef<str>>(
        &self,
        args: impl IntoIterator<Item = S>,
    ) -> Result<String, String> {
        let args: Vec<String> = args.into_iter().map(|arg| arg.as_ref().to_owned()).collect();
        let output = self
            .command()
            .args(&args)
            .output()
            .map_err(|error| format!("{} cannot be run: {error}", self.program.display()))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let stderr = String::from_utf8_lossy(&output.stderr);
        Err(format!("kubectl {}: {}", args.join(" "), stderr.trim()))
    }

    /// kubectl in the folder of the scenarios, without arguments yet.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env("KUBECONFIG", &self.kubeconfig)
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cluster/scenarios"))
            .stdin(Stdio::null());
        command
    }
}

/// A namespace of a test's own; it is deleted when the value is dropped.
#[derive(Debug)]
pub(crate) struct Namespace {
    pub(crate) kubectl: Kubectl,
    pub(crate) name: String,
}

impl Namespace {
    /// Made under a name that no other run has, and ready for pods.
    pub(crate) fn create(kubectl: &Kubectl, scenario: &str) -> Result<Self, String> {
        Self::named(kubectl, format!("gate-{scenario}-{}", std::process::id()))
    }

    /// The same under this name.
    pub(crate) fn named(kubectl: &Kubectl, name: String) -> Result<Self, String> {
        kubectl.run(["create", "namespace", &name])?;
        let namespace = Self { kubectl: kubectl.clone(), name };
        namespace.run(["wait", "--for=create", "serviceaccount/default", "--timeout=30s"])?;
        Ok(namespace)
    }

    /// kubectl in this namespace.
    pub(crate) fn run<S: AsRef<str>>(
        &self,
        args: impl IntoIterator<Item = S>,
    ) -> Result<String, String> {
        let here = ["--namespace".to_owned(), self.name.clone()];
        let args = args.into_iter().map(|arg| arg.as_ref().to_owned());
        self.kubectl.run(here.into_iter().chain(args))
    }

    /// The objects of these resources, with the record of who wrote them.
    pub(crate) fn objects(&self, resources: &str) -> Result<Vec<Value>, String> {
        let list = self.run(["get", resources, "--show-managed-fields", "-o", "json"])?;
        let list: Value = serde_json::from_str(&list).map_err(|error| error.to_string())?;
        Ok(list["items"].as_array().cloned().unwrap_or_default())
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // What is left when this fails is one namespace; the verdict of the test stands.
        let _ = self.kubectl.run(["delete", "namespace", &self.name, "--wait=false"]);
    }
}

#[expect(clippy::disallowed_methods, reason = "which cluster to use can only be told from outside")]
pub(crate) fn environment(name: &str) -> Option<OsString> {
    env::var_os(name)
}
