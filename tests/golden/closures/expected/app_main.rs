//! `app:main`, from tests/golden/closures/src/main.lua. Written by `cargo xtask build tests/golden/closures/src/`; edit the Lua instead.

use moonwright_runtime::rt::*;

const CHUNK: &Chunk = &Chunk {
    name: "app:main",
    functions: &[
        ("counter", 6, 16),
        ("increment", 8, 11),
        ("get", 12, 14),
        ("collect", 19, 28),
        ("", 22, 25),
        ("outer", 31, 39),
        ("deep", 32, 37),
        ("", 34, 34),
        ("main", 41, 70),
        ("", 58, 58),
        ("", 66, 66),
    ],
};

/// The top level of the file, main.lua:1-72.
pub fn chunk(cx: Cx) -> LuaResult<Multi> {
    // What closures share, and what each has of its own.
    // The first line of a file is a comment like any other.

    // One variable, two functions that share it.

    // Each turn of a loop has a variable of its own.

    // Captured through two levels, and recursive.

    Ok(Multi::one(cx, record!(cx, [("main", Value::function(&MAIN))])))
}

/// `counter`, main.lua:6-16.
fn counter(cx: Cx, start: Value) -> LuaResult<[Value; 2]> {
    let count = Shared::new(cx, start);
    let increment = Closure::new(cx, &INCREMENT, [count.capture()]);
    let get = Closure::new(cx, &GET, [count.capture()]);
    Ok([increment, get])
}

lua_function!(COUNTER, "counter", line 6, plain counter(start));

/// `increment`, main.lua:8-11.
/// Captures `count`.
fn increment(cx: Cx, this: &Value, by: Value) -> LuaResult {
    let count = this.shared_upvalue(0);
    count.set(fast::add(cx, count.get(), or!(by, Value::int(1)), at!(9, upvalue "count"))?);
    Ok(count.get())
}

lua_function!(INCREMENT, "increment", line 8, plain increment(this; by));

/// `get`, main.lua:12-14.
/// Captures `count`.
fn get(cx: Cx, this: &Value) -> LuaResult {
    let count = this.shared_upvalue(0);
    Ok(count.get())
}

lua_function!(GET, "get", line 12, plain get(this;));

/// `collect`, main.lua:19-28.
fn collect(cx: Cx) -> LuaResult {
    let functions = new_table(cx);
    // main.lua:21
    for i in numeric_for(cx, Value::int(1), Value::int(3), Value::int(1), at!(21))? {
        cx.spend()?;
        let i = Shared::new(cx, i);
        fast::set_index(
            cx,
            &functions,
            i.get(),
            Closure::new(cx, &ANONYMOUS_22, [i.capture()]),
            at!(25, local "functions"),
        )?;
    }
    Ok(functions)
}

lua_function!(COLLECT, "collect", line 19, plain collect());

/// A function without a name, main.lua:22-25.
/// Captures `i`.
fn anonymous_22(cx: Cx, this: &Value) -> LuaResult {
    let i = this.shared_upvalue(0);
    i.set(fast::mul(cx, i.get(), Value::int(10), at!(23, upvalue "i"))?);
    Ok(i.get())
}

lua_function!(ANONYMOUS_22, "", line 22, plain anonymous_22(this;));

/// `outer`, main.lua:31-39.
fn outer(cx: Cx, name: Value) -> LuaResult {
    let deep = Closure::new(cx, &DEEP, [name.clone()]);
    self::deep(cx, &deep, Value::int(3)).tail(cx, at!(38, local "deep"))
}

lua_function!(OUTER, "outer", line 31, plain outer(name));

/// `deep`, main.lua:32-37.
/// Captures `name`.
fn deep(cx: Cx, this: &Value, mut depth: Value) -> LuaResult {
    cx.enter_inlined()?;
    let name = this.captured(0);
    'tail: loop {
        cx.spend()?;
        // main.lua:33
        if fast::raw_equal(&depth, Value::int(0)) {
            return Ok(Closure::new(cx, &ANONYMOUS_34, [name.clone()]));
        }
        {
            depth = fast::sub(cx, &depth, Value::int(1), at!(36, local "depth"))?;
            continue 'tail;
        }
    }
}

lua_function!(DEEP, "deep", line 32, plain deep(this; depth));

/// A function without a name, main.lua:34.
/// Captures `name`.
fn anonymous_34(cx: Cx, this: &Value) -> LuaResult {
    let name = this.captured(0);
    Ok(fast::clone(name))
}

lua_function!(ANONYMOUS_34, "", line 34, plain anonymous_34(this;));

/// `main`, main.lua:41-70.
fn main(cx: Cx) -> LuaResult<()> {
    cx.enter()?;
    let [mut increment, get] = counter(cx, Value::int(5)).at(cx, at!(42))?;
    call(cx, &increment, [], at!(43, local "increment"))?;
    call(cx, &increment, [Value::int(10)], at!(44, local "increment"))?;
    native(
        cx,
        io::print,
        with_rest(cx, [s!("shared")], call_multi(cx, &get, [], at!(45, local "get"))?),
        at!(45),
    )?;

    let other = counter(cx, Value::int(0)).at(cx, at!(47))?.into_multi(cx).first();
    native(
        cx,
        io::print,
        with_rest(
            cx,
            [s!("separate"), call(cx, &other, [], at!(48, local "other"))?],
            call_multi(cx, &get, [], at!(48, local "get"))?,
        ),
        at!(48),
    )?;

    let functions = collect(cx).at(cx, at!(50))?;
    native(
        cx,
        io::print,
        with_rest(
            cx,
            [
                s!("loop"),
                call(
                    cx,
                    index(cx, &functions, Value::int(1), at!(51, local "functions"))?,
                    [],
                    at!(51, field "?"),
                )?,
                call(
                    cx,
                    index(cx, &functions, Value::int(1), at!(51, local "functions"))?,
                    [],
                    at!(51, field "?"),
                )?,
                call(
                    cx,
                    index(cx, &functions, Value::int(2), at!(51, local "functions"))?,
                    [],
                    at!(51, field "?"),
                )?,
            ],
            call_multi(
                cx,
                index(cx, &functions, Value::int(3), at!(51, local "functions"))?,
                [],
                at!(51, field "?"),
            )?,
        ),
        at!(51),
    )?;

    native(
        cx,
        io::print,
        with_rest(
            cx,
            [s!("deep"), call(cx, outer(cx, s!("a")).at(cx, at!(53))?, [], at!(53))?],
            call_multi(cx, outer(cx, s!("b")).at(cx, at!(53))?, [], at!(53))?,
        ),
        at!(53),
    )?;

    {
        let x = Shared::new(cx, add(cx, Value::int(1), Value::int(1), at!(57, local "x"))?);
        increment = Closure::new(cx, &ANONYMOUS_58, [x.capture()]);
    }
    native(
        cx,
        io::print,
        [
            s!("shadowed"),
            call(cx, &increment, [], at!(60, local "increment"))?,
            call(cx, &increment, [], at!(60, local "increment"))?,
            Value::int(1),
        ],
        at!(60),
    )?;

    // repeat ... until sees the body's locals, closures over them too.
    let [mut n, seen] = [Value::int(0), new_table(cx)];
    // main.lua:64
    loop {
        cx.spend()?;
        let mine = fast::clone(&n);
        fast::set_index(
            cx,
            &seen,
            fast::add(cx, fast::len(cx, &seen, at!(66 in 9, local "seen"))?, Value::int(1), at!(66 in 9))?,
            Closure::new(cx, &ANONYMOUS_66, [mine.clone()]),
            at!(66 in 9, local "seen"),
        )?;
        n = fast::add(cx, &n, Value::int(1), at!(67, local "n"))?;
        if fast::ge(cx, &mine, Value::int(2), at!(68))? {
            break;
        }
    }
    native(
        cx,
        io::print,
        with_rest(
            cx,
            [
                s!("repeat"),
                call(cx, index(cx, &seen, Value::int(1), at!(69, local "seen"))?, [], at!(69, field "?"))?,
                call(cx, index(cx, &seen, Value::int(2), at!(69, local "seen"))?, [], at!(69, field "?"))?,
            ],
            call_multi(cx, index(cx, &seen, Value::int(3), at!(69, local "seen"))?, [], at!(69, field "?"))?,
        ),
        at!(69),
    )?;
    Ok(())
}

lua_function!(pub MAIN, "main", line 41, plain main());

/// A function without a name, main.lua:58.
/// Captures `x`.
fn anonymous_58(cx: Cx, this: &Value) -> LuaResult {
    let x = this.shared_upvalue(0);
    x.set(fast::add(cx, x.get(), Value::int(1), at!(58, upvalue "x"))?);
    Ok(x.get())
}

lua_function!(ANONYMOUS_58, "", line 58, plain anonymous_58(this;));

/// A function without a name, main.lua:66.
/// Captures `mine`.
fn anonymous_66(cx: Cx, this: &Value) -> LuaResult {
    let mine = this.captured(0);
    Ok(fast::clone(mine))
}

lua_function!(ANONYMOUS_66, "", line 66, plain anonymous_66(this;));
