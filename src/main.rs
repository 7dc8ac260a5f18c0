//! The `deploygate` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    deploygate::cli::run(std::env::args_os())
}
