//! A host operation as a future written by hand, because it is small and most operations are over at once.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::must_wait_to_operate;
use crate::cx::Cx;
use crate::error::{LuaResult, Site};
use crate::results::Multi;

/// The future of an operation.
pub struct Operation<A> {
    pub(crate) cx: Cx,
    pub(crate) act: A,
    site: Option<&'static Site>,
    /// Whether the task has suspended before it.
    pub(crate) has_waited: bool,
}

/// What an operation does.
pub trait Act: Sized {
    /// Goes on with it. Not inlined, so that it is compiled once, with the runtime.
    fn advance(operation: &mut Operation<Self>) -> Poll<LuaResult<Multi>>;
}

impl<A> Operation<A> {
    #[inline]
    pub(crate) fn new(cx: Cx, act: A) -> Self {
        Operation { cx, act, site: None, has_waited: false }
    }

    /// As [`crate::error::AtFuture::at`], without a future around this one.
    #[inline]
    #[must_use]
    pub fn at(self, _: Cx, site: &'static Site) -> Self {
        Operation { site: Some(site), ..self }
    }

    /// Whether the task must suspend now, before the operation.
    ///
    /// # Errors
    /// Nothing may suspend here.
    #[inline(always)]
    pub(crate) fn must_wait(&mut self) -> LuaResult<bool> {
        if self.has_waited {
            return Ok(false);
        }
        self.has_waited = must_wait_to_operate(self.cx)?;
        Ok(self.has_waited)
    }

    /// What the future gives after an attempt, whose result is nothing if the task must suspend.
    #[inline(always)]
    pub(crate) fn after(&self, attempt: LuaResult<Option<Multi>>) -> Poll<LuaResult<Multi>> {
        match attempt {
            Ok(Some(results)) => Poll::Ready(Ok(results)),
            Ok(None) => Poll::Pending,
            Err(thrown) => Poll::Ready(Err(self.site.map_or(thrown, |site| self.cx.place(site)))),
        }
    }
}

impl<A: Act + Unpin> Future for Operation<A> {
    type Output = LuaResult<Multi>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<LuaResult<Multi>> {
        A::advance(&mut self)
    }
}
