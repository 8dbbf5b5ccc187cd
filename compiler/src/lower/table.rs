//! Table constructors: a record, a list, constants as one text, or filled item by item.

use super::constants;
use super::expression::{certain, let_, method, operation};
use super::function::Lowerer;
use super::ir::{self, Call, Ending, Expr, Stmt};
use super::parts::{PART, part};
use crate::hir::{ExprId, TableItem};

/// So many positional items wait in PUC Lua before they are stored.
const FLUSHED: usize = 50;

/// So many items are written as one array.
const LONGEST_LIST: usize = 256;

/// A record has at most this many fields; a larger table is filled field by field.
const LARGEST_RECORD: usize = 200;

impl Lowerer<'_> {
    pub fn table(&mut self, id: ExprId, items: &[TableItem]) -> Expr {
        if items.is_empty() {
            return certain("new_table", Vec::new());
        }
        if let Some(pieces) = constants::text(self.context.unit, items) {
            let pieces = pieces.into_iter().map(Expr::Str).collect();
            return certain("constants", vec![Expr::Array(pieces).borrowed()]);
        }
        if let Some(fields) = self.record_fields(items) {
            return certain("record", vec![Expr::Array(fields)]);
        }
        if let Some(values) = self.list_items(items) {
            return certain("list", vec![Expr::Array(values)]);
        }
        let are_positional = items.iter().all(|item| matches!(item, TableItem::Positional(_)));
        if are_positional && items.len() <= LONGEST_LIST {
            return self.open_list(items);
        }
        self.mixed_table(id, items)
    }

    /// The values of a constructor that has some, all of them positional and each one value.
    pub fn list_items(&mut self, items: &[TableItem]) -> Option<Vec<Expr>> {
        let is_open = matches!(items.last(), Some(TableItem::Positional(last)) if self.gives_several(*last));
        if is_open || items.is_empty() || items.len() > LONGEST_LIST {
            return None;
        }
        let values: Option<Vec<_>> = items
            .iter()
            .map(|item| if let TableItem::Positional(value) = item { Some(*value) } else { None })
            .collect();
        Some(values?.into_iter().map(|value| self.owned(value)).collect())
    }

    /// `{a, b, f()}`
    fn open_list(&mut self, items: &[TableItem]) -> Expr {
        let mut values = Vec::new();
        for item in items {
            if let TableItem::Positional(value) = item {
                values.push(*value);
            }
        }
        let last = values.pop();
        let fixed = Expr::Array(values.into_iter().map(|value| self.owned(value)).collect());
        let rest = self.multi(last.as_slice());
        certain("list_with_rest", vec![fixed, rest])
    }

    fn record_fields(&mut self, items: &[TableItem]) -> Option<Vec<Expr>> {
        let are_named = items.iter().all(|item| matches!(item, TableItem::Named { .. }));
        if !are_named || items.len() > LARGEST_RECORD {
            return None;
        }
        let mut fields = Vec::new();
        for item in items {
            if let TableItem::Named { name, value } = item {
                let name = Expr::Str(name.clone());
                fields.push(Expr::Pair(Box::new(name), Box::new(self.owned(*value))));
            }
        }
        Some(fields)
    }

    /// A constructor filled item by item. Positional items are stored when [`FLUSHED`] of them wait and
    /// at the end, as Lua does, because a computed key may name the same place.
    fn mixed_table(&mut self, id: ExprId, items: &[TableItem]) -> Expr {
        let table = self.invent("table");
        let place = || Expr::Name(table.clone()).borrowed();
        let mut whole = vec![let_(&table, certain("new_table", Vec::new()))];
        // What is evaluated until the next items are stored.
        let mut body: ir::Block = Vec::new();
        let mut batch: Vec<Expr> = Vec::new();
        let mut stored = 0i64;
        let longest = match (items.len() > LONGEST_LIST, self.is_async) {
            (false, _) => LONGEST_LIST,
            (true, false) => PART,
            // Wherever it waits, it holds what it has got so far.
            (true, true) => PART / 4,
        };
        let has_keys = items.iter().any(|item| matches!(item, TableItem::Keyed { .. }));
        // A named item is evaluated behind the positional ones in front of it.
        let last_named = items.iter().rposition(|item| !matches!(item, TableItem::Positional(_)));
        for (at, item) in items.iter().enumerate() {
            if has_keys && batch.len() == FLUSHED {
                append(&mut body, place(), &mut stored, std::mem::take(&mut batch));
                whole.append(&mut closed(&mut body, items));
            }
            if batch.is_empty() && body.len() >= longest {
                whole.append(&mut closed(&mut body, items));
            }
            match item {
                TableItem::Named { name, value } => {
                    let args = vec![place(), Expr::Key(name.clone()), self.owned(*value)];
                    body.push(Stmt::Eval(operation("set_field", args, self.site_at(id), false)));
                }
                TableItem::Keyed { key, value } => {
                    let args = vec![place(), self.owned(*key), self.owned(*value)];
                    body.push(Stmt::Eval(operation(
                        "set_index",
                        args,
                        self.site_in(self.context.last_line(*value)),
                        false,
                    )));
                }
                TableItem::Positional(value) => {
                    let is_last = at + 1 == items.len();
                    if is_last && self.gives_several(*value) {
                        append(&mut body, place(), &mut stored, std::mem::take(&mut batch));
                        let rest = method(self.multi(&[*value]), "into_args", vec![Expr::Word("cx")]);
                        body.push(Stmt::Eval(append_call(place(), stored + 1, rest)));
                        break;
                    }
                    let value = self.owned(*value);
                    let keeps_order = has_keys || last_named.is_some_and(|last| at < last);
                    if keeps_order {
                        let name = self.invent("item");
                        body.push(let_(&name, value));
                        batch.push(Expr::Name(name));
                    } else {
                        batch.push(value);
                    }
                    if batch.len() >= longest && !has_keys {
                        append(&mut body, place(), &mut stored, std::mem::take(&mut batch));
                        whole.append(&mut closed(&mut body, items));
                    }
                }
            }
        }
        append(&mut body, place(), &mut stored, batch);
        whole.append(&mut closed(&mut body, items));
        Expr::Block(whole, Box::new(Expr::Name(table)))
    }
}

/// What fills a part of a table, of a large one as a part of the function.
fn closed(body: &mut ir::Block, items: &[TableItem]) -> ir::Block {
    let own = std::mem::take(body);
    if items.len() <= LONGEST_LIST || own.is_empty() {
        return own;
    }
    vec![part(own)]
}

fn append_call(table: Expr, first: i64, items: Expr) -> Expr {
    let args = vec![table, Expr::Number(first), items];
    Expr::Call(Box::new(Call { path: "append".to_owned(), args, ending: Ending::Nothing }))
}

fn append(body: &mut ir::Block, table: Expr, stored: &mut i64, batch: Vec<Expr>) {
    if batch.is_empty() {
        return;
    }
    let count = i64::try_from(batch.len()).unwrap_or(i64::MAX);
    body.push(Stmt::Eval(append_call(table, *stored + 1, Expr::Array(batch))));
    *stored += count;
}
