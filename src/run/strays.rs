//! Pods in a restart loop that no workload owns, for whoever asks for everything that is there.

use futures_util::future::join_all;

use crate::{
    clean,
    cluster::{Cluster, Strays},
    evidence::{EvidenceRequest, LogRequest, LogRun},
    gate::{Loop, Policy, restart_loop},
    model::{Namespace, Pod, ServerTime},
    observation::Observation,
    phrases::present,
    text::{Clean, Redactor, Untrusted},
};

/// Pods that are told one by one.
const TOLD: usize = 20;

/// What is to be said of such pods of a namespace, or of all.
pub async fn strays(
    cluster: &Cluster,
    namespace: Option<&Namespace>,
    policy: &Policy,
    redactor: &Redactor,
) -> Vec<Clean> {
    if cluster.establish().await.is_err() {
        return Vec::new(); // the targets' own verdicts say so
    }
    let choose = |pod: &Pod, now| restart_loop(pod, now, policy);
    let found = match cluster.strays(namespace, choose).await {
        Ok(found) => found,
        Err(mut failure) => {
            failure.message.redact(redactor);
            return vec![present::strays_unread(&failure.message.to_clean_line(200))];
        }
    };
    let Some(Strays { pods, now }) = found else { return Vec::new() };
    let more = pods.len().saturating_sub(TOLD);
    let each = pods.iter().take(TOLD);
    let mut told =
        join_all(each.map(|(of, pod, found)| tell(cluster, of, pod, found, now, redactor))).await;
    told.extend((more > 0).then(|| present::more_strays(more)));
    told
}

async fn tell(
    cluster: &Cluster,
    namespace: &Namespace,
    pod: &Pod,
    found: &Loop,
    now: ServerTime,
    redactor: &Redactor,
) -> Clean {
    let request = EvidenceRequest::Log(LogRequest {
        pod: pod.metadata.name.clone(),
        pod_uid: pod.metadata.uid.clone(),
        container: found.container.clone(),
        run: if found.is_running { LogRun::Previous } else { LogRun::Current },
        container_id: found.last.container_id.clone(),
        lines: 1,
    });
    let line = match cluster.fetch(namespace, &request, redactor).await {
        Observation::Log { result: Ok(log), .. } => log.excerpt.last_line().cloned(),
        _ => None,
    };
    let mut message = Untrusted::from(&*found.message);
    message.redact(redactor);
    let name = Untrusted::from(&*pod.metadata.name).to_clean_line(253);
    let pod = clean!("pod {} in namespace {}", name, namespace);
    let container = Untrusted::from(&*found.container).to_clean_line(63);
    let ended = found.last.finished_at.map(|finished| now.since(finished));
    present::stray(&pod, &container, &message.to_clean_line(300), ended, line.as_ref())
}
