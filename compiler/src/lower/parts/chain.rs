//! Long chains of `elseif`: rustc nests what Lua writes one below the other. In a long function they become several
//! chains, and an arm that comes to its end leaves the block around all of them.

use super::Cutter;
use super::seen::Seen;
use crate::lower::ir::{Block, Expr, Stmt};

/// A longer chain is divided.
const LONG_CHAIN: usize = 32;

/// So many arms stay together.
const ARMS: usize = 16;

impl Cutter {
    /// Divides the long chains among the statements.
    pub fn divide_chains(&mut self, statements: &mut Block) {
        for statement in statements {
            let Stmt::If { arms, otherwise } = statement else { continue };
            if arms.len() > LONG_CHAIN && !has_plain_jumps(arms, otherwise.as_mut()) {
                *statement = self.divided(std::mem::take(arms), otherwise.take());
            }
        }
    }

    fn divided(&mut self, arms: Vec<(Expr, Block)>, mut otherwise: Option<Block>) -> Stmt {
        self.chains += 1;
        let label = format!("mw_chain_{}", self.chains);
        let (mut body, mut is_left) = (Vec::new(), false);
        let mut arms = arms.into_iter().peekable();
        while arms.peek().is_some() {
            let mut own: Vec<(Expr, Block)> = arms.by_ref().take(ARMS).collect();
            let is_last = arms.peek().is_none();
            for (_, arm) in own.iter_mut().filter(|_| !is_last) {
                if !looked_at(arm).never_ends {
                    arm.push(Stmt::Break(Some(label.clone())));
                    is_left = true;
                }
            }
            body.push(Stmt::If { arms: own, otherwise: if is_last { otherwise.take() } else { None } });
        }
        Stmt::Block { label: is_left.then_some(label), body }
    }
}

/// Looks at a block and changes nothing.
fn looked_at(block: &mut Block) -> Seen {
    Cutter::default().block(block, None)
}

/// Whether an arm leaves a loop around without naming it, which nothing inside of a labelled block may do.
fn has_plain_jumps(arms: &mut [(Expr, Block)], otherwise: Option<&mut Block>) -> bool {
    let blocks = arms.iter_mut().map(|(_, arm)| arm).chain(otherwise);
    blocks.map(looked_at).any(|seen| seen.breaks.contains(&None) || seen.continues.contains(&None))
}
