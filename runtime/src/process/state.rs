//! What a process keeps beside its Lua values: who it is, its tasks, mail, timers and watchers.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use crate::cx::Cx;
use crate::process::exit::Exit;
use crate::process::mail::Mail;
use crate::process::signal::Sender;
use crate::process::system::System;
use crate::process::task::{Tasks, Ticket};
use crate::process::timers::Timers;
use crate::sched::Identity;
use crate::string::LuaStr;
use crate::value::Value;

/// Who learns of a process's end.
pub enum Watcher {
    Process(Sender),
    Host(Box<dyn FnOnce(Exit) + Send>),
}

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
    /// Reads of the terminal that are pending: a shutdown ends them.
    pub externals: RefCell<Vec<Ticket>>,
    pub timers: Timers,
    /// The shutdown has begun: reads of the terminal fail at once.
    pub is_shutting_down: Cell<bool>,
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
            timers: Timers::default(),
            is_shutting_down: Cell::new(false),
        }
    }
}

impl ProcessState {
    /// Its PID, for others.
    pub fn sender(&self) -> Sender {
        Sender { text: self.pid.clone(), identity: Some(self.identity) }
    }

    pub(crate) fn unwatch(&self, watcher: Identity) {
        self.watchers.borrow_mut().retain(|known| match known {
            Watcher::Process(sender) => sender.identity != Some(watcher),
            Watcher::Host(_) => true,
        });
    }

    /// Drops every value it holds: the process is ending.
    pub(crate) fn clear(&self, cx: Cx) {
        self.tasks.clear();
        self.mail.clear();
        self.timers.clear(cx);
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
