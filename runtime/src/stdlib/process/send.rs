//! `process.send`.

use super::{destination, done, failed, invalid, system};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::process::mail::Item;
use crate::process::pid::Pid;
use crate::process::signal::Signal;
use crate::process::system::Failure;
use crate::process::task::{host_operation, may_operate_now};
use crate::process::topic::Topic;
use crate::results::Multi;
use crate::sched::Identity;
use crate::stdlib::args;
use crate::string::LuaStr;
use crate::transfer::Graph;
use crate::value::Value;

/// `process.send(destination, topic, ...)`
///
/// # Errors
/// A destination or topic that is no text.
pub async fn send(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    if sends_at_once(cx, args)? {
        return Ok(done(cx));
    }
    if args.len() < 2 {
        return Ok(invalid(cx, "send requires at least destination and topic arguments"));
    }
    args::string(cx, args, 1, "send")?;
    let topic = topic(cx, args, 2, "send")?;
    if topic.is_internal() {
        return Ok(invalid(cx, "cannot send to @ topics"));
    }
    host_operation(cx).await?;
    let to = match destination(cx, args, "send")? {
        Ok(to) => to,
        Err(failure) => return Ok(failed(cx, failure)),
    };
    let payload = Graph::copy_spending(cx, args.get(2..).unwrap_or_default())?;
    Ok(match deliver(cx, to, topic, payload)? {
        Ok(()) => done(cx),
        Err(failure) => failed(cx, failure),
    })
}

/// Sends what most sends are: a topic of the program's text to a PID that carries its identity, by a
/// task that is alone. False if it is another case, or the message cannot be delivered: nothing has
/// happened then.
///
/// # Errors
/// The process is being ended.
#[inline]
fn sends_at_once(cx: Cx, args: &[Value]) -> LuaResult<bool> {
    let [to, topic, payload @ ..] = args else { return Ok(false) };
    let state = cx.process();
    let (Some(topic), Some(system)) = (topic.as_static_str().map(Topic::Literal), &state.system) else {
        return Ok(false);
    };
    let Some(to) = to.as_lua_str().and_then(LuaStr::identity).map(Identity::from_bits) else {
        return Ok(false);
    };
    if topic.is_internal() || to == state.identity() || !cx.may_suspend() || !may_operate_now(cx) {
        return Ok(false);
    }
    let payload = Graph::copy_spending(cx, payload)?;
    Ok(system.deliver(to, || Signal::Message { from: Some(state.pid()), topic, payload }))
}

/// A topic argument.
pub(crate) fn topic(cx: Cx, args: &[Value], position: usize, function: &'static str) -> LuaResult<Topic> {
    let bytes = args::string(cx, args, position, function)?;
    let value = args::get(args, position).cloned().unwrap_or_default();
    Ok(Topic::of(&value, &bytes))
}

/// Puts a message from this process into the mailbox of another, or its own.
pub(crate) fn deliver(cx: Cx, to: Pid, topic: Topic, payload: Graph) -> LuaResult<Result<(), Failure>> {
    let (state, system) = (cx.process(), system(cx)?);
    let from = Some(state.pid());
    if to.identity == state.identity() {
        if let Err(failure) = system.count_message(to.identity) {
            return Ok(Err(failure));
        }
        // Read at once: the mailbox is looked at between operations, and this is one.
        state.mail.post(Item::new(topic, from, payload.into_values(cx)));
        return Ok(Ok(()));
    }
    Ok(system.message(to.identity, Signal::Message { from, topic, payload }))
}
