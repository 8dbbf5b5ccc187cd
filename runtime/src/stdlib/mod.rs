//! The standard library, one file per library.

pub mod args;
pub mod base;
pub mod base64;
pub mod coroutine;
pub mod ctx;
pub mod duration;
pub mod env;
pub mod errors;
pub mod events;
pub mod funcs;
pub mod gc;
pub mod hash;
pub mod io;
pub mod json;
pub mod logger;
pub mod math;
pub mod os;
pub mod os_date;
pub mod os_script;
pub mod package;
pub mod pg;
pub mod process;
pub mod protect;
pub mod registry;
pub mod string;
pub mod string_pack;
pub mod string_search;
pub mod system;
pub mod table;
pub mod table_sort;
pub mod time;
pub mod utf8;
pub mod uuid;

use crate::cx::Cx;
use crate::function::FunctionDef;
use crate::module::Module;
use crate::script::package as script_package;
use crate::script::state::ScriptState;
use crate::table::Table;
use crate::value::Value;

/// The libraries every unit sees without declaring them.
pub static AMBIENT: [&Module; 11] = [
    &string::STRING,
    &table::TABLE,
    &math::MATH,
    &utf8::UTF8,
    &os::OS,
    &errors::ERRORS,
    &coroutine::COROUTINE,
    &crate::channel::library::CHANNEL,
    &process::PROCESS,
    &crate::process::payload::PAYLOAD,
    &package::PACKAGE,
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
            table.set_name(module.name, cx.library(module));
        }
        table.set_name("_G", globals.clone());
        if let Some(script) = cx.script() {
            script_globals(cx, script, &globals, table);
        }
    }
    globals
}

/// What a script finds instead of, or beside, the globals of an application.
fn script_globals(cx: Cx, script: &ScriptState, globals: &Value, table: &Table) {
    table.set_name("_VERSION", "Lua 5.3".into());
    table.set_name("_GOPHER_LUA_VERSION", Value::NIL);
    for name in ["unpack", "subscribe", "unsubscribe"] {
        table.set_name(name, Value::NIL);
    }
    let own =
        [&os::SCRIPT_OS, &crate::script::io::IO, &script_package::PACKAGE, &crate::script::bit32::BIT32];
    for module in own {
        table.set_name(module.name, cx.library(module));
    }
    static PRINT: FunctionDef = crate::native!("print", crate::script::io::print);
    table.set_name("print", Value::function(&PRINT));
    table.set_name("require", Value::function(&script_package::REQUIRE));
    static COLLECTGARBAGE: FunctionDef = crate::native!("collectgarbage", gc::collectgarbage);
    table.set_name("collectgarbage", Value::function(&COLLECTGARBAGE));
    if let Some(table) = cx.library(&script_package::PACKAGE).as_table() {
        script_package::fill(cx, table, globals);
    }
    // Strings find their methods in an ordinary table.
    let metatable = Table::new(cx);
    if let Some(table) = metatable.as_table() {
        table.set_name("__index", cx.library(&string::STRING));
    }
    drop(script.string_metatable.replace(metatable));
}

/// Functions of older versions that Lua 5.3 has no more: a script that asks for them must not find them.
const NOT_IN_SCRIPTS: [(&str, &[&[u8]]); 3] =
    [("math", &[b"mod"]), ("string", &[b"gfind"]), ("table", &[b"getn", b"maxn"])];

/// A library as a table of its own, which a script may change.
pub fn library_table(cx: Cx, module: &'static Module) -> Value {
    let absent = NOT_IN_SCRIPTS.iter().find(|(library, _)| *library == module.name);
    let absent = absent.map_or(&[][..], |(_, names)| *names);
    let value = Table::with_capacity(cx, 0, module.fields.len());
    if let Some(table) = value.as_table() {
        for (name, field) in module.fields.iter().filter(|(name, _)| !absent.contains(&name.bytes())) {
            let _ = table.set(Value::static_str(name), field.value(cx));
        }
    }
    value
}
