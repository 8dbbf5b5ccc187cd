//! Assignments: targets' parts first, then the values, then the stores from the last to the first.

use super::call::Want;
use super::expression::{let_, method, operation};
use super::function::Lowerer;
use super::ir::{self, Binder, Expr, Site, Stmt};
use super::statement::ValueList;
use super::unit::Storage;
use crate::hir::{ExprId, ExprKind, LocalId};

/// A target whose parts have been evaluated.
enum Place {
    Variable(String),
    Cell(String),
    Global { name: String, site: Site },
    Field { base: Expr, name: String, site: Site, awaits: bool },
    Index { base: Expr, key: Expr, site: Site, awaits: bool, is_hot: bool },
}

impl Lowerer<'_> {
    pub fn assign(&mut self, targets: &[ExprId], values: &[ExprId], into: &mut ir::Block) {
        if let ([target], [value]) = (targets, values) {
            return self.store_one(*target, *value, into);
        }
        if let Some(names) = self.distinct_variables(targets)
            && let ValueList::Each(values) = self.value_list(values, targets.len(), into)
        {
            let names = with_blanks(names, values.len());
            return into.push(Stmt::SetArray(names, Expr::Array(values)));
        }
        let mut places = Vec::new();
        for target in targets {
            let place = self.place(*target, values);
            let late = self.late_parts(*target, targets, values);
            places.push(self.settle(place, late, into));
        }
        let names: Vec<String> = targets.iter().map(|_| self.invent("value")).collect();
        let (count, value) = match self.value_list(values, targets.len(), into) {
            ValueList::Each(values) => (values.len(), Expr::Array(values)),
            ValueList::Array(array) => (targets.len(), array),
        };
        let binders = with_blanks(names.clone(), count);
        let binders = binders.into_iter().map(|name| Binder { name, is_mutable: false }).collect();
        into.push(Stmt::LetArray(binders, value));
        for (place, name) in places.into_iter().zip(names).rev() {
            into.push(store(place, Expr::Name(name)));
        }
    }

    /// `target = value`. Of the target's parts, variables that the value's calls may change are read last.
    fn store_one(&mut self, target: ExprId, value: ExprId, into: &mut ir::Block) {
        let (is_base_late, is_key_late) = self.late_parts(target, &[target], &[value]);
        let place = self.place(target, &[value]);
        if !is_base_late && !is_key_late {
            let value = self.owned(value);
            return into.push(store(place, value));
        }
        let place = self.settle(place, (is_base_late, is_key_late), into);
        let value = self.evaluated(value, "value", into);
        into.push(store(place, value));
    }

    /// The Rust names of the targets, if all are different plain variables.
    fn distinct_variables(&self, targets: &[ExprId]) -> Option<Vec<String>> {
        let mut seen: Vec<LocalId> = Vec::new();
        for target in targets {
            let ExprKind::Local(local) = self.context.unit.exprs[*target].kind else { return None };
            if self.context.storage[local] != Storage::Variable || seen.contains(&local) {
                return None;
            }
            seen.push(local);
        }
        Some(seen.into_iter().map(|local| self.local_name(local)).collect())
    }

    fn place(&mut self, target: ExprId, values: &[ExprId]) -> Place {
        let unit = self.context.unit;
        let site = self.site_in(self.context.store_line(target, values));
        match &unit.exprs[target].kind {
            ExprKind::Local(local) | ExprKind::Upvalue(local) => {
                let name = self.local_name(*local);
                match self.context.storage[*local] {
                    Storage::Cell => Place::Cell(name),
                    _ => Place::Variable(name),
                }
            }
            ExprKind::Field { base, name } => Place::Field {
                site: Site { names: self.operand_names(&[*base]), ..site },
                awaits: self.awaits(target),
                base: self.passed(*base, self.awaits(target)),
                name: name.clone(),
            },
            ExprKind::Index { base, key } => Place::Index {
                site: Site { names: self.operand_names(&[*base]), ..site },
                awaits: self.awaits(target),
                is_hot: self.is_hot(),
                base: self.passed(*base, self.awaits(target)),
                key: self.owned(*key),
            },
            ExprKind::Global(name) => Place::Global { name: name.clone(), site },
            // The grammar has no other targets.
            _ => Place::Variable("_".to_owned()),
        }
    }

    /// Which of a target's base and key are variables that the values' calls may change. One that is itself
    /// assigned here has been copied.
    fn late_parts(&self, target: ExprId, targets: &[ExprId], values: &[ExprId]) -> (bool, bool) {
        let unit = self.context.unit;
        let is_late = |part: ExprId, behind: &[ExprId]| {
            let kind = &unit.exprs[part].kind;
            let is_target = targets.iter().any(|target| match (kind, &unit.exprs[*target].kind) {
                (ExprKind::Local(local), ExprKind::Local(target)) => local == target,
                _ => false,
            });
            !is_target && self.is_read_late(part, behind)
        };
        match unit.exprs[target].kind {
            ExprKind::Field { base, .. } => (is_late(base, values), false),
            ExprKind::Index { base, key } => {
                (is_late(base, values) || is_late(base, &[key]), is_late(key, values))
            }
            _ => (false, false),
        }
    }

    /// Evaluates a target's parts now, into variables of their own, but not those that are read late.
    fn settle(&mut self, place: Place, late: (bool, bool), into: &mut ir::Block) -> Place {
        match place {
            Place::Field { base, name, site, awaits } => {
                let base = if late.0 { base } else { self.keep(base, into) };
                Place::Field { base, name, site, awaits }
            }
            Place::Index { base, key, site, awaits, is_hot } => {
                let base = if late.0 { base } else { self.keep(base, into) };
                let key = if late.1 { key } else { self.settled_key(key, into) };
                Place::Index { base, key, site, awaits, is_hot }
            }
            other => other,
        }
    }

    fn settled_key(&mut self, key: Expr, into: &mut ir::Block) -> Expr {
        let name = self.invent("key");
        into.push(let_(&name, key));
        Expr::Name(name)
    }

    /// The base of a target as it is now: a later store may change the variable it stands in.
    fn keep(&mut self, base: Expr, into: &mut ir::Block) -> Expr {
        let value = match base {
            Expr::Borrow(inner) => inner.owned(),
            place @ (Expr::Reference(_) | Expr::This { .. }) => place.owned(),
            value => value,
        };
        let name = self.invent("base");
        self.leftovers.push(name.clone());
        into.push(Stmt::Let(Binder { name: name.clone(), is_mutable: false }, value));
        Expr::Name(name).borrowed()
    }

    /// `count` values from a list, of which the last may give several. May be longer than `count`
    /// where what is too much must still be evaluated.
    pub fn value_list(&mut self, values: &[ExprId], count: usize, _into: &mut ir::Block) -> ValueList {
        let is_open = values.last().is_some_and(|last| self.gives_several(*last));
        if values.len() < count && is_open {
            let array = match values {
                [only] => self.several(*only, count),
                _ => method(self.multi(values), "adjust", vec![Expr::Word("cx")]),
            };
            return ValueList::Array(array);
        }
        let mut all: Vec<Expr> = Vec::new();
        for (at, value) in values.iter().enumerate() {
            if at < count || !self.is_pure(*value) {
                all.push(self.owned(*value));
            }
        }
        while all.len() < count {
            all.push(Expr::Nil);
        }
        ValueList::Each(all)
    }

    /// A call or `...` as exactly `count` values.
    fn several(&mut self, value: ExprId, count: usize) -> Expr {
        if let ExprKind::Vararg = self.context.unit.exprs[value].kind {
            return method(self.multi(&[value]), "adjust", vec![Expr::Word("cx")]);
        }
        let (call, given) = self.call(value, Want::All);
        match given {
            ir::Returns::Array(own) if own == count => call,
            ir::Returns::Multi => method(call, "adjust", vec![Expr::Word("cx")]),
            _ => {
                let multi = method(call, "into_multi", vec![Expr::Word("cx")]);
                method(multi, "adjust", vec![Expr::Word("cx")])
            }
        }
    }
}

fn with_blanks(mut names: Vec<String>, count: usize) -> Vec<String> {
    while names.len() < count {
        names.push("_".to_owned());
    }
    names
}

fn store(place: Place, value: Expr) -> Stmt {
    Stmt::Eval(match place {
        Place::Variable(name) => return Stmt::Set(name, value),
        Place::Cell(name) => return Stmt::SetCell(name, value),
        Place::Global { name, site } => operation("set_global", vec![Expr::Key(name), value], site, false),
        Place::Field { base, name, site, awaits } => {
            operation("set_field", vec![base, Expr::Key(name), value], site, awaits)
        }
        Place::Index { base, key, site, awaits, is_hot } => {
            let path = if is_hot && !awaits { "fast::set_index" } else { "set_index" };
            operation(path, vec![base, key, value], site, awaits)
        }
    })
}
