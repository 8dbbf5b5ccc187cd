//! The one loop that runs a process: signals, mail, then its tasks until all are blocked.

use std::any::Any;
use std::ptr;
use std::task::{Context as TaskContext, Poll, Waker};

use crate::cx::{Context, Cx};
use crate::error::LuaResult;
use crate::function::BoxFuture;
use crate::process::details;
use crate::process::exit::{Cause, ExitError, Outcome};
use crate::process::external::Canceled;
use crate::process::item::Item;
use crate::process::mail;
use crate::process::message::Message;
use crate::process::meter;
use crate::process::signal::{ExitResult, Origin, Signal};
use crate::process::system::System;
use crate::process::task::{Refill, TaskId, Wake};
use crate::process::upgrade::Upgrade;
use crate::results::Multi;
use crate::sched::Slot;
use crate::sched::mailbox::{Envelope, Letters};
use crate::sched::slot::Letter;
use crate::sched::worker::STACK_BUDGET;
use crate::string::StaticStr;
use crate::table::{Key, Record, Table};
use crate::value::Value;

static EXIT: StaticStr = StaticStr::new(b"pid.exit");
static LINK_DOWN: StaticStr = StaticStr::new(b"pid.link.down");
static CANCEL: StaticStr = StaticStr::new(b"pid.cancel");

/// A process as its slot holds it. Its tasks are in the context, which drops them before the rest of
/// what their handles point to.
pub struct Process {
    pub(crate) context: Box<Context>,
}

impl Process {
    /// Where its context and the code of its first task are.
    pub(crate) fn addresses(&self) -> [usize; 2] {
        let code = self.cx().process().tasks.first_address();
        [ptr::from_ref(&*self.context).addr(), code]
    }

    pub(crate) fn cx(&self) -> Cx {
        // SAFETY: the handle is used during a turn and kept in the tasks, which do not outlive the
        // context; one worker runs a process at a time.
        unsafe { self.context.cx() }
    }
}

/// After so many host operations in one turn, other processes go first.
const OPERATIONS: u32 = 64;

/// Whether a process has ended.
pub enum Ended {
    No,
    /// Its turn is over although it could go on.
    Again,
    /// Its code is to be replaced.
    Upgrade(Box<Upgrade>),
    Yes(Box<Outcome>),
}

/// Handles `letters`, the signals that waited in `slot`, and runs the tasks until all are blocked. A
/// panic (a bug of ours) is caught by the worker, and ends this process alone.
#[inline(always)]
pub fn turn(system: &System, slot: &Slot, process: &mut Process, letters: Letters<Letter>) -> Ended {
    let cx = process.cx();
    cx.set_stack_budget(STACK_BUDGET);
    if cx.process().meter.is_some() {
        return metered(system, slot, cx, letters);
    }
    run_tasks(system, slot, cx, letters)
}

#[inline(never)]
fn metered(system: &System, slot: &Slot, cx: Cx, letters: Letters<Letter>) -> Ended {
    meter::turn(cx, || run_tasks(system, slot, cx, letters))
}

#[inline(never)]
fn run_tasks(system: &System, slot: &Slot, cx: Cx, letters: Letters<Letter>) -> Ended {
    let state = cx.process();
    state.tasks.begin_turn(OPERATIONS);
    let mut outcome = read(system, cx, letters);
    loop {
        if let Some(outcome) = outcome.take() {
            return Ended::Yes(outcome);
        }
        while let Some(task) = state.tasks.next_ready() {
            let outcome = poll(cx, task);
            if let Some(cause) = state.dying() {
                return Ended::Yes(forced(cause));
            }
            if let Some(outcome) = outcome {
                return Ended::Yes(outcome);
            }
            if let Some(ended) = state.if_rare(given_up).flatten() {
                return ended;
            }
        }
        match state.tasks.refill() {
            Refill::Ready => {}
            // Between host operations nothing of this process is half done: the others go first.
            Refill::Host if !state.tasks.take_operation() => return Ended::Again,
            Refill::Host => outcome = read(system, cx, slot.mailbox.take()),
            Refill::Nothing => return deadlock(cx).map_or(Ended::No, Ended::Yes),
        }
    }
}

/// Handles every signal that waits, `letters` last. The outcome, if one ends the process.
#[inline(always)]
fn read(system: &System, cx: Cx, letters: Letters<Letter>) -> Option<Box<Outcome>> {
    let state = cx.process();
    let mut outcome = None;
    if state.if_rare(|rare| !rare.early.is_empty()) == Some(true) {
        let early = state.rare().early.take();
        early.into_iter().for_each(|letter| read_one(system, cx, letter, &mut outcome));
    }
    for letter in letters {
        read_one(system, cx, letter, &mut outcome);
    }
    outcome
}

#[inline(always)]
fn read_one(system: &System, cx: Cx, letter: Box<Envelope<Letter>>, outcome: &mut Option<Box<Outcome>>) {
    let is_own = letter.content.to == cx.process().identity();
    if is_own && outcome.is_none() && letter.content.signal.is_message() {
        take_message(cx, letter);
    } else {
        take_other(system, cx, letter, outcome);
    }
}

/// Handles a signal, unless the process has ended.
#[inline(never)]
fn take_other(system: &System, cx: Cx, letter: Box<Envelope<Letter>>, outcome: &mut Option<Box<Outcome>>) {
    if letter.content.to != cx.process().identity() {
        system.undeliverable(letter.content);
    } else if outcome.is_none() {
        *outcome = handle(cx, letter.content.signal);
    } else {
        // Who asks to be told of the end has asked in time.
        cx.process().rare().early.push(letter, false);
    }
}

/// Handles a message, which becomes an object in the memory of its letter. Mostly the inbox has a task waiting
/// for it.
#[inline(never)]
fn take_message(cx: Cx, letter: Box<Envelope<Letter>>) {
    let mail = &cx.process().mail;
    let Signal::Message { from, topic, payload } = &letter.content.signal else { return };
    let inbox = mail.inbox_for(topic);
    let receiver = inbox.and_then(|inbox| inbox.take_single(cx));
    // Part by part: the whole would be copied to where it is taken apart.
    // SAFETY: the letter is forgotten then, so that each part is moved out once.
    let (from, topic, payload) = unsafe { (ptr::read(from), ptr::read(topic), ptr::read(payload)) };
    let is_counted = from.is_some();
    let memory = letter.into_memory();
    let message = Message::in_memory(cx, topic, from, payload.into_values(cx), memory);
    match (inbox, receiver) {
        (Some(inbox), Some(receiver)) => {
            if is_counted {
                cx.process().note_read();
            }
            inbox.hand_over(cx, receiver, message);
        }
        (Some(inbox), None) => mail.post_to(inbox, Item::of(message)),
        (None, _) => mail.post(Item::of(message)),
    }
}

/// Whether the task that just ran gave up its code.
fn given_up(rare: &mut crate::process::rare::Rare) -> Option<Ended> {
    if rare.terminated {
        return Some(Ended::Yes(forced(Cause::Terminated)));
    }
    rare.upgrade.take().map(Box::new).map(Ended::Upgrade)
}

/// A process whose every task is blocked in a select that nothing can complete has failed.
#[inline(always)]
fn deadlock(cx: Cx) -> Option<Box<Outcome>> {
    if cx.process().tasks.are_all_stuck() { forever(cx) } else { None }
}

#[cold]
fn forever(cx: Cx) -> Option<Box<Outcome>> {
    let state = cx.process();
    let is_hopeless = !state.mail.has_subscriptions() && state.timers.is_empty();
    is_hopeless.then(|| {
        let message = "deadlock: all coroutines blocked with no pending operations (threads=0)";
        Box::new(ExitError::new(message, "", Some(false)).into())
    })
}

#[inline(always)]
fn poll(cx: Cx, task: TaskId) -> Option<Box<Outcome>> {
    let tasks = &cx.process().tasks;
    let mut body = tasks.take_body(task)?;
    tasks.current.set(task);
    loop {
        match poll_body(cx, &mut body) {
            Poll::Pending => {
                tasks.put_body(task, body);
                return None;
            }
            Poll::Ready(result) => {
                if result.is_err()
                    && let Some((callee, args)) = cx.take_tail_call()
                {
                    // A tail call that bounced all the way out of the task goes on as its body.
                    body =
                        BoxFuture::new(async move { crate::ops::call::call_async(cx, &callee, &args).await });
                    continue;
                }
                return ended(cx, task, result);
            }
        }
    }
}

#[inline(always)]
fn poll_body(cx: Cx, body: &mut BoxFuture) -> Poll<LuaResult<Multi>> {
    cx.begin_task();
    let polled = body.as_mut().poll(&mut TaskContext::from_waker(Waker::noop()));
    cx.end_task();
    polled
}

fn ended(cx: Cx, task: TaskId, result: LuaResult<Multi>) -> Option<Box<Outcome>> {
    match result {
        Err(thrown) => Some(Box::new(Outcome::raised(cx, thrown))),
        Ok(results) if task == 0 => Some(Box::new(Outcome::returned(cx, results))),
        Ok(_) => {
            cx.process().tasks.finish(task);
            None
        }
    }
}

/// What a signal does before the body runs. The outcome, if it ends the process.
#[inline(always)]
pub(crate) fn handle(cx: Cx, signal: Signal) -> Option<Box<Outcome>> {
    match signal {
        Signal::Message { from, topic, payload } => {
            cx.process().mail.post(Item::new(cx, topic, from, payload.into_values(cx)));
            None
        }
        signal => handle_other(cx, signal),
    }
}

/// As [`handle`], of everything but messages.
#[inline(never)]
fn handle_other(cx: Cx, signal: Signal) -> Option<Box<Outcome>> {
    let state = cx.process();
    match signal {
        Signal::Message { .. } => {}
        Signal::Exit { from, result } => {
            state.relations().monitors.remove(from.identity);
            let (value, error) = match result {
                Ok(graph) => (graph.into_values(cx).first(), Value::NIL),
                Err(error) => (Value::NIL, error.to_value(cx)),
            };
            post_end(cx, &EXIT, from, value, error);
        }
        Signal::LinkDown { from, error } => {
            // Unlinked meanwhile: its end no longer matters.
            if !state.relations().links.remove(from.identity) {
                return None;
            }
            if !state.trap_links.get() {
                return Some(forced(Cause::Linked));
            }
            let error = error.to_value(cx);
            post_end(cx, &LINK_DOWN, from, Value::NIL, error);
        }
        Signal::Cancel(cancel) => {
            let from = match &cancel.from {
                Origin::Process(pid) => pid_value(cx, *pid),
                Origin::Host(name) => name.as_str().into(),
            };
            let reason = Value::string(&cancel.reason);
            state.mail.post_event(cx, mail::event(cx, &mail::ASKED, &CANCEL, from, reason));
            if cancel.is_shutdown {
                interrupt(cx);
            }
        }
        Signal::Terminate(cause) => return Some(forced(cause)),
        Signal::Timer(word) => state.timers.fire(cx, word),
        Signal::External { ticket, value } => {
            if let Some(number) = ticket.future() {
                settle(cx, number, value);
                return None;
            }
            if state.tasks.complete(ticket, Wake::External(value)) {
                state.tasks.wake(ticket.task);
            }
        }
        Signal::Watch(_) | Signal::Unwatch(_) | Signal::Link(_) | Signal::Unlink(_) => {
            state.relations().hear(&signal);
        }
        Signal::Inquire(inquiry) => details::answer(cx, &inquiry),
    }
    None
}

fn forced(cause: Cause) -> Box<Outcome> {
    Box::new(Outcome::forced(cause))
}

fn settle(cx: Cx, number: u32, value: Box<dyn Any + Send>) {
    let result = value.downcast::<ExitResult>().map(|result| *result);
    let lost = |_| Err(Box::new(ExitError::new("no response received", "Internal", Some(false))));
    crate::stdlib::funcs::settle(cx, number, result.unwrap_or_else(lost));
}

fn pid_value(cx: Cx, pid: crate::process::pid::Pid) -> Value {
    cx.process().pid_value_of(&pid)
}

/// An event about the end of another process, `result` and all.
fn post_end(cx: Cx, kind: &'static StaticStr, from: crate::process::pid::Pid, value: Value, error: Value) {
    static VALUE: Record<1> = Record::new([Key::new(b"value")]);
    static ERROR: Record<1> = Record::new([Key::new(b"error")]);
    // A process ends with one of them, or with neither.
    let result = match (value.is_nil(), error.is_nil()) {
        (false, _) => Table::record_exact(cx, &VALUE, [value]),
        (true, false) => Table::record_exact(cx, &ERROR, [error]),
        (true, true) => Table::new(cx),
    };
    let event = mail::event(cx, &mail::ENDED, kind, pid_value(cx, from), result);
    cx.process().mail.post_event(cx, event);
}

/// The program's stop: reads of the terminal end now, so that the program can say goodbye.
fn interrupt(cx: Cx) {
    let state = cx.process();
    state.is_shutting_down.set(true);
    let tickets = state.if_rare(|rare| std::mem::take(&mut rare.interruptible)).unwrap_or_default();
    for ticket in tickets {
        if state.tasks.complete(ticket, Wake::External(Box::new(Canceled))) {
            state.tasks.wake(ticket.task);
        }
    }
}
