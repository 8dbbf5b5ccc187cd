//! Timers and tickers: a channel that gets the time, and control over it.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::{nanoseconds, wait};
use crate::channel::Channel;
use crate::cx::Cx;
use crate::error::{LuaResult, Site};
use crate::module::Module;
use crate::process::task::must_wait_to_operate;
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

/// The future of a start, written by hand, because it is small and mostly over at once.
pub struct Start<'a> {
    cx: Cx,
    args: &'a [Value],
    site: Option<&'static Site>,
    kind: Kind,
    has_waited: bool,
}

impl<'a> Start<'a> {
    #[inline]
    pub(super) fn new(cx: Cx, args: &'a [Value], kind: Kind) -> Start<'a> {
        Start { cx, args, site: None, kind, has_waited: false }
    }

    /// As [`crate::error::AtFuture::at`], without a future around this one.
    #[inline]
    #[must_use]
    pub fn at(self, _: Cx, site: &'static Site) -> Self {
        Start { site: Some(site), ..self }
    }
}

impl Future for Start<'_> {
    type Output = LuaResult<Multi>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<LuaResult<Multi>> {
        advance(&mut self)
    }
}

/// Goes on with a start: compiled with the runtime, once.
#[inline(never)]
fn advance(start: &mut Start<'_>) -> Poll<LuaResult<Multi>> {
    match attempt(start) {
        Ok(Some(results)) => Poll::Ready(Ok(results)),
        Ok(None) => Poll::Pending,
        Err(thrown) => Poll::Ready(Err(start.site.map_or(thrown, |site| start.cx.place(site)))),
    }
}

/// What was started; nothing if the task must suspend once before it.
#[inline(always)]
fn attempt(start: &mut Start<'_>) -> LuaResult<Option<Multi>> {
    let (cx, kind) = (start.cx, start.kind);
    let function = || match kind {
        Kind::After => "time.after",
        Kind::Timer => "time.timer",
        Kind::Ticker => "time.ticker",
    };
    let span = match wait(start.args, function) {
        Ok(span) => span,
        Err(message) => return Ok(Some(cx.failure("Invalid", message))),
    };
    if !start.has_waited && must_wait_to_operate(cx)? {
        start.has_waited = true;
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
pub fn timer(cx: Cx, args: &[Value]) -> Start<'_> {
    Start::new(cx, args, Kind::Timer)
}

/// `time.ticker(duration)`
///
/// Its future fails where nothing may suspend.
#[inline]
pub fn ticker(cx: Cx, args: &[Value]) -> Start<'_> {
    Start::new(cx, args, Kind::Ticker)
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
