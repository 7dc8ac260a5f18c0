//! Which run of a CI system this is, by the system's own variables.

use crate::{
    outcome::CiRun,
    text::{Clean, Untrusted},
};

/// The longest that is kept of a value: addresses of runs have their limit near 2,000 characters.
const LONGEST: usize = 2000;

/// The run, by the variables that a system sets; `None` where none of those known here does.
pub(super) fn run(variable: impl Fn(&str) -> Option<String>) -> Option<CiRun> {
    let is_true =
        |name: &str| variable(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let joined = |parts: &[&str], between: &str| -> Option<String> {
        let parts: Option<Vec<_>> = parts.iter().map(|name| variable(name)).collect();
        parts.map(|parts| parts.join(between))
    };
    let (system, run, commit, link) = if is_true("GITHUB_ACTIONS") {
        let repository = joined(&["GITHUB_SERVER_URL", "GITHUB_REPOSITORY"], "/");
        let link = repository.zip(variable("GITHUB_RUN_ID"));
        let link = link.map(|(repository, id)| format!("{repository}/actions/runs/{id}"));
        ("GitHub Actions", variable("GITHUB_RUN_ID"), variable("GITHUB_SHA"), link)
    } else if is_true("GITLAB_CI") {
        ("GitLab", variable("CI_JOB_ID"), variable("CI_COMMIT_SHA"), variable("CI_JOB_URL"))
    } else if is_true("TF_BUILD") {
        let project = joined(&["SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT"], "");
        let link = project.zip(variable("BUILD_BUILDID")).map(|(project, id)| {
            format!("{}/_build/results?buildId={id}", project.replace(' ', "%20"))
        });
        ("Azure Pipelines", variable("BUILD_BUILDNUMBER"), variable("BUILD_SOURCEVERSION"), link)
    } else if is_true("CIRCLECI") {
        let number = variable("CIRCLE_BUILD_NUM");
        ("CircleCI", number, variable("CIRCLE_SHA1"), variable("CIRCLE_BUILD_URL"))
    } else if is_true("BUILDKITE") {
        let number = variable("BUILDKITE_BUILD_NUMBER");
        ("Buildkite", number, variable("BUILDKITE_COMMIT"), variable("BUILDKITE_BUILD_URL"))
    } else if variable("JENKINS_URL").is_some() {
        ("Jenkins", variable("BUILD_TAG"), variable("GIT_COMMIT"), variable("BUILD_URL"))
    } else {
        return None;
    };
    let clean = |text: String| Untrusted::from(&*text).to_clean_line(LONGEST);
    let is_address = |link: &String| link.starts_with("https://") || link.starts_with("http://");
    Some(CiRun {
        system: Clean::from_static(system),
        run: clean(run?),
        commit: commit.map(clean),
        link: link.filter(is_address).map(clean),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(variables: &[(&str, &str)]) -> Option<[String; 4]> {
        let known = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        run(known).map(|ci| {
            let text = |part: Option<Clean>| part.map(|part| part.to_string()).unwrap_or_default();
            [ci.system.to_string(), ci.run.to_string(), text(ci.commit), text(ci.link)]
        })
    }

    #[test]
    fn each_system_names_its_run_commit_and_page() {
        for (variables, expected) in [
            (
                &[
                    ("GITHUB_ACTIONS", "true"),
                    ("GITHUB_SERVER_URL", "https://github.com"),
                    ("GITHUB_REPOSITORY", "shop/app"),
                    ("GITHUB_RUN_ID", "42"),
                    ("GITHUB_SHA", "1a2b"),
                ][..],
                ["GitHub Actions", "42", "1a2b", "https://github.com/shop/app/actions/runs/42"],
            ),
            (
                &[
                    ("GITLAB_CI", "true"),
                    ("CI_JOB_ID", "7"),
                    ("CI_COMMIT_SHA", "1a2b"),
                    ("CI_JOB_URL", "https://gitlab.example/shop/app/-/jobs/7"),
                ],
                ["GitLab", "7", "1a2b", "https://gitlab.example/shop/app/-/jobs/7"],
            ),
            (
                &[
                    ("TF_BUILD", "True"),
                    ("SYSTEM_COLLECTIONURI", "https://dev.azure.com/shop/"),
                    ("SYSTEM_TEAMPROJECT", "web shop"),
                    ("BUILD_BUILDID", "9"),
                    ("BUILD_BUILDNUMBER", "20261126.1"),
                ],
                [
                    "Azure Pipelines",
                    "20261126.1",
                    "",
                    "https://dev.azure.com/shop/web%20shop/_build/results?buildId=9",
                ],
            ),
            (
                &[("CIRCLECI", "true"), ("CIRCLE_BUILD_NUM", "3"), ("CIRCLE_SHA1", "1a2b")],
                ["CircleCI", "3", "1a2b", ""],
            ),
            (
                &[
                    ("BUILDKITE", "true"),
                    ("BUILDKITE_BUILD_NUMBER", "5"),
                    ("BUILDKITE_COMMIT", "HEAD"),
                    ("BUILDKITE_BUILD_URL", "https://buildkite.example/5"),
                ],
                ["Buildkite", "5", "HEAD", "https://buildkite.example/5"],
            ),
            (
                &[
                    ("JENKINS_URL", "https://ci.example/"),
                    ("BUILD_TAG", "jenkins-app-4"),
                    ("GIT_COMMIT", "1a2b"),
                    ("BUILD_URL", "https://ci.example/job/app/4/"),
                ],
                ["Jenkins", "jenkins-app-4", "1a2b", "https://ci.example/job/app/4/"],
            ),
        ] {
            assert_eq!(told(variables), Some(expected.map(str::to_owned)));
        }
    }

    #[test]
    fn nothing_is_said_outside_and_nothing_that_is_no_address_is_a_link() {
        assert_eq!(told(&[("GITLAB_CI", "false"), ("CI_JOB_ID", "7")]), None);
        assert_eq!(told(&[("CI", "true"), ("BUILD_TAG", "x")]), None);
        let forged = [
            ("GITLAB_CI", "true"),
            ("CI_JOB_ID", "7\n::error::x\u{1b}[2J"),
            ("CI_JOB_URL", "javascript:alert(1)"),
        ];
        let [_, run, _, link] = told(&forged).unwrap_or_default();
        assert!(!run.contains(['\n', '\u{1b}']), "{run:?}");
        assert_eq!(link, "");
    }
}
