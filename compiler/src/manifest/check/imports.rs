//! Imports: targets that exist and are libraries, no cycles, and one meaning for each alias of a state.

use std::collections::{BTreeMap, BTreeSet};

use super::cycles::{Graph, chain, cycles};
use crate::diagnostics::Diagnostic;
use crate::manifest::decode::Decoded;
use crate::manifest::index::Index;
use crate::manifest::kinds::Role;
use crate::manifest::model::{Entry, EntryId, Import, LuaEntry};
use crate::source::Span;

pub fn check(decoded: &[Decoded], index: &Index, found: &mut Vec<Diagnostic>) {
    let entries: BTreeMap<&EntryId, (&Entry, &LuaEntry)> = decoded
        .iter()
        .filter_map(|decoded| Some((&decoded.entry.id, (&decoded.entry, decoded.entry.lua.as_ref()?))))
        .collect();
    for (entry, lua) in entries.values() {
        let faults = lua.imports.iter().filter_map(|import| target(import, index));
        found.extend(faults.map(|fault| fault.entry(entry.id.to_string())));
    }
    report_cycles(&entries, found);
    report_collisions(&entries, found);
}

type Entries<'a> = BTreeMap<&'a EntryId, (&'a Entry, &'a LuaEntry)>;

/// The target of an import has to be a library.
fn target(import: &Import, index: &Index) -> Option<Diagnostic> {
    let Import { alias, target, span, .. } = import;
    if index.is_excused(target) {
        return None;
    }
    let is_library = |role| role == Role::Library;
    let Some(known) = index.get(target) else {
        let fault = index.absent(target, *span, is_library).label(format!("imported as `{alias}`"));
        return Some(fault.explain("An import brings in a library that one of the manifests defines."));
    };
    if known.role.is_none_or(is_library) {
        return None;
    }
    Some(
        Diagnostic::error("M0041", Some(*span), format!("{target} is a {}, not a library", known.kind))
            .label(format!("imported as `{alias}`"))
            .related(known.span, "defined here")
            .explain("Only entries of kind `library.lua` can be imported.")
            .hint("Move what both need into a library and import that."),
    )
}

fn report_cycles(entries: &Entries<'_>, found: &mut Vec<Diagnostic>) {
    let graph: Graph<'_> = entries
        .iter()
        .map(|(id, (_, lua))| (*id, lua.imports.iter().map(|import| &import.target).collect()))
        .collect();
    for cycle in cycles(&graph) {
        let edges: Vec<(&EntryId, &EntryId, Span)> = cycle
            .windows(2)
            .filter_map(|pair| match pair {
                [from, to] => Some((*from, *to, edge(entries, from, to)?)),
                _ => None,
            })
            .collect();
        let Some((from, to, span)) = edges.first() else { continue };
        let mut fault = Diagnostic::error(
            "M0054",
            Some(*span),
            format!("imports form a cycle: {}", chain(&cycle)),
        )
        .label(format!("{from} imports {to}"))
        .explain(
            "A library is loaded before the entries that import it. In a cycle nothing can be loaded first.",
        )
        .hint("Move what both sides need into a third library.")
        .entry(from.to_string());
        for (from, to, span) in edges.iter().skip(1) {
            fault = fault.related(*span, format!("{from} imports {to}"));
        }
        found.push(fault);
    }
}

fn edge(entries: &Entries<'_>, from: &EntryId, to: &EntryId) -> Option<Span> {
    let (_, lua) = entries.get(from)?;
    lua.imports.iter().find(|import| import.target == *to).map(|import| import.span)
}

/// What an alias stands for in a state, and by whom it came in.
#[derive(Clone)]
struct Binding<'a> {
    /// The id of a library, or the name of a module.
    target: String,
    is_module: bool,
    span: Span,
    by: &'a EntryId,
}

impl Binding<'_> {
    /// `app:text (direct import)`, seen from `entry`.
    fn describe(&self, entry: &EntryId) -> String {
        let how = match (self.by == entry, self.is_module) {
            (true, true) => "direct module".to_owned(),
            (true, false) => "direct import".to_owned(),
            (false, _) => format!("transitive via {}", self.by),
        };
        format!("{} ({how})", self.target)
    }
}

/// All entries of a closure share their globals, so an alias has one meaning there. A collision is
/// told where it first comes together, not again by everyone who imports that.
fn report_collisions(entries: &Entries<'_>, found: &mut Vec<Diagnostic>) {
    let mut closures: Vec<(&EntryId, BTreeSet<&EntryId>)> =
        entries.keys().map(|id| (*id, closure(entries, id))).collect();
    closures.sort_by_key(|(_, members)| members.len());
    let mut told: BTreeSet<(String, BTreeSet<String>)> = BTreeSet::new();
    for (id, members) in closures {
        let mut bound: BTreeMap<&str, Binding<'_>> = BTreeMap::new();
        // The entry's own bindings first: they are the ones a reader looks at.
        let others = members.into_iter().filter(|member| *member != id);
        for member in std::iter::once(id).chain(others) {
            for (alias, binding) in bindings(entries, member) {
                let Some(first) = bound.get(alias) else {
                    bound.insert(alias, binding);
                    continue;
                };
                let pair = BTreeSet::from([first.target.clone(), binding.target.clone()]);
                if first.target != binding.target && told.insert((alias.to_owned(), pair)) {
                    found.push(collision(id, alias, first, &binding));
                }
            }
        }
    }
}

/// The entry and every library it reaches.
fn closure<'a>(entries: &Entries<'a>, id: &'a EntryId) -> BTreeSet<&'a EntryId> {
    let mut members = BTreeSet::new();
    let mut waiting = vec![id];
    while let Some(id) = waiting.pop() {
        let Some((_, lua)) = entries.get(id).filter(|_| members.insert(id)) else { continue };
        waiting.extend(lua.imports.iter().map(|import| &import.target));
    }
    members
}

fn bindings<'a>(entries: &Entries<'a>, id: &'a EntryId) -> Vec<(&'a str, Binding<'a>)> {
    let Some((_, lua)) = entries.get(id) else { return Vec::new() };
    let modules = lua.modules.iter().map(|(name, span)| {
        (name.as_str(), Binding { target: name.clone(), is_module: true, span: *span, by: id })
    });
    let imports = lua.imports.iter().map(|import| {
        let target = import.target.to_string();
        (import.alias.as_str(), Binding { target, is_module: false, span: import.alias_span, by: id })
    });
    modules.chain(imports).collect()
}

fn collision(id: &EntryId, alias: &str, first: &Binding<'_>, second: &Binding<'_>) -> Diagnostic {
    let title = format!("alias '{alias}' collision: {} vs {}", first.describe(id), second.describe(id));
    Diagnostic::error("M0053", Some(second.span), title)
        .label(format!("here it is {}", second.target))
        .related(first.span, format!("here it is {}", first.target))
        .explain(format!(
            "{id} and all libraries it imports share their globals, so `{alias}` can stand for one thing only."
        ))
        .hint("Choose another alias for one of the two.")
        .entry(id.to_string())
}
