//! A program run through pipes, to its end or until it is stopped.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// What to run.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    pub binary: &'a Path,
    pub args: &'a [&'a str],
    pub stdin: &'a [u8],
    /// A program that takes longer is killed, and that is an error.
    pub patience: Duration,
}

/// How it ended.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The exit status; 128 and more for a signal, as shells have it.
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
    pub took: Duration,
}

/// Runs a program with the whole input ready, then its end.
///
/// # Errors
/// If it cannot start, or does not end in time.
pub fn run(run: &Run) -> Result<Finished, String> {
    let mut talk = Talk::start(run.binary, run.args)?;
    let mut input = talk.input.take().ok_or("no standard input")?;
    let bytes = run.stdin.to_vec();
    let writer = thread::spawn(move || {
        // A program may end without reading all of it.
        let _ = input.write_all(&bytes);
    });
    let finished = talk.finish(run.patience);
    let _ = writer.join();
    finished
}

/// A running program with pipes on all three ends.
pub struct Talk {
    child: Child,
    /// Dropping it is the end of the program's input.
    pub input: Option<ChildStdin>,
    output: Stream,
    errors: Stream,
    begun: Instant,
}

/// One of its outputs, read by a thread of its own.
struct Stream {
    chunks: mpsc::Receiver<Vec<u8>>,
    bytes: Vec<u8>,
}

impl Stream {
    fn new(mut source: impl Read + Send + 'static) -> Self {
        let (sender, chunks) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 64 * 1024];
            while let Ok(count @ 1..) = source.read(&mut buffer) {
                let chunk = buffer.get(..count).unwrap_or_default().to_vec();
                if sender.send(chunk).is_err() {
                    break;
                }
            }
        });
        Self { chunks, bytes: Vec::new() }
    }

    /// Waits for more; false at its end or when time is up.
    fn wait(&mut self, until: Instant) -> bool {
        let left = until.saturating_duration_since(Instant::now());
        let chunk = self.chunks.recv_timeout(left);
        chunk.is_ok_and(|chunk| {
            self.bytes.extend(chunk);
            true
        })
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    fn wait_for(&mut self, text: &str, patience: Duration) -> Result<(), String> {
        let until = Instant::now() + patience;
        while !contains(&self.bytes, text.as_bytes()) {
            if !self.wait(until) {
                return Err(format!("{text:?} did not come; so far:\n{}", self.text()));
            }
        }
        Ok(())
    }

    fn drain(&mut self, until: Instant) {
        while self.wait(until) {}
    }
}

/// Whether `needle` is somewhere in `hay`.
fn contains(hay: &[u8], needle: &[u8]) -> bool {
    needle.is_empty() || hay.windows(needle.len()).any(|window| window == needle)
}

impl Talk {
    /// Starts a program in a fresh folder's stead of a project: it finds no `.wippy.yaml` here.
    ///
    /// # Errors
    /// If it cannot start.
    pub fn start(binary: &Path, args: &[&str]) -> Result<Self, String> {
        let mut command = Command::new(binary);
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn();
        let mut child = child.map_err(|error| format!("cannot run {}: {error}", binary.display()))?;
        let output = Stream::new(child.stdout.take().ok_or("no standard output")?);
        let errors = Stream::new(child.stderr.take().ok_or("no standard error")?);
        Ok(Self { input: child.stdin.take(), child, output, errors, begun: Instant::now() })
    }

    /// Writes to the program's input.
    ///
    /// # Errors
    /// If it reads no more.
    pub fn say(&mut self, text: &str) -> Result<(), String> {
        let input = self.input.as_mut().ok_or("the input is closed")?;
        input.write_all(text.as_bytes()).map_err(|error| error.to_string())
    }

    /// Waits until standard output holds `text`.
    ///
    /// # Errors
    /// If it does not come in time.
    pub fn expect(&mut self, text: &str, patience: Duration) -> Result<(), String> {
        self.output.wait_for(text, patience)
    }

    /// Waits until standard error holds `text`.
    ///
    /// # Errors
    /// If it does not come in time.
    pub fn expect_error(&mut self, text: &str, patience: Duration) -> Result<(), String> {
        self.errors.wait_for(text, patience)
    }

    /// What standard error said so far.
    pub fn errors(&self) -> String {
        self.errors.text()
    }

    /// Sends a signal by its name: `INT`, `TERM`.
    ///
    /// # Errors
    /// If that fails.
    pub fn signal(&self, name: &str) -> Result<(), String> {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        match status {
            Ok(status) if status.success() => Ok(()),
            other => Err(format!("cannot send {name}: {other:?}")),
        }
    }

    /// Waits for the end. The input stays as it is: drop it first if the program waits for its end.
    ///
    /// # Errors
    /// If it does not end in time; it is killed then.
    pub fn finish(mut self, patience: Duration) -> Result<Finished, String> {
        let until = Instant::now() + patience;
        loop {
            match self.child.try_wait() {
                Err(error) => return Err(error.to_string()),
                Ok(Some(status)) => {
                    let took = self.begun.elapsed();
                    // What it wrote is in the pipes; their ends follow at once.
                    let soon = Instant::now() + Duration::from_secs(5);
                    self.output.drain(soon);
                    self.errors.drain(soon);
                    let (stdout, stderr) = (self.output.text(), self.errors.text());
                    return Ok(Finished { status: code(status), stdout, stderr, took });
                }
                Ok(None) if Instant::now() >= until => {
                    let _ = self.child.kill();
                    self.output.drain(Instant::now() + Duration::from_secs(1));
                    self.errors.drain(Instant::now() + Duration::from_secs(1));
                    return Err(format!(
                        "it did not end within {patience:?}; stdout:\n{}\nstderr:\n{}",
                        self.output.text(),
                        self.errors.text()
                    ));
                }
                Ok(None) => thread::sleep(Duration::from_millis(2)),
            }
        }
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        // A test that failed halfway leaves nothing running.
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

fn code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, stdin: &str, patience: Duration) -> Result<Finished, String> {
        run(&Run { binary: Path::new("/bin/sh"), args: &["-c", script], stdin: stdin.as_bytes(), patience })
    }

    #[test]
    fn what_a_program_says_and_how_it_ends_is_seen() {
        let finished = shell("cat; echo oops >&2; exit 3", "hello\n", Duration::from_secs(5)).unwrap();
        assert_eq!((finished.status, finished.stdout.as_str()), (3, "hello\n"));
        assert_eq!(finished.stderr, "oops\n");
        assert_eq!(shell("kill -TERM $$", "", Duration::from_secs(5)).unwrap().status, 143);
    }

    #[test]
    fn a_program_that_does_not_end_is_an_error() {
        let error = shell("echo begun; exec sleep 60", "", Duration::from_millis(200)).unwrap_err();
        assert!(error.contains("did not end") && error.contains("begun"), "{error}");
    }

    #[test]
    fn a_conversation_waits_for_what_it_expects() {
        let mut talk = Talk::start(Path::new("/bin/sh"), &["-c", "read x; echo got $x; read y"]).unwrap();
        talk.say("one\n").unwrap();
        talk.expect("got one", Duration::from_secs(5)).unwrap();
        assert!(talk.expect("got two", Duration::from_millis(100)).is_err());
        talk.input = None;
        assert_eq!(talk.finish(Duration::from_secs(5)).unwrap().status, 1);
    }
}
