//! Coroutines that a program resumes by hand, driven as emitted code drives them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use moonwright_runtime::cx::{Context, Mode};
use moonwright_runtime::ops::arithmetic::add;
use moonwright_runtime::ops::call::call;
use moonwright_runtime::process::ProcessState;
use moonwright_runtime::rt::{
    AtFuture, AtResult, Chunk, Cx, LuaResult, Multi, Value, at, base, coroutine, lua_function, table,
};

const CHUNK: &Chunk = &Chunk { name: "app:a", functions: &[] };

fn with_cx<R>(mode: Mode, work: impl FnOnce(Cx) -> R) -> R {
    let context = Context::in_mode(ProcessState::default(), mode);
    // SAFETY: the handle is not used after `work`.
    let cx = unsafe { context.cx() };
    cx.set_stack_budget(256 * 1024);
    drop(cx.globals());
    work(cx)
}

fn shown(cx: Cx, results: LuaResult<Multi>) -> String {
    match results {
        Ok(results) => format!("{:?}", results.into_args(cx).as_slice()),
        Err(thrown) => format!("raised {:?}", cx.catch(thrown)),
    }
}

/// `function(n) while true do n = n + coroutine.yield(n) end end`
async fn count(cx: Cx, n: Value) -> LuaResult<()> {
    let mut n = n;
    loop {
        let more = coroutine::yield_(cx, std::slice::from_ref(&n)).at(cx, at!(2)).await?.first();
        n = add(cx, &n, &more).at(cx, at!(2))?;
    }
}
lua_function!(COUNT, "count", line 1, async count(n));

/// `function(a, b) return a, coroutine.yield(b) end`
async fn twice(cx: Cx, a: Value, b: Value) -> LuaResult<[Value; 2]> {
    let passed = coroutine::yield_(cx, &[b]).at(cx, at!(5)).await?.first();
    Ok([a, passed])
}
lua_function!(TWICE, "twice", line 4, async twice(a, b));

/// `function() error("oops") end`
fn fail(cx: Cx) -> LuaResult<()> {
    base::error(cx, &["oops".into()]).at(cx, at!(7))
}
lua_function!(FAIL, "fail", line 7, plain fail());

/// `function(f) return pcall(f, 1) end`
async fn protect(cx: Cx, f: Value) -> LuaResult<Multi> {
    base::pcall(cx, &[f, Value::int(1)]).at(cx, at!(9)).await
}
lua_function!(PROTECT, "protect", line 9, async protect(f));

/// `function(a, b) coroutine.yield() return a < b end`
async fn yielding_order(cx: Cx, _a: Value, _b: Value) -> LuaResult<Value> {
    coroutine::yield_(cx, &[]).at(cx, at!(11)).await?;
    Ok(Value::TRUE)
}
lua_function!(YIELDING_ORDER, "order", line 11, async yielding_order(a, b));

/// `function(t, order) table.sort(t, order) end`
fn sort(cx: Cx, items: Value, order: Value) -> LuaResult<()> {
    table::sort(cx, &[items, order]).at(cx, at!(13, field "sort"))
}
lua_function!(SORT, "sort", line 13, plain sort(items, order));

fn create(cx: Cx, function: Value) -> Value {
    coroutine::create(cx, &[function]).unwrap()
}

fn resume(cx: Cx, co: &Value, args: &[Value]) -> String {
    let args: Vec<Value> = std::iter::once(co.clone()).chain(args.iter().cloned()).collect();
    shown(cx, coroutine::resume_plain(cx, &args))
}

fn status(cx: Cx, co: &Value) -> String {
    format!("{:?}", coroutine::status(cx, std::slice::from_ref(co)).unwrap())
}

#[test]
fn values_go_in_and_out_until_the_body_returns() {
    with_cx(Mode::Application, |cx| {
        let co = create(cx, Value::function(&TWICE));
        assert_eq!(status(cx, &co), "\"suspended\"");
        assert_eq!(resume(cx, &co, &["a".into(), "b".into()]), "[true, \"b\"]");
        assert_eq!(resume(cx, &co, &["c".into()]), "[true, \"a\", \"c\"]");
        assert_eq!(status(cx, &co), "\"dead\"");
        assert_eq!(resume(cx, &co, &[]), "[false, \"cannot resume dead coroutine\"]");
    });
}

#[test]
fn a_generator_counts() {
    with_cx(Mode::Application, |cx| {
        let next = coroutine::wrap(cx, &[Value::function(&COUNT)]).unwrap();
        assert_eq!(shown(cx, call(cx, &next, &[Value::int(10)])), "[10]");
        for round in 1..=1000 {
            let n = call(cx, &next, &[Value::int(2)]).unwrap().first();
            assert_eq!(n.as_int(), Some(10 + 2 * round));
        }
    });
}

#[test]
fn errors_kill_the_coroutine_and_reach_the_resumer() {
    with_cx(Mode::Application, |cx| {
        let co = create(cx, Value::function(&FAIL));
        assert_eq!(resume(cx, &co, &[]), "[false, \"app:a:7: oops\"]");
        assert_eq!(status(cx, &co), "\"dead\"");
        assert_eq!(shown(cx, coroutine::close(cx, std::slice::from_ref(&co))), "[false, \"app:a:7: oops\"]");
        assert_eq!(shown(cx, coroutine::close(cx, &[co])), "[true]");
        let wrapped = coroutine::wrap(cx, &[Value::function(&FAIL)]).unwrap();
        assert_eq!(shown(cx, call(cx, &wrapped, &[]).at(cx, at!(30))), "raised \"app:a:7: oops\"");
        assert_eq!(
            shown(cx, call(cx, &wrapped, &[]).at(cx, at!(31))),
            "raised \"cannot resume dead coroutine\""
        );
    });
    with_cx(Mode::Script, |cx| {
        let wrapped = coroutine::wrap(cx, &[Value::function(&FAIL)]).unwrap();
        assert_eq!(shown(cx, call(cx, &wrapped, &[]).at(cx, at!(30))), "raised \"app:a:30: app:a:7: oops\"");
    });
}

#[test]
fn a_protected_call_may_be_yielded_through() {
    with_cx(Mode::Application, |cx| {
        let co = create(cx, Value::function(&PROTECT));
        assert_eq!(resume(cx, &co, &[Value::function(&COUNT)]), "[true, 1]");
        assert_eq!(resume(cx, &co, &[Value::int(5)]), "[true, 6]");
        let bad = resume(cx, &co, &["x".into()]);
        assert_eq!(bad, "[true, false, \"app:a:2: attempt to perform arithmetic on a string value\"]");
    });
}

#[test]
fn a_callback_cannot_yield() {
    with_cx(Mode::Application, |cx| {
        let co = create(cx, Value::function(&SORT));
        let items = moonwright_runtime::ops::index::list(cx, [Value::int(2), Value::int(1)]);
        assert_eq!(
            resume(cx, &co, &[items, Value::function(&YIELDING_ORDER)]),
            "[false, \"attempt to yield across a C-call boundary\"]"
        );
        let outside = call(cx, &Value::function(&COUNT), &[Value::int(1)]);
        assert_eq!(shown(cx, outside), "raised \"app:a:2: attempt to yield from outside a coroutine\"");
    });
}

#[test]
fn a_suspended_coroutine_closes_and_what_it_holds_is_freed() {
    with_cx(Mode::Application, |cx| {
        let before = cx.heap().is_empty();
        let co = create(cx, Value::function(&COUNT));
        assert_eq!(resume(cx, &co, &[Value::int(1)]), "[true, 1]");
        assert_eq!(shown(cx, coroutine::close(cx, std::slice::from_ref(&co))), "[true]");
        assert_eq!(status(cx, &co), "\"dead\"");
        drop(co);
        assert_eq!(cx.heap().is_empty(), before);
    });
}

#[test]
fn resuming_what_is_no_coroutine_or_runs_is_refused() {
    with_cx(Mode::Script, |cx| {
        let bad = coroutine::resume_plain(cx, &[Value::TRUE]).at(cx, at!(4, field "resume"));
        assert_eq!(shown(cx, bad), "raised \"app:a:4: bad argument #1 to 'resume' (thread expected)\"");
        let [main, is_main] = coroutine::running(cx, &[]).unwrap().adjust::<2>(cx);
        assert!(is_main.truthy());
        assert_eq!(resume(cx, &main, &[]), "[false, \"cannot resume non-suspended coroutine\"]");
        assert_eq!(status(cx, &main), "\"running\"");
    });
}

/// `function(depth) if depth == 0 then return 0 end
/// local _, n = coroutine.resume(coroutine.create(nest), depth - 1)
/// return math.type(n) and n + 1 or n end`
fn nest(cx: Cx, depth: Value) -> LuaResult<Value> {
    cx.check_stack()?;
    if depth.as_int() == Some(0) {
        return Ok(depth);
    }
    let inner = create(cx, Value::function(&NEST));
    let less = add(cx, &depth, &Value::int(-1)).at(cx, at!(20))?;
    let [_, result] = coroutine::resume_plain(cx, &[inner, less]).at(cx, at!(20))?.adjust::<2>(cx);
    if result.as_int().is_some() { add(cx, &result, &Value::int(1)).at(cx, at!(20)) } else { Ok(result) }
}
lua_function!(NEST, "nest", line 20, plain nest(depth));

#[test]
fn coroutines_nest_until_the_stack_is_used_up() {
    with_cx(Mode::Application, |cx| {
        let co = create(cx, Value::function(&NEST));
        assert_eq!(resume(cx, &co, &[Value::int(20)]), "[true, 20]");
        let co = create(cx, Value::function(&NEST));
        let text = resume(cx, &co, &[Value::int(1_000_000)]);
        assert!(text.contains("stack overflow"), "{text}");
    });
}
