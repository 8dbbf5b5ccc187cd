//! Faulty input: `tests/ui/<case>/src` must give exactly the diagnostics in `expected.txt`, and no
//! files. What the command then does (status 1, `generated/` untouched) is tested beside it.
//!
//! `MOONWRIGHT_BLESS=1 cargo test -p moonwright-tests --test ui` accepts what is there now.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use moonwright_compiler::diagnostics;
use moonwright_tests::case::Case;
use moonwright_tests::{bless, case};
use xtask::build;
use xtask::project;
use xtask::repository::Repository;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let cases = case::all("ui");
    assert!(!cases.is_empty(), "no cases in tests/ui");
    let trials = cases.into_iter().map(|case| {
        let name = case.name.clone();
        Trial::test(name, move || check(&case))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn check(case: &Case) -> Result<(), Failed> {
    let project = project::read(&Repository::find(), &case.src(), Some("faulty"))?;
    let output = build::compile(&project);
    let text = diagnostics::text(&output.diagnostics, &output.sources, false);
    if !output.has_errors() {
        return Err(format!("no error was found; the compiler said:\n{text}").into());
    }
    if !output.files.is_empty() {
        return Err("files were emitted in spite of errors".into());
    }
    Ok(bless::compare(&case.folder.join("expected.txt"), &text)?)
}
