//! Strongly connected components of a graph: places that all hold the same functions.

/// Not visited yet.
const NEW: u32 = u32::MAX;

/// The components of the graph whose node `n` has edges to `edges[n]`; each stands behind all it can
/// reach.
pub fn components(edges: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut search = Search {
        edges,
        index: vec![NEW; edges.len()],
        low: vec![NEW; edges.len()],
        is_open: vec![false; edges.len()],
        open: Vec::new(),
        next: 0,
        found: Vec::new(),
    };
    for node in 0..u32::try_from(edges.len()).unwrap_or(u32::MAX) {
        if search.index_of(node) == NEW {
            search.visit(node);
        }
    }
    search.found
}

/// Tarjan's algorithm, with a stack of its own: the graph may be one long chain.
struct Search<'a> {
    edges: &'a [Vec<u32>],
    /// When a node was first seen, and the earliest open node it can reach.
    index: Vec<u32>,
    low: Vec<u32>,
    is_open: Vec<bool>,
    /// Nodes whose component is not known yet.
    open: Vec<u32>,
    next: u32,
    found: Vec<Vec<u32>>,
}

impl Search<'_> {
    fn index_of(&self, node: u32) -> u32 {
        self.index.get(node as usize).copied().unwrap_or(0)
    }

    fn low_of(&self, node: u32) -> u32 {
        self.low.get(node as usize).copied().unwrap_or(0)
    }

    fn lower(&mut self, node: u32, to: u32) {
        if let Some(low) = self.low.get_mut(node as usize) {
            *low = to.min(*low);
        }
    }

    fn set_open(&mut self, node: u32, is_open: bool) {
        if let Some(slot) = self.is_open.get_mut(node as usize) {
            *slot = is_open;
        }
    }

    fn begin(&mut self, node: u32) {
        if let Some(index) = self.index.get_mut(node as usize) {
            *index = self.next;
        }
        self.lower(node, self.next);
        self.next += 1;
        self.open.push(node);
        self.set_open(node, true);
    }

    fn visit(&mut self, root: u32) {
        self.begin(root);
        // Each with the number of its edges that were followed.
        let mut path = vec![(root, 0usize)];
        while let Some((node, followed)) = path.last_mut() {
            let node = *node;
            let target = self.edges.get(node as usize).and_then(|edges| edges.get(*followed)).copied();
            *followed += 1;
            match target {
                Some(target) if self.index_of(target) == NEW => {
                    self.begin(target);
                    path.push((target, 0));
                }
                Some(target) if self.is_open.get(target as usize) == Some(&true) => {
                    self.lower(node, self.index_of(target));
                }
                Some(_) => {}
                None => {
                    path.pop();
                    if let Some((before, _)) = path.last() {
                        self.lower(*before, self.low_of(node));
                    }
                    if self.low_of(node) == self.index_of(node) {
                        self.close(node);
                    }
                }
            }
        }
    }

    /// The open nodes from `first` on are a component.
    fn close(&mut self, first: u32) {
        let from = self.open.iter().rposition(|node| *node == first).unwrap_or(0);
        let component = self.open.split_off(from);
        for node in &component {
            self.set_open(*node, false);
        }
        self.found.push(component);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_that_reach_each_other_are_one_component_behind_what_they_reach() {
        let edges = [vec![1], vec![2, 3], vec![0], vec![4], vec![3], vec![5, 0]];
        let mut found = components(&edges);
        found.iter_mut().for_each(|component| component.sort_unstable());
        assert_eq!(found, [vec![3, 4], vec![0, 1, 2], vec![5]]);
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let edges: Vec<Vec<u32>> = (1..200_000).map(|next| vec![next]).chain([vec![]]).collect();
        assert_eq!(components(&edges).len(), 200_000);
    }
}
