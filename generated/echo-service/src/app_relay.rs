//! `app:relay`, from src/relay.lua. Written by `cargo xtask build src/`; edit the Lua instead.

use moonwright_runtime::rt::*;

const CHUNK: &Chunk = &Chunk { name: "app:relay", functions: &[("stats_reporter", 9, 17), ("main", 19, 63)] };

/// The top level of the file, relay.lua:1-65.
pub fn chunk(cx: Cx) -> LuaResult<Multi> {
    let stats = record!(cx, [("messages", Value::int(0)), ("workers_spawned", Value::int(0))]);

    let stats_reporter = Closure::new(cx, &STATS_REPORTER, [stats.clone()]);

    let main = Closure::new(cx, &MAIN, [stats_reporter.clone(), stats.clone()]);

    Ok(Multi::one(cx, record!(cx, [("main", main)])))
}

/// `stats_reporter`, relay.lua:9-17.
/// Captures `stats`.
/// May suspend: sleep.
async fn stats_reporter(cx: Cx, this: Value) -> LuaResult<()> {
    let stats = this.captured(0);
    // relay.lua:10
    loop {
        cx.spend()?;
        time::sleep(cx, &[s!("5s")]).at(cx, at!(11)).await?;
        logger::info(cx, &[Value::module(&logger::LOGGER), s!("stats"), record!(cx, [
            ("messages", field(cx, stats, &KEYS.messages, at!(13, upvalue "stats"))?),
            ("workers_spawned", field(cx, stats, &KEYS.workers_spawned, at!(14, upvalue "stats"))?),
        ])]).at(cx, at!(12, upvalue "logger", method "info"))?;
    }
}

lua_function!(STATS_REPORTER, "stats_reporter", line 9, async stats_reporter(this;));

/// `main`, relay.lua:19-63.
/// Captures `stats_reporter`, `stats`.
/// May suspend: inbox.
async fn main(cx: Cx, this: Value) -> LuaResult<()> {
    cx.enter()?;
    let stats_reporter = this.captured(0);
    let stats = this.captured(1);
    let inbox = process::inbox(cx, &[]).at(cx, at!(20)).await?;
    let events = process::events(cx, &[]).at(cx, at!(21)).await?;

    native(cx, registry::register, [s!("relay")], at!(23))?;
    logger::info(cx, &[
        Value::module(&logger::LOGGER),
        s!("relay started"),
        record!(cx, [("pid", native(cx, process::pid, [], at!(24))?)]),
    ]).at(cx, at!(24, upvalue "logger", method "info"))?;

    coroutine::spawn(cx, &[stats_reporter.clone()]).at(cx, at!(26)).await?;

    // relay.lua:28
    loop {
        cx.spend()?;
        let r = channel::select_cases(cx, [
            channel::receive_case(
                cx,
                &inbox,
                &KEYS.case_receive,
                at!(30, local "inbox", method "case_receive"),
            )?,
            channel::receive_case(
                cx,
                &events,
                &KEYS.case_receive,
                at!(31, local "events", method "case_receive"),
            )?,
        ]).at(cx, at!(29)).await?.first();

        // relay.lua:34
        if eq(cx, field(cx, &r, &KEYS.channel, at!(34, local "r"))?, &events, at!(34))? {
            let event = field(cx, &r, &KEYS.value, at!(35, local "r"))?;
            // relay.lua:36
            if eq(
                cx,
                field(cx, &event, &KEYS.kind, at!(36, local "event"))?,
                process::EVENT.get(cx, b"EXIT"),
                at!(36),
            )? {
                logger::info(cx, &[Value::module(&logger::LOGGER), s!("worker exited"), record!(cx, [
                    ("from", field(cx, &event, &KEYS.from, at!(38, local "event"))?),
                    ("result", field(cx, &event, &KEYS.result, at!(39, local "event"))?),
                ])]).at(cx, at!(37, upvalue "logger", method "info"))?;
            }
        } else {
            let msg = field(cx, &r, &KEYS.value, at!(43, local "r"))?;
            // relay.lua:44
            if raw_equal(
                method(cx, &msg, &KEYS.topic, [], at!(44, local "msg", method "topic"))?,
                s!("echo"),
            ) {
                let echo = method(
                    cx,
                    method(cx, msg, &KEYS.payload, [], at!(45, local "msg", method "payload"))?,
                    &KEYS.data,
                    [],
                    at!(45, none, method "data"),
                )?;
                set_field(
                    cx,
                    stats,
                    &KEYS.messages,
                    add(
                        cx,
                        field(cx, stats, &KEYS.messages, at!(46, upvalue "stats"))?,
                        Value::int(1),
                        at!(46, field "messages"),
                    )?,
                    at!(46, upvalue "stats"),
                )?;

                let [worker_pid, err] = process::spawn_monitored(cx, &[
                    s!("app:worker"),
                    s!("app:processes"),
                    field(cx, &echo, &KEYS.sender, at!(51, local "echo"))?,
                    field(cx, &echo, &KEYS.data, at!(53, local "echo"))?,
                ]).at(cx, at!(48)).await?.adjust(cx);

                // relay.lua:55
                if err.truthy() {
                    logger::error(
                        cx,
                        &[Value::module(&logger::LOGGER), s!("spawn failed"), record!(cx, [("error", err)])],
                    ).at(cx, at!(56, upvalue "logger", method "error"))?;
                } else {
                    set_field(
                        cx,
                        stats,
                        &KEYS.workers_spawned,
                        add(
                            cx,
                            field(cx, stats, &KEYS.workers_spawned, at!(58, upvalue "stats"))?,
                            Value::int(1),
                            at!(58, field "workers_spawned"),
                        )?,
                        at!(58, upvalue "stats"),
                    )?;
                }
            }
        }
    }
}

lua_function!(MAIN, "main", line 19, async main(this;));

// What it calls fields, methods and globals.
keys! {
    case_receive, channel, data, from, kind, messages, payload, result, sender, topic, value, workers_spawned,
}
