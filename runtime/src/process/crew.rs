//! Where the tasks of a process are: the first has a place of its own, and most processes have no other.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use crate::function::BoxFuture;
use crate::heap::counted;
use crate::held::Place;
use crate::process::task::{TaskId, Wake};
use crate::value::Value;

pub(super) struct Task {
    /// Taken while the task is polled.
    pub(super) body: Cell<Option<BoxFuture>>,
    pub(super) wake: Place<Option<Wake>>,
    /// Tells this task from earlier ones of the same place; 0 is a free place.
    pub(super) birth: Cell<u32>,
    /// The ticket's number of the current wait; 0 when it does not wait. In a free place: the next
    /// free place, or 0.
    pub(super) waiting: Cell<u32>,
}

impl Default for Task {
    fn default() -> Task {
        Task::new()
    }
}

impl Task {
    pub(super) const fn new() -> Task {
        Task { body: Cell::new(None), wake: Place::new(None), birth: Cell::new(0), waiting: Cell::new(0) }
    }

    /// Moves a new task in.
    #[inline]
    pub(super) fn begin(&self, body: BoxFuture, birth: u32) {
        let before = self.body.replace(Some(body));
        debug_assert!(before.is_none());
        // The compiler does not know that there is nothing to drop.
        std::mem::forget(before);
        self.birth.set(birth);
        self.waiting.set(0);
    }

    /// Leaves the place free; `next` is the next free one.
    pub(super) fn end(&self, next: u32) {
        drop(self.body.take());
        self.wake.clear();
        self.birth.set(0);
        self.waiting.set(next);
    }

    #[inline(always)]
    pub(super) fn has_ticket(&self, number: u32) -> bool {
        self.birth.get() != 0 && self.waiting.get() == number
    }

    /// A wait begins.
    #[inline(always)]
    pub(super) fn wait(&self, number: u32) {
        self.waiting.set(number);
        if self.is_woken() {
            self.forget_wake();
        }
    }

    #[cold]
    fn forget_wake(&self) {
        self.wake.clear();
    }

    /// It is woken, which it was not before.
    #[inline(always)]
    pub(super) fn give(&self, wake: Wake) {
        let before = self.wake.replace(Some(wake));
        debug_assert!(before.is_none());
        // The compiler does not know that there is nothing to drop.
        std::mem::forget(before);
    }

    /// Whether it has been woken already.
    #[inline(always)]
    pub(super) fn is_woken(&self) -> bool {
        // SAFETY: only looks.
        unsafe { self.wake.with(|wake| wake.is_some()) }
    }
}

/// What a process with several tasks has beside the first.
#[derive(Default)]
pub(super) struct Crew {
    /// Tasks from 1 on.
    pub(super) tasks: RefCell<Vec<Task>>,
    /// What stands for each task, the first one's before all others; nil where nobody has asked.
    pub(super) threads: RefCell<Vec<Value>>,
    /// Those that are ready, after [`Tasks::next`].
    pub(super) ready: RefCell<VecDeque<TaskId>>,
    /// Tasks that are not ready yet, each kind in the order they came.
    pub(super) later: RefCell<VecDeque<(Later, TaskId)>>,
    /// How many of its tasks live.
    pub(super) live: Cell<u32>,
    /// The first free place, or 0.
    pub(super) free: Cell<TaskId>,
    /// Tasks blocked in a select that nothing can ever complete.
    pub(super) stuck: Cell<u32>,
}

/// What a task waits for that is not ready yet: first come the first of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Later {
    /// That the queue is empty.
    Aside,
    Subscription,
    HostOperation,
}

/// What a task counts for (`heap/counted`) beside the containers it holds: its place, its body and the
/// frames of a few calls.
const SIZE: usize = 1024;

impl Crew {
    pub(super) fn with_task<R>(&self, task: TaskId, work: impl FnOnce(&Task) -> R) -> Option<R> {
        self.tasks.borrow().get((task as usize).checked_sub(1)?).map(work)
    }

    pub(super) fn start(&self, body: BoxFuture, birth: u32) -> TaskId {
        self.live.set(self.live.get() + 1);
        counted::add(SIZE);
        let free = self.free.get();
        let reused = self.with_task(free, |place| {
            self.free.set(place.waiting.get());
            place.wake.replace(None)
        });
        let mut tasks = self.tasks.borrow_mut();
        if reused.is_none() {
            tasks.push(Task::default());
        }
        let id = if reused.is_none() { u32::try_from(tasks.len()).unwrap_or(u32::MAX) } else { free };
        if let Some(task) = tasks.get((id as usize).wrapping_sub(1)) {
            task.begin(body, birth);
        }
        id
    }

    /// Drops every task.
    pub(super) fn clear(&self) {
        drop(self.tasks.take());
        drop((self.ready.take(), self.later.take(), self.threads.take()));
        counted::remove(SIZE * self.live.take() as usize);
        self.free.set(0);
        self.stuck.set(0);
    }

    pub(super) fn finish(&self, task: TaskId) {
        let next = self.free.get();
        if self.with_task(task, |place| place.end(next)).is_some() {
            let thread = self.threads.borrow_mut().get_mut(task as usize).map(std::mem::take);
            drop(thread);
            self.free.set(task);
            self.live.set(self.live.get().saturating_sub(1));
            counted::remove(SIZE);
        }
    }
}
