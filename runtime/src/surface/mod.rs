//! Operations as emitted code writes them: the operation of `ops`, and the place in Lua where its
//! errors belong as the last argument. `rt` exports these under their short names.
//!
//! Here they only drop what they used up; [`called`] works. They are called, not inlined: a program
//! has thousands of such places and each copy is compiled (docs/decisions/0003). What loops are made of
//! (arithmetic, comparison, indexing, reading fields) stands in [`fast`], to be inlined.

mod bound;
mod called;
mod constants;
pub mod fast;
mod operand;
mod part;
mod scope;
mod suspending;

pub use bound::{
    Bound, bound, bound_async, call_bound, call_bound_async, call_bound_multi, call_bound_multi_async,
    tail_bound, tail_bound_async,
};
pub use constants::constants;
pub use operand::{Arguments, Operand};
pub use part::Part;
pub use scope::{Scope, closable, close, close_async};
pub use suspending::*;

use crate::cx::Cx;
use crate::error::{AtResult, LuaResult, Site};
use crate::ops;
use crate::ops::calling::Call;
use crate::results::{Multi, Returns};
use crate::value::Value;

/// Keeps a variable in memory, where its drop finds it (the compiler's `lower/memory.rs`).
#[inline(always)]
pub fn in_memory<T>(variable: &T) {
    std::hint::black_box(variable);
}

/// A constant name: a field, a method, a global. Made by `key!("name")`.
pub use crate::table::{Key, Record};

/// Hands the operators on two numbers to a macro: name, module of `ops`, result.
macro_rules! binary_operators {
    ($define:ident) => {
        $define! {
            add arithmetic -> Value;
            sub arithmetic -> Value;
            mul arithmetic -> Value;
            div arithmetic -> Value;
            idiv arithmetic -> Value;
            modulo arithmetic -> Value;
            pow arithmetic -> Value;
            band arithmetic -> Value;
            bor arithmetic -> Value;
            bxor arithmetic -> Value;
            shl arithmetic -> Value;
            shr arithmetic -> Value;
            eq compare -> bool;
            ne compare -> bool;
            lt compare -> bool;
            le compare -> bool;
            gt compare -> bool;
            ge compare -> bool;
        }
    };
}
use binary_operators;

/// Hands the operators on one number to a macro.
macro_rules! unary_operators {
    ($define:ident) => {
        $define! {
            neg;
            bnot;
        }
    };
}
use unary_operators;

/// Defines the called form of operators on two values.
macro_rules! binary {
    ($($name:ident $module:ident -> $result:ty;)*) => {$(
        /// The operator, placed at `site`.
        ///
        /// # Errors
        /// As the operation of the same name in `ops`.
        #[inline(never)]
        pub fn $name(
            cx: Cx,
            left: impl Operand,
            right: impl Operand,
            site: &'static Site,
        ) -> LuaResult<$result> {
            called::$name(cx, left.value(), right.value(), site)
        }
    )*};
}

binary_operators!(binary);

/// Defines the called form of operators on one value.
macro_rules! unary {
    ($($name:ident;)*) => {$(
        /// The operator, placed at `site`.
        ///
        /// # Errors
        /// As the operation of the same name in `ops`.
        #[inline(never)]
        pub fn $name(cx: Cx, operand: impl Operand, site: &'static Site) -> LuaResult {
            called::$name(cx, operand.value(), site)
        }
    )*};
}

unary_operators!(unary);

/// `#operand`
///
/// # Errors
/// As [`ops::arithmetic::len`].
#[inline(never)]
pub fn len(cx: Cx, operand: impl Operand, site: &'static Site) -> LuaResult {
    called::len(cx, operand.value(), site)
}

/// `object[key]`
///
/// # Errors
/// As [`ops::index::index`].
#[inline(never)]
pub fn index(cx: Cx, object: impl Operand, key: impl Operand, site: &'static Site) -> LuaResult {
    called::index(cx, object.value(), key.value(), site)
}

/// Equality with a constant: no metamethod is asked.
#[inline(never)]
pub fn raw_equal(left: impl Operand, right: impl Operand) -> bool {
    called::raw_equal(left.value(), right.value())
}

/// `a .. b .. c`
///
/// # Errors
/// As [`ops::concat::concat`].
#[inline(never)]
pub fn concat(cx: Cx, values: impl Arguments, site: &'static Site) -> LuaResult {
    ops::concat::concat(cx, values.values()).at(cx, site)
}

/// `object.name`
///
/// # Errors
/// As [`ops::index::index`].
#[inline(never)]
pub fn field(cx: Cx, object: impl Operand, name: &'static Key, site: &'static Site) -> LuaResult {
    called::field(cx, object.value(), name, site)
}

/// `object.name = value`
///
/// # Errors
/// As [`ops::index::set_index`].
#[inline(never)]
pub fn set_field(
    cx: Cx,
    object: impl Operand,
    name: &'static Key,
    value: Value,
    site: &'static Site,
) -> LuaResult<()> {
    called::set_field(cx, object.value(), name, value, site)
}

/// `object[key] = value`
///
/// # Errors
/// As [`ops::index::set_index`].
#[inline(never)]
pub fn set_index(
    cx: Cx,
    object: impl Operand,
    key: Value,
    value: Value,
    site: &'static Site,
) -> LuaResult<()> {
    called::set_index(cx, object.value(), key, value, site)
}

/// A global variable.
///
/// # Errors
/// As [`ops::field::global`].
#[inline(never)]
pub fn global(cx: Cx, name: &'static Key, site: &'static Site) -> LuaResult {
    ops::field::global(cx, name).at(cx, site)
}

/// Assigns a global variable.
///
/// # Errors
/// As [`ops::field::set_global`].
#[inline(never)]
pub fn set_global(cx: Cx, name: &'static Key, value: Value, site: &'static Site) -> LuaResult<()> {
    ops::field::set_global(cx, name, value).at(cx, site)
}

/// `{a = x, b = y}`: what `record!` makes.
#[inline(never)]
pub fn record<const N: usize>(cx: Cx, record: &'static Record<N>, mut values: [Value; N]) -> Value {
    let made = called::record(cx, &record.keys, &record.shape, &mut values);
    // They have been taken.
    std::mem::forget(values);
    made
}

/// `{x, y, f()}`
pub fn list_with_rest<const N: usize>(cx: Cx, items: [Value; N], rest: Multi) -> Value {
    let table = ops::index::list(cx, items);
    let first = i64::try_from(N + 1).unwrap_or(i64::MAX);
    ops::index::append(&table, first, rest.into_args(cx));
    table
}

/// `callee(args)`, of which one result is wanted.
///
/// # Errors
/// As [`ops::call::call`].
#[inline(never)]
pub fn call(cx: Cx, callee: impl Operand, args: impl Arguments, site: &'static Site) -> LuaResult {
    cx.set_location(site);
    ops::call::call(cx, callee.value(), args.values()).at(cx, site).map(Multi::first)
}

/// `callee(args)`, of which every result is wanted.
///
/// # Errors
/// As [`ops::call::call`].
#[inline(never)]
pub fn call_multi(
    cx: Cx,
    callee: impl Operand,
    args: impl Arguments,
    site: &'static Site,
) -> LuaResult<Multi> {
    cx.set_location(site);
    ops::call::call(cx, callee.value(), args.values()).at(cx, site)
}

/// `string.format(args)`: a library function that is known.
///
/// # Errors
/// What the function raises.
#[inline(never)]
pub fn native<T: Returns>(
    cx: Cx,
    function: fn(Cx, &[Value]) -> LuaResult<T>,
    args: impl Arguments,
    site: &'static Site,
) -> LuaResult<T> {
    cx.set_location(site);
    function(cx, args.values()).at(cx, site)
}

/// As [`native`], of a function that makes an error object: the object knows this place.
///
/// # Errors
/// What the function raises.
pub fn making<T: Returns>(
    cx: Cx,
    function: fn(Cx, &[Value]) -> LuaResult<T>,
    args: impl Arguments,
    site: &'static Site,
) -> LuaResult<T> {
    cx.making(site, || function(cx, args.values())).at(cx, site)
}

/// `return callee(args)` in a plain function.
///
/// # Errors
/// As [`ops::tail::tail_call`].
#[inline(never)]
pub fn tail_call(
    cx: Cx,
    callee: impl Operand,
    args: impl Arguments,
    site: &'static Site,
) -> LuaResult<Multi> {
    ops::tail::tail_call(cx, callee.value(), args.values(), site)
}

/// As [`call`], of what may suspend.
///
/// # Errors
/// As [`ops::call::call_async`].
#[inline]
pub fn call_async<'a>(cx: Cx, callee: &'a Value, args: &'a [Value], site: &'static Site) -> Call<'a, Value> {
    Call::function(cx, callee, args, site)
}

/// As [`call_multi`], of what may suspend.
///
/// # Errors
/// As [`ops::call::call_async`].
#[inline]
pub fn call_multi_async<'a>(
    cx: Cx,
    callee: &'a Value,
    args: &'a [Value],
    site: &'static Site,
) -> Call<'a, Multi> {
    Call::function(cx, callee, args, site)
}

/// `receiver:name(args)`, of which one result is wanted.
///
/// # Errors
/// As [`ops::call::call_key`].
#[inline(never)]
pub fn method(
    cx: Cx,
    receiver: impl Operand,
    name: &'static Key,
    args: impl Arguments,
    site: &'static Site,
) -> LuaResult {
    if args.values().is_empty() {
        return receiver.get(cx, name, site);
    }
    called::method(cx, receiver.value(), name, args.values(), site).map(Multi::first)
}

/// `receiver:name(args)`, of which every result is wanted.
///
/// # Errors
/// As [`ops::call::call_key`].
#[inline(never)]
pub fn method_multi(
    cx: Cx,
    receiver: impl Operand,
    name: &'static Key,
    args: impl Arguments,
    site: &'static Site,
) -> LuaResult<Multi> {
    called::method(cx, receiver.value(), name, args.values(), site)
}

/// As [`method`], of what may suspend.
///
/// # Errors
/// As [`ops::call::call_key`].
#[inline]
pub fn method_async<'a>(
    cx: Cx,
    receiver: &'a Value,
    name: &'static Key,
    args: &'a [Value],
    site: &'static Site,
) -> Call<'a, Value> {
    Call::method(cx, receiver, name, args, site)
}

/// As [`method_multi`], of what may suspend.
///
/// # Errors
/// As [`ops::call::call_key`].
#[inline]
pub fn method_multi_async<'a>(
    cx: Cx,
    receiver: &'a Value,
    name: &'static Key,
    args: &'a [Value],
    site: &'static Site,
) -> Call<'a, Multi> {
    Call::method(cx, receiver, name, args, site)
}

/// `return receiver:name(args)`
///
/// # Errors
/// As [`ops::tail::tail_call_method`].
#[inline(never)]
pub fn tail_method(
    cx: Cx,
    receiver: impl Operand,
    name: &'static Key,
    args: impl Arguments,
    site: &'static Site,
) -> LuaResult<Multi> {
    ops::tail::tail_call_method(cx, receiver.value(), name, args.values(), site)
}

/// `return receiver:name(args)` of what may suspend.
///
/// # Errors
/// As [`ops::tail::tail_call_method`].
pub async fn tail_method_async(
    cx: Cx,
    receiver: &Value,
    name: &'static Key,
    args: &[Value],
    site: &'static Site,
) -> LuaResult<Multi> {
    ops::tail::tail_call_method_async(cx, receiver, name, args, site).await
}

/// `for i = start, limit, step do`
///
/// # Errors
/// As [`ops::iterate::numeric_for`].
#[inline]
pub fn numeric_for(
    cx: Cx,
    start: impl Operand,
    limit: impl Operand,
    step: impl Operand,
    site: &'static Site,
) -> LuaResult<ops::iterate::NumericFor> {
    ops::iterate::numeric_for(cx, start.value(), limit.value(), step.value()).at(cx, site)
}
