//! Recordings of format 1, each read of which holds all of its target, are judged as what is written today.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{fs::File, io::BufReader, path::Path};

use deploygate::{
    fleet::Event,
    model::Elapsed,
    observation::{Observation, Observed, Read, Snapshot, World},
    outcome::Outcome,
    recording::{Header, Reader, Writer},
    report::Reporter,
    run::{self, Pace},
    text::Redactor,
};
use flate2::bufread::GzDecoder;

struct Nobody;

impl Reporter for Nobody {
    fn event(&mut self, _: &Event) {}
    fn tick(&mut self, _: Elapsed) {}
    fn finish(&mut self, _: &Outcome) {}
}

fn judged(recording: &[u8]) -> Outcome {
    let (header, reader) = Reader::new(recording).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (redactor, mut nobody) = (Redactor::built_in(), Nobody);
    let started_at = header.started_at;
    let replay =
        run::replay(header.targets, started_at, reader, redactor, Pace::AtOnce, &mut nobody);
    runtime.block_on(replay).unwrap()
}

fn whole(snapshot: Snapshot) -> Read {
    Read {
        whole: true,
        workloads: snapshot.workload.into_iter().collect(),
        replica_sets: snapshot.replica_sets,
        controller_revisions: snapshot.controller_revisions,
        pods: snapshot.pods,
        nodes: snapshot.nodes,
        gone: Vec::new(),
        server_time: snapshot.server_time,
        namespace_deleted: snapshot.namespace_deleted,
    }
}

/// The same run, each read less what was known before.
fn in_todays_format(recording: &[u8]) -> Vec<u8> {
    let (header, reader) = Reader::new(recording).unwrap();
    let mut written = Vec::new();
    let header = Header::new(header.started_at, header.targets);
    let mut writer = Writer::new(&mut written, &header).unwrap();
    let mut known = World::default();
    for observed in reader {
        let Observed { elapsed, observation, .. } = observed.unwrap();
        let observation = match observation {
            Observation::Snapshot(snapshot) => {
                let news = known.news(whole(snapshot));
                known.take(&news);
                Observation::Read(news)
            }
            other => {
                known.see(&other);
                other
            }
        };
        writer.append(&Observed::new(elapsed, observation)).unwrap();
    }
    written
}

#[test]
fn what_is_new_in_each_read_is_as_good_as_all_of_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let (mut before, mut after, mut seen) = (0, 0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "gz") {
            continue;
        }
        let mut recording = Vec::new();
        let mut packed = GzDecoder::new(BufReader::new(File::open(&path).unwrap()));
        std::io::Read::read_to_end(&mut packed, &mut recording).unwrap();
        let rewritten = in_todays_format(&recording);
        let outcomes = [&recording, &rewritten].map(|recording| judged(recording));
        let [old, new] = outcomes.map(|outcome| serde_json::to_value(outcome).unwrap());
        assert_eq!(old, new, "{}", path.display());
        (before, after, seen) = (before + recording.len(), after + rewritten.len(), seen + 1);
    }
    assert!(seen > 100, "{seen} recordings");
    assert!(after * 10 < before * 9, "{before} bytes became {after}");
}
