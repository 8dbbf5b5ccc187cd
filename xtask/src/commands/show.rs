//! `cargo xtask show`: what one stage of the compiler made of an application.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use moonwright_compiler::driver;

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
    let (output, text) = driver::show(&project.input, arguments.stage.into(), arguments.entry.as_deref());
    // A pager that was left early is no failure.
    let _ = std::io::stdout().write_all(text.as_bytes());
    report::print(&output, Format::Text);
    if output.has_errors() { Err(Told { status: FAILED }.into()) } else { Ok(()) }
}
