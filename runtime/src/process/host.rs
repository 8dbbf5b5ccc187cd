//! Hosts: where processes run, and how many of them may.
//!
//! Every host of an application is known when it starts, so the table of hosts never changes; only
//! each one's state and counts do.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};

use rustc_hash::FxHashMap;
use serde_json::Value as Json;

use crate::application::Application;
use crate::process::census::Census;
use crate::process::{meter, pid};
use crate::sched::turns::Turns;

/// A host, as a PID names it.
/// Its place among the hosts, counted from 1. A word, so that PIDs are moved in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HostId(NonZero<u64>);

/// The bit of hosts of which fewer processes may run at once than there are workers.
const NARROW: u32 = 1 << 31;

impl HostId {
    pub const NONE: HostId = HostId(NonZero::<u64>::MAX);

    /// Whether fewer of its processes may run at once than there are workers.
    #[inline(always)]
    pub fn is_narrow(self) -> bool {
        Self::are_narrow(self.bits())
    }

    /// As [`HostId::is_narrow`], of its bits.
    #[inline(always)]
    pub fn are_narrow(bits: u32) -> bool {
        bits & NARROW != 0
    }

    /// Short, for where there is no room for a word; 0 for none.
    pub fn bits(self) -> u32 {
        u32::try_from(self.0.get()).unwrap_or(0)
    }

    pub fn from_bits(bits: u32) -> HostId {
        NonZero::new(u64::from(bits)).map_or(HostId::NONE, HostId)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostKind {
    Processes,
    Terminal,
    /// The calls of one function.
    Function,
}

/// Whether a host takes processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum HostState {
    /// Not known to the supervisor yet.
    Absent,
    Registered,
    Running,
    Stopping,
}

/// Limits of a host; the reference has none, so each is off unless the manifest sets it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    pub max_processes: Option<usize>,
    /// Messages from others that may wait for one process.
    pub max_mailbox: Option<usize>,
    /// The bytes that one process may take.
    pub max_memory: Option<u64>,
}

pub struct Host {
    /// `app:processes`; of a function `app:sum#lua.3`.
    pub id: Box<str>,
    /// `{app:processes|0x`: what the PIDs of its processes begin with.
    pub pid_prefix: Box<str>,
    pub kind: HostKind,
    pub limits: Limits,
    /// The log is hidden while a process runs here.
    pub hides_logs: bool,
    /// How many of its processes may run at the same time, and who waits to.
    turns: Turns,
    state: AtomicU8,
    census: Census,
    /// How many live, exactly, where that is limited.
    entered: AtomicUsize,
}

impl Host {
    /// The turns that processes of a narrow host take.
    #[inline]
    pub(crate) fn turns(&self) -> &Turns {
        &self.turns
    }

    #[inline]
    pub fn state(&self) -> HostState {
        match self.state.load(Ordering::Acquire) {
            1 => HostState::Registered,
            2 => HostState::Running,
            3 => HostState::Stopping,
            _ => HostState::Absent,
        }
    }

    fn set_state(&self, state: HostState) {
        self.state.store(state as u8, Ordering::Release);
    }

    /// How many processes live there. While some start or end it may be too much.
    pub fn live(&self) -> usize {
        self.census.living()
    }

    /// Counts one more, started on this core; false if the host is full.
    pub(crate) fn enter(&self, core: Option<usize>) -> bool {
        if let Some(most) = self.limits.max_processes
            && self.entered.fetch_add(1, Ordering::AcqRel) >= most
        {
            self.entered.fetch_sub(1, Ordering::AcqRel);
            return false;
        }
        self.census.enter(core);
        true
    }

    pub(crate) fn leave(&self, core: Option<usize>) {
        if self.limits.max_processes.is_some() {
            self.entered.fetch_sub(1, Ordering::AcqRel);
        }
        self.census.leave(core);
    }
}

/// Every host of the application.
pub struct Hosts {
    list: Vec<Host>,
    by_id: FxHashMap<Box<str>, HostId>,
    /// A host limits how many messages may wait, or refuses them because it stops.
    has_rules: AtomicBool,
}

impl Hosts {
    /// The hosts of an application, for so many cores; `data` gives an entry's data, overrides applied.
    pub fn new<'a>(
        application: &Application,
        cores: usize,
        data: impl Fn(&str) -> Option<&'a Json>,
    ) -> Hosts {
        let mut hosts =
            Hosts { list: Vec::new(), by_id: FxHashMap::default(), has_rules: AtomicBool::new(false) };
        let mut functions = 0;
        for entry in application.entries {
            let Some(data) = data(entry.id) else { continue };
            let (id, kind) = match entry.kind {
                "process.host" => (entry.id.into(), HostKind::Processes),
                "terminal.host" => (entry.id.into(), HostKind::Terminal),
                "function.lua" => {
                    functions += 1;
                    (format!("{}#lua.{functions}", entry.id).into(), HostKind::Function)
                }
                _ => continue,
            };
            hosts.add(entry.id, id, kind, cores, data);
        }
        hosts
    }

    fn add(&mut self, entry: &str, id: Box<str>, kind: HostKind, cores: usize, data: &Json) {
        let limits = limits(data);
        let workers = data.pointer("/host/workers").and_then(Json::as_u64);
        let workers =
            workers.and_then(|workers| usize::try_from(workers).ok()).filter(|workers| *workers > 0);
        let width = if kind == HostKind::Terminal { 1 } else { workers.unwrap_or(usize::MAX) };
        let narrow = if width < cores { NARROW } else { 0 };
        let number = u32::try_from(self.list.len() + 1).unwrap_or(u32::MAX);
        let number = HostId::from_bits(number | narrow);
        self.has_rules.fetch_or(limits.max_mailbox.is_some(), Ordering::Relaxed);
        self.by_id.insert(id.clone(), number);
        // A function's pool is also found by its entry, as no other host has that id.
        self.by_id.insert(entry.into(), number);
        let state = if kind == HostKind::Function { HostState::Running } else { HostState::Absent };
        self.list.push(Host {
            pid_prefix: pid::prefix(&id),
            id,
            kind,
            limits,
            hides_logs: kind == HostKind::Terminal && data.get("hide_logs") == Some(&Json::Bool(true)),
            turns: Turns::new(width),
            state: AtomicU8::new(state as u8),
            census: Census::new(cores),
            entered: AtomicUsize::new(0),
        });
    }

    pub fn get(&self, id: HostId) -> Option<&Host> {
        let number = usize::try_from(id.0.get() & !u64::from(NARROW)).unwrap_or(0);
        self.list.get(number.wrapping_sub(1))
    }

    /// Whether any host may refuse messages.
    #[inline(always)]
    pub fn have_rules(&self) -> bool {
        self.has_rules.load(Ordering::Acquire)
    }

    /// Changes the state of a host.
    pub fn set_state(&self, id: &str, state: HostState) {
        let Some((_, host)) = self.find(id) else { return };
        if state == HostState::Stopping {
            self.has_rules.store(true, Ordering::Release);
        }
        host.set_state(state);
    }

    pub fn find(&self, id: &str) -> Option<(HostId, &Host)> {
        let number = *self.by_id.get(id)?;
        Some((number, self.get(number)?))
    }
}

/// `host.max_processes`, `host.max_mailbox` and `host.max_memory`.
fn limits(data: &Json) -> Limits {
    let number = |key: &str| {
        let number = data.pointer(&format!("/host/{key}"))?.as_u64()?;
        usize::try_from(number).ok().filter(|limit| *limit > 0)
    };
    let max_memory = data.pointer("/host/max_memory").and_then(|memory| match memory {
        Json::String(text) => meter::parse(text),
        number => number.as_u64(),
    });
    Limits {
        max_processes: number("max_processes"),
        max_mailbox: number("max_mailbox"),
        max_memory: max_memory.filter(|most| *most > 0),
    }
}
