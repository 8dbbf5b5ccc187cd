//! The standard library, one file per library.

pub mod args;
pub mod base;
pub mod coroutine;
pub mod ctx;
pub mod duration;
pub mod errors;
pub mod io;
pub mod logger;
pub mod math;
pub mod process;
pub mod registry;
pub mod string;
pub mod table;
pub mod time;

use crate::cx::Cx;
use crate::module::Module;
use crate::table::Table;
use crate::value::Value;

/// The libraries every unit sees without declaring them.
pub static AMBIENT: [&Module; 8] = [
    &string::STRING,
    &table::TABLE,
    &math::MATH,
    &errors::ERRORS,
    &coroutine::COROUTINE,
    &crate::channel::library::CHANNEL,
    &process::PROCESS,
    &crate::process::message::PAYLOAD,
];

/// The ambient library of that name.
pub fn library(name: &[u8]) -> Option<&'static Module> {
    AMBIENT.iter().find(|module| module.name.as_bytes() == name).copied()
}

/// A fresh global table: the base functions and the ambient libraries.
pub fn new_globals(cx: Cx) -> Value {
    let globals = Table::with_capacity(cx, 0, 64);
    if let Some(table) = globals.as_table() {
        for (name, field) in base::BASE.fields {
            // Names are never refused keys.
            let _ = table.set(Value::static_str(name), field.value(cx));
        }
        for module in AMBIENT {
            table.set_text(module.name, Value::module(module));
        }
        table.set_text("_G", globals.clone());
    }
    globals
}
