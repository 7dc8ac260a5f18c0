//! The keys of a policy file, and their values.

use super::{
    Entry, Fault, PolicyFile,
    tree::{self, Node},
};
use crate::{
    clean,
    cli::{target, values},
    gate::{Annotations, Bounds, Grace, Origin, Rule, Seconds, Section, Setting, Value, duration},
    report::{Format, ReportSpec},
    text::{Clean, Redactor, nearest},
};

/// Keys of the whole.
pub(super) const TOP: [&str; 6] =
    ["defaults", "targets", "reports", "annotations", "min-window", "max-max-restarts"];

/// Keys of `defaults` beside the settings of targets.
pub(super) const OF_RUN: [&str; 4] = ["keep-going", "on-failure", "kubeconfig", "redact"];

/// Keys that say which targets an entry is about.
pub(super) const OF_ENTRY: [&str; 5] = ["names", "kinds", "selectors", "namespaces", "contexts"];

/// Settings that a section may have, `grace` among them.
pub(super) fn settings(section: Section) -> impl Iterator<Item = &'static str> {
    let is_there = move |setting: &Setting| match section {
        Section::Targets => setting.is_of_target(),
        Section::Defaults | Section::Bounds => !OF_RUN.contains(&setting.option()),
    };
    Setting::all().filter(is_there).map(Setting::option).chain([Setting::GRACE])
}

/// Settings that annotations may have.
pub(super) fn of_workload() -> impl Iterator<Item = &'static str> {
    Setting::all().filter(|one| one.is_of_workload()).map(Setting::option).chain([Setting::GRACE])
}

/// Reads a policy file; `file` is its name in places.
///
/// # Errors
/// The first thing in it that is not understood.
pub(super) fn read(text: &str, file: &Clean) -> Result<PolicyFile, Fault> {
    let mut policy = PolicyFile::default();
    let Some(root) = tree::read(text)? else { return Ok(policy) };
    let place = |line: u32| clean!("{}:{}", file, line);
    let origin = |line, section| Origin::File { place: place(line), section };
    for (key, node) in root.entries("")? {
        match key.as_str() {
            "defaults" => defaults(node, &mut policy, &origin)?,
            "targets" => {
                for item in node.items(key)? {
                    policy.targets.push(entry(item, &origin)?);
                }
            }
            "reports" => policy.reports = reports(node)?,
            "annotations" => policy.annotations = annotations(node, place(node.line))?,
            "min-window" => {
                let least =
                    duration(node.text(key)?).map_err(|why| Fault::new(node.line, key, why))?;
                let min_window = Some((Seconds(least), place(node.line)));
                policy.bounds = Bounds { min_window, ..policy.bounds };
            }
            "max-max-restarts" => {
                let most = node.text(key)?.parse().map_err(|_| {
                    Fault::new(node.line, key, "expected a number of restarts from 0 on")
                })?;
                let max_max_restarts = Some((most, place(node.line)));
                policy.bounds = Bounds { max_max_restarts, ..policy.bounds };
            }
            _ => return Err(unknown(node.line, key, TOP)),
        }
    }
    Ok(policy)
}

fn unknown(line: u32, key: &str, known: impl IntoIterator<Item = &'static str>) -> Fault {
    let known: Vec<_> = known.into_iter().collect();
    let what = match nearest(key, known.iter().copied()) {
        Some(near) => format!("unknown key; did you mean `{near}`?"),
        None => format!("unknown key; expected one of {}", known.join(", ")),
    };
    Fault::new(line, key, what)
}

type Place<'a> = &'a dyn Fn(u32, Section) -> Origin;

fn defaults(node: &Node, policy: &mut PolicyFile, origin: Place<'_>) -> Result<(), Fault> {
    for (key, node) in node.entries("defaults")? {
        let line = node.line;
        match key.as_str() {
            "keep-going" => match node.text(key)? {
                word @ ("true" | "false") => {
                    policy.keep_going = Some((word == "true", origin(line, Section::Defaults)));
                }
                _ => return Err(Fault::new(line, key, "expected true or false")),
            },
            "on-failure" => {
                let given = values::on_failure(node.text(key)?);
                let given = given.map_err(|why| Fault::new(line, key, why))?;
                policy.on_failure = Some(((given, origin(line, Section::Defaults)), line));
            }
            "kubeconfig" => policy.kubeconfig = Some((node.text(key)?.into(), line)),
            "redact" => {
                for (pattern, line) in node.texts(key)? {
                    Redactor::new(vec![pattern.to_owned()])
                        .map_err(|error| Fault::new(line, key, crate::text::chain(&error)))?;
                    policy.redact.push(pattern.to_owned());
                }
            }
            _ => {
                let values = setting(key, node, Section::Defaults, origin)?;
                let known = || settings(Section::Defaults).chain(OF_RUN);
                policy.defaults.extend(values.ok_or_else(|| unknown(line, key, known()))?);
            }
        }
    }
    Ok(())
}

/// The values of a setting; `None` if the key is none of this section.
fn setting(
    key: &str,
    node: &Node,
    section: Section,
    origin: Place<'_>,
) -> Result<Option<Vec<(Value, Origin)>>, Fault> {
    let fault = |node: &Node, key: &str, why: String| Fault::new(node.line, key, why);
    if key == Setting::GRACE {
        let each = node.entries(key)?.iter().map(|(cause, node)| {
            let key = format!("{key}.{cause}");
            let grace = Grace::named(cause).map_err(|why| fault(node, &key, why))?;
            let value = Value::read(Setting::Grace(grace), &[node.text(&key)?]);
            Ok((value.map_err(|why| fault(node, &key, why))?, origin(node.line, section)))
        });
        return each.collect::<Result<_, _>>().map(Some);
    }
    let Some(setting) = Setting::all().find(|one| one.option() == key) else { return Ok(None) };
    if !settings(section).any(|known| known == key) {
        return Err(fault(node, key, "can be set in `defaults` only".to_owned()));
    }
    let texts = node.texts(key)?;
    let texts: Vec<_> = texts.into_iter().map(|(text, _)| text).collect();
    let value = Value::read(setting, &texts).map_err(|why| fault(node, key, why))?;
    Ok(Some(vec![(value, origin(node.line, section))]))
}

fn entry(node: &Node, origin: Place<'_>) -> Result<Entry, Fault> {
    let mut entry = Rule::default();
    let mut is_about_some = false;
    for (key, node) in node.entries("targets")? {
        let at = |line: u32, why: &dyn std::fmt::Display| Fault::new(line, key, why.to_string());
        let is_of_entry = OF_ENTRY.contains(&key.as_str());
        is_about_some |= is_of_entry;
        if !is_of_entry {
            let values = setting(key, node, Section::Targets, origin)?;
            let known = || OF_ENTRY.into_iter().chain(settings(Section::Targets));
            entry.values.extend(values.ok_or_else(|| unknown(node.line, key, known()))?);
            continue;
        }
        for (text, line) in node.texts(key)? {
            let text = text.trim();
            match key.as_str() {
                "names" => {
                    let names = target::parse(&[text.to_owned()]);
                    entry.names.extend(names.map_err(|why| at(line, &why))?);
                }
                "kinds" => {
                    entry.kinds.extend(target::kinds(text).map_err(|why| at(line, &why))?);
                }
                "selectors" => entry.selectors.push(text.parse().map_err(|why| at(line, &why))?),
                "namespaces" => entry.namespaces.push(text.parse().map_err(|why| at(line, &why))?),
                _ => entry.contexts.push(text.to_owned()),
            }
        }
    }
    match is_about_some {
        true => Ok(Entry(entry)),
        false => {
            let what = format!("missing key: expected one of {}", OF_ENTRY.join(", "));
            Err(Fault::new(node.line, "targets", what))
        }
    }
}

/// `FORMAT=PATH`, as the option takes it.
fn reports(node: &Node) -> Result<Vec<(String, u32)>, Fault> {
    let mut reports = Vec::new();
    for (format, node) in node.entries("reports")? {
        let known = Format::ALL.map(Format::as_str);
        if !known.contains(&format.as_str()) {
            return Err(unknown(node.line, format, known));
        }
        for (path, line) in node.texts(format)? {
            let spec = format!("{format}={path}");
            spec.parse::<ReportSpec>().map_err(|why| Fault::new(line, format, why.to_string()))?;
            reports.push((spec, line));
        }
    }
    Ok(reports)
}

fn annotations(node: &Node, place: Clean) -> Result<Annotations, Fault> {
    let texts = node.texts("annotations")?;
    let is_none = matches!(*texts, [("none", _)]);
    let texts = if is_none { Vec::new() } else { texts };
    let known: Vec<_> = of_workload().collect();
    if let Some((wrong, line)) = texts.iter().find(|(text, _)| !known.contains(text)) {
        let what = match nearest(wrong, known.iter().copied()) {
            Some(near) => format!("unknown setting `{wrong}`; did you mean `{near}`?"),
            None => format!("expected `none`, or a list of {}", known.join(", ")),
        };
        return Err(Fault::new(*line, "annotations", what));
    }
    let settings = texts.into_iter().map(|(text, _)| text.to_owned()).collect();
    Ok(Annotations::Only { settings, place })
}
