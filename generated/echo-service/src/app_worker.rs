//! `app:worker`, from src/worker.lua. Written by `cargo xtask build src/`; edit the Lua instead.

use moonwright_runtime::rt::*;

const CHUNK: &Chunk = &Chunk { name: "app:worker", functions: &[("main", 3, 14)] };

/// The top level of the file, worker.lua:1-16.
pub fn chunk(cx: Cx) -> LuaResult<Multi> {
    Ok(Multi::one(cx, record!(cx, [("main", Value::function(&MAIN))])))
}

/// `main`, worker.lua:3-14.
/// May suspend: sleep.
async fn main(cx: Cx, sender_pid: Value, data: Value) -> LuaResult {
    time::sleep(cx, &[s!("100ms")]).at(cx, at!(4)).await?;

    let response = record!(cx, [
        ("data", native(cx, string::upper, [data], at!(7))?),
        ("worker", native(cx, process::pid, [], at!(8))?),
    ]);

    process::send(cx, &mut [sender_pid, s!("echo_response"), response]).at(cx, at!(11)).await?;

    Ok(Value::int(0))
}

lua_function!(pub MAIN, "main", line 3, async main(sender_pid, data));
