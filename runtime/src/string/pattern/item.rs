//! The parts of a pattern that stand for one byte: a literal, `.`, a class, a set.

use super::class::{class_bit, has, in_class};
use super::{Malformed, Matcher};

/// Runs of a set's members up to here are looked at one by one.
pub(super) const SHORT_RUN: usize = 256;

impl Matcher<'_> {
    /// Where the single-byte item that starts at `at` ends.
    #[inline]
    pub(super) fn item_end(&self, at: usize) -> Result<usize, Malformed> {
        match self.pattern.get(at) {
            Some(b'%') if at + 1 >= self.pattern.len() => Err(Malformed::EndsWithPercent),
            Some(b'%') => Ok(at + 2),
            Some(b'[') => self.set_end(at),
            _ => Ok(at + 1),
        }
    }

    /// Where the set that starts at `at` ends.
    fn set_end(&self, at: usize) -> Result<usize, Malformed> {
        let mut index = at + 1;
        if self.pattern.get(index) == Some(&b'^') {
            index += 1;
        }
        // A `]` that stands first is an ordinary member.
        let first = index;
        loop {
            match self.pattern.get(index) {
                None => return Err(Malformed::SetWithoutEnd),
                Some(b']') if index > first => return Ok(index + 1),
                Some(b'%') => index += 2,
                Some(_) => index += 1,
            }
        }
    }

    /// Whether the subject's byte at `from` matches the item `at..end`.
    #[inline]
    pub(super) fn matches(&self, from: usize, at: usize, end: usize) -> bool {
        let Some(&byte) = self.subject.get(from) else { return false };
        match self.pattern.get(at) {
            Some(b'.') => true,
            Some(b'%') => self.pattern.get(at + 1).is_some_and(|class| in_class(byte, *class)),
            Some(b'[') => self.in_set(byte, at, end),
            Some(&literal) => literal == byte,
            None => false,
        }
    }

    /// Whether `byte` is in the set `[...]` that stands at `at..end`.
    pub(super) fn in_set(&self, byte: u8, at: usize, end: usize) -> bool {
        let mut members = self.pattern.get(at + 1..end - 1).unwrap_or_default();
        let negated = members.first() == Some(&b'^');
        if negated {
            members = members.get(1..).unwrap_or_default();
        }
        let mut found = false;
        while let Some((&first, rest)) = members.split_first() {
            members = match (first, rest) {
                (b'%', [class, rest @ ..]) => {
                    found |= in_class(byte, *class);
                    rest
                }
                // A range has eaten the first of two `%`: the second escapes the bracket.
                (b'%', []) => {
                    found |= byte == b']';
                    &[]
                }
                (low, [b'-', high, rest @ ..]) => {
                    found |= (low..=*high).contains(&byte);
                    rest
                }
                _ => {
                    found |= first == byte;
                    rest
                }
            };
        }
        found != negated
    }

    /// How many bytes in a row match the item.
    #[inline]
    pub(super) fn run_length(&self, from: usize, at: usize, end: usize) -> usize {
        let rest = self.subject.get(from..).unwrap_or_default();
        let run = |is_member: &mut dyn FnMut(u8) -> bool| {
            rest.iter().position(|byte| !is_member(*byte)).unwrap_or(rest.len())
        };
        match self.pattern.get(at..end) {
            Some(b".") => rest.len(),
            Some([b'%', class]) => match class_bit(*class) {
                Some((bit, wanted)) => {
                    rest.iter().position(|byte| has(*byte, bit) != wanted).unwrap_or(rest.len())
                }
                None => run(&mut |byte| byte == *class),
            },
            Some([b'[', ..]) => self.set_run_length(rest, at, end),
            _ => run(&mut |byte| self.pattern.get(at) == Some(&byte)),
        }
    }

    /// As [`Matcher::run_length`], for a set: a long run is worth to spread its members first.
    fn set_run_length(&self, rest: &[u8], at: usize, end: usize) -> usize {
        let (first, others) = rest.split_at(rest.len().min(SHORT_RUN));
        if let Some(length) = first.iter().position(|byte| !self.in_set(*byte, at, end)) {
            return length;
        }
        let mut members = [false; 256];
        for (byte, is_member) in (0..=u8::MAX).zip(&mut members) {
            *is_member = self.in_set(byte, at, end);
        }
        let length = others.iter().position(|byte| !members[usize::from(*byte)]);
        first.len() + length.unwrap_or(others.len())
    }
}
