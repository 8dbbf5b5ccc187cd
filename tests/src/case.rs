//! Cases are folders: adding a case means adding a folder.

use std::path::{Path, PathBuf};
use std::time::Duration;

use xtask::repository::Repository;

use crate::bless;
use crate::program::{self, Finished, Run};

/// One folder of `tests/golden` or `tests/ui`.
#[derive(Clone, Debug)]
pub struct Case {
    pub name: String,
    pub folder: PathBuf,
}

/// The cases below `tests/<suite>`, sorted by name.
pub fn all(suite: &str) -> Vec<Case> {
    let folder = Repository::find().root.join("tests").join(suite);
    let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
    let folders = entries.map(|entry| entry.path()).filter(|path| path.join("src").is_dir());
    let mut cases: Vec<Case> = folders
        .map(|folder| Case {
            name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            folder,
        })
        .collect();
    cases.sort_by(|left, right| left.name.cmp(&right.name));
    cases
}

impl Case {
    pub fn src(&self) -> PathBuf {
        self.folder.join("src")
    }

    /// A file of the case, if it has one.
    fn text(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.folder.join(name)).ok()
    }

    /// Runs the case's program as its files say and compares what comes out: `args` (one a line; else
    /// `-x app:main`), `stdin`, `stdout`, `stderr` (if there is one), `status` (else 0) and `address_space` (in
    /// megabytes; else as much as there is).
    ///
    /// # Errors
    /// What differs.
    pub fn run(&self, binary: &Path) -> Result<(), String> {
        let args = self.text("args").unwrap_or_else(|| "-x\napp:main\n".to_owned());
        let args: Vec<&str> = args.lines().collect();
        let kilobytes = self.text("address_space").map(|megabytes| format!("{}000", megabytes.trim()));
        let path = binary.to_string_lossy();
        let (binary, args) = match &kilobytes {
            None => (binary, args),
            Some(kilobytes) => {
                let limited = ["-c", "ulimit -v \"$0\"; exec \"$@\"", kilobytes, &*path];
                (Path::new("/bin/sh"), [&limited[..], &args[..]].concat())
            }
        };
        let stdin = self.text("stdin").unwrap_or_default();
        let finished = program::run(&Run {
            binary,
            args: &args,
            stdin: stdin.as_bytes(),
            patience: Duration::from_secs(30),
        })?;
        self.compare(&finished)
    }

    fn compare(&self, finished: &Finished) -> Result<(), String> {
        let told = || format!("it said on standard error:\n{}", finished.stderr);
        let status = self.text("status").unwrap_or_else(|| "0".to_owned());
        if status.trim() != finished.status.to_string() {
            return Err(format!("status {}, expected {}; {}", finished.status, status.trim(), told()));
        }
        bless::compare(&self.folder.join("stdout"), &finished.stdout).map_err(|text| text + &told())?;
        if self.folder.join("stderr").exists() {
            bless::compare(&self.folder.join("stderr"), &finished.stderr)?;
        }
        Ok(())
    }
}
