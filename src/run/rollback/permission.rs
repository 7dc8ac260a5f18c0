//! Which permissions a rollback would lack: told before the watch.

use futures_util::future::join_all;

use super::cluster_of;
use crate::{
    cluster::Cluster,
    fleet::{Release, Target},
    model::Kind,
    observation::{AccessReview, Resource},
    phrases::rollback,
    text::{Clean, Untrusted},
};

/// Targets that are each asked about; of more the first of its kind and cluster stands for all.
const EACH: usize = 4;

/// What a rollback of the release needs and the account may not do, in words.
pub async fn missing_writes(clusters: &[Cluster], release: &Release) -> Vec<Clean> {
    if !release.on_failure().writes() {
        return Vec::new();
    }
    let mut asked: Vec<&Target> = Vec::new();
    for target in &release.targets {
        let is_alike = |other: &&Target| {
            other.context == target.context && other.workload.kind == target.workload.kind
        };
        let is_rolled_back = match target.workload.kind.kind() {
            Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet => true,
            Kind::Job | Kind::Rollout | Kind::Custom => false,
        };
        if is_rolled_back && (release.targets.len() <= EACH || !asked.iter().any(is_alike)) {
            asked.push(target);
        }
    }
    let reviews = join_all(asked.iter().map(async |target| {
        let cluster = cluster_of(clusters, target)?;
        cluster.establish().await.ok()?;
        Some((*target, cluster.write_access(&target.workload).await))
    }));
    let mut warnings: Vec<Clean> = Vec::new();
    for (target, reviews) in reviews.await.into_iter().flatten() {
        let denied = reviews.iter().filter(|review| !review.allowed);
        for warning in denied.map(|review| warning(target, review)) {
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
    }
    warnings
}

fn warning(target: &Target, review: &AccessReview) -> Clean {
    let what = match review.resource {
        Resource::Workload => target.to_string(),
        other => other.as_str().to_owned(),
    };
    let clean = |text: &str| Untrusted::from(text).to_clean_line(300);
    rollback::may_not(&clean(&review.verb), &clean(&what))
}
