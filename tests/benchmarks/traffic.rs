//! What a run asks of the API server.

use std::collections::BTreeMap;

use super::api::Request;
use super::fleet::{Fleet, Shows};
use super::program;
use super::table::Table;

pub(crate) fn measure(table: &mut Table) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let server = Fleet { pods: 3, unwell: 0, unwell_shows: Shows::Crashed }.serve();
    let mut command = program::wait(folder.path(), &server.kubeconfig);
    command.args(["--window", "60s"]);
    let run = program::run(command)?;
    if run.exit_code != Some(0) {
        return Err(format!("{:?}\n{}", run.exit_code, run.stderr));
    }
    let traffic = server.traffic.lock().unwrap();
    let mut kinds: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (request, size, _) in traffic.iter() {
        let (count, bytes) = kinds.entry(kind(request)).or_default();
        *count += 1;
        *bytes += size;
    }
    let bytes: usize = traffic.iter().map(|(_, size, _)| size).sum();
    table.add(
        "requests of a healthy run, 3 pods of 15 kB, window 60 s",
        format!("{} in {:.1?}, answers of {bytes} bytes", traffic.len(), run.length),
    );
    for (kind, (count, bytes)) in kinds {
        table.add(format!("  {kind}"), format!("{count}, {bytes} bytes"));
    }
    Ok(())
}

/// E.g. `list pods`.
fn kind(request: &Request) -> String {
    let resource = request.path.rsplit('/').next().unwrap_or_default();
    let (verb, resource) = match resource {
        "app" => ("get", "deployments"),
        _ if request.is_watch() => ("watch", resource),
        _ if request.method == "POST" => ("create", resource),
        _ => ("list", resource),
    };
    format!("{verb} {resource}")
}
