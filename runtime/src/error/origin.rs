//! Where an error object was made: what `e:stack()` and `errors.call_stack(e)` tell.
//!
//! The call that makes the error knows its own place. Nobody keeps frames for the rest: those come
//! when the error is thrown and caught, from the sites it passed on its way.

use super::Site;
use crate::cx::Cx;

/// The places an error comes from, innermost first.
#[derive(Clone, Default)]
pub struct Origin {
    pub frames: Vec<&'static Site>,
    /// The coroutine or process that made it: an address, to tell them apart.
    pub thread: usize,
    /// It was caught once: what it passes later is not where it was made.
    is_complete: bool,
    /// The stack text of the error that was wrapped.
    pub wrapped: Vec<u8>,
}

impl Origin {
    pub fn new(cx: Cx, made: Option<&'static Site>) -> Origin {
        Origin { frames: made.into_iter().collect(), thread: cx.thread_address(), ..Origin::default() }
    }

    /// The error was thrown and is caught: the sites it passed are the rest of the frames.
    pub(super) fn complete(&mut self, passed: &[&'static Site]) {
        if passed.is_empty() || std::mem::replace(&mut self.is_complete, true) {
            return;
        }
        // Made and thrown in one function: one frame, with the line where it was made.
        let skipped = match (self.frames.first(), passed.first()) {
            (Some(made), Some(thrown)) => usize::from(made.shares_function(thrown)),
            _ => 0,
        };
        self.frames.extend(passed.iter().skip(skipped));
    }

    /// A line for each frame, then what the wrapped error says.
    pub fn write(&self, text: &mut Vec<u8>) {
        for site in &self.frames {
            let frame = format!("\n  {}:{} ({})", site.chunk.name, site.line, site.function_name());
            text.extend_from_slice(frame.as_bytes());
        }
        if !self.wrapped.is_empty() {
            text.push(b'\n');
            text.extend_from_slice(&self.wrapped);
        }
    }
}

impl Site {
    /// What a frame calls the function around the site: `?` if it has no name.
    pub fn function_name(&self) -> &'static str {
        match self.function() {
            Some(("", ..)) => "?",
            Some((name, ..)) => name,
            None => "main chunk",
        }
    }
}
