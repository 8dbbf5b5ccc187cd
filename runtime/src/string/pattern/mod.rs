//! Lua patterns: a backtracking matcher over bytes, with PUC Lua 5.3's meaning and limits.

mod class;
mod item;

use std::fmt;

use smallvec::SmallVec;

use crate::cx::Cx;
use item::{Item, Set};

/// The most captures a pattern may have.
pub const MAX_CAPTURES: usize = 32;
/// So many steps are taken between two looks at the budget.
const STEPS: u32 = 512;
/// How deep the matcher may recurse (repetitions, captures, `?`).
const MAX_DEPTH: usize = 200;

/// One capture of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capture {
    /// `start..end` of the subject.
    Span(usize, usize),
    /// A position capture `()`, 0-based.
    Position(usize),
    /// Not closed yet.
    Open(usize),
}

/// Why a pattern cannot be matched. Small, so that every step's result fits two registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    TooComplex,
    TooManyCaptures,
    InvalidCapture,
    InvalidCaptureIndex(u8),
    BalanceWithoutArguments,
    FrontierWithoutSet,
    EndsWithPercent,
    SetWithoutEnd,
    /// The process is being ended. Its text is never seen: nothing protects such a process.
    Ending,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Malformed::TooComplex => "pattern too complex",
            Malformed::TooManyCaptures => "too many captures",
            Malformed::InvalidCapture => "invalid pattern capture",
            Malformed::InvalidCaptureIndex(number) => return write!(f, "invalid capture index %{number}"),
            Malformed::BalanceWithoutArguments => "malformed pattern (missing arguments to '%b')",
            Malformed::FrontierWithoutSet => "missing '[' after '%f' in pattern",
            Malformed::EndsWithPercent => "malformed pattern (ends with '%')",
            Malformed::SetWithoutEnd => "malformed pattern (missing ']')",
            Malformed::Ending => "process is ending",
        })
    }
}

type Step = Result<Option<usize>, Malformed>;

/// Splits off the `^` that ties a pattern to the place where the search starts.
pub fn anchor(pattern: &[u8]) -> (bool, &[u8]) {
    match pattern.strip_prefix(b"^") {
        Some(rest) => (true, rest),
        None => (false, pattern),
    }
}

/// A pattern (without anchor) being matched against a subject.
pub struct Matcher<'a> {
    subject: &'a [u8],
    pattern: &'a [u8],
    captures: SmallVec<[Capture; 4]>,
    depth: usize,
    /// Whose budget is spent, and how much before it is told.
    cx: Option<Cx>,
    left: u32,
}

impl<'a> Matcher<'a> {
    pub fn new(subject: &'a [u8], pattern: &'a [u8]) -> Matcher<'a> {
        Matcher { subject, pattern, captures: SmallVec::new(), depth: 0, cx: None, left: STEPS }
    }

    /// As [`Matcher::new`]; matching spends from the budget of a process, and fails when it is ended.
    pub fn spending(cx: Cx, subject: &'a [u8], pattern: &'a [u8]) -> Matcher<'a> {
        Matcher { cx: Some(cx), ..Matcher::new(subject, pattern) }
    }

    /// Counts steps of the search.
    #[inline]
    fn spend(&mut self, steps: usize) -> Result<(), Malformed> {
        match u32::try_from(steps).ok().and_then(|steps| self.left.checked_sub(steps)) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => self.look_around(steps),
        }
    }

    #[cold]
    fn look_around(&mut self, steps: usize) -> Result<(), Malformed> {
        self.left = STEPS;
        let Some(cx) = self.cx else { return Ok(()) };
        cx.spend_many(steps.saturating_add(STEPS as usize)).map_err(|_| Malformed::Ending)
    }

    /// The first match at or after `from`: where it starts and ends.
    ///
    /// # Errors
    /// The pattern is malformed, or too complex.
    pub fn find(&mut self, from: usize, anchored: bool) -> Result<Option<(usize, usize)>, Malformed> {
        if anchored {
            return Ok(self.match_at(from)?.map(|end| (from, end)));
        }
        match self.first_item() {
            Some((item, end)) => self.find_item(from, &item, end),
            None => self.find_anywhere(from),
        }
    }

    /// As [`Matcher::find`], of a pattern that may begin anywhere.
    fn find_anywhere(&mut self, from: usize) -> Result<Option<(usize, usize)>, Malformed> {
        for start in from..=self.subject.len() {
            if let Some(end) = self.match_at(start)? {
                return Ok(Some((start, end)));
            }
        }
        Ok(None)
    }

    /// As [`Matcher::find`], of a pattern that begins with `item`, which ends at `end`.
    fn find_item(
        &mut self,
        from: usize,
        item: &Item<'_>,
        end: usize,
    ) -> Result<Option<(usize, usize)>, Malformed> {
        // A run of the item is all of the pattern.
        let is_run = self.pattern.get(end..) == Some(b"+") && !self.pattern.starts_with(b"(");
        let mut start = from;
        loop {
            let distance = self.run_length(start, item, false);
            self.spend(distance / 8 + 1)?;
            start += distance;
            if start >= self.subject.len() {
                return Ok(None);
            }
            if is_run {
                let length = self.run_length(start, item, true);
                self.spend(length / 8)?;
                return Ok(Some((start, start + length)));
            }
            if let Some(end) = self.match_at(start)? {
                return Ok(Some((start, end)));
            }
            start += 1;
        }
    }

    /// The end of the match that starts exactly at `start`.
    fn match_at(&mut self, start: usize) -> Step {
        self.captures.clear();
        self.depth = 0;
        self.run(start, 0)
    }

    /// The captures of the last match.
    pub fn captures(&self) -> &[Capture] {
        &self.captures
    }

    /// Matches the pattern from `at` on against the subject from `from` on; the end of the match.
    #[inline]
    fn run(&mut self, from: usize, at: usize) -> Step {
        if self.depth == MAX_DEPTH {
            return Err(Malformed::TooComplex);
        }
        self.spend(1)?;
        self.depth += 1;
        let result = self.run_inner(from, at);
        self.depth -= 1;
        result
    }

    fn run_inner(&mut self, mut from: usize, mut at: usize) -> Step {
        loop {
            let Some(&item) = self.pattern.get(at) else { return Ok(Some(from)) };
            let next = match item {
                b'(' => return self.open(from, at),
                b')' => return self.close(from, at + 1),
                b'$' if at + 1 == self.pattern.len() => {
                    return Ok((from == self.subject.len()).then_some(from));
                }
                b'%' => match self.pattern.get(at + 1) {
                    Some(b'b') => self.balanced(from, at + 2)?.map(|end| (end, at + 4)),
                    Some(b'f') => self.frontier(from, at + 2)?.map(|next| (from, next)),
                    Some(digit) if digit.is_ascii_digit() => {
                        self.back_reference(from, *digit)?.map(|end| (end, at + 2))
                    }
                    _ => match self.single(from, at)? {
                        Next::Done(end) => return Ok(end),
                        Next::Go(from, at) => Some((from, at)),
                    },
                },
                _ => match self.single(from, at)? {
                    Next::Done(end) => return Ok(end),
                    Next::Go(from, at) => Some((from, at)),
                },
            };
            match next {
                Some(next) => (from, at) = next,
                None => return Ok(None),
            }
        }
    }

    fn open(&mut self, from: usize, at: usize) -> Step {
        let is_position = self.pattern.get(at + 1) == Some(&b')');
        let capture = if is_position { Capture::Position(from) } else { Capture::Open(from) };
        let level = self.captures.len();
        if level == MAX_CAPTURES {
            return Err(Malformed::TooManyCaptures);
        }
        self.captures.push(capture);
        let end = self.run(from, if is_position { at + 2 } else { at + 1 })?;
        if end.is_none() {
            self.captures.truncate(level);
        }
        Ok(end)
    }

    fn close(&mut self, from: usize, at: usize) -> Step {
        let opened = self.captures().iter().rposition(|capture| matches!(capture, Capture::Open(_)));
        let Some(index) = opened else { return Err(Malformed::InvalidCapture) };
        let Some(Capture::Open(start)) = self.captures.get(index).copied() else { return Ok(None) };
        self.set(index, Capture::Span(start, from));
        let end = self.run(from, at)?;
        if end.is_none() {
            self.set(index, Capture::Open(start));
        }
        Ok(end)
    }

    fn set(&mut self, index: usize, capture: Capture) {
        if let Some(slot) = self.captures.get_mut(index) {
            *slot = capture;
        }
    }

    /// `%bxy`
    fn balanced(&mut self, from: usize, at: usize) -> Step {
        let (Some(&open), Some(&close)) = (self.pattern.get(at), self.pattern.get(at + 1)) else {
            return Err(Malformed::BalanceWithoutArguments);
        };
        if self.subject.get(from) != Some(&open) {
            return Ok(None);
        }
        let mut depth = 1usize;
        // The search for the other end may go through all of the rest.
        self.spend((self.subject.len() - from) / 16)?;
        for (index, byte) in self.subject.iter().enumerate().skip(from + 1) {
            if *byte == close {
                depth -= 1;
                if depth == 0 {
                    return Ok(Some(index + 1));
                }
            } else if *byte == open {
                depth += 1;
            }
        }
        Ok(None)
    }

    /// `%f[set]`: where the pattern goes on if the frontier is here.
    fn frontier(&self, from: usize, at: usize) -> Step {
        if self.pattern.get(at) != Some(&b'[') {
            return Err(Malformed::FrontierWithoutSet);
        }
        let end = self.set_end(at)?;
        let set = Set::new(self.pattern.get(at + 1..end - 1).unwrap_or_default());
        let before = from.checked_sub(1).and_then(|index| self.subject.get(index)).copied().unwrap_or(0);
        let here = self.subject.get(from).copied().unwrap_or(0);
        let is_frontier = !set.has(before) && set.has(here);
        Ok(is_frontier.then_some(end))
    }

    fn back_reference(&self, from: usize, digit: u8) -> Step {
        let number = usize::from(digit - b'0');
        let capture = number.checked_sub(1).and_then(|index| self.captures().get(index)).copied();
        match capture {
            Some(Capture::Span(start, end)) => {
                let text = self.subject.get(start..end).unwrap_or_default();
                let rest = self.subject.get(from..).unwrap_or_default();
                Ok(rest.starts_with(text).then(|| from + text.len()))
            }
            // A position is no text that could come again.
            Some(Capture::Position(_)) => Ok(None),
            Some(Capture::Open(_)) | None => Err(Malformed::InvalidCaptureIndex(digit - b'0')),
        }
    }

    /// A single-byte item with its repetition.
    #[inline]
    fn single(&mut self, from: usize, at: usize) -> Result<Next, Malformed> {
        let (item, end) = self.item(at)?;
        let repetition = self.pattern.get(end);
        if !self.matches(from, &item) {
            return Ok(match repetition {
                Some(b'*' | b'?' | b'-') => Next::Go(from, end + 1),
                _ => Next::Done(None),
            });
        }
        match repetition {
            Some(b'?') => match self.run(from + 1, end + 1)? {
                Some(done) => Ok(Next::Done(Some(done))),
                None => Ok(Next::Go(from, end + 1)),
            },
            Some(b'+') => self.longest(from + 1, &item, end + 1).map(Next::Done),
            Some(b'*') => self.longest(from, &item, end + 1).map(Next::Done),
            Some(b'-') => self.shortest(from, &item, end + 1).map(Next::Done),
            _ => Ok(Next::Go(from + 1, end)),
        }
    }

    /// The item as often as there is a match of the rest, which begins at `next`; as often as that may be, first.
    fn longest(&mut self, from: usize, item: &Item<'_>, next: usize) -> Step {
        let count = self.run_length(from, item, true);
        self.spend(count / 8)?;
        if next == self.pattern.len() {
            // Nothing follows, so the longest run is the match.
            return Ok(Some(from + count));
        }
        for tried in (0..=count).rev() {
            if let Some(done) = self.run(from + tried, next)? {
                return Ok(Some(done));
            }
        }
        Ok(None)
    }

    /// The item as rarely as there is a match of the rest, which begins at `next`.
    fn shortest(&mut self, mut from: usize, item: &Item<'_>, next: usize) -> Step {
        loop {
            if let Some(done) = self.run(from, next)? {
                return Ok(Some(done));
            }
            if !self.matches(from, item) {
                return Ok(None);
            }
            from += 1;
        }
    }
}

enum Next {
    /// The whole match is decided.
    Done(Option<usize>),
    /// Go on at this place of subject and pattern.
    Go(usize, usize),
}

#[cfg(test)]
mod tests;
