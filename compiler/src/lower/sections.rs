//! The parts of long functions as functions of their own, which stand where they are called.
//!
//! A closure would do, and does where a variable is no value of Lua's. But what rustc knows of a closure's types is
//! part of what it knows of the function around, and in incremental builds it makes the hash of all that for every
//! closure: closures times length. A function item is checked alone.
//!
//! A part is lent the variables it names: `x: &Value`, or `x: &mut Value` where it sets them. In it a variable is
//! read through the reference, and its last read takes the value or clones it.

use std::collections::BTreeMap;

use super::ir::{Binder, Block, Expr, Lent, LentKind, Param, Part, Section, Stmt};
use super::walk;

/// What a Rust variable holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Value,
    /// `&Value`, known as such to whoever wrote the code.
    Reference,
    /// `&Value`, where the code says `Value`.
    Lent,
    /// `&mut Value`, where the code says `Value`.
    LentMutable,
    Cell,
    LentCell,
    Varargs,
    /// Something of the runtime's.
    Other,
}

const THIS: &str = "this";
const VARARGS: &str = "varargs";

impl Holds {
    /// What the parameters hold.
    pub fn of_function(is_async: bool, params: &[Param]) -> Vec<(String, Holds)> {
        let of_param = |param: &Param| {
            let holds = if param.is_borrowed { Holds::Reference } else { Holds::Value };
            (param.binder.name.clone(), holds)
        };
        let (this, varargs) =
            if is_async { (Holds::Value, Holds::Other) } else { (Holds::Reference, Holds::Varargs) };
        let own = [(THIS.to_owned(), this), (VARARGS.to_owned(), varargs)];
        own.into_iter().chain(params.iter().map(of_param)).collect()
    }

    fn declared(binder: &Binder, value: &Expr) -> Holds {
        match value {
            Expr::Captured(_) | Expr::Reference(_) | Expr::Borrow(_) => Holds::Reference,
            Expr::CellNew(_) | Expr::SharedUpvalue(_) => Holds::Cell,
            // What Lua declares is a value, and so are the items of a constructor.
            _ if !binder.name.starts_with("mw_") || binder.name.starts_with("mw_item_") => Holds::Value,
            Expr::Nil
            | Expr::Bool(_)
            | Expr::Int(_)
            | Expr::Float(_)
            | Expr::Text(_)
            | Expr::CellGet(_)
            | Expr::Clone(_)
            | Expr::Function(_)
            | Expr::Closure { .. }
            | Expr::BoolValue(_) => Holds::Value,
            Expr::Call(call) if call.path == "new_table" => Holds::Value,
            _ => Holds::Other,
        }
    }

    /// How a part is given it.
    fn lent(self, name: &str, is_set: bool) -> Option<Lent> {
        let (kind, is_reference) = match self {
            Holds::Value if is_set => (LentKind::Mutable, false),
            Holds::Value => (LentKind::Value, false),
            Holds::LentMutable if is_set => (LentKind::Mutable, true),
            Holds::Reference | Holds::Lent | Holds::LentMutable => (LentKind::Value, true),
            Holds::Cell => (LentKind::Cell, false),
            Holds::LentCell => (LentKind::Cell, true),
            Holds::Varargs => (LentKind::Varargs, true),
            Holds::Other => return None,
        };
        Some(Lent { name: name.to_owned(), kind, is_reference })
    }

    /// What it is in the part.
    fn inside(self, is_set: bool) -> Holds {
        match self {
            Holds::Value | Holds::LentMutable if is_set => Holds::LentMutable,
            Holds::Value | Holds::LentMutable => Holds::Lent,
            Holds::Cell => Holds::LentCell,
            other => other,
        }
    }
}

/// Makes functions of the parts in a body, behind these parameters.
pub fn make(body: &mut Block, parameters: Vec<(String, Holds)>) {
    Sections { variables: parameters, made: 0, looks: None }.block(body);
}

struct Sections {
    /// The variables that can be named, the innermost last.
    variables: Vec<(String, Holds)>,
    made: usize,
    /// Nothing is changed, but what a part uses is put down.
    looks: Option<Looks>,
}

/// What is found out of a part.
struct Looks {
    /// How many variables are around.
    around: usize,
    /// The names of these that it uses, whether it sets them, and what they hold.
    used: BTreeMap<String, (bool, Holds)>,
}

impl Sections {
    /// A variable is named. What it holds.
    fn named(&mut self, name: &str, is_set: bool) -> Holds {
        let known = self.variables.iter().enumerate().rev().find(|(_, (own, _))| own == name);
        let Some((at, (_, holds))) = known else { return Holds::Value };
        if let Some(looks) = self.looks.as_mut().filter(|looks| at < looks.around) {
            looks.used.entry(name.to_owned()).or_insert((false, *holds)).0 |= is_set;
        }
        *holds
    }

    fn declare(&mut self, binder: &Binder, holds: Holds) {
        self.variables.push((binder.name.clone(), holds));
    }

    fn block(&mut self, block: &mut Block) {
        let around = self.variables.len();
        block.iter_mut().for_each(|statement| self.statement(statement));
        self.variables.truncate(around);
    }

    /// A block that begins with variables which hold values.
    fn block_with<'a>(&mut self, names: impl Iterator<Item = &'a Binder>, block: &mut Block) {
        let around = self.variables.len();
        names.for_each(|name| self.declare(name, Holds::Value));
        self.block(block);
        self.variables.truncate(around);
    }

    fn statement(&mut self, statement: &mut Stmt) {
        match statement {
            Stmt::Let(binder, value) => {
                self.expression(value);
                self.declare(binder, Holds::declared(binder, value));
            }
            Stmt::LetArray(binders, value) => {
                self.expression(value);
                binders.iter().for_each(|binder| self.declare(binder, Holds::Value));
            }
            Stmt::Set(name, value) => {
                self.expression(value);
                self.set(name);
            }
            Stmt::SetArray(names, value) => {
                self.expression(value);
                names.iter_mut().for_each(|name| self.set(name));
            }
            Stmt::SetCell(name, value) => {
                self.expression(value);
                self.named(name, false);
            }
            Stmt::For { variable, iterator, body, .. } => {
                self.expression(iterator);
                self.block_with(std::iter::once(&*variable), body);
            }
            Stmt::Each { variables, next, body, .. } => {
                self.expression(next);
                self.block_with(variables.iter(), body);
            }
            Stmt::Scope(scope) => {
                self.block(&mut scope.body);
                self.expression(&mut scope.closed);
                self.exits(scope.on_return.as_mut(), &mut scope.jumps);
            }
            Stmt::Part(part) => self.part(part),
            _ => {
                let (heads, blocks) = walk::parts(statement);
                heads.into_iter().for_each(|head| self.expression(head));
                blocks.into_iter().for_each(|inner| self.block(inner));
            }
        }
    }

    /// What is done behind a scope or a part; what was returned is its `value`.
    fn exits(&mut self, on_return: Option<&mut Block>, jumps: &mut [Block]) {
        let value = Binder { name: "value".to_owned(), is_mutable: false };
        if let Some(on_return) = on_return {
            self.block_with(std::iter::once(&value), on_return);
        }
        jumps.iter_mut().for_each(|jump| self.block(jump));
    }

    fn part(&mut self, part: &mut Part) {
        if self.looks.is_none() {
            self.section(part);
        } else {
            self.block(&mut part.body);
        }
        self.exits(part.on_return.as_mut().map(|(_, block)| block), &mut part.jumps);
    }

    /// Makes a function of a part, if it uses nothing but values.
    fn section(&mut self, part: &mut Part) {
        self.made += 1;
        let name = format!("mw_section_{}", self.made);
        self.looks = Some(Looks { around: self.variables.len(), used: BTreeMap::new() });
        self.block(&mut part.body);
        let used = self.looks.take().map(|looks| looks.used).unwrap_or_default();
        let lends = used.iter().map(|(name, (is_set, holds))| holds.lent(name, *is_set));
        let Some(lends) = lends.collect() else {
            self.block(&mut part.body);
            return;
        };
        part.section = Some(Section { name, lends });
        let inside = used.into_iter().map(|(name, (is_set, holds))| (name, holds.inside(is_set)));
        let around = std::mem::replace(&mut self.variables, inside.collect());
        self.block(&mut part.body);
        self.variables = around;
    }

    fn set(&mut self, name: &mut String) {
        if self.named(name, true) == Holds::LentMutable && self.looks.is_none() {
            name.insert(0, '*');
        }
    }

    /// A variable is read: by what may follow a reference.
    fn read(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Name(name) => {
                if matches!(self.named(name, false), Holds::Lent | Holds::LentMutable) && self.looks.is_none()
                {
                    *expr = Expr::Reference(std::mem::take(name));
                }
            }
            other => self.expression(other),
        }
    }

    /// `&x`
    fn borrowed(&mut self, expr: &mut Expr) {
        let Expr::Borrow(inner) = expr else { return };
        match &mut **inner {
            Expr::Name(name) => {
                let holds = self.named(name, false);
                match holds {
                    _ if self.looks.is_some() => {}
                    Holds::Lent => *expr = Expr::Reference(std::mem::take(name)),
                    Holds::LentMutable => **inner = Expr::Deref(std::mem::take(name)),
                    _ => {}
                }
            }
            Expr::This { is_reference: false } => {
                if self.named(THIS, false) == Holds::Lent && self.looks.is_none() {
                    *expr = Expr::This { is_reference: true };
                }
            }
            other => self.expression(other),
        }
    }

    /// The last read of a variable.
    fn moved(&mut self, expr: &mut Expr) {
        let Expr::Name(name) = expr else { return };
        let holds = self.named(name, false);
        if self.looks.is_some() {
            return;
        }
        let reference = Expr::Reference(name.clone());
        match holds {
            Holds::Lent => *expr = Expr::Clone(Box::new(reference)),
            Holds::LentMutable => {
                let call = super::ir::Call {
                    path: "Part::take".to_owned(),
                    args: vec![reference],
                    ending: super::ir::Ending::Nothing,
                };
                *expr = Expr::Call(Box::new(call));
            }
            _ => {}
        }
    }

    fn expression(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Name(_) => self.moved(expr),
            Expr::Borrow(_) => self.borrowed(expr),
            Expr::Clone(inner) | Expr::Truthy(inner) => self.read(inner),
            Expr::Method { receiver, args, .. } => {
                self.read(receiver);
                args.iter_mut().for_each(|arg| self.expression(arg));
            }
            Expr::Reference(name) | Expr::CellGet(name) | Expr::CellCapture(name) => {
                self.named(name, false);
            }
            Expr::This { .. } | Expr::Captured(_) | Expr::SharedUpvalue(_) => {
                self.named(THIS, false);
            }
            Expr::Word(VARARGS) => {
                self.named(VARARGS, false);
            }
            Expr::Block(statements, value) => {
                let around = self.variables.len();
                statements.iter_mut().for_each(|statement| self.statement(statement));
                self.expression(value);
                self.variables.truncate(around);
            }
            other => {
                if let Expr::Call(call) = other
                    && let Some((name, _)) = call.path.split_once('.')
                {
                    self.named(name, true);
                }
                let (always, sometimes) = walk::operands(other);
                always.into_iter().chain(sometimes).for_each(|operand| self.expression(operand));
            }
        }
    }
}
