//! Pods in a restart loop, for whoever asks for everything that is there.

use std::{cmp::Reverse, collections::BTreeMap};

use futures_util::future::join_all;

use super::name_of;
use crate::{
    clean,
    cluster::{Cluster, Restarted},
    evidence::{EvidenceRequest, LogRequest, LogRun},
    fleet::{RestartLoop, Target},
    gate::{Loop, Policy, restart_loop},
    model::{Namespace, OwnerReference, Pod, ServerTime},
    observation::Observation,
    phrases::present,
    text::{Clean, Redactor, Untrusted},
};

/// Those of which the last line of the log is read.
const LOGS: usize = 20;

/// Pods of one owner, of which the same container is in a loop.
struct Group {
    namespace: Namespace,
    pods: Vec<Pod>,
    /// That of the first pod.
    found: Loop,
    /// A target will probably tell of them.
    is_judged: bool,
}

/// The pods in a restart loop of a namespace, or of all, those first of which no target tells, then the worst; or why they
/// are not known.
pub async fn restart_loops(
    cluster: &Cluster,
    namespace: Option<&Namespace>,
    policy: &Policy,
    targets: &[Target],
    redactor: &Redactor,
) -> Result<Vec<RestartLoop>, Clean> {
    if cluster.establish().await.is_err() {
        return Ok(Vec::new()); // the targets' own verdicts say so
    }
    let found = cluster.restarted(namespace).await.map_err(|mut failure| {
        failure.message.redact(redactor);
        present::loops_unread(&failure.message.to_clean_line(200))
    })?;
    let Some(Restarted { pods, now }) = found else { return Ok(Vec::new()) };
    let in_loops = pods.into_iter().filter_map(|(namespace, pod)| {
        let found = restart_loop(&pod, now, policy)?;
        Some((namespace, pod, found))
    });
    let mut groups = grouped(in_loops, targets);
    groups.sort_by_key(|of| (of.is_judged, Reverse(of.pods.len()), Reverse(of.found.restarts)));
    let told = groups.iter().enumerate().map(async |(place, group)| {
        let line = if place < LOGS { group.last_line(cluster, redactor).await } else { None };
        group.told(cluster, now, line.as_ref(), redactor)
    });
    Ok(join_all(told).await)
}

fn grouped(pods: impl Iterator<Item = (Namespace, Pod, Loop)>, targets: &[Target]) -> Vec<Group> {
    let mut groups: BTreeMap<_, Group> = BTreeMap::new();
    for (namespace, pod, found) in pods {
        let owner = pod.metadata.controller_reference();
        let uid = owner.map_or(&pod.metadata.uid, |owner| &owner.uid).clone();
        let group = groups.entry((uid, found.container.clone())).or_insert_with(|| {
            let is_judged = owner.is_some_and(|owner| {
                targets.iter().any(|of| of.workload.namespace == namespace && may_tell(of, owner))
            });
            Group { namespace, pods: Vec::new(), found, is_judged }
        });
        group.pods.push(pod);
    }
    groups.into_values().collect()
}

/// Whether the controller of a pod, by its name, belongs to a target. Of a Job that runs no verdict tells.
fn may_tell(target: &Target, owner: &OwnerReference) -> bool {
    let name = match &*owner.kind {
        "Job" => return false,
        // a Deployment names them after itself and its template
        "ReplicaSet" => owner.name.rsplit_once('-').map_or(&*owner.name, |(name, _)| name),
        _ => &*owner.name,
    };
    *target.workload.name == *name
}

impl Group {
    async fn last_line(&self, cluster: &Cluster, redactor: &Redactor) -> Option<Clean> {
        let pod = self.pods.first()?;
        let request = EvidenceRequest::Log(LogRequest {
            pod: pod.metadata.name.clone(),
            pod_uid: pod.metadata.uid.clone(),
            container: self.found.container.clone(),
            run: if self.found.is_running { LogRun::Previous } else { LogRun::Current },
            container_id: self.found.last.container_id.clone(),
            lines: 1,
        });
        match cluster.fetch(&self.namespace, &request, redactor).await {
            Observation::Log { result: Ok(log), .. } => log.excerpt.last_line().cloned(),
            _ => None,
        }
    }

    fn told(
        &self,
        cluster: &Cluster,
        now: ServerTime,
        last_line: Option<&Clean>,
        redactor: &Redactor,
    ) -> RestartLoop {
        let mut message = Untrusted::from(&*self.found.message);
        message.redact(redactor);
        let owner = self.pods.first().and_then(|pod| pod.metadata.controller_reference());
        let owner = owner.map(|owner| {
            let kind = Untrusted::from(owner.kind.to_lowercase()).to_clean_line(63);
            clean!("{}/{}", kind, Untrusted::from(&*owner.name).to_clean_line(253))
        });
        let pods: Vec<Clean> = self.pods.iter().map(name_of).collect();
        let first = pods.first().cloned().unwrap_or_default();
        let container = Untrusted::from(&*self.found.container).to_clean_line(63);
        let note = present::restart_loop(
            (&first, pods.len().saturating_sub(1)),
            &self.namespace,
            owner.as_ref(),
            (&container, &message.to_clean_line(300)),
            self.found.last.finished_at.map(|finished| now.since(finished)),
            last_line,
        );
        let context = cluster.context().cloned();
        RestartLoop { context, namespace: self.namespace.clone(), pods, note }
    }
}
