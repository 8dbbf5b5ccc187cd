//! `local x <close>`: the statements behind it run as a unit, and however they end, `__close` runs.

use crate::cx::Cx;
use crate::error::{AtResult, Fault, LuaResult, Site};
use crate::ops::{Event, call, metamethod};
use crate::value::Value;

/// How the statements behind a variable that is to be closed ended.
pub enum Scope<T> {
    /// At their end.
    Ends,
    /// By `return`.
    Returns(T),
    /// By jump number `.0` out of them.
    Jumps(u8),
}

/// Refuses a value that cannot be closed when its variable goes.
///
/// # Errors
/// `variable 'name' got a non-closable value`
pub fn closable(cx: Cx, value: &Value, name: &str, site: &'static Site) -> LuaResult<()> {
    if !value.truthy() || !metamethod(cx, value, Event::Close).is_nil() {
        return Ok(());
    }
    Err(cx.throw_text(format!("variable '{name}' got a non-closable value"))).at(cx, site)
}

/// Closes `value` behind its statements. An error of theirs goes to `__close` and then on, unless
/// `__close` raises another.
///
/// # Errors
/// That of the statements, or of `__close`.
pub fn close<T>(
    cx: Cx,
    value: &Value,
    ended: LuaResult<Scope<T>>,
    site: &'static Site,
) -> LuaResult<Scope<T>> {
    let handler = metamethod(cx, value, Event::Close);
    // A process that is being ended runs nothing more.
    if handler.is_nil() || cx.is_dying() {
        return ended;
    }
    let (ended, error) = taken(cx, ended);
    let closed = call::call(cx, &handler, &[value.clone(), error.value()]).at(cx, site);
    finish(cx, ended, error, closed.map(drop))
}

/// As [`close`], where `__close` may suspend.
///
/// # Errors
/// As [`close`].
pub async fn close_async<T>(
    cx: Cx,
    value: &Value,
    ended: LuaResult<Scope<T>>,
    site: &'static Site,
) -> LuaResult<Scope<T>> {
    let handler = metamethod(cx, value, Event::Close);
    if handler.is_nil() || cx.is_dying() {
        return ended;
    }
    let (ended, error) = taken(cx, ended);
    let closed = super::call_async(cx, &handler, &[value.clone(), error.value()], site).await;
    finish(cx, ended, error, closed.map(drop))
}

/// What ended the statements, if it was no end of their own.
enum Ended {
    /// Nothing, or this error.
    Error(Value),
    /// `coroutine.close`, and what closing another variable raised.
    Closing(Option<Value>),
}

impl Ended {
    /// What `__close` is told.
    fn value(&self) -> Value {
        match self {
            Ended::Error(error) => error.clone(),
            Ended::Closing(error) => error.clone().unwrap_or_default(),
        }
    }
}

/// The end of the statements, or the error that ended them.
fn taken<T>(cx: Cx, ended: LuaResult<Scope<T>>) -> (Option<Scope<T>>, Ended) {
    match ended {
        Ok(ended) => (Some(ended), Ended::Error(Value::NIL)),
        Err(thrown) => match cx.take_closing() {
            Some(error) => (None, Ended::Closing(error)),
            None => (None, Ended::Error(cx.catch(thrown))),
        },
    }
}

/// Goes on as the statements ended, or with the error of `__close`; a coroutine that is being closed
/// stays so.
fn finish<T>(cx: Cx, ended: Option<Scope<T>>, error: Ended, closed: LuaResult<()>) -> LuaResult<Scope<T>> {
    match (error, closed) {
        (Ended::Error(error), Ok(())) => ended.ok_or_else(|| cx.throw(error)),
        (Ended::Error(_), Err(thrown)) => Err(thrown),
        (Ended::Closing(error), Ok(())) => Err(cx.throw_fault(Fault::Closing(error))),
        (Ended::Closing(_), Err(thrown)) => {
            let error = cx.catch(thrown);
            Err(cx.throw_fault(Fault::Closing(Some(error))))
        }
    }
}
