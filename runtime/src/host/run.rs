//! Starts the application, waits for its end, and stops it within its deadlines.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value as Json;
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::application::Application;
use crate::host::HostData;
use crate::host::cli::{Command, terminal_processes};
use crate::host::config::Config;
use crate::host::log::{Level, Log, Mode};
use crate::host::plan::{Host, Plan, Service};
use crate::host::service::{Failures, STOP_TIMEOUT, Verdict};
use crate::host::terminal::Terminal;
use crate::process::exit::{Exit, ExitError, ExitValue};
use crate::process::signal::{Sender, Signal};
use crate::process::spawn::SpawnRequest;
use crate::process::state::Watcher;
use crate::process::system::{HostState, System};
use crate::transfer::Graph;

/// After the terminal process has ended nobody is left to serve.
const GRACE: Duration = Duration::from_secs(1);

/// What the host's thread is told.
enum Event {
    ServiceEnded { index: usize, run: u64, exit: Exit },
    Restart { index: usize },
    TerminalEnded(Exit),
    Interrupted(&'static str),
}

/// The host's own state.
struct Runner {
    system: Arc<System>,
    plan: Plan,
    running: Vec<Running>,
    events: mpsc::UnboundedSender<Event>,
    /// Live processes of a terminal host.
    terminal: Option<Sender>,
    status: u8,
}

/// One service as it runs.
#[derive(Default)]
struct Running {
    process: Option<Sender>,
    failures: Failures,
    run: u64,
    since: Option<Instant>,
    /// It was told to stop.
    told: bool,
}

/// Runs the application; the exit status.
///
/// # Errors
/// The text behind `Error: ` when it cannot start.
pub fn run(application: &'static Application, command: &Command, config: Config) -> Result<u8, String> {
    let plan = Plan::new(application, &config.data);
    let system = System::new(application);
    let terminal_hosts =
        plan.hosts.iter().filter(|host| host.is_terminal).map(|host| host.id.to_owned()).collect();
    let host_data = HostData {
        log: Log::new(config.mode, config.min_level),
        terminal: Terminal::default(),
        terminal_hosts,
        args: command.arguments.clone(),
    };
    if config.mode != Mode::Silent {
        println!("{} {}", application.name, application.version);
    }
    let _ = system.host_data.set(Box::new(host_data));
    let io = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let io = io.map_err(|error| format!("cannot start the I/O thread: {error}"))?;
    io.block_on(serve(system, plan, command))
}

async fn serve(system: Arc<System>, plan: Plan, command: &Command) -> Result<u8, String> {
    let (events, mut inbox) = mpsc::unbounded_channel();
    let running = plan.services.iter().map(|_| Running::default()).collect();
    let mut runner = Runner { system, plan, running, events, terminal: None, status: 0 };
    runner.listen_to_signals()?;
    runner.system.start_worker().map_err(|error| format!("cannot start a worker: {error}"))?;
    runner.start();
    if let Some(entry) = &command.execute {
        runner.start_terminal(entry, command)?;
    } else {
        runner.say_what_could_run();
    }
    loop {
        match inbox.recv().await {
            None => return Ok(runner.status),
            Some(Event::ServiceEnded { index, run, exit }) => runner.service_ended(index, run, &exit),
            Some(Event::Restart { index }) => runner.start_service(index),
            Some(Event::TerminalEnded(exit)) => {
                runner.terminal = None;
                runner.status = status_of(&exit);
                return runner.stop(&mut inbox, Some(Instant::now())).await;
            }
            Some(Event::Interrupted(name)) => {
                let fields = vec![("signal".to_owned(), name.into())];
                runner.log().record(Level::Info, "", "received shutdown signal", &fields);
                if runner.terminal.is_some() {
                    runner.status = 1;
                }
                return runner.stop(&mut inbox, None).await;
            }
        }
    }
}

impl Runner {
    fn log(&self) -> &Log {
        &host_data(&self.system).log
    }

    fn info(&self, message: &str, key: &str, value: &str) {
        self.log().record(Level::Info, "", message, &vec![(key.to_owned(), value.into())]);
    }

    fn listen_to_signals(&self) -> Result<(), String> {
        for (kind, name) in [(SignalKind::interrupt(), "interrupt"), (SignalKind::terminate(), "terminated")]
        {
            let mut stream: Stream =
                signal(kind).map_err(|error| format!("cannot listen to signals: {error}"))?;
            let events = self.events.clone();
            tokio::spawn(async move {
                while stream.recv().await.is_some() {
                    let _ = events.send(Event::Interrupted(name));
                }
            });
        }
        Ok(())
    }

    fn start(&mut self) {
        for host in &self.plan.hosts {
            if host.lifecycle.auto_start {
                self.system.set_host(host.id, HostState::Running);
                self.info("host started", "id", host.id);
            } else {
                self.system.set_host(host.id, HostState::Registered);
            }
        }
        for index in 0..self.plan.services.len() {
            if self.plan.services.get(index).is_some_and(|service| service.lifecycle.auto_start) {
                self.start_service(index);
            }
        }
        self.log().record(Level::Info, "", "runtime ready", &Vec::new());
    }

    fn start_service(&mut self, index: usize) {
        let (Some(service), Some(running)) = (self.plan.services.get(index), self.running.get_mut(index))
        else {
            return;
        };
        running.run += 1;
        let (run, attempt) = (running.run, running.failures.0 + 1);
        let log = &host_data(&self.system).log;
        log.record(
            Level::Info,
            "",
            &format!("service {} is starting", service.id),
            &vec![
                ("serviceID".to_owned(), service.id.into()),
                ("status".to_owned(), "starting".into()),
                ("details".to_owned(), format!("attempt {attempt}").into()),
            ],
        );
        let events = self.events.clone();
        let watcher = Watcher::Host(Box::new(move |exit| {
            let _ = events.send(Event::ServiceEnded { index, run, exit });
        }));
        let request = SpawnRequest {
            entry: &service.process,
            host: &service.host,
            args: arguments(&service.input),
            watcher: Some(watcher),
        };
        match self.system.spawn(request) {
            Ok(process) => {
                running.process = Some(process);
                running.since = Some(Instant::now());
            }
            Err(failure) => report(log, service, "exited", &format!("start process: {}", failure.message)),
        }
    }

    fn service_ended(&mut self, index: usize, run: u64, exit: &Exit) {
        let (Some(service), Some(running)) = (self.plan.services.get(index), self.running.get_mut(index))
        else {
            return;
        };
        if running.run != run {
            return;
        }
        running.process = None;
        let ran = running.since.map(|since| since.elapsed()).unwrap_or_default();
        let random = f64::from(
            u16::try_from(Instant::now().into_std().elapsed().subsec_nanos() & 0xffff).unwrap_or(0),
        ) / 65_536.0;
        let verdict = running.failures.judge(&service.lifecycle, exit, ran, random);
        let (Verdict::Failed { restart_after }, Err(ExitError { message, .. })) = (verdict, exit) else {
            return;
        };
        let log = &host_data(&self.system).log;
        for status in ["running", "failed"] {
            report(log, service, status, &format!("process failed: {message}"));
        }
        if let Some(wait) = restart_after {
            let events = self.events.clone();
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                let _ = events.send(Event::Restart { index });
            });
        }
    }

    /// Runs `entry` on the terminal host that the command line or the manifest names.
    fn start_terminal(&mut self, entry: &str, command: &Command) -> Result<(), String> {
        let terminals: Vec<&str> =
            self.plan.hosts.iter().filter(|host| host.is_terminal).map(|host| host.id).collect();
        let host = match (&command.host, terminals.as_slice()) {
            (Some(host), _) => host.clone(),
            (None, []) => return Err("no terminal.host found in registry".to_owned()),
            (None, [only]) => (*only).to_owned(),
            (None, several) => {
                let list = several.join(", ");
                return Err(format!("multiple terminal hosts found ({list}), use --host to specify"));
            }
        };
        match self.system.host(&host) {
            None => return Err(format!("host {host} not found in supervisor: service not found")),
            Some(HostState::Running) => {}
            // Hosts start at once or not at all, so waiting for one would not help.
            Some(_) => return Err(format!("timeout waiting for host {host} to start (status: unknown)")),
        }
        let events = self.events.clone();
        let args: Vec<Json> = command.arguments.iter().map(|argument| argument.as_str().into()).collect();
        let request = SpawnRequest {
            entry,
            host: &host,
            args: arguments(&args),
            watcher: Some(Watcher::Host(Box::new(move |exit| {
                let _ = events.send(Event::TerminalEnded(exit));
            }))),
        };
        let spawned = self.system.spawn(request);
        let process = spawned
            .map_err(|failure| format!("failed to start process on host: {host}: {}", failure.message))?;
        self.terminal = Some(process);
        Ok(())
    }

    fn say_what_could_run(&self) {
        let name = self.system.application().name;
        let terminals = terminal_processes(self.system.application());
        if let Some(first) = terminals.first() {
            eprintln!("No terminal process is attached; to talk to one: {name} -x {first}");
        }
    }

    /// Stops services, dependents first, then hosts, within the deadlines. A second signal forces
    /// the exit.
    async fn stop(
        mut self,
        inbox: &mut mpsc::UnboundedReceiver<Event>,
        terminal_ended: Option<Instant>,
    ) -> Result<u8, String> {
        self.log().record(Level::Info, "", "shutting down (press Ctrl+C again to force exit)", &Vec::new());
        for host in &self.plan.hosts {
            self.system.set_host(host.id, HostState::Stopping);
        }
        let begun = Instant::now();
        let mut patience = Patience { begun, terminal_ended, has_spoken: false };
        if let Some(terminal) = &self.terminal {
            self.cancel(terminal, "scheduler shutdown");
        }
        for index in (0..self.plan.services.len()).rev() {
            self.tell(index, "service stopping");
            let own = self.plan.services.get(index).and_then(|service| service.lifecycle.stop_timeout);
            if !self.wait(inbox, &mut patience, own, Some(index)).await? {
                return Ok(1);
            }
        }
        let told: Vec<String> = self
            .running
            .iter()
            .filter_map(|running| running.process.as_ref())
            .map(|process| process.text.clone())
            .collect();
        for host in &self.plan.hosts {
            for process in self.system.processes_on(host.id) {
                let is_terminal =
                    self.terminal.as_ref().is_some_and(|terminal| terminal.text == process.text);
                if !told.contains(&process.text) && !is_terminal {
                    self.cancel(&process, "scheduler shutdown");
                }
            }
        }
        let longest = self.plan.hosts.iter().filter_map(|host: &Host| host.lifecycle.stop_timeout).max();
        if !self.wait(inbox, &mut patience, longest, None).await? {
            return Ok(1);
        }
        self.log().record(Level::Info, "", "stopped", &Vec::new());
        self.system.queue().stop();
        Ok(self.status)
    }

    fn cancel(&self, process: &Sender, reason: &str) {
        if let Some(identity) = process.identity {
            let cancel = Signal::Cancel { from: "{|}".to_owned(), reason: reason.to_owned(), shutdown: true };
            self.system.signal(identity, cancel);
        }
    }

    fn tell(&mut self, index: usize, reason: &str) {
        let Some(process) = self.running.get(index).and_then(|running| running.process.clone()) else {
            return;
        };
        self.cancel(&process, reason);
        if let Some(running) = self.running.get_mut(index) {
            running.told = true;
        }
    }

    /// What is still to be waited for: service `index`, or every process that was not waited for.
    fn pending(&self, index: Option<usize>) -> Option<String> {
        if let Some(index) = index {
            let running = self.running.get(index)?;
            let identity = running.process.as_ref()?.identity?;
            return self
                .system
                .is_alive(identity)
                .then(|| self.plan.services.get(index).map(|service| service.id.to_owned()))?;
        }
        if let Some(terminal) = &self.terminal {
            return Some(terminal.text.clone());
        }
        let waited: Vec<&str> = self
            .running
            .iter()
            .filter(|running| running.told)
            .filter_map(|running| running.process.as_ref())
            .map(|process| process.text.as_str())
            .collect();
        let hosts = self.plan.hosts.iter().flat_map(|host| self.system.processes_on(host.id));
        hosts.map(|process| process.text).find(|text| !waited.contains(&text.as_str()))
    }

    /// Waits until nothing is pending or the time is up. False if a second signal came.
    async fn wait(
        &mut self,
        inbox: &mut mpsc::UnboundedReceiver<Event>,
        patience: &mut Patience,
        own: Option<Duration>,
        index: Option<usize>,
    ) -> Result<bool, String> {
        while let Some(pending) = self.pending(index) {
            let deadline = patience.deadline(own);
            let now = Instant::now();
            if now >= deadline {
                return Ok(true);
            }
            patience.speak(&pending, deadline - now);
            // Ends that nobody reports (unsupervised processes) are looked for now and then.
            let tick = (now + Duration::from_millis(20)).min(deadline);
            match tokio::time::timeout_at(tick, inbox.recv()).await {
                Ok(Some(Event::Interrupted(_))) => {
                    self.log().record(Level::Warn, "", "force exit", &Vec::new());
                    return Ok(false);
                }
                Ok(Some(Event::TerminalEnded(exit))) => {
                    self.terminal = None;
                    self.status = self.status.max(status_of(&exit));
                    patience.terminal_ended = Some(Instant::now());
                }
                Ok(Some(Event::ServiceEnded { index, .. })) => {
                    if let Some(running) = self.running.get_mut(index) {
                        running.process = None;
                    }
                }
                Ok(Some(Event::Restart { .. }) | None) | Err(_) => {}
            }
        }
        Ok(true)
    }
}

/// How long a stop may still take.
struct Patience {
    begun: Instant,
    terminal_ended: Option<Instant>,
    has_spoken: bool,
}

impl Patience {
    /// An explicit timeout counts from the begin; otherwise one second after the terminal process
    /// ended, which all share, or the default.
    fn deadline(&self, own: Option<Duration>) -> Instant {
        match (own, self.terminal_ended) {
            (Some(own), _) => self.begun + own,
            (None, Some(ended)) => ended + GRACE,
            (None, None) => self.begun + STOP_TIMEOUT,
        }
    }

    /// Tells a person at a terminal what is waited for, once.
    fn speak(&mut self, pending: &str, left: Duration) {
        if self.has_spoken
            || left <= GRACE
            || self.begun.elapsed() < GRACE
            || !std::io::stderr().is_terminal()
        {
            return;
        }
        self.has_spoken = true;
        eprintln!("waiting for {pending}, {} s left; Ctrl-C again to force", left.as_secs());
    }
}

/// The host's data, as `run` stored it.
pub fn host_data(system: &System) -> &HostData {
    // Set once, before any process starts; libraries that run without a host find silence.
    static NONE: std::sync::OnceLock<HostData> = std::sync::OnceLock::new();
    system.host_data.get().and_then(|data| data.downcast_ref()).unwrap_or_else(|| {
        NONE.get_or_init(|| HostData {
            log: Log::new(Mode::Silent, Level::Error),
            terminal: Terminal::default(),
            terminal_hosts: Vec::new(),
            args: Vec::new(),
        })
    })
}

fn report(log: &Log, service: &Service, status: &str, error: &str) {
    log.record(
        Level::Error,
        "",
        &format!("service {} is {status}", service.id),
        &vec![
            ("serviceID".to_owned(), service.id.into()),
            ("status".to_owned(), status.into()),
            ("error".to_owned(), error.into()),
        ],
    );
}

/// Arguments from the manifest or the command line, as values for another process.
fn arguments(items: &[Json]) -> Graph {
    Graph::build(|copier| items.iter().map(|item| from_json(copier, item)).collect())
}

fn from_json(copier: &crate::transfer::Copier<'_>, item: &Json) -> crate::value::Value {
    use crate::table::Table;
    use crate::value::Value;
    match item {
        Json::Null => Value::NIL,
        Json::Bool(value) => Value::bool(*value),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Value::float(number.as_f64().unwrap_or_default()), Value::int)
        }
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => {
            let list = Table::in_heap(copier.heap(), items.len(), 0);
            crate::ops::index::append(&list, 1, items.iter().map(|item| from_json(copier, item)));
            list
        }
        Json::Object(fields) => {
            let record = Table::in_heap(copier.heap(), 0, fields.len());
            if let Some(table) = record.as_table() {
                for (key, item) in fields {
                    table.set_text(key, from_json(copier, item));
                }
            }
            record
        }
    }
}

/// The exit status of a terminal process; an error is said on standard error.
fn status_of(exit: &Exit) -> u8 {
    let low_byte = |number: i64| number.to_le_bytes()[0];
    match exit {
        Err(ExitError { message, .. }) => {
            eprintln!("{message}");
            1
        }
        Ok(ExitValue::Nothing | ExitValue::Other | ExitValue::Bool(true)) => 0,
        Ok(ExitValue::Bool(false)) => 1,
        Ok(ExitValue::Int(number)) => low_byte(*number),
        Ok(ExitValue::Float(number)) => crate::ops::number::float_to_int(number.trunc()).map_or(1, low_byte),
    }
}
