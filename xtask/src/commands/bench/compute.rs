//! What programs cost: those of `bench/compute`, compiled, beside `lua5.4` and `luajit`, which run
//! the same files. CPU time of whole processes; every round runs all three, one after the other.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::commands::bench::optimised;
use crate::commands::bench::results::Section;
use crate::commands::bench::stats::{Figure, of, spent};
use crate::repository::Repository;

const SCRIPT: &str = "bench/compute/main.lua";
/// What the compiled programs are measured beside.
const OTHERS: [&str; 2] = ["lua5.4", "luajit"];
/// How many times as fast as lua5.4 each program shall be, without annotations.
const AIMS: [(&str, f64); 15] = [
    ("fib", 4.0),
    ("mandelbrot", 6.0),
    ("spectral_norm", 4.0),
    ("nbody", 3.5),
    ("binary_trees", 5.0),
    ("cyclic_trees", 4.0),
    ("string_building", 5.0),
    ("sieve", 2.5),
    ("matrix", 2.5),
    ("sort", 4.0),
    ("oop", 6.0),
    ("objects", 7.0),
    ("closures", 4.0),
    ("words", 4.0),
    ("generator", 5.0),
];

pub fn measure(repository: &Repository, runs: u32) -> Result<Section> {
    let ours = optimised(repository, SCRIPT)?;
    let script = repository.root.join(SCRIPT);
    let mut section = Section::table(
        "Compute",
        format!(
            "CPU time of whole programs, {} beside {}: how many times as fast, by the medians of {runs} interleaved \
             runs. All programs are one binary, chosen by name.",
            "`cargo xtask build`",
            OTHERS.map(version).join(" and "),
        ),
        ["program", "x lua5.4", "x luajit", "aim, x lua5.4"],
    );
    let mut ratios = Vec::new();
    for (program, aim) in AIMS {
        let ratio = compare(&ours, &script, program, runs)?;
        section.cells([
            program.to_owned(),
            Figure(ratio[0]).to_string(),
            Figure(ratio[1]).to_string(),
            aim.to_string(),
        ]);
        ratios.push(ratio);
    }
    let means =
        [0, 1].map(|other| Figure(mean(ratios.iter().filter_map(|ratio| ratio.get(other)))).to_string());
    let [lua, luajit] = means;
    section.cells(["geometric mean".to_owned(), lua, luajit, "2, then 6".to_owned()]);
    Ok(section)
}

/// How many times as fast as each of the others `program` is.
fn compare(ours: &Path, script: &Path, program: &str, runs: u32) -> Result<[f64; 2]> {
    let [lua, luajit] = OTHERS.map(|other| {
        let mut command = Command::new(other);
        command.arg(script);
        command
    });
    let mut commands = [lua, luajit, Command::new(ours)];
    for command in &mut commands {
        command.arg(program);
        // Where `require` looks for the programs.
        command.current_dir(script.parent().context("a script without a folder")?);
    }
    let mut times: [Vec<f64>; 3] = Default::default();
    let mut expected = None;
    for _ in 0..runs {
        for (command, times) in commands.iter_mut().zip(&mut times) {
            let (output, time) = timed(command)?;
            let expected = expected.get_or_insert_with(|| output.clone());
            if output != *expected {
                bail!("{program}: {output:?} and {expected:?}");
            }
            times.push(time);
        }
    }
    let [lua, luajit, ours] = times.map(|times| of(times).value);
    Ok([lua / ours, luajit / ours])
}

/// What a command prints, and the seconds of CPU it takes.
fn timed(command: &mut Command) -> Result<(String, f64)> {
    let before = spent()?;
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok((String::from_utf8_lossy(&output.stdout).into_owned(), spent()? - before))
}

fn version(program: &str) -> String {
    let output = Command::new(program).arg("-v").output();
    let text = output.map(|output| [output.stdout, output.stderr].concat()).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let words: Vec<&str> = text.split_whitespace().take(2).collect();
    words.join(" ")
}

fn mean<'a>(ratios: impl Iterator<Item = &'a f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for ratio in ratios {
        sum += ratio.ln();
        count += 1.0;
    }
    (sum / count).exp()
}
