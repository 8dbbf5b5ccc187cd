//! The command line of `cargo xtask`: which command, with which arguments.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::commands::{bench, build, check, ci, explain, new, run, show};
use xtask::outcome::{FAILED, Told};
use xtask::repository::Repository;

/// Moonwright: an application of Lua processes, compiled to one native binary.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Build(build::Arguments),
    Run(run::Arguments),
    Check(check::Arguments),
    Show(show::Arguments),
    New(new::Arguments),
    Explain(explain::Arguments),
    Ci(ci::Arguments),
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    let repository = Repository::find();
    let result = match Arguments::parse().command {
        Command::Build(arguments) => build::main(&repository, &arguments),
        Command::Run(arguments) => run::main(&repository, &arguments),
        Command::Check(arguments) => check::main(&repository, &arguments),
        Command::Show(arguments) => show::main(&repository, &arguments),
        Command::New(arguments) => new::main(&repository, &arguments),
        Command::Explain(arguments) => explain::main(&repository, &arguments),
        Command::Ci(arguments) => ci::main(&repository, &arguments),
        Command::Bench(arguments) => bench::main(&repository, &arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => match error.downcast_ref::<Told>() {
            Some(told) => ExitCode::from(told.status),
            None => {
                eprintln!("error: {error:#}");
                ExitCode::from(FAILED)
            }
        },
    }
}
