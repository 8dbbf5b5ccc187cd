//! Functions: calls as short-lived processes, run by pooled workers.
//!
//! A worker is a process whose Lua state is kept from call to call; every call gets a PID, a mailbox,
//! relations and names of its own, which end with it. One worker runs one call at a time; calls
//! beyond the pool's size wait in order.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use serde_json::Value as Json;

use crate::application::{Application, Program};
use crate::cx::Context;
use crate::process::context::ContextValues;
use crate::process::exit::{ExitError, Outcome};
use crate::process::external::Completer;
use crate::process::host::{HostId, Hosts};
use crate::process::meter;
use crate::process::pid::Pid;
use crate::process::relations::Watcher;
use crate::process::run::Process;
use crate::process::signal::ExitResult;
use crate::process::spawn::{SpawnRequest, main, start_main};
use crate::process::state::ProcessState;
use crate::process::system::{Failure, System};
use crate::sched::sync::{Mutex, lock};
use crate::transfer::{Exclusive, Graph};

/// An idle worker is disposed of after so many nanoseconds.
const IDLE: u64 = 30_000_000_000;

/// The pool of one function.
pub struct Pool {
    entry: &'static str,
    program: Program,
    host: HostId,
    size: usize,
    state: Mutex<PoolState>,
}

#[derive(Default)]
struct PoolState {
    /// Since when each waits, in nanoseconds of the scheduler.
    idle: Vec<(u64, Exclusive<Process>)>,
    busy: usize,
    waiting: VecDeque<Call>,
}

impl Drop for Pool {
    fn drop(&mut self) {
        // What workers point to ends with the system.
        lock(&self.state).idle.drain(..).for_each(|(_, worker)| std::mem::forget(worker));
    }
}

/// One call that waits for a worker.
struct Call {
    args: Graph,
    context: ContextValues,
    caller: Completer,
}

/// The pools of an application, by entry.
pub struct Pools(HashMap<&'static str, Pool>);

impl Pools {
    pub fn new<'a>(
        application: &Application,
        hosts: &Hosts,
        data: impl Fn(&str) -> Option<&'a Json>,
    ) -> Pools {
        let functions = application.entries.iter().filter(|entry| entry.kind == "function.lua");
        let pool = |entry: &'static crate::application::Entry| {
            let (host, _) = hosts.find(entry.id)?;
            let size = size(data(entry.id)?.get("pool").unwrap_or(&Json::Null));
            let pool = Pool { entry: entry.id, program: entry.program?, host, size, state: Mutex::default() };
            Some((entry.id, pool))
        };
        Pools(functions.filter_map(pool).collect())
    }

    pub fn get(&self, id: &str) -> Option<&Pool> {
        self.0.get(id)
    }

    fn by_host(&self, host: HostId) -> Option<&Pool> {
        self.0.values().find(|pool| pool.host == host)
    }
}

/// How many calls may run at once.
fn size(pool: &Json) -> usize {
    let number = |key: &str| {
        let number = pool.get(key).and_then(Json::as_u64).and_then(|number| usize::try_from(number).ok());
        number.filter(|number| *number > 0)
    };
    let (workers, size, most) = (number("workers"), number("size"), number("max_size"));
    match pool.get("type").and_then(Json::as_str) {
        Some("static") => workers.or(size).unwrap_or(8),
        Some("lazy" | "adaptive") => most.unwrap_or(16),
        Some(_) => usize::MAX,
        None if workers.is_some() => workers.unwrap_or(8),
        None if size.is_none() || most.is_some() => most.unwrap_or(100),
        None => usize::MAX,
    }
}

impl System {
    /// Calls a function, or a process that is callable as one. The callee, if it runs already; the
    /// result comes through `caller`.
    ///
    /// # Errors
    /// Nothing callable has that id, or the process could not be started.
    pub fn call(
        self: &Arc<Self>,
        target: &str,
        args: Graph,
        context: ContextValues,
        caller: Completer,
    ) -> Result<Option<Callee>, Failure> {
        if let Some(pool) = self.pools().get(target) {
            let call = Call { args, context, caller };
            return Ok(self.enqueue(pool, call).map(Callee::Function));
        }
        let Some(host) = self.default_host(target) else {
            return Err(Failure::new("NotFound", "no handler registered for target").with("target", target));
        };
        let watcher = Some(Watcher::Caller(Box::new(caller)));
        let request = SpawnRequest { context, ..SpawnRequest::new(target, &host, args, watcher) };
        let pid = self.spawn(request).map_err(|failure| {
            Failure::new("Internal", format!("failed to start process: {}", failure.message))
        })?;
        Ok(Some(Callee::Process(pid)))
    }

    /// `meta.default_host` of a process entry: it may be called like a function.
    fn default_host(&self, id: &str) -> Option<String> {
        let entry = self.entry(id).filter(|entry| entry.kind.starts_with("process."))?;
        let meta: Json = serde_json::from_str(entry.meta).ok()?;
        let host = meta.pointer("/options/default_host").or_else(|| meta.get("default_host"))?;
        host.as_str().map(str::to_owned)
    }

    fn enqueue(self: &Arc<Self>, pool: &Pool, call: Call) -> Option<Pid> {
        let mut state = lock(&pool.state);
        let worker = state.idle.pop().map(|(_, worker)| worker);
        if worker.is_none() && state.busy >= pool.size {
            state.waiting.push_back(call);
            return None;
        }
        state.busy += 1;
        drop(state);
        self.begin(pool, worker, call)
    }

    /// Runs a call on a worker that was counted as busy; makes the worker if there is none.
    fn begin(self: &Arc<Self>, pool: &Pool, worker: Option<Exclusive<Process>>, call: Call) -> Option<Pid> {
        let Some(pid) = self.reserve(pool.host) else {
            fail(call.caller, ExitError::new("too many processes", "Unavailable", Some(true)));
            self.worker_is_free(pool, worker);
            return None;
        };
        let process = match worker {
            Some(worker) => worker.into_inner(),
            None => match self.make_worker(pool, pid) {
                Ok(process) => process,
                Err(failure) => {
                    self.release(pid.identity);
                    fail(call.caller, ExitError::new(failure.message, failure.kind, Some(false)));
                    self.worker_is_free(pool, None);
                    return None;
                }
            },
        };
        let state = process.cx().process();
        state.renew(pid, call.context);
        state.relations().watchers.push(Watcher::Caller(Box::new(call.caller)));
        let function = state.rare().function.clone();
        meter::between_turns(process.cx(), || start_main(process.cx(), function, call.args));
        self.enter_host(pool.host);
        self.admit(process, pid);
        Some(pid)
    }

    fn make_worker(self: &Arc<Self>, pool: &Pool, pid: Pid) -> Result<Process, Failure> {
        let state = ProcessState::new(self, pid, pool.entry, ContextValues::default());
        let process = Process { context: Context::new(state) };
        let cx = process.cx();
        let function = meter::between_turns(cx, || main(cx, Some(&pool.program)))?;
        cx.process().rare().function = function;
        Ok(process)
    }

    /// A call has ended. Its worker takes the next one, or waits, unless its end was not its own.
    pub(crate) fn call_ended(self: &Arc<Self>, host: HostId, process: Process, outcome: &Outcome) {
        let Some(pool) = self.pools().by_host(host) else { return };
        let worker = outcome.is_own().then(|| {
            let cx = process.cx();
            drop(cx.process().take_relations());
            meter::between_turns(cx, || cx.process().clear(cx));
            // SAFETY: it left its slot, its tasks are gone, and every value of it is inside.
            unsafe { Exclusive::new(process) }
        });
        self.worker_is_free(pool, worker);
    }

    fn worker_is_free(self: &Arc<Self>, pool: &Pool, worker: Option<Exclusive<Process>>) {
        let mut state = lock(&pool.state);
        while let Some(call) = state.waiting.pop_front() {
            // Who is gone needs no answer.
            if call.caller.is_wanted() {
                drop(state);
                self.begin(pool, worker, call);
                return;
            }
        }
        state.busy = state.busy.saturating_sub(1);
        let now = self.scheduler().now();
        let (kept, tired): (Vec<_>, Vec<_>) =
            state.idle.drain(..).partition(|(since, _)| now.saturating_sub(*since) < IDLE);
        state.idle = kept;
        state.idle.extend(worker.map(|worker| (now, worker)));
        drop(state);
        drop(tired);
    }
}

fn fail(caller: Completer, error: ExitError) {
    let result: ExitResult = Err(Box::new(error));
    caller.complete(result);
}

/// Who works for a caller.
#[derive(Clone, Copy, Debug)]
pub enum Callee {
    Function(Pid),
    /// A process called as a function: it is asked to stop, not ended.
    Process(Pid),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_pool_follows_its_type() {
        for (pool, expected) in [
            ("{}", 100),
            (r#"{"max_size":3}"#, 3),
            (r#"{"workers":4,"size":2}"#, 4),
            (r#"{"type":"static"}"#, 8),
            (r#"{"type":"static","size":2}"#, 2),
            (r#"{"type":"lazy"}"#, 16),
            (r#"{"type":"adaptive","max_size":5}"#, 5),
            (r#"{"type":"inline"}"#, usize::MAX),
        ] {
            assert_eq!(size(&serde_json::from_str(pool).unwrap()), expected, "{pool}");
        }
    }
}
