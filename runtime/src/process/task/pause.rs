//! How the running task lets others of its process go first.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::TaskId;
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::function::BoxFuture;
use crate::process::crew::Later;
use crate::value::Value;

/// Suspends the running task once.
struct Pause(bool);

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        Poll::Pending
    }
}

/// Puts the running task aside together with those it woke, in this order.
pub async fn yield_with(cx: Cx, group: &[TaskId]) {
    cx.process().tasks.put_aside(group);
    pause().await;
}

/// Suspends the running task once; somebody has made sure that it goes on.
pub(crate) fn pause() -> impl Future<Output = ()> {
    Pause(false)
}

/// A host operation may start: nothing else of this process can run.
///
/// # Errors
/// Nothing may suspend here.
pub async fn host_operation(cx: Cx) -> LuaResult<()> {
    if must_wait_to_operate(cx)? {
        pause().await;
    }
    Ok(())
}

/// As [`host_operation`], for futures written by hand: whether the task must suspend once before the
/// operation.
///
/// # Errors
/// Nothing may suspend here.
#[inline(always)]
pub(crate) fn must_wait_to_operate(cx: Cx) -> LuaResult<bool> {
    cx.check_suspension()?;
    let must_wait = !may_operate_now(cx);
    if must_wait {
        cx.process().tasks.wait_for(Later::HostOperation);
    }
    Ok(must_wait)
}

/// Whether nothing would happen before the running task goes on with a host operation.
#[inline(always)]
fn may_operate_now(cx: Cx) -> bool {
    let state = cx.process();
    state.tasks.is_alone() && !state.has_mail()
}

/// A subscription may be made.
///
/// # Errors
/// Nothing may suspend here.
pub async fn subscription(cx: Cx) -> LuaResult<()> {
    cx.check_suspension()?;
    let tasks = &cx.process().tasks;
    if !tasks.is_alone() {
        tasks.wait_for(Later::Subscription);
        Pause(false).await;
    }
    Ok(())
}

/// Politely lets the other tasks go first.
///
/// # Errors
/// Nothing may suspend here.
pub async fn yield_now(cx: Cx) -> LuaResult<()> {
    cx.check_suspension()?;
    let task = cx.process().tasks.current.get();
    yield_with(cx, &[task]).await;
    Ok(())
}

/// Starts `body` as a task that runs first, up to where it blocks. What stands for it, made of its place and
/// birth.
///
/// # Errors
/// Nothing may suspend here.
pub async fn spawn(cx: Cx, body: Value, thread: fn(Cx, TaskId, u32) -> Value) -> LuaResult {
    cx.check_suspension()?;
    let tasks = &cx.process().tasks;
    let spawner = tasks.current.get();
    let (task, birth) =
        tasks.start(BoxFuture::new(async move { crate::ops::call::call_async(cx, &body, &[]).await }));
    let thread = thread(cx, task, birth);
    tasks.wake(spawner);
    Pause(false).await;
    Ok(thread)
}
