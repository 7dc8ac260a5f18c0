//! What a finding may share with those of other targets, and the words for it.

use std::collections::BTreeMap;

use super::{
    Case, Member,
    crash::{self, Crash},
    host::{self, Host},
    same,
};
use crate::{
    gate::{Finding, NextStep},
    phrases::common as words,
    signs::{Diagnosis, Subject, SubjectKind},
    text::Clean,
};

/// What findings of several targets may have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shared<'a> {
    /// A thing that the targets hang on, in its cluster and its namespace.
    Thing { context: Option<&'a Clean>, namespace: Option<&'a Clean>, subject: &'a Subject },
    /// A server that programs do not reach.
    Host(Host<'a>),
    /// A node on which alone pods fail.
    Node { context: Option<&'a Clean>, node: &'a Clean },
    /// The way in which programs end.
    Crash(Crash),
}

/// What a finding may share.
pub(super) fn of<'a>(case: &Case<'a>, finding: &'a Finding) -> Vec<Shared<'a>> {
    let context = case.context;
    let sound = finding.diagnosis.as_ref().filter(|diagnosis| diagnosis.is_sound());
    let mut all = Vec::new();
    match sound.and_then(|diagnosis| diagnosis.subject.as_ref()) {
        Some(subject) if subject.kind == SubjectKind::Host => {
            all.push(Shared::Host(host::of(subject, case)));
        }
        Some(subject) => {
            let namespace = subject.kind.is_of_namespace().then_some(case.namespace);
            // images and registries are the same for all clusters
            let is_outside = matches!(subject.kind, SubjectKind::Image | SubjectKind::Registry);
            let context = context.filter(|_| !is_outside);
            all.push(Shared::Thing { context, namespace, subject });
        }
        None => all.extend(crash::of(finding).map(Shared::Crash)),
    }
    let bad_node = finding.comparison.as_ref().and_then(|comparison| comparison.bad_node());
    all.extend(bad_node.map(|node| Shared::Node { context, node }));
    all
}

/// A server that some texts name without its port is that of the only port that the others name.
pub(super) fn with_and_without_port<'a>(
    mut groups: BTreeMap<Shared<'a>, Vec<Member<'a>>>,
) -> BTreeMap<Shared<'a>, Vec<Member<'a>>> {
    let hosts: Vec<Host<'a>> = groups.keys().filter_map(Shared::host).cloned().collect();
    for bare in hosts.iter().filter(|host| host.port.is_none()) {
        let mut ports = hosts.iter().filter(|host| host.port.is_some() && host.is_same_as(bare));
        let (Some(full), None) = (ports.next(), ports.next()) else { continue };
        let members = groups.remove(&Shared::Host(bare.clone())).unwrap_or_default();
        let all = groups.entry(Shared::Host(full.clone())).or_default();
        for member in members {
            if all.iter().all(|known| known.place != member.place) {
                all.push(member);
            }
        }
        all.sort_by_key(|member| member.place);
    }
    groups
}

impl<'a> Shared<'a> {
    pub(super) fn host(&self) -> Option<&Host<'a>> {
        match self {
            Self::Host(host) => Some(host),
            Self::Thing { .. } | Self::Node { .. } | Self::Crash(_) => None,
        }
    }

    /// What they hang on, as the first of them names it.
    pub(super) fn subject(&self, members: &[Member<'_>]) -> Option<Subject> {
        match self {
            Self::Thing { subject, .. } => Some((*subject).clone()),
            Self::Host(host) => {
                let named = diagnoses(members).filter_map(|diagnosis| diagnosis.subject.as_ref());
                let named = named.into_iter().find(|subject| subject.port == host.port);
                named.cloned()
            }
            Self::Node { node, .. } => Some(Subject::new(SubjectKind::Node, node)),
            Self::Crash(_) => None,
        }
    }

    /// The reason in a sentence, and what to do: as the findings say it, where they say the same.
    pub(super) fn said(&self, members: &[Member<'_>]) -> (Clean, NextStep) {
        let step = same(members, |finding| Some(&finding.hint)).cloned();
        let any_step = || members.first().map(|of| of.finding.hint.clone()).unwrap_or_default();
        match (self, self.subject(members)) {
            (Self::Node { node, .. }, _) => (words::bad_node(node), words::check_node(node)),
            (Self::Crash(crash), _) => {
                let cause = same(members, |finding| sound_cause(finding)).cloned();
                let said = || words::same_end(crash.exit_code, &crash::line(members));
                (cause.unwrap_or_else(said), step.unwrap_or_else(any_step))
            }
            (_, Some(subject)) => {
                let namespace = members.first().map(|of| of.case.namespace);
                let trouble = || words::trouble(&subject, namespace.unwrap_or(&subject.name));
                let what = match same(members, |finding| sound_cause(finding)) {
                    Some(cause) if cause.contains(&*subject.name) => cause.clone(),
                    Some(cause) => words::about(cause, &subject),
                    None => trouble(),
                };
                let missing = || subject.kind.is_object().then(|| words::add_missing(&subject));
                (what, step.or_else(missing).unwrap_or_else(any_step))
            }
            (_, None) => (Clean::default(), any_step()),
        }
    }
}

fn diagnoses<'a>(members: &[Member<'a>]) -> impl Iterator<Item = &'a Diagnosis> {
    members.iter().filter_map(|member| member.finding.diagnosis.as_ref())
}

/// What is wrong with a target, where it is more than a guess.
pub(super) fn sound_cause(finding: &Finding) -> Option<&Clean> {
    let diagnosis = finding.diagnosis.as_ref().filter(|diagnosis| diagnosis.is_sound())?;
    Some(&diagnosis.cause)
}
