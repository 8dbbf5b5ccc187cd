//! What is to be seen while cargo works: a bar on a terminal, plain lines elsewhere, or nothing.

use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::build::cargo::Job;
use crate::repository::Repository;

/// Where progress goes.
#[derive(Debug)]
pub enum Progress {
    /// A bar that counts packages.
    Bar {
        bar: ProgressBar,
        built: Mutex<BTreeSet<String>>,
    },
    /// One line for each package.
    Lines,
    Silent,
}

impl Progress {
    /// Picks the form: `is_quiet` silences all but a bar on a terminal's standard error.
    pub fn new(repository: &Repository, job: &Job, is_quiet: bool) -> Self {
        if is_quiet {
            Self::Silent
        } else if std::io::stderr().is_terminal() {
            let bar = ProgressBar::new(packages(repository, job));
            let style =
                ProgressStyle::with_template("{spinner} [{elapsed}] {wide_bar} {pos}/{len} {msg:24!}");
            if let Ok(style) = style {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            Self::Bar { bar, built: Mutex::default() }
        } else {
            Self::Lines
        }
    }

    /// Cargo began with a package.
    pub fn compiling(&self, package: &str) {
        match self {
            Self::Bar { bar, .. } => bar.set_message(package.to_owned()),
            Self::Lines => eprintln!("  compiling {package}"),
            Self::Silent => {}
        }
    }

    /// Cargo says something else about its work, such as waiting for another cargo.
    pub fn note(&self, text: &str) {
        match self {
            Self::Bar { bar, .. } => bar.set_message(text.to_owned()),
            Self::Lines => eprintln!("  {text}"),
            Self::Silent => {}
        }
    }

    /// A part of a package is there; a package has several, and is counted once.
    pub fn built(&self, package: String) {
        if let Self::Bar { bar, built } = self
            && let Ok(mut built) = built.lock()
        {
            built.insert(package);
            bar.set_position(built.len().try_into().unwrap_or(u64::MAX));
        }
    }

    /// Nothing of it stays on the screen.
    pub fn finish(&self) {
        if let Self::Bar { bar, .. } = self {
            bar.finish_and_clear();
        }
    }
}

/// How many packages the crate is made of; zero if cargo does not say.
fn packages(repository: &Repository, job: &Job) -> u64 {
    let mut cargo = repository.cargo();
    cargo.current_dir(job.folder);
    cargo.args(["tree", "--edges=normal,build", "--prefix=none", "--format={p}", "--offline"]);
    let Ok(output) = cargo.output() else { return 0 };
    let names: BTreeSet<String> = output
        .stdout
        .lines()
        .map_while(Result::ok)
        .map(|line| line.trim_end_matches(" (*)").to_owned())
        .collect();
    names.len().try_into().unwrap_or(0)
}
