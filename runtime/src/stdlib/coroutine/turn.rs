//! A stretch of a coroutine that the program resumes: from a resume to the next yield, or to its end.

use std::future::poll_fn;
use std::task::{Context, Poll, Waker};

use super::{Body, Coroutine, State, TaskThread, coroutine_of};
use crate::cx::{Cx, Suspension};
use crate::error::LuaResult;
use crate::function::{BoxFuture, Entry};
use crate::ops::{call, tail};
use crate::process::task;
use crate::results::{Args, Multi};
use crate::userdata::UserDataBox;
use crate::value::Value;

/// How a stretch of a coroutine ended.
pub(super) enum Stretch {
    /// Yielded or returned these.
    Values(Multi),
    /// Failed, or could not be resumed.
    Error(Value),
}

pub(super) async fn resume_waiting(cx: Cx, coroutine: &Value, args: &[Value]) -> LuaResult<Stretch> {
    match Turn::begin(cx, coroutine, args) {
        Ok(mut turn) => Ok(poll_fn(|context| turn.poll(context, true)).await),
        Err(refused) => Ok(refused),
    }
}

pub(super) fn resume_now(cx: Cx, coroutine: &Value, args: &[Value]) -> LuaResult<Stretch> {
    let mut turn = match Turn::begin(cx, coroutine, args) {
        Ok(turn) => turn,
        Err(refused) => return Ok(refused),
    };
    match turn.poll(&mut Context::from_waker(Waker::noop()), false) {
        Poll::Ready(stretch) => Ok(stretch),
        // Every blocking operation asks first whether it may, so this is a bug of ours.
        Poll::Pending => Err(cx.throw_text(Suspension::OutsideTask.message())),
    }
}

pub(super) const NO_DEAD: &str = "cannot resume dead coroutine";

/// So many coroutines may have resumed each other. An error that goes through all of them may get longer
/// in each, so without a limit the stack's depth would cost minutes.
const NESTING_LIMIT: u16 = 10_000;

/// One stretch of a coroutine, from a resume to the next yield.
pub(super) struct Turn<'a> {
    cx: Cx,
    coroutine: &'a Value,
    state: &'a Coroutine,
    /// The body while it is not in the coroutine.
    body: Option<BoxFuture>,
    /// The coroutine that resumes this one, or nil.
    resumer: Value,
}

impl<'a> Turn<'a> {
    fn begin(cx: Cx, coroutine: &'a Value, args: &[Value]) -> Result<Turn<'a>, Stretch> {
        let refused = |text: &str| Err(Stretch::Error(text.into()));
        let Some(state) = coroutine_of(coroutine) else {
            let task = coroutine.as_thread().and_then(UserDataBox::body_as::<TaskThread>);
            let is_dead = task.is_some_and(|task| task.status(cx) == task::Status::Dead);
            return refused(if is_dead { NO_DEAD } else { "cannot resume non-suspended coroutine" });
        };
        match state.state.get() {
            State::Suspended => {}
            State::Dead => return refused(NO_DEAD),
            State::Running | State::Normal => return refused("cannot resume non-suspended coroutine"),
        }
        if cx.is_stack_used_up() || cx.coroutine_depth() >= NESTING_LIMIT {
            return refused("C stack overflow");
        }
        let body = match state.body.take() {
            None => return refused(NO_DEAD),
            Some(Body::Started(body)) => {
                drop(state.transfer.replace(Multi::from_slice(cx, args).first()));
                body
            }
            Some(Body::Function(function)) => started(cx, function, args),
        };
        Ok(Turn::of(cx, coroutine, state, body))
    }

    /// The coroutine runs now, and the one that runs so far waits for it.
    pub(super) fn of(cx: Cx, coroutine: &'a Value, state: &'a Coroutine, body: BoxFuture) -> Turn<'a> {
        state.state.set(State::Running);
        let resumer = cx.coroutine();
        if let Some(resumer) = coroutine_of(&resumer) {
            resumer.state.set(State::Normal);
        }
        Turn { cx, coroutine, state, body: Some(body), resumer }
    }

    /// Closes what the body has to close, from where it yielded; the error that closing raised.
    pub(super) fn unwind(mut self) -> Option<Value> {
        let cx = self.cx;
        let mut body = self.body.take()?;
        self.state.is_closing.set(true);
        let polled = {
            let _inside = cx.enter_coroutine(self.coroutine.clone(), false);
            let _in_call = cx.forbid_suspension(Suspension::InCallback);
            body.as_mut().poll(&mut Context::from_waker(Waker::noop()))
        };
        self.state.state.set(State::Dead);
        match polled {
            Poll::Ready(Err(thrown)) => cx.take_closing().unwrap_or_else(|| Some(cx.catch(thrown))),
            // Nothing may suspend there, and nothing catches what it ends with.
            Poll::Ready(Ok(_)) | Poll::Pending => None,
        }
    }

    fn poll(&mut self, context: &mut Context<'_>, may_block: bool) -> Poll<Stretch> {
        let (cx, state) = (self.cx, self.state);
        let Some(body) = &mut self.body else { return Poll::Ready(Stretch::Values(Multi::none(cx))) };
        let polled = {
            let _inside = cx.enter_coroutine(self.coroutine.clone(), may_block);
            body.as_mut().poll(context)
        };
        match polled {
            Poll::Pending if state.has_yielded.replace(false) => {
                drop(state.body.replace(self.body.take().map(Body::Started)));
                state.state.set(State::Suspended);
                Poll::Ready(Stretch::Values(Multi::waiting(state.transfer.take())))
            }
            Poll::Pending => Poll::Pending,
            Poll::Ready(result) => {
                self.body = None;
                state.state.set(State::Dead);
                Poll::Ready(match result {
                    Ok(results) => Stretch::Values(results),
                    Err(thrown) => {
                        let error = cx.catch(thrown);
                        state.failure.set(Some(error.clone()));
                        Stretch::Error(error)
                    }
                })
            }
        }
    }
}

/// The body of a coroutine that is resumed for the first time.
fn started(cx: Cx, function: Value, args: &[Value]) -> BoxFuture {
    let args = Args::from(args);
    match function.function_def().map(|def| def.entry) {
        Some(Entry::Async(start)) => {
            let body = start(cx, function, args);
            BoxFuture::new(async move { tail::settle_async(cx, body.await).await })
        }
        _ => BoxFuture::new(async move {
            tail::settle_async(cx, call::call_async(cx, &function, &args).await).await
        }),
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if self.body.take().is_some() {
            // Given up while it was blocked.
            self.state.state.set(State::Dead);
        }
        if let Some(resumer) = coroutine_of(&self.resumer).filter(|state| state.state.get() == State::Normal)
        {
            resumer.state.set(State::Running);
        }
    }
}
