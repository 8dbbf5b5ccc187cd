//! Operations outside of the process: a task waits, any thread completes.

use std::any::Any;
use std::sync::Arc;

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::process::signal::Signal;
use crate::process::system::System;
use crate::process::task::{Wait, Waiter, host_operation};
use crate::sched::Identity;

/// What an operation that will never complete is told.
pub struct Canceled;

/// Completes one operation, from any thread. Dropped, it cancels the operation.
pub struct Completer {
    system: Arc<System>,
    identity: Identity,
    token: u64,
    done: bool,
}

impl Completer {
    /// Hands the value to the waiting task.
    pub fn complete(mut self, value: impl Any + Send) {
        self.done = true;
        self.send(Box::new(value));
    }

    fn send(&self, value: Box<dyn Any + Send>) {
        self.system.signal(self.identity, Signal::External { token: self.token, value });
    }
}

impl Drop for Completer {
    fn drop(&mut self) {
        if !self.done {
            self.send(Box::new(Canceled));
        }
    }
}

impl Cx {
    /// Starts an operation outside of the process and waits for its value; `None` if it was
    /// canceled. `start` is called when nothing else of the process can run.
    ///
    /// # Errors
    /// Nothing may suspend here.
    pub async fn external<T: Any + Send>(self, start: impl FnOnce(Completer)) -> LuaResult<Option<T>> {
        host_operation(self).await?;
        let state = self.process();
        let Some(system) = state.system.clone() else {
            return Err(self.throw_text("no process context"));
        };
        let token = state.next_token();
        let waiter = Waiter::new(self);
        state.externals.borrow_mut().push((token, waiter.clone()));
        start(Completer { system, identity: state.identity, token, done: false });
        let value: Box<dyn Any + Send> = Wait(waiter).await;
        Ok(value.downcast::<T>().ok().map(|value| *value))
    }
}
