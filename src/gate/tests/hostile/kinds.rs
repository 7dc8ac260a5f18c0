//! StatefulSets, DaemonSets, Jobs, Argo Rollouts and custom resources.

use std::time::Duration;

use proptest::{prelude::*, test_runner::RngSeed};

use super::{
    super::*,
    objection::objection,
    spoil::{Spoil, policies, spoils},
    world::{Made, World},
};

#[test]
fn as_they_are_they_pass_but_for_the_one_that_still_runs() {
    for made in Made::ALL {
        let mut world = World::of(made, Policy::default());
        world.advance(Duration::from_secs(90));
        let expected = (!matches!(made, Made::Running)).then_some(Verdict::Passed);
        assert_eq!(world.verdict(), expected, "{made:?}");
        assert_eq!(objection(&world).is_none(), expected.is_some(), "{made:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, rng_seed: RngSeed::Fixed(12), ..ProptestConfig::default() })]

    #[test]
    fn no_object_makes_it_panic_or_pass_unseen(
        made in prop::sample::select(Made::ALL.to_vec()), policy in policies(), early in spoils(), late in spoils(),
    ) {
        let is_strict = policy.min_ready == MinReady::ALL && policy.ignore_containers.is_empty();
        let mut world = World::of(made, policy);
        for how in early.iter().map(|how| Spoil { by_watch: false, pass: Duration::ZERO, ..how.clone() }).chain(late) {
            if world.verdict().is_none() {
                world.apply(&how);
            }
        }
        world.advance(Duration::from_secs(600));
        prop_assert!(world.steps < 20_000, "it is called without end: {}", world.steps);
        if world.verdict() == Some(Verdict::Passed) && is_strict {
            prop_assert_eq!(objection(&world), None);
        }
        let outcome = crate::outcome::TargetOutcome::of(None, &Default::default(), &world.gate, &world.kept);
        let line = serde_json::to_string(&outcome).unwrap();
        prop_assert!(serde_json::from_str::<crate::outcome::TargetOutcome>(&line).is_ok());
    }
}
