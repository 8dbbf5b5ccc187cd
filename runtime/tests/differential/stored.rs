//! What tables store, against PUC's, through every way to fill and empty them: keys in order, from the end, in
//! two passes, far apart, as queues have them, of all types, and walks that clear what they meet.

use std::collections::BTreeMap;

use moonwright_runtime::cx::{Context, Mode};
use moonwright_runtime::process::ProcessState;
use moonwright_runtime::rt::Value;
use moonwright_runtime::table::Table;

use crate::cases;
use crate::random::Random;

/// A key that both sides understand, in a form that can be sorted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Int(i64),
    /// A number of quarters.
    Quarters(i64),
    Text(String),
    Flag(bool),
}

impl Key {
    fn ours(&self) -> Value {
        match self {
            Key::Int(key) => Value::int(*key),
            Key::Quarters(quarters) => Value::float(quarters_of(*quarters)),
            Key::Text(text) => Value::string(text),
            Key::Flag(flag) => Value::bool(*flag),
        }
    }

    fn theirs(&self, lua: &mlua::Lua) -> mlua::Value {
        match self {
            Key::Int(key) => mlua::Value::Integer(*key),
            Key::Quarters(quarters) => mlua::Value::Number(quarters_of(*quarters)),
            Key::Text(text) => mlua::Value::String(lua.create_string(text).unwrap()),
            Key::Flag(flag) => mlua::Value::Boolean(*flag),
        }
    }

    fn of(value: &Value) -> Key {
        if let Some(key) = value.as_int() {
            return Key::Int(key);
        }
        if let Some(float) = value.as_float() {
            #[expect(clippy::cast_possible_truncation, reason = "made from a small integer")]
            return Key::Quarters((float * 4.0) as i64);
        }
        match value.as_bytes() {
            Some(text) => Key::Text(String::from_utf8(text.to_vec()).unwrap()),
            None => Key::Flag(value.as_bool().unwrap()),
        }
    }
}

fn quarters_of(quarters: i64) -> f64 {
    f64::from(i32::try_from(quarters).unwrap()) / 4.0
}

/// In which order a round takes its keys.
#[derive(Clone, Copy, Debug)]
enum Habit {
    Upwards,
    Downwards,
    EvenThenOdd,
    Strided,
    Queue,
    Grid,
    Anywhere,
    Floats,
    Mixed,
}

const HABITS: [Habit; 9] = [
    Habit::Upwards,
    Habit::Downwards,
    Habit::EvenThenOdd,
    Habit::Strided,
    Habit::Queue,
    Habit::Grid,
    Habit::Anywhere,
    Habit::Floats,
    Habit::Mixed,
];

/// The key of step `step` of `steps`.
fn key(habit: Habit, random: &mut Random, step: i64, steps: i64) -> Key {
    let small = |random: &mut Random| i64::try_from(random.below(40)).unwrap() - 4;
    match habit {
        Habit::Upwards => Key::Int(step + 1),
        Habit::Downwards => Key::Int(steps - step),
        Habit::EvenThenOdd if step * 2 < steps => Key::Int(step * 2 + 2),
        Habit::EvenThenOdd => Key::Int(step * 2 - steps + 1),
        Habit::Strided => Key::Int((step - 10) << random.below(3)),
        Habit::Queue => Key::Int(step + 1),
        Habit::Grid => Key::Int((step / 16) << 20 | (step % 16)),
        Habit::Anywhere => Key::Int(small(random) * 3 + i64::try_from(random.below(3)).unwrap()),
        Habit::Floats => Key::Quarters(small(random) * 2),
        Habit::Mixed => match random.below(6) {
            0 => Key::Text(format!("field{}", small(random))),
            1 => Key::Flag(random.chance(2)),
            2 => Key::Quarters(small(random)),
            _ => Key::Int(small(random)),
        },
    }
}

struct Sides {
    lua: mlua::Lua,
    /// Everything that `next` gives, some of it cleared as it comes.
    walk: mlua::Function,
}

/// PUC's table, ours, and what must be in both.
struct Pair<'a> {
    sides: &'a Sides,
    theirs: mlua::Table,
    ours: &'a Table,
    model: BTreeMap<Key, i64>,
}

impl Pair<'_> {
    fn set(&mut self, key: &Key, value: Option<i64>) {
        // An integral float is the same key as the integer.
        let known = match key {
            Key::Quarters(quarters) if quarters % 4 == 0 => Key::Int(quarters / 4),
            _ => key.clone(),
        };
        match value {
            Some(value) => self.model.insert(known, value),
            None => self.model.remove(&known),
        };
        self.theirs.raw_set(key.theirs(&self.sides.lua), value).unwrap();
        self.ours.set(key.ours(), value.map_or(Value::NIL, Value::int)).unwrap();
    }

    fn check(&self, asked: &Key) {
        let theirs: Option<i64> = self.theirs.raw_get(asked.theirs(&self.sides.lua)).unwrap();
        assert_eq!(self.ours.get(&asked.ours()).as_int(), theirs, "{asked:?}");
        let length = self.ours.length();
        assert!(length == 0 || self.model.contains_key(&Key::Int(length)), "{length} is no border");
        assert!(!self.model.contains_key(&Key::Int(length + 1)), "{length} is no border");
    }

    /// Walks through both; keys whose value is a multiple of `cleared` are cleared when they are met.
    fn walk(&mut self, cleared: i64) {
        let positive = self.model.range(Key::Int(1)..=Key::Int(i64::MAX)).count();
        if positive == 0 || self.model.contains_key(&Key::Int(i64::try_from(positive).unwrap())) {
            let last = self.model.range(..=Key::Int(i64::MAX)).next_back();
            if last.is_none_or(|(key, _)| *key <= Key::Int(i64::try_from(positive).unwrap())) {
                assert_eq!(self.ours.length(), i64::try_from(self.theirs.raw_len()).unwrap());
            }
        }
        let walked: mlua::Table = self.sides.walk.call((&self.theirs, cleared)).unwrap();
        let mut theirs: Vec<i64> = walked.sequence_values().map(Result::unwrap).collect();
        let mut ours = Vec::new();
        let mut before = Value::NIL;
        while let Some((key, value)) = self.ours.next(&before).unwrap() {
            let value = value.as_int().unwrap();
            assert_eq!(self.model.get(&Key::of(&key)), Some(&value), "{:?}", Key::of(&key));
            ours.push(value);
            if value % cleared == 0 {
                self.ours.set(key.clone(), Value::NIL).unwrap();
                self.model.remove(&Key::of(&key));
            }
            before = key;
        }
        theirs.sort_unstable();
        ours.sort_unstable();
        assert_eq!(ours, theirs);
    }
}

fn round(sides: &Sides, random: &mut Random, steps: i64) {
    let context = Context::in_mode(ProcessState::default(), Mode::Script);
    // SAFETY: the handle is used while the context lives, on this thread.
    let cx = unsafe { context.cx() };
    let ours = Table::with_capacity(cx, random.below(3), random.below(3));
    let theirs = sides.lua.create_table().unwrap();
    let mut pair = Pair { sides, theirs, ours: ours.as_table().unwrap(), model: BTreeMap::new() };
    if random.chance(3) {
        pair.set(&Key::Text("first".to_owned()), Some(0));
    }
    for _ in 0..2 {
        let habit = random.pick(&HABITS);
        let forgets = random.pick(&[2, 3, 5, 1000]);
        for step in 0..steps {
            let next = key(habit, random, step, steps);
            pair.set(&next, if random.chance(forgets) { None } else { Some(step + 1) });
            if let Habit::Queue = habit {
                pair.set(&Key::Int(step - 8), None);
            }
            pair.check(&next);
            pair.check(&key(Habit::Mixed, random, step, steps));
        }
        pair.walk(random.pick(&[1, 2, 3, i64::MAX]));
        pair.walk(i64::MAX);
    }
}

#[test]
fn tables_store_what_pucs_store() {
    let lua = mlua::Lua::new();
    let walk = "local t, cleared = ...
        local met = {}
        for key, value in next, t do
            met[#met + 1] = value
            if value % cleared == 0 then t[key] = nil end
        end
        return met";
    let walk = lua.load(walk).into_function().unwrap();
    let sides = Sides { lua, walk };
    let mut random = Random::new(23);
    for number in 0..cases(1500) {
        // Most are small, as most tables are.
        let steps = if number % 50 == 0 { 1500 } else { 4 << random.below(6) };
        round(&sides, &mut random, steps);
    }
}
