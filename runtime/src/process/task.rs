//! The coroutines of a process: tasks that run in turn, each until it blocks.
//!
//! Observable order (`docs/process-contract.md`, "Tasks"): a FIFO run queue; tasks that yielded to
//! hand something over are appended, with those they woke, when the queue is empty; subscriptions
//! come next; host operations start only when nothing else can run.
//!
//! A blocked operation is known by its [`Ticket`]. Whoever completes it stores a [`Wake`] with the
//! task; a ticket that was given up or completed matches nothing any more, so no list of waiters
//! needs to be cleaned for safety.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::channel::{Event, Fifo};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::function::BoxFuture;
use crate::value::Value;

/// A task of one process, for as long as it lives; 0 is main.
pub type TaskId = u32;

/// One wait of one task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub task: TaskId,
    number: u32,
}

impl Ticket {
    /// The place of a future, which no task has.
    const FUTURE: TaskId = u32::MAX;

    /// Names the future of that number instead of a task.
    pub fn of_future(number: u32) -> Ticket {
        Ticket { task: Self::FUTURE, number }
    }

    pub fn future(self) -> Option<u32> {
        (self.task == Self::FUTURE).then_some(self.number)
    }

    /// As one word, for timers.
    pub fn bits(self) -> u64 {
        u64::from(self.task) << 32 | u64::from(self.number)
    }

    pub fn from_bits(bits: u64) -> Ticket {
        let number = u32::try_from(bits & u64::from(u32::MAX)).unwrap_or(0);
        Ticket { task: u32::try_from(bits >> 32).unwrap_or(0), number }
    }
}

/// What completes a wait.
pub enum Wake {
    /// The time is over.
    Elapsed,
    Channel(Event),
    /// The value of an operation outside of the process.
    External(Box<dyn Any + Send>),
}

/// What a task is doing, as `coroutine.status` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Running,
    Suspended,
    Dead,
}

#[derive(Default)]
struct Task {
    /// Taken while the task is polled.
    body: Option<BoxFuture>,
    /// Tells this task from earlier ones of the same place; 0 is a free place.
    birth: u32,
    /// The ticket's number of the current wait; 0 when it does not wait. In a free place: the next
    /// free place plus one, or 0.
    waiting: u32,
    wake: Option<Wake>,
}

/// The queues of a process's tasks; all are empty while it is idle, and then they are small.
#[derive(Default)]
struct Queues {
    ready: Fifo<TaskId>,
    /// Tasks that are not ready yet, each kind in the order they came.
    later: Fifo<(Later, TaskId)>,
}

/// What a task waits for that is not ready yet: first come the first of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Later {
    /// That the queue is empty.
    Aside,
    Subscription,
    HostOperation,
}

impl Queues {
    #[inline]
    fn are_empty(&self) -> bool {
        self.ready.is_empty() && self.later.is_empty()
    }

    /// Makes all tasks of this kind ready. False if there are none.
    fn promote(&mut self, kind: Later) -> bool {
        let before = self.later.len();
        let ready = &mut self.ready;
        self.later.retain(|(own, task)| {
            if *own == kind {
                ready.push_back(*task);
            }
            *own != kind
        });
        self.later.len() != before
    }
}

/// Every task of a process, and who runs next.
#[derive(Default)]
pub struct Tasks {
    pub current: Cell<TaskId>,
    /// Numbers tickets and births; never 0 again once it started.
    counter: Cell<u32>,
    places: RefCell<smallvec::SmallVec<[Task; 1]>>,
    queues: RefCell<Queues>,
    live: Cell<u32>,
    /// The first free place plus one, or 0.
    free: Cell<u32>,
    /// Tasks blocked in a select that nothing can ever complete.
    stuck: Cell<u32>,
    /// How many host operations may start in this turn without a look around.
    operations: Cell<u32>,
}

impl Tasks {
    pub(crate) fn ticket_number(&self) -> u32 {
        let number = self.counter.get().checked_add(1).unwrap_or(1);
        self.counter.set(number);
        number
    }

    /// Adds a task at the end of the run queue.
    pub fn start(&self, body: BoxFuture) -> (TaskId, u32) {
        let birth = self.ticket_number();
        let task = Task { body: Some(body), birth, ..Task::default() };
        let mut places = self.places.borrow_mut();
        let id = match self.free.get().checked_sub(1) {
            Some(id) => {
                if let Some(place) = places.get_mut(id as usize) {
                    self.free.set(place.waiting);
                    *place = task;
                }
                id
            }
            None => {
                places.push(task);
                u32::try_from(places.len() - 1).unwrap_or(u32::MAX)
            }
        };
        drop(places);
        self.live.set(self.live.get() + 1);
        self.wake(id);
        (id, birth)
    }

    pub fn wake(&self, task: TaskId) {
        self.queues.borrow_mut().ready.push_back(task);
    }

    pub(crate) fn next_ready(&self) -> Option<TaskId> {
        self.queues.borrow_mut().ready.pop_front()
    }

    pub(crate) fn take_body(&self, task: TaskId) -> Option<BoxFuture> {
        self.places.borrow_mut().get_mut(task as usize)?.body.take()
    }

    pub(crate) fn put_body(&self, task: TaskId, body: BoxFuture) {
        if let Some(place) = self.places.borrow_mut().get_mut(task as usize) {
            place.body = Some(body);
        }
    }

    /// The task has returned.
    pub(crate) fn finish(&self, task: TaskId) {
        if let Some(place) = self.places.borrow_mut().get_mut(task as usize) {
            *place = Task { waiting: self.free.replace(task + 1), ..Task::default() };
            self.live.set(self.live.get() - 1);
        }
    }

    /// The birth of a living task.
    pub fn birth(&self, task: TaskId) -> Option<u32> {
        self.places.borrow().get(task as usize).map(|place| place.birth).filter(|birth| *birth != 0)
    }

    pub fn status(&self, task: TaskId, birth: u32) -> Status {
        match self.places.borrow().get(task as usize) {
            Some(place) if place.birth == birth && place.body.is_none() => Status::Running,
            Some(place) if place.birth == birth => Status::Suspended,
            _ => Status::Dead,
        }
    }

    /// Makes the tasks of the next step ready, in the order of the module's opening. The caller
    /// reads the mail before host operations start.
    pub(crate) fn refill(&self) -> Refill {
        let queues = &mut *self.queues.borrow_mut();
        if queues.later.is_empty() {
            return Refill::Nothing;
        }
        if queues.promote(Later::Aside) || queues.promote(Later::Subscription) {
            return Refill::Ready;
        }
        queues.promote(Later::HostOperation);
        Refill::Host
    }

    /// A turn of the process begins; it may start so many host operations in a row.
    pub(crate) fn begin_turn(&self, operations: u32) {
        self.operations.set(operations);
    }

    /// One more host operation in this turn; false if there were enough.
    #[inline]
    pub(crate) fn take_operation(&self) -> bool {
        let left = self.operations.get();
        self.operations.set(left.saturating_sub(1));
        left > 0
    }

    /// Whether no other task of the process can run, and the turn is young enough to go on.
    #[inline]
    fn is_alone(&self) -> bool {
        self.queues.borrow().are_empty() && self.take_operation()
    }

    /// Makes tasks ready when the queue is empty, in this order. The running one must suspend then.
    pub(crate) fn put_aside(&self, group: &[TaskId]) {
        let queues = &mut *self.queues.borrow_mut();
        for task in group {
            queues.later.push_back((Later::Aside, *task));
        }
    }

    fn wait_for(&self, kind: Later) {
        self.queues.borrow_mut().later.push_back((kind, self.current.get()));
    }

    /// Opens a wait of the running task.
    #[inline]
    pub fn ticket(&self) -> Ticket {
        let (task, number) = (self.current.get(), self.ticket_number());
        if let Some(place) = self.places.borrow_mut().get_mut(task as usize) {
            place.waiting = number;
            place.wake = None;
        }
        Ticket { task, number }
    }

    #[inline]
    pub fn is_waiting(&self, ticket: Ticket) -> bool {
        let places = self.places.borrow();
        let place = places.get(ticket.task as usize);
        place.is_some_and(|place| place.birth != 0 && place.waiting == ticket.number && place.wake.is_none())
    }

    /// Hands over the outcome of a wait; the caller decides when the task is woken. False if it is
    /// too late.
    pub fn complete(&self, ticket: Ticket, wake: Wake) -> bool {
        let mut places = self.places.borrow_mut();
        match places.get_mut(ticket.task as usize) {
            Some(place) if place.birth != 0 && place.waiting == ticket.number && place.wake.is_none() => {
                place.wake = Some(wake);
                true
            }
            _ => false,
        }
    }

    fn take_wake(&self, ticket: Ticket) -> Option<Wake> {
        let mut places = self.places.borrow_mut();
        let place = places
            .get_mut(ticket.task as usize)
            .filter(|place| place.birth != 0 && place.waiting == ticket.number)?;
        let wake = place.wake.take()?;
        place.waiting = 0;
        Some(wake)
    }

    fn give_up(&self, ticket: Ticket) {
        let mut places = self.places.borrow_mut();
        let place = places
            .get_mut(ticket.task as usize)
            .filter(|place| place.birth != 0 && place.waiting == ticket.number);
        let wake = place.and_then(|place| {
            place.waiting = 0;
            place.wake.take()
        });
        drop(places);
        drop(wake);
    }

    /// Whether every task is blocked in a select that nothing can complete.
    pub(crate) fn are_all_stuck(&self) -> bool {
        self.stuck.get() > 0 && self.stuck.get() == self.live.get()
    }

    /// Drops every body: the process, or a call of a function, is ending. Numbers go on.
    pub(crate) fn clear(&self) {
        let places = std::mem::take(&mut *self.places.borrow_mut());
        drop(places);
        drop(self.queues.take());
        self.live.set(0);
        self.free.set(0);
        self.stuck.set(0);
    }
}

/// What [`Tasks::refill`] made ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refill {
    Ready,
    /// Tasks that are about to start host operations.
    Host,
    Nothing,
}

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
    cx.check_suspension()?;
    if !may_operate_now(cx) {
        cx.process().tasks.wait_for(Later::HostOperation);
        Pause(false).await;
    }
    Ok(())
}

/// Whether nothing would happen before the running task goes on with a host operation.
#[inline]
pub(crate) fn may_operate_now(cx: Cx) -> bool {
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

/// Starts `body` as a task that runs first, up to where it blocks. Its place and birth.
///
/// # Errors
/// Nothing may suspend here.
pub async fn spawn(cx: Cx, body: Value) -> LuaResult<(TaskId, u32)> {
    cx.check_suspension()?;
    let tasks = &cx.process().tasks;
    let spawner = tasks.current.get();
    let started = tasks.start(Box::pin(async move { crate::ops::call::call_async(cx, &body, &[]).await }));
    tasks.wake(spawner);
    Pause(false).await;
    Ok(started)
}

/// Waits for what completes a ticket; dropped early, it gives the wait up.
pub struct Wait {
    cx: Cx,
    ticket: Ticket,
    is_stuck: bool,
    is_over: bool,
}

impl Wait {
    pub fn new(cx: Cx, ticket: Ticket) -> Wait {
        Wait { cx, ticket, is_stuck: false, is_over: false }
    }

    /// A wait that nothing can complete.
    pub fn stuck(cx: Cx) -> Wait {
        let tasks = &cx.process().tasks;
        tasks.stuck.set(tasks.stuck.get() + 1);
        Wait { cx, ticket: tasks.ticket(), is_stuck: true, is_over: false }
    }
}

impl Wait {
    /// What has completed it, once.
    #[inline]
    pub(crate) fn outcome(&mut self) -> Option<Wake> {
        let wake = self.cx.process().tasks.take_wake(self.ticket);
        self.is_over = wake.is_some();
        wake
    }
}

impl Future for Wait {
    type Output = Wake;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Wake> {
        self.outcome().map_or(Poll::Pending, Poll::Ready)
    }
}

impl Drop for Wait {
    #[inline]
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let tasks = &self.cx.process().tasks;
        tasks.give_up(self.ticket);
        if self.is_stuck {
            tasks.stuck.set(tasks.stuck.get().saturating_sub(1));
        }
    }
}
