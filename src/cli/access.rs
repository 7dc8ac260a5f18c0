//! `deploygate access`: what the current account may read, and a minimal Role.

use clap::Args;
use clap_complete::ArgValueCandidates;

use super::{
    complain,
    connect::ConnectArgs,
    print,
    settings::Surroundings,
    target::{self, TargetName},
    usage, values,
};
use crate::{
    cluster::{Cluster, OwnerKind, TemplateHolder, node_lease_role, node_role, role, write_role},
    exit::ExitCode,
    model::{TargetKind, TargetRef},
    observation::{AccessReview, Resource},
    text::{Clean, Redactor, Untrusted, chain},
    vocabulary::OnFailure,
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
        add = ArgValueCandidates::new(super::candidates::targets)
    )]
    target: Vec<String>,

    #[command(flatten)]
    connect: ConnectArgs,

    /// Check what a rollback needs, too: none, rollback or rollback-all
    #[arg(long, value_name = "ACTION", env = "DEPLOYGATE_ON_FAILURE", value_parser = values::on_failure, add = ArgValueCandidates::new(super::candidates::on_failure))]
    on_failure: Option<OnFailure>,
}

/// Prints what may be read on stderr and the Role on stdout, so that the Role can be piped to `kubectl apply -f -`.
pub(super) fn run(args: AccessArgs) -> Result<ExitCode, clap::Error> {
    let surroundings = Surroundings::read();
    let writes = args.on_failure.is_some_and(OnFailure::writes);
    let names = target::parse(&super::values::given(args.target)).map_err(usage)?;
    let (options, contexts) = args.connect.resolve(&surroundings);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| usage(format!("failed to start: {error}")))?;
    let clusters = Cluster::of(&options, &contexts);
    let code = runtime.block_on(async {
        Cluster::establish_all(&clusters).await;
        let mut code = ExitCode::Passed;
        let mut roles = Vec::new();
        for cluster in &clusters {
            let asked = ask(cluster, &names, writes).await;
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

/// What the account of a cluster may read.
struct Asked {
    is_enough: bool,
    /// Each document by itself; empty if the cluster could not be asked.
    roles: Vec<String>,
}

/// Asks a cluster and prints its answers.
async fn ask(cluster: &Cluster, names: &[TargetName], writes: bool) -> Asked {
    let place = match cluster.context().filter(|context| context.is_given) {
        Some(context) => format!(" @ {}", context.name),
        None => String::new(),
    };
    if let Err(error) = cluster.establish().await {
        let why = harmless(chain(&*error));
        complain(&format!("deploygate: failed to connect to the cluster{place}: {why}"));
        complain(&harmless(error.hint()));
        return Asked { is_enough: false, roles: Vec::new() };
    }
    let namespace = cluster.default_namespace();
    let mut targets: Vec<TargetRef> = Vec::new();
    for TargetName { kind, name } in names {
        let (kind, namespace, name) = (kind.clone(), namespace.clone(), name.clone());
        targets.push(cluster.named_in_full(TargetRef { kind, namespace, name }).await);
    }
    let mut is_enough = true;
    let mut holders: Option<Vec<TemplateHolder>> = Some(Vec::new());
    let mut owners: Vec<OwnerKind> = Vec::new();
    for target in &targets {
        let mut reviews = cluster.access(target).await;
        if writes {
            reviews.extend(cluster.write_access(target).await);
        }
        complain(&format!("{target} in namespace {namespace}{place}:"));
        reviews.iter().for_each(|review| complain(&line(&target.kind, review)));
        if reviews.is_empty() {
            complain("  the API server answered none of the permission checks");
        }
        is_enough &= !reviews.is_empty()
            && reviews.iter().all(|review| review.allowed || !is_needed(review));
        match cluster.template_holder(target).await {
            Some(Some(holder)) => {
                let allowed = cluster.may_get(&holder, namespace).await;
                if let Some(allowed) = allowed {
                    complain(&told("get", &holder.to_string(), answer(allowed, true)));
                }
                is_enough &= allowed != Some(false);
                holders = holders.map(|known| known.into_iter().chain([holder]).collect());
            }
            Some(None) => {}
            None => holders = None,
        }
        for kind in cluster.owner_kinds(target).await {
            let allowed = cluster.may_get_owners(&kind, namespace).await;
            if let Some(allowed) = allowed {
                complain(&told("get", &kind.to_string(), answer(allowed, true)));
            }
            is_enough &= allowed != Some(false);
            if !owners.contains(&kind) {
                owners.push(kind);
            }
        }
    }
    let mut roles =
        vec![role(namespace, &targets, holders.as_deref(), &owners), node_lease_role(namespace)];
    if targets.iter().any(|target| target.kind.kind().is_on_each_node()) {
        roles.push(node_role(namespace));
    }
    roles.extend(Some(write_role(namespace, &targets)).filter(|_| writes));
    Asked { is_enough, roles }
}

/// One line that is safe to print: a kubeconfig's URL may contain a password, and a plugin's output anything.
fn harmless(text: String) -> Clean {
    let mut text = Untrusted::from(text);
    text.redact(&Redactor::built_in());
    text.to_clean_line(500)
}

fn line(kind: &TargetKind, review: &AccessReview) -> String {
    let resource = match review.resource {
        Resource::Workload => kind.plural(),
        other => other.as_str(),
    };
    let optional = match review.resource {
        _ if review.allowed || is_needed(review) => None,
        Resource::NodeLeases => {
            Some("no (optional: a pass will not check that nodes still report)")
        }
        Resource::Services => {
            Some("no (optional: a Service that does not find the new pods will go unnoticed)")
        }
        Resource::Nodes => Some("no (optional: pods alone will tell which nodes are lost)"),
        _ => None,
    };
    let answer = optional.unwrap_or_else(|| answer(review.allowed, is_needed(review)));
    told(&review.verb, resource, answer)
}

const fn answer(is_allowed: bool, is_needed: bool) -> &'static str {
    match (is_allowed, is_needed) {
        (true, _) => "yes",
        (false, true) => "NO (required)",
        (false, false) => "no (optional: reports will be incomplete)",
    }
}

fn told(verb: &str, resource: &str, answer: &str) -> String {
    format!("  {verb:<6} {resource:<12} {answer}")
}

/// Whether a verdict needs it; the rest gives evidence or speed.
fn is_needed(review: &AccessReview) -> bool {
    let judged = matches!(
        review.resource,
        Resource::Workload | Resource::ReplicaSets | Resource::ControllerRevisions | Resource::Pods
    );
    judged && review.verb.as_ref() != "watch"
}
