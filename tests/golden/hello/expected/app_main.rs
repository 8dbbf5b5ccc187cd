//! `app:main`, from tests/golden/hello/src/main.lua. Written by `cargo xtask build tests/golden/hello/src/`; edit the Lua instead.

use moonwright_runtime::rt::*;

const CHUNK: &Chunk = &Chunk { name: "app:main", functions: &[("main", 3, 5)] };

/// The top level of the file, main.lua:1-7.
pub fn chunk(cx: Cx) -> LuaResult<Multi> {
    Ok(Multi::one(cx, record!(cx, [("main", Value::function(&MAIN))])))
}

/// `main`, main.lua:3-5.
fn main(cx: Cx) -> LuaResult<()> {
    native(cx, io::print, [s!("Hello"), s!("world")], at!(4))?;
    Ok(())
}

lua_function!(pub MAIN, "main", line 3, plain main());
