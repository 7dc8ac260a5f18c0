//! Lines with a secret and lines without: what is hidden of them, by family.

use std::collections::BTreeMap;

use deploygate::text::{Redactor, Untrusted};

/// Lines whose secret nothing tells: between values that are separated alike.
const MISSED: [&str; 1] = ["csv-kv"];

struct Line {
    family: String,
    name: String,
    text: String,
}

fn lines(file: &'static str) -> Vec<Line> {
    let lines = file.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let (head, text) = line.rsplit_once('\t').unwrap();
        let (family, name) = head.split_once('\t').unwrap_or(("", head));
        let visible = [("⏎", "\n"), ("␍", "\r"), ("␉", "\t"), ("␛", "\u{1b}"), ("·", "")];
        let text = visible.iter().fold(text.to_owned(), |text, (sign, c)| text.replace(sign, c));
        Line { family: family.to_owned(), name: name.to_owned(), text }
    });
    lines.collect()
}

/// The text as a message is shown, and as a log is.
fn shown(text: &str) -> [String; 2] {
    let mut message = Untrusted::from(text);
    message.redact(&Redactor::built_in());
    let excerpt = crate::excerpt(text.as_bytes(), 400);
    let log: Vec<_> = excerpt.lines().map(AsRef::as_ref).collect();
    [message.to_clean().to_string(), log.join("\n")]
}

/// What must be seen: a mark for each secret, and all else.
fn expected(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split(['«', '»']).enumerate() {
        out.push_str(if index % 2 == 1 { "[redacted]" } else { part });
    }
    out
}

#[test]
fn secrets_are_hidden_and_what_is_around_them_stays() {
    let mut found = BTreeMap::<String, (usize, usize)>::new();
    let mut wrong = Vec::new();
    for line in lines(include_str!("secrets.tsv")) {
        let text = line.text.replace(['«', '»'], "");
        let secrets: Vec<&str> =
            line.text.split('«').skip(1).filter_map(|s| s.split('»').next()).collect();
        // a key is hidden as a whole, with what a log writes between its lines
        let is_key = line.family == "key" || text.len() > 8192;
        let wanted = Untrusted::from(expected(&line.text)).to_clean().to_string();
        let is_hidden = shown(&text).iter().all(|shown| {
            let leaks = secrets
                .iter()
                .flat_map(|secret| secret.lines())
                .any(|part| shown.contains(part.trim()));
            if is_key { !leaks && shown.contains("[redacted]") } else { *shown == wanted }
        });
        let (hidden, all) = found.entry(line.family).or_default();
        *all += 1;
        *hidden += usize::from(is_hidden);
        if is_hidden == MISSED.contains(&&*line.name) {
            wrong.push(format!("{}: {:?}\n  {:?}", line.name, shown(&text)[0], wanted));
        }
    }
    assert!(wrong.is_empty(), "{found:?}\n{}", wrong.join("\n"));
    for (family, (hidden, all)) in found {
        assert!(hidden * 100 >= all * 98, "{family}: {hidden} of {all}");
    }
}

#[test]
fn innocent_lines_stay_as_they_are() {
    let lines = lines(include_str!("innocent.tsv"));
    assert!(lines.len() > 200);
    let wrong: Vec<String> = lines
        .iter()
        .filter_map(|line| {
            let wanted = Untrusted::from(&*line.text).to_clean().to_string();
            let [message, log] = shown(&line.text);
            (message != wanted || log.trim_end() != wanted)
                .then(|| format!("{}: {message}", line.name))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_hidden_once_stays_as_it_is() {
    let redactor = Redactor::built_in();
    for line in lines(include_str!("secrets.tsv")) {
        let text = line.text.replace(['«', '»'], "");
        let once = redactor.redact(&text).into_owned();
        assert_eq!(redactor.redact(&once), once, "{}", line.name);
    }
}
