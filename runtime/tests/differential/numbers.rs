//! Numbers: to text, from text, and through every operator.

use crate::cases;
use crate::oracle::{Both, Datum};
use crate::random::Random;

#[test]
fn texts_of_numbers_agree() {
    let both = Both::new();
    let mut random = Random::new(4);
    for _ in 0..cases(100_000) {
        let number: Datum = if random.chance(4) { random.int().into() } else { random.float().into() };
        both.compare("tostring", &[number]);
    }
}

/// Something like a numeral.
fn numeral(random: &mut Random) -> Vec<u8> {
    match random.below(8) {
        0 => random.text(b"0123456789.eExXpP+-abf \n", 8),
        1 => format!("{}", random.int()).into_bytes(),
        2 => format!("{:e}", random.float()).into_bytes(),
        3 => {
            format!("{}{:?}{}", random.pick(&["", " ", "\t"]), random.float(), random.pick(&["", "\n", " x"]))
                .into_bytes()
        }
        4 => {
            let mut text = random.pick(&["0x", "-0X", "+0x", " 0x"]).as_bytes().to_vec();
            text.extend(random.text(b"0123456789abcdefABCDEF", 20));
            if random.chance(2) {
                text.push(b'.');
                text.extend(random.text(b"0123456789abcdef", 20));
            }
            if random.chance(2) {
                text.extend(format!("p{}", random.int() % 1200).into_bytes());
            }
            text
        }
        5 => random
            .pick(&["inf", "nan", "", " ", "0x", ".", "1e", "1e+", "- 1", "--1", "1_0", "0b1"])
            .as_bytes()
            .into(),
        _ => {
            let mut text = random.text(b"0123456789", 22);
            if random.chance(2) {
                text.push(b'.');
                text.extend(random.text(b"0123456789", 10));
            }
            if random.chance(3) {
                text.extend(format!("e{}", random.int() % 400).into_bytes());
            }
            text
        }
    }
}

#[test]
fn numbers_read_from_texts_agree() {
    let both = Both::new();
    let mut random = Random::new(5);
    for _ in 0..cases(100_000) {
        let mut args: Vec<Datum> = vec![numeral(&mut random).into()];
        if random.chance(4) {
            args.push(i64::try_from(random.below(40)).unwrap().into());
        }
        both.compare("tonumber", &args);
    }
}

fn operand(random: &mut Random) -> Datum {
    match random.below(12) {
        0..=4 => random.int().into(),
        5..=8 => random.float().into(),
        9 => numeral(random).into(),
        10 => random.pick(&[Datum::Nil, Datum::Bool(true), Datum::List(Vec::new())]),
        _ => i64::try_from(random.below(5)).unwrap().into(),
    }
}

#[test]
fn operators_agree() {
    let both = Both::new();
    let mut random = Random::new(6);
    let operators = [
        "+", "-", "*", "/", "//", "%", "^", "&", "|", "~", "<<", ">>", "==", "~=", "<", "<=", ">", ">=", "..",
    ];
    for _ in 0..cases(100_000) {
        let (left, right) = (operand(&mut random), operand(&mut random));
        both.compare_operator(random.pick(&operators), &left, &right);
    }
}
