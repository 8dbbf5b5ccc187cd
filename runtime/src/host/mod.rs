//! The program around the processes: command line, start, terminal, log, supervision, stop.
//!
//! In reading order: [`cli`] reads the command line; [`config`] applies files and overrides to the
//! entries, which [`check`] looks at again; [`plan`] says what can be started and what it needs; [`run`] starts it and waits;
//! [`supervisor`] starts and restarts, by the rules of [`service`]; [`stop`] ends everything;
//! [`status`] is what the shell gets; [`terminal`] and [`log`] serve the libraries.

mod check;
pub mod cli;
pub mod config;
pub mod log;
pub mod plan;
pub mod run;
pub mod service;
pub mod simulation;
pub mod status;
pub mod stop;
pub mod supervisor;
mod surroundings;
pub mod terminal;
mod values;

use std::io::Write;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::atomic::AtomicUsize;

use crate::application::Application;
use crate::process::system::System;

/// What the libraries find in `System::host_data`.
pub struct HostData {
    pub log: log::Log,
    pub terminal: terminal::Terminal,
    /// The processes of terminal hosts whose end the program has not heard of yet.
    pub terminals: AtomicUsize,
}

/// The host's data, as [`run`] stored it.
pub fn host_data(system: &System) -> &HostData {
    // Set once, before any process starts; libraries that run without a host find silence.
    static NONE: OnceLock<HostData> = OnceLock::new();
    system.host_data.get().and_then(|data| data.downcast_ref()).unwrap_or_else(|| {
        NONE.get_or_init(|| HostData {
            log: log::Log::new(log::Mode::Silent, log::Level::Error),
            terminal: terminal::Terminal::default(),
            terminals: AtomicUsize::new(0),
        })
    })
}

/// Writes to standard output; a reader that went away is no failure.
pub(crate) fn say(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}

/// The whole life of a compiled application.
pub fn main(application: &'static Application) -> ExitCode {
    // As other programs: whoever stops reading our output ends us.
    // SAFETY: called once, before any other thread exists.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let command = match cli::parse(application, arguments) {
        Ok(cli::Parsed::Run(command)) => command,
        Ok(cli::Parsed::Print(text)) => {
            say(&text);
            return ExitCode::SUCCESS;
        }
        Err(message) => return fail(&message),
    };
    match config::load(application, &command).and_then(|config| run::run(application, &command, config)) {
        Ok(status) => ExitCode::from(status),
        Err(message) => fail(&message),
    }
}

fn fail(message: &str) -> ExitCode {
    eprintln!("Error: {message}");
    ExitCode::FAILURE
}
