//! How much memory a run takes, and how it grows with the pods.

use super::fleet::{Fleet, Shows};
use super::program;
use super::table::Table;

const SIZES: [usize; 3] = [500, 5_000, 20_000];

pub(crate) fn measure(table: &mut Table) -> Result<(), String> {
    for pods in SIZES {
        let fleet = |unwell, unwell_shows| Fleet { pods, unwell, unwell_shows };
        for (what, fleet, exit_code) in [
            ("all healthy, window 5 s", fleet(0, Shows::Crashed), 0),
            ("one crashed", fleet(1, Shows::Crashed), 1),
            ("all crashed", fleet(pods, Shows::Crashed), 1),
            ("all without image, grace 5 s", fleet(pods, Shows::NoImage), 1),
        ] {
            let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
            let server = fleet.serve();
            let mut command = program::wait(folder.path(), &server.kubeconfig);
            command.args(["--window", "5s", "--grace", "image=5s"]);
            let run = program::run(command)?;
            if run.exit_code != Some(exit_code) {
                return Err(format!("{pods} pods, {what}: {:?}\n{}", run.exit_code, run.stderr));
            }
            let (peak, read, length) = (run.peak as f64 / 1e6, run.first_read, run.length);
            table.add(
                format!("{pods} pods of 15 kB, {what}"),
                format!("peak {peak:.1} MB, first read after {read:.2?}, exit after {length:.2?}"),
            );
        }
    }
    Ok(())
}
