//! `process.send`.

use std::task::Poll;

use super::{destination, done, failed, invalid, system};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::process::item::Item;
use crate::process::pid::Pid;
use crate::process::signal::Signal;
use crate::process::system::Failure;
use crate::process::task::{Act, Operation};
use crate::process::topic::Topic;
use crate::results::Multi;
use crate::sched::{Identity, Slot};
use crate::stdlib::args;
use crate::string::LuaStr;
use crate::transfer::{Gone, Graph};
use crate::value::Value;

/// `process.send(destination, topic, ...)`
///
/// A payload that nobody else has is moved, not copied. The future fails where the destination or the
/// topic is no text.
#[inline]
pub fn send(cx: Cx, args: &mut [Value]) -> Operation<Send<'_>> {
    Operation::new(cx, Send(args))
}

/// The arguments of a send.
pub struct Send<'a>(&'a mut [Value]);

impl Act for Send<'_> {
    #[inline(never)]
    fn advance(send: &mut Operation<Self>) -> Poll<LuaResult<Multi>> {
        let attempt = attempt(send);
        send.after(attempt)
    }
}

/// The results of a send; nothing if the task must suspend once before it.
#[inline(always)]
fn attempt(send: &mut Operation<Send<'_>>) -> LuaResult<Option<Multi>> {
    let cx = send.cx;
    if !send.has_waited {
        let args = &mut *send.act.0;
        match quickly(cx, args) {
            Quick::Sent => return Ok(Some(done(cx))),
            Quick::Copies(slot, to, topic) => {
                if send_copy(cx, slot, to, topic, args.get(2..).unwrap_or_default())? {
                    return Ok(Some(done(cx)));
                }
            }
            Quick::Other => {}
        }
        if let Some(refusal) = refusal(cx, args)? {
            return Ok(Some(refusal));
        }
        if send.must_wait()? {
            return Ok(None);
        }
    }
    send_now(cx, send.act.0).map(Some)
}

/// What is wrong with the arguments of a send.
#[cold]
fn refusal(cx: Cx, args: &[Value]) -> LuaResult<Option<Multi>> {
    if args.len() < 2 {
        return Ok(Some(invalid(cx, "send requires at least destination and topic arguments")));
    }
    args::string(cx, args, 1, "send")?;
    let topic = topic(cx, args, 2, "send")?;
    Ok(topic.is_internal().then(|| invalid(cx, "cannot send to @ topics")))
}

#[inline(never)]
fn send_now(cx: Cx, args: &mut [Value]) -> LuaResult<Multi> {
    let topic = topic(cx, args, 2, "send")?;
    let to = match destination(cx, args, "send")? {
        Ok(to) => to,
        Err(failure) => return Ok(failed(cx, failure)),
    };
    let payload = Graph::take_spending(cx, args.get_mut(2..).unwrap_or_default())?;
    Ok(match deliver(cx, to, topic, payload)? {
        Ok(()) => done(cx),
        Err(failure) => failed(cx, failure),
    })
}

/// What became of a send that may be one of most.
enum Quick<'a> {
    Sent,
    /// A copy of the payload is to be sent to this receiver.
    Copies(&'a Slot, Identity, Topic),
    /// It is another case, or the message cannot be delivered: nothing has happened.
    Other,
}

/// Sends what most sends are: a topic of the program's text to a PID that carries its identity, by a
/// task that is alone.
#[inline(always)]
fn quickly<'a>(cx: Cx, args: &mut [Value]) -> Quick<'a> {
    let [to, topic, payload @ ..] = args else { return Quick::Other };
    let state = cx.process();
    let (Some(text), Some(system)) = (topic.as_static_str(), &state.system) else { return Quick::Other };
    let Some(to) = to.as_lua_str().and_then(LuaStr::identity).map(Identity::from_bits) else {
        return Quick::Other;
    };
    let topic = Topic::Literal(text);
    if topic.is_internal()
        || to == state.identity()
        || !cx.may_suspend()
        || !state.tasks.is_alone()
        || state.has_mail_in(system)
    {
        return Quick::Other;
    }
    let Some(slot) = system.receiver(to) else { return Quick::Other };
    // Each has its own way, so that most messages are made where they stay.
    if let [value] = payload
        && let Some(gone) = Gone::take(cx, value)
    {
        let is_there = system.post(slot, to, move || Signal::Message {
            from: Some(state.pid()),
            topic: Topic::Literal(text),
            payload: Graph::of_gone(gone),
        });
        return if is_there { Quick::Sent } else { Quick::Other };
    }
    Quick::Copies(slot, to, topic)
}

/// Sends a copy. False if the receiver has ended.
#[inline(never)]
fn send_copy(cx: Cx, slot: &Slot, to: Identity, topic: Topic, payload: &[Value]) -> LuaResult<bool> {
    let payload = Graph::copy_spending(cx, payload)?;
    let from = Some(cx.process().pid());
    Ok(system(cx)?.put_any(slot, to, Signal::Message { from, topic, payload }))
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
        state.mail.post(Item::new(cx, topic, from, payload.into_values(cx)));
        return Ok(Ok(()));
    }
    Ok(system.message(to.identity, Signal::Message { from, topic, payload }))
}
