//! `string.format` on generated directives and arguments.

use crate::cases;
use crate::oracle::{Both, Datum};
use crate::random::Random;

fn directive(random: &mut Random) -> Vec<u8> {
    let mut directive = vec![b'%'];
    directive.extend(random.text(b"-+ #0", 3));
    if random.chance(2) {
        directive.extend(random.below(25).to_string().into_bytes());
    }
    if random.chance(2) {
        directive.push(b'.');
        if !random.chance(4) {
            directive.extend(random.below(22).to_string().into_bytes());
        }
    }
    directive.push(random.pick(b"ddiuoxXcaAeEfgGsqfgsdxy%"));
    directive
}

fn argument(random: &mut Random) -> Datum {
    match random.below(10) {
        0..=2 => random.int().into(),
        3..=6 => random.float().into(),
        7 => random.text(b"abc\n\"\\\r\0\x7f9 ", 6).into(),
        8 => (random.pick(&["10", "0x10", " 7.5 ", "1e3", "x", ""])).into(),
        _ => Datum::Bool(random.chance(2)),
    }
}

/// Flags that C leaves undefined for a conversion: the answers are the C library's own.
fn is_undefined(format: &[u8]) -> bool {
    let Some(conversion) = format.last() else { return false };
    let flags: Vec<u8> = format.iter().copied().skip(1).take_while(|byte| b"-+ #0".contains(byte)).collect();
    match conversion {
        b'c' | b's' => flags.contains(&b'0') || flags.contains(&b'#'),
        b'd' | b'i' | b'u' => flags.contains(&b'#'),
        _ => false,
    }
}

#[test]
fn formats_agree() {
    let both = Both::new();
    let mut random = Random::new(3);
    let mut done = 0;
    while done < cases(100_000) {
        let mut format = random.text(b"ab %", 1);
        let directive = directive(&mut random);
        if is_undefined(&directive) {
            continue;
        }
        format.extend(directive);
        format.extend(random.text(b"ab", 1));
        let mut args = vec![Datum::Text(format), argument(&mut random)];
        if random.chance(20) {
            args.pop();
        }
        both.compare("string.format", &args);
        done += 1;
    }
}
