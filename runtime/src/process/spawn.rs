//! Starting processes: the checks, the chunk's one synchronous run, the first task.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context as TaskContext, Poll};

use crate::application::{Entry as ApplicationEntry, Program};
use crate::cx::{Context, Cx, Suspension};
use crate::error::LuaResult;
use crate::function::{BoxFuture, Entry, PlainFunction};
use crate::heap::counted;
use crate::ops::{call, tail, text};
use crate::process::context::ContextValues;
use crate::process::host::{Host, HostId, HostKind, HostState};
use crate::process::item::Item;
use crate::process::names;
use crate::process::pid::Pid;
use crate::process::relations::{Relations, Watcher};
use crate::process::run::Process;
use crate::process::state::ProcessState;
use crate::process::system::{Failure, System};
use crate::process::target::{Target, Texts};
use crate::process::topic::Topic;
use crate::results::Multi;
use crate::sched::Slot;
use crate::transfer::{Exclusive, Graph, Payloads};
use crate::value::Value;

/// The native stack a chunk may use while a caller's thread runs it: half of what the smallest threads have.
const CHUNK_STACK: usize = 1024 * 1024;

/// What to start, where, for whom.
pub struct SpawnRequest<'a> {
    /// `app:worker`
    pub entry: &'a str,
    /// `app:processes`
    pub host: &'a str,
    /// The two as texts of the program's code, to be remembered.
    pub texts: Option<Texts>,
    /// The arguments of `main`.
    pub args: Graph,
    /// Who learns of its end. A terminal host ignores it, as it does links, name and messages.
    pub watcher: Option<Watcher>,
    pub link: Option<Pid>,
    pub context: ContextValues,
    pub extras: Option<Box<Extras>>,
}

/// What a process gets when it starts.
pub(crate) struct Birth {
    pub args: Graph,
    /// A terminal host ignores them.
    pub relations: Option<Box<RefCell<Relations>>>,
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
            entry,
            host,
            texts: None,
            args,
            watcher,
            link: None,
            context: ContextValues::default(),
            extras: None,
        }
    }
}

impl System {
    /// Starts a process and returns its PID. Its chunk, if it has to run, runs now, on this thread; `main`
    /// later.
    ///
    /// # Errors
    /// Unknown, stopped or full host, unknown entry, a chunk that fails or lacks the method, a name
    /// that another process took.
    pub fn spawn(self: &Arc<Self>, request: SpawnRequest<'_>) -> Result<Pid, Failure> {
        let SpawnRequest { entry, host, texts, args, watcher, link, context, extras } = request;
        let (target, host) = self.target(entry, host, texts)?;
        let relations = Relations::boxed(watcher, link.map(|peer| peer.identity));
        self.bear(target, host, Birth { args, relations, context, extras })
    }

    /// As [`System::spawn`], of what is known.
    ///
    /// # Errors
    /// As [`System::spawn`].
    #[inline]
    pub(crate) fn spawn_known(self: &Arc<Self>, target: Target, birth: Birth) -> Result<Pid, Failure> {
        match self.host(target.host) {
            Some(host) if host.state() == HostState::Running => self.bear(target, host, birth),
            host => self.spawn_again(target, host.map_or("", |host| &*host.id), birth),
        }
    }

    /// The host does not run: says what is wrong.
    #[cold]
    fn spawn_again(self: &Arc<Self>, target: Target, host: &str, birth: Birth) -> Result<Pid, Failure> {
        let (target, host) = self.target(target.entry.id, host, None)?;
        self.bear(target, host, birth)
    }

    #[inline(never)]
    fn bear(self: &Arc<Self>, target: Target, host: &Host, birth: Birth) -> Result<Pid, Failure> {
        let (pid, slot) = self.move_in(target.host, host)?;
        let aside = counted::aside();
        let built = self.build(target, host, pid, birth);
        drop(aside);
        match built {
            Ok(process) => {
                self.admit_to(slot, process, pid);
                Ok(pid)
            }
            Err(failure) => Err(self.not_born(pid, failure)),
        }
    }

    /// A process that was to be is none.
    #[cold]
    fn not_born(&self, pid: Pid, failure: Failure) -> Failure {
        self.names().release(pid.identity);
        self.release(pid.identity);
        self.leave_host(pid.host);
        failure
    }

    /// What these texts mean, if a spawn on this core asked for them before.
    #[inline]
    pub fn known_target(&self, texts: Texts) -> Option<Target> {
        self.scheduler().with_core(|core| core.targets.get(texts))?
    }

    /// What is to be started, if its host takes processes.
    #[inline(never)]
    fn target(&self, entry: &str, host: &str, texts: Option<Texts>) -> Result<(Target, &Host), Failure> {
        let (id, host) = self.host_for(host)?;
        let target = Target { entry: self.runnable(entry)?, host: id };
        if let Some(texts) = texts {
            self.scheduler().with_core(|core| core.targets.put(texts, target));
        }
        Ok((target, host))
    }

    /// The host of that id, if it takes processes.
    fn host_for(&self, id: &str) -> Result<(HostId, &Host), Failure> {
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
            HostState::Running => Ok((number, host)),
            HostState::Stopping => Err(Failure::new("Unavailable", "host is shutting down")),
            HostState::Registered | HostState::Absent => {
                Err(Failure::new("Unavailable", "host is not running"))
            }
        }
    }

    /// The entry of that id, if it is a process's.
    fn runnable(&self, id: &str) -> Result<&'static ApplicationEntry, Failure> {
        let entry =
            self.entry(id).filter(|entry| entry.kind.starts_with("process.") && entry.program.is_some());
        entry.ok_or_else(|| Failure::new("NotFound", "factory not found").with("factory_id", id))
    }

    #[inline(always)]
    fn build(
        self: &Arc<Self>,
        target: Target,
        host: &Host,
        pid: Pid,
        birth: Birth,
    ) -> Result<Process, Failure> {
        let mut context = Context::fresh();
        let state = &mut context.process;
        state.begin(self, Some(&host.limits), pid, target.entry.id);
        state.set_context(birth.context);
        let mut extras = birth.extras;
        if host.kind == HostKind::Terminal {
            self.settle_on_terminal(state, host.hides_logs, extras.take());
        } else {
            state.set_relations(birth.relations);
        }
        let process = Process { context };
        enter(process.cx(), target.entry.program.as_ref(), birth.args)?;
        if let Some(extras) = extras {
            self.give(process.cx(), pid, *extras)?;
        }
        process.cx().process().note_counted();
        if host.kind == HostKind::Terminal {
            self.begin_on_terminal(host.hides_logs);
        }
        Ok(process)
    }

    /// A process on a terminal host is about to run.
    #[cold]
    fn begin_on_terminal(&self, hides_logs: bool) {
        let data = crate::host::host_data(self);
        data.terminals.fetch_add(1, Ordering::AcqRel);
        if hides_logs {
            data.log.hide();
        }
    }

    /// A process on a terminal host is watched by the program, and knows the program's arguments.
    #[cold]
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
    #[cold]
    fn give(&self, cx: Cx, pid: Pid, extras: Extras) -> Result<(), Failure> {
        for (topic, payload) in extras.messages {
            cx.process().mail.post(Item::new(cx, topic, None, payload.into_values(cx)));
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
            self.admit_to(slot, process, pid);
        }
    }

    #[inline]
    fn admit_to(&self, slot: &Slot, process: Process, pid: Pid) {
        // SAFETY: every handle and value of the process is inside of it; from here on only the
        // worker that sets the slot RUNNING touches it.
        slot.occupy(unsafe { Exclusive::new(process) }, pid);
        self.scheduler().push(pid.identity.slot());
    }
}

/// Finds the function to run and starts it as the main task.
///
/// # Errors
/// The chunk raises, or returns nothing that can run.
#[inline]
pub(crate) fn enter(cx: Cx, program: Option<&Program>, args: Graph) -> Result<(), Failure> {
    let main = match program {
        Some(Program::Function(def)) => Value::function(def),
        program => main(cx, program)?,
    };
    start_main(cx, main, args);
    Ok(())
}

/// Starts `main` as task 0.
pub(crate) fn start_main(cx: Cx, main: Value, args: Graph) {
    let args = args.into_values(cx);
    let body = match main.function_def().map(|def| def.entry) {
        Some(Entry::Async(start)) => start(cx, main, args.into_args()),
        Some(Entry::Plain(function)) => BoxFuture::new(Plain { cx, function, main, args }),
        _ => BoxFuture::new(async move { call::call_async(cx, &main, args.as_slice()).await }),
    };
    cx.process().tasks.start_first(body);
}

/// The body of a process whose function never suspends.
struct Plain {
    cx: Cx,
    function: PlainFunction,
    main: Value,
    args: Payloads,
}

impl Future for Plain {
    type Output = LuaResult<Multi>;

    fn poll(self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<LuaResult<Multi>> {
        Poll::Ready((self.function)(self.cx, &self.main, self.args.as_slice()))
    }
}

/// Runs the chunk, if it has to run, and finds the function to run.
///
/// # Errors
/// The chunk raises, or returns nothing that can run.
#[inline(never)]
pub(crate) fn main(cx: Cx, program: Option<&Program>) -> Result<Value, Failure> {
    let (chunk, method) = match program {
        Some(Program::Chunk { chunk, method }) => (*chunk, method.unwrap_or("main")),
        Some(Program::Function(def)) => return Ok(Value::function(def)),
        None => return Err(Failure::new("Internal", "nothing to run")),
    };
    cx.set_stack_budget(CHUNK_STACK);
    let returned = {
        let _no_task = cx.forbid_suspension(Suspension::OutsideTask);
        // `return make()` finds the small stack of a start too deep, and waits to be run here.
        tail::settle(cx, chunk(cx))
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
    if module.function_def().is_some() {
        return Ok(module);
    }
    let found =
        module.as_table().map(|table| table.get_text(method)).filter(|found| found.function_def().is_some());
    found.ok_or_else(|| Failure::new("NotFound", format!("method \"{method}\" not found in module")))
}
