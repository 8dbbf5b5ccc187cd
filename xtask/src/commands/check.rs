//! `cargo xtask check`: everything up to emission, for its diagnostics; no cargo.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use moonwright_compiler::driver;

use crate::build;
use crate::outcome::{FAILED, STATUSES, Told};
use crate::project;
use crate::report::{self, Format};
use crate::repository::Repository;

/// Look for errors in an application without building it.
#[derive(Args)]
#[command(after_help = STATUSES)]
pub struct Arguments {
    /// The folder with the manifest, the project folder with a wippy.lock, or one Lua file
    src: PathBuf,
    /// How to print diagnostics: `json` is one object a line on standard output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// [`Told`] with status 1 if the application has errors.
pub fn main(repository: &Repository, arguments: &Arguments) -> Result<()> {
    let project = project::read(repository, &arguments.src, None)?;
    build::warn(&project);
    let output = driver::check(&project.input);
    report::print(&output, arguments.format);
    if output.has_errors() { Err(Told { status: FAILED }.into()) } else { Ok(()) }
}
