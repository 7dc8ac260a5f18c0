//! Targets as kubectl writes them: `KIND/NAME`, or `KIND NAME`.

use crate::{
    model::{Kind, ObjectName, TargetKind, TargetName},
    text::did_you_mean,
};

/// Names of kinds that a misspelt one may mean; shorter ones are near to too much.
const NEAR: [&str; 5] = ["deployment", "deploy", "statefulset", "daemonset", "rollout"];

/// Reads the positional arguments of a command.
///
/// # Errors
/// A sentence on what is wrong with them and what is expected.
pub(super) fn parse(words: &[String]) -> Result<Vec<TargetName>, String> {
    if let [kinds, names @ ..] = words
        && kinds.contains(',')
        && !kinds.contains('/')
        && !names.is_empty()
    {
        return each_kind(kinds, names);
    }
    let mut targets = Vec::new();
    let mut kind = None;
    let mut has_name = false;
    for word in words {
        let target = match (word.split_once('/'), kind) {
            (Some((kind, name)), None) => named(kind, name)?,
            (Some(_), Some(_)) => {
                return Err(format!(
                    "invalid target `{word}`: write KIND/NAME for every target, or KIND once and then names"
                ));
            }
            (None, Some(kind)) => {
                has_name = true;
                named(kind, word)?
            }
            (None, None) => {
                // the kind is checked with its first name, where the message can show both
                kind = Some(word.as_str());
                continue;
            }
        };
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    match kind {
        // a word without a name behind it is not passed over: what it means would not be judged
        Some(word) if !has_name => Err(format!(
            "invalid target `{word}`: expected KIND/NAME, e.g. deploy/{}",
            name_of(word)
        )),
        None if targets.is_empty() => {
            Err("missing target: expected KIND/NAME, e.g. deploy/app".to_owned())
        }
        _ => Ok(targets),
    }
}

/// A word that stands where a target belongs, as the name that it may be.
fn name_of(word: &str) -> &str {
    match word.parse::<ObjectName>().is_ok() && kind(word).is_err() {
        true => word,
        false => "app",
    }
}

/// Each name of each kind: `deploy,sts app` is `deploy/app sts/app`, as in kubectl.
fn each_kind(kinds: &str, names: &[String]) -> Result<Vec<TargetName>, String> {
    let mut targets = Vec::new();
    for kind in kinds.split(',').map(str::trim).filter(|kind| !kind.is_empty()) {
        let words: Vec<String> =
            [kind.to_owned()].into_iter().chain(names.iter().cloned()).collect();
        let of_kind = parse(&words)?.into_iter();
        let new: Vec<_> = of_kind.filter(|target| !targets.contains(target)).collect();
        targets.extend(new);
    }
    if targets.is_empty() {
        return Err(format!("missing kind in `{kinds}`: expected e.g. `deploy,sts NAME`"));
    }
    Ok(targets)
}

/// What to name in place of an object that a workload makes, or that makes one.
fn instead_of(kind: &str) -> Option<&'static str> {
    let lower = kind.to_ascii_lowercase();
    match lower.split_once('.').map_or(&*lower, |(name, _)| name) {
        "pod" | "pods" | "po" => {
            Some("name the workload that owns it, e.g. deploy/NAME, sts/NAME, ds/NAME or job/NAME")
        }
        "replicaset" | "replicasets" | "rs" => {
            Some("name its owner, e.g. deploy/NAME or rollout/NAME")
        }
        "cronjob" | "cronjobs" | "cj" => Some("name a Job that it created: job/NAME"),
        _ => None,
    }
}

/// Kinds as kubectl writes them beside a selector: `deploy,sts`. None of an empty text.
///
/// # Errors
/// A sentence on the first that is not known, or cannot be selected.
pub(super) fn kinds(text: &str) -> Result<Vec<Kind>, String> {
    let mut kinds = Vec::new();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let kind = match kind(word)?.kind() {
            Kind::Custom => {
                return Err(format!("`{word}` cannot be selected: name each, {word}/NAME"));
            }
            kind => kind,
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    Ok(kinds)
}

fn kind(text: &str) -> Result<TargetKind, String> {
    if let Some(step) = instead_of(text) {
        return Err(format!("`{text}` is not judged by itself: {step}"));
    }
    let known = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Custom);
    let known = || known.map(Kind::as_str).collect::<Vec<_>>().join(", ");
    text.parse().map_err(|_| {
        let near = did_you_mean(text, NEAR);
        format!("unknown kind `{text}`{near}; supported: {}, and any RESOURCE.GROUP", known())
    })
}

fn named(kind: &str, name: &str) -> Result<TargetName, String> {
    let parsed = self::kind(kind)?;
    let name = name.parse().map_err(|error| match name.contains(',') {
        true => format!("invalid {parsed} name `{name}`: write a blank between targets, no comma"),
        false => format!("invalid {parsed} name `{name}`: {error}"),
    })?;
    Ok(TargetName { kind: parsed, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Vec<String>, String> {
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        parse(&words)
            .map(|targets| targets.iter().map(|t| format!("{}/{}", t.kind, t.name)).collect())
    }

    #[test]
    fn several_kinds_before_names_mean_each_of_them() {
        let words = ["deploy,sts", "app", "web"].map(str::to_owned);
        let targets = parse(&words).unwrap();
        let told: Vec<_> = targets
            .iter()
            .map(|target| format!("{:?} {}", target.kind.kind(), target.name))
            .collect();
        assert_eq!(
            told,
            ["Deployment app", "Deployment web", "StatefulSet app", "StatefulSet web"]
        );
        assert_eq!(parse(&["deploy,deploy", "app"].map(str::to_owned)).unwrap().len(), 1);
        assert!(parse(&["deploy,pods", "app"].map(str::to_owned)).unwrap_err().contains("`pods`"));
        assert!(parse(&["deploy,sts".to_owned()]).is_err());
    }

    #[test]
    fn both_of_kubectls_forms_are_read() {
        assert_eq!(parsed(&["deploy", "deploy"]).unwrap(), ["deployment/deploy"]);
        assert_eq!(parsed(&["deploy/app"]).unwrap(), ["deployment/app"]);
        assert_eq!(parsed(&["deployment.apps/app"]).unwrap(), ["deployment/app"]);
        assert_eq!(
            parsed(&["deploy", "app", "web"]).unwrap(),
            ["deployment/app", "deployment/web"]
        );
        assert_eq!(
            parsed(&["deploy/app", "sts/db"]).unwrap(),
            ["deployment/app", "statefulset/db"]
        );
        // named twice, it is judged once
        assert_eq!(parsed(&["deploy/app", "deployments/app"]).unwrap(), ["deployment/app"]);
        assert_eq!(
            parsed(&["ro/app", "rollouts.argoproj.io/web"]).unwrap(),
            ["rollout/app", "rollout/web"]
        );
    }

    #[test]
    fn mistakes_are_named() {
        for (words, expected) in [
            (&["app"][..], "e.g. deploy/app"),
            (&["web"], "e.g. deploy/web"),
            (&["deploy"], "invalid target `deploy`: expected KIND/NAME, e.g. deploy/app"),
            (&["deploy=web"], "e.g. deploy/app"),
            // what is not judged would not be missed
            (&["deploy/app", "web"], "invalid target `web`: expected KIND/NAME, e.g. deploy/web"),
            (&["deploy/app", "sts"], "invalid target `sts`"),
            (&["deploy/app,deploy/web"], "write a blank between targets"),
            (&["deploy", "app,", "web"], "write a blank between targets"),
            (&[], "missing target"),
            (&["pvc/app"], "unknown kind `pvc`; supported: deployment, "),
            (
                &["deplyoments/app"],
                "unknown kind `deplyoments` (did you mean deployment?); supported: ",
            ),
            (&["pod/app"], "name the workload that owns it"),
            (&["rs", "app"], "name its owner"),
            (&["cronjobs.batch/app"], "name a Job that it created"),
            (&["deploy/App"], "invalid deployment name `App`"),
            (&["deploy/"], "invalid deployment name ``"),
            (&["deploy/app; curl evil"], "invalid deployment name"),
            (&["deploy", "app", "sts/db"], "KIND once"),
            (&["deploy/../x"], "invalid deployment name"),
        ] {
            let error = parsed(words).unwrap_err();
            assert!(error.contains(expected), "{words:?}: {error}");
        }
    }
}
