//! Cargo, run for one generated crate and listened to.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;

use crate::build::Profile;
use crate::build::progress::Progress;
use crate::repository::Repository;

/// One crate or workspace to build.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    pub folder: &'a Path,
    pub profile: &'a str,
    pub code: Code,
    /// Further flags of cargo.
    pub flags: &'a [&'a str],
}

/// How the machine code of a job is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Many crates, each as rustc thinks best.
    Workspace,
    /// One crate, in which little is inlined.
    Plain,
    /// The same without what only a panic would run.
    Lean,
    /// The same again, and no more than a few passes.
    Quick,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    pub success: bool,
    pub executables: Vec<PathBuf>,
    /// rustc's errors and warnings.
    pub messages: Vec<RustcMessage>,
    /// What cargo itself said on standard error, without its progress.
    pub complaints: Vec<String>,
}

/// A line of `cargo build --message-format=json`, as far as we look.
#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Line {
    CompilerMessage {
        package_id: String,
        message: RustcMessage,
    },
    CompilerArtifact {
        package_id: String,
        executable: Option<PathBuf>,
    },
    #[serde(other)]
    Other,
}

/// One message of rustc.
#[derive(Clone, Debug, Deserialize)]
pub struct RustcMessage {
    /// The package it is about, as cargo spells it: its folder is part of it.
    #[serde(skip)]
    pub package: String,
    pub level: String,
    pub message: String,
    #[serde(default)]
    pub rendered: Option<String>,
    #[serde(default)]
    pub spans: Vec<RustcSpan>,
}

/// A place in Rust, its file relative to the folder of the workspace.
#[derive(Clone, Debug, Deserialize)]
pub struct RustcSpan {
    pub file_name: PathBuf,
    pub line_start: usize,
    pub is_primary: bool,
}

impl RustcMessage {
    /// As rustc would have printed it.
    pub fn text(&self) -> &str {
        self.rendered.as_deref().unwrap_or(&self.message)
    }

    pub fn is_error(&self) -> bool {
        self.level.starts_with("error")
    }
}

/// What of the runtime is inlined in the application: what is so marked (`fast::add`), what is hardly
/// more than a call, and what stands in loops. Most of the time a build takes goes with the amount of
/// inlined code (docs/decisions/0004).
const INLINING: [&str; 4] = [
    "-inline-threshold=25",
    "-inlinehint-threshold=25",
    "-hot-callsite-rel-freq=8",
    "-locally-hot-callsite-threshold=225",
];

/// LLVM's usual work, after every call that drops values when it panics has become one that does not: a
/// panic ends a process and leaks what it passes (docs/decisions/0005). In two parts: each of four repeats
/// more of what they share.
const LEAN: [&str; 3] = [
    "-Cno-prepopulate-passes",
    "-Cpasses=function(lower-invoke,simplifycfg),default<O3>",
    "-Ccodegen-units=2",
];

/// What makes most of the speed, and nothing else: variables in registers, what is inlined, and no value worked out
/// twice. In as many parts as an incremental build needs to do little again; more of them repeat more.
const QUICK: [&str; 3] = [
    "-Cno-prepopulate-passes",
    "-Cpasses=function(lower-invoke,simplifycfg,sroa,early-cse),cgscc(inline),function(sroa,early-cse,simplifycfg)",
    "-Ccodegen-units=16",
];

/// Every crate of an optimised build is compiled for a program, not for a library that others load (docs/decisions/0016).
/// Naming the target keeps the macros out of it, which are libraries.
const PROGRAM: Option<[&str; 4]> =
    if cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) {
        Some([
            "--target",
            "x86_64-unknown-linux-gnu",
            "--config",
            "target.x86_64-unknown-linux-gnu.rustflags = ['-Crelocation-model=pie']",
        ])
    } else {
        None
    };

/// Builds the crate and waits for the end.
///
/// # Errors
/// If cargo cannot be started or speaks no JSON.
pub fn build(repository: &Repository, job: &Job, progress: &Progress) -> Result<Outcome> {
    let mut cargo = repository.cargo();
    let command = if job.code == Code::Workspace { "build" } else { "rustc" };
    cargo.current_dir(job.folder).args([command, "--message-format=json", "--color=never", "--profile"]);
    cargo.arg(job.profile).args(job.flags);
    // Who builds for another machine says so to cargo.
    let is_program =
        job.profile == Profile::Optimised.name() && std::env::var_os("CARGO_BUILD_TARGET").is_none();
    cargo.args(PROGRAM.iter().flatten().filter(|_| is_program));
    if job.code != Code::Workspace {
        cargo.arg("--").args(INLINING.map(|option| format!("-Cllvm-args={option}")));
    }
    match job.code {
        Code::Workspace | Code::Plain => {}
        Code::Lean => {
            cargo.args(LEAN);
        }
        Code::Quick => {
            cargo.args(QUICK);
        }
    }
    cargo.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = cargo.spawn().context("cannot start cargo")?;
    let messages = child.stdout.take().ok_or_else(|| anyhow!("cargo has no standard output"))?;
    let status = child.stderr.take().ok_or_else(|| anyhow!("cargo has no standard error"))?;
    let mut outcome = Outcome::default();
    std::thread::scope(|scope| {
        let listener = scope.spawn(|| listen(BufReader::new(status), progress));
        read(BufReader::new(messages), progress, &mut outcome)?;
        outcome.complaints = listener.join().unwrap_or_default();
        anyhow::Ok(())
    })?;
    outcome.success = child.wait().context("cannot wait for cargo")?.success();
    Ok(outcome)
}

fn read(lines: impl BufRead, progress: &Progress, outcome: &mut Outcome) -> Result<()> {
    for line in lines.lines() {
        let line = line.context("cannot read from cargo")?;
        match serde_json::from_str(&line).with_context(|| format!("cargo wrote {line:?}"))? {
            Line::CompilerMessage { package_id, message } => {
                outcome.messages.push(RustcMessage { package: package_id, ..message });
            }
            Line::CompilerArtifact { package_id, executable } => {
                progress.built(package_id);
                outcome.executables.extend(executable);
            }
            Line::Other => {}
        }
    }
    Ok(())
}

/// Shows cargo's own lines as progress and keeps the others.
fn listen(lines: impl BufRead, progress: &Progress) -> Vec<String> {
    let mut complaints = Vec::new();
    for line in lines.lines().map_while(Result::ok) {
        match line.strip_prefix("   Compiling ") {
            Some(what) => progress.compiling(what.split(' ').next().unwrap_or(what)),
            None if line.trim_start().starts_with("Finished ") => {}
            None if line.starts_with("    ") => progress.note(line.trim()),
            None => complaints.push(line),
        }
    }
    complaints
}
