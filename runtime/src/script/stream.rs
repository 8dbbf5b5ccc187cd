//! A buffered file, as C's `FILE` is one: reads and writes share a position, and what is written
//! waits for a flush, a line end or a full buffer, as the stream's mode says.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::process::Child;

use crate::string::{Sink, StrBuf};

/// When what was written goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Buffering {
    No,
    Full,
    Line,
}

/// So much is read or written at once.
pub const SIZE: usize = 64 * 1024;

pub struct Stream {
    file: File,
    /// Bytes read ahead; those before `at` are used up.
    input: Vec<u8>,
    at: usize,
    output: Vec<u8>,
    buffering: Buffering,
    /// Writes are refused at once, not when the buffer goes out.
    is_read_only: bool,
    /// The program at the other end of a pipe.
    child: Option<Child>,
}

impl Stream {
    pub fn new(file: File, buffering: Buffering) -> Stream {
        let (input, output) = (Vec::new(), Vec::new());
        Stream { file, input, at: 0, output, buffering, is_read_only: false, child: None }
    }

    /// A stream that is only read.
    pub fn reader(file: File) -> Stream {
        let mut stream = Stream::new(file, Buffering::Full);
        stream.is_read_only = true;
        stream
    }

    pub fn of_child(file: File, child: Child) -> Stream {
        let mut stream = Stream::new(file, Buffering::Full);
        stream.child = Some(child);
        stream
    }

    pub fn set_buffering(&mut self, buffering: Buffering) {
        self.buffering = buffering;
    }

    /// Gives up the program at the other end, for the caller to wait for.
    pub fn take_child(&mut self) -> Option<Child> {
        self.child.take()
    }

    /// Whether a read would have to ask the system.
    pub fn is_drained(&self) -> bool {
        self.at >= self.input.len()
    }

    /// The bytes that are there, at least one unless the input has ended.
    fn fill(&mut self) -> io::Result<&[u8]> {
        if self.is_drained() {
            self.flush()?;
            self.input.resize(SIZE, 0);
            self.at = 0;
            let count = loop {
                match self.file.read(&mut self.input) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => {
                        self.input.clear();
                        return Err(error);
                    }
                    Ok(count) => break count,
                }
            };
            self.input.truncate(count);
        }
        Ok(self.input.get(self.at..).unwrap_or_default())
    }

    pub fn peek(&mut self) -> io::Result<Option<u8>> {
        self.fill().map(|bytes| bytes.first().copied())
    }

    pub fn skip(&mut self) {
        self.at += 1;
    }

    /// A line, with its end if `keep_end`; `None` at the end of the input.
    pub fn read_line(&mut self, keep_end: bool) -> io::Result<Option<StrBuf>> {
        let mut line = None;
        loop {
            let bytes = self.fill()?;
            if bytes.is_empty() {
                return Ok(line);
            }
            let end = memchr::memchr(b'\n', bytes);
            let used = end.map_or(bytes.len(), |end| end + 1);
            let kept = if keep_end { used } else { end.unwrap_or(used) };
            add(&mut line, bytes.get(..kept).unwrap_or_default());
            self.at += used;
            if end.is_some() || line.as_ref().is_some_and(StrBuf::is_lost) {
                return Ok(line);
            }
        }
    }

    pub fn read_all(&mut self) -> io::Result<StrBuf> {
        let mut all = StrBuf::with_capacity(0);
        loop {
            let bytes = self.fill()?;
            if bytes.is_empty() || all.is_lost() {
                return Ok(all);
            }
            all.extend_from_slice(bytes);
            self.at = self.input.len();
        }
    }

    /// Up to `count` bytes; `None` at the end of the input.
    pub fn read_some(&mut self, count: usize) -> io::Result<Option<StrBuf>> {
        let mut some = None;
        let mut left = count;
        while left > 0 && !some.as_ref().is_some_and(StrBuf::is_lost) {
            let bytes = self.fill()?;
            if bytes.is_empty() {
                break;
            }
            let used = bytes.len().min(left);
            add(&mut some, bytes.get(..used).unwrap_or_default());
            self.at += used;
            left -= used;
        }
        Ok(some)
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.is_read_only {
            return Err(io::Error::from_raw_os_error(libc::EBADF));
        }
        self.forget_input()?;
        if bytes.len() >= SIZE {
            self.flush()?;
            return self.file.write_all(bytes);
        }
        self.output.extend_from_slice(bytes);
        let is_due = match self.buffering {
            Buffering::No => true,
            Buffering::Line => memchr::memrchr(b'\n', bytes).is_some(),
            Buffering::Full => false,
        };
        if is_due || self.output.len() >= SIZE { self.flush() } else { Ok(()) }
    }

    pub fn flush(&mut self) -> io::Result<()> {
        if self.output.is_empty() {
            return Ok(());
        }
        let result = self.file.write_all(&self.output);
        self.output.clear();
        result
    }

    /// What was read ahead is unread, so that the position is where the program thinks it is.
    fn forget_input(&mut self) -> io::Result<()> {
        let ahead = self.input.len() - self.at.min(self.input.len());
        self.input.clear();
        self.at = 0;
        if ahead > 0 {
            self.file.seek(SeekFrom::Current(-i64::try_from(ahead).unwrap_or(0)))?;
        }
        Ok(())
    }

    /// Moves the position; where it is then.
    pub fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.flush()?;
        self.forget_input()?;
        self.file.seek(to)
    }
}

/// Adds to a text, which begins with room for its first part alone: often there is no other.
fn add(text: &mut Option<StrBuf>, bytes: &[u8]) {
    text.get_or_insert_with(|| StrBuf::with_capacity(bytes.len())).extend_from_slice(bytes);
}

impl Drop for Stream {
    fn drop(&mut self) {
        // Nobody is left to be told of a failure.
        let _ = self.flush();
    }
}
