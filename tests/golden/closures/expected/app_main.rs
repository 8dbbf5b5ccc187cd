//! `app:main`, from tests/golden/closures/src/main.lua. Written by `cargo xtask build tests/golden/closures/src/`; edit the Lua instead.

use moonwright_runtime::rt::*;

const CHUNK: &Chunk = &Chunk {
    name: "app:main",
    functions: &[
        ("counter", 4, 14),
        ("increment", 6, 9),
        ("get", 10, 12),
        ("collect", 17, 26),
        ("", 20, 23),
        ("outer", 29, 37),
        ("deep", 30, 35),
        ("", 32, 32),
        ("main", 39, 68),
        ("", 56, 56),
        ("", 64, 64),
    ],
};

/// The top level of the file, main.lua:1-70.
pub fn chunk(cx: Cx) -> LuaResult<Multi> {
    // One variable, two functions that share it.

    // Each turn of a loop has a variable of its own.

    // Captured through two levels, and recursive.

    Ok(Multi::one(cx, record!(cx, [("main", Value::function(&MAIN))])))
}

/// `counter`, main.lua:4-14.
fn counter(cx: Cx, start: Value) -> LuaResult<[Value; 2]> {
    let count = Shared::new(cx, start);
    let increment = Closure::new(cx, &INCREMENT, [count.capture()]);
    let get = Closure::new(cx, &GET, [count.capture()]);
    Ok([increment, get])
}

lua_function!(COUNTER, "counter", line 4, plain counter(start));

/// `increment`, main.lua:6-9.
/// Captures `count`.
fn increment(cx: Cx, this: &Value, by: Value) -> LuaResult {
    let count = this.shared_upvalue(0);
    count.set(fast::add(cx, count.get(), or!(by, Value::int(1)), at!(7, upvalue "count"))?);
    Ok(count.get())
}

lua_function!(INCREMENT, "increment", line 6, plain increment(this; by));

/// `get`, main.lua:10-12.
/// Captures `count`.
fn get(cx: Cx, this: &Value) -> LuaResult {
    let count = this.shared_upvalue(0);
    Ok(count.get())
}

lua_function!(GET, "get", line 10, plain get(this;));

/// `collect`, main.lua:17-26.
fn collect(cx: Cx) -> LuaResult {
    let functions = new_table(cx);
    // main.lua:19
    for i in numeric_for(cx, Value::int(1), Value::int(3), Value::int(1), at!(19))? {
        cx.spend()?;
        let i = Shared::new(cx, i);
        fast::set_index(
            cx,
            &functions,
            i.get(),
            Closure::new(cx, &ANONYMOUS_20, [i.capture()]),
            at!(23, local "functions"),
        )?;
    }
    Ok(functions)
}

lua_function!(COLLECT, "collect", line 17, plain collect());

/// A function without a name, main.lua:20-23.
/// Captures `i`.
fn anonymous_20(cx: Cx, this: &Value) -> LuaResult {
    let i = this.shared_upvalue(0);
    i.set(fast::mul(cx, i.get(), Value::int(10), at!(21, upvalue "i"))?);
    Ok(i.get())
}

lua_function!(ANONYMOUS_20, "", line 20, plain anonymous_20(this;));

/// `outer`, main.lua:29-37.
fn outer(cx: Cx, name: Value) -> LuaResult {
    let deep = Closure::new(cx, &DEEP, [name.clone()]);
    self::deep(cx, &deep, Value::int(3)).tail(cx, at!(36, local "deep"))
}

lua_function!(OUTER, "outer", line 29, plain outer(name));

/// `deep`, main.lua:30-35.
/// Captures `name`.
fn deep(cx: Cx, this: &Value, mut depth: Value) -> LuaResult {
    cx.enter_inlined()?;
    let name = this.captured(0);
    'tail: loop {
        cx.spend()?;
        // main.lua:31
        if fast::raw_equal(&depth, Value::int(0)) {
            return Ok(Closure::new(cx, &ANONYMOUS_32, [name.clone()]));
        }
        {
            depth = fast::sub(cx, &depth, Value::int(1), at!(34, local "depth"))?;
            continue 'tail;
        }
    }
}

lua_function!(DEEP, "deep", line 30, plain deep(this; depth));

/// A function without a name, main.lua:32.
/// Captures `name`.
fn anonymous_32(cx: Cx, this: &Value) -> LuaResult {
    let name = this.captured(0);
    Ok(fast::clone(name))
}

lua_function!(ANONYMOUS_32, "", line 32, plain anonymous_32(this;));

/// `main`, main.lua:39-68.
fn main(cx: Cx) -> LuaResult<()> {
    cx.enter()?;
    let [mut increment, get] = counter(cx, Value::int(5)).at(cx, at!(40))?;
    call(cx, &increment, [], at!(41, local "increment"))?;
    call(cx, &increment, [Value::int(10)], at!(42, local "increment"))?;
    native(
        cx,
        io::print,
        with_rest(cx, [s!("shared")], call_multi(cx, &get, [], at!(43, local "get"))?),
        at!(43),
    )?;

    let other = counter(cx, Value::int(0)).at(cx, at!(45))?.into_multi(cx).first();
    native(
        cx,
        io::print,
        with_rest(
            cx,
            [s!("separate"), call(cx, &other, [], at!(46, local "other"))?],
            call_multi(cx, &get, [], at!(46, local "get"))?,
        ),
        at!(46),
    )?;

    let functions = collect(cx).at(cx, at!(48))?;
    native(
        cx,
        io::print,
        with_rest(
            cx,
            [
                s!("loop"),
                call(
                    cx,
                    index(cx, &functions, Value::int(1), at!(49, local "functions"))?,
                    [],
                    at!(49, field "?"),
                )?,
                call(
                    cx,
                    index(cx, &functions, Value::int(1), at!(49, local "functions"))?,
                    [],
                    at!(49, field "?"),
                )?,
                call(
                    cx,
                    index(cx, &functions, Value::int(2), at!(49, local "functions"))?,
                    [],
                    at!(49, field "?"),
                )?,
            ],
            call_multi(
                cx,
                index(cx, &functions, Value::int(3), at!(49, local "functions"))?,
                [],
                at!(49, field "?"),
            )?,
        ),
        at!(49),
    )?;

    native(
        cx,
        io::print,
        with_rest(
            cx,
            [s!("deep"), call(cx, outer(cx, s!("a")).at(cx, at!(51))?, [], at!(51))?],
            call_multi(cx, outer(cx, s!("b")).at(cx, at!(51))?, [], at!(51))?,
        ),
        at!(51),
    )?;

    {
        let x = Shared::new(cx, add(cx, Value::int(1), Value::int(1), at!(55, local "x"))?);
        increment = Closure::new(cx, &ANONYMOUS_56, [x.capture()]);
    }
    native(
        cx,
        io::print,
        [
            s!("shadowed"),
            call(cx, &increment, [], at!(58, local "increment"))?,
            call(cx, &increment, [], at!(58, local "increment"))?,
            Value::int(1),
        ],
        at!(58),
    )?;

    // repeat ... until sees the body's locals, closures over them too.
    let [mut n, seen] = [Value::int(0), new_table(cx)];
    // main.lua:62
    loop {
        cx.spend()?;
        let mine = fast::clone(&n);
        fast::set_index(
            cx,
            &seen,
            fast::add(cx, fast::len(cx, &seen, at!(64 in 9, local "seen"))?, Value::int(1), at!(64 in 9))?,
            Closure::new(cx, &ANONYMOUS_64, [mine.clone()]),
            at!(64 in 9, local "seen"),
        )?;
        n = fast::add(cx, &n, Value::int(1), at!(65, local "n"))?;
        if fast::ge(cx, &mine, Value::int(2), at!(66))? {
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
                call(cx, index(cx, &seen, Value::int(1), at!(67, local "seen"))?, [], at!(67, field "?"))?,
                call(cx, index(cx, &seen, Value::int(2), at!(67, local "seen"))?, [], at!(67, field "?"))?,
            ],
            call_multi(cx, index(cx, &seen, Value::int(3), at!(67, local "seen"))?, [], at!(67, field "?"))?,
        ),
        at!(67),
    )?;
    Ok(())
}

lua_function!(pub MAIN, "main", line 39, plain main());

/// A function without a name, main.lua:56.
/// Captures `x`.
fn anonymous_56(cx: Cx, this: &Value) -> LuaResult {
    let x = this.shared_upvalue(0);
    x.set(fast::add(cx, x.get(), Value::int(1), at!(56, upvalue "x"))?);
    Ok(x.get())
}

lua_function!(ANONYMOUS_56, "", line 56, plain anonymous_56(this;));

/// A function without a name, main.lua:64.
/// Captures `mine`.
fn anonymous_64(cx: Cx, this: &Value) -> LuaResult {
    let mine = this.captured(0);
    Ok(fast::clone(mine))
}

lua_function!(ANONYMOUS_64, "", line 64, plain anonymous_64(this;));
