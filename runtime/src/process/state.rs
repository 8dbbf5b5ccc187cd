//! What a process keeps beside its Lua values: who it is, its tasks, mail, timers and watchers.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cx::Cx;
use crate::process::exit::Exit;
use crate::process::mail::Mail;
use crate::process::signal::Sender;
use crate::process::system::System;
use crate::process::task::{Tasks, Waiter};
use crate::sched::Identity;
use crate::string::LuaStr;
use crate::value::Value;

/// Who learns of a process's end.
pub enum Watcher {
    Process(Sender),
    Host(Box<dyn FnOnce(Exit) + Send>),
}

/// What a due timer does.
pub type TimerAction = Box<dyn FnOnce(Cx)>;

/// The value an outside operation hands in.
pub type External = Box<dyn Any + Send>;

/// The process part of a context. Empty (no system) in unit tests of the language.
pub struct ProcessState {
    pub system: Option<Arc<System>>,
    pub identity: Identity,
    /// Its PID.
    pub pid: String,
    /// `app:worker`
    pub entry: &'static str,
    /// `app:processes`
    pub host: String,
    pub tasks: Tasks,
    pub mail: Mail,
    pub watchers: RefCell<Vec<Watcher>>,
    pub externals: RefCell<Vec<(u64, Rc<Waiter<External>>)>>,
    pub timers: RefCell<Vec<(u64, TimerAction)>>,
    /// The shutdown has begun: reads of the terminal fail at once.
    pub is_shutting_down: Cell<bool>,
    pub(crate) tokens: Cell<u64>,
}

impl Default for ProcessState {
    fn default() -> ProcessState {
        ProcessState {
            system: None,
            identity: Identity::from_bits(0),
            pid: String::new(),
            entry: "",
            host: String::new(),
            tasks: Tasks::default(),
            mail: Mail::default(),
            watchers: RefCell::default(),
            externals: RefCell::default(),
            timers: RefCell::default(),
            is_shutting_down: Cell::new(false),
            tokens: Cell::new(0),
        }
    }
}

impl ProcessState {
    /// A number that names a timer or an outside operation of this process.
    pub fn next_token(&self) -> u64 {
        let token = self.tokens.get() + 1;
        self.tokens.set(token);
        token
    }

    /// Its PID, for others.
    pub fn sender(&self) -> Sender {
        Sender { text: self.pid.clone(), identity: Some(self.identity) }
    }

    /// Runs `action` in this process after `delay`. Returns the timer's number.
    pub fn arm(&self, delay: Duration, action: TimerAction) -> u64 {
        let id = self.next_token();
        self.timers.borrow_mut().push((id, action));
        if let Some(system) = &self.system {
            // Beyond a century the sum may overflow; such a timer never fires.
            if let Some(deadline) = Instant::now().checked_add(delay) {
                system.queue().arm(deadline, self.identity, id);
            }
        }
        id
    }

    /// Takes the action of a timer that is due or stopped; `None` if it fired already.
    pub fn take_timer(&self, id: u64) -> Option<TimerAction> {
        let mut timers = self.timers.borrow_mut();
        let at = timers.iter().position(|(own, _)| *own == id)?;
        Some(timers.swap_remove(at).1)
    }

    /// Drops every value it holds: the process is ending.
    pub(crate) fn clear(&self) {
        self.tasks.clear();
        self.mail.clear();
        drop(self.timers.take());
        drop(self.externals.take());
    }
}

/// A PID as a Lua string, with the hidden identity that makes sending to it fast.
pub fn pid_value(sender: &Sender) -> Value {
    match sender.identity {
        Some(identity) => LuaStr::with_identity(sender.text.as_bytes(), identity.bits()),
        None => Value::string(&sender.text),
    }
}
