//! Whether the new revision is the one that is expected: its images, and its labels.

mod image;

use image::{Image, Match};

use super::{
    Attribution, Cause, Gate,
    findings::Circumstances,
    names,
    revision::Pin,
    symptom::{Limit, Symptom},
};
use crate::{
    model::{Container, Elapsed, PodSpec, Workload},
    phrases::{self, Account, awaiting, note},
    text::{Clean, Untrusted},
};

/// Characters of an image that is named.
const SHOWN: usize = 200;

fn shown(image: &str) -> Clean {
    Untrusted::from(image).to_clean_line(SHOWN)
}

/// A container of the manifest.
struct Declared<'a> {
    name: &'a str,
    expected: &'a str,
    /// What it runs; `None` if there is no such container.
    image: Option<&'a str>,
    found: Match,
}

/// What the containers of a template run.
#[derive(Clone, Copy)]
struct Template<'a>(&'a PodSpec);

impl<'a> Template<'a> {
    /// Its containers, init containers included.
    fn containers(self) -> impl Iterator<Item = &'a Container> {
        self.0.init_containers.iter().chain(self.0.containers.iter())
    }

    /// Whether a container runs the repository of this image.
    fn runs(self, expected: &str) -> bool {
        let expected = Image::of(expected);
        self.containers().any(|one| Image::of(&one.image).is_of_repository(expected))
    }

    /// The container that comes nearest to an image of the command line.
    fn nearest(self, expected: &str) -> Option<(Match, &'a Container)> {
        let found = self.containers();
        let found = found.map(|one| (Image::of(&one.image).with_flag(Image::of(expected)), one));
        let is_other =
            |one: &Container| !Image::of(&one.image).is_of_repository(Image::of(expected));
        found.min_by_key(|(found, one)| (*found, is_other(one)))
    }
}

impl Pin {
    fn template(&self) -> Template<'_> {
        Template(&self.spec)
    }
}

impl Gate {
    /// Whether a container of the target runs the repository of this image; `None` until that is known.
    pub fn runs_repository(&self, expected: &str) -> Option<bool> {
        Some(self.pin.as_ref()?.template().runs(expected))
    }

    /// Whether the workload or its pod template carries a label or annotation, `KEY=VALUE`.
    pub fn carries(workload: &Workload, label: &str) -> bool {
        let (key, value) = label.split_once('=').unwrap_or((label, ""));
        [&workload.metadata().marks, &workload.template().marks]
            .iter()
            .any(|marks| marks.has(key, value))
    }

    /// Every label that is expected must be on the workload or its pod template.
    pub(super) fn expect_labels(&mut self, workload: &Workload) {
        let missing: Vec<_> = self.labels_missing(workload).collect();
        if !missing.is_empty() {
            self.see_wrong_image(phrases::finding::label_missing(&missing));
        }
    }

    fn labels_missing<'a>(&'a self, workload: &'a Workload) -> impl Iterator<Item = Clean> + 'a {
        let expected = self.policy.expect_labels.iter();
        expected.filter(|label| !Self::carries(workload, label)).map(|label| shown(label))
    }

    /// Images of the command line that bind it: of several targets only those that run the repository.
    fn images_given<'a>(&'a self, template: Template<'a>) -> impl Iterator<Item = &'a String> {
        let is_bound =
            move |image: &&String| !self.passing.is_one_of_several() || template.runs(image);
        self.policy.expect_images.iter().filter(is_bound)
    }

    /// Those of which no container runs the version.
    fn images_missing<'a>(&'a self, template: Template<'a>) -> impl Iterator<Item = &'a String> {
        let is_other = move |image: &&String| {
            template.nearest(image).is_none_or(|(found, _)| found == Match::Other)
        };
        self.images_given(template).filter(is_other)
    }

    /// Whether anything is expected of it, and what of that it lacks, in words.
    pub(super) fn lacking(&self, workload: &Workload) -> (bool, Vec<Clean>) {
        let template = Template(&workload.template().spec);
        let is_bound = !self.policy.expect_labels.is_empty()
            || !self.policy.manifest_images.is_empty()
            || self.images_given(template).next().is_some();
        let labels = self.labels_missing(workload).map(|label| awaiting::label(&label));
        let images = self.images_missing(template).map(|image| awaiting::image(&shown(image)));
        let declared = self.in_manifest(template).filter(|one| one.found == Match::Other);
        let declared = declared
            .map(|one| awaiting::image_of(&names::container(one.name), &shown(one.expected)));
        (is_bound, labels.chain(images).chain(declared).collect())
    }

    /// Every image that is expected must be that of a container of the template.
    pub(super) fn expect_images(&mut self) {
        let Some(template) = self.pin.as_ref().map(Pin::template) else { return };
        let message = match self.images_missing(template).next() {
            Some(missing) => {
                let images: Vec<_> = template.containers().map(|one| shown(&one.image)).collect();
                phrases::finding::wrong_image(missing, &images)
            }
            None => {
                let others: Vec<_> = self.images_other_than_in_the_manifest(template).collect();
                match others.is_empty() {
                    true => return,
                    false => phrases::joined(&others, "; "),
                }
            }
        };
        self.see_wrong_image(message);
    }

    /// No target of the release runs an image of that repository: it fails here, since the release has no finding of its own.
    pub fn miss_image(&mut self, now: Elapsed, expected: &str) {
        self.now = self.now.max(now);
        let Some(pin) = self.pin.as_ref().filter(|_| self.decision.is_none()) else { return };
        let images: Vec<_> = pin.template().containers().map(|one| shown(&one.image)).collect();
        self.see_wrong_image(phrases::finding::image_of_no_target(expected, &images));
        self.judge_findings();
    }

    fn see_wrong_image(&mut self, message: Clean) {
        let Some(pin) = &self.pin else { return };
        let symptom =
            Symptom::new(Cause::WrongImage, Attribution::Configuration, message, Limit::AtOnce);
        let uid = pin.workload.clone();
        let name = names::object(&self.target.name);
        self.see(&symptom, &uid, &name, Circumstances::default());
    }

    /// Containers of the manifest with what they run.
    fn in_manifest<'a>(&'a self, template: Template<'a>) -> impl Iterator<Item = Declared<'a>> {
        // an image of the command line stands for that of the manifest
        let is_given = |image: &str| {
            let given = |flag: &String| Image::of(flag).is_of_repository(Image::of(image));
            self.policy.expect_images.iter().any(given)
        };
        let images = self.policy.manifest_images.iter().filter(move |(_, image)| !is_given(image));
        images.map(move |(name, expected)| {
            let image =
                template.containers().find(|one| *one.name == **name).map(|one| &*one.image);
            let found = image.map(|image| Image::of(image).with_manifest(Image::of(expected)));
            Declared { name, expected, image, found: found.unwrap_or(Match::Other) }
        })
    }

    fn images_other_than_in_the_manifest<'a>(
        &'a self,
        template: Template<'a>,
    ) -> impl Iterator<Item = Clean> {
        let others = self.in_manifest(template).filter(|one| one.found == Match::Other);
        others.map(|Declared { name, expected, image, .. }| {
            let (container, image) = (names::container(name), image.map(shown));
            phrases::finding::other_than_in_the_manifest(
                &container,
                &shown(expected),
                image.as_ref(),
            )
        })
    }

    /// The containers whose images are not what was expected.
    pub fn other_images(&self) -> Vec<Box<str>> {
        let Some(pin) = self.pin.as_ref().map(Pin::template) else { return Vec::new() };
        let of_flags = self.policy.expect_images.iter().filter(|image| pin.runs(image));
        let of_flags = of_flags.filter_map(|image| pin.nearest(image));
        let of_flags = of_flags.filter(|(found, _)| *found == Match::Other);
        let of_manifest = self.in_manifest(pin).filter(|one| one.found == Match::Other);
        let names = of_flags.map(|(_, one)| &*one.name).chain(of_manifest.map(|one| one.name));
        names.map(Into::into).collect()
    }

    /// What is to be said of images that are those of the manifest, as far as can be told.
    pub(super) fn notes_on_images(&self, pin: &Pin) -> Vec<Clean> {
        let notes = self.in_manifest(pin.template()).filter_map(|one| {
            let (container, expected) = (names::container(one.name), shown(one.expected));
            let image = shown(one.image?);
            match one.found {
                Match::Rewritten => Some(note::image_rewritten(&container, &expected, &image)),
                Match::Unverified => Some(note::image_unverified(&container, &expected, &image)),
                Match::Same | Match::Other => None,
            }
        });
        notes.collect()
    }

    /// Why a pass would say more than is known of an image of the command line.
    pub(super) fn unverified(&self) -> Option<Account> {
        let pin = self.pin.as_ref()?.template();
        self.policy.expect_images.iter().find_map(|expected| {
            let (found, container) = pin.nearest(expected)?;
            let account =
                || phrases::verdict::image_unverified(&shown(expected), &shown(&container.image));
            (found == Match::Unverified).then(account)
        })
    }
}
