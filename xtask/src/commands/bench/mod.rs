//! `cargo xtask bench`: figures of the echo service and its build, printed and kept as text, so that
//! a change in speed is a line in the diff.

mod actors;
mod build;
mod compile;
mod compute;
mod echo;
mod results;
mod startup;
mod stats;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, ValueEnum};

use crate::build::timing::Timing;
use crate::build::write;
use crate::build::{Profile, Request, build as build_application};
use crate::repository::Repository;

/// Measure, print, and write bench/RESULTS.md.
///
/// Every figure is the median of its runs. Sections that are not measured stay as they are.
#[derive(Args)]
pub struct Arguments {
    /// What to measure [default: everything]
    #[arg(value_enum)]
    suites: Vec<Suite>,
    /// How often to measure each figure
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(5..))]
    runs: u32,
    /// Print the figures, do not write them
    #[arg(long)]
    dry: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// From start to first output and first prompt; memory when idle; size
    Startup,
    /// Round trips through relay and worker
    Echo,
    /// Cold and incremental builds
    Build,
    /// Processes and messages beside Erlang, which must be installed, and tokio
    Actors,
    /// What a build costs for each thousand lines of Lua
    Compile,
    /// Programs in Lua beside lua5.4 and luajit, which must be installed
    Compute,
}

/// Runs the command.
///
/// # Errors
/// Whatever cannot be built, run or written.
pub fn main(repository: &Repository, arguments: &Arguments) -> Result<()> {
    let suites = match arguments.suites.as_slice() {
        [] => Suite::value_variants(),
        some => some,
    };
    let path = repository.root.join("bench/RESULTS.md");
    for suite in suites {
        eprintln!("measuring {suite:?} ...");
        let section = match suite {
            Suite::Startup => startup::measure(repository, arguments.runs)?,
            Suite::Echo => echo::measure(repository, arguments.runs)?,
            Suite::Build => build::measure(repository, arguments.runs)?,
            Suite::Actors => actors::measure(repository, arguments.runs)?,
            Suite::Compile => compile::measure(repository, arguments.runs)?,
            Suite::Compute => compute::measure(repository, arguments.runs)?,
        };
        print!("{section}");
        if !arguments.dry {
            let old = std::fs::read_to_string(&path).unwrap_or_default();
            write::exchange(&path, &results::replace(&old, &section))?;
        }
    }
    Ok(())
}

/// The optimised binary of an application of the repository.
fn optimised(repository: &Repository, src: &str) -> Result<PathBuf> {
    let src = repository.root.join(src);
    let request =
        Request { src: &src, name: None, profile: Profile::Optimised, locked: false, is_quiet: false };
    Ok(build_application(repository, &request, &mut Timing::default())?.1)
}

/// A program that is running with its output read line by line.
struct Program {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Program {
    fn start(binary: &Path, args: &[&str]) -> Result<Self> {
        let mut command = Command::new(binary);
        command.args(args);
        Self::launch(command)
    }

    fn launch(mut command: Command) -> Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().with_context(|| format!("cannot run {command:?}"))?;
        let output = child.stdout.take().ok_or_else(|| anyhow!("no standard output"))?;
        Ok(Self { child, lines: BufReader::new(output) })
    }

    /// Waits until the program has written `text`.
    fn wait_for(&mut self, text: &str) -> Result<()> {
        let last = *text.as_bytes().last().context("an empty text")?;
        let mut seen = Vec::new();
        loop {
            if self.lines.read_until(last, &mut seen)? == 0 {
                bail!("{text:?} did not come");
            }
            if seen.ends_with(text.as_bytes()) {
                return Ok(());
            }
        }
    }
}

/// Bytes of a program that are resident.
fn resident(id: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))
        .context("resident memory is read from /proc, which is not here")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes: f64 = line
        .and_then(|line| line.split_whitespace().next())
        .context("no VmRSS")?
        .parse()
        .context("VmRSS is no number")?;
    Ok(kilobytes * 1024.0)
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
