//! What the head of a scenario says of a release of several targets, and its manifest as it is applied.

use std::fs;
use std::path::Path;

use super::scenario::Verdict;

/// A release; a scenario of one target names no targets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Release {
    /// What each target must end as; there are no others.
    pub(crate) targets: Vec<Ending>,
    /// The causes that targets share, in the order of the reports; there are no others.
    pub(crate) common: Vec<Shared>,
    /// How often a document with `$N` is applied.
    pub(crate) copies: u32,
    /// The Helm release by which the manifests are installed, where that is not kubectl.
    pub(crate) helm: Option<String>,
}

/// What one target must end as.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Ending {
    /// As `deployment/app`.
    pub(crate) name: String,
    pub(crate) verdict: Verdict,
    /// The cause of the finding, or the reason code where it could not be judged.
    pub(crate) code: Option<String>,
    pub(crate) attribution: Option<String>,
    /// The line of the manifest that the finding points to.
    pub(crate) line: Option<u64>,
    /// What every report says of it.
    pub(crate) text: Option<String>,
}

/// What several targets must be said to have in common.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Shared {
    pub(crate) cause: String,
    pub(crate) attribution: String,
    pub(crate) targets: Vec<String>,
    /// The target that is itself the reason.
    pub(crate) origin: Option<String>,
    /// What every report says of it.
    pub(crate) text: String,
}

impl Release {
    /// Takes a key of the head; `false` if it is none of a release.
    pub(crate) fn take(&mut self, key: &str, value: &str) -> Result<bool, String> {
        match key {
            "target" => self.targets.push(ending(value)?),
            "common" => self.common.push(shared(value)?),
            "copies" => self.copies = value.parse().map_err(|_| format!("{value} is no number"))?,
            "helm" => self.helm = Some(value.to_owned()),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// A target of documents that are applied several times is as many targets.
    pub(crate) fn expand(&mut self) {
        let copies = |ending: Ending| match ending.name.contains("$N") {
            false => vec![ending],
            true => self
                .numbers()
                .map(|name| Ending { name: ending.name.replace("$N", &name), ..ending.clone() })
                .collect(),
        };
        self.targets = self.targets.clone().into_iter().flat_map(copies).collect();
    }

    fn numbers(&self) -> impl Iterator<Item = String> {
        (1..=self.copies).map(|number| format!("{number:02}"))
    }

    /// The text of a manifest with its copies. `$NAMESPACE` stands for the namespace of the run, `$OTHER` for a second.
    pub(crate) fn manifest(&self, path: &Path, namespace: &str) -> Result<String, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        let text = placed(&text, namespace);
        let copies = |document: &str| match document.contains("$N") {
            false => document.to_owned(),
            true => {
                let copies = self.numbers().map(|number| document.replace("$N", &number));
                copies.collect::<Vec<_>>().join("---\n")
            }
        };
        Ok(text.split("---\n").map(copies).collect::<Vec<_>>().join("---\n"))
    }
}

/// A text with the namespaces of this run.
pub(crate) fn placed(text: &str, namespace: &str) -> String {
    text.replace("$NAMESPACE", namespace).replace("$OTHER", &other(namespace))
}

/// The second namespace of a run.
pub(crate) fn other(namespace: &str) -> String {
    format!("{namespace}-other")
}

/// `NAME VERDICT [CODE [ATTRIBUTION]] [@LINE] [TEXT]`; a failure has code and attribution, a pass neither.
fn ending(value: &str) -> Result<Ending, String> {
    let (name, rest) = value.split_once(' ').ok_or(format!("{value}: no verdict"))?;
    let (word, mut rest) = next(rest);
    let verdict = Verdict::named(word)?;
    let words = match verdict {
        Verdict::Passed => 0,
        Verdict::Inconclusive | Verdict::Superseded => 1,
        Verdict::Failed | Verdict::TimedOut => 2,
    };
    let mut take = |is_there: bool| -> Result<Option<String>, String> {
        let (word, more) = next(rest);
        match (is_there, word) {
            (false, _) => Ok(None),
            (true, "") => Err(format!("{value}: its cause or attribution is missing")),
            (true, word) => {
                rest = more;
                Ok(Some(word.to_owned()))
            }
        }
    };
    let (code, attribution) = (take(words > 0)?, take(words > 1)?);
    let line = match next(rest) {
        (word, more) if word.starts_with('@') => {
            rest = more;
            Some(word[1..].parse().map_err(|_| format!("{word} is no line"))?)
        }
        _ => None,
    };
    let text = Some(rest).filter(|text| !text.is_empty()).map(str::to_owned);
    Ok(Ending { name: name.to_owned(), verdict, code, attribution, line, text })
}

/// `CAUSE ATTRIBUTION TARGET,TARGET...[<ORIGIN] TEXT`.
fn shared(value: &str) -> Result<Shared, String> {
    let parts: Vec<&str> = value.splitn(4, ' ').collect();
    let [cause, attribution, targets, text] = parts[..] else {
        return Err(format!("{value}: not a cause, an attribution, targets and a text"));
    };
    let (targets, origin) = targets
        .split_once('<')
        .map_or((targets, None), |(targets, origin)| (targets, Some(origin)));
    Ok(Shared {
        cause: cause.to_owned(),
        attribution: attribution.to_owned(),
        targets: targets.split(',').map(str::to_owned).collect(),
        origin: origin.map(str::to_owned),
        text: text.to_owned(),
    })
}

fn next(text: &str) -> (&str, &str) {
    text.split_once(' ').unwrap_or((text, ""))
}
