//! Cycles in a graph of entries.

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::model::EntryId;

pub type Graph<'a> = BTreeMap<&'a EntryId, Vec<&'a EntryId>>;

/// One cycle for each group of entries that reach each other, from its smallest id and back to it.
pub fn cycles<'a>(graph: &Graph<'a>) -> Vec<Vec<&'a EntryId>> {
    let mut cycles = Vec::new();
    let mut done: BTreeSet<&EntryId> = BTreeSet::new();
    for start in graph.keys() {
        if done.contains(start) {
            continue;
        }
        if let Some(cycle) = shortest(graph, start) {
            // The rest of the group would only tell the same again.
            let forward = reached(graph, start);
            done.extend(forward.into_iter().filter(|other| reached(graph, other).contains(start)));
            cycles.push(cycle);
        }
    }
    cycles
}

/// Everything that can be reached from `start` over at least one edge.
fn reached<'a>(graph: &Graph<'a>, start: &'a EntryId) -> BTreeSet<&'a EntryId> {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![start];
    while let Some(id) = waiting.pop() {
        for target in graph.get(id).into_iter().flatten() {
            if seen.insert(*target) {
                waiting.push(target);
            }
        }
    }
    seen
}

/// The shortest way from `start` back to it, both ends included.
fn shortest<'a>(graph: &Graph<'a>, start: &'a EntryId) -> Option<Vec<&'a EntryId>> {
    let mut before: BTreeMap<&EntryId, &EntryId> = BTreeMap::new();
    let mut level = vec![start];
    while !level.is_empty() {
        let mut next = Vec::new();
        for id in level {
            for target in graph.get(id).into_iter().flatten() {
                if *target == start {
                    return Some(way(&before, start, id));
                }
                if !before.contains_key(target) {
                    before.insert(target, id);
                    next.push(*target);
                }
            }
        }
        level = next;
    }
    None
}

fn way<'a>(
    before: &BTreeMap<&EntryId, &'a EntryId>,
    start: &'a EntryId,
    last: &'a EntryId,
) -> Vec<&'a EntryId> {
    let mut way = vec![start];
    let mut id = last;
    while id != start {
        way.push(id);
        let Some(previous) = before.get(id) else { break };
        id = previous;
    }
    way.push(start);
    way.reverse();
    way
}

/// `app:a -> app:b -> app:a`
pub fn chain(cycle: &[&EntryId]) -> String {
    cycle.iter().map(|id| id.to_string()).collect::<Vec<_>>().join(" -> ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_told_once_by_its_shortest_cycle() {
        let ids: Vec<EntryId> = ["a:a", "a:b", "a:c", "a:d", "a:e"].map(|id| EntryId::parse(id, "")).into();
        let [a, b, c, d, e] = ids.each_ref_array();
        let graph: Graph<'_> =
            [(a, vec![b]), (b, vec![c, d]), (c, vec![a]), (d, vec![d]), (e, vec![a])].into_iter().collect();
        let found: Vec<String> = cycles(&graph).iter().map(|cycle| chain(cycle)).collect();
        assert_eq!(found, ["a:a -> a:b -> a:c -> a:a", "a:d -> a:d"]);
    }

    trait Five<T> {
        fn each_ref_array(&self) -> [&T; 5];
    }

    impl<T> Five<T> for Vec<T> {
        fn each_ref_array(&self) -> [&T; 5] {
            std::array::from_fn(|index| &self[index])
        }
    }
}
