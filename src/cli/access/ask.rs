//! Asks a cluster what the current account may do, and makes the Roles that suffice.

use std::collections::BTreeMap;

use super::{
    super::{
        complain,
        wanted::{Found, Wanted},
    },
    answers::{answer, is_needed, line, told},
};
use crate::{
    cluster::{Cluster, Grant, OwnerKind, TemplateHolder, node_lease_role, node_role},
    gate::Policy,
    model::{Kind, Namespace, TargetKind, TargetRef},
    observation::{AccessReview, FailureKind},
    phrases,
    text::{Clean, Redactor, Untrusted, chain},
};

/// What the account of a cluster may do.
#[derive(Debug)]
pub(super) struct Asked {
    /// Whether it is all that a verdict needs.
    pub(super) is_enough: bool,
    /// Each document by itself; empty if the cluster could not be asked.
    pub(super) roles: Vec<String>,
}

/// What is wanted of a namespace, or of all.
#[derive(Debug)]
struct Place {
    targets: Vec<TargetRef>,
    searched: Vec<Kind>,
    holders: Option<Vec<TemplateHolder>>,
    owners: Vec<OwnerKind>,
}

/// Asks a cluster and prints its answers. `writes`: a rollback is asked for too.
pub(super) async fn ask(cluster: &Cluster, wanted: &Wanted, writes: bool) -> Asked {
    let context = match cluster.context().filter(|context| context.is_given) {
        Some(context) => format!(" @ {}", context.name),
        None => String::new(),
    };
    if let Err(error) = cluster.establish().await {
        let why = harmless(chain(&*error));
        complain(&format!("deploygate: failed to connect to the cluster{context}: {why}"));
        complain(&harmless(error.hint()));
        return Asked { is_enough: false, roles: Vec::new() };
    }
    let account = cluster.default_namespace();
    let mut questions = Questions { cluster, context, writes, is_enough: true };
    let mut roles = Vec::new();
    let mut has_daemon_sets = false;
    for (namespace, mut place) in places(cluster, wanted).await {
        questions.of_kinds(namespace.as_ref(), &place.searched).await;
        questions.of_targets(&mut place).await;
        let Place { targets, searched, holders, owners } = &place;
        let (namespace, holders) = (namespace.as_deref(), holders.as_deref());
        let grant = Grant { namespace, account, targets, searched, holders, owners };
        roles.push(grant.role());
        roles.extend(writes.then(|| grant.write_role()));
        let kinds = targets.iter().map(|target| target.kind.kind());
        has_daemon_sets |= kinds.chain(searched.iter().copied()).any(Kind::is_on_each_node);
    }
    roles.push(node_lease_role(account));
    roles.extend(has_daemon_sets.then(|| node_role(account)));
    Asked { is_enough: questions.is_enough, roles }
}

/// What is wanted, by namespaces; that of all comes first.
async fn places(cluster: &Cluster, wanted: &Wanted) -> BTreeMap<Option<Namespace>, Place> {
    let (context, namespace) = (cluster.context(), cluster.default_namespace());
    let mut places: BTreeMap<Option<Namespace>, Place> = BTreeMap::new();
    for selection in wanted.selections(context, namespace) {
        let place = places.entry(selection.namespace.clone()).or_default();
        for kind in cluster.searched(&selection).await {
            if !place.searched.contains(&kind) {
                place.searched.push(kind);
            }
        }
    }
    let Found { targets, notes } = wanted.targets(context, namespace, &Policy::default(), None);
    notes.iter().for_each(|note| complain(note));
    for target in targets {
        let target = cluster.named_in_full(target.workload).await;
        let place = places.entry(Some(target.namespace.clone())).or_default();
        if !place.searched.contains(&target.kind.kind()) {
            place.targets.push(target);
        }
    }
    places
}

impl Default for Place {
    fn default() -> Self {
        let (targets, searched, owners) = (Vec::new(), Vec::new(), Vec::new());
        Self { targets, searched, holders: Some(Vec::new()), owners }
    }
}

/// Questions to a cluster, and whether all answers so far are enough.
struct Questions<'a> {
    cluster: &'a Cluster,
    /// Where it is, behind a namespace; empty where there is one only.
    context: String,
    writes: bool,
    is_enough: bool,
}

impl Questions<'_> {
    /// Asks about all workloads of kinds that are searched.
    async fn of_kinds(&mut self, namespace: Option<&Namespace>, kinds: &[Kind]) {
        if kinds.is_empty() {
            return;
        }
        let reviews = self.cluster.access_to_all(kinds, namespace, self.writes).await;
        let plurals: Vec<_> = kinds.iter().map(|kind| kind.resource().1).collect();
        let place = match namespace {
            Some(namespace) => format!("namespace {namespace}"),
            None => "all namespaces".to_owned(),
        };
        complain(&format!("all {} in {place}{}:", plurals.join(", "), self.context));
        self.tell(reviews.iter().map(|(kind, review)| (line(&(*kind).into(), review), review)));
        if let (true, Some(kind)) = (reviews.is_empty(), kinds.first()) {
            self.tell_why(&(*kind).into(), namespace.unwrap_or(self.cluster.default_namespace()))
                .await;
        }
    }

    /// Asks about targets of one namespace; what several of them need is told of the first.
    async fn of_targets(&mut self, place: &mut Place) {
        let cluster = self.cluster;
        let mut known: Vec<AccessReview> = Vec::new();
        for target in &place.targets {
            let namespace = &target.namespace;
            let mut reviews = cluster.access_beside(target, &known).await;
            if self.writes {
                reviews.extend(cluster.write_access(target).await);
            }
            complain(&format!("{target} in namespace {namespace}{}:", self.context));
            self.tell(reviews.iter().map(|review| (line(&target.kind, review), review)));
            if reviews.is_empty() {
                self.tell_why(&target.kind, namespace).await;
            }
            known.extend(reviews);
            match cluster.template_holder(target).await {
                Some(Some(holder)) => {
                    let allowed = cluster.may_get(&holder, namespace).await;
                    self.tell_of(&holder.to_string(), allowed);
                    place.holders.iter_mut().for_each(|known| known.push(holder.clone()));
                }
                Some(None) => {}
                None => place.holders = None,
            }
            for kind in cluster.owner_kinds(target).await {
                let allowed = cluster.may_get_owners(&kind, namespace).await;
                self.tell_of(&kind.to_string(), allowed);
                if !place.owners.contains(&kind) {
                    place.owners.push(kind);
                }
            }
        }
    }

    /// Prints why there is no answer, as a read shows it: a server that does not know the account answers nothing.
    async fn tell_why(&self, kind: &TargetKind, namespace: &Namespace) {
        let failure = self.cluster.names_in(kind, namespace).await.err();
        let Some(failure) = failure.filter(|one| one.kind != FailureKind::Forbidden) else {
            return;
        };
        let account = phrases::unread::failed(&failure);
        complain(&format!("  {}\n  {}", account.reason, account.next_step.sentence()));
    }

    /// Prints answers.
    fn tell<'a>(&mut self, answers: impl Iterator<Item = (String, &'a AccessReview)>) {
        let mut has_answers = false;
        for (line, review) in answers {
            has_answers = true;
            self.is_enough &= review.allowed || !is_needed(review);
            complain(&line);
        }
        if !has_answers {
            self.is_enough = false;
            complain("  the API server answered none of the permission checks");
        }
    }

    /// Prints whether something else may be read that a verdict needs; nothing without an answer.
    fn tell_of(&mut self, what: &str, allowed: Option<bool>) {
        if let Some(allowed) = allowed {
            complain(&told("get", what, answer(allowed, true)));
        }
        self.is_enough &= allowed != Some(false);
    }
}

/// One line that is safe to print: a kubeconfig's URL may contain a password, and a plugin's output anything.
fn harmless(text: String) -> Clean {
    let mut text = Untrusted::from(text);
    text.redact(&Redactor::built_in());
    text.to_clean_line(500)
}
