//! A small echo service, written by hand on what emitted code stands on. The tests of the program's
//! life (signals, pipes, exit statuses, deadlines) run it as a binary.

use moonwright_runtime::application::{Application, Entry as ApplicationEntry, Program};
use moonwright_runtime::cx::Cx;
use moonwright_runtime::error::LuaResult;
use moonwright_runtime::function::{BoxFuture, Entry, FunctionDef};
use moonwright_runtime::ops::call::call_method_async;
use moonwright_runtime::ops::index::{field, record};
use moonwright_runtime::results::{Args, Multi};
use moonwright_runtime::rt::params;
use moonwright_runtime::s;
use moonwright_runtime::stdlib::{base, io, logger, process, registry, string, time};
use moonwright_runtime::value::Value;

/// The chunk of an entry whose module is its main function.
macro_rules! chunk {
    ($chunk:ident, $id:literal, $main:ident) => {
        fn $chunk(cx: Cx) -> LuaResult<Multi> {
            static MAIN: FunctionDef = FunctionDef {
                name: "main",
                chunk: $id,
                line: 1,
                entry: Entry::Async(|cx, _, args| BoxFuture::new($main(cx, args))),
                getter: None,
            };
            Ok(Multi::one(cx, Value::function(&MAIN)))
        }
    };
}

chunk!(cli, "app:cli", cli_main);
chunk!(relay, "app:relay", relay_main);
chunk!(worker, "app:worker", worker_main);
chunk!(exits, "app:exits", exits_main);
chunk!(fails, "app:fails", fails_main);

/// Reads lines, has each echoed by the relay, prints the answers.
async fn cli_main(cx: Cx, _: Args) -> LuaResult<Multi> {
    let inbox = process::inbox(cx, &[]).await?;
    let _ = time::sleep(cx, &[s!("50ms")]).await?;
    let _ = io::print(cx, &[s!("Echo Client")])?;
    loop {
        let _ = io::write(cx, &[s!("> ")])?;
        let [line, problem] = io::readline(cx, &[]).await?.adjust(cx);
        if line.as_bytes().is_none_or(<[u8]>::is_empty) {
            let _ = io::eprint(cx, &[s!("input ended:"), problem])?;
            break;
        }
        let message = record(cx, [(s!("sender"), process::pid(cx, &[])?), (s!("data"), line)]);
        let [_, problem] = process::send(cx, &mut [s!("relay"), s!("echo"), message]).await?.adjust(cx);
        if problem.truthy() {
            let _ = io::print(cx, &[s!("  error: relay not available")])?;
            continue;
        }
        let answer = call_method_async(cx, &inbox, &s!("receive"), &[]).await?.first();
        let payload = call_method_async(cx, &answer, &s!("payload"), &[]).await?.first();
        let data = call_method_async(cx, &payload, &s!("data"), &[]).await?.first();
        let _ = io::print(cx, &[data])?;
    }
    let _ = io::print(cx, &[s!("Goodbye!")])?;
    Ok(Multi::one(cx, Value::int(0)))
}

/// Starts a worker for each message. Never looks at its events.
async fn relay_main(cx: Cx, _: Args) -> LuaResult<Multi> {
    let inbox = process::inbox(cx, &[]).await?;
    let _ = registry::register(cx, &[s!("relay")])?;
    logger::info(cx, &[Value::module(&logger::LOGGER), s!("relay started")]).finish(cx)?;
    loop {
        let message = call_method_async(cx, &inbox, &s!("receive"), &[]).await?.first();
        let payload = call_method_async(cx, &message, &s!("payload"), &[]).await?.first();
        let echo = call_method_async(cx, &payload, &s!("data"), &[]).await?.first();
        let (sender, data) = (field(cx, &echo, &s!("sender"))?, field(cx, &echo, &s!("data"))?);
        let args = [s!("app:worker"), s!("app:processes"), sender, data];
        let _ = process::spawn_monitored(cx, &args).await?;
    }
}

async fn worker_main(cx: Cx, args: Args) -> LuaResult<Multi> {
    let [sender, data] = params(&args).map(Value::clone);
    let upper = string::upper(cx, &[data])?;
    process::send(cx, &mut [sender, s!("echo_response"), upper]).await
}

/// Returns the number its first argument says.
async fn exits_main(cx: Cx, args: Args) -> LuaResult<Multi> {
    let [first] = params(&args).map(Value::clone);
    let text = string::sub(cx, &[first, Value::int(2)])?;
    Ok(Multi::one(cx, base::tonumber(cx, &[text])?))
}

async fn fails_main(cx: Cx, _: Args) -> LuaResult<Multi> {
    Err(cx.throw(s!("app:fails:1: it failed")))
}

const fn lua(
    id: &'static str,
    meta: &'static str,
    data: &'static str,
    chunk: fn(Cx) -> LuaResult<Multi>,
) -> ApplicationEntry {
    ApplicationEntry {
        id,
        kind: "process.lua",
        meta,
        data,
        program: Some(Program::Chunk { method: Some("main"), chunk }),
    }
}

const fn plain(id: &'static str, kind: &'static str, data: &'static str) -> ApplicationEntry {
    ApplicationEntry { id, kind, meta: "{}", data, program: None }
}

static APPLICATION: Application = Application {
    name: "echo",
    version: env!("CARGO_PKG_VERSION"),
    entries: &[
        plain("app:processes", "process.host", r#"{"lifecycle":{"auto_start":true}}"#),
        plain("app:terminal", "terminal.host", r#"{"lifecycle":{"auto_start":true}}"#),
        lua("app:relay", "{}", r#"{"modules":["logger"]}"#, relay),
        lua("app:worker", "{}", "{}", worker),
        lua(
            "app:cli",
            r#"{"command":{"name":"talk","short":"Talk to the relay"}}"#,
            r#"{"modules":["io"]}"#,
            cli,
        ),
        lua("app:exits", "{}", "{}", exits),
        lua("app:fails", "{}", "{}", fails),
        plain(
            "app:relay-service",
            "process.service",
            r#"{"process":"app:relay","host":"app:processes","lifecycle":{"auto_start":true}}"#,
        ),
        plain(
            "app:broken-service",
            "process.service",
            r#"{"process":"app:fails","host":"app:processes","lifecycle":{"restart":{"initial_delay":"20ms","max_attempts":3}}}"#,
        ),
    ],
};

fn main() -> std::process::ExitCode {
    moonwright_runtime::main(&APPLICATION)
}
