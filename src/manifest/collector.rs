//! Objects of many files, made into targets.

use std::collections::BTreeMap;

use super::{
    Declared, ManifestError, Manifests, NotJudged, Other, Sources,
    error::{Failure, Problem},
    object::{self, Object, Workload},
    yaml,
};
use crate::{
    clean,
    model::{Kind, Namespace, ObjectName},
    text::{Clean, Untrusted},
};

/// Objects in all files.
const OBJECTS_MAX: usize = 100_000;

/// The text of manifests, and how it is called.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// As the user named it, for errors.
    pub shown: &'a Clean,
    /// Its path relative to the working directory; `None` for stdin, and for what is outside of it.
    pub file: Option<&'a Clean>,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Takes manifests in the order in which they are applied.
#[derive(Debug, Default)]
pub struct Collector {
    workloads: Vec<(Workload, Option<Clean>)>,
    /// Where a workload is among them.
    known: BTreeMap<(Kind, Option<Namespace>, ObjectName), usize>,
    others: Vec<Other>,
    /// Workloads that were taken, the ones that stand for an earlier one included.
    taken: usize,
}

impl Collector {
    /// Takes the documents of a file.
    ///
    /// # Errors
    ///
    /// At the first document that kubectl would not take, or that was not rendered.
    pub fn add(&mut self, input: Input<'_>) -> Result<(), ManifestError> {
        let fail =
            |(line, problem): Failure| ManifestError { file: input.shown.clone(), line, problem };
        let text = std::str::from_utf8(input.bytes).map_err(|_| fail((None, Problem::NotText)))?;
        // of a picture or an archive no line is worth telling
        if text.contains('\0') {
            return Err(fail((None, Problem::NotText)));
        }
        yaml::documents(text, |document| {
            object::read(document, &mut |object| self.take(object, input.file))
        })
        .map_err(fail)
    }

    fn take(&mut self, object: Object, file: Option<&Clean>) -> Result<(), Failure> {
        if self.taken + self.others.len() >= OBJECTS_MAX {
            return Err((None, Problem::TooLarge { what: "objects", most: OBJECTS_MAX }));
        }
        match object {
            Object::Other(other) => self.others.push(other),
            Object::Workload(workload) => {
                self.taken += 1;
                let key = (workload.kind, workload.namespace.clone(), workload.name.clone());
                let next = self.workloads.len();
                let at = *self.known.entry(key).or_insert(next);
                let taken = (*workload, file.cloned());
                // what is applied last holds
                match self.workloads.get_mut(at) {
                    Some(earlier) => *earlier = taken,
                    None => self.workloads.push(taken),
                }
            }
        }
        Ok(())
    }

    /// How many workloads were taken so far.
    pub fn workloads(&self) -> usize {
        self.taken
    }

    /// That there is no workload in what was named so: with what there is instead.
    pub fn nothing_in(&self, shown: &Clean) -> ManifestError {
        let found = match self.others.as_slice() {
            [] => Clean::default(),
            [only] => clean!(" (only {} {})", only.kind, only.name),
            [first, rest @ ..] => {
                clean!(" (only {} {} and {} more)", first.kind, first.name, rest.len())
            }
        };
        ManifestError { file: shown.clone(), line: None, problem: Problem::NoWorkload(found) }
    }

    /// The targets and the other objects.
    pub fn finish(self) -> Manifests {
        let Self { workloads, mut others, .. } = self;
        let template_of = |workload: &Workload| {
            let name = workload.workload_ref.as_deref()?;
            workloads.iter().position(|(other, _)| {
                other.kind == Kind::Deployment
                    && other.namespace == workload.namespace
                    && &*other.name == name
            })
        };
        let templates: Vec<_> = workloads.iter().map(|(own, _)| template_of(own)).collect();
        let declared = workloads.iter().map(|(workload, file)| declared(workload, file.as_ref()));
        let mut declared: Vec<_> = declared.collect();
        for (at, template) in templates.iter().enumerate() {
            let Some(template) = template else { continue };
            let Declared { images, sources, .. } = declared[*template].clone();
            declared[at].images = images;
            declared[at].sources.with_template_of(&sources);
        }
        let mut targets = Vec::new();
        for (at, target) in declared.into_iter().enumerate() {
            match templates.contains(&Some(at)) {
                true => others.push(run_by_a_rollout(target)),
                false => targets.push(target),
            }
        }
        Manifests { targets, others }
    }
}

fn declared(workload: &Workload, file: Option<&Clean>) -> Declared {
    let Workload { kind, namespace, name, replicas, is_paused, template, .. } = workload;
    Declared {
        kind: *kind,
        namespace: namespace.clone(),
        name: name.clone(),
        replicas: *replicas,
        is_paused: *is_paused,
        images: template.images.clone(),
        sources: Sources::new(file, template.parts.clone()),
    }
}

fn run_by_a_rollout(target: Declared) -> Other {
    Other {
        kind: Clean::from_static(target.kind.api_name()),
        group: Clean::from_static(target.kind.resource().0),
        namespace: target.namespace,
        name: Untrusted::from(&*target.name).to_clean_line(253),
        why: NotJudged::WorkloadRef,
    }
}
