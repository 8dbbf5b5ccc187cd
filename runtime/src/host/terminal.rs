//! The terminal: a reader thread of its own behind one persistent buffer, so that nothing that was
//! read is lost and a pending read never holds up the exit; and raw mode, which every way out of the
//! program undoes.

use std::io::{BufRead, BufReader};
use std::sync::mpsc;

use crate::process::external::Completer;
use crate::sched::sync::{Mutex, lock};

/// What a program asks to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// A line without its end.
    Line,
    /// Up to so many bytes, as soon as there are any.
    Bytes(usize),
}

/// What came: bytes, the end of the input, or what the system said.
pub type Answer = Result<Option<Vec<u8>>, String>;

/// Serves reads one at a time, in the order of the calls.
#[derive(Default)]
pub struct Terminal {
    reader: Mutex<Option<mpsc::Sender<(Request, Completer)>>>,
    /// In a simulation reads are made at once, on the thread that asks.
    simulated: Option<Mutex<BufReader<std::io::Stdin>>>,
}

impl Terminal {
    /// The terminal of a simulation.
    pub fn simulated() -> Terminal {
        Terminal { simulated: Some(Mutex::new(BufReader::new(std::io::stdin()))), ..Terminal::default() }
    }

    /// Reads for a waiting task. The thread starts with the first read.
    pub fn read(&self, request: Request, completer: Completer) {
        if let Some(input) = &self.simulated {
            completer.complete(answer(&mut *lock(input), request));
            return;
        }
        let mut reader = lock(&self.reader);
        let sender = reader.get_or_insert_with(start);
        // If the thread could not start, the dropped completer cancels the read.
        let _ = sender.send((request, completer));
    }
}

fn start() -> mpsc::Sender<(Request, Completer)> {
    let (sender, requests) = mpsc::channel::<(Request, Completer)>();
    let thread = std::thread::Builder::new().name("terminal".to_owned());
    let spawned = thread.spawn(move || {
        let mut input = BufReader::with_capacity(64 * 1024, std::io::stdin());
        for (request, completer) in requests {
            // A process that has ended meanwhile takes nothing out of the buffer.
            let is_end = input.fill_buf().is_ok_and(<[u8]>::is_empty);
            if completer.is_wanted() {
                // A terminal's end is one empty read; asked again it would wait for the next key.
                completer.complete(if is_end { Ok(None) } else { answer(&mut input, request) });
            }
        }
    });
    drop(spawned);
    sender
}

fn answer(input: &mut impl BufRead, request: Request) -> Answer {
    let mut bytes = Vec::new();
    let read = match request {
        Request::Line => input.read_until(b'\n', &mut bytes),
        Request::Bytes(count) => input.fill_buf().map(<[u8]>::len).and_then(|ready| {
            bytes.resize(count.min(ready), 0);
            input.read(&mut bytes)
        }),
    };
    match read {
        Err(error) => Err(error.to_string()),
        Ok(0) => Ok(None),
        Ok(count) => {
            bytes.truncate(count);
            if request == Request::Line && bytes.last() == Some(&b'\n') {
                bytes.pop();
                if bytes.last() == Some(&b'\r') {
                    bytes.pop();
                }
            }
            Ok(Some(bytes))
        }
    }
}

/// How the terminal was before the first raw mode, and how many asked for it.
struct Raw {
    depth: usize,
    before: Option<libc::termios>,
}

static RAW: Mutex<Raw> = Mutex::new(Raw { depth: 0, before: None });

/// Asks for raw mode, or takes one request back. Output processing stays on.
///
/// # Errors
/// Standard input is no terminal, or the system refuses.
pub fn set_raw(enable: bool) -> Result<(), String> {
    // SAFETY: asks about a descriptor, touches no memory.
    if unsafe { libc::isatty(libc::STDIN_FILENO) } == 0 {
        return Err("stdin is not a terminal".to_owned());
    }
    let mut raw = lock(&RAW);
    match (enable, raw.depth) {
        (true, 0) => {
            raw.before = Some(enter_raw()?);
            raw.depth = 1;
        }
        (true, _) => raw.depth += 1,
        (false, 0) => {}
        (false, 1) => {
            leave_raw(&mut raw);
        }
        (false, _) => raw.depth -= 1,
    }
    Ok(())
}

fn enter_raw() -> Result<libc::termios, String> {
    let mut mode = std::mem::MaybeUninit::<libc::termios>::uninit();
    // SAFETY: `tcgetattr` fills the struct when it returns 0.
    let mut mode = unsafe {
        if libc::tcgetattr(libc::STDIN_FILENO, mode.as_mut_ptr()) != 0 {
            return Err(std::io::Error::last_os_error().to_string());
        }
        mode.assume_init()
    };
    let before = mode;
    // SAFETY: changes a struct of ours, then hands it to the system.
    let result = unsafe {
        libc::cfmakeraw(&raw mut mode);
        mode.c_oflag |= libc::OPOST;
        libc::tcsetattr(libc::STDIN_FILENO, libc::TCSANOW, &raw const mode)
    };
    if result == 0 { Ok(before) } else { Err(std::io::Error::last_os_error().to_string()) }
}

fn leave_raw(raw: &mut Raw) {
    raw.depth = 0;
    if let Some(before) = raw.before.take() {
        // SAFETY: a mode the system gave us.
        unsafe { libc::tcsetattr(libc::STDIN_FILENO, libc::TCSANOW, &raw const before) };
    }
}

/// Leaves raw mode, whoever asked for it: the process or the program has ended.
pub fn restore() {
    leave_raw(&mut lock(&RAW));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lose_their_ends_and_the_last_needs_none() {
        let mut input = BufReader::new(&b"one\r\n\ntwo"[..]);
        let mut line =
            || answer(&mut input, Request::Line).unwrap().map(|line| String::from_utf8(line).unwrap());
        assert_eq!(line().as_deref(), Some("one"));
        assert_eq!(line().as_deref(), Some(""));
        assert_eq!(line().as_deref(), Some("two"));
        assert_eq!(line(), None);
    }

    #[test]
    fn bytes_come_as_soon_as_there_are_any() {
        let mut input = BufReader::new(&b"abc"[..]);
        assert_eq!(answer(&mut input, Request::Bytes(2)), Ok(Some(b"ab".to_vec())));
        assert_eq!(answer(&mut input, Request::Bytes(9)), Ok(Some(b"c".to_vec())));
        assert_eq!(answer(&mut input, Request::Bytes(9)), Ok(None));
    }
}
