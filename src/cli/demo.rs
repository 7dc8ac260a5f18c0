//! `deploygate demo`: recorded runs of a real cluster, built into the program.

use std::io::BufReader;

use clap::{Args, ValueEnum};
use flate2::read::GzDecoder;

use super::{
    complain,
    origins::Origins,
    output_args::OutputArgs,
    policy_args::{PolicyArgs, ReleaseArgs},
    replay,
};
use crate::{exit::ExitCode, run::Pace};

/// The options of `demo`.
#[derive(Args, Debug)]
pub(super) struct DemoArgs {
    /// Recorded run to play
    #[arg(value_name = "SCENARIO", value_enum, default_value_t)]
    scenario: Scenario,

    /// How many times faster than real time
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = speed)]
    speed: f64,

    #[command(flatten)]
    policy: PolicyArgs,

    #[command(flatten)]
    release: ReleaseArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// A run of the project's test cluster (`tests/cluster/scenarios`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Scenario {
    /// Becomes ready and stays ready
    #[default]
    Healthy,
    /// Exits with code 1, a second after each start
    CrashLoop,
    /// Crashes 15s after it became ready, when `kubectl rollout status` has long passed
    LateCrash,
    /// Its image cannot be pulled: no registry answers
    ImageMissing,
    /// A release of four workloads: a database fails, and with it two that need it
    Release,
}

impl Scenario {
    const fn recording(self) -> &'static [u8] {
        match self {
            Self::Healthy => include_bytes!("../recording/demo/healthy.jsonl.gz"),
            Self::CrashLoop => include_bytes!("../recording/demo/crash-loop.jsonl.gz"),
            Self::LateCrash => include_bytes!("../recording/demo/late-crash.jsonl.gz"),
            Self::ImageMissing => include_bytes!("../recording/demo/image-missing.jsonl.gz"),
            Self::Release => include_bytes!("../recording/demo/release.jsonl.gz"),
        }
    }

    fn word(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

pub(super) fn run(mut args: DemoArgs, origins: &Origins) -> Result<ExitCode, clap::Error> {
    args.output.settle(origins)?;
    let name = args.scenario.word();
    if !args.output.quiet {
        let others = Scenario::value_variants().iter().filter(|other| **other != args.scenario);
        let others: Vec<_> = others.map(|other| other.word()).collect();
        complain(&format!(
            "playing a recorded run of a real cluster: {name} (others: deploygate demo {})",
            others.join("|")
        ));
    }
    let recording = BufReader::new(GzDecoder::new(args.scenario.recording()));
    replay::play(
        recording,
        &name,
        replay::Given { policy: args.policy, release: args.release, origins },
        &args.output,
        Pace::Times(args.speed),
    )
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed) if (0.1..=1000.0).contains(&speed) => Ok(speed),
        _ => Err("expected a number from 0.1 to 1000, e.g. 10".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{gate::Verdict, observation::TargetId, report::Reporter, run, text::Redactor};

    struct Silent;

    impl Reporter for Silent {
        fn event(&mut self, _: &crate::fleet::Event) {}
        fn tick(&mut self, _: crate::model::Elapsed) {}
        fn finish(&mut self, _: &crate::outcome::Outcome) {}
    }

    #[tokio::test]
    async fn each_recorded_run_has_the_verdict_that_its_name_promises() {
        for (scenario, verdict, cause) in [
            (Scenario::Healthy, Verdict::Passed, None),
            (Scenario::CrashLoop, Verdict::Failed, Some("crash-loop")),
            (Scenario::LateCrash, Verdict::Failed, Some("crash-loop")),
            (Scenario::ImageMissing, Verdict::Failed, Some("image")),
            (Scenario::Release, Verdict::Failed, Some("crash-loop")),
        ] {
            let input = BufReader::new(GzDecoder::new(scenario.recording()));
            let (header, reader) = crate::recording::Reader::new(input).unwrap();
            let redactor = Redactor::built_in();
            let mut silent = Silent;
            let replay = run::replay(
                header.release,
                header.started_at,
                reader,
                redactor,
                Pace::AtOnce,
                &mut silent,
            );
            let outcome = replay.await.unwrap();
            assert_eq!(outcome.verdict, verdict, "{scenario:?}");
            let found = outcome.targets[0].confirmed().next().map(|finding| finding.cause.as_str());
            assert_eq!(found, cause, "{scenario:?}");
            let broken = outcome.common.iter().map(|common| (common.origin, common.targets.len()));
            let of_release = [(Some(TargetId(0)), 2)];
            let expected = if scenario == Scenario::Release { &of_release[..] } else { &[] };
            assert!(broken.eq(expected.iter().copied()), "{scenario:?}: {:?}", outcome.common);
        }
    }
}
