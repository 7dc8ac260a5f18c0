//! The options of `wait`, checked and resolved, and the release that they ask for.

use std::fs::File;

use super::super::{
    complain,
    fault::{Decided, LastWords},
    finish::Publisher,
    listing,
    places::{self, Places},
    policy_file::PolicyFile,
    runtime,
    settings::Surroundings,
    usage,
    wanted::Wanted,
};
use crate::{
    clock::Clock,
    cluster::{Cluster, ConnectOptions},
    exit::ExitCode,
    fleet::{Problem, Release, RestartLoop, Target},
    gate::{Grace, NextStep, Origin, Policy, ReasonCode},
    model::Namespace,
    observation::Signal,
    outcome::Outcome,
    phrases,
    recording::{Header, Writer},
    report, run,
    selection::Selection,
    text::{Clean, Redactor},
    vocabulary::OnFailure,
};

/// The options, checked and resolved.
pub(super) struct Settings {
    pub(super) wanted: Wanted,
    pub(super) policy: Policy,
    pub(super) file: Option<PolicyFile>,
    pub(super) keep_going: Option<(bool, Origin)>,
    pub(super) on_failure: Option<(OnFailure, Origin)>,
    pub(super) redactor: Redactor,
    pub(super) connect: ConnectOptions,
    /// Each once; empty for the current one.
    pub(super) contexts: Vec<String>,
    pub(super) record: Option<File>,
    pub(super) is_quiet: bool,
    pub(super) surroundings: Surroundings,
    /// What was decided, once the cluster is written to.
    pub(super) decided: Decided,
}

impl Settings {
    /// The targets as far as they are known before the kubeconfig is read.
    pub(super) fn release(&self) -> Release {
        let namespace = self.connect.namespace.clone().unwrap_or_else(Namespace::default_one);
        self.release_of(places::expected(&self.wanted, &self.contexts, &namespace, &self.policy))
    }

    /// What is wanted of the clusters.
    pub(super) async fn find(&self, clusters: &[Cluster], clock: Clock) -> Places {
        let stale = self.policy.grace(Grace::Stale);
        let selected = places::search(&self.wanted, clusters, stale, &self.redactor, clock).await;
        places::targets(&self.wanted, clusters, &self.policy, selected)
    }

    /// Pods in a restart loop, where everything that is there is looked at, and what is to be said where they are not known.
    pub(super) async fn restart_loops(
        &self,
        clusters: &[Cluster],
        targets: &[Target],
    ) -> (Vec<RestartLoop>, Vec<Clean>) {
        let (mut loops, mut unread) = (Vec::new(), Vec::new());
        for cluster in clusters {
            let selections = self.wanted.selections(cluster.context(), cluster.default_namespace());
            let all = selections.into_iter().find(Selection::is_of_everything);
            let Some(selection) = all else { continue };
            let namespace = selection.namespace.as_ref();
            let (policy, redactor) = (&self.policy, &self.redactor);
            match run::restart_loops(cluster, namespace, policy, targets, redactor).await {
                Ok(found) => loops.extend(found),
                Err(why) => unread.push(why),
            }
        }
        (loops, unread)
    }

    pub(super) fn list(&self, clock: Clock) -> Result<ExitCode, clap::Error> {
        let runtime = runtime().map_err(usage)?;
        let clusters = Cluster::of(&self.connect, &self.contexts);
        let places = runtime.block_on(self.find(&clusters, clock));
        runtime.shutdown_background();
        Ok(listing::list(&places))
    }

    pub(super) fn release_of(&self, Places { targets, notes, problems }: Places) -> Release {
        let is_selected = self.wanted.selects() && !self.policy.present;
        let newcomers = is_selected.then(|| self.policy.clone());
        let mut release = Release { targets, problems, notes, newcomers, ..Release::default() };
        if let Some(file) = &self.file {
            file.apply_to(&mut release);
        }
        release.take(self.keep_going.clone());
        release.take_on_failure(self.on_failure.clone());
        release
    }

    /// Tells notes, but for those that were told `before`.
    pub(super) fn tell(&self, notes: &[Clean], before: &[Clean]) {
        // what is judged at once is told at its end
        if !self.is_quiet && !self.policy.present {
            let new = notes.iter().filter(|note| !before.contains(note));
            new.for_each(|note| complain(note));
        }
    }

    /// The targets and their servers are known now: a run that is killed, or ends by a fault, leaves reports that name them.
    pub(super) fn found(&self, release: &Release, publisher: &Publisher, clock: Clock) {
        self.tell(&release.notes, &self.release().notes);
        let rollback = run::longest_rollback(release).map(phrases::rollback::may_take);
        self.tell(rollback.as_slice(), &[]);
        let placeholder = report::placeholder(release, clock.started_at());
        publisher.save(placeholder);
        self.last_words(release.clone(), publisher, clock).install();
    }

    pub(super) fn last_words(
        &self,
        release: Release,
        publisher: &Publisher,
        clock: Clock,
    ) -> LastWords {
        let (redactor, files) = (self.redactor.clone(), publisher.files());
        LastWords { release, redactor, files, clock, decided: self.decided.clone() }
    }

    pub(super) fn recording(
        &self,
        release: &Release,
        clock: Clock,
    ) -> Option<Writer<Box<dyn std::io::Write>>> {
        let file = self.record.as_ref()?.try_clone().ok()?;
        let header = Header::new(clock.started_at(), release.clone());
        let file: Box<dyn std::io::Write> = Box::new(std::io::BufWriter::new(file));
        let writer = Writer::new(file, &header);
        writer
            .inspect_err(|error| {
                complain(&format!("deploygate: failed to start the recording: {error}"))
            })
            .ok()
    }

    pub(super) fn interrupted(&self, signal: Signal, clock: Clock) -> Outcome {
        run::interrupted(self.release(), signal, clock)
    }

    pub(super) fn abandon(
        &self,
        code: ReasonCode,
        reason: Clean,
        next_step: impl Into<NextStep>,
        clock: Clock,
    ) -> Outcome {
        let why = Problem { context: None, reason_code: code, reason, next_step: next_step.into() };
        run::abandon(self.release(), &why, clock)
    }
}
