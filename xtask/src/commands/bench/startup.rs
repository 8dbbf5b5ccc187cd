//! From the start of a program to its first output; what it weighs on disk and in memory.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::build::timing::megabytes;
use crate::commands::bench::results::Section;
use crate::commands::bench::stats::{median, milliseconds};
use crate::commands::bench::{Program, optimised, resident};
use crate::repository::Repository;

pub fn measure(repository: &Repository, runs: u32) -> Result<Section> {
    let first = optimised(repository, "bench/apps/first/src")?;
    let echo = optimised(repository, "src")?;
    let mut section = Section::new(
        "Startup",
        "Optimised binaries. `first` is a process that prints at once; the echo service's client sleeps 200 ms before its first prompt.",
    );
    // Starting is quick, so many runs cost nothing and steady the median.
    let many = runs.max(31);
    let to_main = median(many, || until(&first, &["-x", "app:main"], "here\n"))?;
    section.row("start to first output, `first`", to_main, "ms", "under 5 ms");
    let to_prompt = median(runs, || until(&echo, &["-x", "app:cli"], "> "))?;
    section.row("start to first prompt, echo service", to_prompt, "ms", "200 ms and under 5 more");
    let memory = median(runs, || idle_memory(&echo))?;
    section.row("resident when idle, echo service", memory, "MB", "under 6 MB");
    let size = std::fs::metadata(&echo).context("cannot look at the binary")?.len();
    section.fixed("binary, stripped, echo service", megabytes(size), "under 4 MB");
    Ok(section)
}

/// Milliseconds until a program has written `text`.
fn until(binary: &Path, args: &[&str], text: &str) -> Result<f64> {
    let begun = Instant::now();
    let mut program = Program::start(binary, args)?;
    program.wait_for(text)?;
    Ok(milliseconds(begun.elapsed()))
}

/// Megabytes resident while the services wait for something to do.
fn idle_memory(binary: &Path) -> Result<f64> {
    let program = Program::start(binary, &["-s"])?;
    std::thread::sleep(Duration::from_millis(500));
    Ok(resident(program.child.id())? / 1e6)
}
