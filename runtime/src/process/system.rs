//! The system: every process, name and host of one running application. Nothing here is global, so
//! that tests can have many.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use serde_json::Value as Json;

use crate::application::{Application, Entry};
use crate::process::bus::Bus;
use crate::process::environment::Environment;
use crate::process::exit::{Exit, ExitError, Outcome};
use crate::process::finish::finish;
use crate::process::function::Pools;
use crate::process::groups::Scopes;
use crate::process::host::{Host, HostId, HostKind, HostState, Hosts};
use crate::process::names::Names;
use crate::process::pid::{self, Pid};
use crate::process::places::Places;
use crate::process::plain::Plain;
use crate::process::run::{self, Ended, Process};
use crate::process::signal::Signal;
use crate::process::upgrade::upgrade;
use crate::sched::core::{Current, NO_TURN};
use crate::sched::mailbox::{After, Letters, Posted, Pushed};
use crate::sched::slot::{Letter, Turn};
use crate::sched::{Identity, Scheduler, Slot, worker};
use crate::string::LuaStr;
use crate::value::Value;

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

    /// As the error of a process or a call.
    pub fn into_exit_error(self) -> ExitError {
        let text = |text: String| Plain::Text(text.into_bytes());
        let details = self.details.into_iter().map(|(key, value)| (key.as_bytes().to_vec(), text(value)));
        let details: Vec<_> = details.collect();
        let details = (!details.is_empty()).then_some(Plain::Map(details));
        ExitError { details, ..ExitError::new(self.message, self.kind, Some(false)) }
    }

    #[must_use]
    pub fn with(mut self, key: &'static str, value: &str) -> Failure {
        self.details.push((key, value.to_owned()));
        self
    }
}

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

    /// Sends a signal. False if the process has ended: it will never see it.
    pub fn signal(&self, to: Identity, signal: Signal) -> bool {
        self.slot(to).is_some_and(|slot| self.put(slot, to, || signal))
    }

    /// As [`System::signal`], of a signal that is made only for a process that is alive.
    #[inline]
    pub(crate) fn signal_if_alive(&self, to: Identity, signal: impl FnOnce() -> Signal) {
        if let Some(slot) = self.slot(to).filter(|slot| slot.is_alive(to)) {
            self.put(slot, to, signal);
        }
    }

    /// As [`System::put`], of what is made already.
    #[inline(never)]
    pub(crate) fn put_any(&self, slot: &Slot, to: Identity, signal: Signal) -> bool {
        self.put(slot, to, || signal)
    }

    /// Puts a signal into the mailbox of `to`, who lives in `slot`. False if it has ended.
    #[inline(always)]
    pub(crate) fn put(&self, slot: &Slot, to: Identity, signal: impl FnOnce() -> Signal) -> bool {
        match slot.push(to, signal) {
            Pushed::Wake => {
                self.scheduler.push(to.slot());
                true
            }
            Pushed::Quiet => true,
            Pushed::Refused(_) => false,
        }
    }

    /// Sends a message, unless the receiver has too many.
    ///
    /// # Errors
    /// The process has ended, its host is stopping, its mailbox is full.
    pub fn message(&self, to: Identity, message: Signal) -> Result<(), Failure> {
        let gone = || Failure::new("NotFound", "process not found");
        let slot = self.slot(to).filter(|slot| slot.is_alive(to)).ok_or_else(gone)?;
        let host = self.host(slot.host()).ok_or_else(gone)?;
        if host.state() == HostState::Stopping {
            return Err(Failure::new("Unavailable", "host is shutting down"));
        }
        count_message(slot, host)?;
        if self.put(slot, to, || message) { Ok(()) } else { Err(gone()) }
    }

    /// The slot of a process that is there and takes any message.
    #[inline(always)]
    pub(crate) fn receiver(&self, to: Identity) -> Option<&Slot> {
        let slot = self.slot(to).filter(|slot| slot.is_alive(to))?;
        if self.hosts.have_rules() && !self.takes_any(slot) { None } else { Some(slot) }
    }

    #[inline(never)]
    fn takes_any(&self, slot: &Slot) -> bool {
        let host = self.host(slot.host());
        host.is_some_and(|host| host.state() != HostState::Stopping && host.limits.max_mailbox.is_none())
    }

    /// Puts a message into the mailbox of `to`, whom [`System::receiver`] has found in `slot`. False if it has
    /// ended meanwhile: the message is gone.
    #[inline(always)]
    pub(crate) fn post(&self, slot: &Slot, to: Identity, message: impl FnOnce() -> Signal) -> bool {
        match slot.post(to, message) {
            Posted::Wake => self.scheduler.push(to.slot()),
            Posted::Quiet => {}
            Posted::Refused => return false,
        }
        true
    }

    /// Counts a message for a process whose host limits how many may wait.
    ///
    /// # Errors
    /// Too many wait already.
    pub(crate) fn count_message(&self, to: Identity) -> Result<(), Failure> {
        let slot = self.slot(to);
        match slot.and_then(|slot| Some((slot, self.host(slot.host())?))) {
            Some((slot, host)) => count_message(slot, host),
            None => Ok(()),
        }
    }

    /// A message that was counted has been read.
    pub(crate) fn uncount_message(&self, reader: Identity) {
        let slot = self.slot(reader);
        let is_limited =
            |slot: &&Slot| self.host(slot.host()).is_some_and(|host| host.limits.max_mailbox.is_some());
        if let Some(slot) = slot.filter(is_limited) {
            slot.uncount_message();
        }
    }

    /// The living process of that identity.
    pub fn tenant(&self, identity: Identity) -> Option<Pid> {
        let index = u32::try_from(identity.index()).ok()?;
        self.slot(identity)?.tenant(index).filter(|pid| pid.identity == identity)
    }

    /// A letter that its addressee did not live to read. Whoever asked to be told is told.
    #[cold]
    pub(crate) fn undeliverable(&self, letter: Letter) {
        let from = Pid { identity: letter.to, ..Pid::NONE };
        let gone = || Box::new(ExitError::new("pid not registered", "Internal", Some(false)));
        match letter.signal {
            Signal::Watch(watcher) => {
                self.signal(watcher.identity, Signal::Exit { from, result: Err(gone()) });
            }
            Signal::Link(peer) => {
                self.signal(peer.identity, Signal::LinkDown { from, error: gone().into() });
            }
            _ => {}
        }
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
        if parsed.node.is_some() {
            return Err(Failure::new("NotFound", "node not found"));
        }
        let Some((host, _)) = self.hosts.find(parsed.host) else {
            let failure = Failure::new("NotFound", "host not found");
            return Err(failure.with("host_id", parsed.host).with("node_id", "local"));
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
    fn place(&self, slot: u32) -> Option<&Slot> {
        self.places.get(slot)
    }

    /// The process is no longer reachable, neither by PID nor by name. What it did not read.
    pub(crate) fn retire(&self, pid: Pid) -> Option<Letters<Letter>> {
        let slot = self.slot(pid.identity)?;
        let unread = slot.mailbox.close();
        if slot.is_named() {
            self.names.release(pid.identity);
        }
        self.leave_host(pid.host);
        Some(unread).filter(|unread| !unread.is_empty())
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

    /// One turn of the process that lives in this slot: signals first, then its tasks.
    #[inline(always)]
    pub(crate) fn run(self: &Arc<Self>, current: &Current, place: u32) {
        let Some(slot) = self.place(place) else { return };
        if slot.is_narrow() {
            self.run_narrow(current, slot, place);
        } else {
            self.take_turn(current, slot, place);
        }
    }

    /// As [`System::run`], on a narrow host.
    #[inline(never)]
    fn run_narrow(self: &Arc<Self>, current: &Current, slot: &Slot, place: u32) {
        let host = slot.host();
        if self.host(host).is_none_or(|host| host.turns().enter(place)) {
            self.take_turn(current, slot, place);
            self.end_turn(host);
        }
    }

    /// The turn of a process of a narrow host has ended. After a hand-off it was given back already.
    fn end_turn(&self, host: HostId) {
        if self.scheduler.has_core() {
            self.leave_turn(host);
        }
    }

    /// Lets the next process of a narrow host run.
    pub(crate) fn leave_turn(&self, host: HostId) {
        let host = self.host(host).filter(|_| host.is_narrow());
        if let Some(next) = host.and_then(|host| host.turns().leave()) {
            self.scheduler.push(next);
        }
    }

    #[inline(never)]
    fn take_turn(self: &Arc<Self>, current: &Current, slot: &Slot, place: u32) {
        let Some((mut turn, letters)) = slot.begin() else { return };
        let Some(process) = turn.process() else { return };
        current.turn.set(place);
        let ended = if self.is_timed.load(Ordering::Relaxed) {
            self.timed_turn(slot, process, letters)
        } else {
            run::turn(self, slot, process, letters)
        };
        current.turn.set(NO_TURN);
        if matches!(ended, Ended::No) {
            if turn.end() == After::Again {
                self.scheduler.push(place);
            }
            return;
        }
        self.go_on(slot, place, turn, ended);
    }

    #[inline(never)]
    fn timed_turn(&self, slot: &Slot, process: &mut Process, letters: Letters<Letter>) -> Ended {
        let begun = std::time::Instant::now();
        process.cx().process().rare().turn_begun = Some(begun);
        let ended = run::turn(self, slot, process, letters);
        let mut rare = process.cx().process().rare();
        rare.turn_begun = None;
        rare.run_time = Some(rare.run_time.unwrap_or_default() + begun.elapsed());
        ended
    }

    /// The turn in this slot was broken off by a panic, which is a bug of ours and ends its process alone.
    #[cold]
    pub(crate) fn break_off(self: &Arc<Self>, place: u32) {
        let Some(slot) = self.place(place) else { return };
        let host = slot.host();
        // SAFETY: this thread has caught the panic of the turn.
        let turn = unsafe { slot.resume() };
        let outcome = Outcome::failed("internal error: the runtime panicked");
        self.go_on(slot, place, turn, Ended::Yes(Box::new(outcome)));
        if host.is_narrow() {
            self.end_turn(host);
        }
    }

    /// After a turn that was not merely over.
    #[inline(never)]
    fn go_on(self: &Arc<Self>, slot: &Slot, place: u32, mut turn: Turn<'_>, ended: Ended) {
        let outcome = match ended {
            Ended::No => return,
            Ended::Again => {
                turn.again();
                self.scheduler.push(place);
                return;
            }
            Ended::Upgrade(request) => {
                let Some(process) = turn.process() else { return };
                match upgrade(self, process, *request) {
                    Ok(()) => {
                        slot.set_entry(process.cx().process().entry);
                        turn.again();
                        self.scheduler.push(place);
                        return;
                    }
                    Err(outcome) => Box::new(outcome),
                }
            }
            Ended::Yes(outcome) => outcome,
        };
        if let Some(process) = turn.evict() {
            self.tenant_ended(process, &outcome);
        }
    }

    /// A process has left its slot.
    fn tenant_ended(self: &Arc<Self>, process: Process, outcome: &Outcome) {
        let pid = process.cx().process().pid();
        finish(self, &process, outcome);
        self.release(pid.identity);
        if self.host(pid.host).is_some_and(|host| host.kind == HostKind::Function) {
            self.call_ended(pid.host, process, outcome);
        } else {
            process.context.bury();
        }
    }
}

/// Counts a message for the tenant of `slot`, where `host` limits how many may wait.
#[inline]
fn count_message(slot: &Slot, host: &Host) -> Result<(), Failure> {
    match host.limits.max_mailbox {
        Some(most) if !slot.count_message(most) => {
            Err(Failure::new("Unavailable", format!("host limit reached: max_mailbox = {most}")))
        }
        _ => Ok(()),
    }
}
