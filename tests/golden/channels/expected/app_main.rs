//! `app:main`, from tests/golden/channels/src/main.lua. Written by `cargo xtask build tests/golden/channels/src/`; edit the Lua instead.

use moonwright_runtime::rt::*;

const CHUNK: &Chunk = &Chunk {
    name: "app:main",
    functions: &[
        ("pipeline", 5, 29),
        ("", 7, 12),
        ("", 13, 20),
        ("first", 31, 34),
        ("main", 36, 60),
        ("", 46, 46),
    ],
};

/// The top level of the file, main.lua:1-62.
pub fn chunk(cx: Cx) -> LuaResult<Multi> {
    // A pipeline of tasks that share the process: numbers, their squares, the sum.

    Ok(Multi::one(cx, record!(cx, [("main", Value::function(&MAIN))])))
}

/// `pipeline`, main.lua:5-29.
/// May suspend: spawn.
async fn pipeline(cx: Cx) -> LuaResult {
    cx.enter()?;
    let [numbers, squares] = [
        native(cx, channel::new, [], at!(6))?,
        native(cx, channel::new, [Value::int(2)], at!(6))?,
    ];
    coroutine::spawn(cx, &[Closure::new(cx, &ANONYMOUS_7, [numbers.clone()])]).at(cx, at!(7)).await?;
    coroutine::spawn(cx, &[Closure::new(cx, &ANONYMOUS_13, [numbers.clone(), squares.clone()])])
        .at(cx, at!(13)).await?;
    let mut sum = Value::int(0);
    // main.lua:22
    loop {
        cx.spend()?;
        let [square, ok] = method_multi_async(
            cx,
            &squares,
            &KEYS.receive,
            &[],
            at!(23, local "squares", method "receive"),
        ).await?.adjust(cx);
        // main.lua:24
        if !ok.truthy() {
            return Ok(sum.clone());
        }
        sum = add(cx, &sum, &square, at!(27, local "sum", local "square"))?;
    }
}

lua_function!(PIPELINE, "pipeline", line 5, async pipeline());

/// A function without a name, main.lua:7-12.
/// Captures `numbers`.
/// May suspend: send.
async fn anonymous_7(cx: Cx, this: Value) -> LuaResult<()> {
    cx.enter()?;
    let numbers = this.captured(0);
    // main.lua:8
    for n in numeric_for(cx, Value::int(1), Value::int(5), Value::int(1), at!(8))? {
        cx.spend()?;
        method_async(cx, numbers, &KEYS.send, &[n], at!(9, upvalue "numbers", method "send")).await?;
    }
    method_async(cx, numbers, &KEYS.close, &[], at!(11, upvalue "numbers", method "close")).await?;
    Ok(())
}

lua_function!(ANONYMOUS_7, "", line 7, async anonymous_7(this;));

/// A function without a name, main.lua:13-20.
/// Captures `numbers`, `squares`.
/// May suspend: receive.
async fn anonymous_13(cx: Cx, this: Value) -> LuaResult<()> {
    cx.enter()?;
    let numbers = this.captured(0);
    let squares = this.captured(1);
    // main.lua:14
    loop {
        cx.spend()?;
        let [n, ok] = method_multi_async(
            cx,
            numbers,
            &KEYS.receive,
            &[],
            at!(15, upvalue "numbers", method "receive"),
        ).await?.adjust(cx);
        // main.lua:16
        if !ok.truthy() {
            break;
        }
        method_async(
            cx,
            squares,
            &KEYS.send,
            &[mul(cx, &n, &n, at!(17, local "n", local "n"))?],
            at!(17, upvalue "squares", method "send"),
        ).await?;
    }
    method_async(cx, squares, &KEYS.close, &[], at!(19, upvalue "squares", method "close")).await?;
    Ok(())
}

lua_function!(ANONYMOUS_13, "", line 13, async anonymous_13(this;));

/// `first`, main.lua:31-34.
/// May suspend: select.
async fn first(cx: Cx, varargs: Args) -> LuaResult<[Value; 2]> {
    let result = channel::select(cx, &[list_with_rest(cx, [], Multi::from_slice(cx, &varargs))])
        .at(cx, at!(32)).await?.first();
    Ok([
        field(cx, &result, &KEYS.value, at!(33, local "result"))?,
        field(cx, &result, &KEYS.ok, at!(33, local "result"))?,
    ])
}

lua_function!(FIRST, "first", line 31, async first() varargs);

/// `main`, main.lua:36-60.
/// May suspend: calls pipeline.
async fn main(cx: Cx) -> LuaResult<()> {
    cx.enter()?;
    native(cx, io::print, [s!("sum"), pipeline(cx).at(cx, at!(37)).await?], at!(37))?;

    let buffered = native(cx, channel::new, [Value::int(3)], at!(39))?;
    method_async(cx, &buffered, &KEYS.send, &[s!("a")], at!(40, local "buffered", method "send")).await?;
    method_async(cx, &buffered, &KEYS.send, &[s!("b")], at!(41, local "buffered", method "send")).await?;
    method_async(cx, &buffered, &KEYS.close, &[], at!(42, local "buffered", method "close")).await?;
    native(
        cx,
        io::print,
        with_rest(
            cx,
            [],
            method_multi_async(cx, &buffered, &KEYS.receive, &[], at!(43, local "buffered", method "receive"))
                .await?,
        ),
        at!(43),
    )?;
    native(
        cx,
        io::print,
        with_rest(
            cx,
            [],
            method_multi_async(cx, &buffered, &KEYS.receive, &[], at!(44, local "buffered", method "receive"))
                .await?,
        ),
        at!(44),
    )?;
    native(
        cx,
        io::print,
        with_rest(
            cx,
            [native(
                cx,
                base::tostring,
                [method_async(
                    cx,
                    &buffered,
                    &KEYS.receive,
                    &[],
                    at!(45, local "buffered", method "receive"),
                ).await?],
                at!(45),
            )?],
            native(
                cx,
                base::select,
                with_rest(cx, [Value::int(2)], method_multi_async(
                    cx,
                    &buffered,
                    &KEYS.receive,
                    &[],
                    at!(45, local "buffered", method "receive"),
                ).await?),
                at!(45),
            )?,
        ),
        at!(45),
    )?;
    native(
        cx,
        io::print,
        with_rest(
            cx,
            [],
            base::pcall(cx, &[Closure::new(cx, &ANONYMOUS_46, [buffered.clone()])])
                .at(cx, at!(46 in 5)).await?,
        ),
        at!(46 in 5),
    )?;

    let [one, two] = [
        native(cx, channel::new, [Value::int(1)], at!(48))?,
        native(cx, channel::new, [Value::int(1)], at!(48))?,
    ];
    method_async(cx, &two, &KEYS.send, &[s!("from two")], at!(49, local "two", method "send")).await?;
    native(
        cx,
        io::print,
        with_rest(cx, [], first(cx, Args::from_iter([
            channel::receive_case(cx, &one, &KEYS.case_receive, at!(50, local "one", method "case_receive"))?,
            channel::receive_case(cx, &two, &KEYS.case_receive, at!(50, local "two", method "case_receive"))?,
        ])).at(cx, at!(50)).await?.into_multi(cx)),
        at!(50),
    )?;
    native(
        cx,
        io::print,
        with_rest(cx, [], first(cx, Args::from_iter([
            method(cx, &one, &KEYS.case_send, [s!("put")], at!(51, local "one", method "case_send"))?,
            channel::receive_case(cx, two, &KEYS.case_receive, at!(51, local "two", method "case_receive"))?,
        ])).at(cx, at!(51)).await?.into_multi(cx)),
        at!(51),
    )?;
    native(
        cx,
        io::print,
        with_rest(
            cx,
            [],
            method_multi_async(cx, &one, &KEYS.receive, &[], at!(52, local "one", method "receive")).await?,
        ),
        at!(52),
    )?;

    let empty = channel::select(cx, &[
        {
            let mw_table_1 = new_table(cx);
            let mw_item_2 = channel::receive_case(
                cx,
                &one,
                &KEYS.case_receive,
                at!(54, local "one", method "case_receive"),
            )?;
            set_field(cx, &mw_table_1, &KEYS.default, Value::TRUE, at!(54))?;
            append(&mw_table_1, 1, [mw_item_2]);
            mw_table_1
        },
    ]).at(cx, at!(54)).await?.first();
    native(
        cx,
        io::print,
        [
            s!("default"),
            field(cx, &empty, &KEYS.default, at!(55, local "empty"))?,
            native(cx, base::tostring, [field(cx, &empty, &KEYS.value, at!(55, local "empty"))?], at!(55))?,
        ],
        at!(55),
    )?;

    let timeout = time::after(cx, &[s!("20ms")]).at(cx, at!(57)).await?.first();
    let result = channel::select_cases(cx, [
        channel::receive_case(cx, one, &KEYS.case_receive, at!(58, local "one", method "case_receive"))?,
        channel::receive_case(
            cx,
            &timeout,
            &KEYS.case_receive,
            at!(58, local "timeout", method "case_receive"),
        )?,
    ]).at(cx, at!(58)).await?.first();
    native(
        cx,
        io::print,
        [s!("timeout"), Value::bool(
            eq(cx, field(cx, &result, &KEYS.channel, at!(59, local "result"))?, &timeout, at!(59))?,
        )],
        at!(59),
    )?;
    Ok(())
}

lua_function!(pub MAIN, "main", line 36, async main());

/// A function without a name, main.lua:46.
/// Captures `buffered`.
/// May suspend: send.
async fn anonymous_46(cx: Cx, this: Value) -> LuaResult<()> {
    cx.enter()?;
    let buffered = this.captured(0);
    method_async(cx, buffered, &KEYS.send, &[s!("late")], at!(46, upvalue "buffered", method "send")).await?;
    Ok(())
}

lua_function!(ANONYMOUS_46, "", line 46, async anonymous_46(this;));

// What it calls fields, methods and globals.
keys! {
    case_receive, case_send, channel, close, default, ok, receive, send, value,
}
