//! Reading and writing fields, with `__index` and `__newindex`; making tables; globals.

use crate::cx::Cx;
use crate::error::{Fault, LuaResult, NAMELESS, Thrown};
use crate::ops::{Event, call, metamethod, type_name};
use crate::table::{KeyFault, Table};
use crate::userdata::UserDataBox;
use crate::value::{Tag, Value};

/// So many `__index` or `__newindex` steps are followed.
const CHAIN_LIMIT: usize = 2000;

/// `object[key]`
///
/// # Errors
/// `attempt to index a TYPE value`, and what an `__index` function raises.
#[inline]
pub fn index(cx: Cx, object: &Value, key: &Value) -> LuaResult {
    match quick_index(object, key) {
        Some(value) => Ok(value),
        None => index_table(cx, object, key),
    }
}

/// An element of the array part. `None` is everything else.
#[inline(always)]
pub fn quick_index(object: &Value, key: &Value) -> Option<Value> {
    if object.tag() != Tag::Table {
        return None;
    }
    // SAFETY: just looked.
    let value = unsafe { object.known_table() }.element(key.as_int()?)?;
    (!value.is_nil()).then(|| value.duplicate())
}

/// Replaces an element of the array part of a table without metatable. Gives the value back if that is
/// not what it would be.
#[inline(always)]
pub fn quick_set_index(object: &Value, key: &Value, value: Value) -> Result<(), Value> {
    if object.tag() != Tag::Table || key.tag() != Tag::Integer {
        return Err(value);
    }
    // SAFETY: just looked.
    let table = unsafe { object.known_table() };
    if table.has_metatable() | table.is_frozen() {
        return Err(value);
    }
    table.replace_element(key.raw_bits().cast_signed(), value)?.done();
    Ok(())
}

#[inline(never)]
fn index_table(cx: Cx, object: &Value, key: &Value) -> LuaResult {
    if let Some(table) = object.as_table() {
        let value = table.get(key);
        if !value.is_nil() || !table.may_delegate(Event::Index) {
            return Ok(value);
        }
    }
    index_slow(cx, object, key)
}

fn index_slow(cx: Cx, object: &Value, key: &Value) -> LuaResult {
    match find(cx, object, key)? {
        Found::Value(value) => Ok(value),
        Found::Handler { handler, object } => {
            call::call_metamethod(cx, &handler, &[object, key.clone()], Event::Index)
        }
    }
}

/// As [`index`], where an `__index` function may suspend.
///
/// # Errors
/// As [`index`].
pub async fn index_async(cx: Cx, object: &Value, key: &Value) -> LuaResult {
    match find(cx, object, key)? {
        Found::Value(value) => Ok(value),
        Found::Handler { handler, object } => {
            call::call_metamethod_async(cx, &handler, &[object, key.clone()], Event::Index).await
        }
    }
}

/// Where a look-up ends: at a value, or at a function to ask.
pub(super) enum Found {
    Value(Value),
    Handler { handler: Value, object: Value },
}

/// Follows the `__index` chain up to a value or a function.
pub(super) fn find(cx: Cx, object: &Value, key: &Value) -> LuaResult<Found> {
    let mut object = object.clone();
    for step in 0..CHAIN_LIMIT {
        let handler = match object.tag() {
            Tag::Table => {
                let value = object.as_table().map(|table| table.get(key)).unwrap_or_default();
                if !value.is_nil() {
                    return Ok(Found::Value(value));
                }
                let handler = metamethod(cx, &object, Event::Index);
                if handler.is_nil() {
                    return Ok(Found::Value(value));
                }
                handler
            }
            Tag::String | Tag::StaticString => {
                let metatable = cx.string_metatable();
                match metatable.as_table() {
                    None => return Ok(Found::Value(crate::stdlib::string::STRING.get_value(cx, key))),
                    Some(metatable) => match metatable.get_str(Event::Index.key()) {
                        handler if handler.is_nil() => return Err(not_indexable(cx, &object, step)),
                        handler => handler,
                    },
                }
            }
            Tag::Module => {
                return Ok(Found::Value(
                    object.as_module().map_or(Value::NIL, |module| module.get_value(cx, key)),
                ));
            }
            Tag::UserData => {
                let own = object.as_userdata();
                if own.and_then(|own| own.body().metatable(cx)).is_none() {
                    let methods = own.map(UserDataBox::methods);
                    return Ok(Found::Value(
                        methods.map_or(Value::NIL, |methods| methods.get_value(cx, key)),
                    ));
                }
                match metamethod(cx, &object, Event::Index) {
                    handler if handler.is_nil() => return Err(not_indexable(cx, &object, step)),
                    handler => handler,
                }
            }
            Tag::Facet => {
                return Ok(Found::Value(
                    object.host_methods().map_or(Value::NIL, |own| own.get_value(cx, key)),
                ));
            }
            _ => return Err(not_indexable(cx, &object, step)),
        };
        if handler.function_def().is_some() {
            return Ok(Found::Handler { handler, object });
        }
        object = handler;
    }
    Err(cx.throw_text("'__index' chain too long; possible loop"))
}

/// Only the object at the start of a chain has a name at the call site.
#[cold]
fn not_indexable(cx: Cx, object: &Value, step: usize) -> Thrown {
    let before = format!("attempt to index a {} value", type_name(cx, object));
    let operand = if step == 0 { 0 } else { NAMELESS };
    cx.throw_fault(Fault::Operand { before, after: "", operand })
}

/// `object[key] = value`
///
/// # Errors
/// Not indexable, frozen, a nil or NaN key, and what a `__newindex` function raises.
#[inline(always)]
pub fn set_index(cx: Cx, object: &Value, key: Value, value: Value) -> LuaResult<()> {
    if let (Some(table), Some(integer)) = (object.as_table(), key.as_int())
        && !table.has_metatable()
        && !table.is_frozen()
    {
        match table.replace_element(integer, value) {
            Ok(old) => {
                old.done();
                return Ok(());
            }
            Err(back) => {
                let is_stored = table.set_int_elsewhere(integer, back);
                return if is_stored { Ok(()) } else { Err(cx.throw_no_memory()) };
            }
        }
    }
    set_index_table(cx, object, key, value)
}

#[inline(never)]
fn set_index_table(cx: Cx, object: &Value, key: Value, value: Value) -> LuaResult<()> {
    match object.as_table() {
        Some(table) if table.takes_new_fields() => set_raw(cx, table, key, value),
        _ => set_index_slow(cx, object, key, value),
    }
}

fn set_index_slow(cx: Cx, object: &Value, key: Value, value: Value) -> LuaResult<()> {
    match store(cx, object, key, value)? {
        None => Ok(()),
        Some((handler, args)) => call::call_metamethod(cx, &handler, &args, Event::NewIndex).map(drop),
    }
}

/// As [`set_index`], where a `__newindex` function may suspend.
///
/// # Errors
/// As [`set_index`].
pub async fn set_index_async(cx: Cx, object: &Value, key: Value, value: Value) -> LuaResult<()> {
    match store(cx, object, key, value)? {
        None => Ok(()),
        Some((handler, args)) => {
            call::call_metamethod_async(cx, &handler, &args, Event::NewIndex).await.map(drop)
        }
    }
}

/// Follows the `__newindex` chain and stores; or gives back the function to call with its arguments.
fn store(cx: Cx, object: &Value, key: Value, value: Value) -> LuaResult<Option<(Value, [Value; 3])>> {
    let mut object = object.clone();
    for step in 0..CHAIN_LIMIT {
        let handler = match object.tag() {
            Tag::Table => {
                let Some(table) = object.as_table() else { return Ok(None) };
                let handler = metamethod(cx, &object, Event::NewIndex);
                if handler.is_nil() || !table.get(&key).is_nil() {
                    return set_raw(cx, table, key, value).map(|()| None);
                }
                handler
            }
            Tag::Module => return Err(cx.throw_text("attempt to modify Immutable table")),
            _ => match metamethod(cx, &object, Event::NewIndex) {
                handler if handler.is_nil() => return Err(not_indexable(cx, &object, step)),
                handler => handler,
            },
        };
        if handler.function_def().is_some() {
            return Ok(Some((handler, [object, key, value])));
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
        KeyFault::NoMemory => cx.throw_no_memory(),
        KeyFault::Nil | KeyFault::Unknown => cx.throw_text("table index is nil"),
    })
}

/// `{}`
#[inline(never)]
pub fn new_table(cx: Cx) -> Value {
    Table::new(cx)
}

/// `object.name`, for the runtime's own use.
///
/// # Errors
/// As [`index`].
pub fn field(cx: Cx, object: &Value, name: &Value) -> LuaResult {
    index(cx, object, name)
}

/// `object.name = value`, for the runtime's own use.
///
/// # Errors
/// As [`set_index`].
pub fn set_field(cx: Cx, object: &Value, name: &Value, value: Value) -> LuaResult<()> {
    set_index(cx, object, name.clone(), value)
}

/// `{a = x, b = y}`, for the runtime's own use.
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
    let value = Table::new(cx);
    append(&value, 1, items);
    value
}

/// Stores the positional items of a constructor from key `first` on.
pub fn append(table: &Value, first: i64, items: impl IntoIterator<Item = Value>) {
    if let Some(table) = table.as_table() {
        table.set_list(first, items);
    }
}
