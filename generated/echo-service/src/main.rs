//! The application `echo-service`: its entries and its Lua, compiled. Written by `cargo xtask build src/`.

#![allow(
    unused_variables,
    unused_mut,
    unused_assignments,
    unused_labels,
    unused_imports,
    dead_code,
    unreachable_code,
    unconditional_recursion,
    non_snake_case,
    non_upper_case_globals,
    reason = "valid Lua declares what it does not use, writes behind a return, recurses as it likes and spells names its own way"
)]
#![allow(clippy::all, clippy::pedantic, reason = "the code follows the Lua it came from")]

#[rustfmt::skip]
mod app_cli;
#[rustfmt::skip]
mod app_relay;
#[rustfmt::skip]
mod app_worker;

use moonwright_runtime::rt::{Application, ApplicationEntry, Program};

#[rustfmt::skip]
static APPLICATION: Application = Application {
    name: "echo-service",
    version: env!("CARGO_PKG_VERSION"),
    entries: &[
        ApplicationEntry {
            id: "app:cli",
            kind: "process.lua",
            meta: r#"{}"#,
            data: r#"{"method":"main","modules":["io","process","time","channel"]}"#,
            program: Some(Program::Function(&app_cli::MAIN)),
        },
        ApplicationEntry {
            id: "app:processes",
            kind: "process.host",
            meta: r#"{}"#,
            data: r#"{"lifecycle":{"auto_start":true}}"#,
            program: None,
        },
        ApplicationEntry {
            id: "app:relay",
            kind: "process.lua",
            meta: r#"{}"#,
            data: r#"{"method":"main","modules":["process","logger","channel","time"]}"#,
            program: Some(Program::Chunk { method: Some("main"), chunk: app_relay::chunk }),
        },
        ApplicationEntry {
            id: "app:terminal",
            kind: "terminal.host",
            meta: r#"{}"#,
            data: r#"{"lifecycle":{"auto_start":true}}"#,
            program: None,
        },
        ApplicationEntry {
            id: "app:worker",
            kind: "process.lua",
            meta: r#"{}"#,
            data: r#"{"method":"main","modules":["process","time"]}"#,
            program: Some(Program::Function(&app_worker::MAIN)),
        },
        ApplicationEntry {
            id: "app:relay-service",
            kind: "process.service",
            meta: r#"{}"#,
            data: r#"{"process":"app:relay","host":"app:processes","lifecycle":{"auto_start":true}}"#,
            program: None,
        },
    ],
};

fn main() -> std::process::ExitCode {
    moonwright_runtime::main(&APPLICATION)
}
