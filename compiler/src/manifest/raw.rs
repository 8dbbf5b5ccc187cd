//! Entries as their manifests give them, before anything looks at their kinds.

use std::collections::BTreeSet;

use super::model::EntryId;
use super::node::{Field, Node};
use crate::source::Span;

#[derive(Clone, Debug)]
pub struct RawEntry {
    pub id: EntryId,
    /// The root it comes from, by its number in the input.
    pub root: usize,
    /// The place of its name.
    pub span: Span,
    pub kind: String,
    pub kind_span: Span,
    /// File and entry `meta` merged.
    pub meta: Vec<Field>,
    /// Any value; a mapping for every kind that has fields.
    pub data: Node,
}

/// Every entry, and what is known to be missing among them.
#[derive(Debug, Default)]
pub struct Collected {
    pub entries: Vec<RawEntry>,
    pub excused: Excused,
    /// What the configuration left out.
    pub disabled: BTreeSet<EntryId>,
}

impl Collected {
    pub fn find_mut(&mut self, id: &EntryId) -> Option<&mut RawEntry> {
        self.entries.iter_mut().find(|entry| entry.id == *id)
    }
}

/// Names that may well exist, but stand in a part that could not be read: a reference to one of them
/// is no fault of its own.
#[derive(Debug, Default)]
pub struct Excused {
    pub ids: BTreeSet<EntryId>,
    pub namespaces: BTreeSet<String>,
    /// A file of unknown namespace could not be read.
    pub all: bool,
}

impl Excused {
    pub fn covers(&self, id: &EntryId) -> bool {
        self.all || self.namespaces.contains(&id.namespace) || self.ids.contains(id)
    }
}
