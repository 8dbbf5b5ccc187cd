//! `cargo xtask show`: what one stage of the compiler made of an application.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use moonwright_compiler::diagnostics::suggest;
use moonwright_compiler::driver;
use moonwright_compiler::input::Input;

use crate::build;
use crate::outcome::{FAILED, Told};
use crate::project;
use crate::report::{self, Format};
use crate::repository::Repository;

/// Print what a stage of the compiler made of an application.
#[derive(Args)]
pub struct Arguments {
    #[arg(value_enum)]
    stage: Stage,
    /// The folder with the manifest, the project folder with a wippy.lock, or one Lua file
    src: PathBuf,
    /// Only this entry, such as app:relay
    #[arg(long, value_name = "NS:NAME")]
    entry: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Stage {
    /// What the lexer found
    Tokens,
    /// The syntax tree
    Ast,
    /// Names resolved
    Hir,
    /// What the analyses found out, such as which functions may suspend and why
    Facts,
    /// Rust-shaped, before it is text
    Lowered,
    /// The emitted Rust
    Rust,
}

impl From<Stage> for driver::Stage {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Tokens => Self::Tokens,
            Stage::Ast => Self::Ast,
            Stage::Hir => Self::Hir,
            Stage::Facts => Self::Facts,
            Stage::Lowered => Self::Lowered,
            Stage::Rust => Self::Rust,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// [`Told`] with status 1 if the application has errors; what could be shown is shown all the same.
pub fn main(repository: &Repository, arguments: &Arguments) -> Result<()> {
    let project = project::read(repository, &arguments.src, None)?;
    build::warn(&project);
    if let Some(entry) = &arguments.entry {
        must_exist(&project.input, entry)?;
    }
    let (output, text) = driver::show(&project.input, arguments.stage.into(), arguments.entry.as_deref());
    // A pager that was left early is no failure.
    let _ = std::io::stdout().write_all(text.as_bytes());
    report::print(&output, Format::Text);
    if output.has_errors() { Err(Told { status: FAILED }.into()) } else { Ok(()) }
}

/// Refuses the name of an entry that has no Lua, with the nearest that has.
fn must_exist(input: &Input, entry: &str) -> Result<()> {
    let known = driver::entries(input);
    if known.is_empty() || known.iter().any(|id| id == entry) {
        return Ok(());
    }
    match suggest(entry, known.iter().map(String::as_str)) {
        Some(near) => bail!("no Lua entry {entry}; did you mean {near}?"),
        None => bail!("no Lua entry {entry}; there are: {}", known.join(", ")),
    }
}
