//! Every application of the tests, compiled by the library and built by one cargo: a generated
//! workspace of many small crates in the target directory, built with the profile `apptest`.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};
use moonwright_compiler::diagnostics;
use moonwright_compiler::driver;
use moonwright_compiler::input::Options;
use xtask::build::cargo::{self, Code, Job};
use xtask::build::progress::Progress;
use xtask::build::{lockfile, write};
use xtask::commands::new;
use xtask::project::{self, Project};
use xtask::repository::Repository;

use crate::case;

/// What came of an application: its binary, and rustc's warnings; or why there is none.
type Outcome = Result<(PathBuf, String), String>;

/// Built at the first question.
static BUILT: LazyLock<BTreeMap<String, Outcome>> =
    LazyLock::new(|| build().unwrap_or_else(|error| panic!("the applications cannot be built: {error:#}")));

/// The binary of an application.
///
/// # Errors
/// Its diagnostics, or what rustc says.
pub fn binary(name: &str) -> Result<PathBuf, String> {
    outcome(name).map(|(binary, _)| binary)
}

/// What rustc warned about in the code emitted for an application.
///
/// # Errors
/// As [`binary`].
pub fn warnings(name: &str) -> Result<String, String> {
    outcome(name).map(|(_, warnings)| warnings)
}

fn outcome(name: &str) -> Outcome {
    BUILT.get(name).cloned().unwrap_or_else(|| Err(format!("there is no application {name}")))
}

/// The name of a golden case's application.
pub fn golden(case: &str) -> String {
    format!("golden-{case}")
}

/// The name of the echo service, or of one of its variants in `tests/e2e/variants`.
pub fn echo(variant: &str) -> String {
    format!("e2e-{variant}")
}

/// Every application by its name.
fn sources(repository: &Repository) -> Result<BTreeMap<String, Project>> {
    let mut found = BTreeMap::new();
    for case in case::all("golden") {
        let name = golden(&case.name);
        found.insert(name.clone(), project::read(repository, &case.src(), Some(&name))?);
    }
    for folder in std::fs::read_dir(repository.root.join("examples")).context("examples")?.flatten() {
        let src = folder.path().join("src");
        if src.is_dir() {
            let name = format!("example-{}", folder.file_name().to_string_lossy());
            found.insert(name.clone(), project::read(repository, &src, Some(&name))?);
        }
    }
    let name = "example-new".to_owned();
    // Always in the same place, so that nothing is built again.
    let fresh = repository.target.join("moonwright-tests-new");
    if fresh.exists() {
        std::fs::remove_dir_all(&fresh)?;
    }
    new::create(&fresh, "new")?;
    found.insert(name.clone(), project::read(repository, &fresh, Some(&name))?);
    found.insert(echo("plain"), variant(repository, "plain", None)?);
    let variants = repository.root.join("tests/e2e/variants");
    for entry in std::fs::read_dir(&variants).context("tests/e2e/variants")?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        found.insert(echo(&name), variant(repository, &name, Some(&entry.path()))?);
    }
    Ok(found)
}

/// The repository's own application with some of its files replaced.
fn variant(repository: &Repository, name: &str, folder: Option<&Path>) -> Result<Project> {
    let mut project = project::read(repository, &repository.root.join("src"), Some(&echo(name)))?;
    let Some(folder) = folder else { return Ok(project) };
    let root = project.input.roots.first_mut().context("the sources have a root")?;
    for entry in std::fs::read_dir(folder)?.flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        let old = root.files.insert(file.clone(), std::fs::read(entry.path())?);
        if old.is_none() {
            bail!("{}: the echo service has no {file}", folder.display());
        }
    }
    Ok(project)
}

/// Writes the workspace and lets cargo build it. Held by one test binary at a time.
fn build() -> Result<BTreeMap<String, Outcome>> {
    let repository = Repository::find();
    let folder = repository.target.join("moonwright-tests");
    std::fs::create_dir_all(&folder)?;
    let lock = File::create(folder.join(".lock"))?;
    lock.lock()?;

    let mut outcomes = BTreeMap::new();
    let mut members = Vec::new();
    for (name, project) in sources(&repository)? {
        match emit(&repository, &folder, &name, &project) {
            Ok(()) => members.push(name),
            Err(error) => drop(outcomes.insert(name, Err(format!("{error:#}")))),
        }
    }
    let manifest = manifest(&repository, &members)?;
    if std::fs::read_to_string(folder.join("Cargo.toml")).ok().as_deref() != Some(manifest.as_str()) {
        write::file(&folder.join("Cargo.toml"), &manifest)?;
    }
    lockfile::prepare(&repository, &folder, false)?;
    // One crate that rustc refuses must not hide the others.
    let job = Job {
        folder: &folder,
        profile: "apptest",
        code: Code::Workspace,
        flags: &["--workspace", "--keep-going"],
    };
    let built = cargo::build(&repository, &job, &Progress::Silent)?;
    if !built.success && built.messages.is_empty() {
        bail!("{}", built.complaints.join("\n"));
    }
    for name in members {
        let marker = format!("/moonwright-tests/{name}#");
        let ours = built.messages.iter().filter(|message| message.package.contains(&marker));
        let text: String = ours.map(|message| message.text()).collect();
        let binary =
            built.executables.iter().find(|path| path.file_stem().is_some_and(|stem| *stem == *name));
        let outcome = binary.map(|binary| (binary.clone(), text.clone()));
        outcomes.insert(name, outcome.ok_or_else(|| format!("rustc refuses the emitted code:\n{text}")));
    }
    Ok(outcomes)
}

/// Compiles one application into the workspace.
fn emit(repository: &Repository, folder: &Path, name: &str, project: &Project) -> Result<()> {
    // The workspace of the tests is the crates' own, so they bring none.
    let options =
        Options { runtime_path: repository.root.join("runtime").display().to_string(), is_member: true };
    let output = driver::compile(&project.input, &options);
    if output.has_errors() {
        bail!("it does not compile:\n{}", diagnostics::text(&output.diagnostics, &output.sources, false));
    }
    write::crate_files(&folder.join(name), &output.files)?;
    Ok(())
}

/// The repository's own profile for applications of the tests.
///
/// # Errors
/// If there is none.
pub fn profile(repository: &Repository) -> Result<String> {
    let own = std::fs::read_to_string(repository.root.join("Cargo.toml"))?;
    let profile: String = own
        .split_inclusive("\n[")
        .map(|section| section.trim_end_matches('['))
        .filter(|section| section.starts_with("profile.apptest"))
        .map(|section| format!("[{section}"))
        .collect();
    if profile.is_empty() {
        bail!("Cargo.toml has no profile apptest");
    }
    Ok(profile)
}

/// The workspace's `Cargo.toml`, with that profile.
fn manifest(repository: &Repository, members: &[String]) -> Result<String> {
    let profile = profile(repository)?;
    let members: String = members.iter().map(|member| format!("    {member:?},\n")).collect();
    Ok(format!(
        "# Written by the tests.\n[workspace]\nresolver = \"3\"\nmembers = [\n{members}]\n\n{profile}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_takes_the_repositorys_profile() {
        let text = manifest(&Repository::find(), &["golden-a".to_owned()]).unwrap();
        assert!(text.contains("[profile.apptest]\ninherits = \"dev\"\n"), "{text}");
        assert!(text.contains("members = [\n    \"golden-a\",\n]\n"), "{text}");
    }

    #[test]
    fn a_variant_replaces_files_of_the_echo_service() {
        let repository = Repository::find();
        let found = sources(&repository).unwrap();
        let plain = found.get("e2e-plain").unwrap().input.roots.first().unwrap();
        let slow = found.get("e2e-slow").unwrap().input.roots.first().unwrap();
        assert_eq!(plain.files.len(), slow.files.len());
        assert_ne!(plain.files.get("worker.lua"), slow.files.get("worker.lua"));
        assert_eq!(plain.files.get("relay.lua"), slow.files.get("relay.lua"));
    }
}
