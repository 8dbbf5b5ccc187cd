//! What processes cost: `bench/apps/actors`, compiled, beside the same work in Erlang and by hand on
//! tokio. Every round runs all three, one after the other; what starting costs is taken away.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::commands::bench::results::Section;
use crate::commands::bench::stats::{Figure, of, spent};
use crate::commands::bench::{Program, optimised, resident};
use crate::repository::Repository;

/// Each benchmark, and how many operations a run takes.
const BENCHMARKS: [(&str, u64); 10] = [
    ("spawn", 200_000),
    ("ping_pong", 300_000),
    ("request_reply", 200_000),
    ("timeout_receive", 200_000),
    ("pairs", 640_000),
    ("ring", 1_000_000),
    ("fan_in", 1_000_000),
    ("fan_out", 1_000_000),
    ("timers", 1_000_000),
    ("collapse", 100_000),
];
/// The short run that tells what starting costs takes this part of them.
const SHORT: u64 = 10;
const CROWDS: [u64; 2] = [100_000, 1_000_000];
/// A crowd whose memory is what a program takes anyway.
const FEW: u64 = 1_000;

pub fn measure(repository: &Repository, runs: u32) -> Result<Section> {
    let rivals = Rivals::build(repository)?;
    let mut section = Section::table(
        "Actors",
        format!(
            "Nanoseconds of CPU for each operation, and of wall time in brackets, {} cores; medians of {runs} interleaved \
             runs. Beside Erlang/OTP and tasks and channels of tokio by hand (bench/apps/actors, bench/tokio): how many \
             times as fast this is. Memory: bytes for each idle process with an inbox, events, a timer and a table.",
            std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
        ),
        ["operation", "here", "x Erlang", "x tokio"],
    );
    for (name, count) in BENCHMARKS {
        let costs = rivals.costs(name, count, runs)?;
        let [own, erlang, tokio] = costs;
        let times =
            |other: Cost| format!("{} ({})", Figure(other.cpu / own.cpu), Figure(other.wall / own.wall));
        let here = format!("{} ({})", Figure(own.cpu), Figure(own.wall));
        section.cells([name.replace('_', " "), here, times(erlang), times(tokio)]);
    }
    for count in CROWDS {
        let [own, erlang, tokio] = rivals.memory(count)?;
        let times = |other: f64| Figure(other / own).to_string();
        section.cells([format!("bytes, {count} idle"), Figure(own).to_string(), times(erlang), times(tokio)]);
    }
    Ok(section)
}

/// Nanoseconds for one operation.
#[derive(Clone, Copy)]
struct Cost {
    cpu: f64,
    wall: f64,
}

/// The three programs.
struct Rivals {
    own: PathBuf,
    erlang: PathBuf,
    tokio: PathBuf,
}

impl Rivals {
    fn build(repository: &Repository) -> Result<Rivals> {
        let own = optimised(repository, "bench/apps/actors/src")?;
        let erlang = repository.target.join("moonwright/bench/erlang");
        std::fs::create_dir_all(&erlang).with_context(|| format!("cannot make {}", erlang.display()))?;
        let source = repository.root.join("bench/apps/actors/erlang/bench.erl");
        let compiled = Command::new("erlc").arg("-o").arg(&erlang).arg(source).status();
        if !compiled.context("cannot start erlc: this suite needs Erlang")?.success() {
            bail!("erlc failed");
        }
        let mut cargo = repository.cargo();
        cargo.args([
            "build",
            "--quiet",
            "--release",
            "--locked",
            "--manifest-path",
            "bench/tokio/Cargo.toml",
        ]);
        let target = repository.target.join("moonwright/bench/tokio");
        cargo.arg("--target-dir").arg(&target);
        if !cargo.status().context("cannot start cargo")?.success() {
            bail!("bench/tokio does not build");
        }
        Ok(Rivals { own, erlang, tokio: target.join("release/moonwright-bench-tokio") })
    }

    fn commands(&self, name: &str, count: u64) -> [Command; 3] {
        let count = count.to_string();
        let mut own = Command::new(&self.own);
        own.args(["bench", name, &count]);
        let mut erlang = Command::new("erl");
        erlang.args(["+P", "2000000", "-noshell", "-pa"]).arg(&self.erlang);
        erlang.args(["-run", "bench", "main", name, &count]);
        let mut tokio = Command::new(&self.tokio);
        tokio.args([name, &count]);
        [own, erlang, tokio]
    }

    fn costs(&self, name: &str, count: u64, runs: u32) -> Result<[Cost; 3]> {
        let mut cpu: [Vec<f64>; 3] = Default::default();
        let mut wall: [Vec<f64>; 3] = Default::default();
        for _ in 0..runs {
            let short = self.commands(name, count / SHORT);
            for (at, (mut long, mut short)) in self.commands(name, count).into_iter().zip(short).enumerate() {
                let (seconds, nanoseconds) = timed(&mut long)?;
                let operations = nanos_per(count - count / SHORT, seconds - timed(&mut short)?.0);
                cpu[at].push(operations);
                wall[at].push(nanoseconds);
            }
        }
        let mut wall = wall.into_iter();
        Ok(cpu.map(|cpu| Cost { cpu: of(cpu).value, wall: of(wall.next().unwrap_or_default()).value }))
    }

    /// Bytes for each idle process.
    fn memory(&self, count: u64) -> Result<[f64; 3]> {
        let mut bytes = [0.0; 3];
        let few = self.commands("idle", FEW);
        for (at, (many, few)) in self.commands("idle", count).into_iter().zip(few).enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "a million at most")]
            let more = (count - FEW) as f64;
            bytes[at] = (crowd(many)? - crowd(few)?) / more;
        }
        Ok(bytes)
    }
}

/// Bytes resident once all processes wait.
fn crowd(command: Command) -> Result<f64> {
    let mut program = Program::launch(command)?;
    program.wait_for("ready\n")?;
    resident(program.child.id())
}

/// Seconds of CPU a program takes, and what it prints: nanoseconds for each operation.
fn timed(command: &mut Command) -> Result<(f64, f64)> {
    let before = spent()?;
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {command:?}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    match text.trim().parse() {
        Ok(nanoseconds) if output.status.success() => Ok((spent()? - before, nanoseconds)),
        _ => bail!("{command:?} failed: {text}{}", String::from_utf8_lossy(&output.stderr)),
    }
}

fn nanos_per(count: u64, seconds: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a million at most")]
    let count = count as f64;
    seconds * 1e9 / count
}
