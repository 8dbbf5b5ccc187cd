//! How a command ends: the exit statuses, and the error that says everything was told already.

use std::fmt;

/// The application has errors, or a step failed.
pub const FAILED: u8 = 1;

/// rustc refused what the compiler wrote, which is never the user's fault.
pub const BUG: u8 = 70;

/// Printed below every `--help` of a command that compiles.
pub const STATUSES: &str = "Exit status: 0 when all is well; 1 when the application has errors or a step fails; \
     2 for a wrong command line; 70 when rustc refuses the emitted code, which is a bug in Moonwright.";

/// An end whose reason is on the screen already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    pub status: u8,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stopped with status {}", self.status)
    }
}

impl std::error::Error for Told {}
