//! Names of commands: an entry's `meta.command.name` can be given on the command line.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostic;
use crate::manifest::decode::Decoded;
use crate::manifest::model::Entry;

pub fn check(decoded: &[Decoded], found: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<&str, &Entry> = BTreeMap::new();
    for Decoded { entry, .. } in decoded {
        let Some(name) = entry.meta.pointer("/command/name").and_then(|name| name.as_str()) else { continue };
        let Some(first) = known.get(name) else {
            known.insert(name, entry);
            continue;
        };
        found.push(
            Diagnostic::warning("M0045", Some(entry.span), format!("two commands are called \"{name}\""))
                .label("the second one")
                .related(first.span, "the first one")
                .explain("Which of the two runs under this name is left to chance.")
                .hint("Rename one of them in `meta.command.name`.")
                .entry(entry.id.to_string()),
        );
    }
}
