//! The fixed checks that reports show a verdict as.

use crate::text::words;

words! {
    /// The checks of a report: the same ones in the same order on every run, so that a history can be kept of each.
    ///
    /// In JUnit each has its words for people: they read on their own, and hold no name, hash, tag or time.
    pub enum Check {
        /// The target exists, may be read, and was judged to the end.
        Judged = "target_judged" / "target can be judged",
        /// The new revision runs the image that was expected.
        ExpectedImage = "expected_image" / "expected image is used",
        /// The controller creates the pods.
        PodsCreated = "pods_created" / "pods are created",
        /// The scheduler finds nodes for them.
        PodsScheduled = "pods_scheduled" / "pods are scheduled",
        /// The images can be pulled.
        ImagesPulled = "images_pulled" / "images are pulled",
        /// Volumes, network and configuration are ready.
        ContainersCreated = "containers_created" / "containers are created",
        /// The processes start and keep running.
        ContainersRun = "containers_running" / "containers keep running",
        /// The pods are not lost to their nodes.
        PodsStay = "pods_stay" / "pods stay on their nodes",
        /// The rollout completes before the deadline.
        RolloutCompletes = "rollout_complete" / "rollout completes",
        /// The pods become ready and stay so for the window.
        PodsReady = "pods_ready" / "pods stay ready",
    }
}

words! {
    /// How a check ended.
    pub enum CheckResult {
        /// The revision passes it.
        Passed = "passed",
        /// The revision is bad.
        Failed = "failed",
        /// It could not be judged.
        Error = "error",
        /// It was not evaluated, because something else ended the run, or was not asked for.
        Skipped = "skipped",
    }
}
