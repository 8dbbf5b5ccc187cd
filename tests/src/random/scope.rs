//! The variables that a place sees, with what is usually in them.

use super::choice::Choice;

/// What an expression is meant to give.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    Int,
    Float,
    Text,
    Bool,
    /// A list of numbers with the fields `x` and `name`.
    Table,
    /// A function of two numbers.
    Function,
    /// An object with metamethods.
    Object,
}

/// Names in scope, innermost last.
#[derive(Default)]
pub struct Scope {
    names: Vec<(String, Kind)>,
    next: usize,
}

impl Scope {
    pub fn depth(&self) -> usize {
        self.names.len()
    }

    pub fn leave(&mut self, depth: usize) {
        self.names.truncate(depth);
    }

    /// A new name; now and then one that is there already, so that it is hidden.
    pub fn declare(&mut self, kind: Kind, choice: &mut Choice) -> String {
        let name = if choice.percent(15) && !self.names.is_empty() {
            self.names[choice.below(self.names.len())].0.clone()
        } else {
            self.next += 1;
            format!("v{}", self.next)
        };
        self.names.push((name.clone(), kind));
        name
    }

    /// A visible variable of that kind.
    pub fn find(&self, kind: Kind, choice: &mut Choice) -> Option<String> {
        let visible = self.names.iter().enumerate().filter(|(at, (name, found))| {
            *found == kind && self.names.iter().skip(at + 1).all(|(other, _)| other != name)
        });
        let visible: Vec<&String> = visible.map(|(_, (name, _))| name).collect();
        let one = visible.get(choice.below(visible.len()))?;
        Some((*one).clone())
    }

    pub fn any(&self, choice: &mut Choice) -> String {
        if self.names.is_empty() {
            return "nil".to_owned();
        }
        self.names[choice.below(self.names.len())].0.clone()
    }
}
