//! Diagnostics, shown to a person or to a tool. The rendering itself is the compiler's.

use std::io::{IsTerminal as _, Write as _};

use clap::ValueEnum;
use moonwright_compiler::diagnostics;
use moonwright_compiler::driver::Output;

/// How diagnostics are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Excerpts with carets, on standard error.
    #[default]
    Text,
    /// One JSON object a line, on standard output.
    Json,
}

/// Prints what a compilation found.
pub fn print(output: &Output, format: Format) {
    match format {
        Format::Text => {
            let is_coloured = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            eprint!("{}", diagnostics::text(&output.diagnostics, &output.sources, is_coloured));
        }
        Format::Json => {
            let lines = diagnostics::json_lines(&output.diagnostics, &output.sources);
            // A reader that went away is no reason to fail.
            let _ = std::io::stdout().write_all(lines.as_bytes());
        }
    }
}
