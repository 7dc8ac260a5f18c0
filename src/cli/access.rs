//! `deploygate access`: what the current account may read, and a minimal Role.

use clap::Args;
use clap_complete::ArgValueCandidates;

use super::{args::ConnectArgs, complain, print, settings::Surroundings, target, usage};
use crate::{
    cluster::{Cluster, ConnectOptions, Limits, node_lease_role, node_role, role},
    exit::ExitCode,
    model::{Kind, TargetRef},
    observation::{AccessReview, Resource},
    text::{Clean, Redactor, Untrusted, chain},
};

/// The options of `access`.
#[derive(Args, Debug)]
pub(super) struct AccessArgs {
    /// Workload to check, as in kubectl: deploy/app
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
        .map_err(|error| usage(format!("failed to start: {error}")))?;
    let code = runtime.block_on(async {
        let cluster = match Cluster::connect(options).await {
            Ok(cluster) => cluster,
            Err(error) => {
                let why = harmless(chain(&error));
                complain(&format!("deploygate: failed to connect to the cluster: {why}"));
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
            reviews.iter().for_each(|review| complain(&line(target.kind, review)));
            let refused = reviews.iter().any(|review| !review.allowed && is_needed(review));
            if refused || reviews.is_empty() {
                code = ExitCode::Inconclusive;
            }
            if reviews.is_empty() {
                complain("  the API server answered none of the permission checks");
            }
        }
        let mut roles = format!("{}---\n{}", role(namespace, &targets), node_lease_role(namespace));
        if targets.iter().any(|target| target.kind.is_on_each_node()) {
            roles += "---\n";
            roles += &node_role(namespace);
        }
        print(roles.as_bytes());
        code
    });
    runtime.shutdown_background();
    Ok(code)
}

/// One line that is safe to print: a kubeconfig's URL may contain a password, and a plugin's output anything.
fn harmless(text: String) -> Clean {
    let mut text = Untrusted::from(text);
    text.redact(&Redactor::built_in());
    text.to_clean_line(500)
}

fn line(kind: Kind, review: &AccessReview) -> String {
    let resource = match review.resource {
        Resource::Workload => kind.resource().1,
        other => other.as_str(),
    };
    let answer = match (review.allowed, is_needed(review)) {
        (true, _) => "yes",
        (false, true) => "NO (required)",
        (false, false) if review.resource == Resource::NodeLeases => {
            "no (optional: a pass will not check that nodes still report)"
        }
        (false, false) if review.resource == Resource::Nodes => {
            "no (optional: pods alone will tell which nodes are lost)"
        }
        (false, false) => "no (optional: reports will be incomplete)",
    };
    format!("  {:<6} {resource:<12} {answer}", review.verb)
}

/// Whether a verdict needs it; the rest gives evidence or speed.
fn is_needed(review: &AccessReview) -> bool {
    let judged = matches!(
        review.resource,
        Resource::Workload | Resource::ReplicaSets | Resource::ControllerRevisions | Resource::Pods
    );
    judged && review.verb.as_ref() != "watch"
}
