//! Finds the targets of a selection before the watch begins.

use std::time::Duration;

use futures_util::future::join_all;

use crate::{
    clock::Clock,
    cluster::{Cluster, ClusterError},
    fleet::Problem,
    gate::ReasonCode,
    observation::{FailureKind, ReadFailure},
    phrases,
    selection::{Chosen, Selection},
    text::{Redactor, Untrusted, chain},
};

/// Between two tries.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a cluster may take that others would have to wait for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is chosen in a cluster, or why it cannot be: parts of the selection that match nothing, too.
pub type Selected = Result<Chosen, Vec<Problem>>;

/// Chooses targets in each cluster by its selection. Lists that fail for a reason that may pass are tried again: for as long
/// as reads may fail (`stale`), or shorter where other clusters wait.
pub async fn select(
    selections: &[(&Cluster, Selection)],
    stale: Duration,
    redactor: &Redactor,
    clock: Clock,
) -> Vec<Selected> {
    let patience = if selections.len() > 1 { stale.min(PATIENCE) } else { stale };
    let each = selections.iter().map(async |(cluster, selection)| {
        let chosen = select_in(cluster, selection, patience, redactor, clock).await;
        let problems = match chosen {
            Ok(chosen) if chosen.unmatched.is_empty() => return Ok(chosen),
            Ok(chosen) => unmatched(cluster, &chosen, selection, redactor).await,
            Err(problem) => vec![problem],
        };
        let context = cluster.context().filter(|context| context.is_given);
        let of_cluster =
            |problem| Problem { context: context.map(|of| of.name.clone()), ..problem };
        Err(problems.into_iter().map(of_cluster).collect())
    });
    join_all(each).await
}

async fn select_in(
    cluster: &Cluster,
    selection: &Selection,
    patience: Duration,
    redactor: &Redactor,
    clock: Clock,
) -> Result<Chosen, Problem> {
    cluster.establish().await.map_err(|error| not_connected(&error, redactor))?;
    let began = clock.elapsed();
    loop {
        let mut failure = match cluster.select(selection).await {
            Ok(chosen) => return Ok(chosen),
            Err(failure) => failure,
        };
        let tried = clock.elapsed().since(began);
        if is_lasting(&failure) || tried >= patience {
            failure.message.redact(redactor);
            return Err(refused(&failure, selection, tried));
        }
        tokio::time::sleep(PAUSE.min(patience.saturating_sub(tried))).await;
    }
}

async fn unmatched(
    cluster: &Cluster,
    chosen: &Chosen,
    selection: &Selection,
    redactor: &Redactor,
) -> Vec<Problem> {
    let namespace = selection.namespace.as_ref();
    if let Some(namespace) = namespace
        && chosen.unmatched.iter().all(|one| one.there.workloads == 0)
        && let Some(near) = cluster.missing_namespace(namespace).await
    {
        let account = phrases::selection::no_namespace(namespace, near.as_ref());
        return vec![Problem::new(ReasonCode::NothingMatched, account)];
    }
    let account = |one| phrases::selection::nothing_matched(one, namespace, redactor);
    let problem = |one| Problem::new(ReasonCode::NothingMatched, account(one));
    chosen.unmatched.iter().map(problem).collect()
}

fn not_connected(error: &ClusterError, redactor: &Redactor) -> Problem {
    let mut text = Untrusted::from(chain(error));
    text.redact(redactor);
    let account = phrases::unread::not_connected(&text, &Untrusted::from(error.hint()));
    Problem::new(ReasonCode::ApiUnavailable, account)
}

fn is_lasting(failure: &ReadFailure) -> bool {
    match failure.kind {
        FailureKind::Forbidden
        | FailureKind::Unauthorized
        | FailureKind::NotFound
        | FailureKind::Refused => true,
        FailureKind::Unreachable | FailureKind::Unavailable | FailureKind::Malformed => false,
    }
}

fn refused(failure: &ReadFailure, selection: &Selection, tried: Duration) -> Problem {
    let code = match failure.kind {
        FailureKind::NotFound => ReasonCode::Unsupported,
        _ if is_lasting(failure) => ReasonCode::Forbidden,
        _ => ReasonCode::ApiUnavailable,
    };
    let account = match code {
        ReasonCode::ApiUnavailable => phrases::unread::stale(tried, false, Some(failure)),
        _ => phrases::selection::refused(failure, selection),
    };
    Problem::new(code, account)
}
