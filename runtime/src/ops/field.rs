//! Fields by constant names, through the caches of their keys: the way most of a program's reads and
//! writes go. What the caches do not know falls back to [`index`](super::index).

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::function::FunctionDef;
use crate::ops::{Event, call, index};
use crate::table::shape::Text;
use crate::table::{Chain, Key, LONGEST, Link, Table};
use crate::userdata::UserDataBox;
use crate::value::{Tag, Value};

/// `object.name`
///
/// # Errors
/// As [`index::index`].
#[inline]
pub fn get(cx: Cx, object: &Value, key: &'static Key) -> LuaResult {
    match quick_get(object, key) {
        Some(value) => Ok(value),
        None => get_slow(cx, object, key),
    }
}

/// A field of the table itself, where its key has met this shape before. `None` is everything else.
#[inline(always)]
pub fn quick_get(object: &Value, key: &'static Key) -> Option<Value> {
    if object.tag() != Tag::Table {
        return None;
    }
    // SAFETY: just looked.
    let value = unsafe { object.known_table() }.cached(key)?;
    (!value.is_nil()).then(|| value.duplicate())
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

/// What a look-up gives to those that can wait: the method, or the `__index` function that may suspend
/// and what to call it with.
pub enum Method {
    Known(Value),
    Asked(Value, [Value; 2]),
}

/// As [`get_method`], where an `__index` function may suspend.
///
/// # Errors
/// As [`index::index`].
#[inline]
pub fn find_method(cx: Cx, object: &Value, key: &'static Key) -> LuaResult<Method> {
    if let Some(table) = object.as_table() {
        if let Some(value) = behind_metatable(table, key) {
            return Ok(Method::Known(value.clone()));
        }
        if table.may_delegate(Event::Index) && table.get_key(key).is_nil() {
            return ask(cx, table, object, key);
        }
    }
    get(cx, object, key).map(Method::Known)
}

#[inline(never)]
fn ask(cx: Cx, table: &Table, object: &Value, key: &'static Key) -> LuaResult<Method> {
    learn_chain(table, key);
    let key = Value::static_str(key.text());
    Ok(match index::find(cx, object, &key)? {
        index::Found::Value(value) => Method::Known(value),
        index::Found::Handler { handler, object }
            if handler.function_def().is_some_and(FunctionDef::is_plain) =>
        {
            Method::Known(call::call_metamethod(cx, &handler, &[object, key], Event::Index)?)
        }
        index::Found::Handler { handler, object } => Method::Asked(handler, [object, key]),
    })
}

/// As [`get_method`], for those that can wait for it.
///
/// # Errors
/// As [`index::index`].
pub async fn get_method_async(cx: Cx, object: &Value, key: &'static Key) -> LuaResult {
    match find_method(cx, object, key)? {
        Method::Known(method) => Ok(method),
        Method::Asked(handler, args) => call::call_metamethod_async(cx, &handler, &args, Event::Index).await,
    }
}

/// The method of a host object, found without asking for a metatable: only scripts give them any.
#[inline]
pub(crate) fn host_method(cx: Cx, object: &Value, key: &'static Key) -> Option<&'static FunctionDef> {
    if cx.is_script() {
        return None;
    }
    key.function_in(object.host_methods()?)
}

/// What the cache knows to be behind the metatable.
#[inline]
fn behind_metatable<'a>(table: &'a Table, key: &'static Key) -> Option<&'a Value> {
    let chain = key.chain_from(table.shape())?;
    let mut table = table;
    for link in &chain.links {
        let metatable = table.metatable_ref().filter(|metatable| metatable.shape() == link.metatable)?;
        table = metatable.slot(usize::from(link.index)).as_table()?;
        if table.shape() != link.table {
            return None;
        }
    }
    Some(table.slot(usize::from(chain.slot))).filter(|value| !value.is_nil())
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
                learn_chain(table, key);
            }
        }
        Tag::String | Tag::StaticString if !cx.is_script() => {
            return Ok(key.value_in(cx, &crate::stdlib::string::STRING));
        }
        Tag::UserData => {
            let own = object.as_userdata();
            if own.and_then(|own| own.body().metatable(cx)).is_none() {
                let methods = own.map(UserDataBox::methods);
                return Ok(methods.map_or(Value::NIL, |methods| key.value_in(cx, methods)));
            }
        }
        Tag::Module => {
            return Ok(object.as_module().map_or(Value::NIL, |module| key.value_in(cx, module)));
        }
        Tag::String | Tag::StaticString => {
            if let Some(method) = string_method(cx, key) {
                return Ok(method);
            }
        }
        _ => {}
    }
    index::index(cx, object, &Value::static_str(key.text()))
}

/// A method of strings in a script, whose metatable is a table like any other.
fn string_method(cx: Cx, key: &'static Key) -> Option<Value> {
    static INDEX: Key = Key::new(b"__index");
    let metatable = cx.string_metatable();
    let class = known(metatable.as_table()?, &INDEX);
    let method = known(class.as_table()?, key);
    (!method.is_nil()).then_some(method)
}

fn known(table: &Table, key: &'static Key) -> Value {
    table.cached(key).cloned().unwrap_or_else(|| table.get_key(key))
}

/// Notes where the field is behind the metatable, if all shapes on the way are known. A table whose
/// shape has a field of that name ends the way: it may be nil now and a value later.
fn learn_chain(object: &Table, key: &'static Key) -> Option<()> {
    let text = Text::literal(key.text());
    let mut links = Vec::new();
    let mut table = object;
    let slot = loop {
        if table.is_dictionary() || links.len() > LONGEST {
            return None;
        }
        if let Some(slot) = table.find_slot(text) {
            break slot;
        }
        let metatable = table.metatable_ref()?;
        let index = metatable.find_slot(Text::literal(Event::Index.key()))?;
        table = metatable.slot(index).as_table()?;
        let index = u8::try_from(index).ok()?;
        links.push(Link { metatable: metatable.shape(), table: table.shape(), index });
    };
    if links.is_empty() {
        return None;
    }
    key.learn_chain(Chain { object: object.shape(), links: links.into(), slot: u8::try_from(slot).ok()? });
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
