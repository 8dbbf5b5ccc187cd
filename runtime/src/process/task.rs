//! The coroutines of a process: tasks that run in turn, each until it blocks.
//!
//! Observable order (spec `concurrency-and-io.md` 2.3): a FIFO run queue; tasks that yielded to
//! hand something over are appended, with those they woke, when the queue is empty; subscriptions
//! come next; host operations start only when nothing else can run.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::function::BoxFuture;
use crate::value::Value;

/// A task of one process; 0 is main.
pub type TaskId = usize;

/// Who runs next.
#[derive(Default)]
pub struct Tasks {
    pub current: Cell<TaskId>,
    next_id: Cell<TaskId>,
    ready: RefCell<VecDeque<TaskId>>,
    /// Tasks to append when the queue is empty, a group for each yield.
    aside: RefCell<Vec<Vec<TaskId>>>,
    subscribing: RefCell<VecDeque<TaskId>>,
    host_waiting: RefCell<VecDeque<TaskId>>,
    /// Bodies of tasks started in this turn.
    born: RefCell<Vec<(TaskId, BoxFuture)>>,
}

impl Tasks {
    pub fn start(&self, body: BoxFuture) -> TaskId {
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        self.born.borrow_mut().push((id, body));
        self.wake(id);
        id
    }

    pub fn wake(&self, task: TaskId) {
        self.ready.borrow_mut().push_back(task);
    }

    pub fn next_ready(&self) -> Option<TaskId> {
        self.ready.borrow_mut().pop_front()
    }

    pub fn take_born(&self) -> Vec<(TaskId, BoxFuture)> {
        self.born.take()
    }

    /// Makes the tasks of the next step ready, in the order of the module's opening.
    pub fn refill(&self) -> bool {
        let mut ready = self.ready.borrow_mut();
        ready.extend(self.aside.take().into_iter().flatten());
        if ready.is_empty() {
            ready.extend(self.subscribing.take());
        }
        if ready.is_empty() {
            ready.extend(self.host_waiting.take());
        }
        !ready.is_empty()
    }

    pub fn clear(&self) {
        drop(self.born.take());
    }
}

/// Suspends the running task once.
pub struct Pause(bool);

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
pub async fn yield_with(cx: Cx, group: Vec<TaskId>) {
    cx.process().tasks.aside.borrow_mut().push(group);
    Pause(false).await;
}

/// A host operation may start: nothing else of this process can run.
///
/// # Errors
/// Nothing may suspend here.
pub async fn host_operation(cx: Cx) -> LuaResult<()> {
    cx.check_suspension()?;
    let tasks = &cx.process().tasks;
    tasks.host_waiting.borrow_mut().push_back(tasks.current.get());
    Pause(false).await;
    Ok(())
}

/// A subscription may be made.
///
/// # Errors
/// Nothing may suspend here.
pub async fn subscription(cx: Cx) -> LuaResult<()> {
    cx.check_suspension()?;
    let tasks = &cx.process().tasks;
    tasks.subscribing.borrow_mut().push_back(tasks.current.get());
    Pause(false).await;
    Ok(())
}

/// Politely lets the other tasks go first.
///
/// # Errors
/// Nothing may suspend here.
pub async fn yield_now(cx: Cx) -> LuaResult<()> {
    cx.check_suspension()?;
    let task = cx.process().tasks.current.get();
    yield_with(cx, vec![task]).await;
    Ok(())
}

/// `coroutine.spawn(f)`: the new task runs first, up to where it blocks.
///
/// # Errors
/// No function, or nothing may suspend here.
pub async fn spawn(cx: Cx, args: &[Value]) -> LuaResult {
    let body = crate::stdlib::args::function(cx, args, 1, "spawn")?.clone();
    cx.check_suspension()?;
    let tasks = &cx.process().tasks;
    let spawner = tasks.current.get();
    let id = tasks.start(Box::pin(async move { crate::ops::call::call_async(cx, &body, &[]).await }));
    tasks.wake(spawner);
    Pause(false).await;
    Ok(crate::userdata::UserDataBox::new_thread(cx, TaskHandle { id }))
}

/// What `coroutine.spawn` returns: a thread that cannot be resumed by hand.
struct TaskHandle {
    #[expect(dead_code, reason = "read by coroutine.status, which comes with manual coroutines")]
    id: TaskId,
}

impl crate::userdata::UserData for TaskHandle {
    fn methods(&self) -> &'static crate::module::Module {
        crate::library! { static METHODS = "thread" {} }
        &METHODS
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// A blocked task, known to whoever will wake it.
pub struct Waiter<T> {
    pub task: TaskId,
    outcome: RefCell<Option<T>>,
    /// Completed or given up: nobody may complete it any more.
    settled: Cell<bool>,
}

impl<T> Waiter<T> {
    /// A waiter for the running task.
    pub fn new(cx: Cx) -> Rc<Waiter<T>> {
        let task = cx.process().tasks.current.get();
        Rc::new(Waiter { task, outcome: RefCell::new(None), settled: Cell::new(false) })
    }

    pub fn is_waiting(&self) -> bool {
        !self.settled.get()
    }

    /// Hands over the outcome; the caller decides when the task is woken. False if it is too late.
    pub fn complete(&self, outcome: T) -> bool {
        if self.settled.replace(true) {
            return false;
        }
        self.outcome.replace(Some(outcome));
        true
    }
}

/// Waits for a [`Waiter`]; dropped early, it withdraws.
pub struct Wait<T>(pub Rc<Waiter<T>>);

impl<T> Future for Wait<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        match self.0.outcome.take() {
            Some(outcome) => Poll::Ready(outcome),
            None => Poll::Pending,
        }
    }
}

impl<T> Drop for Wait<T> {
    fn drop(&mut self) {
        self.0.settled.set(true);
    }
}
