//! What the cluster tests are made of, one question a file.

pub(crate) mod gate;
pub(crate) mod hollow;
pub(crate) mod kubectl;
pub(crate) mod reports;
pub(crate) mod rollout;
pub(crate) mod samples;
pub(crate) mod scenario;
pub(crate) mod several;
pub(crate) mod untouched;
pub(crate) mod widget;
