//! The `deploygate` program.

fn main() {}
