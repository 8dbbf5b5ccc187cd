//! Golden cases: `tests/golden/<case>/src` is compiled, its Rust compared with `expected/` (if the
//! case has that folder), built without a warning, run, and what it prints compared.
//!
//! `MOONWRIGHT_BLESS=1 cargo test -p moonwright-tests --test golden` accepts what is there now; an
//! empty `expected/` folder is filled.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use moonwright_compiler::diagnostics;
use moonwright_tests::case::Case;
use moonwright_tests::{apps, bless, case};
use xtask::build;
use xtask::project;
use xtask::repository::Repository;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let cases = case::all("golden");
    assert!(!cases.is_empty(), "no cases in tests/golden");
    let mut trials = Vec::new();
    for case in cases {
        if case.folder.join("expected").is_dir() {
            let case = case.clone();
            trials.push(Trial::test(format!("text::{}", case.name), move || text(&case)));
        }
        trials.push(Trial::test(format!("run::{}", case.name), move || run(&case)));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The emitted modules are those in `expected/`, no more and no fewer.
fn text(case: &Case) -> Result<(), Failed> {
    let project = project::read(&Repository::find(), &case.src(), Some(&apps::golden(&case.name)))?;
    let output = build::compile(&project);
    if output.has_errors() {
        return Err(diagnostics::text(&output.diagnostics, &output.sources, false).into());
    }
    let expected = case.folder.join("expected");
    let modules = output.files.iter().filter_map(|(path, text)| Some((path.strip_prefix("src/")?, text)));
    let modules: Vec<_> = modules.filter(|(name, _)| *name != "main.rs").collect();
    for (name, text) in &modules {
        bless::compare(&expected.join(name), text)?;
    }
    for entry in std::fs::read_dir(&expected)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if modules.iter().all(|(module, _)| *module != name) {
            if bless::is_blessing() {
                std::fs::remove_file(entry.path())?;
                continue;
            }
            return Err(format!("{} is no longer emitted", entry.path().display()).into());
        }
    }
    Ok(())
}

/// The program builds without warnings and does what its files say.
fn run(case: &Case) -> Result<(), Failed> {
    let name = apps::golden(&case.name);
    let warnings = apps::warnings(&name)?;
    if !warnings.is_empty() {
        return Err(format!("rustc warns about the emitted code:\n{warnings}").into());
    }
    Ok(case.run(&apps::binary(&name)?)?)
}
