//! What comes from outside, spoiled at random: no panic, no green verdict of garbage, no secret in an error.
//!
//! `PROPTEST_CASES` says how often (32 times unless it is set); `.ci/run fuzz` takes a minute.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{io::Write, path::Path};

use deploygate::{
    cluster::{Cluster, ConnectOptions},
    gate::Verdict,
    manifest::{Collector, Input, ManifestError, Manifests},
    model::{Deployment, KubeEvent, Pod, ReplicaSet},
    report::{self, Format},
    text::{ExcerptBuilder, Redactor, Untrusted, neutralize},
};
use proptest::prelude::*;
use replayed::{judged, unpacked};
use serde_json::{Value, json};

#[path = "support/nobody.rs"]
mod nobody;
#[path = "support/oracle.rs"]
mod oracle;
#[path = "support/replayed.rs"]
mod replayed;

fn cases() -> ProptestConfig {
    // the library's default is for what takes no time
    let config = ProptestConfig::default();
    let is_set = config.cases != 256;
    ProptestConfig {
        cases: if is_set { config.cases } else { 32 },
        failure_persistence: None,
        ..config
    }
}

/// How bytes are spoiled.
#[derive(Clone, Debug)]
enum Spoil {
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, Vec<u8>),
    Remove(prop::sample::Index, usize),
    Copy(prop::sample::Index, prop::sample::Index, usize),
}

fn spoils() -> impl Strategy<Value = Vec<Spoil>> {
    let telling = prop::sample::select(vec![
        b"\n".to_vec(),
        b"\"".to_vec(),
        b"}".to_vec(),
        b"]".to_vec(),
        b"null".to_vec(),
        b"-1".to_vec(),
        b"99999999999999999999".to_vec(),
        b"1e999".to_vec(),
        b"\\u001b[2J".to_vec(),
        b"\n::error::x\n".to_vec(),
        b"\\ud800".to_vec(),
        vec![0xff, 0xfe],
        b"{\"a\":".to_vec(),
        b"\"passed\"".to_vec(),
        b"True".to_vec(),
    ]);
    let at = any::<prop::sample::Index>;
    let spoil = prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Spoil::Set(at, byte)),
        at().prop_map(Spoil::Cut),
        (at(), telling).prop_map(|(at, bytes)| Spoil::Insert(at, bytes)),
        (at(), 1..200usize).prop_map(|(at, length)| Spoil::Remove(at, length)),
        (at(), at(), 1..400usize).prop_map(|(from, to, length)| Spoil::Copy(from, to, length)),
    ];
    prop::collection::vec(spoil, 1..6)
}

fn spoiled(mut bytes: Vec<u8>, spoils: &[Spoil]) -> Vec<u8> {
    for spoil in spoils {
        if bytes.is_empty() {
            break;
        }
        let at = |index: &prop::sample::Index| index.index(bytes.len());
        match spoil {
            Spoil::Set(index, byte) => {
                let at = at(index);
                bytes[at] = *byte;
            }
            Spoil::Cut(index) => bytes.truncate(at(index)),
            Spoil::Insert(index, inserted) => {
                let at = at(index);
                bytes.splice(at..at, inserted.iter().copied());
            }
            Spoil::Remove(index, length) => {
                let from = at(index);
                let to = (from + length).min(bytes.len());
                bytes.drain(from..to);
            }
            Spoil::Copy(from, to, length) => {
                let (from, to) = (at(from), at(to));
                let copied = bytes[from..(from + length).min(bytes.len())].to_vec();
                bytes.splice(to..to, copied);
            }
        }
    }
    bytes
}

/// A secret that text of programs holds in some form.
const SECRET: &str = "s3cr3t-of-the-program-Zx81";

/// Bytes with what commands runners and terminals, marks logs, and gives secrets away.
fn texts() -> impl Strategy<Value = Vec<u8>> {
    let telling: Vec<Vec<u8>> = [
        "::error::x",
        "##[group]",
        "##vso[task.setvariable]x",
        "\u{1b}]0;x\u{7}",
        "\u{1b}[2J",
        "\u{202e}",
        "section_start:1:x\r",
        "\r",
        "\n",
        "```",
        "<script>",
        "ERROR ",
        "panic: ",
        "Caused by: ",
        "Traceback (most recent call last):\n",
        "    at f (a.js:1:2)\n",
        "SIGTERM: shutting down\n",
        "{\"level\":\"error\",\"msg\":\"",
        "\"}\n",
        "-----BEGIN RSA PRIVATE KEY-----\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    let secret = ["password=SECRET ", "\nAuthorization: Bearer SECRET\n", " --token SECRET "]
        .map(|text| text.replace("SECRET", SECRET).into_bytes())
        .to_vec();
    let part = prop_oneof![
        3 => prop::sample::select(telling),
        1 => prop::sample::select(secret),
        2 => prop::collection::vec(any::<u8>(), 0..60),
        2 => "[a-zA-Z0-9 :./=-]{0,80}\n".prop_map(String::into_bytes),
    ];
    prop::collection::vec(part, 0..120).prop_map(|parts| parts.concat())
}

fn recording(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    unpacked(&folder.join(format!("{name}.jsonl.gz")))
}

fn manifests(bytes: &[u8]) -> Result<Manifests, ManifestError> {
    let file = Untrusted::from("k8s/app.yaml").to_clean_line(100);
    let mut collector = Collector::default();
    collector.add(Input { shown: &file, file: Some(&file), bytes })?;
    Ok(collector.finish())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_text_can_be_shown(bytes in texts(), lines in 1..60usize) {
        let redactor = Redactor::built_in();
        let mut text = Untrusted::new(String::from_utf8_lossy(&bytes));
        text.redact(&redactor);
        let mut builder = ExcerptBuilder::new(lines, &redactor);
        for part in bytes.chunks(37) {
            builder.push_bytes(part);
        }
        let excerpt = builder.finish();
        let shown = excerpt.lines().map(|line| line.to_string());
        for line in shown.chain([text.to_clean_line(300).to_string(), text.to_clean().to_string()]) {
            prop_assert!(oracle::commands(&line).is_empty(), "{line:?}");
            prop_assert!(!oracle::hidden(&line), "{line:?}");
        }
        let lossy = String::from_utf8_lossy(&bytes);
        let once = neutralize(&lossy).into_owned();
        prop_assert_eq!(&*neutralize(&once), &*once);
    }

    #[test]
    fn a_spoiled_recording_of_a_crash_is_never_green(
        name in prop::sample::select(vec![
            "crashloop", "init-crash", "image-missing", "out-of-memory", "sts-crash-parallel", "sts-blocked",
            "ds-surge-crash", "ds-node-lost", "job-crash-on-failure", "job-deadline", "ro-crash-loop", "cr-crash-loop",
            "cr-failed", "cr-stalled", "cr-pods",
        ]),
        spoils in spoils(),
    ) {
        let bytes = spoiled(recording(name), &spoils);
        if let Some(outcome) = judged(&bytes) {
            prop_assert_ne!(outcome.verdict, Verdict::Passed);
            for format in Format::ALL {
                let report = report::render(format, &outcome);
                let text = String::from_utf8_lossy(&report);
                prop_assert!(!oracle::hidden(&text), "{format:?}");
                let is_page = matches!(format, Format::Html | Format::Json);
                prop_assert!(is_page || oracle::commands(&text).is_empty(), "{format:?}");
            }
        }
    }

    #[test]
    fn reads_that_are_missing_from_a_recording_never_make_it_pass_sooner(
        name in prop::sample::select(vec!["healthy", "sts-healthy", "ds-healthy", "ro-canary", "cr-healthy"]),
        dropped in prop::collection::vec(any::<prop::sample::Index>(), 1..12),
    ) {
        let bytes = recording(name);
        let passed = judged(&bytes).unwrap();
        prop_assert_eq!(passed.verdict, Verdict::Passed);
        let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        for index in dropped {
            // the header stays
            let at = 1 + index.index(lines.len() - 1);
            if lines.len() > 2 {
                lines.remove(at);
            }
        }
        if let Some(outcome) = judged(&lines.concat()).filter(|o| o.verdict == Verdict::Passed) {
            prop_assert!(outcome.duration_seconds >= passed.targets[0].policy.window.as_secs_f64());
        }
    }

    #[test]
    fn spoiled_objects_are_decoded_or_refused(spoils in spoils()) {
        let pod = json!({"metadata": {"name": "a", "uid": "u", "resourceVersion": "7", "deletionGracePeriodSeconds": 30,
                "creationTimestamp": "2026-01-01T00:00:00Z", "ownerReferences": [{"uid": "o", "controller": true}]},
            "spec": {"nodeName": "n", "restartPolicy": "Always", "containers": [{"name": "c", "image": "i:1",
                "livenessProbe": {"periodSeconds": 1}}]},
            "status": {"phase": "Running", "reason": "Evicted", "conditions": [{"type": "Ready", "status": "True",
                "lastTransitionTime": "2026-01-01T00:00:00Z"}], "containerStatuses": [{"name": "c", "restartCount": 1,
                "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}},
                "lastState": {"terminated": {"exitCode": 137, "finishedAt": "2026-01-01T00:00:00Z"}}}]}});
        let bytes = spoiled(pod.to_string().into_bytes(), &spoils);
        let _ = serde_json::from_slice::<Pod>(&bytes);
        let _ = serde_json::from_slice::<Deployment>(&bytes);
        let _ = serde_json::from_slice::<ReplicaSet>(&bytes);
        let _ = serde_json::from_slice::<KubeEvent>(&bytes);
        if let Ok(pod) = serde_json::from_slice::<Pod>(&bytes) {
            let written = serde_json::to_vec(&pod).unwrap();
            prop_assert_eq!(serde_json::from_slice::<Pod>(&written).unwrap(), pod);
        }
    }

    #[test]
    fn a_spoiled_manifest_is_read_or_refused_without_its_secrets(
        name in prop::sample::select(vec!["base-app", "base-configured", "base-agent"]),
        is_json in any::<bool>(),
        spoils in spoils(),
    ) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cluster/scenarios");
        let scenario = std::fs::read(folder.join(format!("{name}.yaml"))).unwrap();
        let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "stringData": {"p": SECRET}});
        let secret = if is_json { secret.to_string() } else {
            format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData:\n  p: {SECRET}\n")
        };
        let whole = [secret.as_bytes(), b"\n---\n", &scenario].concat();
        prop_assert!(manifests(&whole).is_ok());
        match manifests(&spoiled(whole, &spoils)) {
            Ok(manifests) => prop_assert!(manifests.targets.len() + manifests.others.len() < 100),
            Err(error) => {
                let text = error.to_string();
                prop_assert!(!text.contains(SECRET), "{text}");
                prop_assert!(oracle::commands(&text).is_empty() && !oracle::hidden(&text), "{text}");
            }
        }
    }

    #[test]
    fn a_spoiled_kubeconfig_is_a_client_or_an_error_without_its_secrets(
        spoils in spoils(),
        user in any::<prop::sample::Index>(),
    ) {
        let users = json!([
            {"token": SECRET},
            {"username": "u", "password": SECRET},
            {"client-certificate-data": SECRET, "client-key-data": SECRET},
            {"auth-provider": {"name": "oidc", "config": {"client-secret": SECRET, "id-token": SECRET}}},
        ]);
        let user = &users[user.index(4)];
        let config: Value = json!({"apiVersion": "v1", "kind": "Config", "current-context": "c",
            "clusters": [{"name": "k", "cluster": {"server": "http://127.0.0.1:9", "proxy-url": format!("http://u:{SECRET}@p:1")}}],
            "users": [{"name": "u", "user": user}],
            "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u", "namespace": "shop"}}]});
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&spoiled(config.to_string().into_bytes(), &spoils)).unwrap();
        let options = ConnectOptions { kubeconfig: Some(file.path().to_owned()), ..ConnectOptions::default() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        if let Err(error) = runtime.block_on(Cluster::connect(options)) {
            let mut text = format!("{error} {}", error.hint());
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                text.push_str(&cause.to_string());
                source = cause.source();
            }
            prop_assert!(!text.contains(SECRET), "{text}");
        }
    }
}
