//! From the text of a manifest to [`Node`]s. YAML and JSON end here.
//!
//! serde decodes the values; saphyr's events (for YAML) and a walk over the text (for JSON) give the
//! places. The two readings are joined in `join`, where the dialect's leftovers of YAML 1.1 get their
//! meaning too.

mod join;
mod json;
mod outline;
mod pairs;
mod scalar;
#[cfg(test)]
mod tests;
mod yaml;

pub use pairs::{Style, pairs};

use super::node::Node;
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Sources, Span};

/// Collections nest this deep at most; what is emitted for them has to be read back as JSON.
pub const DEEPEST: usize = 64;

/// Reads the first document of a YAML file, or a JSON file. `None` for a file without content.
///
/// # Errors
/// What is wrong with the form; after a syntax error the rest of the file cannot be trusted.
pub fn read(file: FileId, sources: &Sources) -> Result<Option<Node>, Vec<Diagnostic>> {
    let source = sources.file(file);
    if source.path.ends_with(".json") {
        return json::read(file, &source.text).map(Some);
    }
    yaml::read(file, &source.text)
}

/// A fault in the form of the text itself.
fn broken(span: Span, what: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error("M0001", Some(span), format!("broken YAML: {what}"))
        .label("here")
        .explain("The form of this file is broken, so that nothing in it can be known.")
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error("M0003", Some(span), "nested too deep")
        .label(format!("level {}", DEEPEST + 1))
        .explain(format!("Lists and mappings may nest {DEEPEST} levels deep."))
        .hint("Move the inner part to an entry or a data file of its own.")
}

fn duplicate_key(key: &str, second: Span, first: Span, line: usize) -> Diagnostic {
    Diagnostic::error("M0002", Some(second), format!("mapping key \"{key}\" already defined at line {line}"))
        .label("the second one")
        .related(first, "the first one")
        .explain("A key may stand once in a mapping; it would be left to chance which value counts.")
        .hint("Remove one of the two.")
}
