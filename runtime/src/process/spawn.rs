//! Starting processes: the checks, the chunk's one synchronous run, the first task.

use std::sync::Arc;

use crate::application::Program;
use crate::cx::{Context, Cx, Mode, Suspension};
use crate::function::{BoxFuture, Entry};
use crate::heap::large;
use crate::ops::{call, text};
use crate::process::context::ContextValues;
use crate::process::host::{HostId, HostKind, HostState};
use crate::process::pid::Pid;
use crate::process::relations::Watcher;
use crate::process::run::Process;
use crate::process::state::ProcessState;
use crate::process::system::{Failure, System};
use crate::process::target::{Target, Texts, Wanted};
use crate::process::topic::Topic;
use crate::process::{mail::Item, names};
use crate::results::Args;
use crate::transfer::{Exclusive, Graph};
use crate::value::Value;

/// The native stack a chunk may use while a caller's thread runs it: half of what the smallest threads have.
const CHUNK_STACK: usize = 1024 * 1024;

/// What to start, where, for whom.
pub struct SpawnRequest<'a> {
    pub wanted: Wanted<'a>,
    /// The arguments of `main`.
    pub args: Graph,
    /// Who learns of its end. A terminal host ignores it, as it does links, name and messages.
    pub watcher: Option<Watcher>,
    pub link: Option<Pid>,
    pub context: ContextValues,
    pub extras: Option<Box<Extras>>,
}

/// What few processes get when they start.
#[derive(Default)]
pub struct Extras {
    /// The name it gets, if nobody holds it yet.
    pub name: Option<String>,
    /// Messages it finds, from nobody.
    pub messages: Vec<(Topic, Graph)>,
    /// What `io.args()` gives, on a terminal host.
    pub terminal_args: Vec<String>,
}

impl Extras {
    pub fn terminal(terminal_args: Vec<String>) -> Option<Box<Extras>> {
        Some(Box::new(Extras { terminal_args, ..Extras::default() }))
    }
}

impl<'a> SpawnRequest<'a> {
    pub fn new(entry: &'a str, host: &'a str, args: Graph, watcher: Option<Watcher>) -> SpawnRequest<'a> {
        SpawnRequest {
            wanted: Wanted::Named { entry, host, texts: None },
            args,
            watcher,
            link: None,
            context: ContextValues::default(),
            extras: None,
        }
    }
}

impl System {
    /// Starts a process and returns its PID. The chunk runs now, on this thread; `main` later.
    ///
    /// # Errors
    /// Unknown, stopped or full host, unknown entry, a chunk that fails or lacks the method, a name
    /// that another process took.
    pub fn spawn(self: &Arc<Self>, request: SpawnRequest<'_>) -> Result<Pid, Failure> {
        let target = self.target(&request.wanted)?;
        let host = target.host;
        if !self.enter_host(host) {
            let limit = self.host(host).and_then(|host| host.limits.max_processes).unwrap_or_default();
            let message = format!("host limit reached: max_processes = {limit}");
            return Err(Failure::new("Unavailable", message));
        }
        let pid = match self.reserve(host) {
            Some(pid) => pid,
            None => {
                self.leave_host(host);
                return Err(Failure::new("Unavailable", "too many processes"));
            }
        };
        let started = large::aside(|| self.build(target, pid, request));
        if started.is_err() {
            self.names().release(pid.identity);
            self.release(pid.identity);
            self.leave_host(host);
        }
        started
    }

    /// What these texts mean, if a spawn on this core asked for them before.
    pub fn known_target(&self, texts: Texts) -> Option<Target> {
        self.scheduler().with_core(|core| core.targets.get(texts))?
    }

    /// What is to be started, if its host takes processes.
    fn target(&self, wanted: &Wanted<'_>) -> Result<Target, Failure> {
        let (entry, host, texts) = match *wanted {
            Wanted::Known(target) => match self.host(target.host) {
                Some(host) if host.state() == HostState::Running => return Ok(target),
                host => (target.entry, host.map_or("", |host| &*host.id), None),
            },
            Wanted::Named { entry, host, texts } => (entry, host, texts),
        };
        let host = self.host_for(host)?;
        let (entry, program) = self.program(entry)?;
        let target = Target { entry, program, host };
        if let Some(texts) = texts {
            self.scheduler().with_core(|core| core.targets.put(texts, target));
        }
        Ok(target)
    }

    /// The host of that id, if it takes processes.
    fn host_for(&self, id: &str) -> Result<HostId, Failure> {
        let known = self.find_host(id).filter(|(_, host)| host.state() != HostState::Absent);
        let Some((number, host)) = known else {
            return Err(Failure::new("NotFound", "host not found").with("host_id", id));
        };
        if host.kind == HostKind::Function {
            let is_pool = id == &*host.id;
            return Err(if is_pool {
                Failure::new("Internal", "host does not implement process.Host")
            } else {
                Failure::new("NotFound", "host not found").with("host_id", id)
            });
        }
        match host.state() {
            HostState::Running => Ok(number),
            HostState::Stopping => Err(Failure::new("Unavailable", "host is shutting down")),
            HostState::Registered | HostState::Absent => {
                Err(Failure::new("Unavailable", "host is not running"))
            }
        }
    }

    fn program(&self, id: &str) -> Result<(&'static str, Program), Failure> {
        let entry = self.entry(id).filter(|entry| entry.kind.starts_with("process."));
        let program = entry.and_then(|entry| entry.program.map(|program| (entry.id, program)));
        program.ok_or_else(|| Failure::new("NotFound", "factory not found").with("factory_id", id))
    }

    fn build(self: &Arc<Self>, target: Target, pid: Pid, request: SpawnRequest<'_>) -> Result<Pid, Failure> {
        let host = self.host(pid.host);
        let is_terminal = host.is_some_and(|host| host.kind == HostKind::Terminal);
        let hides_logs = host.is_some_and(|host| host.hides_logs);
        let context = request.context;
        let context =
            Context::with(Mode::Application, || ProcessState::new(self, pid, target.entry, context));
        let process = Process { context };
        let state = process.cx().process();
        let mut extras = request.extras;
        if is_terminal {
            self.settle_on_terminal(state, hides_logs, extras.take());
        }
        enter(process.cx(), target.program, request.args)?;
        if !is_terminal {
            if let Some(watcher) = request.watcher {
                state.relations().watchers.push(watcher);
            }
            if let Some(peer) = request.link {
                state.relations().links.insert(peer.identity);
            }
            if let Some(extras) = extras {
                self.give(process.cx(), pid, *extras)?;
            }
        }
        process.cx().process().note_large_strings();
        if hides_logs {
            crate::host::host_data(self).log.hide();
        }
        self.admit(process, pid);
        Ok(pid)
    }

    /// A process on a terminal host is watched by the program, and knows the program's arguments.
    fn settle_on_terminal(
        self: &Arc<Self>,
        state: &ProcessState,
        hides_logs: bool,
        extras: Option<Box<Extras>>,
    ) {
        let system = Arc::downgrade(self);
        let tell = move |exit| {
            if let Some(system) = system.upgrade() {
                if hides_logs {
                    crate::host::host_data(&system).log.show();
                }
                system.terminal_has_ended(exit);
            }
        };
        state.relations().watchers.push(Watcher::Host(Box::new(tell)));
        state.rare().terminal_args = extras.map(|extras| extras.terminal_args).unwrap_or_default();
    }

    /// Gives a process that is about to start its messages and its name.
    fn give(&self, cx: Cx, pid: Pid, extras: Extras) -> Result<(), Failure> {
        for (topic, payload) in extras.messages {
            cx.process().mail.post(Item::new(topic, None, payload.into_values(cx)));
        }
        let Some(name) = &extras.name else { return Ok(()) };
        let may_have = || {
            self.mark_named(pid.identity);
            true
        };
        match self.names().register(name, pid.identity, pid, may_have) {
            Err(names::Refused::Taken) => Err(Failure::new("AlreadyExists", "name already registered")),
            Ok(()) | Err(names::Refused::Gone) => Ok(()),
        }
    }

    /// Puts a process with a waiting task into its slot, and the slot into the run queue.
    pub(crate) fn admit(&self, process: Process, pid: Pid) {
        if let Some(slot) = self.slot(pid.identity) {
            // SAFETY: every handle and value of the process is inside of it; from here on only the
            // worker that sets the slot RUNNING touches it.
            slot.occupy(unsafe { Exclusive::new(process) }, pid);
            self.scheduler().push(pid.identity.slot());
        }
    }
}

/// Runs the chunk, finds the function to run and starts it as the main task.
///
/// # Errors
/// The chunk raises, or returns nothing that can run.
pub(crate) fn enter(cx: Cx, program: Program, args: Graph) -> Result<(), Failure> {
    let main = main(cx, program)?;
    start_main(cx, main, args);
    Ok(())
}

/// Starts `main` as task 0.
pub(crate) fn start_main(cx: Cx, main: Value, args: Graph) {
    let args = Args::from(args.into_values(cx).as_slice());
    let body = match main.function_def().map(|def| def.entry) {
        Some(Entry::Async(start)) => start(cx, main, args),
        _ => BoxFuture::new(async move { call::call_async(cx, &main, &args).await }),
    };
    cx.process().tasks.start(body);
}

/// Runs the chunk and finds the function to run.
///
/// # Errors
/// The chunk raises, or returns nothing that can run.
pub(crate) fn main(cx: Cx, program: Program) -> Result<Value, Failure> {
    cx.set_stack_budget(CHUNK_STACK);
    let returned = {
        let _no_task = cx.forbid_suspension(Suspension::OutsideTask);
        // `return make()` finds the small stack of a start too deep, and waits to be run here.
        call::settle(cx, (program.chunk)(cx))
    };
    let module = match returned {
        Ok(results) => results.first(),
        Err(thrown) => {
            let error = cx.catch(thrown);
            let text = String::from_utf8_lossy(&text::plain(&error)).into_owned();
            let step = if text.starts_with("failed to load dependency ") {
                "module binder failed"
            } else {
                "failed to execute script"
            };
            return Err(Failure::new("Internal", format!("{step}: {text}")));
        }
    };
    let method = program.method.unwrap_or("main");
    if module.function_def().is_some() {
        return Ok(module);
    }
    let found =
        module.as_table().map(|table| table.get_text(method)).filter(|found| found.function_def().is_some());
    found.ok_or_else(|| Failure::new("NotFound", format!("method \"{method}\" not found in module")))
}
