//! Deploygate judges a Kubernetes rollout and the time after it.
//!
//! The modules stand in the order of their layers: each may use those above it, never those below.
//! The layers up to [`exit`](crate) are functions of their arguments: no clock, no I/O, no async.
//! This library exists for the program and its tests; it makes no semver promise.

pub mod text;

pub mod vocabulary;

pub mod model;

pub mod evidence;

pub mod inspect;

pub mod manifest;

pub mod selection;

pub mod signs;

pub mod observation;

pub mod phrases;

pub mod gate;

pub mod timeline;

pub mod fleet;

pub mod outcome;

pub mod exit;

pub mod clock;

pub mod recording;

pub mod cluster;

pub mod report;

pub mod run;

pub mod cli;
