//! Names of environment variables: programs ask for them by name.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostic;
use crate::manifest::decode::Decoded;
use crate::manifest::model::{Entry, Kind};

pub fn check(decoded: &[Decoded], found: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<&str, &Entry> = BTreeMap::new();
    for Decoded { entry, .. } in decoded.iter().filter(|decoded| decoded.entry.kind == Kind::Variable) {
        let name = entry.data.get("variable").and_then(|name| name.as_str()).unwrap_or_default();
        let Some(first) = known.get(name).filter(|_| !name.is_empty()) else {
            known.insert(name, entry);
            continue;
        };
        found.push(
            Diagnostic::warning("M0046", Some(entry.span), format!("variable name already exists: {name}"))
                .label("this one is ignored")
                .related(first.span, "the first one")
                .explain("A program that asks for the name gets the first variable; the second one can never be reached.")
                .hint("Rename one of them in `variable`.")
                .entry(entry.id.to_string()),
        );
    }
}
