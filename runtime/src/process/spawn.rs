//! Starting processes: the checks, the chunk's one synchronous run, the first task.

use std::sync::Arc;

use crate::cx::{Context, Cx, Suspension};
use crate::host::host_data;
use crate::ops::{call, text};
use crate::process::pid;
use crate::process::run::Process;
use crate::process::signal::Sender;
use crate::process::state::{ProcessState, Watcher};
use crate::process::system::{Failure, HostState, System};
use crate::sched::Identity;
use crate::sched::sync::lock;
use crate::transfer::{Exclusive, Graph};
use crate::value::Value;

/// The native stack a chunk may use while a caller's thread runs it.
const CHUNK_STACK: usize = 256 * 1024;

/// What to start, where, for whom.
pub struct SpawnRequest<'a> {
    /// `app:worker`
    pub entry: &'a str,
    /// `app:processes`
    pub host: &'a str,
    /// The arguments of `main`.
    pub args: Graph,
    /// Who learns of its end. Ignored on a terminal host.
    pub watcher: Option<Watcher>,
    /// What `io.args()` gives, on a terminal host.
    pub terminal_args: Vec<String>,
}

impl<'a> SpawnRequest<'a> {
    pub fn new(entry: &'a str, host: &'a str, args: Graph, watcher: Option<Watcher>) -> SpawnRequest<'a> {
        SpawnRequest { entry, host, args, watcher, terminal_args: Vec::new() }
    }
}

impl System {
    /// Starts a process and returns its PID. The chunk runs now, on this thread; `main` later.
    ///
    /// # Errors
    /// Unknown or stopped host, unknown entry, a chunk that fails or lacks the method.
    pub fn spawn(self: &Arc<Self>, request: SpawnRequest<'_>) -> Result<Sender, Failure> {
        match self.host(request.host) {
            Some(HostState::Running) => {}
            Some(HostState::Registered) => return Err(Failure::new("Unavailable", "host is not running")),
            Some(HostState::Stopping) => return Err(Failure::new("Unavailable", "host is shutting down")),
            None => {
                let details = vec![("host_id", request.host.to_owned())];
                return Err(Failure { details, ..Failure::new("NotFound", "host not found") });
            }
        }
        let entry = self.entry(request.entry).filter(|entry| entry.kind.starts_with("process."));
        let Some((entry, program)) = entry.and_then(|entry| entry.program.map(|program| (entry, program)))
        else {
            let details = vec![("factory_id", request.entry.to_owned())];
            return Err(Failure { details, ..Failure::new("NotFound", "factory not found") });
        };
        let Some(identity) = self.reserve() else {
            return Err(Failure::new("Unavailable", "too many processes"));
        };
        let number = self.next_number();
        let pid = pid::format(request.host, number);
        let state = ProcessState {
            system: Some(self.clone()),
            identity,
            pid: pid.clone(),
            entry: entry.id,
            host: request.host.to_owned(),
            ..ProcessState::default()
        };
        if self.is_terminal_host(request.host) {
            let system = Arc::downgrade(self);
            let tell = move |exit| {
                if let Some(system) = system.upgrade() {
                    system.terminal_has_ended(exit);
                }
            };
            state.watchers.borrow_mut().push(Watcher::Host(Box::new(tell)));
            let mut args = lock(&host_data(self).args);
            args.insert(identity, request.terminal_args);
        } else {
            state.watchers.borrow_mut().extend(request.watcher);
        }
        let process = Process { context: Context::new(state) };
        let main = match self::main(process.cx(), program) {
            Ok(main) => main,
            Err(failure) => {
                drop(process);
                self.names().release(identity);
                self.release(identity);
                return Err(failure);
            }
        };
        let cx = process.cx();
        let args = request.args.into_values(cx);
        cx.process().tasks.start(Box::pin(async move { call::call_async(cx, &main, &args).await }));
        Ok(self.admit(process, identity, number, pid, request.host))
    }

    fn admit(&self, process: Process, identity: Identity, number: u64, pid: String, host: &str) -> Sender {
        self.enlist(number, identity, host);
        if let Some(slot) = self.slot(identity) {
            // SAFETY: every handle and value of the process is inside of it; from here on only the
            // worker that sets the slot RUNNING touches it.
            slot.occupy(unsafe { Exclusive::new(Box::new(process)) });
            if slot.mailbox.notify() {
                self.queue().push(identity);
            }
        }
        Sender { text: pid, identity: Some(identity) }
    }
}

/// Runs the chunk and finds the function to run.
fn main(cx: Cx, program: crate::application::Program) -> Result<Value, Failure> {
    cx.set_stack_budget(CHUNK_STACK);
    let returned = {
        let _no_task = cx.forbid_suspension(Suspension::OutsideTask);
        (program.chunk)(cx)
    };
    let module = match returned {
        Ok(results) => results.first(),
        Err(thrown) => {
            let error = cx.catch(thrown);
            let text = String::from_utf8_lossy(&text::plain(&error)).into_owned();
            return Err(Failure::new("Internal", format!("failed to execute script: {text}")));
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
