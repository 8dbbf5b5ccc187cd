//! Reading and writing fields, with `__index` and `__newindex`; making tables; globals.

use crate::cx::Cx;
use crate::error::{Fault, LuaResult, Thrown};
use crate::ops::{call, metamethod};
use crate::table::{KeyFault, Table};
use crate::value::{Tag, Value};

/// So many `__index` or `__newindex` steps are followed.
const CHAIN_LIMIT: usize = 2000;

/// `object[key]`
///
/// # Errors
/// `attempt to index a TYPE value`, and what an `__index` function raises.
#[inline]
pub fn index(cx: Cx, object: &Value, key: &Value) -> LuaResult {
    if let Some(table) = object.as_table() {
        let value = table.get(key);
        if !value.is_nil() || !table.has_metatable() {
            return Ok(value);
        }
    }
    index_slow(cx, object, key)
}

/// `object.name`: `name` is a literal.
///
/// # Errors
/// As [`index`].
#[inline]
pub fn field(cx: Cx, object: &Value, name: &Value) -> LuaResult {
    index(cx, object, name)
}

#[cold]
fn index_slow(cx: Cx, object: &Value, key: &Value) -> LuaResult {
    let mut object = object.clone();
    for _ in 0..CHAIN_LIMIT {
        let handler = match object.tag() {
            Tag::Table => {
                let value = object.as_table().map(|table| table.get(key)).unwrap_or_default();
                let handler = metamethod(cx, &object, b"__index");
                if !value.is_nil() || handler.is_nil() {
                    return Ok(value);
                }
                handler
            }
            Tag::Module => return Ok(module_field(cx, &object, key)),
            Tag::String | Tag::StaticString => {
                return Ok(key
                    .as_bytes()
                    .map_or(Value::NIL, |key| crate::stdlib::string::STRING.get(cx, key)));
            }
            Tag::UserData => {
                let methods = object.as_userdata().map(|userdata| userdata.body().methods());
                return Ok(methods
                    .zip(key.as_bytes())
                    .map_or(Value::NIL, |(methods, key)| methods.get(cx, key)));
            }
            _ => return Err(not_indexable(cx, &object)),
        };
        if handler.function_def().is_some() {
            return Ok(call::call(cx, &handler, &[object, key.clone()])?.first());
        }
        object = handler;
    }
    Err(cx.throw_text("'__index' chain too long; possible loop"))
}

fn module_field(cx: Cx, object: &Value, key: &Value) -> Value {
    object.as_module().zip(key.as_bytes()).map_or(Value::NIL, |(module, key)| module.get(cx, key))
}

#[cold]
fn not_indexable(cx: Cx, object: &Value) -> Thrown {
    let before = format!("attempt to index a {} value", object.type_name());
    cx.throw_fault(Fault::Operand { before, after: "", operand: 0 })
}

/// `object[key] = value`
///
/// # Errors
/// Not indexable, frozen, a nil or NaN key, and what a `__newindex` function raises.
#[inline]
pub fn set_index(cx: Cx, object: &Value, key: Value, value: Value) -> LuaResult<()> {
    match object.as_table() {
        Some(table) if !table.has_metatable() => set_raw(cx, table, key, value),
        _ => set_index_slow(cx, object, key, value),
    }
}

/// `object.name = value`: `name` is a literal.
///
/// # Errors
/// As [`set_index`].
#[inline]
pub fn set_field(cx: Cx, object: &Value, name: &Value, value: Value) -> LuaResult<()> {
    set_index(cx, object, name.clone(), value)
}

#[cold]
fn set_index_slow(cx: Cx, object: &Value, key: Value, value: Value) -> LuaResult<()> {
    let mut object = object.clone();
    for _ in 0..CHAIN_LIMIT {
        let handler = match object.as_table() {
            Some(table) => {
                let handler = metamethod(cx, &object, b"__newindex");
                if handler.is_nil() || !table.get(&key).is_nil() {
                    return set_raw(cx, table, key, value);
                }
                handler
            }
            None if object.tag() == Tag::Module => {
                return Err(cx.throw_text("attempt to modify Immutable table"));
            }
            None => return Err(not_indexable(cx, &object)),
        };
        if handler.function_def().is_some() {
            let _ = call::call(cx, &handler, &[object, key, value])?;
            return Ok(());
        }
        object = handler;
    }
    Err(cx.throw_text("'__newindex' chain too long; possible loop"))
}

/// A write without metamethods that respects frozen tables.
///
/// # Errors
/// A frozen table, a nil or NaN key.
#[inline]
pub fn set_raw(cx: Cx, table: &Table, key: Value, value: Value) -> LuaResult<()> {
    if table.is_frozen() {
        return Err(cx.throw_text("attempt to modify Immutable table"));
    }
    table.set(key, value).map_err(|fault| match fault {
        KeyFault::Nan => cx.throw_text("table index is NaN"),
        KeyFault::Nil | KeyFault::Unknown => cx.throw_text("table index is nil"),
    })
}

/// `{}`
pub fn new_table(cx: Cx) -> Value {
    Table::new(cx)
}

/// `{a = x, b = y}`
pub fn record<const N: usize>(cx: Cx, fields: [(Value, Value); N]) -> Value {
    let value = Table::with_capacity(cx, 0, N);
    if let Some(table) = value.as_table() {
        for (name, field) in fields {
            // Literal names are never refused keys.
            let _ = table.set(name, field);
        }
    }
    value
}

/// `{x, y}`
pub fn list<const N: usize>(cx: Cx, items: [Value; N]) -> Value {
    let value = Table::with_capacity(cx, N, 0);
    append(&value, 1, items);
    value
}

/// Stores the positional items of a constructor from key `first` on.
pub fn append(table: &Value, first: i64, items: impl IntoIterator<Item = Value>) {
    if let Some(table) = table.as_table() {
        table.set_list(first, items);
    }
}

/// A global variable, nil if there is none.
///
/// # Errors
/// What an `__index` of the global table raises.
pub fn global(cx: Cx, name: &Value) -> LuaResult {
    index(cx, &cx.globals(), name)
}

/// Assigns a global variable.
///
/// # Errors
/// What a `__newindex` of the global table raises.
pub fn set_global(cx: Cx, name: &Value, value: Value) -> LuaResult<()> {
    set_index(cx, &cx.globals(), name.clone(), value)
}
