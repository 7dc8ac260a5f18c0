//! How large the program is, and how long it takes to start.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::program;
use super::table::{Table, median, now, spread};

const RUNS: usize = 50;

pub(crate) fn measure(table: &mut Table) -> Result<(), String> {
    let size = fs::metadata(&*program::PATH).map_err(|error| error.to_string())?.len();
    table.add("release binary (9,000,000 or less)", format!("{size} bytes"));

    let (mut help, mut nothing) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        nothing.push(time(Command::new("/bin/true"))?);
        let mut command = Command::new(&*program::PATH);
        command.arg("--help");
        help.push(time(command)?);
    }
    table.add("`--help`", spread(&mut help));
    table.add("`/bin/true`", spread(&mut nothing));
    let more = median(&help).saturating_sub(median(&nothing));
    let more = format!("{:.2} ms", more.as_secs_f64() * 1000.0);
    table.add("`--help` less `/bin/true`, medians (2 ms or less)", more);
    Ok(())
}

fn time(mut command: Command) -> Result<Duration, String> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = now();
    command.status().map_err(|error| format!("{command:?}: {error}"))?;
    Ok(started.elapsed())
}
