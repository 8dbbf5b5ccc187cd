use super::super::{ScriptUnit, sample};
use super::*;
use crate::index::Id;

/// The diagnostics of one unit that lists the module `time` and the import `lib`.
fn found(text: &str) -> Vec<String> {
    found_in(text, None)
}

fn found_in(text: &str, script: Option<ScriptUnit>) -> Vec<String> {
    let mut own = WorldUnit { script, ..sample::unit(text) };
    if own.script.is_none() {
        own.modules.insert("time".to_owned());
        own.imports.push(("lib".to_owned(), UnitId::from_index(0)));
    }
    let world = sample::world([own]);
    check(&world, &[])
        .into_iter()
        .flat_map(|(_, found)| found)
        .map(|found| {
            let span = found.span.unwrap();
            let marked = &text[span.start as usize..span.end as usize];
            let severity = if found.is_error() { "error" } else { "warning" };
            format!("{} {severity} `{marked}` {}", found.code, found.title)
        })
        .collect()
}

/// The main file of a script.
fn script() -> Option<ScriptUnit> {
    Some(ScriptUnit { path: "a/b.lua".to_owned(), is_main: true })
}

/// Each text with the beginnings of what is found in it.
fn expect(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        let found = found(text);
        let fits = found.len() == expected.len()
            && found.iter().zip(*expected).all(|(found, expected)| found.starts_with(expected));
        assert!(fits, "{text}\nexpected {expected:?}\nfound {found:?}");
    }
}

#[test]
fn undefined_globals() {
    expect(&[
        ("return prnit", &["E0001 warning `prnit` undefined variable 'prnit'"]),
        ("nope() nope.x = nope", &["E0001 warning `nope`"]),
        ("print(type(string), time, lib, _G.x, package, _VERSION)", &[]),
        ("return x; ", &["E0001 warning `x`"]),
        ("x = 1 return x", &["W0002"]),
        ("_G[time] = 1 return x", &[]),
        ("_G.x = 1 return x", &[]),
        // To look at the table defines nothing; to hand it on may.
        ("print(_G, _G.y, _G[time], rawget(_G, 'y')) return x", &["E0001 warning `x`"]),
        ("for k in pairs(_G) do print(k, type(_G), _G == k) end return x", &["E0001 warning `x`"]),
        ("setmetatable(_G, time) return x", &[]),
        ("local g = _G g.x = 1 return x", &[]),
        ("rawset(_G, 'x', 1) return x", &[]),
        (
            "local _x = load or loadstring if debug then debug.traceback() end",
            &["W0103 warning `load`", "W0103 warning `loadstring`", "W0103 warning `debug`"],
        ),
        ("local load = time load() function dofile() end dofile()", &["W0002"]),
    ]);
    assert_eq!(
        found_in("return arg, io.lines, os.exit, print, table.unpack", script()),
        Vec::<String>::new()
    );
    assert_eq!(found_in("return time, logger", script()).len(), 2);
}

#[test]
fn hints_name_what_was_meant() {
    let hint = |text: &str| {
        let world = sample::world([sample::unit(text)]);
        let found = check(&world, &[]);
        found.into_iter().flat_map(|(_, found)| found).next().unwrap().hint
    };
    assert_eq!(hint("return prnit"), "Did you mean `print`?");
    assert_eq!(hint("local counter = 1 return countr + counter"), "Did you mean `counter`?");
    assert_eq!(hint("return time.now()"), "List `time` under `modules:` of the entry.");
    assert_eq!(hint("return require('time')"), "List `time` under `modules:` of the entry.");
}

#[test]
fn scripts_have_globals_of_their_own() {
    let text = "print(errors.new('x'), channel, payload, process, collectgarbage(), any.x, integer(1), string(1), load)";
    let found: Vec<String> = found_in(text, script());
    let begins: Vec<&str> = found.iter().filter_map(|found| found.get(..5)).collect();
    assert_eq!(begins, ["E0001", "E0001", "W0103"], "{found:?}");
}

#[test]
fn global_writes() {
    expect(&[
        ("x = 1 x = 2", &["W0002 warning `x` assignment to global variable 'x'"]),
        ("function f() end", &["W0002 warning `f` function 'f' declared as global"]),
        ("f = function() end", &["W0002 warning `f` assignment to global"]),
        ("print = nil local t = {} t.x = 1 function t.f() end", &[]),
    ]);
}

#[test]
fn requires() {
    expect(&[
        ("return require('time'), require 'lib', require('string'), require('_G')", &[]),
        ("return require('tmie')", &["R0101 error `'tmie'` require(\"tmie\") is not declared in"]),
        ("local n = 'time' return require(n)", &["W0102 warning `n`"]),
        ("local require = time return require('tmie')", &[]),
        ("function require() end return require('tmie')", &[]),
        ("_G.settings = {} return require('settings')", &[]),
        ("return pcall(require, 'tmie')", &[]),
    ]);
    let found = found_in("local n = 'x' return require('tmie'), require(n), require('a.b')", script());
    assert_eq!(found, ["R0101 warning `'tmie'` module 'tmie' not found"]);
    let changes =
        ["package.path = 'x/?.lua'", "package.preload.a = print", "table.insert(package.searchers, print)"];
    for change in changes {
        let found = found_in(&format!("{change} return require('a')"), script());
        assert!(found.is_empty(), "{change}: {found:?}");
    }
    let found = found_in("print(package.path) return require('a')", script());
    assert_eq!(found, ["R0101 warning `'a'` module 'a' not found"]);
}

#[test]
fn types_as_values() {
    expect(&[
        ("type P = {} return P:is(time), P(1)", &["L0001 error `P` the type 'P' is not a value yet"]),
        (
            "return integer(1), string(2), string.format('x')",
            &["L0001 error `integer`", "L0001 error `string`"],
        ),
        ("type P = {} local P = time return P", &[]),
        ("type P = {} P = time return P", &["W0002"]),
        ("return any or number:is(1)", &["E0001 warning `any`", "L0001 error `number`"]),
        ("interface I end return I", &["E0001 warning `I`"]),
    ]);
}

#[test]
fn variables_read_before_they_have_a_value() {
    expect(&[
        ("local x print(x) x = 1", &["E0015 warning `x`"]),
        ("local x return x", &["E0015 warning `x` variable 'x' is read before it got a value"]),
        ("local x if time then x = 1 end return x", &[]),
        ("local x if time then x = 1 else return end return x", &[]),
        ("local x if time then print(x) end x = 1", &["E0015 warning `x`"]),
        ("local x if time then x = 1 else print(x) end return x", &["E0015 warning `x`"]),
        ("local x if time then return x end x = 2 return x", &["E0015 warning `x`"]),
        ("local x while time do if x then break end x = 1 end", &[]),
        ("local x while time do print(x) end x = 1", &["E0015 warning `x`"]),
        ("local x repeat x = time() until x", &[]),
        ("local x local function f() x = 1 end f() return x", &[]),
        ("local x local function f() return x end x = 1 return f", &[]),
        ("local function f() local g return g() end return f", &["E0015 warning `g`"]),
        ("local x ::again:: if x then return end x = 1 goto again", &[]),
        ("local t t.x = 1 t = {}", &["E0015 warning `t`"]),
        ("local f f = function() return f end", &[]),
        ("local x x = x or 1 return x", &["E0015 warning `x`"]),
        ("local x = nil return x", &[]),
        ("for i = 1, 2 do local x if i == 2 then x = i end print(x) end", &[]),
    ]);
}

#[test]
fn unreachable_code() {
    expect(&[
        ("while time do break print(1) print(2) end", &["E0009 warning `print(1)` this code can never run"]),
        ("do return end print(1)", &["E0009 warning `print(1)`"]),
        ("while true do print(1) end print(2)", &["E0009 warning `print(2)`"]),
        ("while true do if time then break end end print(2)", &[]),
        ("repeat print(1) until false print(2)", &["E0009 warning `print(2)`"]),
        ("error('no') print(1)", &["E0009 warning `print(1)`"]),
        ("if time then error() else return end print(1)", &["E0009 warning `print(1)`"]),
        ("local error = print error('no') print(1)", &[]),
        ("_G.error = print error('no') print(1)", &[]),
        ("pcall(error, 'no') print(1)", &[]),
        ("if time then return else return end print(1)", &["E0009 warning `print(1)`"]),
        ("if time then return end print(1)", &[]),
        ("goto done print(1) ::done:: print(2)", &["E0009 warning `print(1)`"]),
        ("while true do goto out end ::out:: print(1)", &[]),
        ("local f = function() do return end f() end f()", &["E0009 warning `f()`"]),
    ]);
}

#[test]
fn unused_locals() {
    expect(&[
        ("local x = 1", &["W0004 warning `x` variable 'x' is declared but never used"]),
        ("local x = 1 x = 2", &["W0004 warning `x`"]),
        ("local _x = 1 local y <close> = time", &[]),
        ("local a, b = time() return b", &[]),
        ("local a, b = time() return a", &["W0004 warning `b`"]),
        ("local a, b = time()", &["W0004 warning `a`", "W0004 warning `b`"]),
        ("local function f() end", &["W0004 warning `f` function 'f' is declared but never used"]),
        ("local time = require('time')", &["W0006 warning `time` imported module 'time' is never used"]),
        ("return function(a) for i, v in pairs({}) do end end", &[]),
        ("local t = {} t.x = 1", &[]),
        ("local x = 1 local y: typeof(x) = 2 return y", &[]),
    ]);
}

#[test]
fn argument_counts() {
    expect(&[
        ("local function f(a) return a end f(1, 2)", &["E0003 warning `2` too many arguments"]),
        ("local f = function() end f(1, 2, 3)", &["E0003 warning `1, 2, 3`"]),
        ("local function f(...) return ... end f(1, 2)", &[]),
        ("local function f(a) return a end f(1, time())", &[]),
        ("local function f(a) return a end f(1, time(), 2)", &["E0003 warning `time(), 2`"]),
        ("local function f(a) return a end f = time f(1, 2)", &[]),
        ("local function f(a, b) return a, b end f(1)", &[]),
        ("local function f(a: number, b: string) return a, b end f(1)", &["E0003 warning `f(1)` not enough"]),
        ("local function f(a: number, b: string?, c: any) return a, b, c end f(1)", &[]),
        ("local function f(a: number) return a end f(time())", &[]),
        ("local function f(a) return a end local function g() f(1, 2) end g()", &["E0003 warning `2`"]),
    ]);
}

#[test]
fn parameters_that_cannot_be_nil() {
    let body = |body: &str| found(&format!("local function f(a, b) {body} end f(1)"));
    for needing in [
        "return a + b",
        "return -b",
        "return #b",
        "return a .. 'x' .. b",
        "return b.x",
        "return b[a]",
        "b.x = a",
        "b()",
        "return b:x()",
        "print(a) local t = { a, b.x } return t",
        "local c <const> = a return c < b",
        "do print(b.x) end",
        "if a > b then return a end",
        "if b.x then return a end",
        "while b.x do print(a) end",
        "for i = 1, b.n do print(a, i) end",
        "for k in b do print(a, k) end",
        "repeat print(b.x) until a",
        "local function g() return b end return g() + #b + a",
        "return (a or 1) + b",
        "return a == 1 and a or b.x",
    ] {
        let found = body(needing);
        let is_told = matches!(found.as_slice(), [one] if one.starts_with("E0003 warning `f(1)` not enough"));
        assert_eq!(is_told, needing != "return a == 1 and a or b.x", "{needing}: {found:?}");
    }
    for fine in [
        "return a, b",
        "b = b or 1 return a + b",
        "if b then return a + b end",
        "if a then return a + b end",
        "print(b) return a + b",
        "if not b then b = 2 end return a + b",
        "return b and b.x or a",
        "return a == b",
        "local c = b or 1 return a + c",
        "local c = b return c.x + a",
        "if a then error(a) end if b then return b.x end",
        "local function g() b = 1 end g() return a + b",
        "return function() return b.x + a end",
        "for _ = 1, a do print(b.x) end",
        "if b ~= nil and b.x then return a end",
        "b = { x = a } return b.x",
        "if type(b) == 'table' then return b.x + a end",
    ] {
        assert_eq!(body(fine), Vec::<String>::new(), "{fine}");
    }
    expect(&[
        // A metamethod may take nil.
        ("local function f(a, b) return a + b end f(1) return { __add = f }", &[]),
        ("local function f(a, b) return a + b end f(1, nil) f(1, time()) f(time())", &[]),
        ("local function f(a, b) return a + b end f(1, 2) f = time f(1)", &[]),
        ("local function f(a, b, ...) return ..., a + b end f(1)", &["E0003 warning `f(1)`"]),
    ]);
}

#[test]
fn names_that_are_not_in_scope_are_not_suggested() {
    let meant = |text: &str| {
        let at = u32::try_from(text.find("countr").unwrap()).unwrap();
        let unit = sample::unit(text).unit;
        visible::locals(&unit, at).iter().any(|local| unit.locals[*local].name == "counter")
    };
    for seen in [
        "local counter = 1 return countr",
        "local function counter() return countr end",
        "local counter = function() return countr end",
        "for counter = 1, 2 do print(countr) end",
        "for _, counter in pairs({}) do print(countr) end",
        "repeat local counter = 1 until countr",
        "local function f(counter) if f then return function() return countr end end end",
        "local counter do local x = 1 print(x, countr) end",
    ] {
        assert!(meant(seen), "{seen}");
    }
    for unseen in [
        "print(countr) local counter = 1",
        "local counter = countr",
        "local counter, other = function() return countr end, 1",
        "do local counter = 1 end return countr",
        "if countr then local counter = 1 end",
        "if a then local counter = 1 else print(countr) end",
        "for counter = 1, countr do end",
        "local function f(counter) end f(countr)",
        "while countr do local counter = 1 end",
    ] {
        assert!(!meant(unseen), "{unseen}");
    }
}

#[test]
fn a_script_that_asks_a_type_is_told_that_it_is_no_value() {
    for text in ["print(number:is(5))", "print(integer.is(5))", "type P = { x: number } print(P:is({}))"] {
        let found = found_in(text, script());
        assert!(matches!(found.as_slice(), [one] if one.starts_with("L0001 error")), "{text}: {found:?}");
    }
    assert_eq!(found_in("local number = {} print(number:is(5))", script()), Vec::<String>::new());
    assert_eq!(found_in("print(string:rep(5), string:is(5))", script()), Vec::<String>::new());
}

#[test]
fn keys_set_twice() {
    expect(&[
        ("return { a = 1, b = 2, a = 3 }", &["W0101 warning `3` key 'a' is set twice"]),
        ("return { a = 1, ['a'] = 2 }", &["W0101 warning `'a'`"]),
        ("return { 1, 2, [2] = 3 }", &["W0101 warning `2` key [2]"]),
        ("return { [true] = 1, [true] = 2, [1.5] = 1, [1.5] = 2 }", &["W0101 warning `true`"]),
        ("return { 1, 2, a = { a = 1 }, [time] = 1, [3] = 2 }", &[]),
    ]);
}

#[test]
fn globals_of_other_units_are_known() {
    let world = sample::world(["function shared() end", "shared()"].map(sample::unit));
    let found: Vec<usize> = check(&world, &[]).iter().map(|(_, found)| found.len()).collect();
    assert_eq!(found, [1, 0]);
}

#[test]
fn a_script_ends_at_os_exit() {
    let unreachable = |text: &str| found_in(text, script()).iter().any(|found| found.starts_with("E0009"));
    assert!(unreachable("os.exit(1) print(1)"));
    assert!(!unreachable("if arg then os.exit(1) end print(1)"));
    assert!(!unreachable("os.exit = print os.exit(1) print(1)"));
    assert!(!unreachable("local os = arg os.exit(1) print(1)"));
}

#[test]
fn a_function_that_only_calls_itself_is_unused() {
    expect(&[
        (
            "local function f(n) return n and f(n) end",
            &["W0004 warning `f` function 'f' is declared but never used"],
        ),
        ("local function f(n) return function() return f(n) end end", &["W0004 warning `f`"]),
        ("local function f(n) return n and f(n) end return f", &[]),
        ("local function _f(n) return _f(n) end", &[]),
    ]);
}

#[test]
fn libraries_have_the_functions_they_have() {
    expect(&[
        ("return string.fromat('x')", &["E0004 warning `string.fromat` library 'string' has no function"]),
        ("return math.foo()", &["E0004 warning `math.foo`"]),
        ("return string.format('x'), math.pi, table.unpack, utf8.char(1), process.registry", &[]),
        // Asked for, and then called.
        ("if math.foo then math.foo() end", &[]),
        ("local f = table.clear or print return f", &[]),
        ("local string = {} return string.fromat('x')", &[]),
    ]);
    assert_eq!(found_in("string.fromat = print string.fromat('x')", script()), Vec::<String>::new());
    assert_eq!(found_in("string.fromat('x') io.lines('x') os.exit()", script()).len(), 1);
}

#[test]
fn loops_run_over_functions() {
    expect(&[
        ("for i in 1, 10 do print(i) end", &["E0002 warning `1` this is no iterator"]),
        ("for k in {1, 2} do print(k) end", &["E0002 warning `{1, 2}`"]),
        ("for k in nil do print(k) end", &["E0002 warning `nil`"]),
        ("for k in pairs({}) do print(k) end for k in next, {} do print(k) end", &[]),
        ("local t = time for k in t do print(k) end for k in ... do print(k) end", &[]),
    ]);
}
