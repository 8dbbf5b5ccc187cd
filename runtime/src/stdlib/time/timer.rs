//! Timers and tickers: a channel that gets the time, and control over it.

use std::cell::RefCell;

use super::{nanoseconds, wait};
use crate::channel::Channel;
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Module;
use crate::process::task::{must_wait_to_operate, pause};
use crate::results::Multi;
use crate::userdata::{UserData, UserDataBox};
use crate::value::Value;

/// Ticks that nobody has read wait up to so many; further ones are dropped.
const TICKS: u32 = 16;

struct Timer {
    channel: RefCell<Value>,
    is_ticker: bool,
}

crate::library! {
    static TIMER = "time.Timer" {
        "response" => plain channel,
        "channel" => plain channel,
        "stop" => plain stop,
        "reset" => plain reset,
    }
}

crate::library! {
    static TICKER = "time.Ticker" {
        "response" => plain channel,
        "channel" => plain channel,
        "stop" => plain stop,
    }
}

impl UserData for Timer {
    fn methods(&self) -> &'static Module {
        if self.is_ticker { &TICKER } else { &TIMER }
    }
    fn clear(&self) {
        drop(self.channel.take());
    }
}

/// `time.timer(duration)`
///
/// # Errors
/// Nothing may suspend here.
pub async fn timer(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let span = match wait(args, "time.timer") {
        Ok(span) => span,
        Err(message) => return Ok(cx.failure("Invalid", message)),
    };
    if must_wait_to_operate(cx)? {
        pause().await;
    }
    let channel = Channel::new(cx, 1);
    cx.process().timers.start(cx, &channel, span);
    Ok(Multi::one(cx, UserDataBox::new(cx, Timer { channel: RefCell::new(channel), is_ticker: false })))
}

/// `time.ticker(duration)`
///
/// # Errors
/// Nothing may suspend here.
pub async fn ticker(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let span = match wait(args, "time.ticker") {
        Ok(span) => span,
        Err(message) => return Ok(cx.failure("Invalid", message)),
    };
    if must_wait_to_operate(cx)? {
        pause().await;
    }
    let channel = Channel::new(cx, TICKS);
    cx.process().timers.start_ticker(cx, &channel, span);
    Ok(Multi::one(cx, UserDataBox::new(cx, Timer { channel: RefCell::new(channel), is_ticker: true })))
}

fn held<'a>(cx: Cx, args: &'a [Value], function: &'static str) -> LuaResult<&'a Timer> {
    let found = args.first().and_then(Value::downcast::<Timer>);
    found.ok_or_else(|| cx.throw_argument(1, function, "timer expected"))
}

fn channel(cx: Cx, args: &[Value]) -> LuaResult {
    held(cx, args, "channel").map(|timer| timer.channel.borrow().clone())
}

/// Whether it was still pending; a ticker always was. The channel closes.
fn stop(cx: Cx, args: &[Value]) -> LuaResult {
    let timer = held(cx, args, "stop")?;
    let channel = timer.channel.borrow();
    let Some(channel) = channel.downcast::<Channel>() else { return Ok(Value::FALSE) };
    let was_pending = cx.process().timers.stop(cx, channel);
    channel.shut();
    Ok(Value::bool(was_pending || timer.is_ticker))
}

/// Starts a pending timer anew; one that has fired or was stopped stays so.
fn reset(cx: Cx, args: &[Value]) -> LuaResult {
    let timer = held(cx, args, "reset")?;
    let span = match nanoseconds(args.get(1)) {
        Ok(span) => u64::try_from(span).unwrap_or(0),
        Err(message) => return Err(cx.throw_text(format!("timer:reset: {message}"))),
    };
    if span == 0 {
        return Err(cx.throw_text("timer:reset: duration must be > 0"));
    }
    let value = timer.channel.borrow();
    let was_pending =
        value.downcast::<Channel>().is_some_and(|channel| cx.process().timers.stop(cx, channel));
    if was_pending {
        cx.process().timers.start(cx, &value, span);
    }
    Ok(Value::bool(was_pending))
}
