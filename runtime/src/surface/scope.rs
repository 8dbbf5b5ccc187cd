//! `local x <close>`: the statements behind it run as a unit, and however they end, `__close` runs.

use crate::cx::Cx;
use crate::error::{AtResult, LuaResult, Site};
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
    call::call(cx, &handler, &[value.clone(), error.clone()]).at(cx, site)?;
    ended.ok_or_else(|| cx.throw(error))
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
    super::call_async(cx, &handler, &[value.clone(), error.clone()], site).await?;
    ended.ok_or_else(|| cx.throw(error))
}

/// The end of the statements, or the error that ended them.
fn taken<T>(cx: Cx, ended: LuaResult<Scope<T>>) -> (Option<Scope<T>>, Value) {
    match ended {
        Ok(ended) => (Some(ended), Value::NIL),
        Err(thrown) => (None, cx.catch(thrown)),
    }
}
