//! The suffix of every fallible operation in emitted code: `.at(cx, at!(24))?` on results and
//! `.at(cx, at!(24)).await?` on futures. Free when all is well.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::{LuaResult, Site, Thrown};
use crate::cx::Cx;
use crate::function::BoxFuture;
use crate::ops::calling::{Settled, settle_tail_calls};
use crate::ops::tail;
use crate::results::Returns;

pub trait AtResult<T> {
    /// Places an error here, or runs the tail call that unwound to this site.
    ///
    /// # Errors
    /// The error itself, now with a position.
    fn at(self, cx: Cx, site: &'static Site) -> LuaResult<T>;

    /// As [`AtResult::at`] for `return f(x)` of a known Lua function: a tail call that unwinds goes
    /// on to the caller, and error levels do not count this site.
    ///
    /// # Errors
    /// The error itself, now with a position; or the pending tail call.
    fn tail(self, cx: Cx, site: &'static Site) -> LuaResult<T>;
}

impl<T: Returns> AtResult<T> for LuaResult<T> {
    #[inline(always)]
    fn at(self, cx: Cx, site: &'static Site) -> LuaResult<T> {
        match self {
            Ok(value) => Ok(value),
            Err(thrown) => settle(cx, site, thrown),
        }
    }

    #[inline(always)]
    fn tail(self, cx: Cx, site: &'static Site) -> LuaResult<T> {
        self.map_err(|thrown| cx.pass(thrown, site))
    }
}

#[cold]
fn settle<T: Returns>(cx: Cx, site: &'static Site, thrown: Thrown) -> LuaResult<T> {
    match tail::resume(cx, thrown) {
        Ok(multi) => Ok(T::from_multi(cx, multi)),
        Err(_) => Err(cx.place(site)),
    }
}

/// The futures behind the suffix are written by hand: an `async fn` would hold what it awaits twice.
pub trait AtFuture<T>: Future<Output = LuaResult<T>> + Sized {
    /// As [`AtResult::at`], for what may suspend.
    #[inline]
    fn at(self, cx: Cx, site: &'static Site) -> At<Self> {
        At { cx, site, step: Step::Operation(self) }
    }

    /// As [`AtResult::tail`], for what may suspend.
    #[inline]
    fn tail(self, cx: Cx, site: &'static Site) -> Tail<Self> {
        Tail { cx, site, future: self }
    }
}

impl<T: Returns, F: Future<Output = LuaResult<T>>> AtFuture<T> for F {}

/// What [`AtFuture::at`] gives.
pub struct At<F> {
    cx: Cx,
    site: &'static Site,
    step: Step<F>,
}

enum Step<F> {
    Operation(F),
    /// What the operation went on as.
    Tail(BoxFuture),
}

impl<T: Returns, F: Future<Output = LuaResult<T>>> Future for At<F> {
    type Output = LuaResult<T>;

    #[inline]
    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<LuaResult<T>> {
        // SAFETY: the operation stays where it is until it is dropped: this is pinned, and nothing here
        // moves it.
        let this = unsafe { self.get_unchecked_mut() };
        match &mut this.step {
            Step::Operation(future) => {
                // SAFETY: as above.
                match unsafe { Pin::new_unchecked(future) }.poll(task) {
                    Poll::Ready(Err(_)) => {}
                    polled => return polled,
                }
            }
            Step::Tail(future) => match future.as_mut().poll(task) {
                Poll::Ready(Err(_)) => {}
                polled => return polled.map_ok(|multi| T::from_multi(this.cx, multi)),
            },
        }
        match settle_tail_calls(this.cx, this.site, task) {
            Settled::Over(result) => Poll::Ready(result.map(|multi| T::from_multi(this.cx, multi))),
            Settled::Waiting(future) => {
                this.step = Step::Tail(future);
                Poll::Pending
            }
        }
    }
}

/// What [`AtFuture::tail`] gives.
pub struct Tail<F> {
    cx: Cx,
    site: &'static Site,
    future: F,
}

impl<T, F: Future<Output = LuaResult<T>>> Future for Tail<F> {
    type Output = LuaResult<T>;

    #[inline]
    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<LuaResult<T>> {
        // SAFETY: `future` stays where it is: this is pinned, and nothing here moves it.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: as above.
        let future = unsafe { Pin::new_unchecked(&mut this.future) };
        future.poll(task).map_err(|thrown| this.cx.pass(thrown, this.site))
    }
}
