//! Targets that appear while a release is shown.

use super::{Loudness, Now, Release, release::Row};
use crate::{
    fleet::Target,
    report::{ending::Line, paint::Tone},
};

impl Release {
    /// A release of one target by now, of which this is known.
    pub(in crate::report) fn around(target: &Target, now: Now, loudness: Loudness) -> Self {
        let mut release = Self::new(std::slice::from_ref(target), loudness);
        release.rows.iter_mut().for_each(|row| row.now = Now { is_alone: false, ..now.clone() });
        release
    }

    /// One more target, of which nothing is known.
    pub(in crate::report) fn add(&mut self, target: &Target) -> Line {
        let name = format!("{target} -n {}", target.workload.namespace);
        let line = Line::new(Tone::Plain, &*name, ": appeared in the selection".to_owned());
        self.rows.push(Row { name, now: Now::of(target, false) });
        line
    }
}
