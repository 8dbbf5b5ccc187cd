//! The program around the processes: command line, start, terminal, log, supervision, stop.
//!
//! In reading order: [`cli`] reads the command line; [`config`] applies files and overrides to the
//! entries; [`plan`] says what to start in which order; [`run`] starts it, waits and stops it;
//! [`service`] decides about restarts; [`terminal`] and [`log`] serve the libraries.

pub mod cli;
pub mod config;
pub mod log;
pub mod plan;
pub mod run;
pub mod service;
pub mod terminal;

use std::process::ExitCode;

use crate::application::Application;

/// What the libraries find in `System::host_data`.
pub struct HostData {
    pub log: log::Log,
    pub terminal: terminal::Terminal,
    /// Hosts whose processes own the terminal.
    pub terminal_hosts: Vec<String>,
    /// The program's own arguments.
    pub args: Vec<String>,
}

/// The whole life of a compiled application.
pub fn main(application: &'static Application) -> ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let command = match cli::parse(application, arguments) {
        Ok(cli::Parsed::Run(command)) => command,
        Ok(cli::Parsed::Print(text)) => {
            print!("{text}");
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
