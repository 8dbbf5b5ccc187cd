//! The operations behind those of emitted code, compiled once, with the runtime: a program that only
//! calls them compiles none of their bodies.

use super::Key;
use crate::cx::Cx;
use crate::error::{AtResult, LuaResult, Site};
use crate::ops;
use crate::process::message;
use crate::results::Multi;
use crate::table::{KnownShape, Table};
use crate::value::Value;

/// Defines operators on two values.
macro_rules! binary {
    ($($name:ident $module:ident -> $result:ty;)*) => {$(
        #[inline(never)]
        pub fn $name(cx: Cx, left: &Value, right: &Value, site: &'static Site) -> LuaResult<$result> {
            ops::$module::$name(cx, left, right).at(cx, site)
        }
    )*};
}

super::binary_operators!(binary);

/// Defines operators on one value.
macro_rules! unary {
    ($($name:ident;)*) => {$(
        #[inline(never)]
        pub fn $name(cx: Cx, operand: &Value, site: &'static Site) -> LuaResult {
            ops::arithmetic::$name(cx, operand).at(cx, site)
        }
    )*};
}

super::unary_operators!(unary);

#[inline(never)]
pub fn len(cx: Cx, operand: &Value, site: &'static Site) -> LuaResult {
    ops::arithmetic::len(cx, operand).at(cx, site)
}

#[inline(never)]
pub fn index(cx: Cx, object: &Value, key: &Value, site: &'static Site) -> LuaResult {
    ops::index::index(cx, object, key).at(cx, site)
}

#[inline(never)]
pub fn raw_equal(left: &Value, right: &Value) -> bool {
    ops::compare::raw_equal(left, right)
}

#[inline(never)]
pub fn field(cx: Cx, object: &Value, name: &'static Key, site: &'static Site) -> LuaResult {
    ops::field::get(cx, object, name).at(cx, site)
}

/// Takes the values.
#[inline(never)]
pub fn record(cx: Cx, keys: &'static [Key], shape: &KnownShape, values: &mut [Value]) -> Value {
    Table::record_of(cx, shape, keys.iter(), values)
}

#[inline(never)]
pub fn set_field(
    cx: Cx,
    object: &Value,
    name: &'static Key,
    value: Value,
    site: &'static Site,
) -> LuaResult<()> {
    ops::field::set(cx, object, name, value).at(cx, site)
}

#[inline(never)]
pub fn set_index(cx: Cx, object: &Value, key: Value, value: Value, site: &'static Site) -> LuaResult<()> {
    ops::index::set_index(cx, object, key, value).at(cx, site)
}

#[inline(never)]
pub fn method(
    cx: Cx,
    receiver: &Value,
    name: &'static Key,
    args: &[Value],
    site: &'static Site,
) -> LuaResult<Multi> {
    cx.set_location(site);
    if let Some(result) = ops::call::call_host_method(cx, receiver, name, args) {
        return if result.is_ok() { result } else { result.at(cx, site) };
    }
    other_method(cx, receiver, name, args, site)
}

/// `receiver:name()`, of which one result is wanted.
#[inline(never)]
pub fn getter(cx: Cx, receiver: &Value, name: &'static Key, site: &'static Site) -> LuaResult {
    get(cx, receiver, name, site)
}

/// As [`getter`], of a receiver that is used up.
#[inline(never)]
pub fn getter_of_own(cx: Cx, receiver: Value, name: &'static Key, site: &'static Site) -> LuaResult {
    let receiver = match message::read_of_own(cx, receiver, name) {
        Ok(result) => return Ok(result),
        Err(receiver) => receiver,
    };
    let result = get(cx, &receiver, name, site);
    receiver.done();
    result
}

#[inline(always)]
fn get(cx: Cx, receiver: &Value, name: &'static Key, site: &'static Site) -> LuaResult {
    let Some(methods) = receiver.host_methods() else {
        cx.set_location(site);
        return other_method(cx, receiver, name, &[], site).map(Multi::first);
    };
    match name.known_getter_in(methods).filter(|_| !cx.is_script()) {
        None => method(cx, receiver, name, &[], site).map(Multi::first),
        Some(getter) => {
            let result = getter(cx, Some(receiver));
            if result.is_ok() { result } else { blame_getter(cx, result, site) }
        }
    }
}

#[cold]
fn blame_getter(cx: Cx, result: LuaResult, site: &'static Site) -> LuaResult {
    result.map_err(|thrown| cx.blame(thrown, ops::call::METHOD)).at(cx, site)
}

/// As [`method`], of what is no method of a host object.
#[inline(never)]
fn other_method(
    cx: Cx,
    receiver: &Value,
    name: &'static Key,
    args: &[Value],
    site: &'static Site,
) -> LuaResult<Multi> {
    ops::call::call_key(cx, receiver, name, args).at(cx, site)
}
