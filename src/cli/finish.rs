//! How every run ends: the reporter's last lines, the reports, the exit code.

use std::{cell::RefCell, fs::File, path::Path, sync::Arc};

use anstream::AutoStream;

use super::{
    origins::Origins,
    output_args::OutputArgs,
    print,
    settings::Surroundings,
    step::{Step, complain_of},
    usage,
    values::{OutputFormat, given},
};
use crate::{
    clean,
    exit::ExitCode,
    fleet::Target,
    gate::{NextStep, Reason, ReasonCode, Verdict},
    model::{Context, TargetRef},
    outcome::{Outcome, Rollback},
    report::{
        ColorChoice, Format, Loudness, Plain, ReportFiles, ReportSpec, Reporter, Terminal, render,
    },
    text::{Redactor, Untrusted, chain},
    vocabulary::RollbackWrite,
};

/// Where the reports go, and how much the terminal shows.
pub(super) struct Publisher {
    files: Arc<ReportFiles>,
    output: OutputFormat,
    color: ColorChoice,
    loudness: Loudness,
    surroundings: Surroundings,
    /// The reporter of the run, kept for its last lines.
    reporter: RefCell<Option<Box<dyn Reporter>>>,
    step: Step,
}

impl Publisher {
    /// Checks the reports that are asked for and writes the placeholder.
    ///
    /// # Errors
    /// Wrong usage, or a report that cannot be written.
    pub(super) fn prepare(
        args: &OutputArgs,
        surroundings: &Surroundings,
        recording: Option<&Path>,
        placeholder: &Outcome,
        origins: &Origins,
    ) -> Result<Self, clap::Error> {
        let name = origins.name("report");
        let specs = given(args.report.clone())
            .iter()
            .map(|text| {
                text.parse()
                    .map_err(|error| usage(format!("invalid value `{text}` for {name}: {error}")))
            })
            .collect::<Result<Vec<ReportSpec>, _>>()?;
        if args.output == OutputFormat::Json && specs.iter().any(ReportSpec::is_stdout) {
            let output = origins.name("output");
            return Err(usage(format!(
                "{output} json and a report to `-` ({name}) cannot both write to stdout"
            )));
        }
        let placeholder = Outcome { ci: surroundings.ci.clone(), ..placeholder.clone() };
        let files = ReportFiles::prepare(specs, recording, &placeholder)
            .map_err(|error| usage(format!("failed to {}; {}", chain(&error), error.hint())))?;
        let loudness = if args.quiet {
            Loudness::Quiet
        } else if args.verbose || surroundings.is_debug {
            Loudness::Verbose
        } else {
            Loudness::Normal
        };
        Ok(Self {
            files: Arc::new(files),
            output: args.output,
            color: args.color.into(),
            loudness,
            surroundings: surroundings.clone(),
            reporter: RefCell::new(None),
            step: Step::default(),
        })
    }

    /// The reports, which the panic hook must be able to write.
    pub(super) fn files(&self) -> Arc<ReportFiles> {
        Arc::clone(&self.files)
    }

    /// A reporter for a run that begins.
    pub(super) fn reporter(&self, targets: &[Target]) -> Box<dyn Reporter> {
        let (color, loudness) = (self.color, self.loudness);
        // some CI systems give their jobs a terminal that nobody sees, and keep what is drawn on it
        if self.surroundings.stderr_is_terminal && !self.surroundings.is_ci {
            let color = match color {
                ColorChoice::Auto => AutoStream::choice(&std::io::stderr()),
                chosen => chosen,
            };
            Box::new(Terminal::new(color != ColorChoice::Never, loudness, targets))
        } else {
            Box::new(Plain::new(std::io::stderr(), color, loudness, targets))
        }
    }

    /// Takes the reporter back after the run: it prints the last lines.
    pub(super) fn finish_with(&self, reporter: Box<dyn Reporter>) {
        self.reporter.replace(Some(reporter));
    }

    /// Makes the evidence safe before the cluster is written to: report files, summary, outputs, and the verdict as lines. Whether
    /// all report files are written.
    pub(super) fn secure(&self, outcome: &Outcome, reporter: &mut dyn Reporter) -> bool {
        let mut outcome = self.in_ci(outcome.clone());
        let is_safe = self.hold(&outcome);
        let quiet = self.loudness == Loudness::Quiet;
        self.step.tell_first(&self.surroundings, &outcome, &self.files, quiet);
        // what becomes of the rollback is told as it happens
        let is_under_way = |of: &mut Rollback| of.write == RollbackWrite::Unknown;
        for target in &mut outcome.targets {
            target.rollback.take_if(is_under_way);
        }
        reporter.finish(&outcome);
        is_safe
    }

    /// Writes the report files with what is known by now.
    pub(super) fn save(&self, outcome: Outcome) {
        self.hold(&self.in_ci(outcome));
    }

    /// Whether all report files are written.
    fn hold(&self, outcome: &Outcome) -> bool {
        let errors = self.files.hold(outcome);
        complain_of(errors.iter().map(|error| chain(error)));
        errors.is_empty()
    }

    fn in_ci(&self, outcome: Outcome) -> Outcome {
        Outcome { ci: self.surroundings.ci.clone(), ..outcome }
    }

    /// Writes the reports, then the verdict as the last lines, and returns the exit code. A report that cannot be written
    /// turns a pass into inconclusive, and never hides a failure.
    pub(super) fn publish(&self, mut outcome: Outcome) -> ExitCode {
        outcome = self.in_ci(outcome);
        let mut errors: Vec<String> =
            self.files.write(&outcome).iter().map(|error| chain(error)).collect();
        if let Some(error) = errors.first()
            && outcome.verdict == Verdict::Passed
        {
            unwritable(&mut outcome, error);
            errors.extend(self.files.write(&outcome).iter().map(|error| chain(error)));
            errors.dedup();
        }
        complain_of(errors.into_iter());
        let quiet = self.loudness == Loudness::Quiet;
        self.step.tell(&self.surroundings, &outcome, &self.files, quiet);
        if self.output == OutputFormat::Json {
            print(&render(Format::Json, &outcome));
        }
        match self.reporter.take() {
            Some(mut reporter) => reporter.finish(&outcome),
            None => self.finish_without_run(&outcome),
        }
        outcome.exit_code
    }

    /// The last lines of a run that did not begin, and so has no reporter.
    fn finish_without_run(&self, outcome: &Outcome) {
        let targets = outcome.targets.iter().filter_map(|target| {
            let (namespace, name) = (target.namespace.parse().ok()?, target.name.parse().ok()?);
            let workload = TargetRef { kind: target.kind.clone(), namespace, name };
            let is_given = target.context_given;
            let context = target.context.clone().map(|name| Context { name, is_given });
            Some(Target::new(context, workload, target.policy.clone()))
        });
        self.reporter(&targets.collect::<Vec<_>>()).finish(outcome);
    }
}

fn unwritable(outcome: &mut Outcome, error: &str) {
    outcome.verdict = Verdict::Inconclusive;
    outcome.exit_code = ExitCode::Inconclusive;
    let error = Untrusted::from(error).to_clean_line(300);
    for target in &mut outcome.targets {
        target.verdict = Verdict::Inconclusive;
        target.reason_code = Some(ReasonCode::ReportUnwritable);
        let reason = clean!("the rollout passed, but a report could not be written: {}", error);
        target.reason = Reason::new(reason);
        target.next_step =
            NextStep::from_static("free disk space or correct the path, then run deploygate again");
    }
}

/// What is hidden, from the options.
///
/// # Errors
/// A pattern that is not a valid regular expression.
pub(super) fn redactor(args: &OutputArgs, origins: &Origins) -> Result<Redactor, clap::Error> {
    let patterns = given(args.redact.clone());
    Redactor::new(patterns).map_err(|error| {
        usage(format!("invalid value for {}: {}", origins.name("redact"), chain(&error)))
    })
}

/// Opens a recording for writing, creating missing directories. `name`: what asks for it.
///
/// # Errors
/// A path that cannot be written.
#[expect(
    clippy::disallowed_methods,
    reason = "a recording grows with the run, it is not replaced at the end"
)]
pub(super) fn open_recording(path: &Path, name: &str) -> Result<File, clap::Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| File::create(path))
        .map_err(|error| usage(format!("failed to write {name} {}: {error}", path.display())))
}
