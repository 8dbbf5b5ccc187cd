//! Every other library function whose answer depends on its arguments alone, on arguments of all
//! kinds: what it gives and what it refuses, word for word.

use crate::cases;
use crate::oracle::{Both, Datum};
use crate::random::Random;

/// Functions that neither run for long nor depend on the outside, whatever they are given.
const FUNCTIONS: &[&str] = &[
    "assert",
    "error",
    "getmetatable",
    "ipairs",
    "next",
    "pairs",
    "pcall",
    "rawequal",
    "rawget",
    "rawlen",
    "rawset",
    "select",
    "setmetatable",
    "tonumber",
    "tostring",
    "type",
    "xpcall",
    "math.abs",
    "math.acos",
    "math.asin",
    "math.atan",
    "math.ceil",
    "math.cos",
    "math.deg",
    "math.exp",
    "math.floor",
    "math.fmod",
    "math.log",
    "math.max",
    "math.min",
    "math.modf",
    "math.rad",
    "math.sin",
    "math.sqrt",
    "math.tan",
    "math.tointeger",
    "math.type",
    "math.ult",
    "string.byte",
    "string.char",
    "string.find",
    "string.gmatch",
    "string.len",
    "string.lower",
    "string.reverse",
    "string.sub",
    "string.upper",
    "table.pack",
    "utf8.char",
    "utf8.codepoint",
    "utf8.codes",
    "utf8.len",
    "utf8.offset",
];

fn argument(random: &mut Random) -> Datum {
    match random.below(14) {
        0 => Datum::Nil,
        1 => Datum::Bool(random.chance(2)),
        2..=4 => random.int().into(),
        5 | 6 => random.float().into(),
        7 => (random.pick(&["10", "0x1p4", " 3 ", "#", "#x", "-1", "1e2", "ab"])).into(),
        8 => random.text(b"abcXYZ 0\0\xff", 8).into(),
        9 => random.text("aä€𝄞\u{0}".as_bytes(), 9).into(),
        10 => Datum::Text(format!("{}ß", random.pick(&["é", "日本", "𝄞x"])).into_bytes()),
        11 => Datum::List(vec![1.into(), "two".into(), 3.5.into()]),
        12 => Datum::List(Vec::new()),
        _ => i64::try_from(random.below(6)).unwrap().into(),
    }
}

#[test]
fn functions_agree_on_any_arguments() {
    let both = Both::new();
    let mut random = Random::new(12);
    for _ in 0..cases(100_000) {
        let function = random.pick(FUNCTIONS);
        let mut args: Vec<Datum> = (0..random.below(4)).map(|_| argument(&mut random)).collect();
        if function == "error" {
            // Levels count the frames of the test itself.
            args.truncate(1);
        }
        // Addresses differ.
        let shows_address = function == "tostring" && matches!(args.first(), Some(Datum::List(_)));
        if !shows_address {
            both.compare(function, &args);
        }
    }
}

#[test]
fn repetition_agrees() {
    let both = Both::new();
    let mut random = Random::new(13);
    for _ in 0..cases(5_000) {
        let count = match random.below(6) {
            0 => i64::MAX,
            1 => -5,
            2 => i64::from(i32::MAX),
            _ => i64::try_from(random.below(6)).unwrap(),
        };
        // The empty text times a billion is no work here and a long loop there.
        let text = if count > 10 { b"ab".to_vec() } else { random.text(b"ab", 3) };
        let mut args: Vec<Datum> = vec![text.into(), count.into()];
        if random.chance(3) {
            args.push(random.text(b",;", 2).into());
        }
        both.compare("string.rep", &args);
    }
}
