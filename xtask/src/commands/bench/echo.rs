//! Round trips of the echo service: client to relay, a worker spawned for each, worker to client.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::commands::bench::results::Section;
use crate::commands::bench::stats::median;
use crate::commands::bench::{Program, optimised};
use crate::repository::Repository;

const ROUNDS: u32 = 100_000;

pub fn measure(repository: &Repository, runs: u32) -> Result<Section> {
    let binary = optimised(repository, "bench/apps/echo/src")?;
    let mut section = Section::new(
        "Echo",
        format!(
            "The echo service without its worker's sleep, {ROUNDS} round trips one after the other: a message to the \
             relay, a monitored worker for each, its answer, its exit noticed by the relay."
        ),
    );
    let rate = median(runs, || round_trips(&binary))?;
    section.row("round trips", rate, "a second", "");
    Ok(section)
}

/// Round trips a second.
fn round_trips(binary: &Path) -> Result<f64> {
    let mut program = Program::start(binary, &["-x", "app:cli"])?;
    let mut input = program.child.stdin.take().context("no standard input")?;
    writeln!(input, "{ROUNDS}")?;
    program.wait_for("begin\n")?;
    let begun = Instant::now();
    program.wait_for("end\n")?;
    Ok(f64::from(ROUNDS) / begun.elapsed().as_secs_f64())
}
