//! Fields by constant names, through the caches of their keys: the way most of a program's reads and
//! writes go. What the caches do not know falls back to [`index`](super::index).

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::ops::{Event, index};
use crate::table::{Key, Method, Table};
use crate::value::{Tag, Value};

/// `object.name`
///
/// # Errors
/// As [`index::index`].
#[inline]
pub fn get(cx: Cx, object: &Value, key: &'static Key) -> LuaResult {
    if let Some(table) = object.as_table()
        && let Some(value) = table.cached(key)
        && !value.is_nil()
    {
        return Ok(value.clone());
    }
    get_slow(cx, object, key)
}

/// `object.name` where it will rather be found behind the metatable: `object:name()`.
///
/// # Errors
/// As [`index::index`].
#[inline]
pub fn get_method(cx: Cx, object: &Value, key: &'static Key) -> LuaResult {
    if let Some(table) = object.as_table()
        && let Some(value) = behind_metatable(table, key)
    {
        return Ok(value.clone());
    }
    get(cx, object, key)
}

/// What the cache knows to be behind the metatable.
#[inline]
fn behind_metatable<'a>(table: &'a Table, key: &'static Key) -> Option<&'a Value> {
    let method = key.method();
    if method.object != table.shape() {
        return None;
    }
    let metatable = table.metatable_ref().filter(|metatable| metatable.shape() == method.metatable)?;
    let class = metatable.slot(usize::from(method.index)).as_table()?;
    if class.shape() != method.class {
        return None;
    }
    Some(class.slot(usize::from(method.slot))).filter(|value| !value.is_nil())
}

#[inline(never)]
fn get_slow(cx: Cx, object: &Value, key: &'static Key) -> LuaResult {
    match object.tag() {
        Tag::Table => {
            if let Some(table) = object.as_table() {
                if let Some(value) = behind_metatable(table, key) {
                    return Ok(value.clone());
                }
                let value = table.get_key(key);
                if !value.is_nil() || !table.may_delegate(Event::Index) {
                    return Ok(value);
                }
                learn_method(table, key);
            }
        }
        Tag::String | Tag::StaticString if !cx.is_script() => {
            return Ok(crate::stdlib::string::STRING.get_str(cx, key.text()));
        }
        Tag::Module => {
            return Ok(object.as_module().map_or(Value::NIL, |module| module.get_str(cx, key.text())));
        }
        _ => {}
    }
    index::index(cx, object, &Value::static_str(key.text()))
}

/// Notes where the field is behind the metatable, if it is in the first table there and all shapes
/// are known.
fn learn_method(table: &Table, key: &'static Key) -> Option<()> {
    let metatable = table.metatable_ref()?;
    let index = metatable.find_slot(crate::table::shape::Text::literal(Event::Index.key()))?;
    let class = metatable.slot(index).as_table()?;
    let text = crate::table::shape::Text::literal(key.text());
    let slot = class.find_slot(text)?;
    if table.is_dictionary() || table.find_slot(text).is_some() {
        // A field of that name may be nil now and a value later.
        return None;
    }
    key.learn_method(Method {
        object: table.shape(),
        metatable: metatable.shape(),
        index: u8::try_from(index).ok()?,
        class: class.shape(),
        slot: u8::try_from(slot).ok()?,
    });
    Some(())
}

/// `object.name = value`
///
/// # Errors
/// As [`index::set_index`].
#[inline]
pub fn set(cx: Cx, object: &Value, key: &'static Key, value: Value) -> LuaResult<()> {
    match object.as_table() {
        Some(table) if !table.is_frozen() => match set_cached(table, key, value) {
            Ok(()) => Ok(()),
            Err(value) => set_slow(cx, object, key, value),
        },
        _ => set_slow(cx, object, key, value),
    }
}

/// Stores what the key's cache knows how to store; or gives the value back.
#[inline]
fn set_cached(table: &Table, key: &'static Key, value: Value) -> Result<(), Value> {
    match table.cached(key) {
        Some(current) if !current.is_nil() || !table.has_metatable() => {
            table.replace_cached(key, value).map(drop)
        }
        None if !value.is_nil() && table.takes_new_fields() => table.add_cached(key, value),
        _ => Err(value),
    }
}

#[inline(never)]
fn set_slow(cx: Cx, object: &Value, key: &'static Key, value: Value) -> LuaResult<()> {
    match object.as_table() {
        Some(table) if !table.is_frozen() && table.takes_new_fields() => {
            table.set_key(key, value);
            Ok(())
        }
        _ => index::set_index(cx, object, Value::static_str(key.text()), value),
    }
}

/// A global variable, nil if there is none.
///
/// # Errors
/// What an `__index` of the global table raises.
#[inline]
pub fn global(cx: Cx, key: &'static Key) -> LuaResult {
    get(cx, cx.global_table(), key)
}

/// Assigns a global variable.
///
/// # Errors
/// What a `__newindex` of the global table raises.
#[inline]
pub fn set_global(cx: Cx, key: &'static Key, value: Value) -> LuaResult<()> {
    set(cx, cx.global_table(), key, value)
}
