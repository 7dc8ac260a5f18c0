//! Which line of a manifest a finding is about: one table from what is wrong to the part that says so.

use crate::{
    evidence::{ObjectKind, ProbeKind},
    gate::{Cause, Finding},
    manifest::{Part, Source, Sources},
};

/// Where the part is written that a finding is about. `images`: the containers that run another image than expected.
pub(super) fn source_of(
    finding: &Finding,
    sources: &Sources,
    images: &[Box<str>],
) -> Option<Source> {
    match sources.is_empty() {
        true => None,
        false => sources.find(&parts(finding, sources, images)),
    }
}

/// The parts that a finding is about, the nearest first. What has none is about the container, or else the object.
fn parts(finding: &Finding, sources: &Sources, images: &[Box<str>]) -> Vec<Part> {
    let text = Text::of(finding);
    let name = finding.container.as_deref();
    let of = |part: &dyn Fn(Box<str>) -> Part| name.map(|name| part(name.into()));
    let probe = |kind| of(&move |name| Part::Probe(name, kind));
    let (image, command) = (of(&Part::Image), of(&Part::Command));
    let resources = of(&Part::Resources);
    let telling = match finding.cause {
        Cause::WrongImage => images.iter().map(|name| Some(Part::Image(name.clone()))).collect(),
        Cause::Image | Cause::ImageName => vec![image],
        Cause::StartError if text.has(&["exec format", "no match for platform"]) => vec![image],
        Cause::StartError => vec![command, image],
        Cause::OomKilled => vec![resources],
        Cause::Liveness => vec![probe(ProbeKind::Liveness)],
        Cause::Startup => vec![probe(ProbeKind::Startup), probe(ProbeKind::Liveness)],
        Cause::NotReady => vec![probe(ProbeKind::Readiness)],
        Cause::CrashLoop | Cause::Exited if text.is_about_command() => vec![command],
        Cause::CrashLoop if text.has_sign("out-of-memory") => vec![resources],
        Cause::Evicted if text.has(&["volume"]) => text.volume(sources),
        Cause::Evicted => vec![resources],
        Cause::Config | Cause::Container | Cause::Mount | Cause::CrashLoop | Cause::Exited => {
            text.reference(name, sources)
        }
        Cause::Pending if text.has(&["insufficient "]) => vec![asking(sources)],
        Cause::Pending => text.reference(None, sources),
        Cause::PostStart
        | Cause::Create
        | Cause::Sandbox
        | Cause::Platform
        | Cause::Stalled
        | Cause::Condition
        | Cause::JobFailed => Vec::new(),
    };
    let around = name.map(|name| Part::Container(name.into()));
    telling.into_iter().flatten().chain(around).collect()
}

/// The first requests that are written: a pod that fits nowhere is not one container's.
fn asking(sources: &Sources) -> Option<Part> {
    sources.parts().find(|part| matches!(part, Part::Resources(_))).cloned()
}

/// What a finding says.
struct Text<'a> {
    finding: &'a Finding,
    /// Its message and what shows its cause, in lower case.
    lower: String,
    whole: String,
}

impl<'a> Text<'a> {
    fn of(finding: &'a Finding) -> Self {
        let diagnosis = finding.diagnosis.as_ref();
        let diagnosis = diagnosis.map(|of| format!("\n{}\n{}", of.cause, of.quote));
        let whole = format!("{}{}", finding.message, diagnosis.unwrap_or_default());
        Self { finding, lower: whole.to_lowercase(), whole }
    }

    fn has(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.lower.contains(word))
    }

    fn has_sign(&self, sign: &str) -> bool {
        self.finding.diagnosis.as_ref().is_some_and(|diagnosis| &*diagnosis.sign == sign)
    }

    /// Whether what runs is what its manifest should not say: a command or an argument.
    fn is_about_command(&self) -> bool {
        const SIGNS: [&str; 6] = [
            "argument-wrong",
            "shell-command-missing",
            "no-command",
            "exit-64",
            "exit-126",
            "exit-127",
        ];
        SIGNS.iter().any(|sign| self.has_sign(sign))
    }

    /// Whether a name stands in the text by itself.
    fn names(&self, name: &str) -> bool {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        !name.is_empty()
            && self.whole.match_indices(name).any(|(at, _)| {
                let before = self.whole[..at].chars().next_back();
                let mut after = self.whole[at + name.len()..].chars();
                let next = after.next();
                // a full stop ends a sentence
                let ends = next != Some('.') || !after.next().is_some_and(is_part);
                !before.is_some_and(is_part)
                    && (!next.is_some_and(is_part) || next == Some('.') && ends)
            })
    }

    fn names_object(&self, kind: ObjectKind, name: &str) -> bool {
        let word = match kind {
            ObjectKind::ConfigMap => "configmap",
            ObjectKind::Secret => "secret",
            ObjectKind::PersistentVolumeClaim => "claim",
            ObjectKind::ServiceAccount => "serviceaccount",
        };
        self.lower.contains(word) && self.names(name)
    }

    /// The reference to the object that the text names: of its very key, of a variable, of a volume; or a volume, or a
    /// variable. `container`: only its own ones.
    fn reference(&self, container: Option<&str>, sources: &Sources) -> Vec<Option<Part>> {
        let is_own = |own: &str| container.is_none_or(|name| name == own);
        let find = |is: &dyn Fn(&Part) -> bool| sources.parts().find(|part| is(part)).cloned();
        let key = find(&|part| match part {
            Part::Key(own, kind, name, key) => {
                is_own(own) && self.names_object(*kind, name) && self.names(key)
            }
            _ => false,
        });
        let object = find(&|part| match part {
            Part::Reference(own, kind, name) => is_own(own) && self.names_object(*kind, name),
            _ => false,
        });
        let volume = find(&|part| match part {
            Part::VolumeReference(kind, name) => self.names_object(*kind, name),
            _ => false,
        });
        let variable = find(&|part| match part {
            Part::Env(own, name) => is_own(own) && self.names(name),
            _ => false,
        });
        let mut found = vec![key, object, volume];
        found.extend(self.volume(sources));
        // a line of log may have any word in it
        if self.has_sign("variable-missing")
            || !matches!(self.finding.cause, Cause::CrashLoop | Cause::Exited)
        {
            found.push(variable);
        }
        found
    }

    /// A volume that the text names.
    fn volume(&self, sources: &Sources) -> Vec<Option<Part>> {
        let is_named = |part: &&Part| match part {
            Part::Volume(name) => self.whole.contains(&format!("volume \"{name}\"")),
            _ => false,
        };
        vec![sources.parts().find(is_named).cloned()]
    }
}
