//! `deploygate access`: what the current account may do, and a minimal Role.

mod answers;
mod ask;

use clap::Args;

use super::{
    complain,
    connect::ConnectArgs,
    origins::Origins,
    policy_file::{self, FileArgs, PolicyFile},
    print, runtime,
    selected::Moment,
    settings::Surroundings,
    usage, values,
    wanted::{TargetArgs, Wanted},
};
use crate::{cluster::Cluster, exit::ExitCode, vocabulary::OnFailure};

/// The options of `access`.
#[derive(Args, Debug)]
pub(super) struct AccessArgs {
    #[command(flatten)]
    targets: TargetArgs,

    /// Check what `deploygate check` needs
    ///
    /// Without a target it looks at every workload of the namespace.
    #[arg(long, help_heading = super::TARGETS, env = "DEPLOYGATE_CHECK", value_parser = clap::builder::FalseyValueParser::new())]
    check: bool,

    #[command(flatten)]
    connect: ConnectArgs,

    #[command(flatten)]
    file: FileArgs,

    /// Check what rollback or rollback-all needs, too
    #[arg(long, help_heading = super::TARGETS, value_name = "ACTION", env = "DEPLOYGATE_ON_FAILURE", value_parser = values::on_failure)]
    on_failure: Option<OnFailure>,
}

/// Prints what may be read on stderr and the Role on stdout, so that the Role can be piped to `kubectl apply -f -`.
pub(super) fn run(mut args: AccessArgs, origins: &Origins) -> Result<ExitCode, clap::Error> {
    let surroundings = Surroundings::read();
    let file = policy_file::find(&args.file).map_err(usage)?;
    if let Some(file) = &file {
        file.notes.iter().for_each(|note| complain(note));
        file.stand_in_for_connection(&mut args.connect);
    }
    let on_failure = args.on_failure.or(file.as_ref().and_then(PolicyFile::on_failure));
    let writes = on_failure.is_some_and(OnFailure::writes);
    let moment = if args.check { Moment::Present } else { Moment::Rollout };
    let namespace = args.connect.namespace.as_ref();
    let wanted = Wanted::read(args.targets, namespace, file.as_ref(), moment, origins)?;
    let (options, mut contexts) = args.connect.resolve(&surroundings);
    if contexts.is_empty() {
        contexts = wanted.contexts();
    }
    let runtime = runtime().map_err(usage)?;
    let clusters = Cluster::of(&options, &contexts);
    let code = runtime.block_on(async {
        Cluster::establish_all(&clusters).await;
        let mut code = ExitCode::Passed;
        let mut roles = Vec::new();
        for cluster in &clusters {
            let asked = ask::ask(cluster, &wanted, writes).await;
            roles.extend(
                asked.roles.into_iter().filter(|role| !roles.contains(role)).collect::<Vec<_>>(),
            );
            if !asked.is_enough {
                code = ExitCode::Inconclusive;
            }
        }
        print(roles.join("---\n").as_bytes());
        code
    });
    runtime.shutdown_background();
    Ok(code)
}
