//! A program with a bug of ours in it: an application whose emitted code panics where its Lua calls
//! `explode`, with the machine code of optimised applications.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use moonwright_compiler::diagnostics;
use moonwright_compiler::driver;
use moonwright_compiler::input::Options;
use xtask::build::cargo::{self, Code, Job};
use xtask::build::progress::Progress;
use xtask::build::{lockfile, write};
use xtask::project;
use xtask::repository::Repository;

use crate::apps;

const NAME: &str = "panics";
/// Where the emitted function begins.
const EXPLODE: &str = "fn explode(cx: Cx, what: Value) -> LuaResult {\n";

/// Builds it.
///
/// # Errors
/// Its diagnostics, or what rustc says.
pub fn build() -> Result<PathBuf> {
    let repository = Repository::find();
    let folder = repository.target.join("moonwright-tests-panics");
    std::fs::create_dir_all(&folder)?;
    let project = project::read(&repository, &repository.root.join("tests/e2e/panics"), Some(NAME))?;
    let options =
        Options { runtime_path: repository.root.join("runtime").display().to_string(), is_member: true };
    let mut output = driver::compile(&project.input, &options);
    if output.has_errors() {
        bail!("{}", diagnostics::text(&output.diagnostics, &output.sources, false));
    }
    let worker = output.files.get_mut("src/app_worker.rs").context("no worker was emitted")?;
    if !worker.contains(EXPLODE) {
        bail!("no place for the panic in\n{worker}");
    }
    *worker = worker.replace(EXPLODE, &format!("{EXPLODE}    panic!(\"a bug of ours\");\n"));
    let manifest = output.files.get_mut("Cargo.toml").context("no manifest was emitted")?;
    manifest.push_str("\n[workspace]\n\n");
    manifest.push_str(&apps::profile(&repository)?);
    write::crate_files(&folder, &output.files)?;
    lockfile::prepare(&repository, &folder, false)?;
    let job = Job { folder: &folder, profile: "apptest", code: Code::Lean, flags: &[] };
    let built = cargo::build(&repository, &job, &Progress::Silent)?;
    if !built.success {
        let messages: String = built.messages.iter().map(|message| message.text()).collect();
        bail!("{messages}{}", built.complaints.join("\n"));
    }
    built.executables.into_iter().next().context("no program was built")
}
