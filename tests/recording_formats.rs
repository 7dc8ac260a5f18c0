//! Recordings of format 1, each read of which holds all of its target, are judged as what is written today.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use deploygate::{
    observation::{Observation, Observed, Read, Snapshot, World},
    recording::{Header, Reader, Writer},
};
use replayed::{judged, unpacked};

#[path = "support/nobody.rs"]
mod nobody;
#[path = "support/replayed.rs"]
mod replayed;

fn whole(snapshot: Snapshot) -> Read {
    Read {
        whole: true,
        workloads: snapshot.workload.into_iter().collect(),
        replica_sets: snapshot.replica_sets,
        controller_revisions: snapshot.controller_revisions,
        pods: snapshot.pods,
        nodes: snapshot.nodes,
        gone: Vec::new(),
        unread: Vec::new(),
        server_time: snapshot.server_time,
        namespace_deleted: snapshot.namespace_deleted,
        absent: Vec::new(),
    }
}

/// Whether its targets do not share one place.
fn has_several_scopes(recording: &[u8]) -> bool {
    let (_, reader) = Reader::new(recording).unwrap();
    reader
        .into_iter()
        .any(|observed| observed.unwrap().target.is_some_and(|target| target.index() > 0))
}

/// The same run, each read less what was known before.
fn in_todays_format(recording: &[u8]) -> Vec<u8> {
    let (header, reader) = Reader::new(recording).unwrap();
    let mut written = Vec::new();
    let header = Header::new(header.started_at, header.release);
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
        writer.append(&Observed::new(elapsed, observation));
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
        let recording = unpacked(&path);
        if has_several_scopes(&recording) {
            continue; // no recording of format 1 has
        }
        let rewritten = in_todays_format(&recording);
        let outcomes = [&recording, &rewritten].map(|recording| judged(recording).unwrap());
        let [old, new] = outcomes.map(|outcome| serde_json::to_value(outcome).unwrap());
        assert_eq!(old, new, "{}", path.display());
        (before, after, seen) = (before + recording.len(), after + rewritten.len(), seen + 1);
    }
    assert!(seen > 100, "{seen} recordings");
    assert!(after * 10 < before * 9, "{before} bytes became {after}");
}
