//! Which entries there are, for those that refer to them.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds::{self, Role};
use super::model::{EntryId, nearest};
use super::raw::{Collected, Excused};
use super::references;
use crate::diagnostics::Diagnostic;
use crate::source::Span;

/// What a reference may need to know of its target.
#[derive(Debug)]
pub struct Known {
    pub kind: String,
    /// `None` for a kind the format does not have.
    pub role: Option<Role>,
    /// The place of its name.
    pub span: Span,
    /// Entries it refers to that exist.
    pub edges: Vec<EntryId>,
}

/// Every entry, those of unsupported kinds too.
#[derive(Debug)]
pub struct Index {
    entries: BTreeMap<EntryId, Known>,
    excused: Excused,
    /// What the configuration left out.
    disabled: BTreeSet<EntryId>,
}

impl Index {
    pub fn new(collected: Collected) -> Index {
        let edges = references::edges(&collected.entries);
        let entries = collected.entries.into_iter().zip(edges).map(|(entry, edges)| {
            let role = kinds::find(&entry.kind).map(|kind| kind.role);
            (entry.id, Known { kind: entry.kind, role, span: entry.span, edges })
        });
        Index { entries: entries.collect(), excused: collected.excused, disabled: collected.disabled }
    }

    pub fn get(&self, id: &EntryId) -> Option<&Known> {
        self.entries.get(id)
    }

    /// All ids in load order.
    pub fn order(&self) -> Vec<EntryId> {
        references::order(&self.entries.iter().map(|(id, known)| (id.clone(), known.edges.clone())).collect())
    }

    /// Whether the id may be one that could not be read.
    pub fn is_excused(&self, id: &EntryId) -> bool {
        self.excused.covers(id)
    }

    /// `there is no entry app:relya`, with the nearest entry whose role fits.
    pub fn absent(&self, id: &EntryId, span: Span, fits: impl Fn(Role) -> bool) -> Diagnostic {
        let fault = Diagnostic::error("M0040", Some(span), format!("there is no entry {id}"));
        if self.disabled.contains(id) {
            return fault.hint("The configuration leaves it out: see `disable` in `.wippy.yaml`.");
        }
        let fitting = self.entries.iter().filter(|(_, known)| known.role.is_none_or(&fits));
        match nearest(id, fitting.map(|(id, _)| id)) {
            Some(near) => fault.hint(format!("Did you mean `{near}`?")),
            None => fault.hint("Check the namespace and the name, or define the entry."),
        }
    }
}
