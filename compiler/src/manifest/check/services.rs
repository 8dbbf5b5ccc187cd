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
        let words = words(reference.purpose);
        let mut fault =
            Diagnostic::error("M0044", Some(reference.span), format!("{}: {}", words.title, chain(&cycle)))
                .label(format!("{from} {} {to}", words.edge))
                .explain(words.explanation)
                .hint(words.hint)
                .entry(from.to_string());
        for pair in cycle.windows(2).skip(1) {
            if let [from, to] = pair
                && let Some(next) = edge(decoded, from, to)
            {
                fault = fault.related(next.span, format!("{from} {} {to}", words.edge));
            }
        }
        found.push(fault);
    }
}

/// How a cycle is told.
struct Words {
    title: &'static str,
    edge: &'static str,
    explanation: &'static str,
    hint: &'static str,
}

/// Only routers name storages in turn, and only services wait.
fn words(purpose: Purpose) -> Words {
    if purpose == Purpose::Storage {
        return Words {
            title: "storages lead to each other",
            edge: "looks into",
            explanation: "A router looks for a variable in its storages, one after the other. A cycle of routers looks into itself and never finds more.",
            hint: "Take one of these storages off its router's list.",
        };
    }
    Words {
        title: "services wait for each other",
        edge: "waits for",
        explanation: "A service starts when everything it requires is running. In a cycle nothing is ever first, so none of these would start.",
        hint: "Take one of these requirements away; a process can wait for another one when it runs.",
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
