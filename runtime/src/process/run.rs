//! The one loop that runs a process: signals, mail, then its tasks until all are blocked.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};

use crate::cx::{Context, Cx};
use crate::function::BoxFuture;
use crate::process::exit::Outcome;
use crate::process::mail::{self, Item};
use crate::process::signal::Signal;
use crate::process::state::Watcher;
use crate::process::system::System;
use crate::process::task::TaskId;
use crate::sched::worker::STACK_BUDGET;
use crate::table::Table;
use crate::value::Value;

/// A process as its slot holds it. The tasks are declared first: they are dropped before the
/// context that their handles point to.
pub struct Process {
    pub(crate) tasks: Vec<(TaskId, BoxFuture)>,
    pub(crate) context: Box<Context>,
}

impl Process {
    pub(crate) fn cx(&self) -> Cx {
        // SAFETY: the handle is used during a turn and kept in the tasks, which are dropped before
        // the context; one worker runs a process at a time.
        unsafe { self.context.cx() }
    }
}

/// Handles `signals` and runs the tasks until all are blocked. The outcome, if the process ended.
/// A panic (a bug of ours) ends this process alone.
pub fn turn(process: &mut Process, signals: Vec<Signal>) -> Option<Outcome> {
    let run = AssertUnwindSafe(|| {
        process.cx().set_stack_budget(STACK_BUDGET);
        for signal in signals {
            if let Some(outcome) = handle(process.cx(), signal) {
                return Some(outcome);
            }
        }
        run_tasks(process)
    });
    match catch_unwind(run) {
        Ok(ended) => ended,
        Err(_) => Some(Outcome::failed("internal error: the runtime panicked")),
    }
}

fn run_tasks(process: &mut Process) -> Option<Outcome> {
    let cx = process.cx();
    let state = cx.process();
    loop {
        state.mail.deliver(cx);
        loop {
            while let Some(task) = state.tasks.next_ready() {
                process.tasks.extend(state.tasks.take_born());
                if let Some(outcome) = poll(process, task) {
                    return Some(outcome);
                }
            }
            if !state.tasks.refill() {
                break;
            }
        }
        state.mail.deliver(cx);
        if !state.tasks.refill() {
            return None;
        }
    }
}

fn poll(process: &mut Process, task: TaskId) -> Option<Outcome> {
    let cx = process.cx();
    let at = process.tasks.iter().position(|(id, _)| *id == task)?;
    let (_, body) = process.tasks.get_mut(at)?;
    cx.process().tasks.current.set(task);
    let polled = {
        let _allowed = cx.allow_suspension();
        body.as_mut().poll(&mut TaskContext::from_waker(Waker::noop()))
    };
    let Poll::Ready(mut result) = polled else { return None };
    while result.is_err() {
        // A tail call that bounced all the way out of the task goes on as its body.
        let Some((callee, args)) = cx.take_tail_call() else { break };
        let mut next: BoxFuture =
            Box::pin(async move { crate::ops::call::call_async(cx, &callee, &args).await });
        let polled = {
            let _allowed = cx.allow_suspension();
            next.as_mut().poll(&mut TaskContext::from_waker(Waker::noop()))
        };
        match polled {
            Poll::Ready(again) => result = again,
            Poll::Pending => {
                if let Some(slot) = process.tasks.get_mut(at) {
                    slot.1 = next;
                }
                return None;
            }
        }
    }
    match result {
        Err(thrown) => Some(Outcome::raised(cx, thrown)),
        Ok(results) if task == 0 => Some(Outcome::returned(cx, results)),
        Ok(_) => {
            drop(process.tasks.swap_remove(at));
            None
        }
    }
}

/// What a signal does before the body runs.
fn handle(cx: Cx, signal: Signal) -> Option<Outcome> {
    let state = cx.process();
    match signal {
        Signal::Message { from, topic, payload } => {
            state.mail.post(Item { topic, from, payloads: payload.into_values(cx) });
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
                for (_, waiter) in state.externals.take() {
                    if waiter.complete(Box::new(crate::process::external::Canceled)) {
                        state.tasks.wake(waiter.task);
                    }
                }
            }
        }
        Signal::Terminate => return Some(Outcome::failed("process terminated")),
        Signal::Timer(id) => {
            if let Some(action) = state.take_timer(id) {
                action(cx);
            }
        }
        Signal::External { token, value } => {
            let mut externals = state.externals.borrow_mut();
            let at = externals.iter().position(|(own, _)| *own == token);
            let waiter = at.map(|at| externals.swap_remove(at).1);
            drop(externals);
            if let Some(waiter) = waiter
                && waiter.complete(value)
            {
                state.tasks.wake(waiter.task);
            }
        }
        Signal::Watch { watcher } => state.watchers.borrow_mut().push(Watcher::Process(watcher)),
        Signal::Unwatch { watcher } => state.watchers.borrow_mut().retain(|known| match known {
            Watcher::Process(sender) => sender.identity != Some(watcher),
            Watcher::Host(_) => true,
        }),
    }
    None
}

/// The end, in the order others may observe: unreachable, nameless, watchers told, memory freed.
pub fn finish(system: &Arc<System>, process: Process, outcome: &Outcome) {
    let state = process.cx().process();
    let own = state.sender();
    system.retire(state.identity, &state.pid);
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
    // Tasks first: they hold values and handles of the context.
    let Process { tasks, context } = process;
    drop(tasks);
    drop(context);
}
