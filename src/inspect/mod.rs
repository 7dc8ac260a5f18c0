//! What raw JSON of the API tells of a pod, its node, its objects, and of what changed between two templates.
//!
//! Only `cluster` uses it: values of variables and Secrets go no further than here.

mod change;
mod container;
mod log;
mod node;
mod object;
mod pod;
#[cfg(test)]
mod tests;
mod volume;

use serde::Deserialize;
use serde_json::Value;

use crate::model::ServerTime;

pub use change::changes;
pub use log::{RunPlace, kubelet_error};
pub use node::node;
pub use object::found;
pub use pod::{compare_images, pod};

/// The items of a list; none where it is null or no list.
fn items(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

/// A time that the API wrote.
fn time(value: &Value) -> Option<ServerTime> {
    ServerTime::deserialize(value).ok()
}
