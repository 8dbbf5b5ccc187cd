//! The coroutines of a process: tasks that run in turn, each until it blocks.
//!
//! Observable order (`docs/process-contract.md`, "Tasks"): a FIFO run queue; tasks that yielded to
//! hand something over are appended, with those they woke, when the queue is empty; subscriptions
//! come next; host operations start only when nothing else can run.
//!
//! A blocked operation is known by its [`Ticket`]. Whoever completes it stores a [`Wake`] with the
//! task; a ticket that was given up or completed matches nothing any more, so no list of waiters
//! needs to be cleaned for safety.
//!
//! [`Tasks`] is who runs next; a [`wait`](Wait) is a future for whoever is blocked; [`pause`] lets others go first.

mod operation;
mod pause;
mod ticket;
mod wait;

use std::any::Any;
use std::cell::{Cell, OnceCell};

use crate::channel::Event;
use crate::function::BoxFuture;
use crate::process::crew::{Crew, Later, Task};
use crate::value::Value;

pub use operation::{Act, Operation};
pub use pause::{host_operation, spawn, subscription, yield_now, yield_with};
pub(crate) use pause::{must_wait_to_operate, pause};
pub use ticket::Ticket;
pub use wait::Wait;

/// A task of one process, for as long as it lives; 0 is main.
pub type TaskId = u32;

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

/// No task.
const NOBODY: TaskId = u32::MAX;

/// Every task of a process, and who runs next. Most processes have one task, which costs nothing
/// beside this.
pub struct Tasks {
    main: Task,
    pub current: Cell<TaskId>,
    /// Numbers tickets and births; never 0 again once it started.
    counter: Cell<u32>,
    /// The task that is ready first, or [`NOBODY`].
    next: Cell<TaskId>,
    /// How many host operations may start in this turn without a look around.
    operations: Cell<u32>,
    crew: OnceCell<Box<Crew>>,
}

impl Tasks {
    pub(crate) const fn new() -> Tasks {
        Tasks {
            main: Task::new(),
            current: Cell::new(0),
            counter: Cell::new(0),
            next: Cell::new(NOBODY),
            operations: Cell::new(0),
            crew: OnceCell::new(),
        }
    }

    /// Whether there never was a task beside the first.
    #[inline]
    pub(crate) fn has_no_crew(&self) -> bool {
        self.crew.get().is_none()
    }

    /// Drops the body of the first task, and what woke it.
    #[inline]
    pub(crate) fn end_main(&self) {
        self.main.end(0);
    }

    fn crew(&self) -> &Crew {
        self.crew.get_or_init(Box::default)
    }

    #[inline(always)]
    fn with_task<R>(&self, task: TaskId, work: impl FnOnce(&Task) -> R) -> Option<R> {
        if task == 0 { Some(work(&self.main)) } else { self.crew.get()?.with_task(task, work) }
    }

    #[inline(always)]
    pub(crate) fn ticket_number(&self) -> u32 {
        let number = self.counter.get().checked_add(1).unwrap_or(1);
        self.counter.set(number);
        number
    }

    /// Starts the first task of a fresh process.
    #[inline]
    pub(crate) fn start_first(&self, body: BoxFuture) {
        debug_assert!(self.main.birth.get() == 0 && self.next.get() == NOBODY);
        self.main.begin(body, self.ticket_number());
        self.next.set(0);
    }

    /// Where the body of the first task is, while it does not run.
    pub(crate) fn first_address(&self) -> usize {
        let body = self.main.body.take();
        let address = body.as_ref().map_or(0, BoxFuture::address);
        self.main.body.set(body);
        address
    }

    /// Adds a task at the end of the run queue.
    pub fn start(&self, body: BoxFuture) -> (TaskId, u32) {
        let birth = self.ticket_number();
        let id = if self.main.birth.get() == 0 {
            self.main.begin(body, birth);
            0
        } else {
            self.crew().start(body, birth)
        };
        self.wake(id);
        (id, birth)
    }

    #[inline(always)]
    pub fn wake(&self, task: TaskId) {
        let is_first =
            self.next.get() == NOBODY && self.crew.get().is_none_or(|crew| crew.ready.borrow().is_empty());
        if is_first {
            self.next.set(task);
        } else {
            self.crew().ready.borrow_mut().push_back(task);
        }
    }

    #[inline(always)]
    pub(crate) fn next_ready(&self) -> Option<TaskId> {
        match self.next.replace(NOBODY) {
            NOBODY => self.crew.get()?.ready.borrow_mut().pop_front(),
            task => Some(task),
        }
    }

    #[inline(always)]
    pub(crate) fn take_body(&self, task: TaskId) -> Option<BoxFuture> {
        self.with_task(task, |place| place.body.take()).flatten()
    }

    #[inline(always)]
    pub(crate) fn put_body(&self, task: TaskId, body: BoxFuture) {
        self.with_task(task, |place| place.body.set(Some(body)));
    }

    /// The task has returned; it was not the first.
    pub(crate) fn finish(&self, task: TaskId) {
        if let Some(crew) = self.crew.get() {
            crew.finish(task);
        }
    }

    /// What [`Tasks::keep_thread`] kept of a living task.
    pub(crate) fn thread(&self, task: TaskId) -> Option<Value> {
        let threads = self.crew.get()?.threads.borrow();
        threads.get(task as usize).filter(|thread| !thread.is_nil()).cloned()
    }

    /// Keeps what stands for a task until the task ends.
    pub(crate) fn keep_thread(&self, task: TaskId, thread: Value) {
        let mut threads = self.crew().threads.borrow_mut();
        let place = task as usize;
        if threads.len() <= place {
            threads.resize(place + 1, Value::NIL);
        }
        if let Some(known) = threads.get_mut(place) {
            *known = thread;
        }
    }

    /// The birth of a living task.
    pub fn birth(&self, task: TaskId) -> Option<u32> {
        self.with_task(task, |place| place.birth.get()).filter(|birth| *birth != 0)
    }

    pub fn status(&self, task: TaskId, birth: u32) -> Status {
        let status = self.with_task(task, |place| {
            let body = place.body.take();
            let is_running = body.is_none();
            place.body.set(body);
            match (place.birth.get() == birth, is_running) {
                (true, true) => Status::Running,
                (true, false) => Status::Suspended,
                (false, _) => Status::Dead,
            }
        });
        status.unwrap_or(Status::Dead)
    }

    /// Makes the tasks of the next step ready, in the order of the module's opening. The caller
    /// reads the mail before host operations start.
    #[inline(always)]
    pub(crate) fn refill(&self) -> Refill {
        match self.crew.get().filter(|crew| !crew.later.borrow().is_empty()) {
            None => Refill::Nothing,
            Some(crew) => self.promote_next(crew),
        }
    }

    fn promote_next(&self, crew: &Crew) -> Refill {
        if self.promote(crew, Later::Aside) || self.promote(crew, Later::Subscription) {
            return Refill::Ready;
        }
        self.promote(crew, Later::HostOperation);
        Refill::Host
    }

    /// Makes all tasks of this kind ready. False if there are none.
    fn promote(&self, crew: &Crew, kind: Later) -> bool {
        let later = &mut *crew.later.borrow_mut();
        let before = later.len();
        later.retain(|(own, task)| {
            if *own == kind {
                self.wake(*task);
            }
            *own != kind
        });
        later.len() != before
    }

    /// A turn of the process begins; it may start so many host operations in a row.
    #[inline(always)]
    pub(crate) fn begin_turn(&self, operations: u32) {
        self.operations.set(operations);
    }

    /// One more host operation in this turn; false if there were enough.
    #[inline(always)]
    pub(crate) fn take_operation(&self) -> bool {
        let left = self.operations.get();
        self.operations.set(left.saturating_sub(1));
        left > 0
    }

    /// Whether no other task of the process can run, and the turn is young enough to go on.
    #[inline(always)]
    pub(crate) fn is_alone(&self) -> bool {
        let is_empty = |crew: &Crew| crew.ready.borrow().is_empty() && crew.later.borrow().is_empty();
        self.next.get() == NOBODY
            && self.crew.get().is_none_or(|crew| is_empty(crew))
            && self.take_operation()
    }

    /// Makes tasks ready when the queue is empty, in this order. The running one must suspend then.
    pub(crate) fn put_aside(&self, group: &[TaskId]) {
        self.crew().later.borrow_mut().extend(group.iter().map(|task| (Later::Aside, *task)));
    }

    fn wait_for(&self, kind: Later) {
        self.crew().later.borrow_mut().push_back((kind, self.current.get()));
    }

    /// The running task goes on when the process has read its mail: in its next turn, if this one has been
    /// long.
    pub(crate) fn read_mail_first(&self, is_long: bool) {
        self.wait_for(Later::HostOperation);
        if is_long {
            self.operations.set(0);
        }
    }

    /// Opens a wait of the running task.
    #[inline(always)]
    pub fn ticket(&self) -> Ticket {
        let (task, number) = (self.current.get(), self.ticket_number());
        self.with_task(task, |place| place.wait(number));
        Ticket::new(task, number)
    }

    #[inline(always)]
    pub fn is_waiting(&self, ticket: Ticket) -> bool {
        let is_waiting = |place: &Task| place.has_ticket(ticket.number()) && !place.is_woken();
        self.with_task(ticket.task, is_waiting).unwrap_or_default()
    }

    /// Hands over the outcome of a wait; the caller decides when the task is woken. False if it is
    /// too late.
    #[inline(always)]
    pub fn complete(&self, ticket: Ticket, wake: Wake) -> bool {
        let is_waiting = self.is_waiting(ticket);
        if is_waiting {
            self.hand_over(ticket, wake);
        }
        is_waiting
    }

    /// As [`Tasks::complete`], of a wait that is known to go on.
    #[inline(always)]
    pub fn hand_over(&self, ticket: Ticket, wake: Wake) {
        debug_assert!(self.is_waiting(ticket));
        if ticket.task == 0 {
            self.main.give(wake);
        } else {
            self.hand_over_in_crew(ticket.task, wake);
        }
    }

    /// As [`Tasks::hand_over`], to the first task, which is woken too.
    #[inline(always)]
    pub(crate) fn hand_over_to_main(&self, wake: Wake) {
        self.main.give(wake);
        self.wake(0);
    }

    #[inline(never)]
    fn hand_over_in_crew(&self, task: TaskId, wake: Wake) {
        self.with_task(task, |place| place.give(wake));
    }

    #[inline(always)]
    fn take_wake(&self, ticket: Ticket) -> Option<Wake> {
        self.with_task(ticket.task, |place| {
            let wake =
                if place.has_ticket(ticket.number()) { place.wake.replace(None)? } else { return None };
            place.waiting.set(0);
            Some(wake)
        })?
    }

    fn give_up(&self, ticket: Ticket) {
        let wake = self.with_task(ticket.task, |place| {
            if !place.has_ticket(ticket.number()) {
                return None;
            }
            place.waiting.set(0);
            place.wake.replace(None)
        });
        drop(wake);
    }

    /// One task more, or less, is blocked for good.
    fn count_stuck(&self, change: i32) {
        let stuck = &self.crew().stuck;
        stuck.set(stuck.get().saturating_add_signed(change));
    }

    /// Whether every task is blocked in a select that nothing can complete.
    #[inline(always)]
    pub(crate) fn are_all_stuck(&self) -> bool {
        let Some(crew) = self.crew.get().filter(|crew| crew.stuck.get() > 0) else { return false };
        crew.stuck.get() == crew.live.get() + u32::from(self.main.birth.get() != 0)
    }

    /// Drops every body: the process, or a call of a function, is ending. Numbers go on.
    pub(crate) fn clear(&self) {
        self.main.end(0);
        self.next.set(NOBODY);
        if let Some(crew) = self.crew.get() {
            crew.clear();
        }
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
