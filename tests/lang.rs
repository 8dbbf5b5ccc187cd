//! Conformance: the scripts of `tests/lang`, all in one compiled program, against PUC Lua 5.3:
//! standard output, exit status and the text of the error are the same.
//!
//! Random programs are treated alike: some dozens here, and with `MOONWRIGHT_RANDOM=10000` (and
//! `MOONWRIGHT_SEED=1`) as many as wanted instead of the scripts; a difference is then made small.
//!
//! `MOONWRIGHT_COMPARE=folder` compares the scripts in the folders below a folder in the same way;
//! `MOONWRIGHT_BUILD=folder` only builds them, whatever they do.
//!
//! `tests/lang/differs` holds what is meant to differ; [`DIFFERENCES`] says why. `tests/lang/later` holds what
//! Lua 5.3 does not have: it does what later versions do, as the texts beside the scripts say.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::LazyLock;

use libtest_mimic::{Arguments, Failed, Trial};
use moonwright_tests::bless;
use moonwright_tests::scripts::{self, Built, Ended, Script};
use moonwright_tests::{campaign, features, refusals};
use similar::TextDiff;
use xtask::repository::Repository;

/// What is meant to differ from PUC Lua 5.3: the script below `tests/lang/differs` that shows it, and
/// the reason.
const DIFFERENCES: &[(&str, &str)] = &[
    (
        "for_at_the_edge",
        "a numeric `for` stops at the largest integer (as Lua 5.4) instead of starting over at the smallest",
    ),
    ("more_functions", "functions of later versions, of older ones and of applications are there as well"),
    (
        "bits_of_older_programs",
        "`bit32` and `math.atan2` are there, as in most builds of Lua 5.3, though not in one without compatibility",
    ),
    (
        "next_behind_the_end",
        "`next` ends the walk at an integer key shortly behind the last element, which may just have been cleared, \
         where Lua raises `invalid key to 'next'`",
    ),
    ("print_asks_nobody", "`print` shows values itself (as Lua 5.4) instead of asking the global `tostring`"),
    (
        "call_without_a_name",
        "an argument error of a function that is called by no name has its plain name, without that of the library",
    ),
    (
        "infinite_step",
        "a numeric `for` with an infinite step has its first turn (as Lua 5.4), where Lua 5.3 subtracts the step first",
    ),
    (
        "error_level_beyond_pcall",
        "a level of `error` that names a function outside of the `pcall` that catches it gives no position",
    ),
    (
        "deeper_nesting",
        "coroutines (up to 10,000) and metamethods nest as deep as the stack allows, where Lua stops at some 200 levels",
    ),
    (
        "local_changed_by_a_metamethod",
        "a local variable that a metamethod in the same expression changes is read before, where Lua reads it with the \
         operation (one that a call changes is read as in Lua)",
    ),
    (
        "handler_after_close",
        "the handler of `xpcall` runs after `__close` of the variables that the error ends, where Lua 5.4 runs it before",
    ),
    (
        "dead_coroutine_closes",
        "a coroutine that dies by an error closes its variables at once, where Lua 5.4 leaves them open until \
         `coroutine.close`",
    ),
    (
        "suspended_in_itself",
        "a suspended coroutine that only its own variables refer to is kept until the program ends",
    ),
    (
        "length_with_holes",
        "`#` of a table with holes gives one of its borders, as Lua promises, but not always the one that Lua gives",
    ),
    (
        "sort_reads_once",
        "`table.sort` reads all elements, sorts, and writes them back: seen by metamethods alone",
    ),
    (
        "order_of_pairs",
        "`pairs` and `next` walk elements in order and fields in the order they were added, where the order of Lua is \
         that of its hashes",
    ),
    (
        "closed_at_once",
        "a file that nothing refers to any more is flushed and closed at once, where Lua waits for a collection",
    ),
    (
        "step_ends_a_cycle",
        "`collectgarbage(\"step\")` is a whole collection and gives true, where Lua gives false until a cycle has ended",
    ),
    (
        "cleared_and_absent",
        "assigning nil to an absent field while `pairs` walks leaves the walk alone, where Lua may walk again or raise \
         `invalid key to 'next'`",
    ),
    (
        "no_code_at_run_time",
        "`load`, `loadfile`, `dofile` and `debug` are nil: a program is compiled ahead of time",
    ),
];

const LUA: &str = env!("CARGO_BIN_EXE_lua53");

/// Random programs of an ordinary run: rustc takes most of the time of the suite for them.
const RANDOM: usize = 40;

/// Built at the first question.
static BUILT: LazyLock<Result<Built, String>> =
    LazyLock::new(|| scripts::build("lang", &all()).map_err(|error| format!("{error:#}")));

fn main() -> ExitCode {
    if let Some(count) = number("MOONWRIGHT_RANDOM") {
        let seed = number("MOONWRIGHT_SEED").unwrap_or(1) as u64;
        if let Err(error) = campaign::run(Path::new(LUA), count, seed) {
            eprintln!("{error:#}");
            return ExitCode::FAILURE;
        }
        return ExitCode::SUCCESS;
    }
    for (variable, runs) in [("MOONWRIGHT_BUILD", false), ("MOONWRIGHT_COMPARE", true)] {
        let Some(folder) = std::env::var_os(variable) else { continue };
        if let Err(error) = folders(Path::new(&folder), runs) {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
        return ExitCode::SUCCESS;
    }
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for script in all() {
        trials.push(if let Some(case) = script.name.strip_prefix("differs_").map(str::to_owned) {
            Trial::test(format!("differs::{case}"), move || differs(&script, &case))
        } else if script.name.starts_with("later_") {
            Trial::test(format!("later::{}", script.name), move || later(&script))
        } else {
            Trial::test(format!("same::{}", script.name), move || same(&script))
        });
    }
    for script in Script::all(&folder().join("traces"), "traces_").unwrap() {
        trials.push(Trial::test(format!("traceback::{}", script.name), move || traceback(&script)));
    }
    trials.push(Trial::test("refusals", refusals));
    trials.push(Trial::test("page", page));
    assert!(trials.len() > 20, "no scripts in tests/lang");
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Builds the scripts in a folder's folders: whatever compiles must please rustc. If they are to run,
/// they are compared as those of the suite are.
fn folders(folder: &Path, runs: bool) -> Result<(), String> {
    let mut scripts = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| error.to_string())?.flatten() {
        let prefix = format!("{}_", entry.file_name().to_string_lossy());
        scripts.extend(Script::all(&entry.path(), &prefix).unwrap_or_default());
    }
    let built = scripts::build("folder", &scripts).map_err(|error| format!("{error:#}"))?;
    for script in scripts {
        if let Some(refusal) = built.refused.get(&script.name) {
            eprintln!("{}:\n{refusal}", script.name);
        } else if runs {
            let (native, puc) = (script.run_native(&built.program)?, script.run_puc(Path::new(LUA))?);
            eprintln!(
                "{}: {}",
                script.name,
                if native == puc { "same".to_owned() } else { diff(&native, &puc) }
            );
        }
    }
    Ok(())
}

fn number(variable: &str) -> Option<usize> {
    std::env::var(variable).ok()?.parse().ok()
}

fn folder() -> PathBuf {
    Repository::find().root.join("tests/lang")
}

fn all() -> Vec<Script> {
    // A script that looks at `_G` or requires computed names gets all Lua files of its folder.
    let parts = [
        ("", ""),
        ("globals", "globals_"),
        ("required", "required_"),
        ("uncaught", "uncaught_"),
        ("traces", "traces_"),
        ("later", "later_"),
        ("programs", "program_"),
        ("differs", "differs_"),
    ];
    let written =
        parts.iter().flat_map(|(below, prefix)| Script::all(&folder().join(below), prefix).unwrap());
    written.chain(campaign::write("lang", 1, RANDOM).unwrap()).collect()
}

/// `docs/compatibility.md` is up to date, and every difference of the table is shown by a script.
fn page() -> Result<(), Failed> {
    let scripts = all();
    for (case, _) in DIFFERENCES {
        if scripts.iter().all(|script| script.name != format!("differs_{case}")) {
            return Err(format!("tests/lang/differs has no {case}.lua").into());
        }
    }
    let list = std::fs::read_to_string(folder().join("features.txt"))?;
    let page = features::page(&list, DIFFERENCES, &scripts).map_err(|error| format!("{error:#}"))?;
    Ok(bless::compare(&Repository::find().root.join("docs/compatibility.md"), &page)?)
}

/// The script under both.
fn both(script: &Script) -> Result<(Ended, Ended), Failed> {
    let built = BUILT.as_ref()?;
    if let Some(refusal) = built.refused.get(&script.name) {
        return Err(refusal.into());
    }
    Ok((script.run_native(&built.program)?, script.run_puc(Path::new(LUA))?))
}

fn same(script: &Script) -> Result<(), Failed> {
    let (native, puc) = both(script)?;
    if native == puc {
        return Ok(());
    }
    let seeds = campaign::differing(&native, &puc);
    let seeds = match seeds.first() {
        Some(first) if script.name.starts_with("random_") => {
            format!("seeds {seeds:?}; for a small program: MOONWRIGHT_RANDOM=1 MOONWRIGHT_SEED={first}\n")
        }
        _ => String::new(),
    };
    Err(format!("{seeds}{}", diff(&native, &puc)).into())
}

fn diff(native: &Ended, puc: &Ended) -> String {
    let (puc, native) = (puc.to_string(), native.to_string());
    let diff = TextDiff::from_lines(puc.as_str(), native.as_str());
    diff.unified_diff().header("PUC Lua 5.3", "compiled").to_string()
}

/// What Lua 5.3 does not have.
fn later(script: &Script) -> Result<(), Failed> {
    let built = BUILT.as_ref()?;
    if let Some(refusal) = built.refused.get(&script.name) {
        return Err(refusal.into());
    }
    let ended = script.run_native(&built.program)?;
    Ok(bless::compare(&script.folder.join(script.file.replace(".lua", ".txt")), &ended.to_string())?)
}

/// What is said about broken texts, as Lua says it.
fn refusals() -> Result<(), Failed> {
    let mut refused = 0;
    for (seed, script) in (1..)
        .zip(all())
        .filter(|(_, script)| !script.name.starts_with("random_") && !script.name.starts_with("later_"))
    {
        let bytes = std::fs::read(script.folder.join(&script.file))?;
        // What only files begin with is not the grammar's; and short texts say as much as long ones.
        let Some(text) = String::from_utf8(bytes).ok().filter(|text| text.len() < 6000) else { continue };
        if !text.starts_with(['#', '\u{feff}']) {
            refused +=
                refusals::compare(&text, seed, 60).map_err(|text| format!("{}:\n{text}", script.name))?;
        }
    }
    if refused < 2000 {
        return Err(format!("only {refused} texts were refused").into());
    }
    Ok(())
}

/// The traceback, which is ours, is the one that was looked at.
fn traceback(script: &Script) -> Result<(), Failed> {
    let traceback = script.traceback(&BUILT.as_ref()?.program)?;
    Ok(bless::compare(&script.folder.join(script.file.replace(".lua", ".txt")), &traceback)?)
}

/// A listed difference is one, and it is the one that was looked at.
fn differs(script: &Script, case: &str) -> Result<(), Failed> {
    if DIFFERENCES.iter().all(|(listed, _)| *listed != case) {
        return Err(format!("{case} is not in the table of differences").into());
    }
    let (native, puc) = both(script)?;
    if native == puc {
        return Err(format!("{case} does not differ any more").into());
    }
    bless::compare(&script.folder.join(format!("{case}.txt")), &native.to_string())?;
    Ok(())
}
