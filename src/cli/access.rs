//! `deploygate access`: what the gate may read, and the Role that suffices.

use clap::Args;
use clap_complete::ArgValueCandidates;

use super::{args::ConnectArgs, chain, complain, print, settings::Surroundings, target, usage};
use crate::{
    cluster::{Cluster, ConnectOptions, Limits, node_lease_role, role},
    exit::ExitCode,
    model::TargetRef,
    observation::{AccessReview, Resource},
    text::{Clean, Redactor, Untrusted},
};

/// The options of `access`.
#[derive(Args, Debug)]
pub(super) struct AccessArgs {
    /// What would be judged: deploy/app
    #[arg(
        value_name = "TARGET",
        required = true,
        env = "DEPLOYGATE_TARGET",
        value_delimiter = '\n',
        add = ArgValueCandidates::new(super::complete::targets)
    )]
    target: Vec<String>,

    #[command(flatten)]
    connect: ConnectArgs,
}

/// Prints what may be read on stderr and the Role on stdout, so that the Role can be piped to `kubectl apply -f -`.
pub(super) fn run(args: AccessArgs) -> Result<ExitCode, clap::Error> {
    let surroundings = Surroundings::read();
    let names = target::parse(&super::args::given(args.target)).map_err(usage)?;
    let options = ConnectOptions {
        kubeconfig: args.connect.kubeconfig,
        context: args.connect.context,
        namespace: args.connect.namespace.clone(),
        interactive: surroundings.stdin_is_terminal && !surroundings.is_ci,
        env: surroundings.cluster,
        limits: Limits::default(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| usage(format!("the program could not start: {error}")))?;
    let code = runtime.block_on(async {
        let cluster = match Cluster::connect(options).await {
            Ok(cluster) => cluster,
            Err(error) => {
                let why = harmless(chain(&error));
                complain(&format!("deploygate: cannot connect to the cluster: {why}"));
                complain(&harmless(error.hint()));
                return ExitCode::Inconclusive;
            }
        };
        let namespace = cluster.default_namespace();
        let targets: Vec<TargetRef> = names
            .into_iter()
            .map(|name| TargetRef {
                kind: name.kind,
                namespace: namespace.clone(),
                name: name.name,
            })
            .collect();
        let mut code = ExitCode::Passed;
        for target in &targets {
            let reviews = cluster.access(target).await;
            complain(&format!("{target} in namespace {namespace}:"));
            reviews.iter().for_each(|review| complain(&line(review)));
            let refused = reviews.iter().any(|review| !review.allowed && is_needed(review));
            if refused || reviews.is_empty() {
                code = ExitCode::Inconclusive;
            }
            if reviews.is_empty() {
                complain("  the cluster did not say what may be read");
            }
        }
        let roles = format!("{}---\n{}", role(namespace, &targets), node_lease_role(namespace));
        print(roles.as_bytes());
        code
    });
    runtime.shutdown_background();
    Ok(code)
}

/// A URL of a kubeconfig may hold a password, and what a credential plugin says anything at all.
fn harmless(text: String) -> Clean {
    let mut text = Untrusted::from(text);
    text.redact(&Redactor::built_in());
    text.to_clean_line(500)
}

fn line(review: &AccessReview) -> String {
    let answer = match (review.allowed, is_needed(review)) {
        (true, _) => "yes",
        (false, true) => "NO: the gate cannot judge without it",
        (false, false) if review.resource == Resource::NodeLeases => {
            "no (optional: a pass will not check that the nodes still report)"
        }
        (false, false) => "no: reports will lack it",
    };
    format!("  {:<6} {:<12} {answer}", review.verb, review.resource.as_str())
}

/// Whether the verdict rests on it; the rest is evidence, or speed.
fn is_needed(review: &AccessReview) -> bool {
    let judged =
        matches!(review.resource, Resource::Workload | Resource::ReplicaSets | Resource::Pods);
    judged && review.verb.as_ref() != "watch"
}
