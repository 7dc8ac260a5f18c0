//! Which reports can be asked for, and how a user writes that.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

use crate::text::{did_you_mean, words};

words! {
    /// A format of a report.
    pub enum Format {
        /// JUnit XML, for the test panels of CI servers.
        Junit = "junit",
        /// GitHub flavoured Markdown, for step summaries and comments.
        Markdown = "markdown",
        /// One HTML file for people, with a picture of the run.
        Html = "html",
        /// The whole outcome, by the schema in `outcome.schema.json`.
        Json = "json",
        /// GitLab's Code Quality JSON: findings at the lines of manifests, shown in merge requests.
        CodeQuality = "codequality",
    }
}

impl FromStr for Format {
    type Err = SpecError;

    fn from_str(word: &str) -> Result<Self, SpecError> {
        let known = Self::ALL.into_iter().find(|format| format.as_str() == word);
        known.ok_or_else(|| SpecError::UnknownFormat(word.into()))
    }
}

/// A report that is asked for: `FORMAT=PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportSpec {
    /// Its format.
    pub format: Format,
    /// Where it goes; `-` is stdout.
    pub path: PathBuf,
}

impl ReportSpec {
    /// Whether it goes to stdout, by `-` or by a name of that open file.
    pub fn is_stdout(&self) -> bool {
        self.path == Path::new("-")
            || super::open_file::open_file(&self.path).is_some_and(|number| number == "1")
    }
}

impl FromStr for ReportSpec {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let (format, path) = text.split_once('=').ok_or(SpecError::NoPath)?;
        let format = format.parse()?;
        if path.is_empty() {
            return Err(SpecError::NoPath);
        }
        Ok(Self { format, path: path.into() })
    }
}

/// What is wrong with a `FORMAT=PATH`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// There is no path.
    #[error("expected FORMAT=PATH, e.g. junit=report.xml; PATH - is stdout")]
    NoPath,
    /// The word is none of ours.
    #[error("there is no report format `{0}`{near}; the formats are {formats}", formats = formats(), near = did_you_mean(.0, Format::ALL.map(Format::as_str)))]
    UnknownFormat(String),
}

fn formats() -> String {
    Format::ALL.map(Format::as_str).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spec_is_a_format_and_a_path() {
        let spec: ReportSpec = "junit=out/a=b.xml".parse().unwrap();
        assert_eq!(spec, ReportSpec { format: Format::Junit, path: "out/a=b.xml".into() });
        assert!("json=-".parse::<ReportSpec>().unwrap().is_stdout());
    }

    #[test]
    fn every_format_is_known_by_its_word() {
        for format in Format::ALL {
            assert_eq!(format.as_str().parse(), Ok(format));
        }
    }

    #[test]
    fn errors_name_the_formats_that_exist() {
        for text in ["pdf=a.pdf", "xml=a.xml", "JUnit=a.xml", "=a"] {
            let error = text.parse::<ReportSpec>().unwrap_err().to_string();
            assert!(
                error.ends_with("the formats are junit, markdown, html, json, codequality"),
                "{text}: {error}"
            );
        }
        for text in ["", "junit", "json="] {
            assert_eq!(text.parse::<ReportSpec>(), Err(SpecError::NoPath), "{text}");
        }
    }
}
