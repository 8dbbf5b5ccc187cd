//! The future of a call in emitted code that may suspend, written by hand: it is small, because a
//! process at rest is mostly futures, and a call that does not suspend after all makes none inside.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::channel::Channel;
use crate::channel::library::{Begun, Receiving, receiving};
use crate::cx::Cx;
use crate::error::{LuaResult, Site};
use crate::function::BoxFuture;
use crate::ops::call::{
    METHOD, Started, call_found, call_host_method, call_metamethod_async, prepend, start, with_receiver,
};
use crate::ops::event::Event;
use crate::ops::field::{self, Method};
use crate::results::{Args, Multi, Returns};
use crate::table::Key;
use crate::value::Value;

/// A call of `callee` with `args` at `site`, which gives its results as an `R`.
pub struct Call<'a, R> {
    calling: Calling<'a>,
    results: PhantomData<fn() -> R>,
}

/// The same, whatever becomes of the results: compiled with the runtime, once.
struct Calling<'a> {
    cx: Cx,
    callee: Callee<'a>,
    args: &'a [Value],
    site: &'static Site,
    state: State,
}

#[derive(Clone, Copy)]
enum Callee<'a> {
    Function(&'a Value),
    Method(&'a Value, &'static Key),
}

enum State {
    Begin,
    Receiving(Receiving),
    /// A receive is over; this is its second result.
    Received(bool),
    Running {
        future: BoxFuture,
        /// It is the method that was called, not what replaced it with a tail call.
        is_method: bool,
    },
}

impl<'a, R> Call<'a, R> {
    /// `callee(args)`
    #[inline]
    pub fn function(cx: Cx, callee: &'a Value, args: &'a [Value], site: &'static Site) -> Call<'a, R> {
        let callee = Callee::Function(callee);
        Call { calling: Calling { cx, callee, args, site, state: State::Begin }, results: PhantomData }
    }

    /// `receiver:name(args)`
    #[inline]
    pub fn method(
        cx: Cx,
        receiver: &'a Value,
        name: &'static Key,
        args: &'a [Value],
        site: &'static Site,
    ) -> Call<'a, R> {
        let callee = Callee::Method(receiver, name);
        Call { calling: Calling { cx, callee, args, site, state: State::Begin }, results: PhantomData }
    }
}

impl<R: Returns> Future for Call<'_, R> {
    type Output = LuaResult<R>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<LuaResult<R>> {
        let calling = &mut self.calling;
        calling.advance(task).map_ok(|results| match calling.state {
            State::Received(ok) => R::from_pair(calling.cx, results.first(), ok),
            _ => R::from_multi(calling.cx, results),
        })
    }
}

impl Calling<'_> {
    #[inline(never)]
    fn advance(&mut self, task: &mut Context<'_>) -> Poll<LuaResult<Multi>> {
        let (cx, site) = (self.cx, self.site);
        // Receiving has a way of its own: it waits most, and nothing else is in a hurry.
        match &mut self.state {
            State::Receiving(receiving) => {
                let polled = receiving.poll();
                return polled.map(|(value, ok)| Ok(received(&mut self.state, value, ok)));
            }
            State::Begin => {
                if let Callee::Method(receiver, name) = self.callee
                    && let Some(channel) = receiving(receiver, name)
                {
                    return receive(cx, channel, site, &mut self.state);
                }
            }
            State::Running { .. } | State::Received(_) => {}
        }
        advance(cx, self.callee, self.args, site, &mut self.state, task)
    }
}

/// A receive is over: its first result, and the second in the state.
#[inline(always)]
fn received(state: &mut State, value: Value, ok: bool) -> Multi {
    // A receive that is over, or has not begun, holds nothing any more.
    std::mem::forget(std::mem::replace(state, State::Received(ok)));
    Multi::waiting(value)
}

/// Begins to receive.
#[inline(always)]
fn receive(cx: Cx, channel: &Channel, site: &'static Site, state: &mut State) -> Poll<LuaResult<Multi>> {
    match Receiving::begin(cx, channel) {
        Ok(Begun::Received(value, ok)) => Poll::Ready(Ok(received(state, value, ok))),
        Ok(Begun::Receiving(receiving)) => {
            // It had not begun, which is nothing to drop.
            std::mem::forget(std::mem::replace(state, State::Receiving(receiving)));
            Poll::Pending
        }
        Err(_) => Poll::Ready(Err(cx.place(site))),
    }
}

/// Goes on with any other call.
#[inline(never)]
fn advance(
    cx: Cx,
    callee: Callee<'_>,
    args: &[Value],
    site: &'static Site,
    state: &mut State,
    task: &mut Context<'_>,
) -> Poll<LuaResult<Multi>> {
    let (result, is_method) = if let State::Running { future, is_method } = state {
        match future.as_mut().poll(task) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(result) => (result, *is_method),
        }
    } else {
        let is_method = matches!(callee, Callee::Method(..));
        match begin(cx, callee, args, site) {
            // What had to be blamed on a method is.
            Ok(Started::Done(results)) => (Ok(results), false),
            Err(thrown) => (Err(thrown), false),
            Ok(Started::Waiting(future)) => match run(state, future, is_method, task) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(result) => (result, is_method),
            },
        }
    };
    match blame(cx, result, is_method) {
        Ok(results) => Poll::Ready(Ok(results)),
        Err(_) => fail(cx, site, state, task),
    }
}

#[cold]
fn fail(cx: Cx, site: &'static Site, state: &mut State, task: &mut Context<'_>) -> Poll<LuaResult<Multi>> {
    match settle_tail_calls(cx, site, task) {
        Settled::Over(result) => Poll::Ready(result),
        Settled::Waiting(future) => {
            *state = State::Running { future, is_method: false };
            Poll::Pending
        }
    }
}

/// What became of an error that may be a tail call.
pub(crate) enum Settled {
    Over(LuaResult<Multi>),
    /// It waits, and has been polled.
    Waiting(BoxFuture),
}

/// Runs the tail call that an error may stand for, or places the error.
#[cold]
pub(crate) fn settle_tail_calls(cx: Cx, site: &'static Site, task: &mut Context<'_>) -> Settled {
    while let Some((callee, args)) = cx.take_tail_call() {
        let result = match cx.with_tail_span(|| start(cx, &callee, &args)) {
            Ok(Started::Done(results)) => Ok(results),
            Ok(Started::Waiting(mut future)) => match future.as_mut().poll(task) {
                Poll::Pending => return Settled::Waiting(future),
                Poll::Ready(result) => result,
            },
            Err(thrown) => Err(thrown),
        };
        if result.is_ok() {
            return Settled::Over(result);
        }
    }
    Settled::Over(Err(cx.place(site)))
}

/// Says that a call which failed was a method's.
fn blame(cx: Cx, result: LuaResult<Multi>, is_method: bool) -> LuaResult<Multi> {
    result.map_err(|thrown| if is_method { cx.blame(thrown, METHOD) } else { thrown })
}

/// Polls a future for the first time and keeps it.
fn run(
    state: &mut State,
    mut future: BoxFuture,
    is_method: bool,
    task: &mut Context<'_>,
) -> Poll<LuaResult<Multi>> {
    let polled = future.as_mut().poll(task);
    if polled.is_pending() {
        *state = State::Running { future, is_method };
    }
    polled
}

fn begin(cx: Cx, callee: Callee<'_>, args: &[Value], site: &'static Site) -> LuaResult<Started> {
    cx.set_location(site);
    match callee {
        Callee::Function(function) => start(cx, function, args),
        Callee::Method(receiver, name) => {
            if let Some(result) = call_host_method(cx, receiver, name, args) {
                return result.map(Started::Done);
            }
            // A failing look-up is about the receiver, what follows about the method.
            let method = match field::find_method(cx, receiver, name)? {
                Method::Known(method) => method,
                Method::Asked(handler, asked) => {
                    return Ok(Started::Waiting(ask(cx, handler, asked, receiver, args)));
                }
            };
            let started = match method.function_def() {
                Some(def) if def.is_plain() => with_receiver(receiver, args, |args| start(cx, &method, args)),
                _ => start(cx, &method, &prepend(receiver, args)),
            };
            started.map_err(|thrown| cx.blame(thrown, METHOD))
        }
    }
}

/// An `__index` function that may suspend finds the method; then that is called.
#[cold]
fn ask(cx: Cx, handler: Value, asked: [Value; 2], receiver: &Value, args: &[Value]) -> BoxFuture {
    let (receiver, args) = (receiver.clone(), Args::from(args));
    BoxFuture::new(async move {
        let method = call_metamethod_async(cx, &handler, &asked, Event::Index).await?;
        call_found(cx, &receiver, &method, &args).await
    })
}
