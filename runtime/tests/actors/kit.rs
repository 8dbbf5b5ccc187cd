//! The test kit: applications written by hand in the form the compiler emits, run in a fresh system.
//!
//! Assertions stand inside the processes: a panic ends the process with an error, and [`run`] fails
//! on it.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use moonwright_runtime::application::{Application, Entry, Program};
use moonwright_runtime::process::exit::{Exit, ExitValue};
use moonwright_runtime::process::host::HostState;
use moonwright_runtime::process::relations::Watcher;
use moonwright_runtime::process::spawn::SpawnRequest;
use moonwright_runtime::process::system::System;
use moonwright_runtime::sched::Scheduler;
use moonwright_runtime::transfer::Graph;

// What the tests are written with: the library functions and the raw operations.
pub use moonwright_runtime::channel::library as channel;
pub use moonwright_runtime::cx::Cx;
pub use moonwright_runtime::error::LuaResult;
pub use moonwright_runtime::ops::call::call_method_async;
pub use moonwright_runtime::ops::index::{new_table, record, set_field, set_index};
pub use moonwright_runtime::results::Multi;
pub use moonwright_runtime::s;
pub use moonwright_runtime::stdlib::{base, coroutine, ctx, errors, events, funcs, process, registry, time};
pub use moonwright_runtime::value::Value;

pub type Main = fn(Cx) -> LuaResult<Multi>;

/// `program!(worker, |cx, args| { ... })`: the chunk of the entry `app:worker`, whose main is the
/// block.
#[macro_export]
macro_rules! program {
    ($name:ident, |$cx:ident, $args:ident| $body:block) => {
        fn $name(
            cx: moonwright_runtime::rt::Cx,
        ) -> moonwright_runtime::rt::LuaResult<moonwright_runtime::rt::Multi> {
            static MAIN: moonwright_runtime::rt::FunctionDef = moonwright_runtime::rt::FunctionDef {
                name: "main",
                chunk: concat!("app:", stringify!($name)),
                line: 1,
                entry: moonwright_runtime::rt::Entry::Async(|$cx, _, $args| {
                    moonwright_runtime::function::BoxFuture::new(async move {
                        let _ = &$args;
                        $body
                    })
                }),
                getter: None,
            };
            Ok(moonwright_runtime::rt::Multi::one(cx, moonwright_runtime::rt::Value::function(&MAIN)))
        }
    };
}

/// `function!(|cx, args| { ... })`: a function value without captures.
#[macro_export]
macro_rules! function {
    (|$cx:ident, $args:ident| $body:block) => {{
        static DEF: moonwright_runtime::rt::FunctionDef = moonwright_runtime::rt::FunctionDef {
            name: "f",
            chunk: "app:test",
            line: 1,
            entry: moonwright_runtime::rt::Entry::Async(|$cx, _, $args| {
                moonwright_runtime::function::BoxFuture::new(async move {
                    let _ = &$args;
                    $body
                })
            }),
            getter: None,
        };
        moonwright_runtime::rt::Value::function(&DEF)
    }};
}

/// `closure!([log], |cx, this, args| { ... })`: a function that captures values.
#[macro_export]
macro_rules! closure {
    ($in:expr, [$($capture:expr),*], |$cx:ident, $this:ident| $body:block) => {{
        static DEF: moonwright_runtime::rt::FunctionDef = moonwright_runtime::rt::FunctionDef {
            name: "f",
            chunk: "app:test",
            line: 1,
            entry: moonwright_runtime::rt::Entry::Async(|$cx, $this, _| moonwright_runtime::function::BoxFuture::new(async move { $body })),
            getter: None,
        };
        moonwright_runtime::rt::Closure::new($in, &DEF, [$($capture.clone()),*])
    }};
}

/// An application of these programs on the host `app:processes`.
pub fn system(programs: &[(&'static str, Main)]) -> Arc<System> {
    system_with(programs, &[])
}

/// With further entries: id, kind, data. Hosts among them run.
pub fn system_with(
    programs: &[(&'static str, Main)],
    others: &[(&'static str, &'static str, &'static str)],
) -> Arc<System> {
    // Programs are processes unless another entry says what they are.
    let program = |id: &str| {
        let known = programs.iter().find(|(own, _)| *own == id);
        known.map(|(_, chunk)| Program::Chunk { method: None, chunk: *chunk })
    };
    let processes = programs.iter().filter(|(id, _)| others.iter().all(|(other, ..)| other != id));
    let processes = processes.map(|(id, _)| Entry {
        id,
        kind: "process.lua",
        meta: r#"{"options":{"default_host":"app:processes"}}"#,
        data: "{}",
        program: program(id),
    });
    let plain = |(id, kind, data): &(&'static str, &'static str, &'static str)| Entry {
        id,
        kind,
        meta: "{}",
        data,
        program: program(id),
    };
    let system = system_of(processes.chain(others.iter().map(plain)));
    for (id, _, _) in others {
        system.set_host(id, HostState::Running);
    }
    system
}

pub fn system_of(entries: impl Iterator<Item = Entry>) -> Arc<System> {
    let cores = std::thread::available_parallelism().unwrap().get().max(2);
    system_on(Scheduler::new(cores), entries)
}

fn system_on(scheduler: Scheduler, entries: impl Iterator<Item = Entry>) -> Arc<System> {
    let plain = |id, kind| Entry { id, kind, meta: "{}", data: "{}", program: None };
    let hosts = [plain("app:processes", "process.host"), plain("app:stopped", "process.host")];
    let entries: Vec<Entry> = hosts.into_iter().chain(entries).collect();
    // Leaked: an application lives as long as its binary.
    let entries: &'static [Entry] = Vec::leak(entries);
    let application = Box::leak(Box::new(Application { name: "test", version: "1", entries }));
    let data = entries.iter().map(|entry| (entry.id, serde_json::from_str(entry.data).unwrap()));
    let system = System::with_scheduler(application, data.collect(), scheduler);
    system.set_host("app:processes", HostState::Running);
    system.set_host("app:stopped", HostState::Registered);
    system.start_workers().unwrap();
    system
}

/// Runs `app:main` of these programs and returns how it ended.
pub fn exit_of(programs: &[(&'static str, Main)]) -> Exit {
    exit_in(&system(programs), "app:main")
}

/// Runs `app:main` of these programs on this thread, on virtual time and in the order of a seed.
pub fn simulate(seed: u64, programs: &[(&'static str, Main)]) {
    let entries = programs.iter().map(|(id, chunk)| Entry {
        id,
        kind: "process.lua",
        meta: "{}",
        data: "{}",
        program: Some(Program::Chunk { method: None, chunk: *chunk }),
    });
    let system = system_on(Scheduler::simulated(seed), entries);
    let (sender, receiver) = mpsc::channel();
    let watcher = Watcher::Host(Box::new(move |exit| {
        let _ = sender.send(exit);
    }));
    let request = SpawnRequest::new("app:main", "app:processes", Graph::copy(&[]), Some(watcher));
    system.spawn(request).expect("main starts");
    assert!(moonwright_runtime::sched::worker::simulate(&system, 100_000), "it comes to rest");
    let exit = receiver.try_recv().expect("main has ended");
    assert!(exit.is_ok(), "seed {seed}: {exit:?}");
}

pub fn exit_in(system: &Arc<System>, entry: &str) -> Exit {
    let (sender, receiver) = mpsc::channel();
    let watcher = Watcher::Host(Box::new(move |exit| {
        let _ = sender.send(exit);
    }));
    let request = SpawnRequest::new(entry, "app:processes", Graph::copy(&[]), Some(watcher));
    system.spawn(request).expect("main starts");
    let exit = receiver.recv_timeout(Duration::from_secs(20)).expect("main ends in time");
    system.scheduler().stop();
    exit
}

/// Runs `app:main` of these programs; it must succeed.
pub fn run(programs: &[(&'static str, Main)]) -> ExitValue {
    match exit_of(programs) {
        Ok(value) => value,
        Err(error) => panic!("main failed: {error:?}"),
    }
}

/// Text of a value, for assertions.
pub fn text(value: &Value) -> String {
    if let Some(bytes) = value.as_bytes() {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    if let Some(error) = value.downcast::<moonwright_runtime::error::ErrorObject>() {
        return String::from_utf8_lossy(&error.message).into_owned();
    }
    format!("{value:?}")
}

pub fn kind(value: &Value) -> String {
    let error = value.downcast::<moonwright_runtime::error::ErrorObject>();
    String::from_utf8_lossy(&error.expect("an error object").kind).into_owned()
}

pub fn get(value: &Value, key: &str) -> Value {
    value.as_table().expect("a table").get_text(key)
}

pub fn nothing(cx: Cx) -> LuaResult<Multi> {
    Ok(Multi::none(cx))
}

/// `value:method(args)`
pub async fn method(cx: Cx, value: &Value, name: &str, args: &[Value]) -> LuaResult<Multi> {
    call_method_async(cx, value, &Value::string(name), args).await
}

/// `channel:receive()`
pub async fn receive(cx: Cx, channel: &Value) -> LuaResult<[Value; 2]> {
    Ok(method(cx, channel, "receive", &[]).await?.adjust(cx))
}

/// The data of the next message of the inbox.
pub async fn data(cx: Cx, message: &Value) -> LuaResult {
    let payload = method(cx, message, "payload", &[]).await?.first();
    Ok(method(cx, &payload, "data", &[]).await?.first())
}

pub async fn spawn(cx: Cx, entry: &str, args: &[Value]) -> LuaResult<[Value; 2]> {
    let mut full = vec![Value::string(entry), s!("app:processes")];
    full.extend(args.iter().cloned());
    Ok(process::spawn(cx, &full).await?.adjust(cx))
}

pub async fn spawn_monitored(cx: Cx, entry: &str, args: &[Value]) -> LuaResult<[Value; 2]> {
    let mut full = vec![Value::string(entry), s!("app:processes")];
    full.extend(args.iter().cloned());
    Ok(process::spawn_monitored(cx, &full).await?.adjust(cx))
}

/// `channel.select{channel:case_receive()..., default = default}`
pub async fn select(cx: Cx, channels: &[&Value], default: bool) -> LuaResult {
    let cases = new_table(cx);
    for (channel, index) in channels.iter().zip(1..) {
        let case = method(cx, channel, "case_receive", &[]).await?.first();
        set_index(cx, &cases, Value::int(index), case)?;
    }
    set_index(cx, &cases, s!("default"), Value::bool(default))?;
    Ok(channel::select(cx, &[cases]).await?.first())
}
