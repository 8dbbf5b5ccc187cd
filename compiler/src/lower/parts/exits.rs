//! Returns and jumps out of a part: its body hands them over, and what stands behind it does them.

use crate::lower::ir::{Block, Call, Ending, Expr, Returns, Stmt};
use crate::lower::walk;

/// What is done behind a part whose body was changed to hand over how it ends.
pub fn hand_over(body: &mut Block, returns: Returns) -> (Option<(Returns, Block)>, Vec<Block>) {
    let mut exits = Exits::default();
    exits.block(body);
    let value = || Expr::Name("value".to_owned());
    let on_return = exits.returns.then(|| (returns, vec![Stmt::Return(value())]));
    (on_return, exits.jumps.into_iter().map(|jump| vec![jump]).collect())
}

#[derive(Default)]
struct Exits {
    returns: bool,
    jumps: Vec<Stmt>,
    /// How many loops of the body are around.
    loops: usize,
    /// The labels of the body that are around.
    labels: Vec<String>,
}

/// `Scope::Returns(value)`
fn ended(how: &str, value: Expr) -> Expr {
    let call = Call { path: format!("Scope::{how}"), args: vec![value], ending: Ending::Nothing };
    Expr::Call(Box::new(call))
}

impl Exits {
    fn block(&mut self, block: &mut Block) {
        block.iter_mut().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &mut Stmt) {
        match statement {
            Stmt::Return(value) => {
                *value = ended("Returns", std::mem::replace(value, Expr::Nil));
                self.returns = true;
            }
            Stmt::ReturnResult(value) => {
                let receiver = Box::new(std::mem::replace(value, Expr::Nil));
                let args = vec![Expr::Path("Scope::Returns".to_owned())];
                *value = Expr::Method { receiver, name: "map", args };
                self.returns = true;
            }
            Stmt::Break(label) | Stmt::Continue(label) if self.leaves(label.as_ref()) => self.jump(statement),
            Stmt::Break(_) | Stmt::Continue(_) => {}
            // Its statements hand over what they do already.
            Stmt::Scope(scope) => {
                scope.on_return.iter_mut().chain(&mut scope.jumps).for_each(|exit| self.block(exit));
            }
            Stmt::Part(part) => {
                let returned = part.on_return.iter_mut().map(|(_, exit)| exit);
                returned.chain(&mut part.jumps).for_each(|exit| self.block(exit));
            }
            Stmt::While { label, body, .. }
            | Stmt::Loop { label, body }
            | Stmt::For { label, body, .. }
            | Stmt::Each { label, body, .. } => {
                let label = label.clone();
                self.loops += 1;
                self.labelled(label, body);
                self.loops -= 1;
            }
            Stmt::Block { label, body } => {
                let label = label.clone();
                self.labelled(label, body);
            }
            _ => walk::parts(statement).1.into_iter().for_each(|inner| self.block(inner)),
        }
    }

    fn labelled(&mut self, label: Option<String>, body: &mut Block) {
        let around = self.labels.len();
        self.labels.extend(label);
        self.block(body);
        self.labels.truncate(around);
    }

    fn leaves(&self, label: Option<&String>) -> bool {
        label.map_or(self.loops == 0, |label| !self.labels.contains(label))
    }

    /// A jump out of the part as its number.
    fn jump(&mut self, jump: &mut Stmt) {
        let is_same = |known: &Stmt| match (known, &*jump) {
            (Stmt::Break(known), Stmt::Break(label)) | (Stmt::Continue(known), Stmt::Continue(label)) => {
                known == label
            }
            _ => false,
        };
        let number = self.jumps.iter().position(is_same).unwrap_or(self.jumps.len());
        let value = Expr::Number(i64::try_from(number).unwrap_or_default());
        let jump = std::mem::replace(jump, Stmt::Return(ended("Jumps", value)));
        if number == self.jumps.len() {
            self.jumps.push(jump);
        }
    }
}
