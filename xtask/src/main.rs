//! The one door: `cargo xtask <command>`.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let steps: [&[&str]; 3] = [
        &["fmt", "--all", "--check"],
        &["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"],
        &["test", "--locked", "--workspace"],
    ];
    for step in steps {
        let passed = Command::new("cargo").args(step).status().is_ok_and(|status| status.success());
        if !passed {
            eprintln!("failed: cargo {}", step.join(" "));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
