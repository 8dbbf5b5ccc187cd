//! Timers and tickers: a channel that gets the time, and control over it.

use std::cell::RefCell;
use std::task::Poll;

use super::{nanoseconds, wait};
use crate::channel::Channel;
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Module;
use crate::process::task::{Act, Operation};
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

/// What is to be started.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    After,
    Timer,
    Ticker,
}

/// The arguments of a start.
pub struct Start<'a> {
    args: &'a [Value],
    kind: Kind,
}

impl<'a> Start<'a> {
    #[inline]
    pub(super) fn operation(cx: Cx, args: &'a [Value], kind: Kind) -> Operation<Start<'a>> {
        Operation::new(cx, Start { args, kind })
    }
}

impl Act for Start<'_> {
    #[inline(never)]
    fn advance(start: &mut Operation<Self>) -> Poll<LuaResult<Multi>> {
        let attempt = attempt(start);
        start.after(attempt)
    }
}

/// What was started; nothing if the task must suspend once before it.
#[inline(always)]
fn attempt(start: &mut Operation<Start<'_>>) -> LuaResult<Option<Multi>> {
    let cx = start.cx;
    let Start { args, kind } = start.act;
    let function = || match kind {
        Kind::After => "time.after",
        Kind::Timer => "time.timer",
        Kind::Ticker => "time.ticker",
    };
    let span = match wait(args, function) {
        Ok(span) => span,
        Err(message) => return Ok(Some(cx.failure("Invalid", message))),
    };
    if start.must_wait()? {
        return Ok(None);
    }
    if matches!(kind, Kind::Ticker) {
        return Ok(Some(start_ticker(cx, span)));
    }
    let channel = Channel::new(cx, 1);
    cx.process().timers.start(cx, &channel, span);
    let started = match kind {
        Kind::After => channel,
        _ => UserDataBox::new(cx, Timer { channel: RefCell::new(channel) }),
    };
    Ok(Some(Multi::one(cx, started)))
}

#[inline(never)]
fn start_ticker(cx: Cx, span: u64) -> Multi {
    let channel = Channel::new(cx, TICKS);
    cx.process().timers.start_ticker(cx, &channel, span);
    Multi::one(cx, UserDataBox::new(cx, Ticker(Timer { channel: RefCell::new(channel) })))
}

/// `time.timer(duration)`
///
/// Its future fails where nothing may suspend.
#[inline]
pub fn timer(cx: Cx, args: &[Value]) -> Operation<Start<'_>> {
    Start::operation(cx, args, Kind::Timer)
}

/// `time.ticker(duration)`
///
/// Its future fails where nothing may suspend.
#[inline]
pub fn ticker(cx: Cx, args: &[Value]) -> Operation<Start<'_>> {
    Start::operation(cx, args, Kind::Ticker)
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
