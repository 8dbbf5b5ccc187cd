//! Operations outside of the process: a task waits, any thread completes.

use std::any::Any;
use std::sync::Arc;

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::process::signal::Signal;
use crate::process::system::System;
use crate::process::task::{Ticket, Wait, Wake, host_operation};
use crate::sched::Identity;

/// What an operation that will never complete is told.
pub struct Canceled;

/// Completes one operation, from any thread. Dropped, it cancels the operation.
pub struct Completer {
    system: Arc<System>,
    identity: Identity,
    ticket: Ticket,
    done: bool,
}

impl Completer {
    /// Completes the future of that number.
    pub fn for_future(cx: Cx, system: &Arc<System>, number: u32) -> Completer {
        let identity = cx.process().identity();
        Completer { system: system.clone(), identity, ticket: Ticket::of_future(number), done: false }
    }

    /// Whether the process that waits is still alive.
    pub fn is_wanted(&self) -> bool {
        self.system.is_alive(self.identity)
    }

    /// Hands the value to the waiting task.
    pub fn complete(mut self, value: impl Any + Send) {
        self.done = true;
        self.send(Box::new(value));
    }

    fn send(&self, value: Box<dyn Any + Send>) {
        self.system.signal(self.identity, Signal::External { ticket: self.ticket, value });
    }
}

impl Drop for Completer {
    fn drop(&mut self) {
        if !self.done {
            self.send(Box::new(Canceled));
        }
    }
}

/// What may end an operation outside of the process early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupt {
    /// The program's stop: reads of the terminal.
    Shutdown,
    Nothing,
}

impl Cx {
    /// Starts an operation outside of the process and waits for its value; `None` if it was
    /// canceled. `start` is called when nothing else of the process can run.
    ///
    /// # Errors
    /// Nothing may suspend here.
    pub async fn external<T: Any + Send>(
        self,
        interrupt: Interrupt,
        start: impl FnOnce(Completer),
    ) -> LuaResult<Option<T>> {
        host_operation(self).await?;
        let state = self.process();
        if interrupt == Interrupt::Shutdown && state.is_shutting_down.get() {
            return Ok(None);
        }
        let Some(system) = state.system.as_ref().map(|system| Arc::clone(system)) else {
            return Err(self.throw_text("no process context"));
        };
        let ticket = state.tasks.ticket();
        if interrupt == Interrupt::Shutdown {
            state.rare().interruptible.push(ticket);
        }
        start(Completer { system, identity: state.identity(), ticket, done: false });
        let wake = Wait::new(self, ticket).await;
        if interrupt == Interrupt::Shutdown {
            state.rare().interruptible.retain(|own| *own != ticket);
        }
        Ok(match wake {
            Wake::External(value) => value.downcast::<T>().ok().map(|value| *value),
            Wake::Elapsed | Wake::Channel(_) => None,
        })
    }
}
