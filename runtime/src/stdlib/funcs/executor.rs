//! The executor: a builder of calls. Immutable: every method returns another one.

use super::retry::Retry;
use super::{async_with, call_with};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Module;
use crate::process::context::ContextValues;
use crate::results::Multi;
use crate::stdlib::args;
use crate::stdlib::process::spawner::context_of;
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::Value;

#[derive(Clone)]
struct Executor {
    context: ContextValues,
    retry: Retry,
}

crate::library! {
    static METHODS = "funcs.Executor" {
        "with_context" => plain with_context,
        "with_options" => plain with_options,
        "with_actor" => plain with_actor,
        "with_scope" => plain with_scope,
        "call" => async call,
        "async" => async async_,
    }
}

impl Methods for Executor {
    const METHODS: &'static Module = &METHODS;
}

impl UserData for Executor {}

/// `funcs.new()`
///
/// # Errors
/// None.
pub fn new(cx: Cx, _: &[Value]) -> LuaResult {
    let context = cx.process().context();
    Ok(UserDataBox::new(cx, Executor { context, retry: Retry::default() }))
}

fn executor(cx: Cx, args: &[Value], function: &'static str) -> LuaResult<Executor> {
    let found = args.first().and_then(Value::downcast::<Executor>);
    let found = found.ok_or_else(|| cx.throw_argument(1, function, "Executor expected"))?;
    cx.spend_copy(found.context.len())?;
    Ok(found.clone())
}

fn with_context(cx: Cx, args: &[Value]) -> LuaResult {
    let executor = executor(cx, args, "with_context")?;
    let context = executor.context.with(context_of(args::table(cx, args, 2, "with_context")?));
    Ok(UserDataBox::new(cx, Executor { context, ..executor }))
}

fn with_options(cx: Cx, args: &[Value]) -> LuaResult {
    let executor = executor(cx, args, "with_options")?;
    let retry = Retry::from_table(args::table(cx, args, 2, "with_options")?);
    Ok(UserDataBox::new(cx, Executor { retry, ..executor }))
}

// There is no security subsystem, so no value is an actor or a scope.

fn with_actor(cx: Cx, args: &[Value]) -> LuaResult {
    executor(cx, args, "with_actor")?;
    let is_nil = args.get(1).is_none_or(Value::is_nil);
    Err(cx.throw_argument(2, "with_actor", if is_nil { "actor cannot be nil" } else { "Actor expected" }))
}

fn with_scope(cx: Cx, args: &[Value]) -> LuaResult {
    executor(cx, args, "with_scope")?;
    let is_nil = args.get(1).is_none_or(Value::is_nil);
    Err(cx.throw_argument(2, "with_scope", if is_nil { "scope cannot be nil" } else { "Scope expected" }))
}

async fn call(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let Executor { context, retry } = executor(cx, args, "call")?;
    call_with(cx, args, 2, context, retry).await
}

async fn async_(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let Executor { context, retry } = executor(cx, args, "async")?;
    async_with(cx, args, 2, context, retry).await
}
