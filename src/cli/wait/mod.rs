//! `deploygate wait`: a live run.

mod plan;
mod rollback;

use std::path::PathBuf;

use clap::Args;

use self::{plan::Settings, rollback::After};
use super::{
    complain,
    connect::ConnectArgs,
    fault::Decided,
    finish::{Publisher, open_recording, redactor},
    origins::Origins,
    output_args::OutputArgs,
    policy_args::{PolicyArgs, ReleaseArgs},
    policy_file::{self, FileArgs},
    runtime,
    selected::Moment,
    settings::Surroundings,
    usage,
    wanted::{TargetArgs, Wanted},
};
use crate::{
    clock::Clock,
    cluster::Cluster,
    exit::ExitCode,
    gate::{Annotations, Policy, ReasonCode},
    observation::Signal,
    outcome::Outcome,
    recording::Writer,
    report::{self, Format, ReportSpec},
    run::{self, Live, Signals},
    text::{Clean, Untrusted},
};

/// The options of `wait`.
#[derive(Args, Debug)]
pub(super) struct WaitArgs {
    #[command(flatten)]
    targets: TargetArgs,

    /// Print the targets found, and judge nothing
    #[arg(long, help_heading = super::TARGETS, env = "DEPLOYGATE_LIST", value_parser = clap::builder::FalseyValueParser::new())]
    list: bool,

    #[command(flatten)]
    connect: ConnectArgs,

    #[command(flatten)]
    file: FileArgs,

    #[command(flatten)]
    policy: PolicyArgs,

    #[command(flatten)]
    release: ReleaseArgs,

    #[command(flatten)]
    output: OutputArgs,

    /// Record the run, for `deploygate replay`
    ///
    /// Everything that the verdict is made from, as JSON Lines.
    #[arg(long, value_name = "FILE", env = "DEPLOYGATE_RECORD", help_heading = super::help::OUTPUT)]
    record: Option<PathBuf>,
}

pub(super) fn run(
    mut args: WaitArgs,
    origins: &Origins,
    moment: Moment,
) -> Result<ExitCode, clap::Error> {
    let surroundings = Surroundings::read();
    args.output.settle(origins)?;
    let file = policy_file::find(&args.file).map_err(usage)?;
    if let Some(file) = &file {
        file.stand_in_for_output(&mut args.output);
        file.stand_in_for_connection(&mut args.connect);
    }
    let namespace = args.connect.namespace.as_ref();
    let wanted = Wanted::read(args.targets, namespace, file.as_ref(), moment, origins)?;
    if !wanted.has_manifests && asks_for_lines(&args.output) {
        return Err(usage("the codequality report needs manifests: add `-f PATH`"));
    }
    let mut policy = Policy::default();
    if args.policy.no_annotations {
        policy.later.annotations = Annotations::Ignored;
    }
    let given = args.policy.given(origins).map_err(usage)?;
    given.into_iter().for_each(|(value, origin)| policy.set(value, origin));
    if moment == Moment::Present {
        policy = policy.at_present();
    }
    let (connect, mut contexts) = args.connect.resolve(&surroundings);
    if contexts.is_empty() {
        contexts = wanted.contexts();
    }
    let mut settings = Settings {
        redactor: redactor(&args.output, origins)?,
        connect,
        contexts,
        wanted,
        policy,
        file,
        keep_going: args.release.given(origins),
        on_failure: args.release.on_failure(origins),
        record: None,
        is_quiet: args.output.quiet,
        surroundings,
        decided: Decided::default(),
    };
    let clock = Clock::start();
    if args.list {
        return settings.list(clock);
    }
    let release = settings.release();
    let placeholder = report::placeholder(&release, clock.started_at());
    let publisher = Publisher::prepare(
        &args.output,
        &settings.surroundings,
        args.record.as_deref(),
        &placeholder,
        origins,
    )?;
    // a path that cannot be written is known before the watch, as with the reports
    settings.record = (args.record.as_deref())
        .map(|path| open_recording(path, &origins.name("record")))
        .transpose()?;
    settings.tell(&release.notes, &[]);
    Ok(judge(&settings, &publisher, clock))
}

/// Whether a report is wanted that is nothing without the lines of manifests.
fn asks_for_lines(output: &OutputArgs) -> bool {
    let specs = output.report.iter().filter_map(|spec| spec.trim().parse::<ReportSpec>().ok());
    specs.into_iter().any(|spec| spec.format == Format::CodeQuality)
}

/// Judges the rollout and publishes the outcome; there is one whatever happens.
fn judge(settings: &Settings, publisher: &Publisher, clock: Clock) -> ExitCode {
    settings.last_words(settings.release(), publisher, clock).install();
    publisher.publish(in_runtime(settings, publisher, clock))
}

fn in_runtime(settings: &Settings, publisher: &Publisher, clock: Clock) -> Outcome {
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => {
            let reason = Untrusted::from(error).to_clean_line(300);
            return settings.abandon(ReasonCode::Internal, reason, Clean::default(), clock);
        }
    };
    let outcome = runtime.block_on(watch(settings, publisher, clock));
    // a credential plugin that hangs must not keep the process alive
    runtime.shutdown_background();
    outcome
}

async fn watch(settings: &Settings, publisher: &Publisher, clock: Clock) -> Outcome {
    let mut signals = match Signals::install(leave) {
        Ok(signals) => signals,
        Err(error) => {
            complain(&format!("deploygate: failed to handle signals: {error}"));
            Signals::none()
        }
    };
    let clusters = Cluster::of(&settings.connect, &settings.contexts);
    if settings.connect.interactive {
        // a credential plugin may ask at the terminal, where progress would paint over the question
        tokio::select! {
            biased;
            signal = signals.next() => return settings.interrupted(signal, clock),
            () = Cluster::establish_all(&clusters) => {}
        }
    }
    let places = tokio::select! {
        biased;
        signal = signals.next() => return settings.interrupted(signal, clock),
        places = settings.find(&clusters, clock) => places,
    };
    let mut release = settings.release_of(places);
    let beside = async {
        let missing = run::missing_writes(&clusters, &release).await;
        (missing, settings.restart_loops(&clusters, &release.targets).await)
    };
    let (missing, (loops, unread)) = tokio::select! {
        biased;
        signal = signals.next() => return settings.interrupted(signal, clock),
        beside = beside => beside,
    };
    release.notes.extend(missing.into_iter().chain(unread));
    release.loops = loops;
    release.servers =
        clusters.iter().filter_map(|cluster| cluster.server(&settings.redactor)).collect();
    let mut recording = settings.recording(&release, clock);
    if release.targets.is_empty() {
        return run::unjudged(release, clock);
    }
    settings.found(&release, publisher, clock);
    let mut reporter = publisher.reporter(&release.targets);
    let live = Live {
        release,
        redactor: settings.redactor.clone(),
        recording: recording.as_mut(),
        reporter: reporter.as_mut(),
        signals: &mut signals,
        clock,
        selections: super::places::selections(&settings.wanted, &clusters),
    };
    let (mut outcome, targets) = run::live(&clusters, live).await;
    let watched = if outcome.targets.iter().any(|target| target.restore().is_some()) {
        let (recording, reporter) = (recording.as_mut(), reporter.as_mut());
        let after = After { publisher, recording, reporter, clock };
        settings.roll_back(&clusters, &targets, &mut outcome, &mut signals, after).await
    } else {
        None
    };
    publisher.finish_with(watched.unwrap_or(reporter));
    if let Some(error) = recording.as_ref().and_then(Writer::error) {
        complain(&format!("deploygate: the recording is incomplete: {error}"));
    }
    outcome
}

/// Exits at once, after a second signal or one that did not end the run in time. Reports that are not written yet stay
/// failing placeholders.
#[expect(clippy::disallowed_methods, reason = "nothing else ends a program that is stuck")]
fn leave(signal: Signal) {
    let code = match signal {
        Signal::Interrupt => ExitCode::Interrupted,
        Signal::Terminate => ExitCode::Terminated,
    };
    std::process::exit(i32::from(code.code()));
}
