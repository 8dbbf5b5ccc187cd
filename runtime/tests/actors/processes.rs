//! Starting, ending and watching processes; names.

use crate::kit::*;
use crate::program;
use moonwright_runtime::process::exit::ExitValue;

#[test]
fn a_pid_is_a_string_of_the_host() {
    program!(main, |cx, args| {
        let pid = process::pid(cx, &[])?;
        assert_eq!(text(&pid), "{app:processes|0x00001}");
        assert_eq!(text(&process::id(cx, &[])?), "app:main");
        Ok(Multi::one(cx, Value::int(7)))
    });
    assert_eq!(run(&[("app:main", main)]), ExitValue::Int(7));
}

#[test]
fn unknown_places_and_entries_are_refused() {
    program!(main, |cx, args| {
        let failure = async |entry: &str, host: &str| -> LuaResult<(String, String)> {
            let args = [Value::string(entry), Value::string(host)];
            let [_, err] = process::spawn(cx, &args).await?.adjust(cx);
            Ok((kind(&err), text(&err)))
        };
        let expect = |kind: &str, text: &str| (kind.to_owned(), text.to_owned());
        assert_eq!(failure("app:main", "app:gone").await?, expect("NotFound", "host not found"));
        assert_eq!(failure("app:gone", "app:processes").await?, expect("NotFound", "factory not found"));
        assert_eq!(failure("main", "app:processes").await?, expect("NotFound", "factory not found"));
        assert_eq!(failure("app:gone", "app:stopped").await?, expect("Unavailable", "host is not running"));
        let [_, err] = process::spawn_monitored(cx, &[s!("x")]).await?.adjust(cx);
        assert_eq!(text(&err), "spawn_monitored requires at least id and host arguments");
        nothing(cx)
    });
    run(&[("app:main", main)]);
}

#[test]
fn a_process_may_begin_with_a_function_at_once() {
    use moonwright_runtime::application::{Entry as Program, Program as Code};
    use moonwright_runtime::rt::{Entry, FunctionDef};

    /// Plain, and never suspends: how many arguments it got, and the first.
    static PLAIN: FunctionDef = FunctionDef {
        name: "main",
        chunk: "app:plain",
        line: 1,
        entry: Entry::Plain(|cx, _, args| {
            let count = i64::try_from(args.len()).unwrap_or(-1);
            let first = args.first().and_then(Value::as_int).unwrap_or_default();
            assert_eq!(text(&process::id(cx, &[])?).split(':').next(), Some("app"));
            Ok(Multi::one(cx, Value::int(count * 100 + first)))
        }),
        getter: None,
    };
    program!(main, |cx, args| {
        for (args, expected) in [(vec![], 0), (vec![7], 107), (vec![5, 6, 7], 305)] {
            let args = args.into_iter().map(Value::int);
            let args: Vec<Value> = [s!("app:plain"), s!("app:processes")].into_iter().chain(args).collect();
            let [result, err] = process::exec(cx, &args).await?.adjust(cx);
            assert!(err.is_nil());
            assert_eq!(result.as_int(), Some(expected));
        }
        process::upgrade(cx, &[s!("app:plain"), Value::int(9)]).await?;
        nothing(cx)
    });
    let entry =
        |id, program| Program { id, kind: "process.lua", meta: "{}", data: "{}", program: Some(program) };
    let system = system_of(
        [
            entry("app:main", Code::Chunk { method: None, chunk: main }),
            entry("app:plain", Code::Function(&PLAIN)),
        ]
        .into_iter(),
    );
    assert_eq!(exit_in(&system, "app:main").unwrap(), ExitValue::Int(109));
}

#[test]
fn a_chunk_that_fails_fails_the_spawn() {
    fn raises(cx: Cx) -> LuaResult<Multi> {
        Err(cx.throw("app:raises:3: text".into()))
    }
    fn empty(cx: Cx) -> LuaResult<Multi> {
        Ok(Multi::one(cx, new_table(cx)))
    }
    program!(main, |cx, args| {
        let [_, err] = spawn(cx, "app:raises", &[]).await?;
        assert_eq!(
            (kind(&err), text(&err)),
            ("Internal".to_owned(), "failed to execute script: app:raises:3: text".to_owned())
        );
        let [_, err] = spawn(cx, "app:empty", &[]).await?;
        assert_eq!(
            (kind(&err), text(&err)),
            ("NotFound".to_owned(), "method \"main\" not found in module".to_owned())
        );
        nothing(cx)
    });
    run(&[("app:main", main), ("app:raises", raises), ("app:empty", empty)]);
}

#[test]
fn watchers_learn_value_or_error() {
    program!(child, |cx, args| {
        match args[0].as_int() {
            Some(1) => Ok(Multi::one(cx, Value::int(7))),
            Some(2) => Ok(Multi::from_values(cx, [Value::NIL, s!("bad")])),
            Some(3) => Err(cx.throw("app:child:1: bad".into())),
            Some(4) => {
                let fields = record(cx, [(s!("message"), s!("m")), (s!("kind"), s!("NotFound"))]);
                Ok(Multi::from_values(cx, [Value::NIL, errors::new(cx, &[fields])?]))
            }
            _ => Ok(Multi::from_values(cx, [Value::int(5), Value::FALSE])),
        }
    });
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        let mut seen = Vec::new();
        for case in 1..=5 {
            let [child, _] = spawn_monitored(cx, "app:child", &[Value::int(case)]).await?;
            let [event, _] = receive(cx, &events).await?;
            assert_eq!(text(&get(&event, "kind")), "pid.exit");
            assert_eq!(text(&get(&event, "from")), text(&child));
            let result = get(&event, "result");
            let error = get(&result, "error");
            let error =
                if error.is_nil() { String::new() } else { format!("{}: {}", kind(&error), text(&error)) };
            seen.push((get(&result, "value").as_int(), error));
        }
        let expected = [
            (Some(7), ""),
            (None, "Internal: bad"),
            (None, "Internal: app:child:1: bad"),
            (None, "NotFound: m"),
            (Some(5), ""),
        ];
        assert_eq!(seen, expected.map(|(value, error)| (value, error.to_owned())));
        nothing(cx)
    });
    run(&[("app:main", main), ("app:child", child)]);
}

#[test]
fn names_conflict_and_are_free_when_the_exit_is_seen() {
    program!(child, |cx, args| {
        assert_eq!(registry::register(cx, &[s!("relay")])?.first().as_bool(), Some(true));
        assert_eq!(registry::register(cx, &[s!("relay")])?.first().as_bool(), Some(true));
        process::send(cx, &mut [args[0].clone(), s!("ready")]).await?;
        let inbox = process::inbox(cx, &[]).await?;
        receive(cx, &inbox).await?;
        nothing(cx)
    });
    program!(main, |cx, args| {
        let (own, events) = (process::pid(cx, &[])?, process::events(cx, &[]).await?);
        let inbox = process::inbox(cx, &[]).await?;
        let [child, _] = spawn_monitored(cx, "app:child", &[own]).await?;
        receive(cx, &inbox).await?;
        let [_, err] = registry::register(cx, &[s!("relay")])?.adjust(cx);
        assert_eq!(
            (kind(&err), text(&err)),
            ("AlreadyExists".to_owned(), "name already registered".to_owned())
        );
        assert_eq!(text(&registry::lookup(cx, &[s!("relay")])?.first()), text(&child));
        process::send(cx, &mut [s!("relay"), s!("go")]).await?;
        receive(cx, &events).await?;
        let [_, err] = registry::lookup(cx, &[s!("relay")])?.adjust(cx);
        assert_eq!(text(&err), "name not registered");
        assert_eq!(registry::register(cx, &[s!("relay")])?.first().as_bool(), Some(true));
        assert_eq!(registry::unregister(cx, &[s!("relay")])?.first().as_bool(), Some(true));
        assert_eq!(registry::unregister(cx, &[s!("relay")])?.first().as_bool(), Some(false));
        nothing(cx)
    });
    run(&[("app:main", main), ("app:child", child)]);
}

#[test]
fn terminate_is_told_as_such_and_happens_once() {
    program!(child, |cx, args| {
        let inbox = process::inbox(cx, &[]).await?;
        receive(cx, &inbox).await?;
        nothing(cx)
    });
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        let [child, _] = spawn_monitored(cx, "app:child", &[]).await?;
        assert_eq!(process::terminate(cx, &[child.clone()]).await?.first().as_bool(), Some(true));
        let [event, _] = receive(cx, &events).await?;
        let error = get(&get(&event, "result"), "error");
        assert_eq!((kind(&error), text(&error)), ("Internal".to_owned(), "process terminated".to_owned()));
        let [_, err] = process::terminate(cx, &[child.clone()]).await?.adjust(cx);
        assert_eq!((kind(&err), text(&err)), ("Internal".to_owned(), "process not found".to_owned()));
        let [_, err] = process::monitor(cx, &[child]).await?.adjust(cx);
        assert_eq!((kind(&err), text(&err)), ("Internal".to_owned(), "pid not registered".to_owned()));
        nothing(cx)
    });
    run(&[("app:main", main), ("app:child", child)]);
}

#[test]
fn cancel_is_a_request_with_a_reason() {
    program!(child, |cx, args| {
        let events = process::events(cx, &[]).await?;
        let [first, _] = receive(cx, &events).await?;
        assert_eq!(text(&get(&first, "kind")), "pid.cancel");
        assert_eq!(text(&get(&first, "reason")), "enough");
        assert_eq!(text(&get(&first, "from")), text(&args[0]));
        let [second, _] = receive(cx, &events).await?;
        assert_eq!(text(&get(&second, "reason")), "");
        Ok(Multi::one(cx, s!("obeyed the second")))
    });
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        let [child, _] = spawn_monitored(cx, "app:child", &[process::pid(cx, &[])?]).await?;
        process::cancel(cx, &[child.clone(), s!("enough")]).await?;
        time::sleep(cx, &[s!("5ms")]).await?;
        process::cancel(cx, &[child]).await?;
        let [event, _] = receive(cx, &events).await?;
        assert_eq!(text(&get(&get(&event, "result"), "value")), "obeyed the second");
        nothing(cx)
    });
    run(&[("app:main", main), ("app:child", child)]);
}
