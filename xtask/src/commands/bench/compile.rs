//! What a program's size costs: copies of `bench/compile/module.lua` with names that differ, checked
//! and built. Two sizes tell what a thousand lines add to what every build takes.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::commands::bench::results::Section;
use crate::commands::bench::stats::{self, median, spent};
use crate::repository::Repository;

/// Modules of the small and of the large program, and of the one that is only checked.
const SMALL: usize = 9;
const LARGE: usize = 27;
const CHECKED: usize = 91;

pub fn measure(repository: &Repository, runs: u32) -> Result<Section> {
    let mut section = Section::new(
        "Compile",
        "Programs made of many modules of business code (bench/compile/module.lua). CPU of all of `cargo xtask build`, \
         the runtime built before: from two sizes, built in turn, what a thousand lines of Lua add and what remains.",
    );
    let module = std::fs::read_to_string(repository.root.join("bench/compile/module.lua"))
        .context("cannot read the module")?;
    let folder = repository.target.join("moonwright/bench/compile");
    let programs = [SMALL, LARGE, CHECKED].map(|modules| Program::write(&folder, &module, modules));
    let [small, large, checked] = programs;
    let (small, large, checked) = (small?, large?, checked?);
    let time = median(runs, || {
        let begun = Instant::now();
        run(repository, &["check"], &checked)?;
        Ok(begun.elapsed().as_secs_f64())
    })?;
    section.row(&format!("check, {} lines", checked.lines), time, "s", "under 1 s");
    for (what, words, aim) in
        [("--dev", &["build", "--quiet", "--dev"][..], ""), ("optimised", &["build", "--quiet"], "3 s")]
    {
        // The dependencies are built by then.
        run(repository, words, &small)?;
        let (mut each, mut remains) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            let (less, more) = (cpu(repository, words, &small)?, cpu(repository, words, &large)?);
            let slope = (more - less) / (large.lines - small.lines);
            each.push(slope * 1000.0);
            remains.push(less - slope * small.lines);
        }
        section.row(&format!("each 1,000 lines, {what}"), stats::of(each), "s of CPU", aim);
        section.row(&format!("what remains, {what}"), stats::of(remains), "s of CPU", "");
    }
    Ok(section)
}

struct Program {
    main: PathBuf,
    lines: f64,
}

impl Program {
    /// Writes a program of so many modules.
    fn write(folder: &Path, module: &str, modules: usize) -> Result<Program> {
        let folder = folder.join(format!("modules_{modules}"));
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let mut main = String::from("local sum = 0\n");
        for number in 1..=modules {
            let text = module.replace("NUMBER", &number.to_string());
            std::fs::write(folder.join(format!("module_{number}.lua")), text)?;
            main += &format!("local module_{number} = require(\"module_{number}\")\n");
            main += &format!("sum = sum + module_{number}.Account.new(\"a\", {number}).balance\n");
        }
        main += "print(sum)\n";
        let lines = module.lines().count() * modules + main.lines().count();
        let path = folder.join("main.lua");
        std::fs::write(&path, main)?;
        #[expect(clippy::cast_precision_loss, reason = "some thousand lines")]
        let lines = lines as f64;
        Ok(Program { main: path, lines })
    }

    /// Changes the program, so that its crate is compiled again; without incremental compilation
    /// that is all of it.
    fn touch(&self) -> Result<()> {
        let main = std::fs::read_to_string(&self.main)?;
        std::fs::write(&self.main, main + "sum = sum + 1\n")?;
        Ok(())
    }
}

/// Seconds of CPU a build takes of which only the dependencies are there.
fn cpu(repository: &Repository, words: &[&str], program: &Program) -> Result<f64> {
    program.touch()?;
    let before = spent()?;
    run(repository, words, program)?;
    Ok(spent()? - before)
}

fn run(repository: &Repository, words: &[&str], program: &Program) -> Result<()> {
    let mut cargo = repository.cargo();
    cargo.arg("xtask").args(words).arg(&program.main).stdin(Stdio::null()).stdout(Stdio::null());
    // An incremental build would take only what changed.
    cargo.env("CARGO_INCREMENTAL", "0");
    if !cargo.status().context("cannot start cargo")?.success() {
        bail!("cargo xtask {} failed", words.join(" "));
    }
    Ok(())
}
