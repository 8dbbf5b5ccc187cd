//! Tail calls. `return f(x)` calls like any other call until tail calls have taken their share of the stack;
//! then it *bounces*: callee and arguments go back, as an error does, to the call that the chain of tail calls
//! began with, which goes on from there. So a loop of them lives in constant memory.

use crate::cx::Cx;
use crate::error::{Fault, LuaResult, Site, Thrown};
use crate::function::{Entry, FunctionDef};
use crate::ops::call::{METHOD, Started, call, call_async, not_callable, prepend, start, with_receiver};
use crate::ops::event::{Event, metamethod};
use crate::ops::field;
use crate::results::{Args, Multi};
use crate::table::Key;
use crate::value::Value;

/// So many tail awaits may be nested in boxes before one bounces.
const TAIL_AWAIT_LIMIT: u16 = 200;
/// With more arguments a tail call bounces at once: each level keeps its list.
const FEW_ARGUMENTS: usize = 64;
/// With more arguments it raises: a chain whose list grows without end would fill the memory. It is what
/// PUC Lua has room for.
const ARGUMENT_LIMIT: usize = 500_000;

/// Runs the tail call an error may stand for: for callers that are no call site.
///
/// # Errors
/// What the tail call raises.
#[inline]
pub fn settle(cx: Cx, result: LuaResult<Multi>) -> LuaResult<Multi> {
    match result {
        Ok(results) => Ok(results),
        Err(thrown) => resume(cx, thrown),
    }
}

/// Runs the tail call that unwound to here, and those that follow.
#[cold]
pub(crate) fn resume(cx: Cx, thrown: Thrown) -> LuaResult<Multi> {
    let mut result = Err(thrown);
    while result.is_err() {
        let Some((callee, args)) = cx.take_tail_call() else { break };
        result = cx.with_tail_span(|| call(cx, &callee, &args));
    }
    result
}

/// As [`settle`], where the tail call may suspend.
///
/// # Errors
/// What the tail call raises.
pub async fn settle_async(cx: Cx, mut result: LuaResult<Multi>) -> LuaResult<Multi> {
    while result.is_err() {
        let Some((callee, args)) = cx.take_tail_call() else { break };
        result = match cx.with_tail_span(|| start(cx, &callee, &args)) {
            Ok(Started::Done(results)) => Ok(results),
            Ok(Started::Waiting(future)) => future.await,
            Err(thrown) => Err(thrown),
        };
    }
    result
}

/// `return callee(args)` in a plain function: an ordinary call while the stack lasts, then a bounce.
///
/// # Errors
/// As [`call`], placed at `site`; or the pending tail call, which the next site runs.
pub fn tail_call(cx: Cx, callee: &Value, args: &[Value], site: &'static Site) -> LuaResult<Multi> {
    cx.set_location(site);
    if must_bounce(cx, args) && may_bounce(cx, callee) {
        return Err(bounce(cx, callee, args, site));
    }
    call(cx, callee, args).map_err(|thrown| leave_tail_call(cx, callee, thrown, site))
}

/// `return callee(args)` in a function that may suspend.
///
/// # Errors
/// As [`tail_call`].
pub async fn tail_call_async(
    cx: Cx,
    callee: &Value,
    args: &[Value],
    site: &'static Site,
) -> LuaResult<Multi> {
    cx.set_location(site);
    match callee.function_def().map(|def| def.entry) {
        Some(Entry::Async(start)) => {
            let Some(_depth) = cx.enter_tail_await(TAIL_AWAIT_LIMIT) else {
                return Err(bounce(cx, callee, args, site));
            };
            if must_bounce(cx, args) {
                return Err(bounce(cx, callee, args, site));
            }
            let result = start(cx, callee.clone(), Args::from(args)).await;
            result.map_err(|thrown| leave_tail_call(cx, callee, thrown, site))
        }
        Some(Entry::Plain(_)) => tail_call(cx, callee, args, site),
        None if calls_async(cx, callee) => Err(bounce(cx, callee, args, site)),
        Some(Entry::Dual { .. }) | None => {
            let result = call_async(cx, callee, args).await;
            result.map_err(|thrown| leave_tail_call(cx, callee, thrown, site))
        }
    }
}

/// Whether `__call` of a value is a function that may suspend: awaiting it here would grow the stack.
#[cold]
fn calls_async(cx: Cx, callee: &Value) -> bool {
    let handler = metamethod(cx, callee, Event::Call);
    handler.function_def().is_some_and(|def| matches!(def.entry, Entry::Async(_)))
}

/// A Lua function that was tail-called has replaced its caller's frame: an error level does not
/// count this site. Everything else is placed here.
#[cold]
fn leave_tail_call(cx: Cx, callee: &Value, thrown: Thrown, site: &'static Site) -> Thrown {
    if is_native(callee) || callee.function_def().is_none() {
        return cx.place(site);
    }
    cx.pass(thrown, site)
}

/// `return receiver:name(args)` in a plain function.
///
/// # Errors
/// As [`tail_call`], and what indexing the receiver raises.
pub fn tail_call_method(
    cx: Cx,
    receiver: &Value,
    name: &'static Key,
    args: &[Value],
    site: &'static Site,
) -> LuaResult<Multi> {
    let method = field::get_method(cx, receiver, name).map_err(|_| cx.place(site))?;
    tail_call_bound(cx, receiver, &method, args, site)
}

/// `return receiver:name(args)` in a function that may suspend.
///
/// # Errors
/// As [`tail_call_method`].
pub async fn tail_call_method_async(
    cx: Cx,
    receiver: &Value,
    name: &'static Key,
    args: &[Value],
    site: &'static Site,
) -> LuaResult<Multi> {
    let method = field::get_method_async(cx, receiver, name).await.map_err(|_| cx.place(site))?;
    tail_call_bound_async(cx, receiver, &method, args, site).await
}

/// Says what the method is called if it cannot be: behind a tail call nobody knows.
fn must_be_callable(cx: Cx, method: &Value, site: &'static Site) -> LuaResult<()> {
    if method.function_def().is_none() && metamethod(cx, method, Event::Call).is_nil() {
        let thrown = not_callable(cx, method);
        cx.blame(thrown, METHOD);
        return Err(cx.place(site));
    }
    Ok(())
}

/// As [`tail_call_method`], of a method that was looked up before.
///
/// # Errors
/// As [`tail_call`].
pub fn tail_call_bound(
    cx: Cx,
    receiver: &Value,
    method: &Value,
    args: &[Value],
    site: &'static Site,
) -> LuaResult<Multi> {
    cx.set_location(site);
    must_be_callable(cx, method, site)?;
    with_receiver(receiver, args, |args| tail_call(cx, method, args, site))
}

/// As [`tail_call_method_async`], of a method that was looked up before.
///
/// # Errors
/// As [`tail_call`].
pub async fn tail_call_bound_async(
    cx: Cx,
    receiver: &Value,
    method: &Value,
    args: &[Value],
    site: &'static Site,
) -> LuaResult<Multi> {
    cx.set_location(site);
    must_be_callable(cx, method, site)?;
    tail_call_async(cx, method, &prepend(receiver, args), site).await
}

/// Whether one more level of tail calls would cost too much.
#[inline]
fn must_bounce(cx: Cx, args: &[Value]) -> bool {
    cx.is_tail_deep() || args.len() > FEW_ARGUMENTS
}

/// A native function takes no more stack, and what cannot be called is known at its site alone.
#[cold]
fn may_bounce(cx: Cx, callee: &Value) -> bool {
    match callee.function_def() {
        Some(def) => !def.is_native(),
        None => metamethod(cx, callee, Event::Call).function_def().is_some(),
    }
}

#[cold]
fn bounce(cx: Cx, callee: &Value, args: &[Value], site: &'static Site) -> Thrown {
    if args.len() > ARGUMENT_LIMIT {
        cx.throw_overflow("stack overflow");
        return cx.place(site);
    }
    cx.throw_fault(Fault::TailCall(Box::new((callee.clone(), Args::from(args)))))
}

#[inline]
fn is_native(callee: &Value) -> bool {
    callee.function_def().is_some_and(FunctionDef::is_native)
}
