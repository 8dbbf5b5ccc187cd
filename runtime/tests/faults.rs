//! The texts of faults as emitted code produces them: an operation of the runtime, placed at a site
//! that knows the line and the names. Words and names are PUC Lua 5.3's.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use moonwright_runtime::cx::{Context, Mode};
use moonwright_runtime::ops::arithmetic::{add, band, bor, idiv, len, modulo, neg};
use moonwright_runtime::ops::call::{call, call_key};
use moonwright_runtime::ops::compare::{gt, le, lt};
use moonwright_runtime::ops::concat::concat;
use moonwright_runtime::ops::field::{get as field, set as set_field};
use moonwright_runtime::ops::index::{index, list, new_table, set_index};
use moonwright_runtime::ops::iterate::{generic_for, numeric_for};
use moonwright_runtime::process::ProcessState;
use moonwright_runtime::rt::{
    AtResult, Chunk, Cx, LuaResult, Multi, Value, at, base, key, lua_function, s, string, table,
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

/// The text of what is raised.
fn text<T>(cx: Cx, result: LuaResult<T>) -> String {
    match result {
        Ok(_) => "no error".to_owned(),
        Err(thrown) => {
            let error = cx.catch(thrown);
            error.as_bytes().map_or(format!("{error:?}"), |bytes| String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

fn table(cx: Cx, fields: &[(&str, Value)]) -> Value {
    let table = new_table(cx);
    for (name, value) in fields {
        table.as_table().unwrap().set_text(name, value.clone());
    }
    table
}

#[test]
fn operands_are_named_as_the_site_knows_them() {
    with_cx(Mode::Application, |cx| {
        let (nil, empty) = (Value::NIL, new_table(cx));
        let key = s!("name");
        let cases = [
            (text(cx, index(cx, &nil, &key).at(cx, at!(4, local "u"))), "index a nil value (local 'u')"),
            (
                text(cx, field(cx, &nil, key!("name")).at(cx, at!(4, field "x"))),
                "index a nil value (field 'x')",
            ),
            (
                text(cx, set_index(cx, &nil, key.clone(), Value::TRUE).at(cx, at!(4, upvalue "u"))),
                "index a nil value (upvalue 'u')",
            ),
            (text(cx, call(cx, &nil, &[]).at(cx, at!(4, global "f"))), "call a nil value (global 'f')"),
            (text(cx, call(cx, &empty, &[]).at(cx, at!(4, none))), "call a table value"),
            (
                text(cx, call_key(cx, &empty, key!("go"), &[]).at(cx, at!(4, local "o", method "go"))),
                "call a nil value (method 'go')",
            ),
            (
                text(cx, call_key(cx, &nil, key!("go"), &[]).at(cx, at!(4, local "o", method "go"))),
                "index a nil value (local 'o')",
            ),
            (
                text(cx, add(cx, &Value::int(1), &nil).at(cx, at!(4, local "a", field "b"))),
                "perform arithmetic on a nil value (field 'b')",
            ),
            (
                text(cx, add(cx, &"x".into(), &empty).at(cx, at!(4, constant "x", local "b"))),
                "perform arithmetic on a string value (constant 'x')",
            ),
            (
                text(cx, neg(cx, &empty).at(cx, at!(4, local "t"))),
                "perform arithmetic on a table value (local 't')",
            ),
            (
                text(cx, len(cx, &Value::TRUE).at(cx, at!(4, local "t"))),
                "get length of a boolean value (local 't')",
            ),
            (
                text(cx, band(cx, &Value::int(1), &"x".into()).at(cx, at!(4, local "a", local "b"))),
                "perform bitwise operation on a string value (local 'b')",
            ),
            (
                text(
                    cx,
                    concat(cx, &["a".into(), nil.clone(), "c".into()]).at(cx, at!(4, none, local "b", none)),
                ),
                "concatenate a nil value (local 'b')",
            ),
            (text(cx, lt(cx, &nil, &Value::int(1)).at(cx, at!(4))), "compare nil with number"),
            (text(cx, le(cx, &empty, &empty).at(cx, at!(4))), "compare two table values"),
            (text(cx, gt(cx, &Value::int(1), &empty).at(cx, at!(4))), "compare table with number"),
        ];
        for (found, expected) in cases {
            assert_eq!(found, format!("app:a:4: attempt to {expected}"));
        }
        let whole = [
            (
                text(cx, bor(cx, &Value::float(1.5), &Value::int(1)).at(cx, at!(4, local "a", none))),
                "number (local 'a') has no integer representation",
            ),
            (text(cx, idiv(cx, &Value::int(1), &Value::int(0)).at(cx, at!(4))), "attempt to divide by zero"),
            (text(cx, modulo(cx, &Value::int(1), &Value::int(0)).at(cx, at!(4))), "attempt to perform 'n%0'"),
            (text(cx, set_index(cx, &empty, Value::NIL, Value::TRUE).at(cx, at!(4))), "table index is nil"),
            (
                text(cx, set_index(cx, &empty, Value::float(f64::NAN), Value::TRUE).at(cx, at!(4))),
                "table index is NaN",
            ),
        ];
        for (found, expected) in whole {
            assert_eq!(found, format!("app:a:4: {expected}"));
        }
    });
}

#[test]
fn bounds_of_numeric_loops_are_named() {
    with_cx(Mode::Application, |cx| {
        let (one, bad) = (Value::int(1), Value::TRUE);
        let bound = |start: &Value, limit: &Value, step: &Value| {
            text(cx, numeric_for(cx, start, limit, step).at(cx, at!(5)))
        };
        assert_eq!(bound(&bad, &bad, &bad), "app:a:5: 'for' limit must be a number");
        assert_eq!(bound(&bad, &one, &bad), "app:a:5: 'for' step must be a number");
        assert_eq!(bound(&bad, &one, &one), "app:a:5: 'for' initial value must be a number");
        assert_eq!(bound(&"1".into(), &one, &one), "no error");
    });
}

#[test]
fn argument_errors_name_the_function_as_the_site_calls_it() {
    with_cx(Mode::Application, |cx| {
        let rep = |args: &[Value], site| text(cx, string::rep(cx, args).at(cx, site));
        let text_arg = Value::from("x");
        assert_eq!(
            rep(&[], at!(9, field "rep")),
            "app:a:9: bad argument #1 to 'rep' (string expected, got no value)"
        );
        assert_eq!(
            rep(&[text_arg.clone(), new_table(cx)], at!(9, method "rep")),
            "app:a:9: bad argument #1 to 'rep' (number expected, got table)"
        );
        assert_eq!(
            rep(&[new_table(cx)], at!(9, method "rep")),
            "app:a:9: calling 'rep' on bad self (string expected, got table)"
        );
        assert_eq!(
            rep(&[text_arg, Value::NIL], at!(9, local "f")),
            "app:a:9: bad argument #2 to 'f' (number expected, got nil)"
        );
        assert_eq!(rep(&[], at!(9)), "app:a:9: bad argument #1 to 'rep' (string expected, got no value)");
        assert_eq!(
            text(cx, table::insert(cx, &[Value::NIL, Value::TRUE]).at(cx, at!(9, field "insert"))),
            "app:a:9: bad argument #1 to 'insert' (table expected, got nil)"
        );
    });
}

#[test]
fn types_are_called_by_the_name_their_metatable_gives() {
    with_cx(Mode::Application, |cx| {
        let account = new_table(cx);
        let class = table(cx, &[("__name", "Account".into())]);
        base::setmetatable(cx, &[account.clone(), class]).unwrap();
        assert_eq!(
            text(cx, add(cx, &account, &Value::int(1)).at(cx, at!(1, local "a"))),
            "app:a:1: attempt to perform arithmetic on a Account value (local 'a')"
        );
        assert_eq!(
            text(cx, string::len(cx, std::slice::from_ref(&account)).at(cx, at!(1, field "len"))),
            "app:a:1: bad argument #1 to 'len' (string expected, got Account)"
        );
        let shown = base::tostring(cx, &[account]).unwrap();
        assert!(shown.as_bytes().unwrap().starts_with(b"Account: 0x"));
    });
}

#[test]
fn loops_and_metamethods_name_what_they_call() {
    with_cx(Mode::Application, |cx| {
        let [f, s, c] = base::pairs(cx, &[Value::NIL]).unwrap().adjust::<3>(cx);
        assert_eq!(
            text(cx, generic_for([f, s, c]).next::<1>(cx, at!(3))),
            "app:a:3: bad argument #1 to 'for iterator' (table expected, got nil)"
        );
        assert_eq!(
            text(cx, generic_for([Value::NIL, Value::NIL, Value::NIL]).next::<1>(cx, at!(3))),
            "app:a:3: attempt to call a nil value"
        );
        let object = new_table(cx);
        let rep = index(cx, &cx.library(&string::STRING), &s!("rep")).unwrap();
        base::setmetatable(cx, &[object.clone(), table(cx, &[("__index", rep)])]).unwrap();
        assert_eq!(
            text(cx, index(cx, &object, &s!("x")).at(cx, at!(3, local "object"))),
            "app:a:3: bad argument #1 to '__index' (string expected, got table)"
        );
    });
}

#[test]
fn levels_of_error_count_call_sites() {
    fn raise(cx: Cx, level: i64) -> LuaResult<()> {
        base::error(cx, &["oops".into(), Value::int(level)]).at(cx, at!(10))
    }
    with_cx(Mode::Application, |cx| {
        let raised = |level: i64| text(cx, raise(cx, level).at(cx, at!(20)).at(cx, at!(30)));
        assert_eq!(raised(1), "app:a:10: oops");
        assert_eq!(raised(2), "app:a:20: oops");
        assert_eq!(raised(3), "app:a:30: oops");
        assert_eq!(raised(4), "oops");
        assert_eq!(raised(0), "oops");
        assert_eq!(raised(-1), "oops");
    });
}

/// A Lua function `function(...) error("oops", level) end` with a level of its own.
macro_rules! raising {
    ($static:ident, $level:literal) => {
        lua_function!($static, "raising", line 1, plain raising_function(level_of) varargs);
        fn raising_function(cx: Cx, _: Value, _: &[Value]) -> LuaResult<Value> {
            base::error(cx, &["oops".into(), Value::int($level)]).at(cx, at!(40))?;
            Ok(Value::NIL)
        }
    };
}

#[test]
fn a_library_function_is_one_level_without_a_position() {
    mod level_two {
        use super::*;
        raising!(RAISE, 2);
        pub fn value() -> Value {
            Value::function(&RAISE)
        }
    }
    mod level_three {
        use super::*;
        raising!(RAISE, 3);
        pub fn value() -> Value {
            Value::function(&RAISE)
        }
    }
    with_cx(Mode::Application, |cx| {
        let sorted = |before: Value| {
            let items = list(cx, [Value::int(2), Value::int(1), Value::int(3)]);
            text(cx, table::sort(cx, &[items, before]).at(cx, at!(50, field "sort")))
        };
        assert_eq!(sorted(level_two::value()), "oops");
        assert_eq!(sorted(level_three::value()), "app:a:50: oops");
        let [ok, error] = base::pcall_plain(cx, &[level_two::value()]).unwrap().adjust::<2>(cx);
        assert!(!ok.truthy());
        assert_eq!(error.as_bytes(), Some(&b"oops"[..]));
    });
}

#[test]
fn protected_calls_catch_and_pass_on() {
    with_cx(Mode::Application, |cx| {
        let results = |multi: LuaResult<Multi>| format!("{:?}", multi.unwrap().into_args(cx).as_slice());
        let library = |name: &'static str| index(cx, &cx.globals(), &Value::from(name)).unwrap();
        let pcall = |args: &[Value]| results(base::pcall_plain(cx, args));
        assert_eq!(pcall(&[library("select"), Value::int(2), "a".into(), "b".into()]), "[true, \"b\"]");
        assert_eq!(pcall(&[Value::NIL]), "[false, \"attempt to call a nil value\"]");
        assert_eq!(pcall(&[library("error"), Value::NIL]), "[false, nil]");
        assert_eq!(pcall(&[library("error"), "text".into()]), "[false, \"text\"]");
        assert_eq!(
            results(base::xpcall_plain(cx, &[library("error"), library("type"), "text".into()])),
            "[false, \"string\"]"
        );
        assert_eq!(
            results(base::xpcall_plain(cx, &[library("select"), library("type"), "#".into(), "x".into()])),
            "[true, 1]"
        );
        assert_eq!(
            results(base::xpcall_plain(cx, &[library("error"), library("error"), "text".into()])),
            "[false, \"text\"]",
            "a handler that fails leaves the error as it was"
        );
    });
}

#[test]
fn endless_recursion_through_the_library_is_an_error() {
    with_cx(Mode::Application, |cx| {
        let object = new_table(cx);
        let tostring = index(cx, &cx.globals(), &s!("tostring")).unwrap();
        base::setmetatable(cx, &[object.clone(), table(cx, &[("__tostring", tostring)])]).unwrap();
        let error = text(cx, base::tostring(cx, &[object]).at(cx, at!(7)));
        assert_eq!(error, "C stack overflow");
    });
}

#[test]
fn giants_are_errors() {
    with_cx(Mode::Application, |cx| {
        let huge = string::rep(cx, &["x".into(), Value::int(1 << 30)]).unwrap();
        assert_eq!(
            text(cx, concat(cx, &[huge.clone(), huge.clone(), huge]).at(cx, at!(7))),
            "app:a:7: string length overflow"
        );
        assert_eq!(
            text(cx, string::rep(cx, &["xx".into(), Value::int(1 << 31)]).at(cx, at!(7))),
            "app:a:7: resulting string too large"
        );
        let range = [new_table(cx), Value::int(1), Value::int(1 << 40)];
        assert_eq!(text(cx, table::unpack(cx, &range).at(cx, at!(7))), "app:a:7: too many results to unpack");
    });
}

#[test]
fn frozen_tables_and_libraries_refuse_writes() {
    with_cx(Mode::Application, |cx| {
        let library = cx.library(&string::STRING);
        let write = |object: &Value| text(cx, set_field(cx, object, key!("x"), Value::TRUE).at(cx, at!(2)));
        assert_eq!(write(&library), "app:a:2: attempt to modify Immutable table");
        let frozen = new_table(cx);
        table::freeze(cx, std::slice::from_ref(&frozen)).unwrap();
        assert_eq!(write(&frozen), "app:a:2: attempt to modify Immutable table");
        assert_eq!(
            text(cx, table::insert(cx, &[frozen, Value::TRUE]).at(cx, at!(2))),
            "app:a:2: attempt to insert into Immutable table"
        );
    });
    with_cx(Mode::Script, |cx| {
        let library = cx.library(&string::STRING);
        set_field(cx, &library, key!("x"), Value::TRUE).unwrap();
        assert!(index(cx, &"any text".into(), &s!("x")).unwrap().truthy());
    });
}

#[test]
fn fractions_for_integers_are_cut_or_refused_by_mode() {
    let sub = |mode: Mode| {
        with_cx(mode, |cx| {
            let cut = string::sub(cx, &["abc".into(), Value::float(2.7)]).at(cx, at!(2, field "sub"));
            match cut {
                Ok(value) => format!("{value:?}"),
                Err(thrown) => text::<()>(cx, Err(thrown)),
            }
        })
    };
    assert_eq!(sub(Mode::Application), "\"bc\"");
    assert_eq!(sub(Mode::Script), "app:a:2: bad argument #2 to 'sub' (number has no integer representation)");
}
