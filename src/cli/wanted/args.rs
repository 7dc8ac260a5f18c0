//! The options that name targets.

use clap::Args;

use crate::cli::selected::SelectArgs;

/// The options that name targets.
#[derive(Args, Debug)]
#[command(next_help_heading = crate::cli::TARGETS)]
pub(in crate::cli) struct TargetArgs {
    /// Workloads: deploy/app sts/db, or deploy app web; with -l kinds
    ///
    /// As in kubectl, with its short names. Kinds: deployment, statefulset, daemonset, job, rollout (Argo), and custom
    /// resources as RESOURCE.GROUP/NAME. With `--selector` or `-A` kinds alone: `deploy,sts`.
    #[arg(
        value_name = "TARGET",
        help_heading = "Arguments",
        env = "DEPLOYGATE_TARGET",
        value_delimiter = '\n'
    )]
    pub(super) target: Vec<String>,

    /// Manifests, folders of them, or -; repeatable
    ///
    /// `-` is stdin. Deployments, StatefulSets, DaemonSets, Jobs and Argo Rollouts in them are targets, each in its own namespace. The images of the
    /// manifest are expected, and findings point to its lines. Hooks and objects that are not judged are listed.
    #[arg(short, long, value_name = "PATH", env = "DEPLOYGATE_FILENAME", value_delimiter = '\n', value_hint = clap::ValueHint::AnyPath)]
    pub(super) filename: Vec<String>,

    /// Read the subfolders of --filename too
    #[arg(short = 'R', long, env = "DEPLOYGATE_RECURSIVE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) recursive: bool,

    #[command(flatten)]
    pub(super) select: SelectArgs,
}

impl TargetArgs {
    /// Whether nothing is asked for, so that a policy file says what is judged.
    pub(super) fn is_empty(&self) -> bool {
        let is_blank = |texts: &[String]| texts.iter().all(|text| text.trim().is_empty());
        is_blank(&self.target) && is_blank(&self.filename) && self.select.is_empty()
    }
}
