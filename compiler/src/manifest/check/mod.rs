//! What entries ask of each other: references, imports, the order of services, names of commands.

mod commands;
mod cycles;
mod imports;
mod references;
mod services;
mod variables;

use super::decode::Decoded;
use super::index::Index;
use crate::diagnostics::Diagnostic;

/// Checks every entry against the others.
pub fn check(decoded: &[Decoded], index: &Index, found: &mut Vec<Diagnostic>) {
    references::check(decoded, index, found);
    services::check(decoded, found);
    imports::check(decoded, index, found);
    commands::check(decoded, found);
    variables::check(decoded, found);
}
