//! The lines that PUC Lua gives to operations whose expression takes several: where its compiler, which reads one
//! token ahead at most, was when it wrote the operation.
//!
//! Calls have the line on which the called expression starts, operators that of their sign. Everything else has
//! the line of the token that was read last: reading a field is written when its value is needed, which may be
//! behind the operator, comma or bracket that follows.

use std::collections::BTreeMap;

use super::unit::UnitContext;
use crate::hir::{ExprId, ExprKind, StmtKind, TableItem, Unit, visit};
use crate::source::Span;

/// Where an expression's value is needed, if that is not where it ends.
#[derive(Clone, Copy)]
pub enum Needed {
    /// When the token behind it has been read.
    Behind,
    /// Where the call or table ends whose last part it is.
    AtEndOf(ExprId),
    /// Behind the bracket that closes, if one follows: `(a.b).c`.
    Bracketed,
}

/// The expressions whose values are needed later.
#[derive(Default)]
pub struct Later(BTreeMap<ExprId, Needed>);

impl Later {
    pub fn of(unit: &Unit) -> Later {
        let mut later = Later::default();
        for (id, expression) in unit.exprs.iter() {
            match &expression.kind {
                ExprKind::Binary { left, .. } | ExprKind::And { left, .. } | ExprKind::Or { left, .. } => {
                    later.0.insert(*left, Needed::Behind);
                }
                ExprKind::Field { base, .. } | ExprKind::Index { base, .. } => {
                    later.0.insert(*base, Needed::Bracketed);
                }
                ExprKind::Concat(parts) => later.but_last(parts.iter()),
                ExprKind::Call { callee: base, args } | ExprKind::MethodCall { receiver: base, args, .. } => {
                    later.0.insert(*base, Needed::Bracketed);
                    later.but_last(args.iter());
                    later.0.extend(args.last().map(|last| (*last, Needed::AtEndOf(id))));
                }
                ExprKind::Table(items) => {
                    later.but_last(items.iter().filter_map(positional));
                    later
                        .0
                        .extend(items.last().and_then(positional).map(|last| (*last, Needed::AtEndOf(id))));
                }
                _ => {}
            }
        }
        for (_, function) in unit.functions.iter() {
            visit::statements(&function.body, &mut |statement| match &statement.kind {
                StmtKind::Local { values, .. }
                | StmtKind::Assign { values, .. }
                | StmtKind::GenericFor { values, .. }
                | StmtKind::Return(values) => later.but_last(values.iter()),
                StmtKind::If { arms, .. } => {
                    later.0.extend(arms.iter().map(|(condition, _)| (*condition, Needed::Behind)));
                }
                _ => {}
            });
        }
        later
    }

    /// Members of a list, behind each of which there is a comma or an operator, except behind the last.
    fn but_last<'a>(&mut self, all: impl DoubleEndedIterator<Item = &'a ExprId>) {
        self.0.extend(all.rev().skip(1).map(|id| (*id, Needed::Behind)));
    }
}

fn positional(item: &TableItem) -> Option<&ExprId> {
    match item {
        TableItem::Positional(value) => Some(value),
        _ => None,
    }
}

impl UnitContext<'_> {
    /// The line of a field, an element or a global that is read.
    pub fn read_line(&self, id: ExprId) -> u32 {
        match self.later.0.get(&id) {
            None => self.last_line(id),
            Some(Needed::Behind) => self.line_behind(id, false),
            Some(Needed::Bracketed) if self.behind(id, false).1.starts_with(')') => {
                self.line_behind(id, false)
            }
            Some(Needed::Bracketed) => self.last_line(id),
            Some(Needed::AtEndOf(whole)) => self.last_line(*whole),
        }
    }

    /// The line of the operator behind an operand.
    pub fn operator_line(&self, left: ExprId) -> u32 {
        self.line_behind(left, true)
    }

    /// The line of a store: the values have been read. `function a.b()` happens in its first line.
    pub fn store_line(&self, target: ExprId, values: &[ExprId]) -> u32 {
        let Some(last) = values.last() else { return self.first_line(target) };
        let is_definition = matches!(self.unit.exprs[*last].kind, ExprKind::Function(_))
            && self.unit.exprs[*last].span.start < self.unit.exprs[target].span.start;
        if is_definition { self.first_line(*last) } else { self.last_line(*last) }
    }

    /// The line on which an expression starts.
    pub fn first_line(&self, id: ExprId) -> u32 {
        self.line(self.unit.exprs[id].span)
    }

    /// The line on which an expression ends.
    pub fn last_line(&self, id: ExprId) -> u32 {
        self.sources.last_line(self.unit.exprs[id].span)
    }

    /// The line of the token behind an expression. `skips`: brackets that close do not count.
    pub fn line_behind(&self, id: ExprId, skips: bool) -> u32 {
        let (at, _) = self.behind(id, skips);
        self.line(Span::new(self.unit.exprs[id].span.file, at, at))
    }

    /// Where the token behind an expression starts, and the text from there on.
    fn behind(&self, id: ExprId, skips: bool) -> (usize, &str) {
        let end = self.unit.exprs[id].span.end as usize;
        let text = self.source.text.get(end..).unwrap_or_default();
        let start = token_start(text, skips);
        (end + start, text.get(start..).unwrap_or_default())
    }
}

/// Where the first token of a text starts.
fn token_start(text: &str, skips: bool) -> usize {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|letter: char| {
            letter.is_ascii_whitespace() || letter == '\u{b}' || (skips && letter == ')')
        });
        let Some(comment) = rest.strip_prefix("--") else { return text.len() - rest.len() };
        let level = comment.strip_prefix('[').map(|inner| inner.len() - inner.trim_start_matches('=').len());
        let close = level
            .filter(|level| comment.get(level + 1..).is_some_and(|inner| inner.starts_with('[')))
            .map(|level| format!("]{}]", "=".repeat(level)));
        rest = match close {
            Some(close) => comment.split_once(&close).map_or("", |(_, behind)| behind),
            None => comment.trim_start_matches(|letter| !matches!(letter, '\n' | '\r')),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::token_start;

    #[test]
    fn a_token_is_found_behind_comments_and_brackets() {
        for (text, skips, found) in [
            ("+ 1", false, "+ 1"),
            ("\n\t-- a + b\n-- c\r\n+", false, "+"),
            (" --[[ a\n]] ..", false, ".."),
            (" --[==[ ]] ]=] ]==]-- x\n)\n*", true, "*"),
            (" --[= x\n)", false, ")"),
            ("--", false, ""),
        ] {
            assert_eq!(&text[token_start(text, skips)..], found);
        }
    }
}
