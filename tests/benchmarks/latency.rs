//! How soon after the proof of a failure the gate has ended, with its reports on disk.
//!
//! The proof is the first status of a new pod that shows it, or that of the Job, as a watch of this process gets it.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::{ContainerState, Pod};
use kube::Api;
use kube::core::{WatchEvent, params::WatchParams};
use serde::de::DeserializeOwned;

use super::kubectl::{Kubectl, Namespace};
use super::program;
use super::scenario::{self, Scenario};
use super::table::{Table, now, spread};

const SCENARIOS: [&str; 7] = [
    "crashloop",
    "image-name-invalid",
    "command-missing",
    "late-crash",
    "statefulset",
    "daemonset",
    "job",
];
const RUNS: usize = 8;
/// Between the base and the scenario, so that what the base did has settled.
const PAUSE: Duration = Duration::from_secs(3);

pub(crate) fn measure(table: &mut Table) -> Result<(), String> {
    let kubectl = Kubectl::from_environment()?;
    let scenarios = scenario::all()?;
    for name in SCENARIOS {
        let scenario = super::named(&scenarios, name)?;
        let mut times = (0..RUNS)
            .map(|run| {
                let time = time(scenario, &kubectl, run)?;
                super::tell(&format!("  {name} {run}: {:.1} ms", time.as_secs_f64() * 1000.0));
                Ok(time)
            })
            .collect::<Result<Vec<_>, String>>()?;
        table.add(format!("{name}: from proof to exit (200 ms or less)"), spread(&mut times));
    }
    Ok(())
}

fn time(scenario: &Scenario, kubectl: &Kubectl, run: usize) -> Result<Duration, String> {
    let namespace = Namespace::create(kubectl, &format!("{}-{run}", scenario.name))?;
    for base in &scenario.base {
        namespace.run(["apply", "-f", &base.to_string_lossy()])?;
        namespace.run(["rollout", "status", &scenario.target(), "--timeout=120s"])?;
    }
    thread::sleep(PAUSE);
    let old = namespace.run(["get", "pods", "-o", "jsonpath={.items[*].metadata.uid}"])?;
    let old: BTreeSet<String> = old.split_whitespace().map(str::to_owned).collect();
    let proofs = match scenario.kind.as_str() {
        "Job" => observe(&namespace.name, |job: &Job| has_failed_for_good(job)),
        _ => observe(&namespace.name, move |pod: &Pod| {
            let is_old = pod.metadata.uid.as_ref().is_some_and(|uid| old.contains(uid));
            !is_old && proves(pod)
        }),
    };

    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let kubeconfig = Path::new(&kubectl.kubeconfig);
    let mut command = program::wait_for(folder.path(), kubeconfig, [scenario.target()]);
    command.args(["--namespace", &namespace.name, "--window", "30s"]);
    namespace.run(["apply", "-f", &scenario.path.to_string_lossy()])?;
    let run = program::run(command)?;
    let ended = now();
    if run.exit_code != Some(1) {
        return Err(format!("{}: {:?}\n{}", scenario.name, run.exit_code, run.stderr));
    }
    let proof = proofs.recv_timeout(Duration::from_secs(5)).map_err(|error| error.to_string())?;
    for report in ["junit.xml", "report.md", "report.json"] {
        let text = std::fs::read_to_string(folder.path().join(report)).unwrap_or_default();
        if let Some(missing) = scenario.shows.iter().find(|text_shown| !text.contains(*text_shown))
        {
            return Err(format!("{}: {report} does not show {missing}\n{text}", scenario.name));
        }
    }
    Ok(ended.saturating_duration_since(proof))
}

/// Watches objects of a namespace and tells when the first of them is a proof.
fn observe<K>(
    namespace: &str,
    is_proof: impl Fn(&K) -> bool + Send + 'static,
) -> mpsc::Receiver<Instant>
where
    K: kube::Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    K: Clone + Debug + DeserializeOwned + 'static,
{
    let (sender, receiver) = mpsc::channel();
    let namespace = namespace.to_owned();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(async {
            let client = kube::Client::try_default().await.unwrap();
            let objects: Api<K> = Api::namespaced(client, &namespace);
            let watch = objects.watch(&WatchParams::default(), "0").await.unwrap();
            let mut watch = std::pin::pin!(watch);
            while let Some(Ok(event)) = watch.next().await {
                let (WatchEvent::Added(one) | WatchEvent::Modified(one)) = event else { continue };
                if is_proof(&one) {
                    let _ = sender.send(now());
                    return;
                }
            }
        });
    });
    receiver
}

/// Whether a Job is not tried again.
fn has_failed_for_good(job: &Job) -> bool {
    let conditions = job.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let is_final = |kind: &str| matches!(kind, "Failed" | "FailureTarget");
    conditions.into_iter().any(|one| is_final(&one.type_) && one.status == "True")
}

/// Whether the status says by itself that the new revision is bad.
fn proves(pod: &Pod) -> bool {
    let has_failed = |state: &Option<ContainerState>| {
        let ended = state.as_ref().and_then(|state| state.terminated.as_ref());
        ended.is_some_and(|ended| ended.exit_code != 0)
    };
    let statuses = pod.status.iter().flat_map(|status| status.container_statuses.iter().flatten());
    statuses.into_iter().any(|status| {
        let waiting = status.state.as_ref().and_then(|state| state.waiting.as_ref());
        let reason = waiting.and_then(|waiting| waiting.reason.as_deref());
        let cannot_start =
            matches!(reason, Some("InvalidImageName" | "RunContainerError" | "StartError"));
        cannot_start || has_failed(&status.state) || has_failed(&status.last_state)
    })
}
