//! Calls of values: direct for plain functions, boxed for those that may suspend, and tail calls
//! that never grow the stack.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::cx::{Cx, Suspension};
use crate::error::{Fault, LuaResult, Site};
use crate::function::{BoxFuture, Entry};
use crate::results::{Args, Multi};
use crate::value::Value;

/// So much native stack must be left for an ordinary tail call; below that it bounces.
const TAIL_CALL_RESERVE: usize = 512 * 1024;
/// So many tail awaits may be nested in boxes before one bounces.
const TAIL_AWAIT_LIMIT: u32 = 200;

/// Calls `callee` from a function that cannot suspend. A callee that may suspend is polled once.
///
/// # Errors
/// What the callee raises; `attempt to call a TYPE value`; an attempt to suspend.
#[inline]
pub fn call(cx: Cx, callee: &Value, args: &[Value]) -> LuaResult<Multi> {
    match callee.function_def().map(|def| def.entry) {
        Some(Entry::Plain(function)) => function(cx, callee, args),
        Some(Entry::Async(start)) => poll_once(cx, start(cx, callee.clone(), Args::from(args))),
        None => {
            let (callee, args) = resolve_callable(cx, callee, args)?;
            call(cx, &callee, &args)
        }
    }
}

/// Calls `callee` from a function that may suspend.
///
/// # Errors
/// What the callee raises; `attempt to call a TYPE value`.
#[inline]
pub async fn call_async(cx: Cx, callee: &Value, args: &[Value]) -> LuaResult<Multi> {
    match callee.function_def().map(|def| def.entry) {
        Some(Entry::Plain(function)) => function(cx, callee, args),
        Some(Entry::Async(start)) => {
            cx.check_stack()?;
            start(cx, callee.clone(), Args::from(args)).await
        }
        None => {
            let (callee, args) = resolve_callable(cx, callee, args)?;
            match callee.function_def().map(|def| def.entry) {
                Some(Entry::Plain(function)) => function(cx, &callee, &args),
                Some(Entry::Async(start)) => start(cx, callee.clone(), args).await,
                None => Err(not_callable(cx, &callee)),
            }
        }
    }
}

/// `receiver:name(args)` from a function that cannot suspend.
///
/// # Errors
/// As [`call`], and what indexing the receiver raises.
pub fn call_method(cx: Cx, receiver: &Value, name: &Value, args: &[Value]) -> LuaResult<Multi> {
    let method = crate::ops::index::index(cx, receiver, name)?;
    let full = with_receiver(receiver, args);
    call_named(cx, &method, &full)
}

/// `receiver:name(args)` from a function that may suspend.
///
/// # Errors
/// As [`call_async`], and what indexing the receiver raises.
pub async fn call_method_async(cx: Cx, receiver: &Value, name: &Value, args: &[Value]) -> LuaResult<Multi> {
    let method = crate::ops::index::index(cx, receiver, name)?;
    let full = with_receiver(receiver, args);
    if method.function_def().is_none() && !is_callable(cx, &method) {
        return Err(not_callable_method(cx, &method));
    }
    call_async(cx, &method, &full).await
}

fn with_receiver(receiver: &Value, args: &[Value]) -> Args {
    let mut full = Args::with_capacity(args.len() + 1);
    full.push(receiver.clone());
    full.extend(args.iter().cloned());
    full
}

fn call_named(cx: Cx, method: &Value, args: &[Value]) -> LuaResult<Multi> {
    if method.function_def().is_none() && !is_callable(cx, method) {
        return Err(not_callable_method(cx, method));
    }
    call(cx, method, args)
}

/// `return callee(args)` in a plain function: an ordinary call while the stack lasts, then a bounce.
///
/// # Errors
/// As [`call`], placed at `site`; or the pending tail call, which the next site runs.
pub fn tail_call(cx: Cx, callee: &Value, args: &[Value], site: &'static Site) -> LuaResult<Multi> {
    let is_native = callee.function_def().is_some_and(crate::function::FunctionDef::is_native);
    if !is_native && cx.is_stack_deep(TAIL_CALL_RESERVE) {
        return Err(bounce(cx, callee, args));
    }
    call(cx, callee, args).map_err(|_| cx.place(site))
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
    let Some(Entry::Async(start)) = callee.function_def().map(|def| def.entry) else {
        return tail_call(cx, callee, args, site);
    };
    let Some(_depth) = cx.enter_tail_await(TAIL_AWAIT_LIMIT) else {
        return Err(bounce(cx, callee, args));
    };
    if cx.is_stack_deep(TAIL_CALL_RESERVE) {
        return Err(bounce(cx, callee, args));
    }
    start(cx, callee.clone(), Args::from(args)).await.map_err(|_| cx.place(site))
}

/// `return receiver:name(args)` in a plain function.
///
/// # Errors
/// As [`tail_call`], and what indexing the receiver raises.
pub fn tail_call_method(
    cx: Cx,
    receiver: &Value,
    name: &Value,
    args: &[Value],
    site: &'static Site,
) -> LuaResult<Multi> {
    let method = crate::ops::index::index(cx, receiver, name).map_err(|_| cx.place(site))?;
    if method.function_def().is_none() && !is_callable(cx, &method) {
        let _ = not_callable_method(cx, &method);
        return Err(cx.place(site));
    }
    tail_call(cx, &method, &with_receiver(receiver, args), site)
}

/// `return receiver:name(args)` in a function that may suspend.
///
/// # Errors
/// As [`tail_call_method`].
pub async fn tail_call_method_async(
    cx: Cx,
    receiver: &Value,
    name: &Value,
    args: &[Value],
    site: &'static Site,
) -> LuaResult<Multi> {
    let method = crate::ops::index::index(cx, receiver, name).map_err(|_| cx.place(site))?;
    if method.function_def().is_none() && !is_callable(cx, &method) {
        let _ = not_callable_method(cx, &method);
        return Err(cx.place(site));
    }
    tail_call_async(cx, &method, &with_receiver(receiver, args), site).await
}

#[cold]
fn bounce(cx: Cx, callee: &Value, args: &[Value]) -> crate::error::Thrown {
    cx.throw_fault(Fault::TailCall { callee: callee.clone(), args: Args::from(args) })
}

/// Finds `__call`: the function to call and the arguments with the called value in front.
#[cold]
fn resolve_callable(cx: Cx, callee: &Value, args: &[Value]) -> LuaResult<(Value, Args)> {
    let handler = crate::ops::metamethod(cx, callee, b"__call");
    if handler.function_def().is_none() {
        return Err(not_callable(cx, callee));
    }
    Ok((handler, with_receiver(callee, args)))
}

fn is_callable(cx: Cx, value: &Value) -> bool {
    crate::ops::metamethod(cx, value, b"__call").function_def().is_some()
}

#[cold]
fn not_callable(cx: Cx, callee: &Value) -> crate::error::Thrown {
    let before = format!("attempt to call a {} value", callee.type_name());
    cx.throw_fault(Fault::Operand { before, after: "", operand: 0 })
}

/// At the site of a method call, operand 0 is the receiver and operand 1 the method.
#[cold]
fn not_callable_method(cx: Cx, method: &Value) -> crate::error::Thrown {
    let before = format!("attempt to call a {} value", method.type_name());
    cx.throw_fault(Fault::Operand { before, after: "", operand: 1 })
}

/// Runs a future where nothing may suspend: what is ready is fine, and every attempt to suspend
/// inside raises at its own place.
pub fn poll_once(cx: Cx, future: BoxFuture) -> LuaResult<Multi> {
    let _guard = cx.forbid_suspension(Suspension::InCallback);
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        // Every blocking operation asks `check_suspension` first, so this is a bug of ours.
        Poll::Pending => Err(cx.throw_text(Suspension::InCallback.message())),
    }
}
