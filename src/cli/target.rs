//! Targets as kubectl writes them: `KIND/NAME`, or `KIND NAME`.

use crate::model::{Kind, ObjectName};

/// A target before its namespace is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TargetName {
    pub(super) kind: Kind,
    pub(super) name: ObjectName,
}

/// Reads the positional arguments of a command.
///
/// # Errors
/// A sentence on what is wrong with them and what is expected.
pub(super) fn parse(words: &[String]) -> Result<Vec<TargetName>, String> {
    let mut targets = Vec::new();
    let mut kind = None;
    for word in words {
        let target = match (word.split_once('/'), kind) {
            (Some((kind, name)), None) => named(kind, name)?,
            (Some(_), Some(_)) => {
                return Err(format!(
                    "`{word}`: write either KIND/NAME for each target, or KIND once and then names"
                ));
            }
            (None, Some(kind)) => named(kind, word)?,
            (None, None) => {
                // the kind is checked with its first name, where the message can show both
                kind = Some(word.as_str());
                continue;
            }
        };
        if targets.contains(&target) {
            return Err(format!("{}/{} is given twice", target.kind, target.name));
        }
        targets.push(target);
    }
    match (targets.len(), kind) {
        (0, Some(word)) => {
            Err(format!("`{word}` is no target: write KIND/NAME, e.g. deploy/{word}"))
        }
        (0, None) => Err("no target is given: write KIND/NAME, e.g. deploy/app".to_owned()),
        _ => Ok(targets),
    }
}

fn named(kind: &str, name: &str) -> Result<TargetName, String> {
    let parsed: Kind = kind.parse().map_err(|()| {
        format!(
            "`{kind}` is no kind of workload that is known here: deploy (Deployment), sts, ds, job"
        )
    })?;
    let name =
        name.parse().map_err(|error| format!("invalid name `{name}` of a {parsed}: {error}"))?;
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
    fn both_of_kubectls_forms_are_read() {
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
    }

    #[test]
    fn mistakes_are_named() {
        for (words, expected) in [
            (&["app"][..], "deploy/app"),
            (&[], "no target"),
            (&["pod/app"], "`pod` is no kind"),
            (&["deploy/App"], "invalid name `App`"),
            (&["deploy/"], "invalid name ``"),
            (&["deploy/app; curl evil"], "invalid name"),
            (&["deploy/app", "deploy/app"], "given twice"),
            (&["deploy", "app", "sts/db"], "either"),
            (&["deploy/../x"], "invalid name"),
        ] {
            let error = parsed(words).unwrap_err();
            assert!(error.contains(expected), "{words:?}: {error}");
        }
    }
}
