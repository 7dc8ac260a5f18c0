//! Deployments (`apps/v1`).

use serde::{Deserialize, Serialize};

use super::super::{Condition, LabelSelector, PodTemplate, WorkloadMeta, null_default};

/// A Deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// Name, UID, generation, and who deploys it.
    pub metadata: WorkloadMeta,
    /// What should run.
    pub spec: DeploymentSpec,
    /// What the controller saw.
    #[serde(default, deserialize_with = "null_default")]
    pub status: DeploymentStatus,
}

/// What a Deployment should run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentSpec {
    /// How many pods; absent means 1.
    #[serde(default)]
    pub replicas: Option<i64>,
    /// Whether its rollout is held.
    #[serde(default, deserialize_with = "null_default")]
    pub paused: bool,
    /// Seconds a pod must be ready before it counts as available.
    #[serde(default, deserialize_with = "null_default")]
    pub min_ready_seconds: i64,
    /// Seconds without progress after which the controller gives up; absent means 600.
    #[serde(default)]
    pub progress_deadline_seconds: Option<i64>,
    /// How pods are replaced; absent in recordings of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strategy: Option<Strategy>,
    /// Which pods are its own.
    pub selector: LabelSelector,
    /// What its pods are made from.
    pub template: PodTemplate,
}

/// How a Deployment replaces its pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Strategy {
    /// `RollingUpdate` or `Recreate`.
    #[serde(rename = "type")]
    pub kind: Option<Box<str>>,
    /// The limits of a rolling update.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolling_update: Option<RollingUpdate>,
}

/// The limits of a rolling update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RollingUpdate {
    /// Pods beyond those that are asked for; absent means 25 %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_surge: Option<Amount>,
    /// Pods that may be missing meanwhile; absent means 25 %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_unavailable: Option<Amount>,
}

impl RollingUpdate {
    /// Whether pods beyond those that are asked for are wanted, in so many words.
    pub fn asks_for_surge(&self) -> bool {
        match &self.max_surge {
            Some(Amount::Pods(pods)) => *pods > 0,
            Some(Amount::Share(share)) => share.trim_end_matches('%').parse() != Ok(0),
            None => false,
        }
    }
}

/// A number of pods, or a share of them such as `25%`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Amount {
    /// So many pods.
    Pods(i64),
    /// A share; of more than nothing it is at least one pod where it is rounded up.
    Share(Box<str>),
}

/// What the Deployment controller saw. Absent counts are 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeploymentStatus {
    /// The generation that the rest of the status speaks of.
    #[serde(deserialize_with = "null_default")]
    pub observed_generation: i64,
    /// Pods of all revisions.
    #[serde(deserialize_with = "null_default")]
    pub replicas: i64,
    /// Pods of the revision wanted.
    #[serde(deserialize_with = "null_default")]
    pub updated_replicas: i64,
    /// Pods that were ready for `minReadySeconds`, of all revisions.
    #[serde(deserialize_with = "null_default")]
    pub available_replicas: i64,
    /// `Available`, `Progressing`, `ReplicaFailure`.
    #[serde(deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
}

impl Deployment {
    /// How many pods it should run.
    pub fn replicas(&self) -> i64 {
        self.spec.replicas.unwrap_or(1)
    }

    /// Whether no pod may go before another is available; `None` where the strategy is not known. Shares are rounded
    /// down, and one may go where nothing surges (Kubernetes 1.37 `pkg/controller/deployment/util`, `ResolveFenceposts`).
    pub fn keeps_all_available(&self) -> Option<bool> {
        let strategy = self.spec.strategy.as_ref()?;
        let update = strategy.rolling_update.as_ref();
        let may_go = match update.and_then(|update| update.max_unavailable.as_ref()) {
            Some(Amount::Pods(pods)) => *pods,
            Some(Amount::Share(share)) => {
                let percent = share.trim_end_matches('%').parse::<i64>().ok()?;
                self.replicas().saturating_mul(percent) / 100
            }
            None => self.replicas() / 4,
        };
        Some(self.surges() && may_go == 0)
    }

    /// Whether it makes new pods before old ones go; not where the strategy is not known.
    pub fn surges(&self) -> bool {
        let Some(strategy) = &self.spec.strategy else { return false };
        let surge = strategy.rolling_update.as_ref().and_then(|update| update.max_surge.as_ref());
        let is_nothing = match surge {
            Some(Amount::Pods(pods)) => *pods == 0,
            Some(Amount::Share(share)) => share.trim_end_matches('%').parse() == Ok(0),
            None => false,
        };
        strategy.kind.as_deref() != Some("Recreate") && !is_nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pods_surge_unless_the_strategy_says_otherwise_or_is_not_known() {
        let surges = |strategy: serde_json::Value| {
            let deployment = serde_json::json!({"metadata": {"name": "app", "uid": "d"},
                "spec": {"strategy": strategy, "selector": {}, "template": {"spec": {"containers": []}}}});
            serde_json::from_value::<Deployment>(deployment).unwrap().surges()
        };
        let rolling = |surge: serde_json::Value| {
            surges(
                serde_json::json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge}}),
            )
        };
        assert!(rolling("25%".into()) && rolling(1.into()) && rolling(().into()));
        assert!(!rolling("0%".into()) && !rolling(0.into()));
        assert!(!surges(serde_json::json!({"type": "Recreate"})) && !surges(().into()));
    }

    #[test]
    fn all_pods_are_kept_where_the_share_that_may_go_is_less_than_one() {
        let keeps = |replicas: i64, strategy: serde_json::Value| {
            let deployment = serde_json::json!({"metadata": {"name": "app", "uid": "d"},
                "spec": {"replicas": replicas, "strategy": strategy, "selector": {}, "template": {"spec": {"containers": []}}}});
            serde_json::from_value::<Deployment>(deployment).unwrap().keeps_all_available()
        };
        let rolling = |surge: &str, unavailable: &str| {
            serde_json::json!({"type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}})
        };
        assert_eq!(keeps(3, rolling("25%", "25%")), Some(true));
        assert_eq!(keeps(4, rolling("25%", "25%")), Some(false));
        assert_eq!(keeps(1, serde_json::json!({"type": "RollingUpdate"})), Some(true));
        assert_eq!(keeps(1, rolling("0%", "0%")), Some(false));
        assert_eq!(keeps(1, serde_json::json!({"type": "Recreate"})), Some(false));
        assert_eq!(keeps(1, serde_json::Value::Null), None);
    }
}
