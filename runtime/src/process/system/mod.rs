//! The system: every process, name and host of one running application. Nothing here is global, so
//! that tests can have many. [`delivery`] brings signals to processes, [`turn`] runs them.

mod delivery;
mod failure;
mod turn;

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use serde_json::Value as Json;

use crate::application::{Application, Entry};
use crate::process::bus::Bus;
use crate::process::environment::Environment;
use crate::process::exit::Exit;
use crate::process::finish::MUCH;
use crate::process::function::Pools;
use crate::process::groups::Scopes;
use crate::process::host::{Host, HostId, HostState, Hosts};
use crate::process::names::Names;
use crate::process::pid::{self, Pid};
use crate::process::places::Places;
use crate::sched::mailbox::Letters;
use crate::sched::slot::Letter;
use crate::sched::{Identity, Scheduler, Slot, worker};
use crate::string::LuaStr;
use crate::value::Value;

pub use failure::Failure;

/// What this node is called, being the only one.
const LOCAL_NODE: &str = "local";

/// Told of the end of every process on a terminal host.
type TerminalExit = Box<dyn Fn(Exit) + Send + Sync>;
/// Told of a status with which the program asks to end.
type ExitRequest = Box<dyn Fn(u8) + Send + Sync>;

pub struct System {
    application: &'static Application,
    /// The entries that are not disabled.
    entries: FxHashMap<&'static str, &'static Entry>,
    /// Their data, overrides applied.
    data: BTreeMap<&'static str, Json>,
    places: Places,
    scheduler: Scheduler,
    names: Names<Identity, Pid>,
    bus: Bus,
    hosts: Hosts,
    pools: Pools,
    scopes: Scopes,
    environment: Environment,
    /// Whether the time that processes run is measured.
    is_timed: AtomicBool,
    terminal_exit: OnceLock<TerminalExit>,
    exit_request: OnceLock<ExitRequest>,
    counter: AtomicU64,
    /// What the host keeps for its libraries: the terminal, the log.
    pub host_data: OnceLock<Box<dyn std::any::Any + Send + Sync>>,
}

impl System {
    /// The system of `application`, of which only the entries with `data` exist.
    pub fn new(application: &'static Application, data: BTreeMap<&'static str, Json>) -> Arc<System> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::with_scheduler(application, data, Scheduler::new(cores))
    }

    /// A system with this scheduler: with so many cores, or simulated.
    pub fn with_scheduler(
        application: &'static Application,
        data: BTreeMap<&'static str, Json>,
        scheduler: Scheduler,
    ) -> Arc<System> {
        let entries = application.entries.iter().filter(|entry| data.contains_key(entry.id));
        let hosts = Hosts::new(application, scheduler.width(), |id| data.get(id));
        let pools = Pools::new(application, &hosts, |id| data.get(id));
        let entries: FxHashMap<_, _> = entries.map(|entry| (entry.id, entry)).collect();
        let scopes = entries.values().filter(|entry| entry.kind == "pg.scope").map(|entry| entry.id);
        Arc::new(System {
            application,
            pools,
            scopes: Scopes::new(scopes),
            environment: Environment::new(application, |id| data.get(id)),
            is_timed: AtomicBool::new(false),
            entries,
            places: Places::default(),
            scheduler,
            names: Names::default(),
            bus: Bus::default(),
            hosts,
            terminal_exit: OnceLock::new(),
            exit_request: OnceLock::new(),
            counter: AtomicU64::new(1),
            host_data: OnceLock::new(),
            data,
        })
    }

    pub fn application(&self) -> &'static Application {
        self.application
    }

    pub fn entry(&self, id: &str) -> Option<&'static Entry> {
        self.entries.get(id).copied()
    }

    /// The data of an entry, overrides applied.
    pub fn data(&self, id: &str) -> Option<&Json> {
        self.data.get(id)
    }

    pub fn entry_count(&self) -> usize {
        self.entries.len()
    }

    /// The time of day; in a simulation it starts at 2000-01-01 and moves with the virtual clock.
    pub fn wall_clock(&self) -> jiff::Timestamp {
        if !self.scheduler.is_simulated() {
            return jiff::Timestamp::now();
        }
        let now = 946_684_800_000_000_000 + i128::from(self.scheduler.now());
        jiff::Timestamp::from_nanosecond(now).unwrap_or(jiff::Timestamp::MAX)
    }

    /// The seconds of [`System::wall_clock`].
    pub fn wall_seconds(&self) -> i64 {
        if self.scheduler.is_simulated() {
            return self.wall_clock().as_second();
        }
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: the call writes to the given struct.
        match unsafe { libc::clock_gettime(libc::CLOCK_REALTIME, &raw mut time) } {
            0 => time.tv_sec,
            _ => self.wall_clock().as_second(),
        }
    }

    /// A number in 0..1 that spreads what would otherwise happen at once.
    pub fn random(&self) -> f64 {
        f64::from(u32::try_from(self.random_bits() >> 32).unwrap_or(0)) / f64::from(u32::MAX)
    }

    /// Random bits; in a simulation they follow from its seed.
    pub fn random_bits(&self) -> u64 {
        let simulated = self.scheduler.simulated_bits();
        simulated.unwrap_or_else(|| RandomState::new().hash_one(self.counter.load(Ordering::Relaxed)))
    }

    pub fn scheduler(&self) -> &Scheduler {
        &self.scheduler
    }

    pub fn bus(&self) -> &Bus {
        &self.bus
    }

    pub fn names(&self) -> &Names<Identity, Pid> {
        &self.names
    }

    /// Starts the worker threads.
    ///
    /// # Errors
    /// A thread could not be made.
    pub fn start_workers(self: &Arc<Self>) -> std::io::Result<()> {
        worker::start(self)
    }

    /// The next number of the PID counter.
    pub fn next_number(&self) -> u64 {
        self.counter.fetch_add(1, Ordering::Relaxed)
    }

    pub fn pools(&self) -> &Pools {
        &self.pools
    }

    /// The environment variables that are declared.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// From now on the time that processes run is measured.
    pub fn measure_time(&self) {
        self.is_timed.store(true, Ordering::Relaxed);
    }

    /// The scopes of process groups.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    pub fn find_host(&self, id: &str) -> Option<(HostId, &Host)> {
        self.hosts.find(id)
    }

    pub fn host(&self, id: HostId) -> Option<&Host> {
        self.hosts.get(id)
    }

    pub fn set_host(&self, id: &str, state: HostState) {
        self.hosts.set_state(id, state);
    }

    /// Says who learns of the end of processes on terminal hosts.
    pub fn on_terminal_exit(&self, tell: TerminalExit) {
        let _ = self.terminal_exit.set(tell);
    }

    /// Says who stops the program when it asks for its end.
    pub fn on_exit_request(&self, stop: ExitRequest) {
        let _ = self.exit_request.set(stop);
    }

    /// The program asks for its end.
    pub fn request_exit(&self, status: u8) {
        if let Some(stop) = self.exit_request.get() {
            stop(status);
        }
    }

    pub(crate) fn terminal_has_ended(&self, exit: Exit) {
        if let Some(tell) = self.terminal_exit.get() {
            tell(exit);
        }
    }

    /// The live processes, oldest first.
    pub fn processes(&self) -> Vec<Pid> {
        let mut found: Vec<Pid> = self.places.all().filter_map(|(index, slot)| slot.tenant(index)).collect();
        found.sort_by_key(|pid| pid.number);
        found
    }

    /// The live processes on a host, oldest first.
    pub fn processes_on(&self, host: &str) -> Vec<Pid> {
        let Some((id, host)) = self.hosts.find(host) else { return Vec::new() };
        if host.live() == 0 {
            return Vec::new();
        }
        self.processes().into_iter().filter(|pid| pid.host == id).collect()
    }

    /// A process is about to get a name; whether it is alive.
    pub fn mark_named(&self, identity: Identity) -> bool {
        self.slot(identity).is_some_and(|slot| slot.mark_named(identity))
    }

    /// Whether a process is alive.
    pub fn is_alive(&self, identity: Identity) -> bool {
        self.slot(identity).is_some_and(|slot| slot.is_alive(identity))
    }

    pub fn pid_text(&self, pid: Pid) -> String {
        pid::format(self.pid_prefix(&pid), pid.number)
    }

    #[inline]
    fn pid_prefix(&self, pid: &Pid) -> &str {
        self.host(pid.host).map_or("{|0x", |host| &host.pid_prefix)
    }

    /// A PID as a Lua string, with the hidden identity that makes sending to it fast.
    pub fn pid_value(&self, pid: &Pid) -> Value {
        LuaStr::of_process(self.pid_prefix(pid), pid::End::new(pid.number).bytes(), pid.identity.bits())
    }

    /// The living process of that identity.
    pub fn tenant(&self, identity: Identity) -> Option<Pid> {
        let index = u32::try_from(identity.index()).ok()?;
        self.slot(identity)?.tenant(index).filter(|pid| pid.identity == identity)
    }

    /// Finds the process a text means: a PID, or a registered name.
    ///
    /// # Errors
    /// Nobody of that name; an unknown host or node; a process that has ended.
    pub fn resolve(&self, text: &str) -> Result<Pid, Failure> {
        let Ok(parsed) = pid::parse(text) else {
            return self.names.lookup(text).ok_or_else(|| {
                Failure::new("NotFound", format!("could not resolve '{text}' as PID or registered name"))
            });
        };
        if parsed.node.is_some_and(|node| node != LOCAL_NODE) {
            return Err(Failure::new("NotFound", "node not found"));
        }
        let Some((host, _)) = self.hosts.find(parsed.host) else {
            let failure = Failure::new("NotFound", "host not found");
            return Err(failure.with("host_id", parsed.host).with("node_id", LOCAL_NODE));
        };
        let found = parsed.number.and_then(|number| self.places.find(number));
        let known = found.and_then(|slot| self.place(slot)?.tenant(slot));
        let known = known.filter(|pid| Some(pid.number) == parsed.number);
        known.filter(|pid| pid.host == host).ok_or_else(|| Failure::new("NotFound", "process not found"))
    }

    /// A slot and a number for a new process.
    pub(crate) fn reserve(&self, host: HostId) -> Option<Pid> {
        let number = self.next_number();
        let (_, identity) = self.places.reserve(&self.scheduler, None, number)?;
        Some(Pid { identity, number, host })
    }

    /// A slot and a number for a new process, which counts from now on.
    ///
    /// # Errors
    /// The host is full, or there are too many processes.
    #[inline]
    pub(crate) fn move_in(&self, id: HostId, host: &Host) -> Result<(Pid, &Slot), Failure> {
        let kept = self.scheduler.with_core(|core| (core.index, core.vacant.pop()));
        let (core, vacant) = kept.map_or((None, None), |(core, vacant)| (Some(core), vacant));
        if host.enter(core) {
            let number = self.next_number();
            match self.places.reserve(&self.scheduler, vacant, number) {
                Some((slot, identity)) => Ok((Pid { identity, number, host: id }, slot)),
                None => {
                    host.leave(core);
                    Err(Failure::new("Unavailable", "too many processes"))
                }
            }
        } else {
            Err(self.host_is_full(host, vacant))
        }
    }

    #[cold]
    fn host_is_full(&self, host: &Host, vacant: Option<u32>) -> Failure {
        if let Some(slot) = vacant {
            self.places.release(&self.scheduler, slot);
        }
        let limit = host.limits.max_processes.unwrap_or_default();
        Failure::new("Unavailable", format!("host limit reached: max_processes = {limit}"))
    }

    #[inline(always)]
    pub(crate) fn slot(&self, identity: Identity) -> Option<&Slot> {
        self.place(identity.slot())
    }

    #[inline(always)]
    pub(crate) fn place(&self, slot: u32) -> Option<&Slot> {
        self.places.get(slot)
    }

    /// The process is no longer reachable, neither by PID nor by name. What it did not read.
    pub(crate) fn retire(self: &Arc<Self>, pid: Pid) -> Option<Letters<Letter>> {
        let slot = self.slot(pid.identity)?;
        let unread = slot.mailbox.close();
        if slot.is_named() {
            self.release_names(pid);
        }
        self.leave_host(pid.host);
        Some(unread).filter(|unread| !unread.is_empty())
    }

    #[inline(never)]
    fn release_names(self: &Arc<Self>, pid: Pid) {
        if self.names.size(pid.identity) >= MUCH {
            worker::hand_off(self, pid.host);
        }
        self.names.release(pid.identity);
    }

    /// One process more on a host; false if it is full.
    pub(crate) fn enter_host(&self, host: HostId) -> bool {
        self.host(host).is_none_or(|host| host.enter(self.scheduler.core_index()))
    }

    pub(crate) fn leave_host(&self, host: HostId) {
        if let Some(host) = self.host(host) {
            host.leave(self.scheduler.core_index());
        }
    }

    /// The slot is free for the next process.
    pub(crate) fn release(&self, identity: Identity) {
        self.places.release(&self.scheduler, identity.slot());
    }
}
