//! The supervisor: starts hosts and services in the order of their needs, and starts failed
//! services again. It runs on the host's own thread; what takes time happens elsewhere and comes
//! back as an [`Event`].

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value as Json;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::host::host_data;
use crate::host::log::{Fields, Level, Log};
use crate::host::plan::{Kind, Plan};
use crate::host::service::{Failures, Verdict};
use crate::host::values::arguments;
use crate::process::exit::{Exit, ExitError};
use crate::process::host::HostState;
use crate::process::pid::Pid;
use crate::process::relations::Watcher;
use crate::process::signal::Signal;
use crate::process::spawn::{Extras, SpawnRequest};
use crate::process::system::{Failure, System};

/// What the host's thread is told.
pub enum Event {
    /// A service's process was started, or could not be.
    Started {
        index: usize,
        run: u64,
        result: Result<Pid, Failure>,
    },
    StartTimeout {
        index: usize,
        run: u64,
    },
    ServiceEnded {
        index: usize,
        run: u64,
        exit: Exit,
    },
    Restart {
        index: usize,
        run: u64,
    },
    TerminalEnded(Exit),
    /// `system.exit(code)`
    ExitRequested(u8),
    Interrupted(&'static str),
}

/// The state of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Unknown,
    Starting,
    Running,
    Stopping,
    Stopped,
    Exited,
    Failed,
}

/// One unit as it runs.
pub struct Running {
    pub state: State,
    pub process: Option<Pid>,
    failures: Failures,
    run: u64,
    since: Option<Instant>,
    /// It failed and will start again.
    pub is_retrying: bool,
}

pub struct Supervisor {
    pub system: Arc<System>,
    pub plan: Plan,
    pub units: Vec<Running>,
    pub events: mpsc::UnboundedSender<Event>,
    /// The processes are listed when the stop begins.
    pub reports: bool,
    /// What went wrong with required units while the application starts; `None` once that is said.
    errors: Option<Vec<String>>,
}

impl Supervisor {
    pub fn new(system: Arc<System>, plan: Plan, events: mpsc::UnboundedSender<Event>) -> Supervisor {
        let fresh = |_| Running {
            state: State::Unknown,
            process: None,
            failures: Failures::default(),
            run: 0,
            since: None,
            is_retrying: false,
        };
        let units = plan.units.iter().map(fresh).collect();
        Supervisor { system, plan, units, events, reports: false, errors: Some(Vec::new()) }
    }

    pub fn log(&self) -> &Log {
        &host_data(&self.system).log
    }

    pub fn info(&self, message: &str, key: &str, value: &str) {
        self.log().record(Level::Info, "", message, &vec![(key.to_owned(), value.into())]);
    }

    /// Starts what starts by itself.
    pub fn start(&mut self) {
        for unit in &self.plan.units {
            if let Kind::Host { .. } = unit.kind {
                self.system.set_host(unit.id, HostState::Registered);
            }
            self.info("service registered", "serviceID", unit.id);
        }
        if let Some(cycle) = self.plan.cycle() {
            let ids = cycle.join(", ");
            self.fail_start(format!("failed to determine start dependency levels: dependency cycle: {ids}"));
            self.settle();
            return;
        }
        let blocked: Vec<(&str, String)> = self
            .plan
            .units
            .iter()
            .filter(|unit| unit.lifecycle.auto_start && unit.lifecycle.is_required)
            .filter_map(|unit| unit.missing.first().map(|missing| (unit.id, missing.clone())))
            .collect();
        for (id, missing) in blocked {
            self.fail_start(format!(
                "service startup blocked by missing dependencies: {id} requires {missing}"
            ));
        }
        self.advance();
    }

    /// Starts every unit whose needs run.
    pub fn advance(&mut self) {
        loop {
            let ready = |index: &usize| {
                let (Some(unit), Some(own)) = (self.plan.units.get(*index), self.units.get(*index)) else {
                    return false;
                };
                let runs =
                    |need: &usize| self.units.get(*need).is_some_and(|unit| unit.state == State::Running);
                own.state == State::Unknown
                    && unit.lifecycle.auto_start
                    && unit.missing.is_empty()
                    && unit.needs.iter().all(runs)
            };
            let ready: Vec<usize> = (0..self.units.len()).filter(ready).collect();
            if ready.is_empty() {
                break;
            }
            for index in ready {
                if let Some(unit) = self.plan.units.get(index) {
                    self.info("starting service", "service_id", unit.id);
                }
                self.start_unit(index);
            }
        }
        self.settle();
    }

    fn set_state(&mut self, index: usize, state: State) {
        if let Some(unit) = self.units.get_mut(index) {
            unit.state = state;
        }
    }

    fn start_unit(&mut self, index: usize) {
        let (Some(unit), Some(running)) = (self.plan.units.get(index), self.units.get_mut(index)) else {
            return;
        };
        running.state = State::Starting;
        running.is_retrying = false;
        running.run += 1;
        let (run, attempt) = (running.run, running.failures.0 + 1);
        let details = Some(("details", format!("attempt {attempt}")));
        self.report(Level::Info, unit.id, "starting", details);
        match &unit.kind {
            Kind::Host { .. } => {
                self.system.set_host(unit.id, HostState::Running);
                self.info("host started", "id", unit.id);
                self.set_state(index, State::Running);
            }
            Kind::Scope => {
                self.set_scope(unit.id, true);
                self.set_state(index, State::Running);
            }
            Kind::Service { process, host, input } => {
                let (process, host, input) = (process.clone(), host.clone(), input.clone());
                self.spawn(index, run, process, host, input, unit.lifecycle.start_timeout);
            }
        }
    }

    /// Opens or closes a scope of process groups.
    pub fn set_scope(&self, id: &str, is_running: bool) {
        if let Some(scope) = self.system.scopes().find(id) {
            scope.set_running(is_running);
        }
    }

    /// Starts a service's process on another thread: its chunk may take its time.
    fn spawn(
        &self,
        index: usize,
        run: u64,
        process: String,
        host: String,
        input: Vec<Json>,
        patience: Duration,
    ) {
        // The identity under which it is controlled.
        self.system.next_number();
        let (system, events) = (self.system.clone(), self.events.clone());
        let is_simulated = system.scheduler().is_simulated();
        let start = move || {
            let ended = events.clone();
            let watcher = Watcher::Host(Box::new(move |exit| {
                let _ = ended.send(Event::ServiceEnded { index, run, exit });
            }));
            let texts = input.iter().filter_map(Json::as_str).map(str::to_owned).collect();
            let request = SpawnRequest {
                extras: Extras::terminal(texts),
                ..SpawnRequest::new(&process, &host, arguments(&input), Some(watcher))
            };
            let result = system.spawn(request);
            let _ = events.send(Event::Started { index, run, result });
        };
        if is_simulated {
            start();
        } else {
            tokio::task::spawn_blocking(start);
        }
        let events = self.events.clone();
        tokio::spawn(async move {
            tokio::time::sleep(patience).await;
            let _ = events.send(Event::StartTimeout { index, run });
        });
    }

    fn is_current(&self, index: usize, run: u64) -> bool {
        self.units.get(index).is_some_and(|unit| unit.run == run)
    }

    /// Follows one event of a unit; the others are not the supervisor's.
    pub fn handle(&mut self, event: Event) {
        match event {
            Event::Started { index, run, result } => self.started(index, run, result),
            Event::StartTimeout { index, run } => {
                if self.is_current(index, run) && self.state(index) == State::Starting {
                    self.start_timed_out(index);
                }
            }
            Event::ServiceEnded { index, run, exit } => {
                if self.is_current(index, run) {
                    self.ended(index, &exit);
                }
            }
            Event::Restart { index, run } => {
                if self.is_current(index, run) && self.state(index) == State::Failed {
                    self.start_unit(index);
                }
            }
            Event::TerminalEnded(_) | Event::ExitRequested(_) | Event::Interrupted(_) => {}
        }
    }

    pub fn state(&self, index: usize) -> State {
        self.units.get(index).map_or(State::Unknown, |unit| unit.state)
    }

    fn started(&mut self, index: usize, run: u64, result: Result<Pid, Failure>) {
        if !self.is_current(index, run) || self.state(index) != State::Starting {
            // Too late: nobody wants it any more.
            if let Ok(Pid { identity, .. }) = result {
                self.system.signal(identity, Signal::Terminate(crate::process::exit::Cause::Canceled));
            }
            return;
        }
        let (Some(unit), Some(running)) = (self.plan.units.get(index), self.units.get_mut(index)) else {
            return;
        };
        match result {
            Ok(process) => {
                running.process = Some(process);
                running.since = Some(Instant::now());
                running.state = State::Running;
            }
            Err(failure) => {
                running.state = State::Exited;
                let cause = format!("start process: {}", failure.message);
                self.report(Level::Error, unit.id, "exited", Some(("error", cause.clone())));
                if unit.lifecycle.is_required {
                    self.fail_start(format!("failed to start service: failed to stop service: {cause}"));
                }
            }
        }
        self.advance();
    }

    fn start_timed_out(&mut self, index: usize) {
        let Some(unit) = self.plan.units.get(index) else { return };
        self.report(Level::Info, unit.id, "failed", Some(("details", "start timeout".to_owned())));
        let error = ExitError::new("service start timed out", "Timeout", None);
        self.failed(index, &Err(error));
    }

    fn ended(&mut self, index: usize, exit: &Exit) {
        if let Some(running) = self.units.get_mut(index) {
            running.process = None;
        }
        if self.state(index) == State::Stopping {
            self.set_state(index, State::Stopped);
            return;
        }
        self.failed(index, exit);
        self.advance();
    }

    /// Judges the end of a run.
    fn failed(&mut self, index: usize, exit: &Exit) {
        let (Some(unit), Some(running)) = (self.plan.units.get(index), self.units.get_mut(index)) else {
            return;
        };
        let ran = running.since.take().map(|since| since.elapsed()).unwrap_or_default();
        let random = self.system.random();
        let verdict = running.failures.judge(&unit.lifecycle, exit, ran, random);
        let Verdict::Failed { restart_after } = verdict else {
            running.state = State::Exited;
            return;
        };
        running.state = State::Failed;
        running.is_retrying = restart_after.is_some();
        let run = running.run;
        if let Err(ExitError { message, trace, .. }) = exit {
            let error = format!("process failed: {message}");
            self.report(Level::Error, unit.id, "running", Some(("error", error.clone())));
            let (text, fields) = status_record(unit.id, "failed", Some(("error", error)));
            self.log().record_error(&text, fields, trace);
        }
        if let Some(wait) = restart_after {
            let events = self.events.clone();
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                let _ = events.send(Event::Restart { index, run });
            });
        }
    }

    fn fail_start(&mut self, cause: String) {
        if let Some(errors) = &mut self.errors {
            errors.push(cause);
        }
    }

    /// Says what went wrong while starting, once nothing is on its way any more.
    fn settle(&mut self) {
        let is_pending = self.plan.units.iter().zip(&self.units).any(|(unit, running)| {
            running.state == State::Starting || (running.is_retrying && unit.lifecycle.is_required)
        });
        if is_pending {
            return;
        }
        let Some(errors) = self.errors.take() else { return };
        let Some(first) = errors.first() else { return };
        let cause = if errors.len() > 1 {
            format!("start failed for multiple services: {first}")
        } else {
            first.clone()
        };
        let error = format!("failed to execute transitions: start sequence failed: {cause}");
        let fields: Fields = vec![("error".to_owned(), error.into())];
        self.log().record(Level::Error, "", "failed to execute commit protocol", &fields);
    }

    /// `service app:pump is failed` and why.
    pub fn report(&self, level: Level, id: &str, status: &str, why: Option<(&str, String)>) {
        let (text, fields) = status_record(id, status, why);
        self.log().record(level, "", &text, &fields);
    }
}

/// What the log says of a service: text and fields.
fn status_record(id: &str, status: &str, why: Option<(&str, String)>) -> (String, Fields) {
    let mut fields: Fields = vec![("serviceID".to_owned(), id.into()), ("status".to_owned(), status.into())];
    fields.extend(why.map(|(key, text)| (key.to_owned(), text.into())));
    (format!("service {id} is {status}"), fields)
}
