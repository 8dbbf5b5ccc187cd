//! `cargo xtask build`: an application's folder in, its binary out.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::build::timing::{Timing, megabytes};
use crate::build::{self, Profile, Request};
use crate::outcome::STATUSES;
use crate::repository::Repository;

/// Compile an application to one native binary.
///
/// Reads the manifests and Lua files of SRC, writes a Rust crate to generated/<app>/ and builds it.
/// Nothing is written if the application has errors.
#[derive(Args)]
#[command(after_help = STATUSES)]
pub struct Arguments {
    /// The folder with the manifest, the project folder with a wippy.lock, or one Lua file
    src: PathBuf,
    /// Where to put the binary [default: dist/<app> in the repository]
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// The application's name [default: `module:` of wippy.yaml, else the folder's, for `src` its parent's]
    #[arg(long)]
    name: Option<String>,
    /// For the edit loop: quick to build again, less optimised
    #[arg(long)]
    dev: bool,
    /// Write the crate, do not build it
    #[arg(long)]
    emit_only: bool,
    /// Print problems only
    #[arg(short, long)]
    quiet: bool,
    /// Refuse dependencies that the repository's Cargo.lock does not name
    #[arg(long)]
    locked: bool,
}

/// Runs the command.
///
/// # Errors
/// As [`build::build`].
pub fn main(repository: &Repository, arguments: &Arguments) -> Result<()> {
    let mut timing = Timing::default();
    if arguments.emit_only {
        let emitted = build::emit(repository, &arguments.src, arguments.name.as_deref(), &mut timing)?;
        if !arguments.quiet {
            println!("{} ({} files changed)", shown(&emitted.folder), emitted.changed);
            println!("  {timing}");
        }
        return Ok(());
    }
    if let Some(to) = &arguments.output {
        build::check_place(repository, to)?;
    }
    let request = Request {
        src: &arguments.src,
        name: arguments.name.as_deref(),
        profile: if arguments.dev { Profile::Edit } else { Profile::Optimised },
        locked: arguments.locked,
        is_quiet: arguments.quiet,
    };
    let (emitted, binary) = build::build(repository, &request, &mut timing)?;
    let default = || repository.root.join("dist").join(&emitted.project.crate_name);
    let to = arguments.output.clone().unwrap_or_else(default);
    let size = timing.phase("copy", || build::deliver(&binary, &to))?;
    if !arguments.quiet {
        println!("{} ({})", shown(&to), megabytes(size));
        println!("  {timing}");
    }
    Ok(())
}

/// A path from the current folder, if it lies below.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}
