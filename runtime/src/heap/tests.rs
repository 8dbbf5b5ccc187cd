//! What a heap keeps and frees.

use crate::function::{Closure, Shared};
use crate::heap::long;
use crate::results::Multi;
use crate::table::Table;
use crate::testing::with_cx;
use crate::value::Value;

#[test]
fn a_value_is_two_words_and_results_stay_in_registers() {
    assert_eq!(size_of::<Value>(), 16);
    assert_eq!(size_of::<crate::error::LuaResult>(), 16);
    assert_eq!(size_of::<Option<Value>>(), 16);
}

#[test]
fn objects_have_the_sizes_the_design_aims_at() {
    // An empty table 56 bytes, one with three fields 104, a closure with one capture 48.
    assert_eq!(size_of::<Table>(), 56);
    assert_eq!(size_of::<Table>() + 3 * size_of::<Value>(), 104);
    assert_eq!(size_of::<Closure>() + size_of::<Value>(), 48);
    assert_eq!(size_of::<crate::function::CellBox>(), 40);
    assert_eq!(size_of::<crate::userdata::UserDataBox>(), 32);
    assert_eq!(size_of::<crate::string::LuaStr>(), 16);
}

/// A table in a cycle with a closure over a cell that holds the table again.
fn cycle(cx: crate::cx::Cx) {
    static DEF: crate::function::FunctionDef = crate::native!("f", |cx, _| Ok(Multi::none(cx)));
    let table = Table::new(cx);
    let shared = Shared::new(cx, table.clone());
    let closure = Closure::new(cx, &DEF, [shared.capture()]);
    table.as_table().unwrap().set_text("closure", closure);
    table.as_table().unwrap().push(table.clone());
}

/// A host object that notes its end, or panics instead.
struct Ending(Option<std::rc::Rc<std::cell::Cell<u32>>>);

crate::library! {
    static NOTHING = "ending" {}
}

impl crate::userdata::Methods for Ending {
    const METHODS: &'static crate::module::Module = &NOTHING;
}

impl crate::userdata::UserData for Ending {}

impl Drop for Ending {
    fn drop(&mut self) {
        match &self.0 {
            Some(ends) => ends.set(ends.get() + 1),
            None => panic!("a bug of ours"),
        }
    }
}

#[test]
fn a_panic_while_freeing_keeps_nothing_from_being_freed_later() {
    with_cx(|cx| {
        let ends = std::rc::Rc::default();
        let free = |ends: Option<&std::rc::Rc<std::cell::Cell<u32>>>| {
            let list = Table::new(cx);
            let ending = crate::userdata::UserDataBox::new(cx, Ending(ends.cloned()));
            list.as_table().unwrap().push(ending);
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(list)))
        };
        assert!(free(Some(&ends)).is_ok() && ends.get() == 1);
        assert!(free(None).is_err());
        assert!(free(Some(&ends)).is_ok());
        assert_eq!(ends.get(), 2);
    });
}

#[test]
fn a_collection_frees_cycles_and_nothing_else() {
    with_cx(|cx| {
        let kept = Table::new(cx);
        let inner = Table::new(cx);
        inner.as_table().unwrap().set_text("outer", kept.clone());
        kept.as_table().unwrap().push(inner);
        for _ in 0..100 {
            cycle(cx);
        }
        assert_eq!(cx.heap().count(), 302);
        cx.heap().collect();
        assert_eq!(cx.heap().count(), 2);
        let inner = kept.as_table().unwrap().get_int(1);
        assert!(inner.as_table().unwrap().get_text("outer").is_identical(&kept));
    });
}

#[test]
fn a_program_that_makes_cycles_stays_flat() {
    with_cx(|cx| {
        let mut most = 0;
        for round in 0..200_000 {
            cycle(cx);
            if round % 1000 == 0 {
                most = most.max(cx.heap().count());
            }
        }
        assert!(most < 10_000, "{most} containers were alive");
    });
}

#[test]
fn host_objects_are_no_work_for_young_collections() {
    with_cx(|cx| {
        let ends = std::rc::Rc::<std::cell::Cell<u32>>::default();
        let made = |_| crate::userdata::UserDataBox::new(cx, Ending(Some(ends.clone())));
        let mut kept: Vec<Value> = (0..3).map(made).collect();
        cycle(cx);
        kept.extend((3..6).map(made));
        // All three parts of the cycle go, although host objects came before and after it.
        super::collect::young(cx.heap());
        assert_eq!(cx.heap().count(), 6);
        let held = Table::new(cx);
        kept.drain(..).for_each(|object| held.as_table().unwrap().push(object));
        held.as_table().unwrap().push(held.clone());
        drop(held);
        super::collect::young(cx.heap());
        assert_eq!((cx.heap().count(), ends.get()), (0, 6));
    });
}

#[test]
fn old_garbage_is_found_when_the_old_have_doubled() {
    with_cx(|cx| {
        // Cycles that are alive while they are young, and garbage later.
        let mut window = std::collections::VecDeque::new();
        for _ in 0..200_000 {
            let (a, b) = (Table::new(cx), Table::new(cx));
            a.as_table().unwrap().push(b.clone());
            b.as_table().unwrap().push(a.clone());
            window.push_back(a);
            if window.len() > 5000 {
                window.pop_front();
            }
        }
        assert!(cx.heap().count() < 60_000, "{} containers are alive", cx.heap().count());
    });
}

/// A table with this `__mode`.
fn weak(cx: crate::cx::Cx, mode: &str) -> Value {
    let (table, metatable) = (Table::new(cx), Table::new(cx));
    metatable.as_table().unwrap().set_text("__mode", mode.into());
    table.as_table().unwrap().set_metatable(metatable);
    table
}

#[test]
fn weak_tables_let_go_of_what_nothing_else_holds() {
    with_cx(|cx| {
        let (keys, values) = (weak(cx, "k"), weak(cx, "v"));
        let (weak_keys, weak_values) = (keys.as_table().unwrap(), values.as_table().unwrap());
        let (kept, lost) = (Table::new(cx), Table::new(cx));
        for object in [&kept, &lost] {
            weak_keys.set(object.clone(), "some text".into()).unwrap();
            weak_values.push(object.clone());
        }
        weak_values.set_text("text", "stays".into());
        weak_values.set_text("lost", lost);
        cx.heap().collect();
        assert_eq!(weak_keys.entries().len(), 1);
        assert_eq!(weak_values.entries().len(), 2);
        assert!(weak_values.get_int(1).is_identical(&kept));
        assert!(weak_keys.get(&kept).as_bytes().is_some());
    });
}

#[test]
fn a_value_that_holds_its_own_weak_key_does_not_keep_it() {
    with_cx(|cx| {
        let table = weak(cx, "k");
        let ephemerons = table.as_table().unwrap();
        let kept = Table::new(cx);
        for key in [kept.clone(), Table::new(cx)] {
            let value = Table::new(cx);
            value.as_table().unwrap().push(key.clone());
            ephemerons.set(key, value).unwrap();
        }
        cx.heap().collect();
        assert_eq!(ephemerons.entries().len(), 1);
        assert!(ephemerons.get(&kept).as_table().unwrap().get_int(1).is_identical(&kept));
    });
}

#[test]
fn a_list_of_a_million_tables_frees_without_recursion() {
    with_cx(|cx| {
        let mut list = Value::NIL;
        for _ in 0..1_000_000 {
            let node = Table::new(cx);
            node.as_table().unwrap().push(list);
            list = node;
        }
        drop(list);
        assert!(cx.heap().is_empty());
    });
}

#[test]
fn clearing_the_heap_frees_cycles() {
    static DEF: crate::function::FunctionDef = crate::function::FunctionDef {
        name: "f",
        chunk: "test",
        line: 1,
        entry: crate::function::Entry::Plain(|cx, _, _| Ok(crate::results::Multi::none(cx))),
        getter: None,
    };
    with_cx(|cx| {
        let table = Table::new(cx);
        table.as_table().unwrap().push(table.clone());
        let shared = Shared::new(cx, Value::NIL);
        shared.set(Closure::new(cx, &DEF, [shared.capture(), table]));
        drop(shared);
        assert!(!cx.heap().is_empty());
        cx.heap().clear();
        assert!(cx.heap().is_empty());
    });
}

#[test]
fn a_graph_carries_cycles_and_shared_tables_to_another_heap() {
    let graph = with_cx(|cx| {
        let (outer, inner) = (Table::new(cx), Table::new(cx));
        let table = outer.as_table().unwrap();
        table.push(inner.clone());
        table.push(inner.clone());
        inner.as_table().unwrap().set_text("up", outer.clone());
        inner.as_table().unwrap().set_text("gone", Value::function(&DEF));
        crate::transfer::Graph::copy(&[Value::NIL, outer.clone()])
    });
    static DEF: crate::function::FunctionDef = crate::function::FunctionDef {
        name: "f",
        chunk: "test",
        line: 1,
        entry: crate::function::Entry::Plain(|cx, _, _| Ok(crate::results::Multi::none(cx))),
        getter: None,
    };
    with_cx(|cx| {
        let values = graph.into_values(cx);
        let values = values.as_slice();
        assert!(values[0].is_nil());
        let outer = values[1].as_table().unwrap();
        let inner = outer.get_int(1);
        assert!(inner.is_identical(&outer.get_int(2)));
        assert!(inner.as_table().unwrap().get_text("up").is_identical(&values[1]));
        assert!(inner.as_table().unwrap().get_text("gone").is_nil());
    });
}

/// How often the hook is called before long work.
fn calls_of_hook(work: impl FnOnce(crate::cx::Cx)) -> usize {
    let calls = std::rc::Rc::new(std::cell::Cell::new(0));
    let counter = calls.clone();
    long::set_hook(move || counter.set(counter.get() + 1));
    with_cx(work);
    calls.get()
}

fn list(cx: crate::cx::Cx, length: usize, element: impl Fn(usize) -> Value) -> Value {
    let list = Table::new(cx);
    for place in 0..length {
        list.as_table().unwrap().push(element(place));
    }
    list
}

#[test]
fn what_takes_long_is_announced_and_what_is_short_is_not() {
    assert_eq!(calls_of_hook(|cx| drop(list(cx, long::MANY - 1, |_| Value::string("text")))), 0);
    assert_eq!(calls_of_hook(|cx| drop(list(cx, long::MANY, |_| Value::string("text")))), 1);
    let chain = |cx, length| {
        (0..length).fold(Value::NIL, |next, _| {
            let node = Table::new(cx);
            node.as_table().unwrap().set_text("next", next);
            node
        })
    };
    assert_eq!(calls_of_hook(|cx| drop(chain(cx, long::MANY - 1))), 0);
    assert_eq!(calls_of_hook(|cx| drop(chain(cx, long::MANY + 1))), 1);
    // Many fields: found anew as they become more, then freed.
    let fields = |cx, count: usize| {
        let table = Table::new(cx);
        for number in 0..count {
            table.as_table().unwrap().set(Value::string(format!("field {number}")), Value::TRUE).unwrap();
        }
        drop(table);
    };
    assert_eq!(calls_of_hook(|cx| fields(cx, 1000)), 0);
    assert_eq!(calls_of_hook(|cx| fields(cx, long::MANY * 4)), 3);
    // A collection looks at all that is there.
    let calls = calls_of_hook(|cx| {
        let held = list(cx, long::MANY / 2, |_| Table::new(cx));
        cx.heap().collect();
        cx.heap().collect();
        drop(held);
    });
    assert_eq!(calls, 0);
    let calls = calls_of_hook(|cx| {
        let held = list(cx, long::MANY - 1, |_| Table::new(cx));
        cx.heap().collect();
        cx.heap().collect();
        std::mem::forget(held);
    });
    assert_eq!(calls, 1);
}
