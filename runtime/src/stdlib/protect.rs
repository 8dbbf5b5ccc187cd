//! `pcall` and `xpcall`: each in a plain form and in one that may suspend, because a protected call
//! suspends exactly where the function it is given does.

use crate::cx::Cx;
use crate::error::{Exhausted, LuaResult};
use crate::function::{BoxFuture, Entry, FunctionDef};
use crate::ops::call;
use crate::results::Multi;
use crate::stdlib::args;
use crate::value::Value;

/// `pcall` as a value.
pub static PCALL: FunctionDef = FunctionDef {
    name: "pcall",
    chunk: "[native]",
    line: 0,
    entry: Entry::Dual {
        plain: |cx, _, args| pcall_plain(cx, args),
        start: |cx, _, args| BoxFuture::new(async move { pcall(cx, &args).await }),
        suspends: |cx, args| callee_suspends(cx, args, 1),
    },
    getter: None,
};

/// `xpcall` as a value.
pub static XPCALL: FunctionDef = FunctionDef {
    name: "xpcall",
    chunk: "[native]",
    line: 0,
    entry: Entry::Dual {
        plain: |cx, _, args| xpcall_plain(cx, args),
        start: |cx, _, args| BoxFuture::new(async move { xpcall(cx, &args).await }),
        suspends: |cx, args| {
            callee_suspends(cx, args, 2)
                || args.get(1).is_some_and(|handler| call::may_suspend(cx, handler, &[]))
        },
    },
    getter: None,
};

fn callee_suspends(cx: Cx, args: &[Value], skipped: usize) -> bool {
    let passed = args.get(skipped..).unwrap_or_default();
    args.first().is_some_and(|callee| call::may_suspend(cx, callee, passed))
}

/// `pcall(f, ...)`; blocking operations pass through.
///
/// # Errors
/// Only `value expected`.
pub async fn pcall(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    // What it calls is not where the last call was.
    cx.forget_location();
    let callee = args::any(cx, args, 1, "pcall")?;
    let passed = args.get(1..).unwrap_or_default();
    protected(cx, call::callback_async(cx, callee, passed).await)
}

/// `pcall(f, ...)` of a function that does not suspend.
///
/// # Errors
/// Only `value expected`.
pub fn pcall_plain(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let callee = args::any(cx, args, 1, "pcall")?;
    let passed = args.get(1..).unwrap_or_default();
    protected(cx, call::callback(cx, callee, passed))
}

fn protected(cx: Cx, result: LuaResult<Multi>) -> LuaResult<Multi> {
    match result {
        Ok(results) => Ok(succeeded(cx, results)),
        // The process or the coroutine is being ended: nothing protects from that.
        Err(thrown) if cx.is_dying() || cx.is_closing() => Err(thrown),
        Err(thrown) => {
            let error = cx.catch(thrown);
            Ok(failed(cx, error))
        }
    }
}

fn failed(cx: Cx, error: Value) -> Multi {
    Multi::pair(cx, Value::FALSE, error)
}

fn succeeded(cx: Cx, results: Multi) -> Multi {
    results.behind(cx, Value::TRUE)
}

/// So often a handler of a script may fail and be asked about its own failure. In an application a handler
/// that fails leaves the error as it was.
const HANDLER_LIMIT: usize = 100;

/// `xpcall(f, handler, ...)`
///
/// # Errors
/// A handler that is no function.
pub async fn xpcall(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    cx.forget_location();
    let (callee, handler, passed) = xpcall_args(cx, args)?;
    let mut result = call::callback_async(cx, &callee, passed).await;
    let mut first = Value::NIL;
    for attempt in 0.. {
        let Err(thrown) = result else { return Ok(outcome(cx, result, attempt)) };
        if cx.is_dying() || cx.is_closing() {
            return Err(thrown);
        }
        let error = cx.catch(thrown);
        if cx.exhausted() == Some(Exhausted::Memory) {
            return Ok(failed(cx, error));
        }
        if is_hopeless(cx, attempt) {
            break;
        }
        if attempt > 0 && !cx.is_script() {
            return Ok(failed(cx, first));
        }
        first = error.clone();
        result = call::callback_async(cx, handler, &[error]).await;
    }
    Ok(hopeless(cx))
}

/// `xpcall(f, handler, ...)` of functions that do not suspend.
///
/// # Errors
/// A handler that is no function.
pub fn xpcall_plain(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let (callee, handler, passed) = xpcall_args(cx, args)?;
    let mut result = call::callback(cx, &callee, passed);
    let mut first = Value::NIL;
    for attempt in 0.. {
        let Err(thrown) = result else { return Ok(outcome(cx, result, attempt)) };
        if cx.is_dying() || cx.is_closing() {
            return Err(thrown);
        }
        let error = cx.catch(thrown);
        if cx.exhausted() == Some(Exhausted::Memory) {
            return Ok(failed(cx, error));
        }
        if is_hopeless(cx, attempt) {
            break;
        }
        if attempt > 0 && !cx.is_script() {
            return Ok(failed(cx, first));
        }
        first = error.clone();
        result = call::callback(cx, handler, &[error]);
    }
    Ok(hopeless(cx))
}

fn xpcall_args(cx: Cx, args: &[Value]) -> LuaResult<(Value, &Value, &[Value])> {
    let handler = args::function(cx, args, 2, "xpcall")?;
    Ok((args.first().cloned().unwrap_or_default(), handler, args.get(2..).unwrap_or_default()))
}

/// The results of the function itself (attempt 0), or `false` and the first result of its handler.
fn outcome(cx: Cx, result: LuaResult<Multi>, attempt: usize) -> Multi {
    match result {
        Ok(results) if attempt == 0 => succeeded(cx, results),
        Ok(results) => failed(cx, results.first()),
        Err(_) => hopeless(cx),
    }
}

/// Whether to ask a handler no more: it has failed too often, or used up the stack, which takes long and
/// would happen again.
fn is_hopeless(cx: Cx, attempt: usize) -> bool {
    let is_used_up = cx.exhausted() == Some(Exhausted::Stack);
    attempt == HANDLER_LIMIT || (attempt > 0 && cx.is_script() && is_used_up)
}

fn hopeless(cx: Cx) -> Multi {
    Multi::from_values(cx, [Value::FALSE, Value::string("error in error handling")])
}
