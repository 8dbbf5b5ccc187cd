//! Finalizers, `collectgarbage`, and that nothing is left when a process ends.
//!
//! With the feature `system-allocator` every byte is counted:
//! `cargo test -p moonwright-runtime --features system-allocator --test memory`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use moonwright_runtime::cx::{Context, Mode};
use moonwright_runtime::ops::call::call;
use moonwright_runtime::ops::index::{index, new_table, set_index};
use moonwright_runtime::process::ProcessState;
use moonwright_runtime::rt::{
    AtResult, Chunk, Closure, Cx, LuaResult, Multi, Shared, Value, at, base, coroutine, lua_function, record,
    s,
};

const CHUNK: &Chunk = &Chunk { name: "app:a", functions: &[] };

fn with_cx<R>(work: impl FnOnce(Cx) -> R) -> R {
    let context = Context::in_mode(ProcessState::default(), Mode::Script);
    // SAFETY: the handle is not used after `work`.
    let cx = unsafe { context.cx() };
    cx.set_stack_budget(256 * 1024);
    work(cx)
}

fn global(cx: Cx, name: &str) -> Value {
    index(cx, &cx.globals(), &Value::from(name)).unwrap()
}

fn collectgarbage(cx: Cx, option: &str) -> Value {
    call(cx, &global(cx, "collectgarbage"), &[option.into()]).unwrap().first()
}

/// `function(object) log[#log + 1] = object.name end`, with `log` a global.
fn finalize(cx: Cx, object: Value) -> LuaResult<()> {
    cx.check_stack()?;
    let log = global(cx, "log");
    let name = index(cx, &object, &s!("name")).at(cx, at!(1))?;
    let next = log.as_table().unwrap().length() + 1;
    set_index(cx, &log, Value::int(next), name).at(cx, at!(1))
}
lua_function!(FINALIZE, "finalize", line 1, plain finalize(object));

/// `setmetatable({name = name}, {__gc = finalize})`
fn finalizable(cx: Cx, name: &str) -> Value {
    let metatable = new_table(cx);
    set_index(cx, &metatable, s!("__gc"), Value::function(&FINALIZE)).unwrap();
    let object = record!(cx, [("name", name.into())]);
    base::setmetatable(cx, &[object, metatable]).unwrap()
}

fn log(cx: Cx) -> String {
    format!("{:?}", global(cx, "log").as_table().unwrap().array())
}

#[test]
fn finalizers_run_once_in_reverse_order() {
    with_cx(|cx| {
        set_index(cx, &cx.globals(), s!("log"), new_table(cx)).unwrap();
        let kept = finalizable(cx, "kept");
        for name in ["a", "b"] {
            let object = finalizable(cx, name);
            // In a cycle, for good measure.
            set_index(cx, &object, s!("self"), object.clone()).unwrap();
        }
        collectgarbage(cx, "collect");
        assert_eq!(log(cx), "[\"b\", \"a\"]");
        collectgarbage(cx, "collect");
        assert_eq!(log(cx), "[\"b\", \"a\"]");
        drop(kept);
        collectgarbage(cx, "collect");
        assert_eq!(log(cx), "[\"b\", \"a\", \"kept\"]");
    });
}

#[test]
fn finalizers_run_by_themselves_when_there_is_much_garbage() {
    with_cx(|cx| {
        set_index(cx, &cx.globals(), s!("log"), new_table(cx)).unwrap();
        drop(finalizable(cx, "gone"));
        let mut objects = Vec::new();
        while global(cx, "log").as_table().unwrap().length() == 0 {
            objects.push(new_table(cx));
            assert!(objects.len() < 1_000_000, "no finalizer has run");
            cx.check_stack().unwrap();
        }
        assert_eq!(log(cx), "[\"gone\"]");
    });
}

#[test]
fn the_count_follows_what_is_alive() {
    with_cx(|cx| {
        let count = || collectgarbage(cx, "count").as_float().unwrap();
        let before = count();
        let big = new_table(cx);
        for key in 1..=10_000 {
            set_index(cx, &big, Value::int(key), Value::string(format!("text number {key}"))).unwrap();
        }
        let full = count();
        assert!(full - before > 400.0, "{} KiB", full - before);
        // A cycle of its own is garbage, but still there.
        set_index(cx, &big, s!("self"), big.clone()).unwrap();
        drop(big);
        assert!(count() > full - 1.0);
        collectgarbage(cx, "collect");
        assert!((count() - before).abs() < 1.0, "{} KiB are left", count() - before);
        assert!(collectgarbage(cx, "isrunning").truthy());
        collectgarbage(cx, "stop");
        assert!(!collectgarbage(cx, "isrunning").truthy());
        assert!(collectgarbage(cx, "step").truthy());
    });
}

/// `function() local keep = {} while true do coroutine.yield(keep) end end`
async fn generate(cx: Cx) -> LuaResult<()> {
    let keep = new_table(cx);
    loop {
        coroutine::yield_(cx, std::slice::from_ref(&keep)).at(cx, at!(3)).await?;
    }
}
lua_function!(GENERATE, "generate", line 3, async generate());

lua_function!(NOTHING, "nothing", line 4, plain nothing());
fn nothing(_: Cx) -> LuaResult<()> {
    Ok(())
}

/// A little of everything, cyclic where it can be.
fn live(cx: Cx) {
    drop(cx.globals());
    let table = new_table(cx);
    let shared = Shared::new(cx, table.clone());
    let closure = Closure::new(cx, &NOTHING, [shared.capture(), table.clone()]);
    shared.set(closure.clone());
    for key in 1..100 {
        set_index(cx, &table, Value::int(key), closure.clone()).unwrap();
        set_index(cx, &table, Value::string(format!("key {key}")), table.clone()).unwrap();
    }
    set_index(cx, &table, table.clone(), Value::float(0.5)).unwrap();
    let coroutine = coroutine::create(cx, &[Value::function(&GENERATE)]).unwrap();
    let _ = coroutine::resume_plain(cx, std::slice::from_ref(&coroutine)).unwrap();
    set_index(cx, &table, s!("coroutine"), coroutine).unwrap();
    let error = base::error(cx, std::slice::from_ref(&table));
    assert!(error.is_err());
    let _: Multi = base::select(cx, &[Value::int(1), table.clone(), table, closure]).unwrap();
}

#[test]
fn nothing_is_left_when_a_process_ends() {
    // Shapes, interned names and the like are made once.
    with_cx(live);
    let before = bytes();
    for _ in 0..10 {
        with_cx(live);
    }
    assert_eq!(bytes(), before);
}

#[cfg(not(feature = "system-allocator"))]
fn bytes() -> isize {
    0
}

#[cfg(feature = "system-allocator")]
use counting::bytes;

#[cfg(feature = "system-allocator")]
mod counting {
    //! The system's allocator, and how many bytes of it this thread uses.

    use std::alloc::{GlobalAlloc, Layout, System};
    use std::cell::Cell;

    thread_local! {
        static BYTES: Cell<isize> = const { Cell::new(0) };
    }

    struct Counting;

    #[global_allocator]
    static ALLOCATOR: Counting = Counting;

    pub fn bytes() -> isize {
        BYTES.get()
    }

    fn count(bytes: usize, sign: isize) {
        let bytes = isize::try_from(bytes).unwrap_or(isize::MAX);
        // While a thread ends, its counter may be gone.
        let _ = BYTES.try_with(|sum| sum.set(sum.get() + sign * bytes));
    }

    // SAFETY: passes everything on to the system's allocator.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            count(layout.size(), 1);
            // SAFETY: the caller's promise.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
            count(layout.size(), -1);
            // SAFETY: the caller's promise.
            unsafe { System.dealloc(pointer, layout) }
        }

        unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            count(layout.size(), -1);
            count(size, 1);
            // SAFETY: the caller's promise.
            unsafe { System.realloc(pointer, layout, size) }
        }
    }
}
