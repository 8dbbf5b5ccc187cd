//! Functions: calls, futures, executors, pools.

use std::cell::Cell;

use crate::kit::*;
use crate::program;

type Others = &'static [(&'static str, &'static str, &'static str)];

const ONE: Others = &[("app:f", "function.lua", "{}")];

fn run_with(main: Main, function: Main, others: Others) {
    exit_in(&system_with(&[("app:main", main), ("app:f", function)], others), "app:main").unwrap();
}

async fn call(cx: Cx, args: &[Value]) -> LuaResult<[Value; 2]> {
    let mut full = vec![s!("app:f")];
    full.extend(args.iter().cloned());
    Ok(funcs::call(cx, &full).await?.adjust(cx))
}

#[test]
fn a_call_gives_a_value_or_an_error() {
    program!(f, |cx, args| {
        match args[0].as_int() {
            Some(1) => Ok(Multi::one(cx, Value::int(7))),
            Some(2) => Ok(Multi::from_values(cx, [Value::int(1), s!("bad")])),
            Some(3) => Err(cx.throw("app:f:1: boom".into())),
            Some(4) => {
                let fields = record(cx, [(s!("message"), s!("m")), (s!("kind"), s!("NotFound"))]);
                Ok(Multi::from_values(cx, [Value::NIL, errors::new(cx, &[fields])?]))
            }
            _ => Ok(Multi::one(cx, process::pid(cx, &[])?)),
        }
    });
    program!(main, |cx, args| {
        let mut seen = Vec::new();
        for case in 1..=4 {
            let [value, err] = call(cx, &[Value::int(case)]).await?;
            let err = if err.is_nil() { String::new() } else { format!("{}: {}", kind(&err), text(&err)) };
            seen.push((value.as_int(), err));
        }
        let expected = [
            (Some(7), ""),
            (None, "Internal: bad"),
            (None, "Internal: app:f:1: boom"),
            (None, "NotFound: m"),
        ];
        assert_eq!(seen, expected.map(|(value, error)| (value, error.to_owned())));
        assert!(text(&call(cx, &[Value::int(5)]).await?[0]).starts_with("{app:f#lua.1|0x"));
        for (target, message) in [
            ("", "function ID required"),
            ("x", "namespace required in function ID"),
            ("x:", "name required in function ID"),
            ("app:gone", "no handler registered for target"),
        ] {
            let [_, err] = funcs::call(cx, &[Value::string(target)]).await?.adjust(cx);
            assert_eq!(text(&err), message);
        }
        nothing(cx)
    });
    run_with(main, f, ONE);
}

#[test]
fn a_worker_keeps_its_state_and_nothing_else() {
    thread_local! {
        static CHUNKS: Cell<u32> = const { Cell::new(0) };
    }
    fn f(cx: Cx) -> LuaResult<Multi> {
        CHUNKS.set(CHUNKS.get() + 1);
        assert_eq!(CHUNKS.get(), 1, "the chunk runs once");
        program!(body, |cx, args| {
            registry::register(cx, &[s!("busy")])?;
            assert!(!get(&process::get_options(cx, &[])?, "trap_links").truthy());
            process::set_options(cx, &[record(cx, [(s!("trap_links"), Value::TRUE)])])?;
            let inbox = process::inbox(cx, &[]).await?;
            process::send(cx, &mut [args[0].clone(), s!("ready"), process::pid(cx, &[])?]).await?;
            let [message, _] = receive(cx, &inbox).await?;
            // A task that is still asleep ends with the call.
            let sleeper = crate::function!(|cx, args| {
                time::sleep(cx, &[s!("20ms")]).await?;
                panic!("it outlived its call");
            });
            coroutine::spawn(cx, &[sleeper]).await?;
            data(cx, &message).await.map(|value| Multi::one(cx, value))
        });
        body(cx)
    }
    program!(main, |cx, args| {
        let inbox = process::inbox(cx, &[]).await?;
        let mut pids = Vec::new();
        for round in 1..=3 {
            let future = funcs::async_(cx, &[s!("app:f"), process::pid(cx, &[])?]).await?.first();
            let [message, _] = receive(cx, &inbox).await?;
            let pid = data(cx, &message).await?;
            pids.push(text(&pid));
            process::send(cx, &mut [pid.clone(), s!("go"), Value::int(round)]).await?;
            let channel = method(cx, &future, "response", &[]).await?.first();
            let [payload, _] = receive(cx, &channel).await?;
            assert_eq!(method(cx, &payload, "data", &[]).await?.first().as_int(), Some(round));
            let [_, err] = process::send(cx, &mut [pid, s!("late")]).await?.adjust(cx);
            assert_eq!(text(&err), "process not found");
        }
        pids.dedup();
        assert_eq!(pids.len(), 3, "every call has a PID of its own");
        time::sleep(cx, &[s!("40ms")]).await
    });
    run_with(main, f, &[("app:f", "function.lua", r#"{"pool":{"type":"static","workers":1,"size":1}}"#)]);
}

#[test]
fn a_future_gives_one_item_and_closes() {
    program!(f, |cx, args| {
        time::sleep(cx, &[s!("5ms")]).await?;
        if !args.is_empty() { Ok(Multi::one(cx, Value::int(7))) } else { Err(cx.throw("boom".into())) }
    });
    program!(main, |cx, args| {
        let future = funcs::async_(cx, &[s!("app:f"), Value::TRUE]).await?.first();
        let of = async |future: &Value, name: &str| -> LuaResult<[Value; 2]> {
            Ok(method(cx, future, name, &[]).await?.adjust(cx))
        };
        assert!(!of(&future, "is_complete").await?[0].truthy());
        assert!(of(&future, "result").await?[0].is_nil());
        let channel = of(&future, "channel").await?[0].clone();
        let [payload, ok] = receive(cx, &channel).await?;
        assert!(ok.truthy());
        assert_eq!(method(cx, &payload, "data", &[]).await?.first().as_int(), Some(7));
        assert!(!receive(cx, &channel).await?[1].truthy());
        assert!(of(&future, "is_complete").await?[0].truthy());
        assert!(of(&future, "result").await?[0].is_identical(&payload));
        assert_eq!(of(&future, "error").await?[1].as_bool(), Some(false));

        let failing = funcs::async_(cx, &[s!("app:f")]).await?.first();
        let channel = of(&failing, "response").await?[0].clone();
        let [err, ok] = receive(cx, &channel).await?;
        assert_eq!((text(&err).as_str(), ok.as_bool()), ("boom", Some(true)));
        let [err, failed] = of(&failing, "error").await?;
        assert_eq!((kind(&err).as_str(), failed.as_bool()), ("Internal", Some(true)));

        let unknown = funcs::async_(cx, &[s!("app:gone")]).await?.first();
        let channel = of(&unknown, "response").await?[0].clone();
        assert_eq!(text(&receive(cx, &channel).await?[0]), "no handler registered for target");

        let canceled = funcs::async_(cx, &[s!("app:f"), Value::TRUE]).await?.first();
        let channel = of(&canceled, "response").await?[0].clone();
        assert!(of(&canceled, "cancel").await?[0].truthy());
        assert!(!receive(cx, &channel).await?[1].truthy());
        let [_, err] = of(&canceled, "result").await?;
        assert_eq!((kind(&err).as_str(), text(&err).as_str()), ("Canceled", "canceled"));
        assert!(of(&canceled, "is_canceled").await?[0].truthy());
        nothing(cx)
    });
    run_with(main, f, ONE);
}

#[test]
fn calls_beyond_the_pool_wait_in_order() {
    program!(f, |cx, args| {
        time::sleep(cx, &[s!("2ms")]).await?;
        process::send(cx, &mut [args[0].clone(), s!("done"), args[1].clone()]).await
    });
    program!(main, |cx, args| {
        let inbox = process::inbox(cx, &[]).await?;
        let own = process::pid(cx, &[])?;
        for number in 1..=5 {
            funcs::async_(cx, &[s!("app:f"), own.clone(), Value::int(number)]).await?;
        }
        for number in 1..=5 {
            let [message, _] = receive(cx, &inbox).await?;
            assert_eq!(data(cx, &message).await?.as_int(), Some(number));
        }
        nothing(cx)
    });
    run_with(main, f, &[("app:f", "function.lua", r#"{"pool":{"max_size":1}}"#)]);
}

#[test]
fn executors_carry_context_and_try_again() {
    program!(f, |cx, args| {
        let [value, _] = ctx::get(cx, &[s!("user")])?.adjust(cx);
        assert_eq!(text(&value), "ada");
        process::send(cx, &mut [args[0].clone(), s!("attempt")]).await?;
        let fields = record(cx, [(s!("message"), s!("later")), (s!("kind"), s!("Unavailable"))]);
        Ok(Multi::from_values(cx, [Value::NIL, errors::new(cx, &[fields])?]))
    });
    program!(main, |cx, args| {
        let inbox = process::inbox(cx, &[]).await?;
        let executor = funcs::new(cx, &[])?;
        let values = record(cx, [(s!("user"), s!("ada"))]);
        let executor = method(cx, &executor, "with_context", &[values]).await?.first();
        let rule = record(cx, [(s!("max_attempts"), Value::int(3)), (s!("initial_delay"), Value::int(1))]);
        let executor =
            method(cx, &executor, "with_options", &[record(cx, [(s!("retry"), rule)])]).await?.first();
        let own = process::pid(cx, &[])?;
        let [_, err] = method(cx, &executor, "call", &[s!("app:f"), own.clone()]).await?.adjust(cx);
        assert_eq!((kind(&err).as_str(), text(&err).as_str()), ("Unavailable", "later"));
        let future = method(cx, &executor, "async", &[s!("app:f"), own]).await?.first();
        let channel = method(cx, &future, "response", &[]).await?.first();
        assert_eq!(text(&receive(cx, &channel).await?[0]), "later");
        for _ in 0..6 {
            receive(cx, &inbox).await?;
        }
        assert!(get(&select(cx, &[&inbox], true).await?, "default").truthy());
        nothing(cx)
    });
    run_with(main, f, ONE);
}

#[test]
fn the_end_of_a_caller_cancels_its_call() {
    program!(f, |cx, args| {
        registry::register(cx, &[s!("callee")])?;
        time::sleep(cx, &[s!("1h")]).await
    });
    program!(caller, |cx, args| { funcs::call(cx, &[s!("app:f")]).await });
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        let [caller, _] = spawn_monitored(cx, "app:caller", &[]).await?;
        time::sleep(cx, &[s!("10ms")]).await?;
        process::monitor(cx, &[s!("callee")]).await?;
        process::terminate(cx, &[caller]).await?;
        let mut ends = Vec::new();
        for _ in 0..2 {
            let [event, _] = receive(cx, &events).await?;
            ends.push(text(&get(&get(&event, "result"), "error")));
        }
        ends.sort();
        assert_eq!(ends, ["context canceled", "process terminated"]);
        nothing(cx)
    });
    exit_in(&system_with(&[("app:main", main), ("app:f", f), ("app:caller", caller)], ONE), "app:main")
        .unwrap();
}

#[test]
fn a_process_with_a_default_host_can_be_called() {
    program!(f, |cx, args| { Ok(Multi::one(cx, args[0].clone())) });
    program!(main, |cx, args| {
        let [value, err] = call(cx, &[Value::int(4)]).await?;
        assert_eq!((value.as_int(), err.is_nil()), (Some(4), true));
        nothing(cx)
    });
    run_with(main, f, &[]);
}
