//! What the workload itself says of its limits: its annotations, and labels for which a policy file has settings. Read once,
//! when the workload is pinned, so that a limit that is changed later starts nothing anew.

use std::mem;

use super::{
    Annotations, Gate, GateEvent, Grace, Later, Origin, ReasonCode, Setting, Value, Verdict,
};
use crate::{
    model::{ANNOTATION_PREFIX, Workload},
    phrases::{Account, settings},
    text::{Clean, Untrusted, nearest},
};

/// Characters of an annotation's value that are shown.
const SHOWN: usize = 100;

/// What an annotation is.
enum Meaning {
    /// Values of settings.
    Values(Vec<Value>),
    /// A setting that no annotation can have.
    NotOfWorkload,
    /// Nothing of this program's.
    Unknown,
    /// The name of a setting with a mistake in it: the name that is meant.
    Misspelt(String),
    /// A setting with another value than it can have: what is expected.
    Invalid(String),
}

impl Gate {
    /// Takes the settings of the policy file for its labels, and then its annotations.
    pub(super) fn take_settings_of(&mut self, workload: &Workload) {
        let own = &workload.metadata().own;
        let (before, longest) = (self.policy.settings(), self.policy.longest_run());
        self.policy.take_rules(&own.labels);
        let mut notes = match self.take_annotations(workload) {
            Ok(notes) => notes,
            Err(account) => {
                self.decide(Verdict::Inconclusive, Some(ReasonCode::Policy), account);
                return;
            }
        };
        notes.extend(self.policy.keep_bounds());
        self.policy.later = Later::default();
        self.notes_on_settings = notes;
        self.reads.set_stale(self.policy.grace(Grace::Stale));
        let new = self.policy.settings().into_iter().filter(|fact| !before.contains(fact));
        let new: Vec<_> = new.map(|fact| fact.in_words()).collect();
        if !new.is_empty() {
            let longest = Some(self.policy.longest_run()).filter(|now| *now > longest);
            let (at, what) = (self.now, settings::taken(&new, longest));
            self.tell(GateEvent::SettingsTaken { at, what });
        }
    }

    /// # Errors
    /// What is wrong with an annotation that would be taken.
    fn take_annotations(&mut self, workload: &Workload) -> Result<Vec<Clean>, Account> {
        let own = &workload.metadata().own;
        let allowed = mem::take(&mut self.policy.later.annotations);
        let shown =
            |key: &str| Untrusted::from(format!("{ANNOTATION_PREFIX}{key}")).to_clean_line(SHOWN);
        if own.annotations.is_empty() {
            return Ok(Vec::new());
        }
        if allowed == Annotations::Ignored {
            let keys: Vec<_> = own.annotations.keys().map(|key| shown(key)).collect();
            return Ok(vec![settings::ignored(&keys)]);
        }
        if own.has_more {
            return Err(settings::too_many(&self.target, own.annotations.len()));
        }
        let (mut notes, mut not_allowed) = (Vec::new(), Vec::new());
        for (key, value) in &own.annotations {
            let name = shown(key);
            if !allowed.have(key) {
                not_allowed.push(name);
                continue;
            }
            match meaning(key, value.as_raw()) {
                Meaning::Values(values) => {
                    let origin = Origin::Annotation { key: name };
                    values.into_iter().for_each(|value| self.policy.set(value, origin.clone()));
                }
                Meaning::NotOfWorkload => notes.push(settings::not_of_workload(&name)),
                Meaning::Unknown => notes.push(settings::unknown(&name)),
                Meaning::Misspelt(near) => {
                    let (value, near) = (value.to_clean_line(SHOWN), shown(&near));
                    return Err(settings::misspelt(&self.target, &name, &value, &near));
                }
                Meaning::Invalid(why) => {
                    let value = value.to_clean_line(SHOWN);
                    let why = Untrusted::from(why).to_clean_line(300);
                    return Err(settings::invalid(&self.target, &name, &value, &why));
                }
            }
        }
        if let (Annotations::Only { place, .. }, false) = (&allowed, not_allowed.is_empty()) {
            notes.push(settings::not_allowed(&not_allowed, place));
        }
        Ok(notes)
    }
}

impl Annotations {
    /// Whether an annotation may be taken, by its key without the prefix.
    fn have(&self, key: &str) -> bool {
        match self {
            Self::All => true,
            Self::Ignored => false,
            Self::Only { settings, .. } => {
                let word = if cause_of(key).is_some() { Setting::GRACE } else { key };
                settings.iter().any(|allowed| allowed == word)
            }
        }
    }
}

/// The cause that `grace-CAUSE` or `grace.CAUSE` names.
fn cause_of(key: &str) -> Option<&str> {
    key.strip_prefix(Setting::GRACE)?.strip_prefix(['-', '.'])
}

fn meaning(key: &str, value: &str) -> Meaning {
    let values = if key == Setting::GRACE {
        graces(value)
    } else if let Some(cause) = cause_of(key) {
        grace(cause, value).map(|value| vec![value])
    } else {
        match key.parse::<Setting>() {
            Ok(setting) if setting.is_of_workload() => {
                Value::read(setting, &texts(setting, value)).map(|value| vec![value])
            }
            Ok(_) => return Meaning::NotOfWorkload,
            Err(_) => {
                let known: Vec<_> = Setting::all().map(Setting::option).collect();
                let near = nearest(key, known.into_iter().chain([Setting::GRACE]));
                return near.map_or(Meaning::Unknown, |near| Meaning::Misspelt(near.to_owned()));
            }
        }
    };
    values.map_or_else(Meaning::Invalid, Meaning::Values)
}

/// The entries of a value: a list has commas or white space between them.
fn texts(setting: Setting, value: &str) -> Vec<&str> {
    match setting {
        Setting::IgnoreContainer => entries(value).collect(),
        _ => vec![value],
    }
}

fn entries(value: &str) -> impl Iterator<Item = &str> {
    value.split([',', ' ', '\n', '\t']).filter(|entry| !entry.is_empty())
}

/// Several grace periods, `image=2m, pending=10m`.
fn graces(value: &str) -> Result<Vec<Value>, String> {
    let each = entries(value).map(|entry| match entry.split_once('=') {
        Some((cause, length)) => grace(cause, length),
        None => Err("expected CAUSE=DURATION, e.g. image=2m".to_owned()),
    });
    let values: Vec<Value> = each.collect::<Result<_, _>>()?;
    match values.is_empty() {
        true => Err("expected CAUSE=DURATION, e.g. image=2m".to_owned()),
        false => Ok(values),
    }
}

fn grace(cause: &str, length: &str) -> Result<Value, String> {
    Value::read(Setting::Grace(Grace::named(cause)?), &[length])
}
