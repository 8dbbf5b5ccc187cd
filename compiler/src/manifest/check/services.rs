//! What services require of each other: a cycle can never start.

use super::cycles::{Graph, chain, cycles};
use crate::diagnostics::Diagnostic;
use crate::manifest::decode::{Decoded, Purpose, Reference};
use crate::manifest::model::EntryId;

pub fn check(decoded: &[Decoded], found: &mut Vec<Diagnostic>) {
    let graph: Graph<'_> = decoded
        .iter()
        .map(|entry| (&entry.entry.id, before(entry).map(|reference| &reference.target).collect()))
        .collect();
    for cycle in cycles(&graph) {
        let [from, to, ..] = cycle.as_slice() else { continue };
        let Some(reference) = edge(decoded, from, to) else { continue };
        let mut fault =
            Diagnostic::error("M0044", Some(reference.span), format!("services wait for each other: {}", chain(&cycle)))
                .label(format!("{from} waits for {to}"))
                .explain("A service starts when everything it requires is running. In a cycle nothing is ever first, so none of these would start.")
                .hint("Take one of these requirements away; a process can wait for another one when it runs.")
                .entry(from.to_string());
        for pair in cycle.windows(2).skip(1) {
            if let [from, to] = pair
                && let Some(next) = edge(decoded, from, to)
            {
                fault = fault.related(next.span, format!("{from} waits for {to}"));
            }
        }
        found.push(fault);
    }
}

/// What has to run before the entry.
fn before(entry: &Decoded) -> impl Iterator<Item = &Reference> {
    entry.references.iter().filter(|reference| reference.purpose != Purpose::Process)
}

fn edge<'a>(decoded: &'a [Decoded], from: &EntryId, to: &EntryId) -> Option<&'a Reference> {
    let entry = decoded.iter().find(|entry| entry.entry.id == *from)?;
    before(entry).find(|reference| reference.target == *to)
}
