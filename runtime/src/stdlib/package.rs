//! `package` as applications have it: everything is linked when they are compiled, so nothing is
//! searched or loaded. Scripts have a [`package`](crate::script::package) of their own.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Field;
use crate::ops::Event;
use crate::stdlib::args;
use crate::string::StaticStr;
use crate::table::Table;
use crate::value::Value;

/// What the paths are.
static NOWHERE: StaticStr = StaticStr::new(b"");

crate::library! {
    pub static PACKAGE = "package" {
        "cpath" => value Field::String(&NOWHERE),
        "loadlib" => plain loadlib,
        "path" => value Field::String(&NOWHERE),
        "seeall" => plain seeall,
    }
}

/// `package.loadlib(name)`: the text that says it cannot be.
///
/// # Errors
/// No string.
pub fn loadlib(cx: Cx, args: &[Value]) -> LuaResult {
    let name = args::string(cx, args, 1, "package.loadlib")?;
    Ok([&b"cannot load module '"[..], &name, b"': loadlib disabled"].concat().into())
}

/// `package.seeall(t)`: the table sees the globals through its metatable.
///
/// # Errors
/// No table, a frozen one that has no metatable yet.
pub fn seeall(cx: Cx, args: &[Value]) -> LuaResult<()> {
    let table = args::table(cx, args, 1, "package.seeall")?;
    let mut metatable = table.metatable();
    if metatable.is_nil() {
        if table.is_frozen() {
            return Err(cx.throw_text("attempt to modify Immutable table"));
        }
        metatable = Table::new(cx);
        table.set_metatable(metatable.clone());
    }
    if let Some(metatable) = metatable.as_table() {
        crate::ops::call::inside(
            cx,
            crate::ops::index::set_raw(cx, metatable, Value::static_str(Event::Index.key()), cx.globals()),
        )?;
    }
    Ok(())
}
