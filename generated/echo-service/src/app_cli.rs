//! `app:cli`, from src/cli.lua. Written by `cargo xtask build src/`; edit the Lua instead.

use moonwright_runtime::rt::*;

const CHUNK: &Chunk = &Chunk {
    name: "app:cli",
    functions: &[
        ("dim", 5, 5),
        ("green", 6, 6),
        ("yellow", 7, 7),
        ("cyan", 8, 8),
        ("main", 10, 56),
    ],
};

/// The top level of the file, cli.lua:1-58.
pub fn chunk(cx: Cx) -> LuaResult<Multi> {
    Ok(Multi::one(cx, record!(cx, [("main", Value::function(&MAIN))])))
}

/// `dim`, cli.lua:5.
fn dim(cx: Cx, s: Value) -> LuaResult {
    concat(cx, [s!("\u{1b}[2m"), s, s!("\u{1b}[0m")], at!(5, none, local "s", upvalue "reset"))
}

lua_function!(DIM, "dim", line 5, plain dim(s));

/// `green`, cli.lua:6.
fn green(cx: Cx, s: Value) -> LuaResult {
    concat(cx, [s!("\u{1b}[32m"), s, s!("\u{1b}[0m")], at!(6, none, local "s", upvalue "reset"))
}

lua_function!(GREEN, "green", line 6, plain green(s));

/// `yellow`, cli.lua:7.
fn yellow(cx: Cx, s: Value) -> LuaResult {
    concat(cx, [s!("\u{1b}[33m"), s, s!("\u{1b}[0m")], at!(7, none, local "s", upvalue "reset"))
}

lua_function!(YELLOW, "yellow", line 7, plain yellow(s));

/// `cyan`, cli.lua:8.
fn cyan(cx: Cx, s: Value) -> LuaResult {
    concat(cx, [s!("\u{1b}[36m"), s, s!("\u{1b}[0m")], at!(8, none, local "s", upvalue "reset"))
}

lua_function!(CYAN, "cyan", line 8, plain cyan(s));

/// `main`, cli.lua:10-56.
/// May suspend: inbox.
async fn main(cx: Cx) -> LuaResult {
    cx.enter()?;
    let inbox = process::inbox(cx, &[]).at(cx, at!(11)).await?;

    // Aguardar relay se registrar
    time::sleep(cx, &[s!("200ms")]).at(cx, at!(14)).await?;

    native(cx, io::print, [cyan(cx, s!("Echo Client")).at(cx, at!(16))?], at!(16))?;
    native(
        cx,
        io::print,
        [dim(cx, s!("Type messages to echo. Ctrl+C to exit.\n")).at(cx, at!(17))?],
        at!(17),
    )?;

    // cli.lua:19
    loop {
        cx.spend()?;
        native(cx, io::write, [yellow(cx, s!("> ")).at(cx, at!(20))?], at!(20))?;
        let input = io::readline(cx, &[]).at(cx, at!(21)).await?.first();

        // cli.lua:23
        if !input.truthy()
            || raw_equal(len(cx, &input, at!(23, local "input"))?, Value::int(0))
        {
            break;
        }

        let msg = record!(cx, [("sender", native(cx, process::pid, [], at!(28))?), ("data", input)]);
        let [ok, err] = process::send(cx, &mut [s!("relay"), s!("echo"), msg])
            .at(cx, at!(31)).await?.adjust(cx);
        // cli.lua:32
        if err.truthy() {
            native(cx, io::print, [dim(cx, s!("  error: relay not available")).at(cx, at!(33))?], at!(33))?;
        } else {
            let timeout = time::after(cx, &[s!("2s")]).at(cx, at!(35)).await?.first();
            let r = channel::select_cases(cx, [
                channel::receive_case(
                    cx,
                    &inbox,
                    &KEYS.case_receive,
                    at!(37, local "inbox", method "case_receive"),
                )?,
                channel::receive_case(
                    cx,
                    &timeout,
                    &KEYS.case_receive,
                    at!(38, local "timeout", method "case_receive"),
                )?,
            ]).at(cx, at!(36)).await?.first();

            // cli.lua:41
            if eq(cx, field(cx, &r, &KEYS.channel, at!(41, local "r"))?, &timeout, at!(41))? {
                native(cx, io::print, [dim(cx, s!("  timeout")).at(cx, at!(42))?], at!(42))?;
            } else {
                let msg = field(cx, &r, &KEYS.value, at!(44, local "r"))?;
                // cli.lua:45
                if raw_equal(
                    method(cx, &msg, &KEYS.topic, [], at!(45, local "msg", method "topic"))?,
                    s!("echo_response"),
                ) {
                    let resp = method(
                        cx,
                        method(cx, msg, &KEYS.payload, [], at!(46, local "msg", method "payload"))?,
                        &KEYS.data,
                        [],
                        at!(46, none, method "data"),
                    )?;
                    native(
                        cx,
                        io::print,
                        [green(cx, concat(
                            cx,
                            [s!("  "), field(cx, &resp, &KEYS.data, at!(47, local "resp"))?],
                            at!(47, none, field "data"),
                        )?).at(cx, at!(47))?],
                        at!(47),
                    )?;
                    native(
                        cx,
                        io::print,
                        [dim(cx, concat(
                            cx,
                            [s!("  from worker: "), field(cx, &resp, &KEYS.worker, at!(48, local "resp"))?],
                            at!(48, none, field "worker"),
                        )?).at(cx, at!(48))?],
                        at!(48),
                    )?;
                }
            }
        }
    }

    native(cx, io::print, [s!("\nGoodbye!")], at!(54))?;
    Ok(Value::int(0))
}

lua_function!(pub MAIN, "main", line 10, async main());

// What it calls fields, methods and globals.
keys! {
    case_receive, channel, data, payload, topic, value, worker,
}
