//! The machine in virtual time. The name of a test is the rule.

mod annotations;
mod awaiting;
mod churn;
mod comparison;
mod context;
mod creation;
mod custom;
mod deadline;
mod edges;
mod evidence;
mod expected;
mod graces;
mod hostile;
mod invariance;
mod leftovers;
mod lost_nodes;
mod messages;
mod nodes;
mod present;
mod progress;
mod properties;
mod rollback;
mod runs;
mod scaling;
pub(crate) mod script;
mod services;
mod target;
mod told;
mod undo;
mod unready;
mod window;
mod words;

use std::{sync::Arc, time::Duration};

use serde_json::json;

use script::{SET, Script, ready, unready};

use super::*;
use crate::observation::{FailureKind, Observation, Observed};

fn policy() -> Policy {
    Policy::default()
}

fn set_grace(grace: Grace, seconds: u64) -> Policy {
    let mut policy = policy();
    policy.grace.insert(grace, Seconds(Duration::from_secs(seconds)));
    policy
}

fn rolling(replicas: u64, policy: Policy) -> Script {
    let mut script = Script::new(replicas, policy);
    script.secs(1);
    for number in 0..replicas {
        script.change(&format!("app-{number}"), |_| {});
    }
    script
}

/// A rollout that the gate saw begin and come to its end.
fn complete(replicas: u64, policy: Policy) -> Script {
    let mut script = rolling(replicas, policy);
    script.settle_status().secs(1);
    script
}

const MS: Duration = Duration::from_millis(1);

fn unready_app(pod: &mut serde_json::Value) {
    pod["status"]["containerStatuses"][0]["ready"] = json!(false);
    unready(pod);
}

fn ready_app(pod: &mut serde_json::Value, at: u32) {
    pod["status"]["containerStatuses"][0]["ready"] = json!(true);
    ready(pod, at);
}
