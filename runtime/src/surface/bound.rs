//! Methods that are looked up before their arguments run, as Lua does it: `o:m(f())`. Where the
//! arguments call nothing nobody can tell, and `method` does both at once.

use super::{Arguments, Operand};
use crate::cx::Cx;
use crate::error::{AtFuture, AtResult, LuaResult, Site};
use crate::ops;
use crate::results::Multi;
use crate::table::Key;
use crate::value::Value;

/// A method and what it will be called on.
pub struct Bound {
    receiver: Value,
    method: Value,
}

/// `receiver:name`, for a call that follows.
///
/// # Errors
/// What indexing the receiver raises.
#[inline(never)]
pub fn bound(cx: Cx, receiver: impl Operand, name: &'static Key, site: &'static Site) -> LuaResult<Bound> {
    match ops::field::get_method(cx, receiver.value(), name) {
        Ok(method) => Ok(Bound { receiver: receiver.value().clone(), method }),
        Err(_) => Err(cx.place(site)),
    }
}

/// As [`bound`], where an `__index` function may suspend.
///
/// # Errors
/// As [`bound`].
pub async fn bound_async(
    cx: Cx,
    receiver: &Value,
    name: &'static Key,
    site: &'static Site,
) -> LuaResult<Bound> {
    match ops::field::get_method_async(cx, receiver, name).await {
        Ok(method) => Ok(Bound { receiver: receiver.clone(), method }),
        Err(_) => Err(cx.place(site)),
    }
}

/// The call of which one result is wanted.
///
/// # Errors
/// As [`ops::call::call_key`].
#[inline(never)]
pub fn call_bound(cx: Cx, bound: Bound, args: impl Arguments, site: &'static Site) -> LuaResult {
    cx.set_location(site);
    ops::call::call_bound(cx, &bound.receiver, &bound.method, args.values()).at(cx, site).map(Multi::first)
}

/// The call of which every result is wanted.
///
/// # Errors
/// As [`ops::call::call_key`].
#[inline(never)]
pub fn call_bound_multi(cx: Cx, bound: Bound, args: impl Arguments, site: &'static Site) -> LuaResult<Multi> {
    cx.set_location(site);
    ops::call::call_bound(cx, &bound.receiver, &bound.method, args.values()).at(cx, site)
}

/// As [`call_bound`], of what may suspend.
///
/// # Errors
/// As [`ops::call::call_key_async`].
pub async fn call_bound_async(cx: Cx, bound: Bound, args: &[Value], site: &'static Site) -> LuaResult {
    call_bound_multi_async(cx, bound, args, site).await.map(Multi::first)
}

/// As [`call_bound_multi`], of what may suspend.
///
/// # Errors
/// As [`ops::call::call_key_async`].
pub async fn call_bound_multi_async(
    cx: Cx,
    bound: Bound,
    args: &[Value],
    site: &'static Site,
) -> LuaResult<Multi> {
    cx.set_location(site);
    ops::call::call_found(cx, &bound.receiver, &bound.method, args).at(cx, site).await
}

/// The call in tail position.
///
/// # Errors
/// As [`ops::tail::tail_call_method`].
#[inline(never)]
pub fn tail_bound(cx: Cx, bound: Bound, args: impl Arguments, site: &'static Site) -> LuaResult<Multi> {
    ops::tail::tail_call_bound(cx, &bound.receiver, &bound.method, args.values(), site)
}

/// The call in tail position, of what may suspend.
///
/// # Errors
/// As [`ops::tail::tail_call_method`].
pub async fn tail_bound_async(cx: Cx, bound: Bound, args: &[Value], site: &'static Site) -> LuaResult<Multi> {
    ops::tail::tail_call_bound_async(cx, &bound.receiver, &bound.method, args, site).await
}
