//! The stop: dependents before what they need, each within its deadline, everything within one.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rustc_hash::FxHashSet;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::host::host_data;
use crate::host::log::{Fields, Level};
use crate::host::plan::Kind;
use crate::host::service::STOP_TIMEOUT;
use crate::host::status::status_of;
use crate::host::supervisor::{Event, State, Supervisor};
use crate::process::exit::{Cause, Exit};
use crate::process::host::HostState;
use crate::process::pid::Pid;
use crate::process::signal::{Cancel, Origin, Signal};
use crate::sched::Identity;

/// After the terminal process has ended nobody is left to serve.
const GRACE: Duration = Duration::from_secs(1);
/// Ends that nobody reports (unsupervised processes) are looked for this often.
const TICK: Duration = Duration::from_millis(10);

/// How long the end of a process may be on its way to who hears of it.
const LAST_WORD: Duration = Duration::from_millis(100);

/// What a process is told when the program stops.
fn shutdown(from: &str, reason: &str) -> Cancel {
    Cancel { from: Origin::Host(from.to_owned()), reason: reason.into(), is_shutdown: true }
}

/// A stop in progress.
pub struct Stop<'a> {
    pub supervisor: &'a mut Supervisor,
    /// The exit status so far; the last writer wins.
    pub status: u8,
    begun: Instant,
    /// The whole stop takes no longer.
    limit: Instant,
    terminal_ended: Option<Instant>,
    /// The process that the command line asked for.
    command: Option<Identity>,
    /// Processes that were told to stop on their own account: no host tells them again.
    told: FxHashSet<Identity>,
    /// Units being stopped, and until when each may take.
    stopping: Vec<(usize, Instant)>,
    has_spoken: bool,
}

impl<'a> Stop<'a> {
    pub fn new(supervisor: &'a mut Supervisor, limit: Duration, command: Option<Identity>) -> Stop<'a> {
        let begun = Instant::now();
        Stop {
            supervisor,
            status: 0,
            begun,
            limit: begun + limit,
            terminal_ended: None,
            command,
            told: FxHashSet::default(),
            stopping: Vec::new(),
            has_spoken: false,
        }
    }

    /// How many processes of terminal hosts have not told their end yet.
    pub fn terminals(&self) -> usize {
        host_data(&self.supervisor.system).terminals.load(Ordering::Acquire)
    }

    /// What an event means for the stop. False if it forces the exit.
    pub fn follow(&mut self, event: Event) -> bool {
        match event {
            Event::Interrupted(_) => {
                self.supervisor.log().record(Level::Warn, "", "force exit", &Fields::new());
                return false;
            }
            Event::TerminalEnded(exit) => self.terminal_has_ended(&exit),
            Event::ExitRequested(status) => self.status = status,
            Event::ServiceEnded { .. } | Event::Started { .. } => self.supervisor.handle(event),
            Event::Restart { .. } | Event::StartTimeout { .. } => {}
        }
        true
    }

    /// Stops everything. False if a second signal forced the exit.
    pub async fn run(&mut self, inbox: &mut mpsc::UnboundedReceiver<Event>) -> bool {
        if self.supervisor.reports {
            crate::process::report::print(&self.supervisor.system).await;
        }
        let log = self.supervisor.log();
        log.record(Level::Info, "", "shutting down (press Ctrl+C again to force exit)", &Fields::new());
        self.cancel_terminals();
        self.supervisor.log().record(Level::Info, "", "shutting down", &Fields::new());
        let mut level = 0;
        while self.begin_level(level) {
            level += 1;
            while self.settle() {
                self.speak();
                let until = (Instant::now() + TICK).min(self.next_deadline());
                if let Ok(Some(event)) = tokio::time::timeout_at(until, inbox.recv()).await
                    && !self.follow(event)
                {
                    return false;
                }
            }
        }
        if !self.hear_the_last(inbox).await {
            return false;
        }
        for _ in 0..self.terminals() {
            eprintln!("{}", crate::process::exit::ExitError::forced(Cause::Canceled).message);
            self.status = 1;
        }
        self.supervisor.log().record(Level::Info, "", "stopped", &Fields::new());
        true
    }

    /// The terminals' processes are gone; what they returned may still be on its way. False if a second
    /// signal forced the exit.
    async fn hear_the_last(&mut self, inbox: &mut mpsc::UnboundedReceiver<Event>) -> bool {
        let terminals = self.hosts(|is_terminal| is_terminal);
        let system = self.supervisor.system.clone();
        let are_gone = terminals.into_iter().all(|host| system.processes_on(host).is_empty());
        let until = Instant::now() + LAST_WORD;
        while self.terminals() > 0 && are_gone {
            match tokio::time::timeout_at(until, inbox.recv()).await {
                Ok(Some(event)) => {
                    if !self.follow(event) {
                        return false;
                    }
                }
                Ok(None) | Err(_) => break,
            }
        }
        true
    }

    fn terminal_has_ended(&mut self, exit: &Exit) {
        self.status = status_of(exit, self.supervisor.log().has_traces());
        let system = &self.supervisor.system;
        // Counted before it ran, so there was one.
        let was_last = host_data(system).terminals.fetch_sub(1, Ordering::AcqRel) == 1;
        // Whoever else the command left on the terminal serves nobody.
        let has_command_ended = self.command.is_some_and(|command| !system.is_alive(command));
        if was_last || has_command_ended {
            self.terminal_ended.get_or_insert_with(Instant::now);
        }
    }

    /// The terminal's processes hear of the stop first: their end shortens it for everyone.
    fn cancel_terminals(&mut self) {
        let terminals: Vec<&'static str> = self.hosts(|is_terminal| is_terminal);
        for id in terminals {
            let told = self.cancel_all(id);
            self.told.extend(told);
        }
    }

    /// Tells every process of a host that was not told yet; which those were.
    fn cancel_all(&self, host: &str) -> Vec<Identity> {
        let system = &self.supervisor.system;
        let mut identities: Vec<Identity> =
            system.processes_on(host).into_iter().map(|process| process.identity).collect();
        identities.retain(|identity| !self.told.contains(identity));
        let cancel = Arc::new(shutdown("{|}", "scheduler shutdown"));
        for identity in &identities {
            system.signal(*identity, Signal::Cancel(cancel.clone()));
        }
        identities
    }

    fn hosts(&self, choose: impl Fn(bool) -> bool) -> Vec<&'static str> {
        let units = self.supervisor.plan.units.iter();
        let host = |unit: &crate::host::plan::Unit| match unit.kind {
            Kind::Host { is_terminal } if choose(is_terminal) => Some(unit.id),
            _ => None,
        };
        units.filter_map(host).collect()
    }

    fn cancel(&mut self, process: Pid, from: &str, reason: &str) {
        if self.told.insert(process.identity) {
            let cancel = Signal::Cancel(shutdown(from, reason).into());
            self.supervisor.system.signal(process.identity, cancel);
        }
    }

    /// Begins to stop every running unit that no running one needs. False if none is left.
    fn begin_level(&mut self, level: usize) -> bool {
        let is_up = |index: usize| matches!(self.supervisor.state(index), State::Running | State::Starting);
        let units = &self.supervisor.plan.units;
        let is_needed = |index: usize| {
            units.iter().enumerate().any(|(other, unit)| is_up(other) && unit.needs.contains(&index))
        };
        let next: Vec<usize> = (0..units.len()).filter(|index| is_up(*index) && !is_needed(*index)).collect();
        for index in &next {
            self.begin(*index, level);
        }
        !next.is_empty()
    }

    fn begin(&mut self, index: usize, level: usize) {
        let Some(unit) = self.supervisor.plan.units.get(index) else { return };
        let id = unit.id;
        let deadline = self.deadline(unit.lifecycle.stop_timeout);
        let fields: Fields = vec![
            ("service_id".to_owned(), id.into()),
            ("level".to_owned(), i64::try_from(level).unwrap_or(0).into()),
        ];
        self.supervisor.log().record(Level::Info, "", "stopping service", &fields);
        let is_host = matches!(unit.kind, Kind::Host { .. });
        if matches!(unit.kind, Kind::Scope) {
            self.supervisor.set_scope(id, false);
        }
        if let Some(running) = self.supervisor.units.get_mut(index) {
            running.state = State::Stopping;
            running.is_retrying = false;
        }
        if is_host {
            self.supervisor.info("host stopping", "id", id);
            self.supervisor.system.set_host(id, HostState::Stopping);
            self.cancel_all(id);
        } else if let Some(process) = self.supervisor.units.get(index).and_then(|unit| unit.process) {
            let number = self.supervisor.system.next_number();
            let from = crate::process::pid::format(&crate::process::pid::prefix("node:control"), number);
            self.cancel(process, &from, "service stopping");
        } else {
            self.finish(index, State::Stopped);
            return;
        }
        self.stopping.push((index, deadline));
    }

    /// An explicit timeout counts from the begin of this unit's stop; without one, a second after
    /// the terminal process ended, which all share, or the default.
    fn deadline(&self, own: Option<Duration>) -> Instant {
        let deadline = match (own, self.terminal_ended) {
            (None, Some(ended)) => ended + GRACE,
            (own, _) => Instant::now() + own.unwrap_or(STOP_TIMEOUT),
        };
        deadline.min(self.limit)
    }

    /// The deadline of a unit being stopped, shortened once the terminal process has ended.
    fn current_deadline(&self, index: usize, deadline: Instant) -> Instant {
        let own = self.supervisor.plan.units.get(index).and_then(|unit| unit.lifecycle.stop_timeout);
        match (own, self.terminal_ended) {
            (None, Some(ended)) => deadline.min(ended + GRACE),
            _ => deadline,
        }
    }

    fn next_deadline(&self) -> Instant {
        let deadlines =
            self.stopping.iter().map(|(index, deadline)| self.current_deadline(*index, *deadline));
        deadlines.min().unwrap_or(self.limit)
    }

    /// What a unit being stopped still waits for.
    fn is_pending(&self, index: usize) -> bool {
        let Some(unit) = self.supervisor.plan.units.get(index) else { return false };
        match &unit.kind {
            Kind::Scope => false,
            Kind::Service { .. } => self.supervisor.state(index) == State::Stopping,
            Kind::Host { .. } => {
                let system = &self.supervisor.system;
                let abandoned = self.abandoned_on(unit.id);
                let living = system.find_host(unit.id).map_or(0, |(_, host)| host.live());
                // Only where some are not waited for it matters which ones are left.
                living > abandoned.len()
                    || living > 0
                        && system.processes_on(unit.id).iter().any(|process| !abandoned.contains(process))
            }
        }
    }

    /// The processes of a host for which their services have waited long enough.
    fn abandoned_on(&self, host: &str) -> Vec<Pid> {
        let host = self.supervisor.system.find_host(host).map(|(host, _)| host);
        let failed = self.supervisor.units.iter().filter(|unit| unit.state == State::Failed);
        failed.filter_map(|unit| unit.process).filter(|process| Some(process.host) == host).collect()
    }

    /// Finishes what is done or out of time. True if anything is still waited for.
    fn settle(&mut self) -> bool {
        let now = Instant::now();
        for (index, deadline) in std::mem::take(&mut self.stopping) {
            if !self.is_pending(index) {
                self.finish(index, State::Stopped);
            } else if now >= self.current_deadline(index, deadline) {
                self.give_up(index, now);
            } else {
                self.stopping.push((index, deadline));
            }
        }
        !self.stopping.is_empty()
    }

    fn finish(&mut self, index: usize, state: State) {
        if let Some(running) = self.supervisor.units.get_mut(index) {
            running.state = state;
        }
        if let Some(unit) =
            self.supervisor.plan.units.get(index).filter(|unit| matches!(unit.kind, Kind::Host { .. }))
        {
            // What is left there ignored its CANCEL.
            for process in self.supervisor.system.processes_on(unit.id) {
                self.supervisor.system.signal(process.identity, Signal::Terminate(Cause::Canceled));
            }
            self.supervisor.info("host stopped", "id", unit.id);
        }
    }

    fn give_up(&mut self, index: usize, now: Instant) {
        let Some(unit) = self.supervisor.plan.units.get(index) else { return };
        if let Kind::Service { .. } = unit.kind {
            let tenths = ((now - self.begun).as_millis() + 50) / 100;
            let shared = Duration::from_millis(u64::try_from(tenths * 100).unwrap_or(0)).min(STOP_TIMEOUT);
            let waited = unit.lifecycle.stop_timeout.unwrap_or(shared);
            let waited = i64::try_from(waited.as_nanos()).unwrap_or(i64::MAX);
            let details = format!("stop timeout after {}", crate::stdlib::duration::format(waited));
            self.supervisor.report(Level::Info, unit.id, "failed", Some(("details", details)));
            self.finish(index, State::Failed);
        } else {
            self.finish(index, State::Stopped);
        }
    }

    /// Tells a person at a terminal what is waited for, once.
    fn speak(&mut self) {
        let now = Instant::now();
        let Some((index, deadline)) = self.stopping.first() else { return };
        let left = self.current_deadline(*index, *deadline).saturating_duration_since(now);
        if self.has_spoken || left <= GRACE || now - self.begun < GRACE || !std::io::stderr().is_terminal() {
            return;
        }
        self.has_spoken = true;
        let id = self.supervisor.plan.units.get(*index).map_or("", |unit| unit.id);
        eprintln!("waiting for {id}, {} s left; Ctrl-C again to force", left.as_secs());
    }
}
