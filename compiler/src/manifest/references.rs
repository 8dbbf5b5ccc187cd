//! Which fields of an entry name other entries, whatever its kind, and the order that follows.

use std::collections::{BTreeMap, BTreeSet};

use super::model::EntryId;
use super::node::{Field, Node, Value, find};
use super::raw::RawEntry;

/// Fields of `meta` that refer. `*` is any field or item.
const META: [&str; 6] = ["parent", "depends_on", "groups", "server", "router", "*_env"];

/// Fields of the data that refer.
const DATA: [&str; 29] = [
    "config",
    "groups",
    "imports.*",
    "*.depends_on",
    "lifecycle.requires",
    "lifecycle.depends_on",
    "server",
    "middleware",
    "network",
    "host",
    "process",
    "func",
    "queue",
    "driver",
    "dead_letter.queue",
    "storage",
    "storages",
    "store",
    "bucket",
    "fs",
    "set",
    "env",
    "*_env",
    "contracts.*.contract",
    "contracts.*.methods.*",
    "lifecycle.security.policies",
    "lifecycle.security.groups",
    "security.*",
    "token_store",
];

/// For each entry the others it refers to; what does not exist is left out.
pub fn edges(entries: &[RawEntry]) -> Vec<Vec<EntryId>> {
    let ids: BTreeSet<&EntryId> = entries.iter().map(|entry| &entry.id).collect();
    entries.iter().map(|entry| entry_edges(entry, entries, &ids)).collect()
}

fn entry_edges(entry: &RawEntry, entries: &[RawEntry], ids: &BTreeSet<&EntryId>) -> Vec<EntryId> {
    let mut texts = Vec::new();
    for path in META {
        follow(&entry.meta, path, &mut texts);
    }
    let data = entry.data.as_map().unwrap_or_default();
    for path in DATA {
        follow(data, path, &mut texts);
    }
    let mut targets: BTreeSet<EntryId> =
        texts.iter().map(|text| EntryId::parse(text, &entry.id.namespace)).collect();
    let mut wanted = Vec::new();
    follow(&entry.meta, "depends_on", &mut wanted);
    for want in &wanted {
        let fits = |other: &&RawEntry| match want.split_once(':') {
            Some(("group", group)) => groups(other).iter().any(|own| own == group),
            Some(("ns", namespace)) => other.id.namespace == namespace,
            _ => false,
        };
        targets.extend(entries.iter().filter(fits).map(|other| other.id.clone()));
    }
    targets.into_iter().filter(|target| ids.contains(target) && *target != entry.id).collect()
}

fn groups(entry: &RawEntry) -> Vec<String> {
    let mut groups = Vec::new();
    if let Some(field) = find(&entry.meta, "groups") {
        gather(&field.node, &mut groups);
    }
    groups
}

/// Collects the ids at `path`.
fn follow(fields: &[Field], path: &str, texts: &mut Vec<String>) {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    for field in fields {
        let fits = match first.strip_prefix('*') {
            Some(suffix) => field.key.ends_with(suffix),
            None => field.key == first,
        };
        if fits {
            deeper(&field.node, rest, texts);
        }
    }
}

fn deeper(node: &Node, path: Option<&str>, texts: &mut Vec<String>) {
    let Some(path) = path else { return gather(node, texts) };
    match &node.value {
        Value::Map(fields) => follow(fields, path, texts),
        Value::List(items) if path == "*" => items.iter().for_each(|item| gather(item, texts)),
        Value::List(items) => {
            let Some(rest) = path.strip_prefix("*.") else { return };
            items.iter().for_each(|item| deeper(item, Some(rest), texts));
        }
        _ => {}
    }
}

/// An id, an id as `{ns, name}`, or a list of either.
fn gather(node: &Node, texts: &mut Vec<String>) {
    match &node.value {
        Value::Text(text) => texts.push(text.text.clone()),
        Value::List(items) => items.iter().for_each(|item| gather(item, texts)),
        Value::Map(fields) => {
            let text = |key: &str| find(fields, key).and_then(|field| field.node.as_text());
            if let (Some(namespace), Some(name)) = (text("ns"), text("name")) {
                texts.push(format!("{namespace}:{name}"));
            }
        }
        _ => {}
    }
}

/// The load order: what is referred to comes first, equals are sorted by id. In a cycle there is no
/// first, and then all entries are sorted by id.
pub fn order(edges: &BTreeMap<EntryId, Vec<EntryId>>) -> Vec<EntryId> {
    let by_id = |ids: &mut Vec<EntryId>| ids.sort_by_key(EntryId::to_string);
    let mut waiting: BTreeMap<&EntryId, BTreeSet<&EntryId>> =
        edges.iter().map(|(id, targets)| (id, targets.iter().collect())).collect();
    let mut order = Vec::new();
    while !waiting.is_empty() {
        let free = waiting.iter().filter(|(_, targets)| targets.is_empty());
        let mut level: Vec<EntryId> = free.map(|(id, _)| (*id).clone()).collect();
        if level.is_empty() {
            let mut all: Vec<EntryId> = edges.keys().cloned().collect();
            by_id(&mut all);
            return all;
        }
        waiting.retain(|_, targets| !targets.is_empty());
        let done: BTreeSet<&EntryId> = level.iter().collect();
        for targets in waiting.values_mut() {
            targets.retain(|target| !done.contains(target));
        }
        by_id(&mut level);
        order.extend(level);
    }
    order
}
