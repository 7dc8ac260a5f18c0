//! What GitHub Actions gets: within its limits, and without a word of the cluster's where scripts read.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "what was there before is written here")]

#[path = "support/oracle.rs"]
#[expect(dead_code, reason = "other tests look for hidden text too")]
mod oracle;
#[path = "support/outcomes.rs"]
mod outcomes;

use std::fs;

use deploygate::report::{Format, ReportFiles, ReportSpec, github};

#[test]
fn a_summary_keeps_to_what_its_file_has_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("summary");
    github::summarize(&path, &outcomes::outcome(vec![outcomes::passed()]), None).unwrap();
    let alone = fs::read_to_string(&path).unwrap();
    assert!(alone.starts_with("## ✅ PASSED"), "{alone}");
    github::summarize(&path, &outcomes::outcome(vec![outcomes::passed()]), None).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), format!("{alone}\n\n{alone}"));

    fs::write(&path, "x".repeat(895_800)).unwrap();
    github::summarize(&path, &outcomes::outcome(vec![outcomes::failed()]), None).unwrap();
    let nearly_full = fs::read_to_string(&path).unwrap();
    assert!(nearly_full.len() > 895_800 && nearly_full.len() <= 900_000);
    github::summarize(&path, &outcomes::outcome(vec![outcomes::passed()]), None).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().len() as usize, nearly_full.len());
}

#[test]
fn a_summary_takes_the_place_of_the_one_before_unless_others_wrote_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("summary");
    let (failed, passed) = ([outcomes::failed()], [outcomes::passed()]);
    let [failed, passed] = [failed, passed].map(|one| outcomes::outcome(one.to_vec()));
    fs::write(&path, "others").unwrap();
    let before = github::summarize(&path, &failed, None).unwrap();
    let now = github::summarize(&path, &passed, before).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("others\n\n## ✅ PASSED") && !text.contains("FAILED"), "{text}");

    fs::write(&path, format!("{text}others again")).unwrap();
    github::summarize(&path, &failed, now).unwrap();
    let both = fs::read_to_string(&path).unwrap();
    assert!(both.starts_with(&format!("{text}others again\n\n## ❌ FAILED")), "{both}");
}

#[test]
fn a_summary_that_is_nearly_full_has_the_first_rows_of_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("summary");
    let name = |number: usize| outcomes::named(outcomes::failed(), &format!("app-{number}"));
    let release = outcomes::outcome((0..300).map(name).collect());
    for taken in [895_000, 890_000, 850_000] {
        fs::write(&path, "x".repeat(taken)).unwrap();
        github::summarize(&path, &release, None).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.len() <= 900_000);
        let table = text.lines().skip_while(|line| !line.starts_with("| Target |")).skip(2);
        let rows = table.take_while(|line| line.starts_with("| "));
        let rows = rows.count();
        assert!(rows > 0 && rows <= 200, "{rows}");
        assert!(text.contains(&format!("\nand {} more\n", 300 - rows)), "{}", &text[taken..]);
    }
}

#[test]
fn outputs_are_words_numbers_and_paths() {
    let folder = tempfile::tempdir().unwrap();
    let (xml, path) = (folder.path().join("a b.xml"), folder.path().join("output"));
    let odd = folder.path().join("x\nverdict=passed");
    let spec = |format, path| ReportSpec { format, path };
    let specs = vec![
        spec(Format::Junit, xml.clone()),
        spec(Format::Json, "-".into()),
        spec(Format::Markdown, odd),
    ];
    let files = ReportFiles::prepare(specs, None, &outcomes::outcome(Vec::new())).unwrap();
    let outcome = outcomes::outcome(vec![outcomes::hostile(b"x\nverdict=passed\nEOF\nname<<EOF")]);
    github::append_outputs(&path, &outcome, &files).unwrap();
    let expected = format!(
        "verdict=failed\nexit-code=1\ncause=crash-loop\nreason-code=\nrollback=\njunit-path={}\n",
        xml.display()
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
}

#[test]
fn annotations_are_few_and_the_worst_comes_first() {
    let mut targets = outcomes::each_verdict().map(|(_, target)| target).to_vec();
    targets.push(outcomes::hostile(b"100%\r\n::set-output name=verdict::passed"));
    let lines = github::annotations(&outcomes::outcome(targets));
    insta::assert_snapshot!(lines.join("\n"));
    assert!(github::annotations(&outcomes::outcome(vec![outcomes::passed()])).is_empty());
    let nothing = github::annotations(&outcomes::outcome(Vec::new()));
    assert_eq!(nothing, ["::error title=deploygate inconclusive::there was no target to judge"]);
}

#[test]
fn evidence_is_folded_away_and_commands_nothing() {
    let hostile = b"::error::x\n##[add-mask]y\r::endgroup::\n::set-output name=verdict::passed";
    let mut targets = vec![outcomes::passed(), outcomes::hostile(hostile), outcomes::failed()];
    let lines = github::groups(&outcomes::outcome(targets.clone()));
    let heads: Vec<_> = lines.iter().filter(|line| line.starts_with("::group::")).collect();
    assert_eq!(heads.len(), 2, "{heads:?}");
    assert_eq!(lines.iter().filter(|line| *line == "::endgroup::").count(), 2);
    assert_eq!(lines.last().unwrap(), "::endgroup::");
    let between: Vec<_> = lines.iter().filter(|line| !line.starts_with("::")).cloned().collect();
    assert_eq!(oracle::commands(&between.join("\n")), []);
    assert!(between.iter().any(|line| line.starts_with("│ ")), "{between:?}");

    targets.extend([outcomes::failed(), outcomes::failed()]);
    let lines = github::groups(&outcomes::outcome(targets));
    assert_eq!(lines.iter().filter(|line| line.starts_with("::group::")).count(), 3);
    assert!(github::groups(&outcomes::outcome(vec![outcomes::passed()])).is_empty());
}
