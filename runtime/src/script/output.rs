//! The three standard streams, shared by everything that reads or writes them.

use std::fs::File;
use std::io::IsTerminal;
use std::mem::ManuallyDrop;
use std::os::fd::FromRawFd;
use std::sync::LazyLock;

use crate::sched::sync::{Mutex, MutexGuard, lock};
use crate::script::stream::{Buffering, Stream};

/// Which of the standard streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    Input,
    Output,
    Error,
}

/// A stream that is never closed: its file belongs to the whole program.
type Shared = Mutex<ManuallyDrop<Stream>>;

static INPUT: LazyLock<Shared> = LazyLock::new(|| shared(0, Buffering::Full));
static OUTPUT: LazyLock<Shared> = LazyLock::new(|| {
    let is_terminal = std::io::stdout().is_terminal();
    shared(1, if is_terminal { Buffering::Line } else { Buffering::Full })
});
static ERROR: LazyLock<Shared> = LazyLock::new(|| shared(2, Buffering::No));

fn shared(descriptor: i32, buffering: Buffering) -> Shared {
    // SAFETY: the standard descriptors are open for the program's whole life, and this `File` is
    // never dropped, so it never closes them.
    let file = unsafe { File::from_raw_fd(descriptor) };
    let stream = if descriptor == 0 { Stream::reader(file) } else { Stream::new(file, buffering) };
    Mutex::new(ManuallyDrop::new(stream))
}

impl Standard {
    /// The stream, for as long as the guard lives.
    pub fn stream(self) -> MutexGuard<'static, ManuallyDrop<Stream>> {
        match self {
            Standard::Input => {
                let input = lock(&INPUT);
                // A prompt is seen before the program waits for the answer.
                if input.is_drained() && std::io::stdin().is_terminal() {
                    flush();
                }
                input
            }
            Standard::Output => lock(&OUTPUT),
            Standard::Error => lock(&ERROR),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Standard::Input => "stdin",
            Standard::Output => "stdout",
            Standard::Error => "stderr",
        }
    }
}

/// Writes out what waits for standard output. A reader that went away is no failure of ours.
pub fn flush() {
    let _ = Standard::Output.stream().flush();
}
