//! `deploygate replay`: judges a recording.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use clap::Args;
use flate2::bufread::GzDecoder;

use super::{
    finish::{Publisher, redactor},
    origins::Origins,
    output_args::OutputArgs,
    policy_args::{PolicyArgs, ReleaseArgs},
    runtime,
    settings::Surroundings,
    usage,
};
use crate::{
    exit::ExitCode,
    fleet::Target,
    gate::Annotations,
    recording::{Reader, RecordingError},
    report,
    run::{self, Pace},
    text::chain,
};

/// The options of `replay`.
#[derive(Args, Debug)]
pub(super) struct ReplayArgs {
    /// Recording written by `wait --record`, plain or gzipped
    #[arg(value_name = "RECORDING", env = "DEPLOYGATE_RECORDING")]
    recording: PathBuf,

    #[command(flatten)]
    policy: PolicyArgs,

    #[command(flatten)]
    release: ReleaseArgs,

    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(mut args: ReplayArgs, origins: &Origins) -> Result<ExitCode, clap::Error> {
    args.output.settle(origins)?;
    let path = args.recording.display().to_string();
    let file = File::open(&args.recording)
        .map_err(|error| usage(format!("failed to read recording {path}: {error}")))?;
    let mut input = BufReader::new(file);
    let start = input
        .fill_buf()
        .map_err(|error| usage(format!("failed to read recording {path}: {error}")))?;
    let given = Given { policy: args.policy, release: args.release, origins };
    if start.starts_with(&GZIP) {
        let input = BufReader::new(GzDecoder::new(input));
        return play(input, &path, given, &args.output, Pace::AtOnce);
    }
    play(input, &path, given, &args.output, Pace::AtOnce)
}

/// The first bytes of a gzip file (RFC 1952): recordings are attached to issues packed.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The options of a policy, over what a recording has.
pub(super) struct Given<'a> {
    pub(super) policy: PolicyArgs,
    pub(super) release: ReleaseArgs,
    pub(super) origins: &'a Origins,
}

/// Plays a recording; `name` is its path, or the word of a demo.
pub(super) fn play(
    input: impl BufRead,
    name: &str,
    given: Given<'_>,
    output: &OutputArgs,
    pace: Pace,
) -> Result<ExitCode, clap::Error> {
    let surroundings = Surroundings::read();
    let broken =
        |error: RecordingError| usage(format!("recording {name}: failed to {}", chain(&error)));
    let (header, reader) = Reader::new(input).map_err(broken)?;
    let redactor = redactor(output, given.origins)?;
    let mut judged = header.release;
    let Given { policy, release, origins } = given;
    judged.take(release.given(origins));
    judged.take_on_failure(release.on_failure(origins));
    if policy.no_annotations {
        let ignore = |target: &mut Target| target.policy.later.annotations = Annotations::Ignored;
        judged.targets.iter_mut().for_each(ignore);
        let of_newcomers = judged.newcomers.iter_mut();
        of_newcomers.for_each(|policy| policy.later.annotations = Annotations::Ignored);
    }
    for (value, origin) in policy.given(origins).map_err(usage)? {
        for target in &mut judged.targets {
            target.policy.set(value.clone(), origin.clone());
        }
        if let Some(policy) = &mut judged.newcomers {
            policy.set(value, origin);
        }
    }
    let placeholder = report::placeholder(&judged, header.started_at);
    let recording = Some(Path::new(name));
    let publisher = Publisher::prepare(output, &surroundings, recording, &placeholder, origins)?;
    let mut reporter = publisher.reporter(&judged.targets);
    let outcome = runtime()
        .map_err(usage)?
        .block_on(run::replay(judged, header.started_at, reader, redactor, pace, reporter.as_mut()))
        .map_err(broken)?;
    publisher.finish_with(reporter);
    Ok(publisher.publish(outcome))
}
