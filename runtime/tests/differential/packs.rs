//! `string.pack`, `packsize` and `unpack` on generated formats, values and data.

use crate::cases;
use crate::oracle::{Both, Datum};
use crate::random::Random;

/// A format and a value for each of its options.
fn format(random: &mut Random) -> (Vec<u8>, Vec<Datum>) {
    let (mut format, mut values) = (Vec::new(), Vec::new());
    for _ in 0..random.below(5) {
        match random.below(12) {
            0 => format.push(random.pick(b"<>= !")),
            1 => format.extend(format!("!{}", random.below(18)).into_bytes()),
            2 => format.push(b'x'),
            3 => format.extend_from_slice(random.pick(&[&b"Xi4"[..], b"Xd", b"X", b"Xz", b"Xi3"])),
            4 => {
                format.push(random.pick(b"fdn"));
                values.push(random.float().into());
            }
            5 => {
                format.extend(format!("{}{}", random.pick(&["c", "s", "s"]), random.below(9)).into_bytes());
                values.push(random.text(b"ab\0", 8).into());
            }
            6 => {
                format.push(random.pick(b"zsc"));
                values.push(random.text(b"ab\0", 5).into());
            }
            7 => format.extend(random.text(b"bBhHiIlLjJTfdnszxX<>=! c0123456789yq", 3)),
            8 | 9 => {
                format.extend(format!("{}{}", random.pick(&["i", "I"]), random.below(18)).into_bytes());
                values.push(random.int().into());
            }
            _ => {
                format.push(random.pick(b"bBhHiIlLjJT"));
                values.push(random.int().into());
            }
        }
    }
    (format, values)
}

#[test]
fn packing_agrees() {
    let both = Both::new();
    let mut random = Random::new(7);
    for _ in 0..cases(60_000) {
        let (format, values) = format(&mut random);
        both.compare("string.packsize", &[format.clone().into()]);
        let mut args = vec![Datum::Text(format)];
        args.extend(values);
        both.compare("string.pack", &args);
    }
}

#[test]
fn unpacking_agrees() {
    let both = Both::new();
    let mut random = Random::new(8);
    for _ in 0..cases(60_000) {
        let (format, _) = format(&mut random);
        let data = random.text(b"\0\0\x01\x02\x7f\x80\xff\xffab", 40);
        let mut args: Vec<Datum> = vec![format.into(), data.into()];
        if random.chance(4) {
            args.push(random.int().into());
        }
        both.compare("string.unpack", &args);
    }
}
