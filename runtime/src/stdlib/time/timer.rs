//! Timers and tickers: a channel that gets the time, and control over it.

use std::cell::RefCell;

use super::{nanoseconds, wait};
use crate::channel::Channel;
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Module;
use crate::process::task::{must_wait_to_operate, pause};
use crate::results::Multi;
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::Value;

/// Ticks that nobody has read wait up to so many; further ones are dropped.
const TICKS: u32 = 16;

struct Timer {
    channel: RefCell<Value>,
}

/// A timer that never ends by itself.
struct Ticker(Timer);

crate::library! {
    static TIMER = "time.Timer" {
        "response" => getter channel,
        "channel" => getter channel,
        "stop" => getter stop,
        "reset" => plain reset,
    }
}

crate::library! {
    static TICKER = "time.Ticker" {
        "response" => getter channel,
        "channel" => getter channel,
        "stop" => getter stop,
    }
}

impl Methods for Timer {
    const METHODS: &'static Module = &TIMER;
}

impl UserData for Timer {
    fn clear(&self) {
        drop(self.channel.take());
    }
}

impl Methods for Ticker {
    const METHODS: &'static Module = &TICKER;
}

impl UserData for Ticker {
    fn clear(&self) {
        self.0.clear();
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
    Ok(Multi::one(cx, UserDataBox::new(cx, Timer { channel: RefCell::new(channel) })))
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
    Ok(Multi::one(cx, UserDataBox::new(cx, Ticker(Timer { channel: RefCell::new(channel) }))))
}

fn held<'a>(cx: Cx, receiver: Option<&'a Value>, function: &'static str) -> LuaResult<&'a Timer> {
    let ticker = || receiver?.downcast::<Ticker>().map(|ticker| &ticker.0);
    let found = receiver.and_then(Value::downcast::<Timer>).or_else(ticker);
    found.ok_or_else(|| cx.throw_argument(1, function, "timer expected"))
}

fn channel(cx: Cx, receiver: Option<&Value>) -> LuaResult {
    held(cx, receiver, "channel").map(|timer| timer.channel.borrow().clone())
}

/// Whether it was still pending; a ticker always was. The channel closes.
fn stop(cx: Cx, receiver: Option<&Value>) -> LuaResult {
    let timer = held(cx, receiver, "stop")?;
    let channel = timer.channel.borrow();
    let Some(channel) = channel.downcast::<Channel>() else { return Ok(Value::FALSE) };
    let was_pending = cx.process().timers.stop(cx, channel);
    channel.shut();
    let is_ticker = || receiver.is_some_and(|receiver| receiver.downcast::<Ticker>().is_some());
    Ok(Value::bool(was_pending || is_ticker()))
}

/// Starts a pending timer anew; one that has fired or was stopped stays so.
fn reset(cx: Cx, args: &[Value]) -> LuaResult {
    let timer = held(cx, args.first(), "reset")?;
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
