//! From an application's folder to its binary: read, compile, write the crate, run cargo, copy.

pub mod blame;
pub mod cargo;
pub mod lockfile;
pub mod progress;
pub mod timing;
pub mod write;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use moonwright_compiler::driver::{self, Output};
use moonwright_compiler::input::Options;

use crate::outcome::{BUG, FAILED, Told};
use crate::project::{self, Project};
use crate::report::{self, Format};
use crate::repository::Repository;
use cargo::{Code, Job};
use progress::Progress;
use timing::Timing;

/// Which of the workspace's profiles builds the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Optimised, stripped.
    Optimised,
    /// Quick to build again after a change.
    Edit,
}

impl Profile {
    /// The name cargo knows it by, which is also its folder in the target directory.
    pub fn name(self) -> &'static str {
        match self {
            Self::Optimised => "release",
            Self::Edit => "edit",
        }
    }

    fn code(self) -> Code {
        match self {
            Self::Optimised => Code::Lean,
            Self::Edit => Code::Quick,
        }
    }
}

/// What to build and how.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    pub src: &'a Path,
    pub name: Option<&'a str>,
    pub profile: Profile,
    pub locked: bool,
    /// Whether to show the progress at all.
    pub is_quiet: bool,
}

/// A crate on disk whose text is up to date.
#[derive(Debug)]
pub struct Emitted {
    pub folder: PathBuf,
    pub project: Project,
    pub changed: usize,
}

/// Compiles and writes the crate; nothing is written if the application has errors.
///
/// # Errors
/// [`Told`] with status 1 after diagnostics were printed; anything the disk says.
pub fn emit(repository: &Repository, src: &Path, name: Option<&str>, timing: &mut Timing) -> Result<Emitted> {
    let project = timing.phase("read", || project::read(repository, src, name))?;
    warn(&project);
    let output = timing.phase("compile", || compile(&project));
    report::print(&output, Format::Text);
    if output.has_errors() {
        return Err(Told { status: FAILED }.into());
    }
    let folder = repository.generated(&project.crate_name);
    let changed = timing.phase("write", || write::crate_files(&folder, &output.files))?;
    Ok(Emitted { folder, project, changed })
}

/// The emitted files of a project, in memory.
pub fn compile(project: &Project) -> Output {
    driver::compile(&project.input, &options(project))
}

/// How a crate in `generated/` finds the runtime and its workspace.
fn options(project: &Project) -> Options {
    Options { runtime_path: "../../runtime".to_owned(), is_member: project.is_member }
}

/// Says what was left out while reading.
pub fn warn(project: &Project) {
    for warning in &project.warnings {
        eprintln!("warning: {warning}");
    }
}

/// Compiles, writes and builds; the path of the binary in the target directory.
///
/// # Errors
/// As [`emit`]; [`Told`] with status 70 if rustc refused the emitted code.
pub fn build(repository: &Repository, request: &Request, timing: &mut Timing) -> Result<(Emitted, PathBuf)> {
    let emitted = emit(repository, request.src, request.name, timing)?;
    let project = &emitted.project;
    if !project.is_member {
        lockfile::prepare(repository, &emitted.folder, request.locked)?;
    }
    let job = Job {
        code: request.profile.code(),
        folder: &emitted.folder,
        profile: request.profile.name(),
        // The repository's own lock file is never changed by a build.
        flags: if project.is_member { &["--locked"] } else { &[] },
    };
    let progress = Progress::new(repository, &job, request.is_quiet);
    let outcome = timing.phase("cargo", || cargo::build(repository, &job, &progress));
    progress.finish();
    let mut outcome = outcome?;
    if !outcome.success {
        return Err(failed(repository, &emitted, &outcome));
    }
    let binary = outcome
        .executables
        .pop()
        .ok_or_else(|| anyhow!("cargo built no binary of {}", project.crate_name))?;
    Ok((emitted, binary))
}

/// Says why cargo failed, and whose fault it is.
fn failed(repository: &Repository, emitted: &Emitted, outcome: &cargo::Outcome) -> anyhow::Error {
    let errors: Vec<_> = outcome.messages.iter().filter(|message| message.is_error()).cloned().collect();
    let Some(bug) = blame::find(&emitted.folder, &errors) else {
        for error in &errors {
            eprint!("{}", error.text());
        }
        for line in &outcome.complaints {
            eprintln!("{line}");
        }
        eprintln!("error: cargo could not build {}", emitted.folder.display());
        return Told { status: FAILED }.into();
    };
    let path = repository.target.join("moonwright").join(format!("{}-rustc.txt", emitted.project.crate_name));
    let kept = match write::file(&path, &bug.text) {
        Ok(()) => format!("rustc's text is in {}", path.display()),
        Err(error) => format!("rustc's text could not be kept: {error}\n{}", bug.text),
    };
    eprintln!("error: rustc refuses the code written for {}: {}", bug.place, bug.message);
    eprintln!("  this is a bug in Moonwright, not in the application; {kept}");
    Told { status: BUG }.into()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Refuses a place in a folder that is not there, before anything is built; `dist` is made.
///
/// # Errors
/// The folder is not there, or is none.
pub fn check_place(repository: &Repository, to: &Path) -> Result<()> {
    let folder = folder_of(to);
    let is_made = std::path::absolute(folder)? == repository.root.join("dist");
    if !folder.is_dir() && !is_made {
        bail!("cannot write {}: there is no folder {}", to.display(), folder.display());
    }
    if to.is_dir() {
        bail!("cannot write {}: a folder is there", to.display());
    }
    Ok(())
}

/// Copies the binary to where it was asked for. A program that runs from there keeps running.
///
/// # Errors
/// Whatever the disk says.
pub fn deliver(binary: &Path, to: &Path) -> Result<u64> {
    let folder = folder_of(to);
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut name = to.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    let fresh = folder.join(name);
    let size = std::fs::copy(binary, &fresh).with_context(|| format!("cannot write {}", fresh.display()))?;
    std::fs::rename(&fresh, to).with_context(|| format!("cannot write {}", to.display()))?;
    Ok(size)
}
