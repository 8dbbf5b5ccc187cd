//! The one loop that runs a process: signals, mail, then its tasks until all are blocked.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};

use crate::cx::{Context, Cx};
use crate::error::LuaResult;
use crate::function::BoxFuture;
use crate::process::exit::{ExitError, Outcome};
use crate::process::external::Canceled;
use crate::process::mail::{self, Item};
use crate::process::signal::Signal;
use crate::process::state::Watcher;
use crate::process::system::System;
use crate::process::task::{Refill, TaskId, Wake};
use crate::results::Multi;
use crate::sched::Identity;
use crate::sched::slot::Letter;
use crate::sched::worker::STACK_BUDGET;
use crate::table::Table;
use crate::value::Value;

/// A process as its slot holds it. Its tasks are in the context, which drops them before the rest of
/// what their handles point to.
pub struct Process {
    pub(crate) context: Box<Context>,
}

impl Process {
    pub(crate) fn identity(&self) -> Identity {
        self.cx().process().identity
    }

    pub(crate) fn cx(&self) -> Cx {
        // SAFETY: the handle is used during a turn and kept in the tasks, which do not outlive the
        // context; one worker runs a process at a time.
        unsafe { self.context.cx() }
    }
}

/// Handles the signals that `drain` gives and runs the tasks until all are blocked. The outcome, if
/// the process ended. A panic (a bug of ours) ends this process alone.
pub fn turn(process: &mut Process, drain: impl FnMut() -> Vec<Signal>) -> Option<Outcome> {
    let run = AssertUnwindSafe(|| {
        process.cx().set_stack_budget(STACK_BUDGET);
        run_tasks(process.cx(), drain)
    });
    match catch_unwind(run) {
        Ok(ended) => ended,
        Err(_) => Some(Outcome::failed("internal error: the runtime panicked")),
    }
}

fn run_tasks(cx: Cx, mut drain: impl FnMut() -> Vec<Signal>) -> Option<Outcome> {
    let state = cx.process();
    let mut refill = Refill::Host;
    loop {
        if refill == Refill::Host {
            for signal in drain() {
                if let Some(outcome) = handle(cx, signal) {
                    return Some(outcome);
                }
            }
        }
        while let Some(task) = state.tasks.next_ready() {
            if let Some(outcome) = poll(cx, task) {
                return Some(outcome);
            }
        }
        refill = state.tasks.refill();
        if refill == Refill::Nothing {
            return deadlock(cx);
        }
    }
}

/// A process whose every task is blocked in a select that nothing can complete has failed.
fn deadlock(cx: Cx) -> Option<Outcome> {
    let state = cx.process();
    let is_hopeless =
        state.tasks.are_all_stuck() && !state.mail.has_subscriptions() && state.timers.is_empty();
    is_hopeless.then(|| {
        let message = "deadlock: all coroutines blocked with no pending operations (threads=0)";
        Outcome::Error(ExitError::new(message, "", Some(false)))
    })
}

fn poll(cx: Cx, task: TaskId) -> Option<Outcome> {
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
                    body = Box::pin(async move { crate::ops::call::call_async(cx, &callee, &args).await });
                    continue;
                }
                return ended(cx, task, result);
            }
        }
    }
}

fn poll_body(cx: Cx, body: &mut BoxFuture) -> Poll<LuaResult<Multi>> {
    let _allowed = cx.allow_suspension();
    body.as_mut().poll(&mut TaskContext::from_waker(Waker::noop()))
}

fn ended(cx: Cx, task: TaskId, result: LuaResult<Multi>) -> Option<Outcome> {
    match result {
        Err(thrown) => Some(Outcome::raised(cx, thrown)),
        Ok(results) if task == 0 => Some(Outcome::returned(cx, results)),
        Ok(_) => {
            cx.process().tasks.finish(task);
            None
        }
    }
}

/// What a signal does before the body runs.
fn handle(cx: Cx, signal: Signal) -> Option<Outcome> {
    let state = cx.process();
    match signal {
        Signal::Message { from, topic, payload } => {
            state.mail.post(Item::new(topic, from, payload.into_values(cx)));
        }
        Signal::Exit { from, result } => {
            let (value, error) = match result {
                Ok(graph) => (graph.into_values(cx).pop().unwrap_or_default(), Value::NIL),
                Err(error) => (Value::NIL, error.into_value(cx)),
            };
            let table = Table::new(cx);
            if let Some(fields) = table.as_table() {
                fields.set_text("value", value);
                fields.set_text("error", error);
            }
            state.mail.post(mail::event(cx, "pid.exit", &from, vec![("result", table)]));
        }
        Signal::Cancel { from, reason, shutdown } => {
            let from = crate::process::signal::Sender { text: from, identity: None };
            state.mail.post(mail::event(cx, "pid.cancel", &from, vec![("reason", reason.into())]));
            if shutdown {
                state.is_shutting_down.set(true);
                // Reads of the terminal that are pending end now, so that the program can say goodbye.
                for ticket in state.externals.take() {
                    if state.tasks.complete(ticket, Wake::External(Box::new(Canceled))) {
                        state.tasks.wake(ticket.task);
                    }
                }
            }
        }
        Signal::Terminate(cause) => return Some(Outcome::forced(cause)),
        Signal::Timer(word) => state.timers.fire(cx, word),
        Signal::External { ticket, value } => {
            if state.tasks.complete(ticket, Wake::External(value)) {
                state.tasks.wake(ticket.task);
            }
        }
        Signal::Watch { watcher } => state.watchers.borrow_mut().push(Watcher::Process(watcher)),
        Signal::Unwatch { watcher } => state.unwatch(watcher),
    }
    None
}

/// The end, in the order others may observe: unreachable, nameless, watchers told, memory freed.
pub fn finish(system: &Arc<System>, process: Process, outcome: &Outcome) {
    let state = process.cx().process();
    let own = state.sender();
    for letter in system.retire(state.identity, &state.pid) {
        match letter.signal {
            // It asked in time, so it is told like the others.
            Signal::Watch { watcher } if letter.to == state.identity => {
                state.watchers.borrow_mut().push(Watcher::Process(watcher));
            }
            Signal::Unwatch { watcher } if letter.to == state.identity => state.unwatch(watcher),
            signal => system.undeliverable(Letter { signal, ..letter }),
        }
    }
    for watcher in state.watchers.take() {
        match watcher {
            Watcher::Process(watcher) => {
                if let Some(identity) = watcher.identity {
                    system
                        .signal(identity, Signal::Exit { from: own.clone(), result: outcome.for_process() });
                }
            }
            Watcher::Host(tell) => tell(outcome.for_host()),
        }
    }
    drop(process);
}
