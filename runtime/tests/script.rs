//! Scripts: the program around one (`examples/script.rs`), and their `io`, `os` and `package`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use moonwright_runtime::cx::{Context, Mode};
use moonwright_runtime::ops::call::call;
use moonwright_runtime::ops::index::{index, set_index};
use moonwright_runtime::process::ProcessState;
use moonwright_runtime::rt::{Cx, LuaResult, Multi, Value};

/// Runs the example with these arguments and this input: standard output, standard error, status.
fn run(args: &[&str], input: &str) -> (String, String, i32) {
    let test = std::env::current_exe().unwrap();
    let program: PathBuf = test.parent().unwrap().parent().unwrap().join("examples/script");
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

const BANNER: &str = "5.0\tÄÖ\nlib.counter\t./lib/counter.lua\n42\ttrue\n";

#[test]
fn a_script_sees_its_arguments_and_runs_each_module_once() {
    let (out, err, status) = run(&["a", "b"], "");
    assert_eq!(out, format!("script.lua\t2\na\tb\n{BANNER}"));
    assert_eq!((err.as_str(), status), ("", 0));
}

#[test]
fn os_exit_gives_the_status_and_loses_no_output() {
    let (out, _, status) = run(&["exit"], "");
    assert!(out.ends_with("42\ttrue\n"));
    assert_eq!(status, 7);
}

#[test]
fn an_uncaught_error_has_a_message_and_a_traceback() {
    let (_, err, status) = run(&["fail"], "");
    assert_eq!(
        err,
        "lua: script.lua:21: attempt to index a nil value (local 'u')\nstack traceback:\n\
         \tscript.lua:21: in function 'fail'\n\tscript.lua:7: in main chunk\n"
    );
    assert_eq!(status, 1);
    let (_, err, _) = run(&["table"], "");
    assert_eq!(err, "lua: (error object is a table value)\n");
    let (_, err, _) = run(&["absent"], "");
    assert!(err.starts_with(
        "lua: script.lua:8: module 'not.there' not found:\n\tno field package.preload['not.there']\n\
         \tno file './not/there.lua'\n\tno file './not/there/init.lua'\n"
    ));
}

#[test]
fn standard_input_is_read_line_by_line() {
    let (out, _, _) = run(&["echo"], "one\n\ntwo");
    assert!(out.ends_with("one||two|"));
}

fn with_cx<R>(work: impl FnOnce(Cx) -> R) -> R {
    let context = Context::in_mode(ProcessState::default(), Mode::Script);
    // SAFETY: the handle is not used after `work`.
    let cx = unsafe { context.cx() };
    cx.set_stack_budget(256 * 1024);
    work(cx)
}

fn library(cx: Cx, path: &str) -> Value {
    path.split('.').fold(cx.globals(), |value, name| index(cx, &value, &Value::from(name)).unwrap())
}

fn shown(cx: Cx, results: LuaResult<Multi>) -> String {
    match results {
        Ok(results) => format!("{:?}", results.into_args(cx).as_slice()),
        Err(thrown) => format!("raised {:?}", cx.catch(thrown)),
    }
}

fn lib(cx: Cx, path: &str, args: &[Value]) -> String {
    shown(cx, call(cx, &library(cx, path), args))
}

fn method(cx: Cx, object: &Value, name: &str, args: &[Value]) -> String {
    let method = index(cx, object, &name.into()).unwrap();
    let args: Vec<Value> = std::iter::once(object.clone()).chain(args.iter().cloned()).collect();
    shown(cx, call(cx, &method, &args))
}

/// A file name of this test's own.
fn scratch(name: &str) -> String {
    std::env::temp_dir()
        .join(format!("moonwright-{}-{name}", std::process::id()))
        .to_str()
        .unwrap()
        .to_owned()
}

#[test]
fn files_are_written_sought_and_read_back() {
    with_cx(|cx| {
        let name = scratch("files");
        let open = |mode: &str| {
            call(cx, &library(cx, "io.open"), &[name.as_str().into(), mode.into()]).unwrap().first()
        };
        let file = open("w+");
        for piece in ["line 1\n", "0x1F 2.5e1 -7\n", "rest\nend"] {
            assert_eq!(method(cx, &file, "write", &[piece.into()]), format!("[{file:?}]"));
        }
        assert_eq!(method(cx, &file, "write", &[Value::int(12), Value::float(3.0)]), format!("[{file:?}]"));
        assert_eq!(method(cx, &file, "seek", &["set".into()]), "[0]");
        assert_eq!(method(cx, &file, "read", &["L".into(), Value::int(0)]), "[\"line 1\\n\", \"\"]");
        assert_eq!(method(cx, &file, "read", &["n".into(), "*n".into(), "n".into()]), "[31, 25.0, -7]");
        assert_eq!(method(cx, &file, "read", &[]), "[\"\"]");
        assert_eq!(method(cx, &file, "read", &[Value::int(3)]), "[\"res\"]");
        assert_eq!(method(cx, &file, "read", &["a".into()]), "[\"t\\nend123\"]");
        assert_eq!(method(cx, &file, "read", &["a".into()]), "[\"\"]");
        assert_eq!(method(cx, &file, "read", &["l".into()]), "[nil]");
        assert_eq!(method(cx, &file, "seek", &["set".into(), Value::int(5)]), "[5]");
        assert_eq!(method(cx, &file, "write", &["X".into()]), format!("[{file:?}]"));
        assert_eq!(method(cx, &file, "close", &[]), "[true]");
        assert_eq!(method(cx, &file, "read", &[]), "raised \"attempt to use a closed file\"");
        assert_eq!(lib(cx, "io.type", std::slice::from_ref(&file)), "[\"closed file\"]");
        assert_eq!(std::fs::read_to_string(&name).unwrap(), "line X\n0x1F 2.5e1 -7\nrest\nend123");

        let appended = open("a");
        method(cx, &appended, "write", &["!".into()]);
        method(cx, &appended, "close", &[]);
        let lines = call(cx, &library(cx, "io.lines"), &[name.as_str().into()]).unwrap().first();
        let mut last = String::new();
        for _ in 0..4 {
            last = shown(cx, call(cx, &lines, &[]));
        }
        assert_eq!(last, "[\"end123!\"]");
        assert_eq!(shown(cx, call(cx, &lines, &[])), "[]");
        assert_eq!(shown(cx, call(cx, &lines, &[])), "raised \"file is already closed\"");
        assert_eq!(lib(cx, "os.remove", &[name.as_str().into()]), "[true]");
        assert_eq!(
            lib(cx, "os.remove", &[name.as_str().into()]),
            format!("[nil, \"{name}: No such file or directory\", 2]")
        );
    });
}

#[test]
fn what_cannot_be_opened_is_reported() {
    with_cx(|cx| {
        assert_eq!(
            lib(cx, "io.open", &["/no/such/file".into()]),
            "[nil, \"/no/such/file: No such file or directory\", 2]"
        );
        assert_eq!(
            lib(cx, "io.open", &["x".into(), "q".into()]),
            "raised \"bad argument #2 to 'io.open' (invalid mode)\""
        );
        assert_eq!(
            lib(cx, "io.lines", &["/no/such/file".into()]),
            "raised \"cannot open file '/no/such/file' (No such file or directory)\""
        );
        assert_eq!(lib(cx, "io.type", &[Value::int(42)]), "[nil]");
    });
}

#[test]
fn programs_run_and_tell_how_they_ended() {
    with_cx(|cx| {
        assert_eq!(lib(cx, "os.execute", &["exit 3".into()]), "[nil, \"exit\", 3]");
        assert_eq!(lib(cx, "os.execute", &["kill -9 $$".into()]), "[nil, \"signal\", 9]");
        let pipe = call(cx, &library(cx, "io.popen"), &["echo hello; exit 5".into()]).unwrap().first();
        assert_eq!(method(cx, &pipe, "read", &["a".into()]), "[\"hello\\n\"]");
        assert_eq!(method(cx, &pipe, "close", &[]), "[nil, \"exit\", 5]");
    });
}

#[test]
fn dates_and_times_agree_with_each_other() {
    with_cx(|cx| {
        assert_eq!(lib(cx, "os.date", &["!%c".into(), Value::int(0)]), "[\"Thu Jan  1 00:00:00 1970\"]");
        let table =
            call(cx, &library(cx, "os.date"), &["*t".into(), Value::int(86_400 * 365)]).unwrap().first();
        assert_eq!(lib(cx, "os.time", std::slice::from_ref(&table)), format!("[{}]", 86_400 * 365));
        set_index(cx, &table, "month".into(), Value::int(14)).unwrap();
        lib(cx, "os.time", std::slice::from_ref(&table));
        assert_eq!(format!("{:?}", index(cx, &table, &"month".into()).unwrap()), "2");
        let missing = moonwright_runtime::ops::index::new_table(cx);
        assert_eq!(lib(cx, "os.time", &[missing]), "raised \"field 'day' missing in date table\"");
        assert_eq!(
            lib(cx, "os.date", &["%Q".into()]),
            "raised \"bad argument #1 to 'os.date' (invalid conversion specifier '%Q')\""
        );
        assert_eq!(lib(cx, "os.setlocale", &[]), "[\"C\"]");
    });
}

#[test]
fn preloaded_modules_are_required_once() {
    with_cx(|cx| {
        let preload = library(cx, "package.preload");
        set_index(cx, &preload, "answer".into(), library(cx, "string.len")).unwrap();
        assert_eq!(lib(cx, "require", &["answer".into()]), "[6]");
        set_index(cx, &preload, "answer".into(), Value::NIL).unwrap();
        assert_eq!(lib(cx, "require", &["answer".into()]), "[6]");
        let same = call(cx, &library(cx, "require"), &["string".into()]).unwrap().first();
        assert!(same.is_identical(&library(cx, "string")));
        assert_eq!(
            lib(cx, "package.searchpath", &["a.b".into(), "./?.x;/?.y".into()]),
            "[nil, \"\\n\\tno file './a/b.x'\\n\\tno file '/a/b.y'\"]"
        );
    });
}
