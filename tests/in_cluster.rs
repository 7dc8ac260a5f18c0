//! The examples that run inside the cluster which they judge: the image, as the service account, with the Role.
//!
//! `KUBECONFIG` names the cluster, and `.ci/tools` has installed what builds the image:
//! `cargo test --test in_cluster -- --ignored`. A cluster that is not that of `tests/cluster/up` needs the image:
//! `kind load image-archive "$(tests/homes/image)"`.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "examples are copied as a user would")]

#[path = "support/kubectl.rs"]
mod kubectl;
#[path = "support/tools.rs"]
mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use deploygate::cluster;
use deploygate::exit::ExitCode;
use deploygate::model::{Kind, TargetRef};
use kubectl::{Kubectl, Namespace};
use serde_json::{Value, json};
use tempfile::TempDir;
use tools::tool;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// What `tests/homes/image` builds.
const IMAGE: &str = concat!("deploygate.test/deploygate:", env!("CARGO_PKG_VERSION"));
/// What stands in the examples for an image that is published.
const PLACEHOLDER: &str = "ghcr.io/OWNER/deploygate@sha256:DIGEST";

fn example(path: &str) -> String {
    let text = fs::read_to_string(Path::new(ROOT).join("examples").join(path)).unwrap();
    text.replace(PLACEHOLDER, IMAGE)
}

/// The documents of a YAML file.
fn documents(text: &str) -> Vec<Value> {
    let documents = text.split("\n---\n").filter(|document| !document.trim().is_empty());
    documents.map(|document| serde_saphyr::from_str(document).unwrap()).collect()
}

fn only(documents: &[Value], kind: &str) -> Value {
    let mut found = documents.iter().filter(|document| document["kind"] == kind);
    let one = found.next().unwrap_or_else(|| panic!("no {kind}")).clone();
    assert!(found.next().is_none(), "two of kind {kind}");
    one
}

fn said(output: &Output) -> String {
    let [stdout, stderr] = [&output.stdout, &output.stderr].map(|out| String::from_utf8_lossy(out));
    format!("{stdout}{stderr}")
}

/// A cluster whose nodes have the image that the examples are given here.
fn cluster() -> &'static Kubectl {
    static CLUSTER: OnceLock<Kubectl> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        let kubectl = Kubectl::from_environment().unwrap_or_else(|error| panic!("{error}"));
        let socket = Path::new(&kubectl.kubeconfig).with_file_name("containerd.sock");
        if socket.exists() {
            let built = Command::new(format!("{ROOT}/tests/homes/image")).arg(IMAGE).output();
            let built = built.unwrap();
            assert!(built.status.success(), "{}", said(&built));
            let archive = String::from_utf8(built.stdout).unwrap();
            let mut load = Command::new("ctr");
            load.arg("-a").arg(socket).args(["-n", "k8s.io", "images", "import", archive.trim()]);
            let loaded = load.output().unwrap();
            assert!(loaded.status.success(), "{}", said(&loaded));
        }
        kubectl
    })
}

/// A Deployment `app` of the test image.
fn app(args: &[&str]) -> Value {
    let labels = json!({"app": "app"});
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "app"}, "spec": {
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": {
            "terminationGracePeriodSeconds": 1,
            "containers": [{"name": "app", "image": "deploygate.test/workload:1", "args": args}],
        }},
    }})
}

const HEALTHY: &[&str] = &["serve"];
const CRASHES: &[&str] = &["crash", "--code", "3", "--log", "fatal: no such table"];

/// A namespace and a folder with files for it.
struct Home {
    namespace: Namespace,
    folder: TempDir,
}

impl Home {
    fn new(name: &str) -> Self {
        let namespace = Namespace::create(cluster(), name).unwrap();
        Self { namespace, folder: tempfile::tempdir().unwrap() }
    }

    /// Writes a file with the changes that a user makes in an example: the namespace, and here a short window.
    fn write(&self, path: &str, text: &str) -> PathBuf {
        let text = text.replace("shop", &self.namespace.name).replace("window=60s", "window=5s");
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn apply(&self, text: &str) {
        let path = self.write("applied.yaml", text);
        self.namespace.run(["apply", "-f", path.to_str().unwrap()]).unwrap();
    }

    /// A command with kubectl on its path and the cluster known.
    fn command(&self, program: impl AsRef<Path>) -> Command {
        let kubectl = Path::new(&cluster().kubeconfig).with_file_name("kubectl");
        let link = self.folder.path().join("kubectl");
        if kubectl.exists() && !link.exists() {
            std::os::unix::fs::symlink(kubectl, &link).unwrap();
        }
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new(program.as_ref());
        command.env("PATH", format!("{}:{path}", self.folder.path().display()));
        command.env("KUBECONFIG", &cluster().kubeconfig).current_dir(self.folder.path());
        command
    }
}

#[test]
#[ignore = "needs a cluster"]
fn a_job_judges_its_own_cluster() {
    let home = Home::new("job");
    home.write("kubernetes/job.yaml", &example("kubernetes/job.yaml"));
    home.write("kubernetes/gate.sh", &example("kubernetes/gate.sh"));
    home.write("rbac.yaml", &example("rbac.yaml"));
    for (args, code, shown) in
        [(HEALTHY, 0, "PASSED  deployment/app ("), (CRASHES, 1, "fatal: no such table")]
    {
        home.apply(&app(args).to_string());
        let output = home.command("bash").arg("kubernetes/gate.sh").output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        assert!(said(&output).contains(shown), "{}", said(&output));
    }
    let failed = ["wait", "job/deploygate", "--for=condition=Failed", "--timeout=60s"];
    home.namespace.run(failed).unwrap();
    let jobs = home.namespace.objects("jobs").unwrap();
    assert_eq!(jobs[0]["status"]["failed"], 1, "{jobs:?}");

    // what the Role grants is needed
    home.write("rbac.yaml", &app(CRASHES).to_string());
    home.namespace.run(["delete", "rolebinding/deploygate"]).unwrap();
    let output = home.command("bash").arg("kubernetes/gate.sh").output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("deploygate may not get deployments"), "{}", said(&output));
}

#[test]
#[ignore = "needs a cluster"]
fn argo_cds_hook_is_a_job_that_fails_with_the_gate() {
    let home = Home::new("argocd");
    home.apply(&app(CRASHES).to_string());
    home.apply(&example("rbac.yaml"));
    home.apply(&example("argocd/deploygate.yaml"));
    let failed = ["wait", "job/deploygate", "--for=condition=Failed", "--timeout=90s"];
    home.namespace.run(failed).unwrap();
    let log = home.namespace.run(["logs", "job/deploygate"]).unwrap();
    assert!(log.contains("FAILED  deployment/app ("), "{log}");

    let job = only(&documents(&example("argocd/deploygate.yaml")), "Job");
    let annotations = json!({
        "argocd.argoproj.io/hook": "PostSync",
        "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
    });
    assert_eq!(job["metadata"]["annotations"], annotations);
}

/// What the library chart's README tells to add to a chart.
const HOOK: &str = "{{ include \"deploygate.hook\" . }}\n";

/// The chart of an application with the library chart and its hook.
fn chart(home: &Home) {
    home.write("chart/Chart.yaml", "{apiVersion: v2, name: app, version: 0.1.0}");
    let app = app(HEALTHY).to_string().replace("[\"serve\"]", "{{ .Values.args | toJson }}");
    home.write("chart/templates/app.yaml", &app);
    home.write("chart/templates/deploygate.yaml", HOOK);
    for name in ["Chart.yaml", "templates/_hook.tpl"] {
        let text = example(&format!("helm/deploygate/{name}"));
        home.write(&format!("chart/charts/deploygate/{name}"), &text);
    }
}

#[test]
#[ignore = "needs a cluster"]
fn helm_waits_for_the_gate_and_fails_with_it() {
    let home = Home::new("helm");
    chart(&home);
    let upgrade = |args: &[&str]| {
        let mut helm = home.command(tool("go/helm"));
        helm.args(["upgrade", "--install", "app", "chart", "--timeout=3m"]);
        helm.args(["--set=deploygate.window=5s", "--namespace", &home.namespace.name]);
        helm.arg(format!("--set-json=args={}", json!(args))).output().unwrap()
    };
    let log = || home.namespace.run(["logs", "job/app-deploygate"]).unwrap();
    let output = upgrade(HEALTHY);
    assert!(output.status.success(), "{}", said(&output));
    assert!(log().contains("PASSED  deployment/app ("), "{}", log());
    let output = upgrade(CRASHES);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("post-upgrade hooks failed"), "{}", said(&output));
    assert!(log().contains("fatal: no such table"), "{}", log());
    assert!(said(&output).contains("FAILED  deployment/app ("), "{}", said(&output));
}

#[test]
#[ignore = "needs helm from .ci/tools"]
fn the_role_in_the_chart_is_the_one_that_access_prints() {
    let folder = tempfile::tempdir().unwrap();
    assert!(example("helm/deploygate/README.md").contains(HOOK));
    for (path, text) in [
        ("Chart.yaml", "{apiVersion: v2, name: x, version: 0.1.0}"),
        ("templates/deploygate.yaml", HOOK),
        ("charts/deploygate/Chart.yaml", &*example("helm/deploygate/Chart.yaml")),
        ("charts/deploygate/templates/_hook.tpl", &*example("helm/deploygate/templates/_hook.tpl")),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut helm = Command::new(tool("go/helm"));
    helm.args(["template", "web", ".", "--namespace=shop", "--set=deploygate.deployment=app"]);
    helm.arg("--set=deploygate.args={--max-restarts=1,--accept-pause}");
    let output = helm.current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let rendered = documents(&said(&output));
    let target = TargetRef {
        kind: Kind::Deployment.into(),
        namespace: "shop".parse().unwrap(),
        name: "app".parse().unwrap(),
    };
    let printed = documents(&cluster::Grant::of("shop", &[target]).role());
    assert_eq!(only(&rendered, "Role")["rules"], only(&printed, "Role")["rules"]);
    let job = only(&rendered, "Job");
    let container = &job["spec"]["template"]["spec"]["containers"][0];
    let args = container["args"].as_array().unwrap();
    assert_eq!(args[4..], ["--max-restarts=1", "--accept-pause", "--", "deploy/app"]);
    let account = &job["spec"]["template"]["spec"]["serviceAccountName"];
    assert_eq!(account, &only(&rendered, "ServiceAccount")["metadata"]["name"]);
}

/// The Task with what Tekton puts in place of its variables.
fn task(values: &[(&str, &str)]) -> Value {
    let mut text = example("tekton/task.yaml");
    for (name, value) in values {
        text = text.replace(&format!("$({name})"), value);
    }
    documents(&text).remove(0)
}

#[test]
#[ignore = "needs a cluster"]
fn the_gate_of_the_tekton_task_judges_and_writes_reports() {
    let home = Home::new("tekton");
    home.apply(&app(CRASHES).to_string());
    home.apply(&example("rbac.yaml"));
    let task = task(&[
        ("params.target", "deploy/app"),
        ("params.namespace", ""),
        ("params.timeout", "2m"),
        ("params.window", "5s"),
    ]);
    let mut step = task["spec"]["steps"][0].clone();
    // Tekton's entry point keeps the step's code for the next step
    step.as_object_mut().unwrap().remove("onError");
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "gate"}, "spec": {
        "restartPolicy": "Never",
        "serviceAccountName": "deploygate",
        "containers": [step],
        "volumes": task["spec"]["volumes"],
    }});
    home.apply("{apiVersion: v1, kind: ServiceAccount, metadata: {name: deploygate}}");
    home.apply(&pod.to_string());
    home.namespace
        .run(["wait", "pod/gate", "--for=jsonpath={.status.phase}=Failed", "--timeout=90s"])
        .unwrap();
    let log = home.namespace.run(["logs", "gate"]).unwrap();
    let code = "-o=jsonpath={.status.containerStatuses[0].state.terminated.exitCode}";
    // with reports that can't be written it would be 2
    assert_eq!(home.namespace.run(["get", "pod/gate", code]).unwrap(), "1", "{log}");
    assert!(log.contains("FAILED  deployment/app ("), "{log}");
}

#[test]
fn the_results_of_the_tekton_task_are_the_verdicts_words() {
    for (code, verdict) in [
        ("0", "passed"),
        ("1", "failed"),
        ("2", "wrong_usage"),
        ("3", "inconclusive"),
        ("4", "timed_out"),
        ("5", "superseded"),
        ("130", "interrupted"),
        ("143", "interrupted"),
        // not the gate's own: it was killed, or did not start
        ("137", "inconclusive"),
        ("", "inconclusive"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        fs::write(path("code"), code).unwrap();
        let task = task(&[
            ("workspaces.reports.bound", "false"),
            ("steps.step-gate.exitCode.path", &path("code")),
            ("results.exit-code.path", &path("exit-code")),
            ("results.verdict.path", &path("verdict")),
        ]);
        let script = task["spec"]["steps"][1]["script"].as_str().unwrap();
        let status = Command::new("sh").args(["-c", script]).status().unwrap();
        assert_eq!(fs::read_to_string(path("verdict")).unwrap(), verdict, "{code}");
        let ends = if ["137", ""].contains(&code) { "3" } else { code };
        assert_eq!(fs::read_to_string(path("exit-code")).unwrap(), ends);
        assert_eq!(status.code().unwrap().to_string(), ends);
        let number: u8 = ends.parse().unwrap();
        assert!(ExitCode::try_from(number).is_ok());
    }
}

#[test]
fn the_reports_of_the_tekton_task_go_to_a_workspace_if_there_is_one() {
    let workspaces = &task(&[])["spec"]["workspaces"];
    assert_eq!(
        (&workspaces[0]["name"], &workspaces[0]["optional"]),
        (&json!("reports"), &json!(true))
    );
    for (workspace, copied, said_so) in [("workspace", 2, false), ("missing", 0, true)] {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        for name in ["reports", "workspace"] {
            fs::create_dir(path(name)).unwrap();
        }
        for name in ["reports/deploygate.md", "reports/deploygate.json"] {
            fs::write(path(name), "x").unwrap();
        }
        fs::write(path("code"), "1").unwrap();
        let task = task(&[
            ("workspaces.reports.bound", "true"),
            ("workspaces.reports.path", &path(workspace)),
            ("steps.step-gate.exitCode.path", &path("code")),
            ("results.exit-code.path", &path("exit-code")),
            ("results.verdict.path", &path("verdict")),
        ]);
        let script = task["spec"]["steps"][1]["script"].as_str().unwrap();
        let script = script.replace("cp /reports/", &format!("cp {}/", path("reports")));
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "the verdict stays");
        assert_eq!(fs::read_dir(path("workspace")).unwrap().count(), copied);
        assert_eq!(said(&output).contains("could not be copied"), said_so);
        assert_eq!(fs::read_to_string(path("verdict")).unwrap(), "failed");
    }
}

#[test]
fn the_examples_name_one_image_each() {
    let mut found = 0;
    for path in [
        "kubernetes/job.yaml",
        "argocd/deploygate.yaml",
        "helm/deploygate/templates/_hook.tpl",
        "tekton/task.yaml",
    ] {
        let text = example(path);
        let images = text.matches(IMAGE).count();
        assert_eq!((images, text.matches("ghcr.io/").count()), (1, 0), "{path}");
        found += images;
    }
    assert_eq!(found, 4);
}
