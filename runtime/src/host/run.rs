//! Starts the application, waits for its end, and stops it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value as Json;
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::application::Application;
use crate::host::cli::{Command, terminal_words};
use crate::host::config::Config;
use crate::host::log::{Fields, Level, Log, Mode};
use crate::host::plan::{Kind, Plan};
use crate::host::simulation;
use crate::host::stop::Stop;
use crate::host::supervisor::{Event, State, Supervisor};
use crate::host::surroundings;
use crate::host::terminal::Terminal;
use crate::host::values::arguments;
use crate::host::{HostData, host_data};
use crate::process::relations::Watcher;
use crate::process::report;
use crate::process::spawn::{Extras, SpawnRequest};
use crate::process::system::System;
use crate::sched::{Identity, Scheduler};

/// So long the host of a `-x` run may take to start.
const HOST_START: Duration = Duration::from_secs(5);

/// Runs the application; the exit status.
///
/// # Errors
/// The text behind `Error: ` when it cannot start.
pub fn run(application: &'static Application, command: &Command, config: Config) -> Result<u8, String> {
    let plan = Plan::new(application, &config.data);
    let system = match command.seed {
        None => System::new(application, config.data),
        Some(seed) => System::with_scheduler(application, config.data, Scheduler::simulated(seed)),
    };
    let log =
        Log::new(config.mode, config.min_level).with_events(config.to_events).with_traces(command.traces);
    log.set_surroundings(surroundings::of(&system));
    let shutdown = config.shutdown_timeout;
    if matches!(config.mode, Mode::Text | Mode::Console) {
        crate::host::say(&format!("{} {}\n", application.name, application.version));
    }
    let terminal = if command.seed.is_some() { Terminal::simulated() } else { Terminal::default() };
    let host_data = HostData { log, terminal, terminals: AtomicUsize::new(0) };
    let _ = system.host_data.set(Box::new(host_data));
    let io = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // The clock of a simulation jumps to the next thing to happen.
        .start_paused(command.seed.is_some())
        .thread_keep_alive(Duration::from_millis(200))
        .thread_name("starter")
        .build();
    let io = io.map_err(|error| format!("cannot start the I/O thread: {error}"))?;
    let result = io.block_on(serve(&system, plan, command, shutdown));
    // A thread that still reads a file or runs a chunk does not hold up the exit.
    io.shutdown_background();
    crate::host::terminal::restore();
    result
}

async fn serve(
    system: &Arc<System>,
    plan: Plan,
    command: &Command,
    shutdown: Duration,
) -> Result<u8, String> {
    let (events, mut inbox) = mpsc::unbounded_channel();
    let requests = events.clone();
    system.on_exit_request(Box::new(move |status| {
        let _ = requests.send(Event::ExitRequested(status));
    }));
    let terminal_ended = events.clone();
    system.on_terminal_exit(Box::new(move |exit| {
        crate::host::terminal::restore();
        let _ = terminal_ended.send(Event::TerminalEnded(exit));
    }));
    let mut supervisor = Supervisor::new(system.clone(), plan, events);
    supervisor.reports = command.report;
    // The reference names the soft limit of its collector here, which has no counterpart.
    supervisor.log().record(Level::Info, "", "initializing runtime", &Fields::new());
    if command.report {
        system.measure_time();
    }
    listen_to_signals(&supervisor)?;
    if command.seed.is_some() {
        tokio::spawn(simulation::drive(system.clone()));
        simulation::end_when_asked_twice().map_err(|error| format!("cannot start a thread: {error}"))?;
    }
    system.start_workers().map_err(|error| format!("cannot start a worker: {error}"))?;
    let count = i64::try_from(system.entry_count()).unwrap_or(i64::MAX);
    supervisor.log().record(Level::Info, "", "loaded entries", &vec![("count".to_owned(), count.into())]);
    for fault in &system.environment().faults {
        supervisor.log().record(Level::Error, "", fault, &Fields::new());
    }
    supervisor.start();
    supervisor.log().record(Level::Info, "", "runtime ready", &Fields::new());
    let mut runner = Runner { supervisor, shutdown, command: None };
    match &command.execute {
        Some(entry) => runner.start_terminal(entry, command, &mut inbox).await?,
        None => runner.say_what_could_run(),
    }
    runner.wait(&mut inbox).await
}

fn listen_to_signals(supervisor: &Supervisor) -> Result<(), String> {
    for (kind, name) in [(SignalKind::interrupt(), "interrupt"), (SignalKind::terminate(), "terminated")] {
        let mut stream: Stream =
            signal(kind).map_err(|error| format!("cannot listen to signals: {error}"))?;
        let events = supervisor.events.clone();
        tokio::spawn(async move {
            while stream.recv().await.is_some() {
                let _ = events.send(Event::Interrupted(name));
            }
        });
    }
    // The processes are listed whenever somebody asks.
    let mut asked: Stream =
        signal(SignalKind::user_defined1()).map_err(|error| format!("cannot listen to signals: {error}"))?;
    let system = supervisor.system.clone();
    tokio::spawn(async move {
        while asked.recv().await.is_some() {
            report::print(&system).await;
            // The next list says how long each has run since.
            system.measure_time();
        }
    });
    Ok(())
}

/// A started application.
struct Runner {
    supervisor: Supervisor,
    shutdown: Duration,
    /// The process that the command line asked for.
    command: Option<Identity>,
}

impl Runner {
    /// Waits for the first reason to stop, then stops; the exit status.
    async fn wait(mut self, inbox: &mut mpsc::UnboundedReceiver<Event>) -> Result<u8, String> {
        loop {
            let reason = match inbox.recv().await {
                None => return Ok(0),
                Some(
                    reason @ (Event::TerminalEnded(_) | Event::ExitRequested(_) | Event::Interrupted(_)),
                ) => reason,
                Some(event) => {
                    self.supervisor.handle(event);
                    continue;
                }
            };
            let mut stop = Stop::new(&mut self.supervisor, self.shutdown, self.command);
            let mut is_interrupted = false;
            if let Event::Interrupted(name) = reason {
                let fields = vec![("signal".to_owned(), name.into())];
                stop.supervisor.log().record(Level::Info, "", "received shutdown signal", &fields);
                // Whatever an interrupted terminal process returns, the run did not end by itself.
                is_interrupted = stop.terminals() > 0;
            } else {
                stop.follow(reason);
            }
            let has_finished = stop.run(inbox).await;
            return Ok(if has_finished && !is_interrupted { stop.status } else { 1 });
        }
    }

    /// Runs `entry` on the terminal host that the command line or the manifest names.
    async fn start_terminal(
        &mut self,
        entry: &str,
        command: &Command,
        inbox: &mut mpsc::UnboundedReceiver<Event>,
    ) -> Result<(), String> {
        let units = self.supervisor.plan.units.iter();
        let terminals: Vec<&str> = units
            .filter(|unit| matches!(unit.kind, Kind::Host { is_terminal: true }))
            .map(|unit| unit.id)
            .collect();
        let host = match (&command.host, terminals.as_slice()) {
            (Some(host), _) => host.clone(),
            (None, []) => return Err("no terminal.host found in registry".to_owned()),
            (None, [only]) => (*only).to_owned(),
            (None, several) => {
                let list = several.join(", ");
                return Err(format!("multiple terminal hosts found ({list}), use --host to specify"));
            }
        };
        self.wait_for_host(&host, inbox).await?;
        let args: Vec<Json> = command.arguments.iter().map(|argument| argument.as_str().into()).collect();
        let events = self.supervisor.events.clone();
        let is_elsewhere = !terminals.contains(&host.as_str());
        if is_elsewhere {
            // What the terminal host would do.
            self.terminals().fetch_add(1, Ordering::AcqRel);
        }
        // On a terminal host this watcher is ignored: its processes report by themselves.
        let watcher = Watcher::Host(Box::new(move |exit| {
            let _ = events.send(Event::TerminalEnded(exit));
        }));
        let request = SpawnRequest {
            extras: Extras::terminal(command.arguments.clone()),
            ..SpawnRequest::new(entry, &host, arguments(&args), Some(watcher))
        };
        let spawned = self.supervisor.system.spawn(request);
        let pid = spawned.map_err(|failure| {
            if is_elsewhere {
                self.terminals().fetch_sub(1, Ordering::AcqRel);
            }
            format!("failed to start process on host: {host}: {}", failure.message)
        })?;
        self.command = Some(pid.identity);
        Ok(())
    }

    fn terminals(&self) -> &AtomicUsize {
        &host_data(&self.supervisor.system).terminals
    }

    async fn wait_for_host(
        &mut self,
        host: &str,
        inbox: &mut mpsc::UnboundedReceiver<Event>,
    ) -> Result<(), String> {
        let Some(index) = self.supervisor.plan.find(host) else {
            return Err(format!("host {host} not found in supervisor: service not found"));
        };
        let will_start = self.supervisor.plan.units.get(index).is_some_and(|unit| unit.lifecycle.auto_start);
        let deadline = Instant::now() + if will_start { HOST_START } else { Duration::ZERO };
        let mut later = Vec::new();
        while self.supervisor.state(index) != State::Running {
            match tokio::time::timeout_at(deadline, inbox.recv()).await {
                Ok(Some(
                    event @ (Event::Interrupted(_) | Event::ExitRequested(_) | Event::TerminalEnded(_)),
                )) => {
                    later.push(event);
                }
                Ok(Some(event)) => self.supervisor.handle(event),
                Ok(None) | Err(_) => {
                    let state = format!("{:?}", self.supervisor.state(index)).to_lowercase();
                    let hint = if will_start {
                        String::new()
                    } else {
                        format!("\n{host} has no `lifecycle: {{ auto_start: true }}`")
                    };
                    return Err(format!("timeout waiting for host {host} to start (status: {state}){hint}"));
                }
            }
        }
        for event in later {
            let _ = self.supervisor.events.send(event);
        }
        Ok(())
    }

    fn say_what_could_run(&self) {
        let application = self.supervisor.system.application();
        if self.supervisor.log().is_silent() {
            return;
        }
        if let Some(words) = terminal_words(application) {
            let name = application.name;
            eprintln!("No terminal process is attached; to talk to one: {name} {words}");
        }
    }
}
