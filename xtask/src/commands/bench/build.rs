//! How long a build takes: from nothing, and after one changed line of Lua.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::commands::bench::results::Section;
use crate::commands::bench::stats::median;
use crate::repository::Repository;

/// What takes minutes is measured once.
const LONG_RUNS: u32 = 1;

pub fn measure(repository: &Repository, runs: u32) -> Result<Section> {
    let mut section = Section::new(
        "Build",
        format!(
            "The echo service, {} cores, {}; crates downloaded. `cargo xtask` as it is typed, xtask itself built before \
             (except for the clean clone). {LONG_RUNS} run of what begins from nothing, {runs} of the others.",
            std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
            rustc()?
        ),
    );
    let scratch = repository.target.join("moonwright/bench");
    let edited = Edited::new(repository, &scratch.join("edited"))?;
    let check = median(runs, || timed(repository, &["check", "src"], None))?;
    section.row("check", check, "s", "well under 1 s");
    for (what, flag, aim) in [("--dev", Some("--dev"), "under 5 s"), ("optimised", None, "under 20 s")] {
        let src = edited.src.to_string_lossy().into_owned();
        let mut words = vec!["build", &src, "--quiet"];
        words.extend(flag);
        edited.change()?;
        timed(repository, &words, None)?;
        let again = median(runs, || {
            edited.change()?;
            timed(repository, &words, None)
        })?;
        section.row(&format!("one changed Lua line, {what}"), again, "s", aim);
    }
    for (what, flag) in [("--dev", Some("--dev")), ("optimised", None)] {
        let cold = scratch.join("cold");
        let mut words = vec!["build", "src", "--quiet", "--output"];
        let output = scratch.join("binary").to_string_lossy().into_owned();
        words.push(&output);
        words.extend(flag);
        let time = median(LONG_RUNS, || {
            remove(&cold)?;
            timed(repository, &words, Some(&cold))
        })?;
        section.row(&format!("from nothing, {what}"), time, "s", "");
        remove(&cold)?;
    }
    let clone = scratch.join("clone");
    let time = median(LONG_RUNS, || clean_clone(repository, &clone))?;
    section.row("clean clone to the program's end, `cargo xtask run src/`", time, "s", "under 240 s");
    remove(&clone)?;
    Ok(section)
}

/// Seconds that `cargo xtask <words>` takes. With `cold`, the application is built into that folder;
/// xtask itself is the one that runs.
fn timed(repository: &Repository, words: &[&str], cold: Option<&Path>) -> Result<f64> {
    let mut command = match cold {
        None => {
            let mut cargo = repository.cargo();
            cargo.arg("xtask");
            cargo
        }
        Some(target) => {
            let mut own = Command::new(std::env::current_exe().context("where is this program?")?);
            own.current_dir(&repository.root).env("CARGO_TARGET_DIR", target);
            own
        }
    };
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null());
    let begun = Instant::now();
    let status = command.status().context("cannot start cargo")?;
    if !status.success() {
        bail!("cargo xtask {} failed", words.join(" "));
    }
    Ok(begun.elapsed().as_secs_f64())
}

/// Seconds from a fresh clone to an application that was built, started, and has said goodbye.
fn clean_clone(repository: &Repository, clone: &Path) -> Result<f64> {
    remove(clone)?;
    let cloned = Command::new("git").args(["clone", "--quiet"]).arg(&repository.root).arg(clone).status();
    if !cloned.context("cannot start git")?.success() {
        bail!("cannot clone the repository");
    }
    let begun = Instant::now();
    let mut cargo = repository.cargo();
    cargo.current_dir(clone).env_remove("CARGO_TARGET_DIR");
    cargo.args(["xtask", "run", "src/", "--", "-x", "app:cli"]).stdin(Stdio::null()).stdout(Stdio::null());
    if !cargo.status().context("cannot start cargo")?.success() {
        bail!("the clone does not build");
    }
    Ok(begun.elapsed().as_secs_f64())
}

fn rustc() -> Result<String> {
    let output = Command::new("rustc").arg("--version").output().context("cannot start rustc")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.split(" (").next().unwrap_or_default().trim().to_owned())
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

/// A copy of the echo service that can be changed.
struct Edited {
    src: PathBuf,
    relay: String,
    turn: std::cell::Cell<u32>,
}

impl Edited {
    fn new(repository: &Repository, folder: &Path) -> Result<Self> {
        remove(folder)?;
        let src = folder.join("src");
        std::fs::create_dir_all(&src)?;
        for entry in std::fs::read_dir(repository.root.join("src"))?.flatten() {
            std::fs::copy(entry.path(), src.join(entry.file_name()))?;
        }
        let relay = std::fs::read_to_string(src.join("relay.lua"))?;
        Ok(Self { src, relay, turn: std::cell::Cell::new(0) })
    }

    /// Changes one line of relay.lua to what it never was before.
    fn change(&self) -> Result<()> {
        self.turn.set(self.turn.get() + 1);
        let line = "stats.messages = stats.messages + 1";
        let changed =
            self.relay.replace(line, &format!("stats.messages = stats.messages + {}", self.turn.get() + 1));
        if changed == self.relay {
            bail!("relay.lua has no line `{line}`");
        }
        std::fs::write(self.src.join("relay.lua"), changed)?;
        Ok(())
    }
}
