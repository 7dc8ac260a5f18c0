//! What the figures were measured on.

use std::fs;
use std::thread;

/// Processor, cores, kernel, and how busy the machine is.
pub(crate) fn describe() -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = thread::available_parallelism().map_or(0, usize::from);
    format!(
        "Measured on {}, {cores} cores, {} {}, load {}.",
        model.map_or("an unknown processor", |(_, name)| name),
        std::env::consts::OS,
        read("/proc/sys/kernel/osrelease").trim(),
        read("/proc/loadavg").split(' ').take(3).collect::<Vec<_>>().join(" ")
    )
}
