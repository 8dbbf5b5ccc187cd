//! Scripts of the conformance tests, all compiled into one crate whose program runs the one that an
//! environment variable names; and the same scripts under PUC Lua 5.3.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

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

/// Which script the program runs.
const CHOICE: &str = "MOONWRIGHT_CASE";

/// How many bytes PUC Lua may take.
const MEMORY: &str = "MOONWRIGHT_LUA_MEMORY";

/// So many megabytes of address space are the stack of a compiled script.
const STACK: u64 = 256;

/// One script.
#[derive(Clone, Debug)]
pub struct Script {
    /// A Rust identifier: `uncaught_error_table`.
    pub name: String,
    /// As both sides are given it, seen from `folder`: `error_table.lua`.
    pub file: String,
    /// Where both sides run it.
    pub folder: PathBuf,
}

impl Script {
    /// The scripts of a folder below `tests`, sorted by name.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn all(folder: &Path, prefix: &str) -> Result<Vec<Self>> {
        let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
        let mut scripts: Vec<Self> = entries
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter_map(|file| {
                let name = format!("{prefix}{}", file.strip_suffix(".lua")?);
                Some(Self { name, file: file.clone(), folder: folder.to_path_buf() })
            })
            .collect();
        scripts.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(scripts)
    }

    /// Runs the script in the compiled program.
    ///
    /// # Errors
    /// If it cannot be run, or does not end.
    pub fn run_native(&self, program: &Path) -> Result<Ended, String> {
        let mut command = self.command(program);
        command.env(CHOICE, &self.name);
        self.finish(command)
    }

    /// Runs the script under PUC Lua; `lua` is the test crate's `lua53`.
    ///
    /// # Errors
    /// If it cannot be run, or does not end.
    pub fn run_puc(&self, lua: &Path) -> Result<Ended, String> {
        let mut command = Command::new(lua);
        command.arg(&self.file);
        if let Some(megabytes) = self.address_space() {
            command.env(MEMORY, (megabytes.saturating_sub(STACK) * 1024 * 1024).to_string());
        }
        self.finish(command)
    }

    /// The traceback that the script leaves in the compiled program, if it ends with an error.
    ///
    /// # Errors
    /// If it cannot be run, or does not end.
    pub fn traceback(&self, program: &Path) -> Result<String, String> {
        let mut command = Command::new(program);
        command.env(CHOICE, &self.name);
        let output = self.output(command)?;
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(errors.split_once("stack traceback:\n").map(|(_, trace)| trace.to_owned()).unwrap_or_default())
    }

    /// A program, with no more address space than the script's first line grants: `-- Address space: 700 MB`.
    fn command(&self, program: &Path) -> Command {
        let Some(megabytes) = self.address_space() else { return Command::new(program) };
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "ulimit -v \"$0\"; exec \"$@\"", &(megabytes * 1024).to_string()]).arg(program);
        command
    }

    fn address_space(&self) -> Option<u64> {
        let text = std::fs::read(self.folder.join(&self.file)).ok()?;
        let line = std::str::from_utf8(text.split(|byte| *byte == b'\n').next()?).ok()?;
        line.strip_prefix("-- Address space: ")?.strip_suffix(" MB")?.parse().ok()
    }

    fn finish(&self, command: Command) -> Result<Ended, String> {
        self.output(command).map(|output| Ended::new(&output))
    }

    fn output(&self, mut command: Command) -> Result<Output, String> {
        command.args(["first argument", "2"]).current_dir(&self.folder).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("cannot run {command:?}: {error}"))?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        std::thread::scope(|scope| {
            let output = scope.spawn(move || read(stdout));
            let errors = scope.spawn(move || read(stderr));
            let until = Instant::now() + Duration::from_secs(60);
            let status = loop {
                match child.try_wait().map_err(|error| error.to_string())? {
                    Some(status) => break status,
                    None if Instant::now() > until => {
                        let _ = child.kill();
                        let _ = child.wait();
                        return Err(format!("{} did not end within a minute", self.file));
                    }
                    None => std::thread::sleep(Duration::from_millis(2)),
                }
            };
            let stdout = output.join().unwrap_or_default();
            Ok(Output { status, stdout, stderr: errors.join().unwrap_or_default() })
        })
    }
}

fn read(stream: Option<impl std::io::Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        let _ = stream.read_to_end(&mut bytes);
    }
    bytes
}

/// How a script ended, as far as both sides must agree.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ended {
    pub status: String,
    pub stdout: String,
    /// Standard error without the traceback.
    pub stderr: String,
}

impl Ended {
    fn new(output: &Output) -> Self {
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let stderr = stderr.split("stack traceback:").next().unwrap_or_default().to_owned();
        Self {
            status: output.status.to_string(),
            stdout: without_addresses(&String::from_utf8_lossy(&output.stdout)),
            stderr,
        }
    }
}

/// `table: 0x55d0c0ffee00` differs from run to run.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split(": 0x");
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|letter: char| letter.is_ascii_hexdigit());
        masked.push_str(if part.len() - rest.len() < 6 { ": 0x" } else { ": ADDRESS" });
        masked.push_str(if part.len() - rest.len() < 6 { part } else { rest });
    }
    masked
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}-- standard error\n{}-- {}\n", self.stdout, self.stderr, self.status)
    }
}

/// The built program, and the scripts that are not in it: why each does not compile.
pub struct Built {
    pub program: PathBuf,
    pub refused: BTreeMap<String, String>,
}

/// Compiles the scripts into the crate `name` and builds it.
///
/// # Errors
/// What rustc says about the crate.
pub fn build(name: &str, scripts: &[Script]) -> Result<Built> {
    let repository = Repository::find();
    let folder = repository.target.join("moonwright-scripts").join(name);
    std::fs::create_dir_all(&folder)?;
    let lock = std::fs::File::create(folder.join(".lock"))?;
    lock.lock()?;
    let mut files = BTreeMap::new();
    let mut refused = BTreeMap::new();
    let mut included = Vec::new();
    for script in scripts {
        match emit(&repository, script) {
            Ok(emitted) => {
                files.extend(emitted);
                included.push(script.name.as_str());
            }
            Err(error) => drop(refused.insert(script.name.clone(), format!("{error:#}"))),
        }
    }
    files.insert("src/main.rs".to_owned(), main(&included));
    files.insert("Cargo.toml".to_owned(), manifest(&repository, name)?);
    write::crate_files(&folder, &files)?;
    lockfile::prepare(&repository, &folder, false)?;
    let job = Job { folder: &folder, profile: "apptest", code: Code::Plain, flags: &[] };
    let built = cargo::build(&repository, &job, &Progress::Silent)?;
    let messages: String = built.messages.iter().map(|message| message.text()).collect();
    if !built.success || !messages.is_empty() {
        bail!("rustc about the emitted code:\n{messages}{}", built.complaints.join("\n"));
    }
    let program = built.executables.into_iter().next().context("no program was built")?;
    Ok(Built { program, refused })
}

/// The modules of a script as a folder of the crate.
fn emit(repository: &Repository, script: &Script) -> Result<BTreeMap<String, String>> {
    let path = script.folder.join(&script.file);
    let mut project = project::read(repository, &path, Some(&script.name))?;
    if let Some(chosen) = &mut project.input.script {
        chosen.path.clone_from(&script.file);
    }
    let options = Options { runtime_path: String::new(), is_member: true };
    let output = driver::compile(&project.input, &options);
    if output.has_errors() {
        bail!("{}", diagnostics::text(&output.diagnostics, &output.sources, false));
    }
    let sources = output.files.into_iter().filter_map(|(path, text)| {
        let file = path.strip_prefix("src/")?;
        let (file, text) = if file == "main.rs" { ("mod.rs", module(&text)) } else { (file, text) };
        Some((format!("src/case_{}/{file}", script.name), text))
    });
    Ok(sources.collect())
}

/// The emitted `main.rs` as a module: without the attributes of a crate and without `main`.
fn module(main: &str) -> String {
    let mut text = String::new();
    let mut is_attribute = false;
    for line in main.lines() {
        if line.starts_with("fn main()") {
            break;
        }
        is_attribute |= line.starts_with("#![");
        if !is_attribute {
            text.push_str(&line.replace("static SCRIPT: ", "pub static SCRIPT: "));
            text.push('\n');
        }
        is_attribute &= !line.trim_end().ends_with(")]");
    }
    text
}

fn main(names: &[&str]) -> String {
    let mut text = "//! Written by the tests: every conformance script in one program.\n\
        #![allow(warnings, clippy::all, reason = \"the code follows the Lua it came from\")]\n\n"
        .to_owned();
    for name in names {
        let _ = writeln!(text, "mod case_{name};");
    }
    let _ = writeln!(
        text,
        "\nfn main() -> std::process::ExitCode {{\n    let name = std::env::var({CHOICE:?}).unwrap_or_default();\n    \
         let script = match name.as_str() {{"
    );
    for name in names {
        let _ = writeln!(text, "        {name:?} => &case_{name}::SCRIPT,");
    }
    text.push_str(
        "        _ => panic!(\"no script {name}\"),\n    };\n    moonwright_runtime::script_main(script)\n}\n",
    );
    text
}

fn manifest(repository: &Repository, name: &str) -> Result<String> {
    let runtime = repository.root.join("runtime");
    Ok(format!(
        "# Written by the tests.\n[package]\nname = \"scripts-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nmoonwright-runtime = {{ path = {runtime:?}, default-features = false }}\n\n[workspace]\n\n{}\n\
         # Ten thousand lines that run once: rustc's time is what counts.\n\
         [profile.apptest.package.scripts-{name}]\nopt-level = 0\n",
        apps::profile(repository)?.trim_end()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_emitted_main_becomes_a_module() {
        let main = "//! About.\n\n#![allow(\n    a,\n    b\n)]\n#![allow(c)]\nmod x;\nstatic SCRIPT: Script = y;\n\nfn main() {\n}\n";
        assert_eq!(module(main), "//! About.\n\nmod x;\npub static SCRIPT: Script = y;\n\n");
    }

    #[test]
    fn the_traceback_is_left_out() {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "echo out; echo 'lua: x' >&2; echo 'stack traceback:' >&2; exit 1"]);
        let ended = Ended::new(&command.output().unwrap());
        assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("out\n", "lua: x\n"));
    }
}
