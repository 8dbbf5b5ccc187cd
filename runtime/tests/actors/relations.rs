//! Links, monitors, options, exec, upgrade, the spawner and context values.

use moonwright_runtime::process::exit::{Cause, ExitValue};

use crate::kit::*;
use crate::program;

program!(failing, |cx, args| { Err(cx.throw("app:failing:1: boom".into())) });
program!(returning, |cx, args| { Ok(Multi::one(cx, args[0].clone())) });
program!(waiting, |cx, args| {
    let inbox = process::inbox(cx, &[]).await?;
    receive(cx, &inbox).await?;
    nothing(cx)
});

async fn start(cx: Cx, function: &str, entry: &str, args: &[Value]) -> LuaResult {
    let mut full = vec![Value::string(entry), s!("app:processes")];
    full.extend(args.iter().cloned());
    let process = Value::module(&process::PROCESS);
    let function = moonwright_runtime::ops::index::index(cx, &process, &Value::string(function))?;
    let [pid, err] = moonwright_runtime::ops::call::call_async(cx, &function, &full).await?.adjust(cx);
    assert!(err.is_nil(), "{}", text(&err));
    Ok(pid)
}

fn trap(cx: Cx) -> LuaResult<()> {
    let options = record(cx, [(s!("trap_links"), Value::TRUE)]);
    assert!(process::set_options(cx, &[options])?.first().truthy());
    Ok(())
}

#[test]
fn a_failed_link_kills_who_does_not_trap() {
    program!(parent, |cx, args| {
        start(cx, "spawn_linked", "app:failing", &[]).await?;
        time::sleep(cx, &[s!("5s")]).await
    });
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        spawn_monitored(cx, "app:parent", &[]).await?;
        let [event, _] = receive(cx, &events).await?;
        let error = get(&get(&event, "result"), "error");
        assert_eq!((kind(&error).as_str(), text(&error).as_str()), ("", "linked process failed"));
        nothing(cx)
    });
    run(&[("app:main", main), ("app:parent", parent), ("app:failing", failing)]);
}

#[test]
fn who_traps_links_gets_exit_first_and_link_down_second() {
    program!(main, |cx, args| {
        trap(cx)?;
        let events = process::events(cx, &[]).await?;
        let child = start(cx, "spawn_linked_monitored", "app:failing", &[]).await?;
        for expected in ["pid.exit", "pid.link.down"] {
            let [event, _] = receive(cx, &events).await?;
            assert_eq!(text(&get(&event, "kind")), expected);
            assert_eq!(text(&get(&event, "from")), text(&child));
            let result = get(&event, "result");
            assert!(get(&result, "value").is_nil());
            assert_eq!(text(&get(&result, "error")), "app:failing:1: boom");
        }
        nothing(cx)
    });
    run(&[("app:main", main), ("app:failing", failing)]);
}

#[test]
fn a_normal_end_tells_linked_processes_nothing() {
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        start(cx, "spawn_linked_monitored", "app:returning", &[Value::int(1)]).await?;
        let [event, _] = receive(cx, &events).await?;
        assert_eq!(text(&get(&event, "kind")), "pid.exit");
        time::sleep(cx, &[s!("10ms")]).await?;
        assert!(get(&select(cx, &[&events], true).await?, "default").truthy());
        Ok(Multi::one(cx, s!("alive")))
    });
    run(&[("app:main", main), ("app:returning", returning)]);
}

#[test]
fn links_are_made_and_undone_by_either_side() {
    program!(main, |cx, args| {
        trap(cx)?;
        let events = process::events(cx, &[]).await?;
        let [child, _] = spawn(cx, "app:waiting", &[]).await?;
        for _ in 0..2 {
            assert!(process::link(cx, &[child.clone()]).await?.first().truthy());
        }
        assert!(process::unlink(cx, &[child.clone()]).await?.first().truthy());
        assert!(process::unlink(cx, &[child.clone()]).await?.first().truthy());
        assert!(process::link(cx, &[child.clone()]).await?.first().truthy());
        process::terminate(cx, &[child.clone()]).await?;
        let [event, _] = receive(cx, &events).await?;
        assert_eq!(text(&get(&event, "kind")), "pid.link.down");
        assert_eq!(text(&get(&get(&event, "result"), "error")), "process terminated");
        let [_, err] = process::link(cx, &[child.clone()]).await?.adjust(cx);
        assert_eq!((kind(&err).as_str(), text(&err).as_str()), ("Internal", "pid not registered"));
        assert!(process::unlink(cx, &[child]).await?.first().truthy());
        nothing(cx)
    });
    run(&[("app:main", main), ("app:waiting", waiting)]);
}

#[test]
fn a_monitor_is_one_and_can_be_taken_back() {
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        let [child, _] = spawn(cx, "app:waiting", &[]).await?;
        assert!(process::monitor(cx, &[child.clone()]).await?.first().truthy());
        let [_, err] = process::monitor(cx, &[child.clone()]).await?.adjust(cx);
        assert_eq!((kind(&err).as_str(), text(&err).as_str()), ("Internal", "already monitoring pid"));
        assert!(process::unmonitor(cx, &[child.clone()]).await?.first().truthy());
        process::terminate(cx, &[child.clone()]).await?;
        time::sleep(cx, &[s!("10ms")]).await?;
        assert!(get(&select(cx, &[&events], true).await?, "default").truthy());
        assert!(process::unmonitor(cx, &[child]).await?.first().truthy());
        let [_, err] = process::monitor(cx, &[s!("nobody")]).await?.adjust(cx);
        assert_eq!(text(&err), "could not resolve 'nobody' as PID or registered name");
        nothing(cx)
    });
    run(&[("app:main", main), ("app:waiting", waiting)]);
}

#[test]
fn options_are_checked_one_by_one() {
    program!(main, |cx, args| {
        let failure = |options: &[Value]| -> LuaResult<String> {
            let [ok, err] = process::set_options(cx, options)?.adjust(cx);
            assert_eq!(ok.as_bool(), Some(false));
            Ok(text(&err))
        };
        assert_eq!(failure(&[])?, "options parameter must be a table");
        assert_eq!(failure(&[record(cx, [(s!("trap_links"), s!("yes"))])])?, "trap_links must be a boolean");
        let both = record(cx, [(s!("trap_links"), Value::TRUE), (s!("upgradable"), Value::TRUE)]);
        assert_eq!(failure(&[both])?, "option upgradable is not supported");
        assert_eq!(get(&process::get_options(cx, &[])?, "trap_links").as_bool(), Some(true));
        nothing(cx)
    });
    run(&[("app:main", main)]);
}

#[test]
fn terminating_oneself_does_not_return() {
    program!(main, |cx, args| {
        process::terminate(cx, &[process::pid(cx, &[])?]).await?;
        panic!("it returned");
    });
    let error = exit_of(&[("app:main", main)]).unwrap_err();
    assert_eq!((&*error.message, error.cause), ("process terminated", Cause::Terminated));
}

#[test]
fn exec_gives_the_value_or_the_error_of_the_child() {
    program!(refusing, |cx, args| {
        let details = record(cx, [(s!("n"), Value::int(1))]);
        let fields =
            record(cx, [(s!("message"), s!("m")), (s!("kind"), s!("NotFound")), (s!("details"), details)]);
        Ok(Multi::from_values(cx, [Value::NIL, errors::new(cx, &[fields])?]))
    });
    program!(main, |cx, args| {
        let exec = async |entry: &str, host: &str| -> LuaResult<[Value; 2]> {
            let args = [Value::string(entry), Value::string(host), Value::int(5)];
            Ok(process::exec(cx, &args).await?.adjust(cx))
        };
        let [value, err] = exec("app:returning", "app:processes").await?;
        assert_eq!((value.as_int(), err.is_nil()), (Some(5), true));
        let [value, err] = exec("app:refusing", "app:processes").await?;
        assert!(value.is_nil());
        assert_eq!((kind(&err).as_str(), text(&err).as_str()), ("NotFound", "m"));
        let details = method(cx, &err, "details", &[]).await?.first();
        assert_eq!(get(&details, "n").as_int(), Some(1));
        for (entry, host, kind_of, message) in [
            ("", "app:processes", "Invalid", "process ID required"),
            ("x", "app:processes", "Invalid", "invalid process ID format (namespace:name required)"),
            ("app:returning", "", "Invalid", "host ID required"),
            ("app:gone", "app:processes", "Internal", "factory not found"),
        ] {
            let [_, err] = exec(entry, host).await?;
            assert_eq!((kind(&err).as_str(), text(&err).as_str()), (kind_of, message));
        }
        nothing(cx)
    });
    run(&[("app:main", main), ("app:returning", returning), ("app:refusing", refusing)]);
}

#[test]
fn an_upgrade_keeps_pid_watchers_names_and_mail() {
    program!(first, |cx, args| {
        registry::register(cx, &[s!("worker")])?;
        trap(cx)?;
        process::listen(cx, &[s!("unread")]).await?;
        process::send(cx, &mut [args[0].clone(), s!("ready"), process::pid(cx, &[])?]).await?;
        time::sleep(cx, &[s!("10ms")]).await?;
        process::upgrade(cx, &[s!("app:second"), s!("argument")]).await?;
        panic!("it returned");
    });
    program!(second, |cx, args| {
        assert_eq!(text(&args[0]), "argument");
        assert_eq!(text(&process::id(cx, &[])?), "app:second");
        assert_eq!(get(&process::get_options(cx, &[])?, "trap_links").as_bool(), Some(false));
        let inbox = process::inbox(cx, &[]).await?;
        let [message, _] = receive(cx, &inbox).await?;
        assert_eq!(get(&data(cx, &message).await?, "n").as_int(), Some(1));
        assert_eq!(text(&registry::lookup(cx, &[s!("worker")])?.first()), text(&process::pid(cx, &[])?));
        Ok(Multi::one(cx, process::pid(cx, &[])?))
    });
    program!(main, |cx, args| {
        let (events, inbox) = (process::events(cx, &[]).await?, process::inbox(cx, &[]).await?);
        let [child, _] = spawn_monitored(cx, "app:first", &[process::pid(cx, &[])?]).await?;
        receive(cx, &inbox).await?;
        process::send(cx, &mut [child.clone(), s!("other"), record(cx, [(s!("n"), Value::int(1))])]).await?;
        let [event, _] = receive(cx, &events).await?;
        let result = get(&event, "result");
        assert!(get(&result, "error").is_nil(), "{}", text(&get(&result, "error")));
        assert_eq!(text(&get(&result, "value")), text(&child));
        nothing(cx)
    });
    run(&[("app:main", main), ("app:first", first), ("app:second", second)]);
}

#[test]
fn an_upgrade_to_nothing_ends_the_process() {
    program!(main, |cx, args| {
        process::upgrade(cx, &[s!("app:gone")]).await?;
        nothing(cx)
    });
    let error = exit_of(&[("app:main", main)]).unwrap_err();
    assert_eq!((&*error.message, &*error.kind), ("upgrade: create failed: factory not found", "NotFound"));
}

#[test]
fn a_spawner_names_or_signals() {
    program!(named, |cx, args| {
        let inbox = process::inbox(cx, &[]).await?;
        for expected in 1..=3 {
            let [message, _] = receive(cx, &inbox).await?;
            assert_eq!(data(cx, &message).await?.as_int(), Some(expected));
            assert_eq!(text(&method(cx, &message, "from", &[]).await?.first()), "");
        }
        Ok(Multi::one(cx, args[0].clone()))
    });
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        let spawner = process::with_context(cx, &[new_table(cx)])?;
        let named = method(cx, &spawner, "with_name", &[s!("the-one")]).await?.first();
        let one = method(cx, &named, "with_message", &[s!("m"), Value::int(1)]).await?.first();
        let one = method(cx, &one, "with_message", &[s!("m"), Value::int(2)]).await?.first();
        let two = method(cx, &named, "with_message", &[s!("m"), Value::int(3)]).await?.first();
        let place = [s!("app:named"), s!("app:processes"), Value::int(9)];
        let first = method(cx, &one, "spawn_monitored", &place).await?.first();
        let second = method(cx, &two, "spawn", &place).await?.first();
        assert_eq!(text(&first), text(&second));
        let [event, _] = receive(cx, &events).await?;
        assert_eq!(get(&get(&event, "result"), "value").as_int(), Some(9));
        nothing(cx)
    });
    run(&[("app:main", main), ("app:named", named)]);
}

#[test]
fn context_values_are_handed_down() {
    program!(child, |cx, args| {
        if args[0].truthy() {
            return Ok(Multi::one(
                cx,
                process::exec(cx, &[s!("app:child"), s!("app:processes"), Value::FALSE]).await?.first(),
            ));
        }
        let all = ctx::all(cx, &[])?.first();
        assert_eq!(get(&all, "n").as_int(), Some(2));
        let [_, err] = ctx::get(cx, &[s!("gone")])?.adjust(cx);
        assert_eq!((kind(&err).as_str(), text(&err).as_str()), ("NotFound", "key not found: gone"));
        ctx::get(cx, &[s!("user")])
    });
    program!(main, |cx, args| {
        let values = record(cx, [(s!("user"), s!("ada")), (s!("n"), Value::int(1))]);
        let spawner = process::with_context(cx, &[values])?;
        let spawner =
            method(cx, &spawner, "with_context", &[record(cx, [(s!("n"), Value::int(2))])]).await?.first();
        method(cx, &spawner, "exec", &[s!("app:child"), s!("app:processes"), Value::TRUE]).await
    });
    assert_eq!(run(&[("app:main", main), ("app:child", child)]), ExitValue::Other);
}

#[test]
fn a_host_may_limit_its_processes() {
    program!(main, |cx, args| {
        let [first, _] = process::spawn(cx, &[s!("app:waiting"), s!("app:small")]).await?.adjust(cx);
        let [none, err] = process::spawn(cx, &[s!("app:waiting"), s!("app:small")]).await?.adjust(cx);
        assert!(none.is_nil());
        assert_eq!(
            (kind(&err).as_str(), text(&err).as_str()),
            ("Unavailable", "host limit reached: max_processes = 1")
        );
        process::monitor(cx, &[first.clone()]).await?;
        process::terminate(cx, &[first]).await?;
        let events = process::events(cx, &[]).await?;
        receive(cx, &events).await?;
        let [second, _] = process::spawn(cx, &[s!("app:waiting"), s!("app:small")]).await?.adjust(cx);
        assert!(!second.is_nil());
        nothing(cx)
    });
    let system = system_with(
        &[("app:main", main), ("app:waiting", waiting)],
        &[("app:small", "process.host", r#"{"host":{"max_processes":1}}"#)],
    );
    exit_in(&system, "app:main").unwrap();
}

#[test]
fn a_host_may_limit_the_messages_that_wait() {
    program!(reader, |cx, args| {
        let gate = process::listen(cx, &[s!("go")]).await?.first();
        receive(cx, &gate).await?;
        let inbox = process::inbox(cx, &[]).await?;
        for _ in 0..2 {
            receive(cx, &inbox).await?;
        }
        process::send(cx, &mut [args[0].clone(), s!("read")]).await?;
        let gate = process::listen(cx, &[s!("never")]).await?.first();
        receive(cx, &gate).await?;
        nothing(cx)
    });
    program!(main, |cx, args| {
        let inbox = process::inbox(cx, &[]).await?;
        let own = process::pid(cx, &[])?;
        let [reader, _] = process::spawn(cx, &[s!("app:reader"), s!("app:small"), own]).await?.adjust(cx);
        let send = async |topic: &str| -> LuaResult<[Value; 2]> {
            Ok(process::send(cx, &mut [reader.clone(), Value::string(topic)]).await?.adjust(cx))
        };
        for topic in ["m", "m", "go"] {
            assert!(send(topic).await?[0].truthy());
        }
        receive(cx, &inbox).await?;
        // All three were read: there is room for three again, and no more.
        for _ in 0..3 {
            assert!(send("later").await?[0].truthy());
        }
        let [ok, err] = send("later").await?;
        assert!(ok.is_nil());
        assert_eq!(
            (kind(&err).as_str(), text(&err).as_str()),
            ("Unavailable", "host limit reached: max_mailbox = 3")
        );
        nothing(cx)
    });
    let system = system_with(
        &[("app:main", main), ("app:reader", reader)],
        &[("app:small", "process.host", r#"{"host":{"max_mailbox":3}}"#)],
    );
    exit_in(&system, "app:main").unwrap();
}

#[test]
fn messages_that_an_upgrade_keeps_still_count() {
    program!(before, |cx, args| {
        let options = record(cx, [(s!("message"), Value::TRUE)]);
        process::listen(cx, &[s!("kept"), options]).await?;
        process::send(cx, &mut [args[0].clone(), s!("ready")]).await?;
        let gate = process::listen(cx, &[s!("go")]).await?.first();
        receive(cx, &gate).await?;
        process::upgrade(cx, &[s!("app:after"), args[0].clone()]).await?;
        panic!("it returned");
    });
    program!(after, |cx, args| {
        process::send(cx, &mut [args[0].clone(), s!("ready")]).await?;
        let gate = process::listen(cx, &[s!("go")]).await?.first();
        receive(cx, &gate).await?;
        nothing(cx)
    });
    program!(main, |cx, args| {
        let inbox = process::inbox(cx, &[]).await?;
        let own = process::pid(cx, &[])?;
        let [child, _] = process::spawn(cx, &[s!("app:before"), s!("app:small"), own]).await?.adjust(cx);
        let send = async |topic: &str| -> LuaResult<bool> {
            Ok(process::send(cx, &mut [child.clone(), Value::string(topic)]).await?.first().truthy())
        };
        receive(cx, &inbox).await?;
        for topic in ["kept", "kept", "go"] {
            assert!(send(topic).await?);
        }
        receive(cx, &inbox).await?;
        // Two wait, in the buffer of a channel before and in the mailbox now: there is room for one.
        assert!(send("other").await?);
        assert!(!send("other").await?);
        process::terminate(cx, std::slice::from_ref(&child)).await?;
        nothing(cx)
    });
    let system = system_with(
        &[("app:main", main), ("app:before", before), ("app:after", after)],
        &[("app:small", "process.host", r#"{"host":{"max_mailbox":3}}"#)],
    );
    exit_in(&system, "app:main").unwrap();
}
