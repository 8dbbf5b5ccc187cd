//! A program on a real pseudo-terminal, as a person at a keyboard has it: echo, line editing, Ctrl-C.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};

/// What the person types: Ctrl-C, Ctrl-D.
pub const CTRL_C: &str = "\u{3}";
pub const CTRL_D: &str = "\u{4}";

/// The terminal and the program that owns it.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    /// Kept open, so that the terminal and its modes outlive the program.
    _slave: Box<dyn SlavePty + Send>,
    keyboard: Box<dyn Write + Send>,
    chunks: mpsc::Receiver<Vec<u8>>,
    /// Everything the terminal showed.
    screen: String,
    /// The bytes that are not whole characters yet.
    rest: Vec<u8>,
    /// How far `expect` has looked.
    seen: usize,
}

impl Terminal {
    /// Starts a program on a fresh terminal.
    ///
    /// # Errors
    /// If there is no terminal to be had, or the program cannot start.
    pub fn start(binary: &Path, args: &[&str]) -> anyhow::Result<Self> {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size)?;
        let mut command = CommandBuilder::new(binary);
        command.args(args);
        command.cwd(std::env::current_dir()?);
        let child = pair.slave.spawn_command(command)?;
        let mut reader = pair.master.try_clone_reader()?;
        let keyboard = pair.master.take_writer()?;
        let (sender, chunks) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer.get(..count).unwrap_or_default().to_vec()).is_err() {
                    break;
                }
            }
        });
        Ok(Self {
            child,
            master: pair.master,
            _slave: pair.slave,
            keyboard,
            chunks,
            screen: String::new(),
            rest: Vec::new(),
            seen: 0,
        })
    }

    /// Types `keys`.
    ///
    /// # Errors
    /// If nobody reads the terminal any more.
    pub fn press(&mut self, keys: &str) -> anyhow::Result<()> {
        self.keyboard.write_all(keys.as_bytes())?;
        Ok(self.keyboard.flush()?)
    }

    /// Waits until the terminal shows `text` after what was expected before; what stood in between.
    ///
    /// # Errors
    /// If it does not come within ten seconds.
    pub fn expect(&mut self, text: &str) -> anyhow::Result<String> {
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            let fresh = self.screen.get(self.seen..).unwrap_or_default();
            if let Some(at) = fresh.find(text) {
                let before = fresh.get(..at).unwrap_or_default().to_owned();
                self.seen += at + text.len();
                return Ok(before);
            }
            if !self.wait(until) {
                anyhow::bail!("{text:?} did not come; the terminal shows:\n{}", self.screen);
            }
        }
    }

    /// Waits for the program's end; its exit status and how long that took.
    ///
    /// # Errors
    /// If it does not end in time.
    pub fn finish(&mut self, patience: Duration) -> anyhow::Result<(u32, Duration)> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                let took = begun.elapsed();
                // The terminal stays open: what is on its way arrives at once.
                while self.wait(Instant::now() + Duration::from_millis(100)) {}
                return Ok((status.exit_code(), took));
            }
            if begun.elapsed() > patience {
                anyhow::bail!("it did not end within {patience:?}; the terminal shows:\n{}", self.screen);
            }
            self.wait(Instant::now() + Duration::from_millis(5));
        }
    }

    /// Everything the terminal showed so far.
    pub fn screen(&self) -> &str {
        &self.screen
    }

    /// The terminal's modes, as a text that can be compared.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn modes(&self) -> anyhow::Result<String> {
        let termios = self.master.get_termios().ok_or_else(|| anyhow::anyhow!("no terminal modes"))?;
        Ok(format!("{termios:?}"))
    }

    fn wait(&mut self, until: Instant) -> bool {
        let left = until.saturating_duration_since(Instant::now());
        let Ok(chunk) = self.chunks.recv_timeout(left) else { return false };
        self.rest.extend(chunk);
        // A character may arrive in two pieces; the second is waited for.
        let whole = match std::str::from_utf8(&self.rest) {
            Ok(_) => self.rest.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => self.rest.len(),
        };
        let bytes: Vec<u8> = self.rest.drain(..whole).collect();
        self.screen.push_str(&String::from_utf8_lossy(&bytes));
        true
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Terminal {
        Terminal::start(Path::new("/bin/sh"), &["-c", script]).unwrap()
    }

    #[test]
    fn keys_are_echoed_and_answers_are_seen() {
        let mut terminal = shell("read x; echo \"got $x\"; exit 4");
        terminal.press("grüß\r").unwrap();
        terminal.expect("grüß\r\n").unwrap();
        terminal.expect("got grüß").unwrap();
        assert_eq!(terminal.finish(Duration::from_secs(5)).unwrap().0, 4);
    }

    #[test]
    fn control_c_is_a_signal_and_modes_are_compared() {
        let mut terminal =
            shell("trap 'exit 7' INT; stty raw; stty sane; echo up; while true; do sleep 0.05; done");
        let before = terminal.modes().unwrap();
        terminal.expect("up").unwrap();
        terminal.press(CTRL_C).unwrap();
        assert_eq!(terminal.finish(Duration::from_secs(5)).unwrap().0, 7);
        assert!(before.contains("local_flags"), "{before}");
        let mut raw = shell("stty raw; echo up");
        raw.expect("up").unwrap();
        raw.finish(Duration::from_secs(5)).unwrap();
        assert_ne!(raw.modes().unwrap(), before);
    }
}
