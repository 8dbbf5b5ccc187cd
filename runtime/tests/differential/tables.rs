//! The table library on generated lists and positions.

use crate::cases;
use crate::oracle::{Both, Datum};
use crate::random::Random;

fn item(random: &mut Random) -> Datum {
    match random.below(8) {
        0 => random.text(b"abc", 3).into(),
        1 => random.float().into(),
        2 => Datum::Bool(true),
        _ => i64::try_from(random.below(20)).unwrap().into(),
    }
}

fn list(random: &mut Random, length: usize) -> Datum {
    let count = random.below(length + 1);
    Datum::List((0..count).map(|_| item(random)).collect())
}

fn position(random: &mut Random) -> Datum {
    match random.below(10) {
        0 => Datum::Nil,
        1 => random.int().into(),
        2 => (random.pick(&[1.5, 2.0, 0.0])).into(),
        3 => (random.pick(&["1", "2", "x"])).into(),
        _ => (i64::try_from(random.below(10)).unwrap() - 1).into(),
    }
}

#[test]
fn inserting_and_removing_agree() {
    let both = Both::new();
    let mut random = Random::new(9);
    for _ in 0..cases(40_000) {
        let mut args = vec![list(&mut random, 7)];
        if random.chance(2) {
            if random.chance(2) {
                args.push(position(&mut random));
            }
            args.push(item(&mut random));
            both.compare("table.insert", &args);
        } else {
            if random.chance(2) {
                args.push(position(&mut random));
            }
            both.compare("table.remove", &args);
        }
    }
}

/// A position near the list, so that no side walks for ages.
fn near(random: &mut Random) -> Datum {
    (i64::try_from(random.below(14)).unwrap() - 3).into()
}

#[test]
fn concat_unpack_and_move_agree() {
    let both = Both::new();
    let mut random = Random::new(10);
    for _ in 0..cases(40_000) {
        let mut args = vec![list(&mut random, 7)];
        match random.below(3) {
            0 => {
                args.push(random.pick(&[Datum::Nil, ", ".into(), 5.into(), Datum::Bool(true)]));
                args.extend((0..random.below(3)).map(|_| near(&mut random)));
                both.compare("table.concat", &args);
            }
            1 => {
                args.extend((0..random.below(3)).map(|_| near(&mut random)));
                both.compare("table.unpack", &args);
            }
            _ => {
                args.extend((0..3).map(|_| near(&mut random)));
                if random.chance(3) {
                    args.push(list(&mut random, 4));
                }
                both.compare("table.move", &args);
            }
        }
    }
}

#[test]
fn sorting_agrees_even_where_elements_tie() {
    let both = Both::new();
    let mut random = Random::new(11);
    for round in 0..cases(20_000) {
        let length = if round % 50 == 0 { 400 } else { 30 };
        let items: Vec<Datum> = (0..random.below(length + 1))
            .map(|_| match random.below(4) {
                // Ties that can be told apart: 3 and 3.0.
                0 => Datum::Float(f64::from(u8::try_from(random.below(9)).unwrap())),
                _ => i64::try_from(random.below(9)).unwrap().into(),
            })
            .collect();
        both.compare("table.sort", &[Datum::List(items)]);
    }
    both.compare("table.sort", &[Datum::List(vec![1.into(), "x".into(), 2.into()])]);
}
