//! Images that are expected of a release as a whole.

use super::Fleet;
use crate::model::Elapsed;

impl Fleet {
    /// Fails a target that is not decided for an image whose repository no target runs, once all of them are known.
    ///
    /// Each image binds the targets that run its repository; one that binds none was never applied.
    pub(super) fn judge_images(&mut self, now: Elapsed) {
        if self.ending.images_judged || self.members.len() == 1 {
            return;
        }
        let expected = self.gates().flat_map(|gate| &gate.policy().expect_images);
        let expected: Vec<&String> = expected.collect();
        // `None` while it is not known of each target
        let is_run = |image: &str| {
            let runs: Option<Vec<bool>> =
                self.gates().map(|gate| gate.runs_repository(image)).collect();
            runs.map(|runs| runs.contains(&true))
        };
        let runs: Option<Vec<bool>> = expected.iter().map(|image| is_run(image)).collect();
        let Some(runs) = runs else { return };
        let missing = expected.into_iter().zip(runs).find(|(_, is_run)| !is_run);
        let missing = missing.map(|(image, _)| image.clone());
        self.ending.images_judged = true;
        let undecided = self.gates_mut().find(|gate| gate.decision().is_none());
        if let (Some(gate), Some(image)) = (undecided, missing) {
            gate.miss_image(now, &image);
        }
    }
}
