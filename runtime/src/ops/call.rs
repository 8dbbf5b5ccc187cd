//! Calls of values: direct for plain functions, boxed for those that may suspend.

use std::future::Future;
use std::mem::MaybeUninit;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::cx::{Cx, Suspension};
use crate::error::{Fault, LuaResult, Thrown};
use crate::function::{BoxFuture, Entry, PlainFunction};
use crate::ops::event::{Event, type_name};
use crate::ops::field;
use crate::ops::tail::{settle, settle_async};
use crate::results::{Args, Multi};
use crate::table::Key;
use crate::value::Value;

/// So many calls that library functions make may be nested: PUC Lua's limit. Without one, `pcall` of a
/// function that ends in `return pcall(itself)` gathers results until they fill the memory.
const CALLBACK_LIMIT: u16 = 200;

/// Calls `callee` from a function that cannot suspend. A callee that may suspend is polled once.
///
/// # Errors
/// What the callee raises; `attempt to call a TYPE value`; an attempt to suspend.
#[inline]
pub fn call(cx: Cx, callee: &Value, args: &[Value]) -> LuaResult<Multi> {
    match callee.function_def().map(|def| def.entry) {
        Some(Entry::Plain(function)) => function(cx, callee, args),
        _ => call_other(cx, callee, args),
    }
}

#[inline(never)]
fn call_other(cx: Cx, callee: &Value, args: &[Value]) -> LuaResult<Multi> {
    match callee.function_def().map(|def| def.entry) {
        Some(Entry::Plain(plain) | Entry::Dual { plain, .. }) => plain(cx, callee, args),
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
    if let Some(Entry::Plain(function)) = callee.function_def().map(|def| def.entry) {
        return function(cx, callee, args);
    }
    match start(cx, callee, args)? {
        Started::Done(result) => Ok(result),
        Started::Waiting(future) => future.await,
    }
}

/// A call that has been begun: over, or a future to wait for.
pub(crate) enum Started {
    Done(Multi),
    Waiting(BoxFuture),
}

/// Begins a call.
///
/// # Errors
/// As [`call_async`].
pub(crate) fn start(cx: Cx, callee: &Value, args: &[Value]) -> LuaResult<Started> {
    match callee.function_def().map(|def| def.entry) {
        Some(Entry::Plain(plain)) => plain(cx, callee, args).map(Started::Done),
        Some(Entry::Dual { plain, suspends, .. }) if !suspends(cx, args) => {
            plain(cx, callee, args).map(Started::Done)
        }
        Some(Entry::Dual { start, .. } | Entry::Async(start)) => {
            cx.check_stack()?;
            Ok(Started::Waiting(start(cx, callee.clone(), Args::from(args))))
        }
        None => {
            let (callee, args) = resolve_callable(cx, callee, args)?;
            start(cx, &callee, &args)
        }
    }
}

/// Whether calling `callee` may suspend, as far as the value tells.
pub fn may_suspend(cx: Cx, callee: &Value, args: &[Value]) -> bool {
    match callee.function_def().map(|def| def.entry) {
        Some(Entry::Plain(_)) => false,
        Some(Entry::Async(_)) => true,
        Some(Entry::Dual { suspends, .. }) => suspends(cx, args),
        None => match crate::ops::metamethod(cx, callee, Event::Call).function_def().map(|def| def.entry) {
            None | Some(Entry::Plain(_)) => false,
            Some(Entry::Async(_) | Entry::Dual { .. }) => true,
        },
    }
}

/// A call a library function makes: `sort`'s comparison, `gsub`'s replacement. Library functions
/// may call each other through values without end, so the stack is looked at.
///
/// # Errors
/// As [`call`], seen from inside a library function.
pub fn callback(cx: Cx, callee: &Value, args: &[Value]) -> LuaResult<Multi> {
    cx.check_stack()?;
    let Some(_level) = cx.enter_callback(CALLBACK_LIMIT) else {
        let thrown = cx.throw_overflow("C stack overflow");
        // It is the library function's: it has no position.
        return Err(cx.leave_native(thrown));
    };
    settle(cx, call(cx, callee, args)).map_err(|thrown| cx.leave_native(thrown))
}

/// As [`callback`], where the callee may suspend.
///
/// # Errors
/// As [`callback`].
pub async fn callback_async(cx: Cx, callee: &Value, args: &[Value]) -> LuaResult<Multi> {
    cx.check_stack()?;
    settle_async(cx, call_async(cx, callee, args).await).await.map_err(|thrown| cx.leave_native(thrown))
}

/// What an operator did inside a library function: its faults have no position there, as in Lua.
///
/// # Errors
/// The operator's.
#[inline]
pub fn inside<T>(cx: Cx, result: LuaResult<T>) -> LuaResult<T> {
    result.map_err(|thrown| cx.leave_native(thrown))
}

/// Calls a metamethod.
///
/// # Errors
/// As [`call`].
pub fn call_metamethod(cx: Cx, handler: &Value, args: &[Value], event: Event) -> LuaResult {
    cx.check_stack()?;
    match settle(cx, call(cx, handler, args)) {
        Ok(results) => Ok(results.first()),
        Err(thrown) => Err(cx.call_it(thrown, event.name())),
    }
}

/// Calls a metamethod from a function that may suspend.
///
/// # Errors
/// As [`call_async`].
pub async fn call_metamethod_async(cx: Cx, handler: &Value, args: &[Value], event: Event) -> LuaResult {
    cx.check_stack()?;
    match settle_async(cx, call_async(cx, handler, args).await).await {
        Ok(results) => Ok(results.first()),
        Err(thrown) => Err(cx.call_it(thrown, event.name())),
    }
}

/// The place of the method among the names of a method call's site; the receiver is the first.
pub(crate) const METHOD: usize = 1;

/// `receiver:name(args)` from a function that cannot suspend.
///
/// # Errors
/// As [`call`], and what indexing the receiver raises.
#[inline]
pub fn call_key(cx: Cx, receiver: &Value, name: &'static Key, args: &[Value]) -> LuaResult<Multi> {
    let method = field::get_method(cx, receiver, name)?;
    call_bound(cx, receiver, &method, args)
}

/// `receiver:name(args)` from a function that may suspend, for a name that is a value.
///
/// # Errors
/// As [`call_async`], and what indexing the receiver raises.
pub async fn call_method_async(cx: Cx, receiver: &Value, name: &Value, args: &[Value]) -> LuaResult<Multi> {
    let method = crate::ops::index::index(cx, receiver, name)?;
    call_found(cx, receiver, &method, args).await
}

/// Calls a method of a host object that never suspends, if this is one.
#[inline(always)]
pub(crate) fn call_host_method(
    cx: Cx,
    receiver: &Value,
    name: &'static Key,
    args: &[Value],
) -> Option<LuaResult<Multi>> {
    let def = field::host_method(cx, receiver, name)?;
    let Entry::Plain(function) = def.entry else { return None };
    let method = Value::function(def);
    let result = match args {
        [] => function(cx, &method, std::slice::from_ref(receiver)),
        args => with_arguments(cx, function, &method, receiver, args),
    };
    Some(if result.is_ok() { result } else { result.map_err(|thrown| cx.blame(thrown, METHOD)) })
}

/// Calls a method with arguments: on its own, as those without are in a hurry.
#[inline(never)]
fn with_arguments(
    cx: Cx,
    function: PlainFunction,
    method: &Value,
    receiver: &Value,
    args: &[Value],
) -> LuaResult<Multi> {
    with_receiver(receiver, args, |args| function(cx, method, args))
}

/// A method that was looked up before, from a function that cannot suspend.
///
/// # Errors
/// As [`call`].
#[inline]
pub fn call_bound(cx: Cx, receiver: &Value, method: &Value, args: &[Value]) -> LuaResult<Multi> {
    let result = with_receiver(receiver, args, |args| call(cx, method, args));
    result.map_err(|thrown| cx.blame(thrown, METHOD))
}

/// A method that was looked up before, from a function that may suspend.
///
/// # Errors
/// As [`call_async`].
pub async fn call_found(cx: Cx, receiver: &Value, method: &Value, args: &[Value]) -> LuaResult<Multi> {
    if let Some(Entry::Plain(function)) = method.function_def().map(|def| def.entry) {
        let result = with_receiver(receiver, args, |args| function(cx, method, args));
        return result.map_err(|thrown| cx.blame(thrown, METHOD));
    }
    let result = call_async(cx, method, &prepend(receiver, args)).await;
    result.map_err(|thrown| cx.blame(thrown, METHOD))
}

/// So many arguments are put behind a receiver without allocating.
const FEW: usize = 8;

/// Shows `work` the receiver and the arguments as one list, without counting them again.
#[inline]
pub(crate) fn with_receiver<R>(receiver: &Value, args: &[Value], work: impl FnOnce(&[Value]) -> R) -> R {
    if args.len() >= FEW {
        return work(&prepend(receiver, args));
    }
    let mut list = [const { MaybeUninit::<Value>::uninit() }; FEW];
    // SAFETY: copies that nobody drops, of values that live longer than `work` sees them; shared
    // references let nobody take them.
    let list = unsafe {
        let start = list.as_mut_ptr().cast::<Value>();
        std::ptr::copy_nonoverlapping(receiver, start, 1);
        std::ptr::copy_nonoverlapping(args.as_ptr(), start.add(1), args.len());
        std::slice::from_raw_parts(start, args.len() + 1)
    };
    work(list)
}

/// The receiver and the arguments as a list of their own.
pub(crate) fn prepend(receiver: &Value, args: &[Value]) -> Args {
    let mut full = Args::with_capacity(args.len() + 1);
    full.push(receiver.clone());
    full.extend(args.iter().cloned());
    full
}

/// Finds `__call`: the function to call and the arguments with the called value in front.
#[cold]
fn resolve_callable(cx: Cx, callee: &Value, args: &[Value]) -> LuaResult<(Value, Args)> {
    let handler = crate::ops::metamethod(cx, callee, Event::Call);
    if handler.function_def().is_none() {
        return Err(not_callable(cx, callee));
    }
    Ok((handler, prepend(callee, args)))
}

#[cold]
pub(crate) fn not_callable(cx: Cx, callee: &Value) -> Thrown {
    let before = format!("attempt to call a {} value", type_name(cx, callee));
    cx.throw_fault(Fault::Operand { before, after: "", operand: 0 })
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
