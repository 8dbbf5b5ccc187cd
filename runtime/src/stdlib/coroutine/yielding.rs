//! `coroutine.yield`, from the inside of a coroutine or of a task.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::coroutine_of;
use crate::cx::{Cx, Suspension};
use crate::error::{Fault, LuaResult, Site, Thrown};
use crate::process::task;
use crate::results::Multi;
use crate::value::Value;

/// `coroutine.yield(...)`: the values given to the next resume. In the body of a task the other
/// tasks go first.
///
/// # Errors
/// Outside of coroutines, and inside of callbacks.
pub fn yield_(cx: Cx, args: &[Value]) -> Yield<'_> {
    Yield { cx, args, site: None, step: Step::Begin }
}

/// A yield under way. Written by hand: it is all that a generator does between two values.
pub struct Yield<'a> {
    cx: Cx,
    args: &'a [Value],
    site: Option<&'static Site>,
    step: Step,
}

enum Step {
    Begin,
    /// Suspended; the next poll is the resume.
    Yielded,
    /// In the body of a task, where the other tasks go first.
    Waiting(Pin<Box<dyn Future<Output = LuaResult<()>>>>),
}

impl Yield<'_> {
    /// As `AtFuture::at`: a yield makes no tail calls, so there is nothing more to wait for.
    #[must_use]
    pub fn at(self, _: Cx, site: &'static Site) -> Self {
        Yield { site: Some(site), ..self }
    }

    /// Hands the values over, if a coroutine runs.
    fn begin(&self) -> Option<LuaResult<()>> {
        let cx = self.cx;
        cx.with_coroutine(|coroutine| {
            let state = coroutine_of(coroutine)?;
            if !cx.can_yield() {
                return Some(Err(cx.throw(Suspension::InCallback.message().into())));
            }
            drop(state.transfer.replace(Multi::from_slice(cx, self.args).first()));
            state.has_yielded.set(true);
            Some(Ok(()))
        })
    }

    fn fail(&self, thrown: Thrown) -> Poll<LuaResult<Multi>> {
        Poll::Ready(Err(self.site.map_or(thrown, |site| self.cx.place(site))))
    }
}

impl Future for Yield<'_> {
    type Output = LuaResult<Multi>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<LuaResult<Multi>> {
        let cx = self.cx;
        match &mut self.step {
            Step::Begin => {}
            Step::Yielded => {
                let transferred = |coroutine: &Value| {
                    let state = coroutine_of(coroutine)?;
                    if state.is_closing.take() { None } else { Some(state.transfer.take()) }
                };
                let Some(first) = cx.with_coroutine(transferred) else {
                    return Poll::Ready(Err(cx.throw_fault(Fault::Closing(None))));
                };
                return Poll::Ready(Ok(Multi::waiting(first)));
            }
            Step::Waiting(others) => {
                return match others.as_mut().poll(context) {
                    Poll::Pending => Poll::Pending,
                    Poll::Ready(Ok(())) => Poll::Ready(Ok(Multi::none(cx))),
                    Poll::Ready(Err(thrown)) => self.fail(thrown),
                };
            }
        }
        match self.begin() {
            Some(Ok(())) => {
                self.step = Step::Yielded;
                Poll::Pending
            }
            Some(Err(thrown)) => self.fail(thrown),
            None if cx.is_script() && cx.process().tasks.current.get() == 0 => {
                let thrown = cx.throw(Suspension::OutsideTask.message().into());
                self.fail(thrown)
            }
            None => {
                self.step = Step::Waiting(Box::pin(task::yield_now(cx)));
                self.poll(context)
            }
        }
    }
}
