//! A script's process, from the arguments to the exit status.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::mpsc;

use serde_json::json;

use crate::application::{Application, Entry};
use crate::cx::{Context, Cx, Mode};
use crate::error::{LuaResult, Thrown};
use crate::function::BoxFuture;
use crate::ops::{Event, call, metamethod, tail, text};
use crate::process::context::ContextValues;
use crate::process::host::HostState;
use crate::process::meter::Meter;
use crate::process::relations::Watcher;
use crate::process::run::Process;
use crate::process::state::ProcessState;
use crate::process::system::System;
use crate::results::{Args, Multi};
use crate::sched::Scheduler;
use crate::script::Script;
use crate::script::output::{self, Standard};
use crate::table::Table;
use crate::value::{Tag, Value};

/// The host of the script's process.
const HOST: &str = "script:terminal";

/// The whole life of a compiled script.
pub fn main(script: &'static Script) -> ExitCode {
    // As other programs: whoever stops reading our output ends us.
    // SAFETY: called once, before any other thread exists.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
    let status = match start(script) {
        Ok(ended) => ended.recv().unwrap_or(1),
        Err(message) => {
            report(&message);
            1
        }
    };
    output::flush();
    ExitCode::from(status)
}

/// Starts the process; its exit status comes through the channel.
fn start(script: &'static Script) -> Result<mpsc::Receiver<u8>, String> {
    let (sender, receiver) = mpsc::channel();
    // A script is one process: one worker runs it.
    let data = BTreeMap::from([(HOST, json!({}))]);
    let system = System::with_scheduler(application(script), data, Scheduler::new(1));
    system.set_host(HOST, HostState::Running);
    system.start_workers().map_err(|error| format!("cannot start a worker: {error}"))?;
    let (host, _) = system.find_host(HOST).ok_or("no host")?;
    let pid = system.reserve(host).ok_or("no room for a process")?;
    let mut state = ProcessState::new(&system, pid, "script:main", ContextValues::default());
    state.meter = Some(Box::new(Meter::without_limit()));
    let failed = sender.clone();
    let tell = move |exit: crate::process::exit::Exit| {
        // The main task tells how it ended by itself; this is the failure of another one.
        if let Err(error) = exit {
            report(&error.message);
            let _ = failed.send(1);
        }
    };
    state.relations().watchers.push(Watcher::Host(Box::new(tell)));
    let process = Process { context: Context::in_mode(state, Mode::Script) };
    let cx = process.cx();
    if let Some(state) = cx.script() {
        state.set_script(script);
    }
    let main = async move {
        let result = run_chunk(cx, script).await;
        let status = match result {
            Ok(_) => 0,
            Err(thrown) => {
                output::flush();
                report_uncaught(cx, thrown);
                1
            }
        };
        crate::stdlib::gc::run_all_finalizers(cx);
        output::flush();
        let _ = sender.send(status);
        Ok(Multi::none(cx))
    };
    cx.process().tasks.start(BoxFuture::new(main));
    system.admit(process, pid);
    Ok(receiver)
}

/// An application with nothing but a terminal, for the script's process to live in.
fn application(script: &'static Script) -> &'static Application {
    let host = Entry { id: HOST, kind: "terminal.host", meta: "{}", data: "{}", program: None };
    let entries: &'static [Entry] = Box::leak(Box::new([host]));
    Box::leak(Box::new(Application { name: script.path, version: "", entries }))
}

async fn run_chunk(cx: Cx, script: &'static Script) -> LuaResult<Multi> {
    let arguments: Vec<Value> = std::env::args_os()
        .map(|argument| {
            use std::os::unix::ffi::OsStringExt;
            argument.into_vec().into()
        })
        .collect();
    set_arg(cx, script, &arguments);
    let passed: Args = arguments.into_iter().skip(1).collect();
    let result = call::call_async(cx, &Value::function(script.chunk), &passed).await;
    tail::settle_async(cx, result).await
}

/// The global `arg`: the script at 0, its arguments behind, the program in front.
fn set_arg(cx: Cx, script: &Script, arguments: &[Value]) {
    let arg = Table::with_capacity(cx, arguments.len(), 2);
    if let Some(table) = arg.as_table() {
        for (argument, key) in arguments.iter().zip(0..) {
            table.set_int(if key == 0 { -1 } else { key }, argument.clone());
        }
        table.set_int(0, script.path.into());
    }
    if let Some(globals) = cx.globals().as_table() {
        globals.set_name("arg", arg);
    }
}

/// Says what ended the program, as the `lua` command does.
fn report(message: &str) {
    let _ = Standard::Error.stream().write(format!("lua: {message}\n").as_bytes());
}

fn report_uncaught(cx: Cx, thrown: Thrown) {
    let error = cx.catch(thrown);
    let trace = cx.take_trace();
    let mut text = b"lua: ".to_vec();
    text.extend(message_of(cx, error.clone()));
    text.push(b'\n');
    if matches!(error.tag(), Tag::String | Tag::StaticString) {
        text.extend(format!("{trace}\n").into_bytes());
    }
    let _ = Standard::Error.stream().write(&text);
}

/// So often an error may be shown by another one, which its `__tostring` raised.
const MESSAGE_LIMIT: usize = 100;

/// The text of an uncaught error. Where its `__tostring` fails, it is that of the new error.
fn message_of(cx: Cx, mut error: Value) -> Vec<u8> {
    for _ in 0..MESSAGE_LIMIT {
        if let Some(text) = text::as_text(cx, &error) {
            return text.into_owned();
        }
        let handler = metamethod(cx, &error, Event::Tostring);
        if handler.is_nil() {
            break;
        }
        match call::callback(cx, &handler, std::slice::from_ref(&error)) {
            Ok(results) => {
                let said = results.first();
                if let Some(text) = said.as_bytes() {
                    return text.to_vec();
                }
                break;
            }
            Err(thrown) => error = cx.catch(thrown),
        }
    }
    format!("(error object is a {} value)", error.type_name()).into_bytes()
}
