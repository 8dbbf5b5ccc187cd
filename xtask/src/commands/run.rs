//! `cargo xtask run`: build for the edit loop, then become the program.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::build::timing::Timing;
use crate::build::{self, Profile, Request};
use crate::outcome::STATUSES;
use crate::repository::Repository;

/// Build an application and run it.
///
/// The program takes over terminal, signals and exit status:
/// `cargo xtask run src/ -- -x app:cli`.
#[derive(Args)]
#[command(after_help = STATUSES)]
pub struct Arguments {
    /// The folder with the manifest, the project folder with a wippy.lock, or one Lua file
    src: PathBuf,
    /// Run the optimised build
    #[arg(long)]
    release: bool,
    /// Run the quick build of the edit loop, which is what happens anyway
    #[arg(long, conflicts_with = "release")]
    dev: bool,
    /// The application's name [default: `module:` of wippy.yaml, else the folder's, for `src` its parent's]
    #[arg(long)]
    name: Option<String>,
    /// Show no progress
    #[arg(short, long)]
    quiet: bool,
    /// Arguments of the program
    #[arg(last = true, value_name = "ARGS")]
    arguments: Vec<String>,
}

/// Runs the command; returns only if the program could not be started.
///
/// # Errors
/// As [`build::build`].
pub fn main(repository: &Repository, arguments: &Arguments) -> Result<()> {
    let request = Request {
        src: &arguments.src,
        name: arguments.name.as_deref(),
        profile: if arguments.release && !arguments.dev { Profile::Optimised } else { Profile::Edit },
        locked: false,
        is_quiet: arguments.quiet,
    };
    let (_, binary) = build::build(repository, &request, &mut Timing::default())?;
    let mut program = Command::new(&binary);
    program.args(&arguments.arguments);
    become_program(program).with_context(|| format!("cannot run {}", binary.display()))
}

/// Replaces this process, so that signals and the terminal are the program's own.
#[cfg(unix)]
fn become_program(mut program: Command) -> std::io::Result<()> {
    use std::os::unix::process::CommandExt;
    Err(program.exec())
}

#[cfg(not(unix))]
fn become_program(mut program: Command) -> std::io::Result<()> {
    std::process::exit(program.status()?.code().unwrap_or(1))
}
