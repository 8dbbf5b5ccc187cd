//! What tables promise, whatever part their entries live in.

use super::*;
use crate::testing::with_cx;

#[test]
fn float_keys_with_integral_values_are_integer_keys() {
    with_cx(|cx| {
        let value = Table::new(cx);
        let table = value.as_table().unwrap();
        table.set(Value::float(1.0), Value::TRUE).unwrap();
        assert_eq!(table.get_int(1).as_bool(), Some(true));
        assert_eq!(table.length(), 1);
        assert_eq!(table.set(Value::NIL, Value::TRUE), Err(KeyFault::Nil));
        assert_eq!(table.set(Value::float(f64::NAN), Value::TRUE), Err(KeyFault::Nan));
    });
}

#[test]
fn keys_move_into_the_array_part_when_the_gap_closes() {
    with_cx(|cx| {
        let value = Table::new(cx);
        let table = value.as_table().unwrap();
        for key in [3, 2, 1] {
            table.set_int(key, Value::int(key * 10));
        }
        assert_eq!(table.length(), 3);
        let keys: Vec<_> = table.entries().iter().map(|(key, _)| key.as_int().unwrap()).collect();
        assert_eq!(keys, [1, 2, 3]);
    });
}

#[test]
fn a_walk_may_clear_what_it_visits() {
    with_cx(|cx| {
        let value = Table::new(cx);
        let table = value.as_table().unwrap();
        for key in 1..=20 {
            table.set_int(key, Value::TRUE);
            table.set_text(&format!("k{key}"), Value::TRUE);
        }
        let (mut key, mut visited) = (Value::NIL, 0);
        while let Some((next, _)) = table.next(&key).unwrap() {
            table.set(next.clone(), Value::NIL).unwrap();
            key = next;
            visited += 1;
        }
        assert_eq!((visited, table.length()), (40, 0));
        assert!(table.next(&Value::NIL).unwrap().is_none());
        assert_eq!(table.next(&Value::string("absent")).unwrap_err(), KeyFault::Unknown);
    });
}

#[test]
fn many_keys_survive_growth_and_removal() {
    with_cx(|cx| {
        let value = Table::new(cx);
        let table = value.as_table().unwrap();
        for round in 0..3 {
            for key in 0..1000 {
                table.set_text(&format!("k{key}"), Value::int(key + round));
            }
            for key in (0..1000).step_by(2) {
                table.set_text(&format!("k{key}"), Value::NIL);
            }
        }
        assert_eq!(table.entries().len(), 500);
        assert_eq!(table.get_text("k1").as_int(), Some(3));
        assert!(table.get_text("k2").is_nil());
    });
}

/// splitmix64
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut bits = *state;
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A key as the model has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Model {
    Int(i64),
    Text(String),
    Half(i64),
    Flag(bool),
}

impl Model {
    fn any(state: &mut u64) -> Model {
        let small = i64::try_from(random(state) % 24).unwrap();
        match random(state) % 10 {
            0..=4 => Model::Int(small - 2),
            5 => Model::Int(small * 1000),
            6 | 7 => Model::Text(format!("field{small}")),
            8 => Model::Half(small),
            _ => Model::Flag(small % 2 == 0),
        }
    }

    fn value(&self) -> Value {
        match self {
            Model::Int(key) if key % 3 == 0 => Value::float(crate::ops::number::int_to_float(*key)),
            Model::Int(key) => Value::int(*key),
            Model::Text(text) => text.as_str().into(),
            Model::Half(key) => Value::float(crate::ops::number::int_to_float(*key) + 0.5),
            Model::Flag(flag) => Value::bool(*flag),
        }
    }

    fn of(value: &Value) -> Model {
        if let Some(key) = value.as_int() {
            Model::Int(key)
        } else if let Some(bytes) = value.as_bytes() {
            Model::Text(String::from_utf8(bytes.to_vec()).unwrap())
        } else if let Some(flag) = value.as_bool() {
            Model::Flag(flag)
        } else {
            #[expect(clippy::cast_possible_truncation, reason = "made from a small integer")]
            Model::Half(value.as_float().unwrap().floor() as i64)
        }
    }
}

/// Everything a table says must be what the model says.
fn compare(table: &Table, model: &std::collections::BTreeMap<Model, i64>) {
    for (key, value) in model {
        assert_eq!(table.get(&key.value()).as_int(), Some(*value), "{key:?}");
    }
    let length = table.length();
    assert!(length == 0 || model.contains_key(&Model::Int(length)), "the length {length} is no border");
    assert!(!model.contains_key(&Model::Int(length + 1)), "the length {length} is no border");
    let walked: std::collections::BTreeMap<Model, i64> =
        table.entries().iter().map(|(key, value)| (Model::of(key), value.as_int().unwrap())).collect();
    assert_eq!(&walked, model);
    let mut key = Value::NIL;
    let mut count = 0;
    while let Some((next, _)) = table.next(&key).unwrap() {
        key = next;
        count += 1;
    }
    assert_eq!(count, model.len());
}

#[test]
fn tables_agree_with_a_model_through_all_their_forms() {
    with_cx(|cx| {
        let mut state = 1;
        for round in 0..400 {
            let value = Table::with_capacity(cx, round % 5, round % 7);
            let table = value.as_table().unwrap();
            let mut model = std::collections::BTreeMap::new();
            // Rounds differ in which kinds of key they know.
            let kinds = random(&mut state) % 3;
            for step in 0..120 {
                let key = match (kinds, Model::any(&mut state)) {
                    (0, Model::Half(key)) => Model::Int(key),
                    (0, Model::Flag(_)) => Model::Text("flag".to_owned()),
                    (1, Model::Int(key)) if key > 100 => Model::Text(format!("big{key}")),
                    (_, key) => key,
                };
                if random(&mut state).is_multiple_of(3) {
                    table.set(key.value(), Value::NIL).unwrap();
                    model.remove(&key);
                } else {
                    table.set(key.value(), Value::int(step)).unwrap();
                    model.insert(key, step);
                }
                assert!(table.get(&Value::string("never set")).is_nil());
            }
            compare(table, &model);
        }
    });
}

#[test]
fn lists_agree_with_a_model() {
    with_cx(|cx| {
        let mut state = 2;
        for _ in 0..300 {
            let value = Table::new(cx);
            let table = value.as_table().unwrap();
            let mut model: Vec<i64> = Vec::new();
            for step in 0..100 {
                let length = i64::try_from(model.len()).unwrap();
                let at = i64::try_from(random(&mut state) % (model.len() as u64 + 1)).unwrap();
                match random(&mut state) % 3 {
                    0 if length > 0 => {
                        let at = at.min(length - 1);
                        let removed = model.remove(usize::try_from(at).unwrap());
                        assert_eq!(table.remove(at + 1).as_int(), Some(removed));
                    }
                    1 => {
                        model.insert(usize::try_from(at).unwrap(), step);
                        assert!(table.insert(at + 1, Value::int(step)));
                    }
                    _ => {
                        model.push(step);
                        table.set_int(length + 1, Value::int(step));
                    }
                }
            }
            let found: Vec<i64> = table.array().iter().map(|item| item.as_int().unwrap()).collect();
            assert_eq!(found, model);
            assert_eq!(table.length(), i64::try_from(model.len()).unwrap());
        }
    });
}

#[test]
fn constant_keys_and_their_caches_agree_with_plain_access() {
    static KEYS: [Key; 6] =
        [Key::new(b"a"), Key::new(b"b"), Key::new(b"c"), Key::new(b"d"), Key::new(b"e"), Key::new(b"f")];
    with_cx(|cx| {
        let mut state = 3;
        for _ in 0..2000 {
            let object = Table::new(cx);
            let table = object.as_table().unwrap();
            let mut model = std::collections::BTreeMap::new();
            for step in 0..12 {
                let place = usize::try_from(random(&mut state) % 6).unwrap();
                let value = if random(&mut state).is_multiple_of(4) { Value::NIL } else { Value::int(step) };
                crate::ops::field::set(cx, &object, &KEYS[place], value.clone()).unwrap();
                model.insert(place, value.as_int());
            }
            if random(&mut state).is_multiple_of(5) {
                table.set(Value::TRUE, Value::TRUE).unwrap();
            }
            for (place, expected) in model {
                let found = crate::ops::field::get(cx, &object, &KEYS[place]).unwrap();
                assert_eq!(found.as_int(), expected);
                assert_eq!(table.get_str(KEYS[place].text()).as_int(), expected);
            }
        }
    });
}

#[test]
fn threads_share_shapes_and_caches() {
    static KEYS: [Key; 4] = [Key::new(b"t1"), Key::new(b"t2"), Key::new(b"t3"), Key::new(b"t4")];
    let work = |seed: u64| {
        with_cx(|cx| {
            let mut state = seed;
            for _ in 0..5000 {
                let object = Table::new(cx);
                let order = random(&mut state);
                for turn in 0..4 {
                    let place = usize::try_from((order >> (turn * 2)) & 3).unwrap();
                    let value = Value::int(i64::try_from(place).unwrap());
                    crate::ops::field::set(cx, &object, &KEYS[place], value).unwrap();
                }
                for (place, key) in KEYS.iter().enumerate() {
                    let found = crate::ops::field::get(cx, &object, key).unwrap();
                    assert!(found.is_nil() || found.as_int() == i64::try_from(place).ok());
                }
            }
        });
    };
    std::thread::scope(|scope| {
        for seed in 0..4 {
            scope.spawn(move || work(seed));
        }
    });
}

#[test]
fn sparse_keys_move_into_the_array_part_when_they_fill_half_of_it() {
    with_cx(|cx| {
        let value = Table::new(cx);
        let table = value.as_table().unwrap();
        for key in 2..=1000 {
            table.set_int(key, Value::TRUE);
        }
        assert!(table.array().len() > 900, "{} elements are in the array part", table.array().len());
        let far = Table::new(cx);
        far.as_table().unwrap().set_int(1_000_000, Value::TRUE);
        assert_eq!(far.as_table().unwrap().array().len(), 0);
    });
}
