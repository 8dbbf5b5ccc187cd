//! What the generated crate of a script says, by hand: a main file and one module. Used by
//! `tests/script.rs`.

#![allow(unused_must_use, reason = "as emitted code does")]

use moonwright_runtime::rt::*;

const CHUNK: &Chunk = &Chunk { name: "script.lua", functions: &[("fail", 20, 22)] };

/// The script: what it does is in the lines of `tests/script.rs`.
fn chunk(cx: Cx, varargs: &[Value]) -> LuaResult<()> {
    let arg = global(cx, key!("arg"), at!(1))?;
    let print = global(cx, key!("print"), at!(1))?;
    let count = len(cx, &arg, at!(1, global "arg"))?;
    call(cx, &print, [index(cx, &arg, Value::int(0), at!(1))?, count], at!(1, global "print"))?;
    call(cx, &print, varargs, at!(2, global "print"))?;
    call(cx, &print, [div(cx, Value::int(10), Value::int(2), at!(3))?, s!("ÄÖ")], at!(3))?;
    let require = global(cx, key!("require"), at!(4))?;
    let first = call(cx, &require, [s!("lib.counter")], at!(4, global "require"))?;
    let second = call(cx, &require, [s!("lib.counter")], at!(4, global "require"))?;
    call(cx, &print, [first.clone(), Value::bool(eq(cx, &first, &second, at!(5))?)], at!(5))?;
    match varargs.first().and_then(Value::as_bytes) {
        Some(b"exit") => {
            let os = global(cx, key!("os"), at!(6))?;
            call(cx, &field(cx, &os, key!("exit"), at!(6))?, [Value::int(7)], at!(6, field "exit"))?;
        }
        Some(b"fail") => {
            fail(cx).at(cx, at!(7))?;
        }
        Some(b"absent") => {
            call(cx, &require, [s!("not.there")], at!(8, global "require"))?;
        }
        Some(b"table") => {
            let table = new_table(cx);
            base::error(cx, &[table]).at(cx, at!(9, global "error"))?;
        }
        Some(b"echo") => {
            let io = global(cx, key!("io"), at!(10))?;
            let lines = call(cx, &field(cx, &io, key!("lines"), at!(10))?, [], at!(10, field "lines"))?;
            let mut entries = generic_for([lines, Value::NIL, Value::NIL]);
            while let Some([line]) = entries.next(cx, at!(10))? {
                call(cx, &field(cx, &io, key!("write"), at!(10))?, [line, s!("|")], at!(10))?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn fail(cx: Cx) -> LuaResult<()> {
    index(cx, Value::NIL, s!("x"), at!(21, local "u"))?;
    Ok(())
}

lua_function!(MAIN, "main chunk", line 1, plain chunk() varargs);

mod counter {
    use moonwright_runtime::rt::*;

    const CHUNK: &Chunk = &Chunk { name: "./lib/counter.lua", functions: &[] };

    fn chunk(cx: Cx, varargs: &[Value]) -> LuaResult<Multi> {
        let print = global(cx, key!("print"), at!(1))?;
        call(cx, &print, varargs, at!(1, global "print"))?;
        Ok(Multi::one(cx, Value::int(42)))
    }

    lua_function!(pub MAIN, "main chunk", line 1, plain chunk() varargs);
}

static SCRIPT: Script = Script {
    path: "script.lua",
    chunk: &MAIN,
    modules: &[ScriptModule { path: "lib/counter.lua", chunk: &counter::MAIN }],
    broken: &[],
};

fn main() -> std::process::ExitCode {
    moonwright_runtime::script_main(&SCRIPT)
}
