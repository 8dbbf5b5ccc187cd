//! The two sides of a comparison, and one notation for what both answer.

use std::fmt::Write;

use mlua::Lua;
use moonwright_runtime::cx::{Context, Cx, Mode};
use moonwright_runtime::ops::index::{append, new_table};
use moonwright_runtime::process::ProcessState;
use moonwright_runtime::rt::Value;

/// So many elements of a list are looked at: with holes, the two sides may see different ends.
const SHOWN: i64 = 24;

/// An argument or result, free of both implementations.
#[derive(Clone, Debug)]
pub enum Datum {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Vec<u8>),
    /// A list, from 1.
    List(Vec<Datum>),
}

impl From<i64> for Datum {
    fn from(value: i64) -> Datum {
        Datum::Int(value)
    }
}

impl From<f64> for Datum {
    fn from(value: f64) -> Datum {
        Datum::Float(value)
    }
}

impl From<&str> for Datum {
    fn from(text: &str) -> Datum {
        Datum::Text(text.into())
    }
}

impl From<Vec<u8>> for Datum {
    fn from(text: Vec<u8>) -> Datum {
        Datum::Text(text)
    }
}

/// Both implementations, ready to be asked.
pub struct Both {
    lua: Lua,
    protected: mlua::Function,
    context: Box<Context>,
}

impl Both {
    pub fn new() -> Both {
        // SAFETY: the libraries are used by this test alone.
        let lua = unsafe { Lua::unsafe_new() };
        let protected = lua.load("local f = ... return function(...) return pcall(...) end").eval().unwrap();
        let both = Both { lua, protected, context: Context::in_mode(ProcessState::default(), Mode::Script) };
        // The libraries, and with them the metatable of strings.
        drop(both.cx().globals());
        both
    }

    fn cx(&self) -> Cx {
        // SAFETY: the handle is used while `self` is borrowed, on this thread.
        let cx = unsafe { self.context.cx() };
        cx.set_stack_budget(512 * 1024);
        cx
    }

    /// Calls the library function on both sides and demands the same answer.
    pub fn compare(&self, path: &str, args: &[Datum]) {
        let (theirs, ours) = (self.theirs(path, args), self.ours(path, args));
        assert_eq!(ours, theirs, "{path}{args:?}: ours on the left, PUC's on the right");
    }

    fn theirs(&self, path: &str, args: &[Datum]) -> String {
        let function: mlua::Value = self.lua.load(format!("return {path}")).eval().unwrap();
        let mut values = mlua::MultiValue::new();
        let args: Vec<mlua::Value> = args.iter().map(|datum| self.to_lua(datum)).collect();
        values.push_back(function);
        values.extend(args.iter().cloned());
        let results: mlua::MultiValue = self.protected.call(values).unwrap();
        let mut text = String::new();
        for value in results {
            show_lua(&mut text, &value);
        }
        for value in args.iter().filter(|value| value.is_table()) {
            text.push_str(" then ");
            show_lua(&mut text, value);
        }
        text
    }

    fn to_lua(&self, datum: &Datum) -> mlua::Value {
        match datum {
            Datum::Nil => mlua::Value::Nil,
            Datum::Bool(value) => mlua::Value::Boolean(*value),
            Datum::Int(value) => mlua::Value::Integer(*value),
            Datum::Float(value) => mlua::Value::Number(*value),
            Datum::Text(bytes) => mlua::Value::String(self.lua.create_string(bytes).unwrap()),
            Datum::List(items) => {
                let table = self.lua.create_table().unwrap();
                for (item, index) in items.iter().zip(1..) {
                    table.raw_set(index, self.to_lua(item)).unwrap();
                }
                mlua::Value::Table(table)
            }
        }
    }

    fn ours(&self, path: &str, args: &[Datum]) -> String {
        let cx = self.cx();
        let mut values = vec![find(cx, path)];
        values.extend(args.iter().map(|datum| to_value(cx, datum)));
        let results = moonwright_runtime::rt::base::pcall_plain(cx, &values);
        let mut text = String::new();
        match results {
            Ok(results) => results.into_args(cx).iter().for_each(|value| show(&mut text, value)),
            Err(thrown) => write!(text, "raised {:?}", cx.catch(thrown)).unwrap(),
        }
        for value in values.iter().filter(|value| value.as_table().is_some()) {
            text.push_str(" then ");
            show(&mut text, value);
        }
        text
    }

    /// The text of an arithmetic or comparison of two values on both sides.
    pub fn compare_operator(&self, symbol: &str, left: &Datum, right: &Datum) {
        let code = format!("local a, b = ... return a {symbol} b");
        let function: mlua::Function = self.lua.load(code).set_name("=c").into_function().unwrap();
        let mut theirs = String::new();
        let results: mlua::MultiValue =
            self.protected.call((function, self.to_lua(left), self.to_lua(right))).unwrap();
        for value in results {
            // The position and the names belong to the compiler's side.
            let value = match &value {
                mlua::Value::String(text) if text.as_bytes().starts_with(b"c:1: ") => {
                    mlua::Value::String(self.lua.create_string(nameless(&text.as_bytes()[5..])).unwrap())
                }
                _ => value,
            };
            show_lua(&mut theirs, &value);
        }
        let cx = self.cx();
        let (a, b) = (to_value(cx, left), to_value(cx, right));
        let mut ours = String::new();
        match operate(cx, symbol, &a, &b) {
            Ok(value) => {
                show(&mut ours, &Value::TRUE);
                show(&mut ours, &value);
            }
            Err(thrown) => {
                show(&mut ours, &Value::FALSE);
                show(&mut ours, &cx.catch(thrown));
            }
        }
        assert_eq!(ours, theirs, "{left:?} {symbol} {right:?}: ours on the left, PUC's on the right");
    }
}

fn operate(cx: Cx, symbol: &str, a: &Value, b: &Value) -> moonwright_runtime::error::LuaResult {
    use moonwright_runtime::ops::{arithmetic, compare, concat};
    let bool = |result: moonwright_runtime::error::LuaResult<bool>| result.map(Value::bool);
    match symbol {
        "+" => arithmetic::add(cx, a, b),
        "-" => arithmetic::sub(cx, a, b),
        "*" => arithmetic::mul(cx, a, b),
        "/" => arithmetic::div(cx, a, b),
        "//" => arithmetic::idiv(cx, a, b),
        "%" => arithmetic::modulo(cx, a, b),
        "^" => arithmetic::pow(cx, a, b),
        "&" => arithmetic::band(cx, a, b),
        "|" => arithmetic::bor(cx, a, b),
        "~" => arithmetic::bxor(cx, a, b),
        "<<" => arithmetic::shl(cx, a, b),
        ">>" => arithmetic::shr(cx, a, b),
        ".." => concat::concat(cx, &[a.clone(), b.clone()]),
        "==" => bool(compare::eq(cx, a, b)),
        "~=" => bool(compare::ne(cx, a, b)),
        "<" => bool(compare::lt(cx, a, b)),
        "<=" => bool(compare::le(cx, a, b)),
        ">" => bool(compare::gt(cx, a, b)),
        ">=" => bool(compare::ge(cx, a, b)),
        _ => unreachable!("no such operator"),
    }
}

/// Without the variable names of fault texts, which the call site adds.
fn nameless(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text).into_owned();
    ["local 'a'", "local 'b'"]
        .iter()
        .fold(text, |text, name| text.replace(&format!(" ({name})"), ""))
        .into_bytes()
}

/// The library function a path names.
fn find(cx: Cx, path: &str) -> Value {
    let globals = cx.globals();
    path.split('.').fold(globals, |value, name| {
        moonwright_runtime::ops::index::index(cx, &value, &Value::string(name)).unwrap_or_default()
    })
}

fn to_value(cx: Cx, datum: &Datum) -> Value {
    match datum {
        Datum::Nil => Value::NIL,
        Datum::Bool(value) => Value::bool(*value),
        Datum::Int(value) => Value::int(*value),
        Datum::Float(value) => Value::float(*value),
        Datum::Text(bytes) => Value::string(bytes),
        Datum::List(items) => {
            let table = new_table(cx);
            append(&table, 1, items.iter().map(|item| to_value(cx, item)));
            table
        }
    }
}

fn show_text(text: &mut String, bytes: &[u8]) {
    write!(text, "\"{}\" ", bytes.escape_ascii()).unwrap();
}

fn show_float(text: &mut String, float: f64) {
    if float.is_nan() {
        text.push_str("nan ");
    } else {
        write!(text, "{float:?}f ").unwrap();
    }
}

fn show(text: &mut String, value: &Value) {
    if let Some(bytes) = value.as_bytes() {
        show_text(text, bytes);
    } else if let Some(float) = value.as_float() {
        show_float(text, float);
    } else if let Some(table) = value.as_table() {
        text.push('{');
        let last =
            (1..=table.length().max(SHOWN)).rev().find(|key| !table.get_int(*key).is_nil()).unwrap_or(0);
        for key in 1..=last {
            show(text, &table.get_int(key));
        }
        text.push_str("} ");
    } else if value.function_def().is_some() {
        text.push_str("function ");
    } else {
        write!(text, "{value:?} ").unwrap();
    }
}

fn show_lua(text: &mut String, value: &mlua::Value) {
    match value {
        mlua::Value::Nil => text.push_str("nil "),
        mlua::Value::Boolean(value) => write!(text, "{value} ").unwrap(),
        mlua::Value::Integer(value) => write!(text, "{value} ").unwrap(),
        mlua::Value::Number(value) => show_float(text, *value),
        mlua::Value::String(bytes) => show_text(text, &bytes.as_bytes()),
        mlua::Value::Table(table) => {
            text.push('{');
            let get = |key: i64| table.raw_get::<mlua::Value>(key).unwrap();
            let length = i64::try_from(table.raw_len()).unwrap();
            let last = (1..=length.max(SHOWN)).rev().find(|key| !get(*key).is_nil()).unwrap_or(0);
            for key in 1..=last {
                show_lua(text, &get(key));
            }
            text.push_str("} ");
        }
        mlua::Value::Function(_) => text.push_str("function "),
        mlua::Value::Error(error) => write!(text, "error {error} ").unwrap(),
        _ => text.push_str("other "),
    }
}
