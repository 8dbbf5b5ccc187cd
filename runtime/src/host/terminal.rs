//! The terminal: a reader thread of its own behind one persistent buffer, so that nothing that was
//! read is lost and a pending read never holds up the exit.

use std::io::{BufRead, BufReader};
use std::sync::{Mutex, mpsc};

use crate::process::external::Completer;
use crate::sched::slot::lock;

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
}

impl Terminal {
    /// Reads for a waiting task. The thread starts with the first read.
    pub fn read(&self, request: Request, completer: Completer) {
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
            completer.complete(answer(&mut input, request));
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
