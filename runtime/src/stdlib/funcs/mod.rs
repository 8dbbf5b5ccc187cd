//! The `funcs` module: calls of functions, at once or by a future, and executors that carry context
//! values and retry rules.

mod executor;
mod future;
mod retry;

pub use executor::new;
pub use future::{Future, settle};

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::function::BoxFuture;
use crate::process::context::ContextValues;
use crate::process::exit::Cause;
use crate::process::external::{Completer, Interrupt};
use crate::process::function::Callee;
use crate::process::signal::{Cancel, ExitResult, Origin, Signal};
use crate::process::system::Failure;
use crate::process::task::host_operation;
use crate::results::Multi;
use crate::stdlib::process::{failed, system, text};
use crate::transfer::Graph;
use crate::value::Value;

use retry::Retry;

crate::library! {
    pub static FUNCS = "funcs" {
        "call" => async call,
        "async" => async async_,
        "new" => plain new,
    }
}

/// `funcs.call(target, ...)`
///
/// # Errors
/// A target that is no text.
pub async fn call(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let context = cx.process().context();
    call_with(cx, args, 1, context, Retry::default()).await
}

/// `funcs.async(target, ...)`
///
/// # Errors
/// A target that is no text.
pub async fn async_(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let context = cx.process().context();
    async_with(cx, args, 1, context, Retry::default()).await
}

/// The target, which is argument `position`, checked.
fn target(
    cx: Cx,
    args: &[Value],
    position: usize,
    function: &'static str,
) -> LuaResult<Result<String, Failure>> {
    let target = text(cx, args, position, function)?;
    let wrong = match target.split_once(':') {
        _ if target.is_empty() => "function ID required",
        None | Some(("", _)) => "namespace required in function ID",
        Some((_, "")) => "name required in function ID",
        Some(_) => return Ok(Ok(target)),
    };
    Ok(Err(Failure::new("Invalid", wrong)))
}

/// The call options of an entry, if the caller gave none.
fn retry_of(cx: Cx, target: &str, own: Retry) -> Retry {
    if own.is_given() {
        return own;
    }
    let entry = cx.process().system.as_ref().and_then(|system| system.entry(target));
    let meta = entry.and_then(|entry| serde_json::from_str(entry.meta).ok());
    let meta: serde_json::Value = meta.unwrap_or_default();
    meta.pointer("/options/retry").map(Retry::from_json).unwrap_or_default()
}

async fn call_with(
    cx: Cx,
    args: &[Value],
    position: usize,
    context: ContextValues,
    retry: Retry,
) -> LuaResult<Multi> {
    let target = match target(cx, args, position, "call")? {
        Ok(target) => target,
        Err(failure) => return Ok(failed(cx, failure)),
    };
    let retry = retry_of(cx, &target, retry);
    let arguments = args.get(position..).unwrap_or_default();
    match attempts(cx, &target, arguments, &context, &retry).await? {
        Ok(graph) => {
            let value = graph.into_values(cx).first();
            Ok(Multi::pair(cx, value, Value::NIL))
        }
        Err(error) => {
            let error = error.to_value(cx);
            Ok(Multi::pair(cx, Value::NIL, error))
        }
    }
}

/// Calls as often as the rule allows.
async fn attempts(
    cx: Cx,
    target: &str,
    args: &[Value],
    context: &ContextValues,
    retry: &Retry,
) -> LuaResult<ExitResult> {
    let mut attempt = 1;
    loop {
        let result = once(cx, target, args, context.clone()).await?;
        let Err(error) = &result else { return Ok(result) };
        let Some(wait) = retry.wait_after(attempt, error, system(cx)?.random()) else { return Ok(result) };
        crate::process::timers::sleep(cx, wait).await?;
        attempt += 1;
    }
}

async fn once(cx: Cx, target: &str, args: &[Value], context: ContextValues) -> LuaResult<ExitResult> {
    let system = system(cx)?;
    let graph = Graph::copy_spending(cx, args)?;
    let mut guard = Calling { cx, callee: None };
    let mut failure = None;
    let result: Option<ExitResult> = cx
        .external(Interrupt::Nothing, |caller| match system.call(target, graph, context, caller) {
            Ok(callee) => guard.callee = callee,
            Err(refused) => failure = Some(refused),
        })
        .await?;
    guard.callee = None;
    let error = |failure: Failure| Err(Box::new(failure.into_exit_error()));
    Ok(match (failure, result) {
        (Some(failure), _) => error(failure),
        (None, Some(result)) => result,
        (None, None) => error(Failure::new("Internal", "no response received")),
    })
}

/// A call under way: whoever stops waiting for it cancels it.
struct Calling {
    cx: Cx,
    callee: Option<Callee>,
}

impl Drop for Calling {
    fn drop(&mut self) {
        let Some(system) = &self.cx.process().system else { return };
        match self.callee {
            Some(Callee::Function(pid)) => {
                system.signal(pid.identity, Signal::Terminate(Cause::Canceled));
            }
            Some(Callee::Process(pid)) => {
                let from = Origin::Process(self.cx.process().pid());
                let cancel = Cancel { from, reason: b"caller context canceled".to_vec(), is_shutdown: false };
                system.signal(pid.identity, Signal::Cancel(cancel.into()));
            }
            None => {}
        }
    }
}

async fn async_with(
    cx: Cx,
    args: &[Value],
    position: usize,
    context: ContextValues,
    retry: Retry,
) -> LuaResult<Multi> {
    let target = match target(cx, args, position, "async")? {
        Ok(target) => target,
        Err(failure) => return Ok(failed(cx, failure)),
    };
    let retry = retry_of(cx, &target, retry);
    let arguments: Vec<Value> = args.get(position..).unwrap_or_default().to_vec();
    host_operation(cx).await?;
    let (number, future) = Future::start(cx);
    if retry.is_given() {
        // The attempts need somebody to wait between them: a task of this process.
        cx.process().tasks.start(BoxFuture::new(async move {
            let result = attempts(cx, &target, &arguments, &context, &retry).await?;
            settle(cx, number, result);
            Ok(Multi::none(cx))
        }));
    } else {
        let caller = Completer::for_future(cx, system(cx)?, number);
        if let Err(failure) = system(cx)?.call(&target, Graph::copy(&arguments), context, caller) {
            settle(cx, number, Err(Box::new(failure.into_exit_error())));
        }
    }
    Ok(Multi::pair(cx, future, Value::NIL))
}
