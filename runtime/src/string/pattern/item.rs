//! The parts of a pattern that stand for one byte: a literal, `.`, a class, a set.

use super::class::{class_bit, has, in_class};
use super::{MAX_CAPTURES, Malformed, Matcher};

/// Runs of a set's members up to here are looked at one by one.
pub(super) const SHORT_RUN: usize = 256;

impl<'a> Matcher<'a> {
    /// Where the set that starts at `at` ends.
    pub(super) fn set_end(&self, at: usize) -> Result<usize, Malformed> {
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

    /// The single-byte item that starts at `at`, and where it ends.
    #[inline]
    pub(super) fn item(&self, at: usize) -> Result<(Item<'a>, usize), Malformed> {
        let pattern = self.pattern;
        Ok(match (pattern.get(at), pattern.get(at + 1)) {
            (Some(b'.'), _) => (Item::Any, at + 1),
            (Some(b'%'), Some(class)) => match class_bit(*class) {
                Some((bit, is_in)) => (Item::Class { bit, is_in }, at + 2),
                None => (Item::Literal(*class), at + 2),
            },
            (Some(b'%'), None) => return Err(Malformed::EndsWithPercent),
            (Some(b'['), _) => {
                let end = self.set_end(at)?;
                (Item::Set(Set::new(pattern.get(at + 1..end - 1).unwrap_or_default())), end)
            }
            (Some(literal), _) => (Item::Literal(*literal), at + 1),
            // Callers stand before an item.
            (None, _) => (Item::Any, at),
        })
    }

    /// Whether the subject's byte at `from` matches the item.
    #[inline]
    pub(super) fn matches(&self, from: usize, item: &Item<'_>) -> bool {
        self.subject.get(from).is_some_and(|byte| item.has(*byte))
    }

    /// The item that a match must begin with, and where it ends; `None` if a match may begin anywhere, or only
    /// matching tells.
    #[inline]
    pub(super) fn first_item(&self) -> Option<(Item<'a>, usize)> {
        let mut at = 0;
        while self.pattern.get(at) == Some(&b'(') && self.pattern.get(at + 1) != Some(&b')') {
            at += 1;
        }
        // Too many of them are an error, which matching finds.
        if at > MAX_CAPTURES {
            return None;
        }
        match (self.pattern.get(at)?, self.pattern.get(at + 1)) {
            (b'(' | b')', _) | (b'$', None) => return None,
            (b'%', Some(b'b' | b'f' | b'0'..=b'9')) => return None,
            _ => (),
        }
        let (item, end) = self.item(at).ok()?;
        let may_be_absent = matches!(self.pattern.get(end), Some(b'*' | b'?' | b'-'));
        (!may_be_absent).then_some((item, end))
    }

    /// How many bytes from `from` on match the item (if `is_in`; else, do not).
    #[inline]
    pub(super) fn run_length(&self, from: usize, item: &Item<'_>, is_in: bool) -> usize {
        let rest = self.subject.get(from..).unwrap_or_default();
        let end = match item {
            Item::Any => (!is_in).then_some(0),
            Item::Literal(literal) if is_in => rest.iter().position(|byte| byte != literal),
            Item::Literal(literal) => memchr::memchr(*literal, rest),
            Item::Class { bit, is_in: members } => {
                let goes_on = *members == is_in;
                rest.iter().position(|byte| has(*byte, *bit) != goes_on)
            }
            Item::Set(set) => set.end_of_run(rest, is_in),
        };
        end.unwrap_or(rest.len())
    }
}

/// What matches one byte.
pub(super) enum Item<'a> {
    Any,
    Literal(u8),
    /// The bytes that have this bit, or those that have not.
    Class {
        bit: u32,
        is_in: bool,
    },
    Set(Set<'a>),
}

impl Item<'_> {
    #[inline]
    fn has(&self, byte: u8) -> bool {
        match self {
            Item::Any => true,
            Item::Literal(literal) => *literal == byte,
            Item::Class { bit, is_in } => has(byte, *bit) == *is_in,
            Item::Set(set) => set.has(byte),
        }
    }
}

/// `[members]`, or `[^members]`.
pub(super) struct Set<'a> {
    members: &'a [u8],
    is_negated: bool,
}

impl<'a> Set<'a> {
    /// Of what stands between the brackets.
    #[inline]
    pub(super) fn new(inside: &'a [u8]) -> Set<'a> {
        match inside.strip_prefix(b"^") {
            Some(members) => Set { members, is_negated: true },
            None => Set { members: inside, is_negated: false },
        }
    }

    pub(super) fn has(&self, byte: u8) -> bool {
        let mut members = self.members;
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
        found != self.is_negated
    }

    /// Where the first bytes that are in the set (or, none of which is) end: over a long way it is worth to spread the
    /// members first.
    fn end_of_run(&self, bytes: &[u8], is_in: bool) -> Option<usize> {
        let (first, others) = bytes.split_at(bytes.len().min(SHORT_RUN));
        if let Some(length) = first.iter().position(|byte| self.has(*byte) != is_in) {
            return Some(length);
        }
        if others.is_empty() {
            return None;
        }
        let mut members = [false; 256];
        for (byte, is_member) in (0..=u8::MAX).zip(&mut members) {
            *is_member = self.has(byte);
        }
        let length = others.iter().position(|byte| members[usize::from(*byte)] != is_in);
        length.map(|length| first.len() + length)
    }
}
