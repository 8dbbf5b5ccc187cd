//! The system: every process, name and host of one running application. Nothing here is global, so
//! that tests can have many.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use crate::application::Application;
use crate::process::names::Names;
use crate::process::signal::{Sender, Signal};
use crate::process::{pid, run};
use crate::sched::slot::{After, lock};
use crate::sched::{Identity, Queue, Slot, worker};

/// Slots come in chunks of this many, so that references to them stay valid while they grow.
const CHUNK: usize = 1024;
const CHUNKS: usize = 16 * 1024;

/// Whether a host takes processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostState {
    Registered,
    Running,
    Stopping,
}

/// A failed operation: kind and text of the error object it becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub kind: &'static str,
    pub message: String,
    /// One key and value of the error's details.
    pub detail: Option<(&'static str, String)>,
}

impl Failure {
    pub fn new(kind: &'static str, message: impl Into<String>) -> Failure {
        Failure { kind, message: message.into(), detail: None }
    }
}

pub struct System {
    application: &'static Application,
    slots: Vec<OnceLock<Box<[Slot]>>>,
    free: Mutex<Free>,
    queue: Queue,
    names: Names,
    hosts: Mutex<HashMap<String, HostState>>,
    /// Live processes by the number in their PID.
    live: Mutex<HashMap<u64, (Identity, String)>>,
    counter: AtomicU64,
    /// What the host keeps for its libraries: the terminal, the log.
    pub host_data: OnceLock<Box<dyn std::any::Any + Send + Sync>>,
}

#[derive(Default)]
struct Free {
    released: Vec<u32>,
    used: u32,
}

impl System {
    pub fn new(application: &'static Application) -> Arc<System> {
        Arc::new(System {
            application,
            slots: (0..CHUNKS).map(|_| OnceLock::new()).collect(),
            free: Mutex::default(),
            queue: Queue::default(),
            names: Names::default(),
            hosts: Mutex::default(),
            live: Mutex::default(),
            counter: AtomicU64::new(1),
            host_data: OnceLock::new(),
        })
    }

    pub fn application(&self) -> &'static Application {
        self.application
    }

    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Starts the worker thread.
    ///
    /// # Errors
    /// The thread could not be made.
    pub fn start_worker(self: &Arc<Self>) -> std::io::Result<std::thread::JoinHandle<()>> {
        worker::start(self)
    }

    /// The next number of the PID counter.
    pub fn next_number(&self) -> u64 {
        self.counter.fetch_add(1, Ordering::Relaxed)
    }

    pub fn set_host(&self, id: &str, state: HostState) {
        lock(&self.hosts).insert(id.to_owned(), state);
    }

    pub fn host(&self, id: &str) -> Option<HostState> {
        lock(&self.hosts).get(id).copied()
    }

    /// The PIDs of the live processes on a host, oldest first.
    pub fn processes_on(&self, host: &str) -> Vec<Sender> {
        let live = lock(&self.live);
        let mut found: Vec<_> = live.iter().filter(|(_, (_, own))| own == host).collect();
        found.sort_by_key(|(number, _)| **number);
        found
            .into_iter()
            .map(|(number, (identity, host))| Sender {
                text: pid::format(host, *number),
                identity: Some(*identity),
            })
            .collect()
    }

    /// Whether a process is alive.
    pub fn is_alive(&self, identity: Identity) -> bool {
        self.slot(identity).is_some_and(|slot| slot.is_alive(identity))
    }

    /// Sends a signal; nothing happens if the process has ended.
    pub fn signal(&self, to: Identity, signal: Signal) {
        if let Some(slot) = self.slot(to).filter(|slot| slot.is_alive(to))
            && slot.push(to, signal)
        {
            self.queue.push(to);
        }
    }

    /// Finds the process a text means: a PID, or a registered name.
    ///
    /// # Errors
    /// Nobody of that name; an unknown host or node; a process that has ended.
    pub fn resolve(&self, text: &str) -> Result<Sender, Failure> {
        let Ok(parsed) = pid::parse(text) else {
            return self.names.lookup(text).ok_or_else(|| {
                Failure::new("NotFound", format!("could not resolve '{text}' as PID or registered name"))
            });
        };
        if parsed.node.is_some() {
            return Err(Failure::new("NotFound", "node not found"));
        }
        let known = parsed.number.and_then(|number| lock(&self.live).get(&number).cloned());
        match known {
            Some((identity, host)) if host == parsed.host => {
                Ok(Sender { text: text.to_owned(), identity: Some(identity) })
            }
            _ if self.host(parsed.host).is_none() => Err(Failure {
                detail: Some(("host_id", parsed.host.to_owned())),
                ..Failure::new("NotFound", "host not found")
            }),
            _ => Err(Failure::new("NotFound", "process not found")),
        }
    }

    pub(crate) fn reserve(&self) -> Option<Identity> {
        let index = {
            let mut free = lock(&self.free);
            match free.released.pop() {
                Some(index) => index,
                None => {
                    free.used += 1;
                    free.used - 1
                }
            }
        };
        let chunk = self.slots.get(index as usize / CHUNK)?;
        let slots = chunk.get_or_init(|| (0..CHUNK).map(|_| Slot::default()).collect());
        let generation = slots.get(index as usize % CHUNK)?.next_generation();
        Some(Identity::new(generation, index))
    }

    pub(crate) fn slot(&self, identity: Identity) -> Option<&Slot> {
        self.slots.get(identity.index() / CHUNK)?.get()?.get(identity.index() % CHUNK)
    }

    pub(crate) fn enlist(&self, number: u64, identity: Identity, host: &str) {
        lock(&self.live).insert(number, (identity, host.to_owned()));
    }

    /// The process is no longer reachable: neither by PID nor by name.
    pub(crate) fn retire(&self, identity: Identity, pid_text: &str) {
        if let Some(number) = pid::parse(pid_text).ok().and_then(|pid| pid.number) {
            lock(&self.live).remove(&number);
        }
        if let Some(slot) = self.slot(identity) {
            slot.bury();
        }
        self.names.release(identity);
    }

    pub(crate) fn release(&self, identity: Identity) {
        if let Ok(index) = u32::try_from(identity.index()) {
            lock(&self.free).released.push(index);
        }
    }

    /// One turn of a process: signals first, then its tasks.
    pub(crate) fn run(self: &Arc<Self>, identity: Identity) {
        let Some(slot) = self.slot(identity) else { return };
        if !slot.begin() {
            return;
        }
        let signals = slot.drain(identity);
        let mut body = slot.body();
        let Some(process) = body.as_mut() else { return };
        let ended = run::turn(process.get_mut(), signals);
        let Some(outcome) = ended else {
            drop(body);
            if slot.end() == After::Again {
                self.queue.push(identity);
            }
            return;
        };
        let process = body.take();
        drop(body);
        if let Some(process) = process {
            run::finish(self, *process.into_inner(), &outcome);
        }
        self.release(identity);
    }
}
