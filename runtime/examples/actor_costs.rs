//! What processes cost: CPU time per operation and bytes per idle process, for programs written by
//! hand on the runtime. `cargo run --release --example actor_costs`.

use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use moonwright_runtime::application::{Application, Entry as ApplicationEntry, Program};
use moonwright_runtime::cx::Cx;
use moonwright_runtime::error::LuaResult;
use moonwright_runtime::function::{BoxFuture, Entry, FunctionDef};
use moonwright_runtime::ops::call::call_method_async;
use moonwright_runtime::ops::index::{new_table, record, set_index};
use moonwright_runtime::process::host::HostState;
use moonwright_runtime::process::relations::Watcher;
use moonwright_runtime::process::spawn::SpawnRequest;
use moonwright_runtime::process::system::System;
use moonwright_runtime::results::{Args, Multi};
use moonwright_runtime::s;
use moonwright_runtime::sched::Scheduler;
use moonwright_runtime::stdlib::{process, time};
use moonwright_runtime::transfer::Graph;
use moonwright_runtime::value::Value;

macro_rules! chunk {
    ($chunk:ident, $main:ident) => {
        fn $chunk(cx: Cx) -> LuaResult<Multi> {
            static MAIN: FunctionDef = FunctionDef {
                name: "main",
                chunk: stringify!($main),
                line: 1,
                entry: Entry::Async(|cx, _, args| BoxFuture::new($main(cx, args))),
                getter: None,
            };
            Ok(Multi::one(cx, Value::function(&MAIN)))
        }
    };
}

fn number(args: &Args, index: usize) -> i64 {
    args.get(index).and_then(Value::as_int).unwrap_or_default()
}

async fn receive(cx: Cx, channel: &Value) -> LuaResult {
    Ok(call_method_async(cx, channel, &s!("receive"), &[]).await?.first())
}

chunk!(nothing, nothing_main);
async fn nothing_main(cx: Cx, _: Args) -> LuaResult<Multi> {
    Ok(Multi::none(cx))
}

chunk!(spawner, spawner_main);
async fn spawner_main(cx: Cx, args: Args) -> LuaResult<Multi> {
    let events = process::events(cx, &[]).await?;
    for _ in 0..number(&args, 0) {
        let _ = process::spawn_monitored(cx, &[s!("app:nothing"), s!("app:processes")]).await?;
        receive(cx, &events).await?;
    }
    Ok(Multi::none(cx))
}

chunk!(echo, echo_main);
async fn echo_main(cx: Cx, _: Args) -> LuaResult<Multi> {
    let inbox = process::inbox(cx, &[]).await?;
    loop {
        let message = receive(cx, &inbox).await?;
        let from = call_method_async(cx, &message, &s!("from"), &[]).await?.first();
        let _ = process::send(cx, &mut [from, s!("pong"), Value::TRUE]).await?;
    }
}

chunk!(ping, ping_main);
async fn ping_main(cx: Cx, args: Args) -> LuaResult<Multi> {
    let inbox = process::inbox(cx, &[]).await?;
    let echo = process::spawn(cx, &[s!("app:echo"), s!("app:processes")]).await?.first();
    for _ in 0..number(&args, 0) {
        let _ = process::send(cx, &mut [echo.clone(), s!("ping"), Value::TRUE]).await?;
        receive(cx, &inbox).await?;
    }
    Ok(Multi::none(cx))
}

chunk!(request, request_main);
async fn request_main(cx: Cx, args: Args) -> LuaResult<Multi> {
    let inbox = process::inbox(cx, &[]).await?;
    let echo = process::spawn(cx, &[s!("app:echo"), s!("app:processes")]).await?.first();
    for round in 0..number(&args, 0) {
        let table = record(cx, [(s!("a"), Value::int(round)), (s!("b"), s!("text")), (s!("c"), Value::TRUE)]);
        let _ = process::send(cx, &mut [echo.clone(), s!("ping"), table]).await?;
        receive(cx, &inbox).await?;
    }
    Ok(Multi::none(cx))
}

chunk!(source, source_main);
async fn source_main(cx: Cx, args: Args) -> LuaResult<Multi> {
    let mut args = args.into_iter();
    let (count, to) = (args.next().unwrap_or_default(), args.next().unwrap_or_default());
    for _ in 0..count.as_int().unwrap_or_default() {
        let _ = process::send(cx, &mut [to.clone(), s!("m"), Value::TRUE]).await?;
    }
    Ok(Multi::none(cx))
}

chunk!(fan_in, fan_in_main);
async fn fan_in_main(cx: Cx, args: Args) -> LuaResult<Multi> {
    let inbox = process::inbox(cx, &[]).await?;
    let (count, own) = (number(&args, 0), process::pid(cx, &[])?);
    for _ in 0..10 {
        let share = Value::int(count / 10);
        let _ = process::spawn(cx, &[s!("app:source"), s!("app:processes"), share, own.clone()]).await?;
    }
    for _ in 0..count / 10 * 10 {
        receive(cx, &inbox).await?;
    }
    Ok(Multi::none(cx))
}

chunk!(timeouts, timeouts_main);
async fn timeouts_main(cx: Cx, args: Args) -> LuaResult<Multi> {
    for _ in 0..number(&args, 0) {
        let _ = time::after(cx, &[s!("5s")]).await?;
    }
    Ok(Multi::none(cx))
}

// Waits as a server does: a table of its own, a select over inbox, events and a timer.
chunk!(idle, idle_main);
async fn idle_main(cx: Cx, args: Args) -> LuaResult<Multi> {
    let (inbox, events) = (process::inbox(cx, &[]).await?, process::events(cx, &[]).await?);
    let state = record(cx, [(s!("n"), Value::int(1))]);
    let timer = time::after(cx, &[s!("1h")]).await?.first();
    if let Some(to) = args.first() {
        let _ = process::send(cx, &mut [to.clone(), s!("ready")]).await?;
    }
    let cases = new_table(cx);
    for (channel, index) in [&inbox, &events, &timer].into_iter().zip(1..) {
        let case = call_method_async(cx, channel, &s!("case_receive"), &[]).await?.first();
        set_index(cx, &cases, Value::int(index), case)?;
    }
    let _ = moonwright_runtime::channel::select::select(cx, &[cases]).await?;
    Ok(Multi::one(cx, state))
}

chunk!(crowd, crowd_main);
async fn crowd_main(cx: Cx, args: Args) -> LuaResult<Multi> {
    let (inbox, own) = (process::inbox(cx, &[]).await?, process::pid(cx, &[])?);
    let before = resident();
    let count = number(&args, 0);
    for _ in 0..count {
        let _ = process::spawn(cx, &[s!("app:idle"), s!("app:processes"), own.clone()]).await?;
    }
    for _ in 0..count {
        receive(cx, &inbox).await?;
    }
    let _ = time::sleep(cx, &[s!("100ms")]).await?;
    Ok(Multi::one(cx, Value::int((resident() - before) / count)))
}

/// Resident bytes of this process.
fn resident() -> i64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split(' ').nth(1).and_then(|pages| pages.parse::<i64>().ok()).unwrap_or_default() * 4096
}

/// CPU time of this process.
fn cpu() -> Duration {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the call fills the struct, which is valid zeroed.
    let usage = unsafe {
        libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
        usage.assume_init()
    };
    let time = |time: libc::timeval| {
        Duration::from_micros(u64::try_from(time.tv_sec * 1_000_000 + time.tv_usec).unwrap_or_default())
    };
    time(usage.ru_utime) + time(usage.ru_stime)
}

const fn lua(id: &'static str, chunk: fn(Cx) -> LuaResult<Multi>) -> ApplicationEntry {
    let program = Some(Program::Chunk { method: None, chunk });
    ApplicationEntry { id, kind: "process.lua", meta: "{}", data: "{}", program }
}

static APPLICATION: Application = Application {
    name: "costs",
    version: "1",
    entries: &[
        ApplicationEntry { id: "app:processes", kind: "process.host", meta: "{}", data: "{}", program: None },
        lua("app:nothing", nothing),
        lua("app:spawner", spawner),
        lua("app:echo", echo),
        lua("app:ping", ping),
        lua("app:request", request),
        lua("app:source", source),
        lua("app:fan_in", fan_in),
        lua("app:timeouts", timeouts),
        lua("app:idle", idle),
        lua("app:crowd", crowd),
    ],
};

fn run(system: &Arc<System>, entry: &str, count: i64) -> Option<i64> {
    let (sender, receiver) = mpsc::channel();
    let watcher = Watcher::Host(Box::new(move |exit| {
        let _ = sender.send(exit);
    }));
    let args = Graph::of_integer(count);
    system.spawn(SpawnRequest::new(entry, "app:processes", args, Some(watcher))).ok()?;
    match receiver.recv().ok()? {
        Ok(moonwright_runtime::process::exit::ExitValue::Int(value)) => Some(value),
        _ => None,
    }
}

fn main() {
    for cores in [1, 2] {
        println!("{cores} worker(s)          CPU ns   wall ns");
        for (entry, count) in [
            ("app:spawner", 300_000),
            ("app:ping", 1_000_000),
            ("app:request", 500_000),
            ("app:fan_in", 2_000_000),
            ("app:timeouts", 2_000_000),
        ] {
            let data = APPLICATION.entries.iter().map(|entry| (entry.id, serde_json::Value::Null));
            let system = System::with_scheduler(&APPLICATION, data.collect(), Scheduler::new(cores));
            system.set_host("app:processes", HostState::Running);
            if system.start_workers().is_err() {
                return;
            }
            let (wall, before) = (Instant::now(), cpu());
            run(&system, entry, count);
            let each = |span: Duration| span.as_nanos() / u128::try_from(count).unwrap_or(1);
            println!("  {entry:18} {:8} {:9}", each(cpu() - before), each(wall.elapsed()));
            system.scheduler().stop();
        }
    }
    for count in [100_000, 1_000_000] {
        let data = APPLICATION.entries.iter().map(|entry| (entry.id, serde_json::Value::Null));
        let system = System::with_scheduler(&APPLICATION, data.collect(), Scheduler::new(1));
        system.set_host("app:processes", HostState::Running);
        if system.start_workers().is_err() {
            return;
        }
        let bytes = run(&system, "app:crowd", count).unwrap_or_default();
        println!("bytes per idle process, {count}: {bytes}");
        system.scheduler().stop();
    }
}
