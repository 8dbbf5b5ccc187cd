//! The `channel` module and the methods of channels.

use std::any::Any;
use std::cell::RefCell;

use crate::channel::{Channel, Event, Offered, Received, select};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Module;
use crate::process::task::{TaskId, Wait, Wake, yield_with};
use crate::results::Multi;
use crate::stdlib::args;
use crate::table::Key;
use crate::userdata::{UserData, UserDataBox};
use crate::value::{Tag, Value};

crate::library! {
    pub static CHANNEL = "channel" {
        "new" => plain new,
        "select" => async select::select,
    }
}

pub use select::select;

crate::library! {
    static METHODS = "channel" {
        "send" => async send,
        "receive" => async receive,
        "close" => async close,
        "case_send" => plain case_send,
        "case_receive" => plain case_receive,
    }
}

impl UserData for Channel {
    fn methods(&self) -> &'static Module {
        &METHODS
    }

    fn clear(&self) {
        drop(self.buffer.take());
        drop(self.receivers.take());
        drop(self.senders.take());
        drop(self.backlog.take());
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// One case of a select: a channel, and the value to send if it is a send.
pub struct Case {
    pub channel: RefCell<Value>,
    pub send: Option<RefCell<Value>>,
}

crate::library! {
    static CASE_METHODS = "channel.case" {}
}

impl UserData for Case {
    fn methods(&self) -> &'static Module {
        &CASE_METHODS
    }

    fn clear(&self) {
        drop(self.channel.take());
        drop(self.send.as_ref().map(RefCell::take));
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `channel.new([n])`
///
/// # Errors
/// A size that is no number.
pub fn new(cx: Cx, args: &[Value]) -> LuaResult {
    let capacity = args::optional_integer(cx, args, 1, "new", 0)?.clamp(0, i64::from(u32::MAX));
    Ok(Channel::new(cx, u32::try_from(capacity).unwrap_or(0)))
}

fn channel<'a>(cx: Cx, args: &'a [Value], function: &'static str) -> LuaResult<&'a Channel> {
    let channel = args.first().and_then(Value::downcast::<Channel>);
    channel.ok_or_else(|| cx.throw_argument(1, function, "channel expected"))
}

fn case(cx: Cx, args: &[Value], function: &'static str, send: Option<Value>) -> LuaResult {
    channel(cx, args, function)?;
    let channel = RefCell::new(args.first().cloned().unwrap_or_default());
    Ok(UserDataBox::new(cx, Case { channel, send: send.map(RefCell::new) }))
}

fn case_receive(cx: Cx, args: &[Value]) -> LuaResult {
    case(cx, args, "case_receive", None)
}

fn case_send(cx: Cx, args: &[Value]) -> LuaResult {
    case(cx, args, "case_send", Some(args.get(1).cloned().unwrap_or_default()))
}

/// The running task and the one it woke, in the order they go on.
pub(crate) async fn hand_over(cx: Cx, woken: Option<TaskId>) {
    if let Some(woken) = woken {
        let own = cx.process().tasks.current.get();
        if cx.may_suspend() {
            yield_with(cx, &[own, woken]).await;
        } else {
            cx.process().tasks.wake(woken);
        }
    }
}

async fn receive(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let channel = channel(cx, args, "receive")?;
    let (value, ok) = receive_from(cx, channel).await?;
    Ok(Multi::pair(cx, value, Value::bool(ok)))
}

/// The channel that `receiver:name()` receives from, if that is what it does.
#[inline]
pub(crate) fn receiving<'a>(receiver: &'a Value, name: &Key) -> Option<&'a Channel> {
    if receiver.tag() != Tag::UserData || name.bytes() != b"receive" {
        return None;
    }
    receiver.downcast()
}

/// The next value of a channel; false with nil when it is closed.
///
/// # Errors
/// Nothing may suspend here.
pub(crate) async fn receive_from(cx: Cx, channel: &Channel) -> LuaResult<(Value, bool)> {
    match channel.take() {
        Received::Value(value, sender) => {
            if sender.is_some() {
                hand_over(cx, sender).await;
            }
            return Ok((value, true));
        }
        Received::Closed => return Ok((Value::NIL, false)),
        Received::NotReady => {}
    }
    cx.check_suspension()?;
    let ticket = cx.process().tasks.ticket();
    channel.wait_to_receive(ticket, 0);
    match Wait::new(cx, ticket).await {
        Wake::Channel(Event::Received { value, ok, .. }) => Ok((value, ok)),
        _ => Ok((Value::NIL, false)),
    }
}

async fn send(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let channel = channel(cx, args, "send")?;
    let value = args.get(1).cloned().unwrap_or_default();
    match channel.offer(value.clone()) {
        Offered::Taken(receiver) => {
            hand_over(cx, receiver).await;
            return Ok(Multi::one(cx, Value::TRUE));
        }
        Offered::Closed => return Err(cx.throw_text("send on closed channel")),
        Offered::NotReady => {}
    }
    cx.check_suspension()?;
    let ticket = cx.process().tasks.ticket();
    channel.wait_to_send(ticket, 0, value);
    match Wait::new(cx, ticket).await {
        Wake::Channel(Event::Closed) => Ok(closed_while_sending(cx)),
        _ => Ok(Multi::one(cx, Value::TRUE)),
    }
}

/// `nil, Err("send on closed channel")`: what a blocked sender gets when the channel closes.
pub(crate) fn closed_while_sending(cx: Cx) -> Multi {
    cx.failure("", "send on closed channel")
}

async fn close(cx: Cx, args: &[Value]) -> LuaResult<()> {
    let mut woken = channel(cx, args, "close")?.close();
    if woken.is_empty() {
        return Ok(());
    }
    woken.push(cx.process().tasks.current.get());
    if cx.may_suspend() {
        yield_with(cx, &woken).await;
    } else {
        woken.pop();
        for task in woken {
            cx.process().tasks.wake(task);
        }
    }
    Ok(())
}
