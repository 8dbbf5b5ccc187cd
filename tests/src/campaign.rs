//! Random programs, compiled and under PUC Lua, many to a build; what differs is made smaller, again
//! many candidates to a build.

use std::path::Path;

use anyhow::{Result, bail};
use xtask::build::write;
use xtask::repository::Repository;

use crate::random::{self, Program};
use crate::scripts::{self, Ended, Script};

/// Programs in one file: rustc works on files side by side, and a small one fails early.
const IN_A_FILE: usize = 10;
/// Programs in one build of a campaign.
const IN_A_BUILD: usize = 300;
/// What PUC Lua says where its limit of 200 nested C calls ends a program; how deep that is depends on
/// how it is made, and is listed as a difference.
const LIMIT: &str = "C stack overflow";
/// Candidates in one build while shrinking.
const CANDIDATES: usize = 60;

/// Files of programs, one a seed, written to the target directory.
///
/// # Errors
/// Whatever the disk says.
pub fn write(crate_name: &str, first_seed: u64, count: usize) -> Result<Vec<Script>> {
    let seeds: Vec<u64> = (first_seed..).take(count).collect();
    let files = seeds.chunks(IN_A_FILE).enumerate().map(|(number, seeds)| {
        let programs: Vec<Program> = seeds.iter().map(|seed| random::generate(*seed)).collect();
        one_file(crate_name, number, &programs)
    });
    files.collect()
}

fn one_file(crate_name: &str, number: usize, programs: &[Program]) -> Result<Script> {
    let folder = Repository::find().target.join("moonwright-scripts").join(format!("{crate_name}-sources"));
    let file = format!("random_{number:03}.lua");
    let text = random::file(programs);
    // An unchanged file keeps its date.
    if std::fs::read_to_string(folder.join(&file)).ok().as_deref() != Some(text.as_str()) {
        write::file(&folder.join(&file), &text)?;
    }
    Ok(Script { name: format!("random_{number:03}"), file, folder })
}

/// The part of each program's output, told apart by its heading.
fn parts(ended: &Ended) -> Vec<(u64, &str)> {
    let parts = ended.stdout.split("program ").skip(1);
    parts.filter_map(|part| Some((part.split_once('\n')?.0.parse().ok()?, part))).collect()
}

/// The seeds whose output differs, but for those that reach PUC Lua's [`LIMIT`].
pub fn differing(native: &Ended, puc: &Ended) -> Vec<u64> {
    let native = parts(native);
    let differing = parts(puc).into_iter().filter(|part| !native.contains(part));
    differing.filter(|(_, text)| !text.contains(LIMIT)).map(|(seed, _)| seed).collect()
}

/// Whether both ended alike, but for programs that reach PUC Lua's [`LIMIT`].
fn is_same(native: &Ended, puc: &Ended) -> bool {
    let is_limited = puc.stdout.contains(LIMIT) && differing(native, puc).is_empty();
    native == puc || is_limited && (&native.status, &native.stderr) == (&puc.status, &puc.stderr)
}

/// Runs `count` programs from `first_seed` on. Stops at the first build with differences and gives the
/// smallest program that still shows one of them.
///
/// # Errors
/// If a build fails; the small program as a text.
pub fn run(lua: &Path, count: usize, first_seed: u64) -> Result<()> {
    let mut done = 0;
    while done < count {
        let size = IN_A_BUILD.min(count - done);
        let seed = first_seed + done as u64;
        let scripts = write("campaign", seed, size)?;
        let built = scripts::build("campaign", &scripts)?;
        if let Some((name, refusal)) = built.refused.first_key_value() {
            bail!("{name} does not compile:\n{refusal}");
        }
        let mut failed = Vec::new();
        for script in &scripts {
            let (native, puc) = both(script, &built.program, lua)?;
            if !is_same(&native, &puc) {
                let seeds = differing(&native, &puc);
                if seeds.is_empty() {
                    bail!("{} differs outside its programs:\n{native}\n{puc}", script.file);
                }
                failed.extend(seeds);
            }
        }
        done += size;
        eprintln!(
            "{done} programs, seeds {first_seed} to {}, differing: {failed:?}",
            first_seed + done as u64 - 1
        );
        if let Some(seed) = failed.iter().min_by_key(|seed| random::generate(**seed).size()) {
            bail!("{}", shrink(lua, random::generate(*seed))?);
        }
    }
    Ok(())
}

fn both(script: &Script, program: &Path, lua: &Path) -> Result<(Ended, Ended)> {
    let native = script.run_native(program).map_err(anyhow::Error::msg)?;
    Ok((native, script.run_puc(lua).map_err(anyhow::Error::msg)?))
}

/// The smallest program found that still differs, with both outputs.
fn shrink(lua: &Path, mut program: Program) -> Result<String> {
    let mut told = String::new();
    loop {
        eprintln!("seed {}: {} statements", program.seed, program.size());
        let candidates = random::smaller(&program);
        let mut found = None;
        for batch in candidates.chunks(CANDIDATES) {
            let scripts: Vec<Script> = batch
                .iter()
                .enumerate()
                .map(|(number, candidate)| one_file("shrink", number, std::slice::from_ref(candidate)))
                .collect::<Result<_>>()?;
            let built = scripts::build("shrink", &scripts)?;
            for (script, candidate) in scripts.iter().zip(batch) {
                if built.refused.contains_key(&script.name) {
                    continue;
                }
                // Without what counts its turns a loop may not end.
                let Ok((native, puc)) = both(script, &built.program, lua) else { continue };
                if !is_same(&native, &puc) {
                    told = format!("-- compiled\n{native}\n-- PUC Lua 5.3\n{puc}");
                    found = Some(candidate.clone());
                    break;
                }
            }
            if found.is_some() {
                break;
            }
        }
        match found {
            Some(smaller) => program = smaller,
            None => return Ok(format!("{}\n{told}", random::file(&[program]))),
        }
    }
}
