//! Smaller programs: each with one statement less, or with a block's contents in its place.

use super::program::{Program, Stmt};

/// Every program that is one step smaller, the smallest first.
pub fn smaller(program: &Program) -> Vec<Program> {
    let mut found: Vec<Program> =
        lists(&program.body).into_iter().map(|body| Program { seed: program.seed, body }).collect();
    found.sort_by_key(Program::size);
    found
}

/// The lists that are one step smaller than this one.
fn lists(body: &[Stmt]) -> Vec<Vec<Stmt>> {
    let mut found: Vec<Vec<Stmt>> = Vec::new();
    // Half of a long list at once.
    if body.len() >= 4 {
        let (first, second) = body.split_at(body.len() / 2);
        found.extend([first.to_vec(), second.to_vec()]);
    }
    let mut with = |at: usize, new: Vec<Stmt>| {
        let (before, after) = (body.iter().take(at), body.iter().skip(at + 1));
        found.push(before.cloned().chain(new).chain(after.cloned()).collect());
    };
    for (at, stmt) in body.iter().enumerate() {
        with(at, Vec::new());
        let Some((inner, end)) = &stmt.block else { continue };
        with(at, inner.clone());
        for smaller in lists(inner) {
            with(at, vec![Stmt::block(stmt.head.clone(), smaller, end.clone())]);
        }
    }
    found
}
