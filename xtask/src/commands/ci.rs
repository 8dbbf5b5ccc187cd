//! `cargo xtask ci`: everything that must hold before a change is taken.

use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;

use crate::build::timing::Shown;
use crate::build::{self, write};
use crate::outcome::{FAILED, Told};
use crate::project;
use crate::report::{self, Format};
use crate::repository::{COMMITTED, Repository};

/// Run every check: format, lints, the committed crate, all tests.
#[derive(Args)]
pub struct Arguments {}

/// Runs the command.
///
/// # Errors
/// [`Told`] with status 1 at the first step that fails.
pub fn main(repository: &Repository, _arguments: &Arguments) -> Result<()> {
    cargo(repository, &["fmt", "--all", "--check"])?;
    cargo(repository, &["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    step("generated/echo-service is what src/ compiles to", || committed(repository))?;
    // Last, so that its closing lines are the last to be seen.
    cargo(repository, &["test", "--locked", "--workspace"])
}

fn cargo(repository: &Repository, arguments: &[&str]) -> Result<()> {
    step(&format!("cargo {}", arguments.join(" ")), || {
        let status = repository.cargo().args(arguments).status().context("cannot start cargo")?;
        Ok(status.success())
    })
}

fn step(name: &str, work: impl FnOnce() -> Result<bool>) -> Result<()> {
    eprintln!("== {name}");
    let begun = Instant::now();
    let passed = work()?;
    eprintln!("== {}: {name}, {}", if passed { "passed" } else { "FAILED" }, Shown(begun.elapsed()));
    if passed { Ok(()) } else { Err(Told { status: FAILED }.into()) }
}

/// Compiles the repository's application in memory and compares it with what is committed.
fn committed(repository: &Repository) -> Result<bool> {
    let project = project::read(repository, &repository.root.join("src"), None)?;
    let output = build::compile(&project);
    report::print(&output, Format::Text);
    if output.has_errors() {
        return Ok(false);
    }
    let differences = write::differences(&repository.generated(COMMITTED), &output.files);
    for difference in &differences {
        eprintln!("generated/{COMMITTED}/{difference}");
    }
    if !differences.is_empty() {
        eprintln!("to repair: cargo xtask build src/ --emit-only");
    }
    Ok(differences.is_empty())
}
