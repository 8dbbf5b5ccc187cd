//! `cargo xtask explain`: the page about a diagnostic's code.

use std::io::Write;

use anyhow::{Result, bail};
use clap::Args;
use moonwright_compiler::{diagnostics, explain};

use crate::repository::Repository;

/// Explain the code of a diagnostic.
#[derive(Args)]
pub struct Arguments {
    /// The code in brackets behind `error` or `warning`, such as R0101
    code: String,
}

/// Runs the command.
///
/// # Errors
/// No page has that code.
pub fn main(_repository: &Repository, arguments: &Arguments) -> Result<()> {
    let code = arguments.code.to_ascii_uppercase();
    if let Some(page) = explain::explain(&code) {
        // Who reads only the first lines has seen enough.
        let _ = writeln!(std::io::stdout(), "{}", page.trim_end());
        return Ok(());
    }
    if let Some(line) = explain::explain_manifest(&code) {
        let _ = writeln!(std::io::stdout(), "{line}\n\ndocs/manifest.md says what manifests hold.");
        return Ok(());
    }
    match diagnostics::suggest(&code, explain::codes().chain(explain::manifest_codes())) {
        Some(near) => bail!("no page has the code {code}; did you mean {near}?"),
        None => bail!("no page has the code {code}; docs/errors holds a file for each"),
    }
}
