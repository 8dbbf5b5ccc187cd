//! The system: every process, name and host of one running application. Nothing here is global, so
//! that tests can have many.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use crate::application::{Application, Entry};
use crate::process::exit::{Exit, ExitError};
use crate::process::names::Names;
use crate::process::signal::{Sender, Signal};
use crate::process::{pid, run};
use crate::sched::mailbox::{After, Pushed};
use crate::sched::slot::Letter;
use crate::sched::sync::lock;
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
    /// Keys and values of the error's details.
    pub details: Vec<(&'static str, String)>,
}

impl Failure {
    pub fn new(kind: &'static str, message: impl Into<String>) -> Failure {
        Failure { kind, message: message.into(), details: Vec::new() }
    }
}

/// A place where processes run.
#[derive(Clone, Copy, Debug)]
struct Host {
    state: HostState,
    is_terminal: bool,
}

/// Told of the end of every process on a terminal host.
type TerminalExit = Box<dyn Fn(Exit) + Send + Sync>;

pub struct System {
    application: &'static Application,
    /// The entries that are not disabled.
    entries: HashMap<&'static str, &'static Entry>,
    slots: Vec<OnceLock<Box<[Slot]>>>,
    free: Mutex<Free>,
    queue: Queue,
    names: Names<Identity, Sender>,
    hosts: Mutex<HashMap<String, Host>>,
    terminal_exit: OnceLock<TerminalExit>,
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
    /// The system of `application`, of which only the entries `enabled` exist.
    pub fn new(application: &'static Application, enabled: HashSet<&'static str>) -> Arc<System> {
        let entries = application.entries.iter().filter(|entry| enabled.contains(entry.id));
        Arc::new(System {
            application,
            entries: entries.map(|entry| (entry.id, entry)).collect(),
            slots: (0..CHUNKS).map(|_| OnceLock::new()).collect(),
            free: Mutex::default(),
            queue: Queue::default(),
            names: Names::default(),
            hosts: Mutex::default(),
            terminal_exit: OnceLock::new(),
            live: Mutex::default(),
            counter: AtomicU64::new(1),
            host_data: OnceLock::new(),
        })
    }

    pub fn application(&self) -> &'static Application {
        self.application
    }

    pub fn entry(&self, id: &str) -> Option<&'static Entry> {
        self.entries.get(id).copied()
    }

    pub fn entry_count(&self) -> usize {
        self.entries.len()
    }

    /// A number in 0..1 that spreads what would otherwise happen at once.
    pub fn random(&self) -> f64 {
        let bits = RandomState::new().hash_one(self.counter.load(Ordering::Relaxed));
        f64::from(u32::try_from(bits >> 32).unwrap_or(0)) / f64::from(u32::MAX)
    }

    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    pub fn names(&self) -> &Names<Identity, Sender> {
        &self.names
    }

    /// Starts the worker thread.
    ///
    /// # Errors
    /// The thread could not be made.
    pub fn start_workers(self: &Arc<Self>) -> std::io::Result<std::thread::JoinHandle<()>> {
        worker::start(self)
    }

    /// The next number of the PID counter.
    pub fn next_number(&self) -> u64 {
        self.counter.fetch_add(1, Ordering::Relaxed)
    }

    pub fn set_host(&self, id: &str, state: HostState) {
        let mut hosts = lock(&self.hosts);
        let is_terminal = hosts.get(id).is_some_and(|host| host.is_terminal);
        hosts.insert(id.to_owned(), Host { state, is_terminal });
    }

    pub fn add_terminal_host(&self, id: &str) {
        let host = Host { state: HostState::Registered, is_terminal: true };
        lock(&self.hosts).insert(id.to_owned(), host);
    }

    pub fn host(&self, id: &str) -> Option<HostState> {
        lock(&self.hosts).get(id).map(|host| host.state)
    }

    pub fn is_terminal_host(&self, id: &str) -> bool {
        lock(&self.hosts).get(id).is_some_and(|host| host.is_terminal)
    }

    /// Says who learns of the end of processes on terminal hosts.
    pub fn on_terminal_exit(&self, tell: TerminalExit) {
        let _ = self.terminal_exit.set(tell);
    }

    pub(crate) fn terminal_has_ended(&self, exit: Exit) {
        if let Some(tell) = self.terminal_exit.get() {
            tell(exit);
        }
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

    /// Sends a signal. False if the process has ended: it will never see it.
    pub fn signal(&self, to: Identity, signal: Signal) -> bool {
        match self.slot(to).map(|slot| slot.push(to, signal)) {
            Some(Pushed::Wake) => {
                self.queue.push(to);
                true
            }
            Some(Pushed::Quiet) => true,
            Some(Pushed::Refused(_)) | None => false,
        }
    }

    /// A letter that its addressee did not live to read. Whoever asked to watch is told.
    pub(crate) fn undeliverable(&self, letter: Letter) {
        if let Signal::Watch { watcher } = letter.signal
            && let Some(identity) = watcher.identity
        {
            let gone = ExitError::new("pid not registered", "Internal", Some(false));
            self.signal(identity, Signal::Exit { from: Sender::default(), result: Err(gone) });
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
                details: vec![("host_id", parsed.host.to_owned()), ("node_id", "local".to_owned())],
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

    /// The process is no longer reachable, neither by PID nor by name. What it did not read.
    pub(crate) fn retire(&self, identity: Identity, pid_text: &str) -> Vec<Letter> {
        if let Some(number) = pid::parse(pid_text).ok().and_then(|pid| pid.number) {
            lock(&self.live).remove(&number);
        }
        let unread = self.slot(identity).map(|slot| slot.mailbox.close()).unwrap_or_default();
        self.names.release(identity);
        unread
    }

    pub(crate) fn release(&self, identity: Identity) {
        if let Ok(index) = u32::try_from(identity.index()) {
            lock(&self.free).released.push(index);
        }
    }

    /// One turn of the process that lives in this slot: signals first, then its tasks.
    pub(crate) fn run(self: &Arc<Self>, place: Identity) {
        let Some(slot) = self.slot(place) else { return };
        if !slot.mailbox.begin() {
            return;
        }
        let mut body = slot.body();
        let Some(process) = body.as_mut() else { return };
        let process = process.get_mut();
        let identity = process.identity();
        let drain = || {
            let mut signals = Vec::new();
            for letter in slot.mailbox.drain() {
                if letter.to == identity {
                    signals.push(letter.signal);
                } else {
                    self.undeliverable(letter);
                }
            }
            signals
        };
        let Some(outcome) = run::turn(process, drain) else {
            drop(body);
            if slot.mailbox.end() == After::Again {
                self.queue.push(place);
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
