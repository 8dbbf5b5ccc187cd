//! Patterns: `find`, `match`, `gmatch` and `gsub` on generated subjects and patterns, malformed ones
//! included.

use crate::cases;
use crate::oracle::{Both, Datum};
use crate::random::Random;

const SUBJECT: &[u8] = b"aabbc1 2_%.-[](x)\0\xe4";

/// A pattern built from items; now and then a random byte breaks it.
fn pattern(random: &mut Random) -> Vec<u8> {
    let mut pattern = Vec::new();
    if random.chance(8) {
        pattern.push(b'^');
    }
    let mut open = 0;
    for _ in 0..random.below(6) {
        match random.below(14) {
            0 => {
                pattern.push(b'(');
                open += 1;
            }
            1 if open > 0 => {
                pattern.push(b')');
                open -= 1;
            }
            2 => pattern.extend_from_slice(b"()"),
            3 => pattern.extend_from_slice(random.pick(&[&b"%b()"[..], b"%b[]", b"%bab", b"%b"])),
            4 => pattern.extend_from_slice(random.pick(&[&b"%f[%a]"[..], b"%f[^%w]", b"%f[%z]", b"%fa"])),
            5 => pattern.extend_from_slice(random.pick(&[&b"%1"[..], b"%2", b"%0"])),
            6 => pattern.extend(random.text(b"%[]()^$*+-?.ab", 2)),
            _ => item(random, &mut pattern),
        }
    }
    if !random.chance(10) {
        pattern.extend(std::iter::repeat_n(b')', open));
    }
    if random.chance(8) {
        pattern.push(b'$');
    }
    pattern
}

/// A single-byte item with an optional repetition.
fn item(random: &mut Random, pattern: &mut Vec<u8>) {
    match random.below(6) {
        0 => pattern.push(b'.'),
        1 => pattern.extend([b'%', random.pick(b"acdglpsuwxzACDGLPSUWXZ.%-[")]),
        2 => {
            pattern.push(b'[');
            if random.chance(3) {
                pattern.push(b'^');
            }
            if random.chance(6) {
                pattern.push(b']');
            }
            for _ in 0..random.below(3) + 1 {
                match random.below(4) {
                    0 => pattern.extend_from_slice(b"a-c"),
                    1 => pattern.extend([b'%', random.pick(b"adsw%]")]),
                    2 => pattern.push(b'-'),
                    _ => pattern.push(random.pick(b"ab1_.%")),
                }
            }
            pattern.push(b']');
        }
        _ => pattern.push(random.pick(SUBJECT)),
    }
    if random.chance(2) {
        pattern.push(random.pick(b"*+-?"));
    }
}

#[test]
fn find_and_match_agree() {
    let both = Both::new();
    let mut random = Random::new(1);
    for _ in 0..cases(60_000) {
        let mut args: Vec<Datum> = vec![random.text(SUBJECT, 12).into(), pattern(&mut random).into()];
        if random.chance(3) {
            args.push(random.int().into());
        }
        let function = if random.chance(2) { "string.find" } else { "string.match" };
        if args.len() == 3 && random.chance(4) {
            args.push(Datum::Bool(random.chance(2)));
        }
        both.compare(function, &args);
    }
}

#[test]
fn gsub_agrees() {
    let both = Both::new();
    let mut random = Random::new(2);
    for _ in 0..cases(50_000) {
        let replacement: Datum = match random.below(8) {
            0 => random.int().into(),
            1 => Datum::List(vec!["one".into(), Datum::Bool(false), 3.into()]),
            2 => Datum::Nil,
            _ => random.text(b"x%%%0121", 5).into(),
        };
        let mut args = vec![random.text(SUBJECT, 12).into(), pattern(&mut random).into(), replacement];
        if random.chance(4) {
            args.push(random.int().into());
        }
        both.compare("string.gsub", &args);
    }
}
