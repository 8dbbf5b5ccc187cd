//! rustc's own messages, traced back to Lua: what happens when it refuses emitted code.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use xtask::build::blame;
use xtask::build::cargo::{self, Code, Job};
use xtask::build::progress::Progress;
use xtask::build::write;
use xtask::repository::Repository;

const MANIFEST: &str =
    "[package]\nname = \"refused\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n";

const MAIN: &str = "//! `app:cli`, from src/cli.lua. Written by `cargo xtask build src/`; edit the Lua instead.\n\
    \n\
    /// `main`, cli.lua:3-9.\n\
    fn main() {\n\
    \x20   let ready = true;\n\
    \x20   // cli.lua:7\n\
    \x20   if ready {\n\
    \x20       let number: u32 = \"text\";\n\
    \x20   }\n\
    }\n";

#[test]
fn a_refusal_names_the_lua_line() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().canonicalize().unwrap();
    write::file(&folder.join("Cargo.toml"), MANIFEST).unwrap();
    write::file(&folder.join("src/main.rs"), MAIN).unwrap();
    let repository = Repository { target: folder.join("target"), ..Repository::find() };
    let job = Job { folder: &folder, profile: "dev", code: Code::Plain, flags: &[] };
    let outcome = cargo::build(&repository, &job, &Progress::Silent).unwrap();
    assert!(!outcome.success);
    let errors: Vec<_> = outcome.messages.into_iter().filter(|message| message.is_error()).collect();
    let bug = blame::find(&folder, &errors).unwrap();
    assert_eq!(bug.place, "cli.lua:7");
    assert_eq!(bug.message, "mismatched types");
    assert!(bug.text.contains("E0308") && bug.text.contains("src/main.rs:8"), "{}", bug.text);
}
