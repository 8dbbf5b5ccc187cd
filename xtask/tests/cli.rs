//! `cargo xtask` as it is typed: exit statuses, what is written and what is left alone.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};

use xtask::repository::Repository;

/// Runs `xtask` in `folder`.
fn xtask(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).current_dir(folder).args(words).output().unwrap()
}

fn root() -> PathBuf {
    Repository::find().root
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// One test at a time watches `generated/` or writes into it.
fn generated() -> MutexGuard<'static, ()> {
    static GENERATED: Mutex<()> = Mutex::new(());
    GENERATED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Every file below `folder` and when it was written.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, std::time::SystemTime> {
    let files =
        walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    files.map(|entry| (entry.path().to_owned(), entry.metadata().unwrap().modified().unwrap())).collect()
}

#[test]
fn every_command_has_help_and_unknown_ones_suggest_the_nearest() {
    for command in ["build", "run", "check", "show", "new", "ci", "bench"] {
        let output = xtask(&root(), &[command, "--help"]);
        assert!(output.status.success(), "{command}");
        assert!(stdout(&output).contains(&format!("Usage: cargo xtask {command}")), "{}", stdout(&output));
    }
    let output = xtask(&root(), &["biuld", "src"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("a similar subcommand exists: 'build'"), "{}", stderr(&output));
    let output = xtask(&root(), &["show", "hirr", "src"]);
    assert!(stderr(&output).contains("a similar value exists: 'hir'"), "{}", stderr(&output));
}

#[test]
fn faulty_applications_are_status_1_and_nothing_is_written() {
    let _alone = generated();
    let before = snapshot(&root().join("generated"));
    for case in std::fs::read_dir(root().join("tests/ui")).unwrap().flatten() {
        let src = case.path().join("src");
        let expected = std::fs::read_to_string(case.path().join("expected.txt")).unwrap();
        for command in ["build", "check"] {
            let output = xtask(&root(), &[command, src.to_str().unwrap()]);
            assert_eq!(output.status.code(), Some(1), "{command} {}", src.display());
            assert_eq!(stderr(&output), expected, "{command} {}", src.display());
            assert_eq!(stdout(&output), "", "{command} {}", src.display());
        }
    }
    assert_eq!(snapshot(&root().join("generated")), before);
}

#[test]
fn a_binary_is_not_put_where_no_folder_is() {
    let temporary = tempfile::tempdir().unwrap();
    let place = temporary.path().join("nowhere/app");
    let output = xtask(&root(), &["build", "src", "-o", place.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let folder = place.parent().unwrap();
    let expected =
        format!("error: cannot write {}: there is no folder {}\n", place.display(), folder.display());
    assert_eq!(stderr(&output), expected);
    assert!(!folder.exists());
}

#[test]
fn check_is_silent_about_a_sound_application_wherever_it_is_called() {
    for (folder, src) in [(".", "src"), (".", "src/"), ("docs", "../src"), ("src", ".")] {
        let output = xtask(&root().join(folder), &["check", src]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!((stdout(&output).as_str(), stderr(&output).as_str()), ("", ""), "{folder} {src}");
    }
}

#[test]
fn json_is_one_object_a_line_on_standard_output() {
    let output = xtask(&root(), &["check", "tests/ui/unknown_references/src", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(&output), "");
    let text = stdout(&output);
    assert_eq!(text.lines().count(), 4);
    for line in text.lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        for key in ["code", "severity", "message", "hint", "file", "line", "column", "end", "entry"] {
            assert!(object.get(key).is_some(), "{key} in {line}");
        }
        assert_eq!(object["file"], "tests/ui/unknown_references/src/_index.yaml");
    }
}

#[test]
fn stages_are_shown_for_one_entry_or_all() {
    for stage in ["tokens", "ast", "hir", "facts", "lowered", "rust"] {
        let one = xtask(&root(), &["show", stage, "src", "--entry", "app:worker"]);
        assert!(one.status.success(), "{stage}: {}", stderr(&one));
        let all = xtask(&root(), &["show", stage, "src"]);
        assert!(!one.stdout.is_empty() && one.stdout.len() < all.stdout.len(), "{stage}");
    }
    let unknown = xtask(&root(), &["show", "hir", "src", "--entry", "app:work"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert_eq!(stderr(&unknown), "error: no Lua entry app:work; did you mean app:worker?\n");
}

#[test]
fn what_the_repository_emits_is_up_to_date_wherever_it_is_called() {
    let before = snapshot(&root().join("generated/echo-service"));
    for (folder, src) in [(".", "src/"), ("docs", "../src")] {
        let output = xtask(&root().join(folder), &["build", src, "--emit-only"]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(stdout(&output).contains("(0 files changed)"), "{}", stdout(&output));
    }
    assert_eq!(snapshot(&root().join("generated/echo-service")), before);
}

/// The whole road for an application outside the repository, in a folder whose name needs care.
#[test]
fn a_new_application_elsewhere_builds_runs_and_leaves_the_repository_alone() {
    let _alone = generated();
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let created = xtask(here, &["new", "my 1st app"]);
    assert!(created.status.success(), "{}", stderr(&created));
    let again = xtask(here, &["new", "my 1st app"]);
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(stderr(&again), "error: my 1st app is not empty\n");

    let lock = std::fs::read(root().join("Cargo.lock")).unwrap();
    std::fs::create_dir(here.join("out")).unwrap();
    let words = ["build", "my 1st app/src", "--dev", "--locked", "--quiet", "--output", "out/binary"];
    let built = xtask(here, &words);
    assert!(built.status.success(), "{}", stderr(&built));
    assert_eq!((stdout(&built).as_str(), stderr(&built).as_str()), ("", ""));
    assert_eq!(std::fs::read(root().join("Cargo.lock")).unwrap(), lock);
    assert!(root().join("generated/my-1st-app/Cargo.toml").is_file());

    let run = |words: &[&str]| {
        use std::io::Write;
        let mut child = Command::new(here.join("out/binary"))
            .current_dir(here)
            .args(words)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(b"Ada\nGrace\n").unwrap();
        child.wait_with_output().unwrap()
    };
    for words in [&["-x", "app:cli"][..], &["hello"]] {
        let output = run(words);
        assert!(output.status.success());
        assert_eq!(
            stdout(&output),
            "Your name? Hello Ada, you are number 1\nYour name? Hello Grace, you are number 2\nYour name? Bye.\n"
        );
    }

    // A second build with nothing changed changes nothing.
    let before = snapshot(&root().join("generated/my-1st-app"));
    let again = xtask(here, &["build", "my 1st app", "--dev", "--quiet", "--output", "out/binary"]);
    assert!(again.status.success(), "{}", stderr(&again));
    let same = snapshot(&root().join("generated/my-1st-app/src"));
    assert!(same.iter().all(|(path, time)| before.get(path) == Some(time)));
    std::fs::remove_dir_all(root().join("generated/my-1st-app")).unwrap();
}

/// A table of a `Cargo.toml`, without its comments.
fn table<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let mut lines = text.lines().skip_while(|line| *line != format!("[{name}]"));
    assert!(lines.next().is_some(), "no [{name}]");
    let lines = lines.take_while(|line| !line.starts_with('['));
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// Crates outside the workspace bring their own profiles; they mean the same.
#[test]
fn the_profiles_of_emitted_crates_are_the_repositorys() {
    let project = xtask::project::read(&Repository::find(), &root().join("src"), Some("other")).unwrap();
    assert!(!project.is_member);
    let output = xtask::build::compile(&project);
    let emitted = output.files.get("Cargo.toml").unwrap();
    let own = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for name in
        ["profile.release", "profile.release.package.\"*\"", "profile.edit", "profile.edit.package.\"*\""]
    {
        assert_eq!(table(emitted, name), table(&own, name), "[{name}]");
    }
}
