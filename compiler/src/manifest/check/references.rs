//! `process`, `host` and `requires` of services: the target has to exist and to fit.

use std::collections::BTreeSet;

use crate::diagnostics::Diagnostic;
use crate::manifest::decode::{Decoded, Purpose, Reference};
use crate::manifest::index::Index;
use crate::manifest::kinds::Role;
use crate::manifest::model::EntryId;

pub fn check(decoded: &[Decoded], index: &Index, found: &mut Vec<Diagnostic>) {
    for entry in decoded {
        let faults = entry.references.iter().filter_map(|reference| one(reference, index));
        found.extend(faults.map(|fault| fault.entry(entry.entry.id.to_string())));
    }
}

fn one(reference: &Reference, index: &Index) -> Option<Diagnostic> {
    let Reference { purpose, target, span } = reference;
    if index.is_excused(target) {
        return None;
    }
    let fits = |role: Role| match purpose {
        Purpose::Process => role == Role::Process,
        Purpose::Host => role == Role::Host,
        Purpose::Requires => matches!(role, Role::Host | Role::Service),
        Purpose::Storage => role == Role::Storage,
    };
    let Some(known) = index.get(target) else {
        let (label, explanation) = match purpose {
            Purpose::Process => {
                ("the process to run", "A service runs a process that one of the manifests defines.")
            }
            Purpose::Host => (
                "the host to run on",
                "A service runs its process on a host that one of the manifests defines.",
            ),
            Purpose::Storage => (
                "where it is kept",
                "A variable is read from and written to a storage that one of the manifests defines.",
            ),
            Purpose::Requires => (
                "required to run first",
                "A service that requires an entry which does not exist can never start.",
            ),
        };
        return Some(index.absent(target, *span, fits).label(label).explain(explanation));
    };
    // An unknown kind is a fault of the target.
    if known.role.is_none_or(fits) {
        return None;
    }
    let title = |what: &str| format!("{target} is a {}, not {what}", known.kind);
    let fault = match purpose {
        Purpose::Process => Diagnostic::error("M0041", Some(*span), title("a process"))
            .explain("A service starts a process, watches it and starts it again.")
            .hint("Name an entry of kind `process.lua`."),
        Purpose::Host => Diagnostic::error("M0041", Some(*span), title("a host"))
            .explain("A process runs on a host, which gives it its workers or its terminal.")
            .hint("Name an entry of kind `process.host`."),
        Purpose::Storage => Diagnostic::error("M0041", Some(*span), title("a storage"))
            .explain("A storage keeps the values of environment variables.")
            .hint("Name an entry of a kind such as `env.storage.os`."),
        Purpose::Requires if leads_to_service(target, index) => return None,
        Purpose::Requires => Diagnostic::warning("M0043", Some(*span), title("a service"))
            .explain("Nothing will ever run under this name, so the service that requires it stays blocked.")
            .hint("Require a service or a host, or remove the line."),
    };
    Some(fault.label("named here").related(known.span, "defined here"))
}

/// Whether the entry refers, directly or through others, to a service.
fn leads_to_service(id: &EntryId, index: &Index) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![id];
    while let Some(id) = waiting.pop() {
        let Some(known) = index.get(id).filter(|_| seen.insert(id)) else { continue };
        if matches!(known.role, Some(Role::Host | Role::Service)) {
            return true;
        }
        waiting.extend(&known.edges);
    }
    false
}
