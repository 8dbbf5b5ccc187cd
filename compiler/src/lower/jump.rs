//! `goto`, labels and `break`.
//!
//! A forward jump leaves a labelled block that ends at the label; a backward jump starts again a
//! loop that reaches from the label to the end of the block. Lua forbids jumps into the scope of a
//! local, so neither cuts a variable off from its uses. Where the two overlap, the block becomes a
//! dispatch loop over the pieces between its labels.

use super::expression::method;
use super::function::{Lowerer, spend};
use super::ir::{self, Binder, Expr, Stmt};
use super::loops::Head;
use super::unit::Storage;
use crate::hir::{self, LabelId, LoopId, StmtKind, visit};

/// What a jump may have to get out of.
#[derive(Clone, Debug)]
pub enum Frame {
    Loop {
        id: LoopId,
        label: String,
        is_used: bool,
    },
    /// A labelled block, or a loop that is none of Lua's.
    Other,
    /// Statements behind a variable that is to be closed.
    Scope(super::scope::Exits),
}

/// Where a `goto` to a label leads, and how many frames were open around it.
#[derive(Clone, Debug)]
pub struct Target {
    depth: usize,
    jump: Jump,
}

#[derive(Clone, Debug)]
enum Jump {
    Break(String),
    Continue(String),
    /// Jump to piece `.1` of the dispatch loop `.0`.
    Dispatch(String, usize),
}

/// Statements `start..end` of a block that need a label of their own.
#[derive(Clone, Debug)]
struct Region {
    start: usize,
    end: usize,
    labels: Vec<LabelId>,
    is_loop: bool,
}

impl Lowerer<'_> {
    /// Lowers a block. Its own labels are seen here.
    pub fn block(&mut self, block: &hir::Block) -> ir::Block {
        let regions = regions(block);
        if overlap(&regions) {
            return self.dispatch(block);
        }
        self.range(block, 0, block.len(), &regions)
    }

    /// What a statement left in variables of its own goes with it, not with the end of the block.
    fn let_go(&mut self, something_follows: bool, into: &mut ir::Block) {
        for name in std::mem::take(&mut self.leftovers) {
            if something_follows {
                into.push(Stmt::Eval(method(Expr::Name(name), "done", Vec::new())));
            }
        }
    }

    fn range(&mut self, block: &hir::Block, start: usize, end: usize, regions: &[Region]) -> ir::Block {
        let mut lowered = Vec::new();
        let mut at = start;
        while at < end {
            let widest = regions.iter().filter(|region| region.start == at && region.end <= end);
            let Some(region) = widest.max_by_key(|region| (region.end, region.is_loop)) else {
                let Some(statement) = block.get(at) else { break };
                self.statement(statement, at == 0, &mut lowered);
                at += 1;
                self.let_go(at < end, &mut lowered);
                if let Some(local) = self.to_be_closed(statement) {
                    let rest = block.get(at..end).unwrap_or_default().to_vec();
                    let falls_through = crate::analyze::falls_through(self.context.unit, &rest);
                    let scope = self.closed_scope(local, statement, falls_through, |lowerer| {
                        lowerer.range(block, at, end, regions)
                    });
                    lowered.extend(scope);
                    return lowered;
                }
                continue;
            };
            let rest: Vec<Region> = regions
                .iter()
                .filter(|other| {
                    !(other.start == region.start
                        && other.end == region.end
                        && other.is_loop == region.is_loop)
                })
                .cloned()
                .collect();
            lowered.push(self.region(block, region, &rest));
            at = region.end;
        }
        lowered
    }

    fn region(&mut self, block: &hir::Block, region: &Region, rest: &[Region]) -> Stmt {
        let name =
            region.labels.first().map_or("label", |label| self.context.unit.labels[*label].name.as_str());
        let label = self.labels.claim(&super::names::rust_name(name));
        for own in &region.labels {
            let jump =
                if region.is_loop { Jump::Continue(label.clone()) } else { Jump::Break(label.clone()) };
            self.targets.insert(*own, Target { depth: self.frames.len(), jump });
        }
        self.frames.push(Frame::Other);
        let mut body = self.range(block, region.start, region.end, rest);
        self.frames.pop();
        if !region.is_loop {
            return Stmt::Block { label: Some(label), body };
        }
        body.insert(0, spend());
        let inner = block.get(region.start..region.end).unwrap_or_default().to_vec();
        if crate::analyze::falls_through(self.context.unit, &inner) {
            body.push(Stmt::Break(Some(label.clone())));
        }
        Stmt::Loop { label: Some(label), body }
    }

    /// The block as pieces between labels, run in turn from the one a variable names.
    fn dispatch(&mut self, block: &hir::Block) -> ir::Block {
        let label = self.labels.claim("dispatch");
        let piece = self.invent("piece");
        let mut lowered = vec![Stmt::Let(Binder { name: piece.clone(), is_mutable: true }, Expr::Number(0))];
        for statement in block {
            self.hoist(statement, &mut lowered);
        }
        let mut pieces: Vec<Vec<&hir::Stmt>> = vec![Vec::new()];
        for statement in block {
            if let StmtKind::Label(own) = statement.kind {
                pieces.push(Vec::new());
                let jump = Jump::Dispatch(format!("{label}/{piece}"), pieces.len() - 1);
                self.targets.insert(own, Target { depth: self.frames.len(), jump });
            } else if let Some(last) = pieces.last_mut() {
                last.push(statement);
            }
        }
        self.frames.push(Frame::Other);
        let mut body = vec![spend()];
        for (at, statements) in pieces.into_iter().enumerate() {
            let mut own = Vec::new();
            for statement in statements {
                self.statement(statement, false, &mut own);
                self.let_go(false, &mut own);
            }
            let condition = Expr::Method {
                receiver: Box::new(Expr::Name(piece.clone())),
                name: "le",
                args: vec![Expr::Borrow(Box::new(Expr::Number(i64::try_from(at).unwrap_or(i64::MAX))))],
            };
            body.push(Stmt::If { arms: vec![(condition, own)], otherwise: None });
        }
        self.frames.pop();
        if crate::analyze::falls_through(self.context.unit, block) {
            body.push(Stmt::Break(Some(label.clone())));
        }
        lowered.push(Stmt::Loop { label: Some(label), body });
        lowered
    }

    fn hoist(&mut self, statement: &hir::Stmt, into: &mut ir::Block) {
        let locals = match &statement.kind {
            StmtKind::Local { locals, .. } => locals.clone(),
            StmtKind::LocalFunction { local, .. } => vec![*local],
            _ => Vec::new(),
        };
        for local in locals {
            let value = match self.context.storage[local] {
                Storage::Known | Storage::Borrowed => continue,
                Storage::Variable => Expr::Nil,
                Storage::Cell => Expr::CellNew(Box::new(Expr::Nil)),
            };
            let lua = self.context.unit.locals[local].name.clone();
            let name = self.invent(&lua);
            self.hoisted.insert(local, name.clone());
            into.push(Stmt::Let(Binder { name, is_mutable: true }, value));
        }
    }

    pub fn goto(&mut self, label: LabelId, into: &mut ir::Block) {
        // The resolver refuses a goto without its label.
        let Some(target) = self.targets.get(&label).cloned() else { return };
        let jump = match target.jump {
            Jump::Break(label) => vec![Stmt::Break(Some(label))],
            Jump::Continue(label) => vec![Stmt::Continue(Some(label))],
            Jump::Dispatch(names, piece) => {
                let (label, variable) = names.split_once('/').unwrap_or_default();
                let number = Expr::Number(i64::try_from(piece).unwrap_or(i64::MAX));
                vec![Stmt::Set(variable.to_owned(), number), Stmt::Continue(Some(label.to_owned()))]
            }
        };
        into.extend(self.jump_out(target.depth, jump));
    }

    /// Runs `work` inside a loop; the label is given only if some `break` needs it.
    pub fn inside_loop<T>(&mut self, head: Head, work: impl FnOnce(&mut Self) -> T) -> (T, Option<String>) {
        let label = self.labels.claim(&format!("loop_{}", head.line));
        self.frames.push(Frame::Loop { id: head.id, label: label.clone(), is_used: false });
        self.busy_loops += usize::from(head.is_busy);
        let result = work(self);
        self.busy_loops -= usize::from(head.is_busy);
        let is_used = matches!(self.frames.pop(), Some(Frame::Loop { is_used: true, .. }));
        (result, is_used.then_some(label))
    }

    pub fn break_loop(&mut self, wanted: LoopId) -> Vec<Stmt> {
        let innermost = self.frames.len().saturating_sub(1);
        let found = self.frames.iter_mut().enumerate().rev().find_map(|(at, frame)| match frame {
            Frame::Loop { id, label, is_used } if *id == wanted => Some((at, label, is_used)),
            _ => None,
        });
        match found {
            Some((at, label, is_used)) if at != innermost => {
                *is_used = true;
                let jump = vec![Stmt::Break(Some(label.clone()))];
                self.jump_out(at, jump)
            }
            _ => vec![Stmt::Break(None)],
        }
    }
}

/// The regions that the labels of a block need, outermost ones reaching at least as far.
fn regions(block: &hir::Block) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    let mut forward: Vec<Region> = Vec::new();
    for (at, statement) in block.iter().enumerate() {
        let StmtKind::Label(label) = statement.kind else { continue };
        let users: Vec<usize> = block
            .iter()
            .enumerate()
            .filter(|(_, user)| jumps_to(user, label))
            .map(|(user, _)| user)
            .collect();
        if let Some(first) = users.iter().find(|user| **user < at) {
            forward.push(Region { start: *first, end: at, labels: vec![label], is_loop: false });
        }
        if users.iter().any(|user| *user > at) {
            regions.push(Region { start: at, end: block.len(), labels: vec![label], is_loop: true });
        }
    }
    // Regions of labels that stand together are one.
    regions.dedup_by(|later, earlier| {
        let between = block.get(earlier.start..later.start).unwrap_or_default();
        let same = between.iter().all(|statement| matches!(statement.kind, StmtKind::Label(_)));
        if same {
            earlier.labels.append(&mut later.labels);
        }
        same
    });
    // A later label's region takes in the earlier one it would otherwise cut.
    for later in 1..forward.len() {
        for earlier in 0..later {
            let (Some(inner), Some(outer)) = (forward.get(earlier).cloned(), forward.get_mut(later)) else {
                continue;
            };
            if inner.start < outer.start && outer.start < inner.end {
                outer.start = inner.start;
            }
        }
    }
    regions.extend(forward);
    regions
}

fn jumps_to(statement: &hir::Stmt, label: LabelId) -> bool {
    let mut found = matches!(statement.kind, StmtKind::Goto(target) if target == label);
    for block in visit::blocks(statement) {
        visit::statements(block, &mut |inner| {
            found |= matches!(inner.kind, StmtKind::Goto(target) if target == label);
        });
    }
    found
}

/// Whether two regions overlap without one holding the other.
fn overlap(regions: &[Region]) -> bool {
    regions.iter().any(|one| {
        regions.iter().any(|other| one.start < other.start && other.start < one.end && one.end < other.end)
    })
}
