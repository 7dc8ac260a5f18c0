//! Values of settings: one reader of their texts, for options, annotations and policy files.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Grace, MinReady, Seconds, Setting, given::is_label};
use crate::{gate::WantedCondition, model::is_word};

/// A value of a setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// How long the target may be missing or unchanged.
    Await(Seconds),
    /// The deadline of the rollout phase.
    Timeout(Seconds),
    /// The health window.
    Window(Seconds),
    /// Restarts that are allowed.
    MaxRestarts(u32),
    /// The grace period of a cause.
    Grace(Grace, Seconds),
    /// Containers whose failures fail nothing.
    IgnoreContainer(Vec<String>),
    /// How many pods must be ready.
    MinReady(MinReady),
    /// Whether a paused Argo Rollout counts as complete.
    AcceptPause(bool),
    /// The condition that makes a custom resource complete.
    Condition(WantedCondition),
    /// Images that are expected.
    ExpectImage(Vec<String>),
    /// Labels that are expected, `KEY=VALUE`.
    ExpectLabel(Vec<String>),
    /// Lines of each log excerpt, from 1 to 1000.
    LogLines(u16),
}

impl Value {
    /// What it is a value of.
    pub const fn setting(&self) -> Setting {
        match self {
            Self::Await(_) => Setting::Await,
            Self::Timeout(_) => Setting::Timeout,
            Self::Window(_) => Setting::Window,
            Self::MaxRestarts(_) => Setting::MaxRestarts,
            Self::Grace(grace, _) => Setting::Grace(*grace),
            Self::IgnoreContainer(_) => Setting::IgnoreContainer,
            Self::MinReady(_) => Setting::MinReady,
            Self::AcceptPause(_) => Setting::AcceptPause,
            Self::Condition(_) => Setting::Condition,
            Self::ExpectImage(_) => Setting::ExpectImage,
            Self::ExpectLabel(_) => Setting::ExpectLabel,
            Self::LogLines(_) => Setting::LogLines,
        }
    }

    /// Reads the value of a setting; a list by its entries.
    ///
    /// # Errors
    /// A sentence on what is expected, with the entry of a list that is wrong.
    pub fn read(setting: Setting, texts: &[&str]) -> Result<Self, String> {
        let list = |expected: &str, is_valid: &dyn Fn(&str) -> bool| match texts
            .iter()
            .find(|text| !is_valid(text))
        {
            Some(wrong) => Err(format!("invalid value `{wrong}`: expected {expected}")),
            None => Ok(texts.iter().map(|text| (*text).to_owned()).collect()),
        };
        let one = || match texts {
            [text] => Ok(text.trim()),
            _ => Err("expected one value".to_owned()),
        };
        let seconds = || duration(one()?).map(Seconds);
        Ok(match setting {
            Setting::Await => Self::Await(seconds()?),
            Setting::Timeout => Self::Timeout(seconds()?),
            Setting::Window => Self::Window(seconds()?),
            Setting::Grace(grace) => Self::Grace(grace, seconds()?),
            Setting::MaxRestarts => Self::MaxRestarts(
                one()?.parse().map_err(|_| "expected a number of restarts from 0 on")?,
            ),
            Setting::IgnoreContainer => Self::IgnoreContainer(list("a container name", &is_word)?),
            Setting::MinReady => Self::MinReady(one()?.parse().map_err(str::to_owned)?),
            Setting::AcceptPause => Self::AcceptPause(flag(one()?)?),
            Setting::Condition => Self::Condition(one()?.parse().map_err(str::to_owned)?),
            Setting::ExpectImage => {
                Self::ExpectImage(list("an image, e.g. ghcr.io/acme/app:1.4", &is_word)?)
            }
            Setting::ExpectLabel => {
                Self::ExpectLabel(list("KEY=VALUE, e.g. app.kubernetes.io/version=1.4", &is_label)?)
            }
            Setting::LogLines => match one()?.parse() {
                Ok(lines @ 1..=1000) => Self::LogLines(lines),
                _ => return Err("expected a number of lines from 1 to 1000".to_owned()),
            },
            Setting::KeepGoing | Setting::OnFailure => {
                return Err("a setting of the whole run".to_owned());
            }
        })
    }
}

/// Reads a boolean as policy files and annotations write it.
fn flag(text: &str) -> Result<bool, String> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("expected true or false".to_owned()),
    }
}

/// Reads `90s`, `5m`, `1h30m`.
///
/// # Errors
/// A sentence on what is expected. A bare number is refused: its unit would be a guess.
pub fn duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("expected a unit: {text}s or {text}m"));
    }
    let expected = || "expected a duration like 90s, 5m or 1h30m (units: h, m, s, ms)".to_owned();
    let signed: jiff::SignedDuration = text.parse().map_err(|_| expected())?;
    let duration =
        Duration::try_from(signed).map_err(|_| "durations cannot be negative".to_owned())?;
    if duration > LONGEST {
        return Err("durations over 7 days are not accepted".to_owned());
    }
    Ok(duration)
}

const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_secs(5400)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("0s"), Ok(Duration::ZERO));
        assert_eq!(duration("90"), Err("expected a unit: 90s or 90m".to_owned()));
        for text in ["", "soon", "-5s", "8d", "1y"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn each_setting_reads_its_own_values() {
        for (setting, good, bad) in [
            (Setting::Window, "2m", "120"),
            (Setting::MaxRestarts, "3", "-1"),
            (Setting::Grace(Grace::Image), "5s", "5"),
            (Setting::IgnoreContainer, "istio-proxy", "::error::"),
            (Setting::MinReady, "90%", "many"),
            (Setting::AcceptPause, "true", "yes"),
            (Setting::Condition, "Synced=True", "Synced"),
            (Setting::ExpectImage, "shop/app:2", "shop app"),
            (Setting::ExpectLabel, "commit=abc", "commit"),
            (Setting::LogLines, "40", "0"),
        ] {
            assert_eq!(Value::read(setting, &[good]).unwrap().setting(), setting);
            assert!(Value::read(setting, &[bad]).is_err(), "{setting}: {bad}");
        }
        assert!(Value::read(Setting::Window, &["1s", "2s"]).is_err());
    }
}
