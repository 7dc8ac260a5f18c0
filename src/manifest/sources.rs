//! Where the parts of a workload are written.

use serde::{Deserialize, Serialize};

use crate::{
    evidence::{ObjectKind, ProbeKind},
    text::Clean,
};

/// A part of a workload that a finding can be about. Containers, variables and volumes go by their names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The object as a whole.
    Object,
    /// A container, init containers included.
    Container(Box<str>),
    /// The image of a container.
    Image(Box<str>),
    /// What a container runs: its command, or else its arguments.
    Command(Box<str>),
    /// A variable of a container.
    Env(Box<str>, Box<str>),
    /// The first variable or `envFrom` of a container that refers to an object.
    Reference(Box<str>, ObjectKind, Box<str>),
    /// A variable of a container that is a key of an object.
    Key(Box<str>, ObjectKind, Box<str>, Box<str>),
    /// A probe of a container.
    Probe(Box<str>, ProbeKind),
    /// The requests and limits of a container.
    Resources(Box<str>),
    /// The mount of a volume in a container.
    Mount(Box<str>, Box<str>),
    /// A volume.
    Volume(Box<str>),
    /// The first volume that refers to an object.
    VolumeReference(ObjectKind, Box<str>),
}

impl Part {
    /// What it stands in; `None` for the object.
    fn around(&self) -> Option<Self> {
        match self {
            Self::Object => None,
            Self::Container(_) | Self::Volume(_) | Self::VolumeReference(..) => Some(Self::Object),
            Self::Image(container)
            | Self::Command(container)
            | Self::Env(container, _)
            | Self::Reference(container, ..)
            | Self::Key(container, ..)
            | Self::Probe(container, _)
            | Self::Resources(container)
            | Self::Mount(container, _) => Some(Self::Container(container.clone())),
        }
    }
}

/// A line of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The file, relative to the working directory, with `/` between its parts.
    pub file: Clean,
    /// The line, from 1 on.
    pub line: u32,
}

/// Where the parts of a workload are written. Empty if they come from stdin, or from outside of the working directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sources(Vec<Lines>);

/// The parts that one file has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Lines {
    file: Clean,
    parts: Vec<(Part, u32)>,
}

impl Sources {
    /// The lines of parts in one file.
    pub(super) fn new(file: Option<&Clean>, parts: Vec<(Part, u32)>) -> Self {
        Self(file.map(|file| Lines { file: file.clone(), parts }).into_iter().collect())
    }

    /// Adds those of a pod template that stands in an object of its own.
    pub(super) fn with_template_of(&mut self, other: &Self) {
        for Lines { file, parts } in &other.0 {
            let parts = parts.iter().filter(|(part, _)| *part != Part::Object).cloned().collect();
            self.0.push(Lines { file: file.clone(), parts });
        }
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The parts that are written, in the order of their files.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.0.iter().flat_map(|lines| &lines.parts).map(|(part, _)| part)
    }

    /// Where the first of these parts is written that is written at all; or else where the first one would be: in its
    /// container, or else in the object.
    pub fn find(&self, parts: &[Part]) -> Option<Source> {
        parts.iter().find_map(|part| self.own(part)).or_else(|| {
            let around = std::iter::successors(parts.first().cloned(), Part::around);
            around.chain([Part::Object]).find_map(|part| self.own(&part))
        })
    }

    fn own(&self, part: &Part) -> Option<Source> {
        self.0.iter().find_map(|Lines { file, parts }| {
            let (_, line) = parts.iter().find(|(own, _)| own == part)?;
            Some(Source { file: file.clone(), line: *line })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_not_written_is_looked_for_around_it() {
        let parts = vec![
            (Part::Object, 1),
            (Part::Container("app".into()), 7),
            (Part::Image("app".into()), 8),
        ];
        let sources = Sources::new(Some(&Clean::from_static("a.yaml")), parts);
        let line = |parts: &[Part]| sources.find(parts).map(|source| source.line);
        let env = Part::Env("app".into(), "DB".into());
        assert_eq!(line(&[Part::Image("app".into())]), Some(8));
        assert_eq!(line(std::slice::from_ref(&env)), Some(7));
        assert_eq!(line(&[env, Part::Image("app".into())]), Some(8));
        assert_eq!(line(&[Part::Image("side".into())]), Some(1));
        assert_eq!(line(&[]), Some(1));
        assert_eq!(Sources::default().find(&[Part::Object]), None);
    }
}
