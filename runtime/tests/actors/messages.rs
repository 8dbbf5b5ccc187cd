//! Messages: order, fall-back to the inbox, copies.

use crate::kit::*;
use crate::program;

#[test]
fn sends_arrive_in_order_even_when_the_receiver_subscribes_late() {
    program!(reader, |cx, args| {
        time::sleep(cx, &[s!("20ms")]).await?;
        let topic = process::listen(cx, &[s!("numbers")]).await?.first();
        let inbox = process::inbox(cx, &[]).await?;
        for expected in 1..=10 {
            assert_eq!(receive(cx, &topic).await?[0].as_int(), Some(expected));
            let [message, ok] = receive(cx, &inbox).await?;
            assert_eq!(ok.as_bool(), Some(true));
            assert_eq!(data(cx, &message).await?.as_int(), Some(-expected));
            let from = method(cx, &message, "from", &[]).await?.first();
            assert_eq!(text(&from), text(&args[0]));
        }
        process::send(cx, &mut [args[0].clone(), s!("done")]).await
    });
    program!(main, |cx, args| {
        let own = process::pid(cx, &[])?;
        let [reader, err] = spawn(cx, "app:reader", &[own]).await?;
        assert!(err.is_nil());
        for number in 1..=10 {
            process::send(cx, &mut [reader.clone(), s!("numbers"), Value::int(number)]).await?;
            process::send(cx, &mut [reader.clone(), s!("other"), Value::int(-number)]).await?;
        }
        let inbox = process::inbox(cx, &[]).await?;
        receive(cx, &inbox).await?;
        nothing(cx)
    });
    run(&[("app:main", main), ("app:reader", reader)]);
}

#[test]
fn a_topic_goes_to_its_listener_once_there_is_one() {
    program!(main, |cx, args| {
        let own = process::pid(cx, &[])?;
        let send = async |value: i64| process::send(cx, &mut [own.clone(), s!("x"), Value::int(value)]).await;
        let inbox = process::inbox(cx, &[]).await?;
        send(1).await?;
        let [message, _] = receive(cx, &inbox).await?;
        assert_eq!(data(cx, &message).await?.as_int(), Some(1));
        // What waits for the inbox and was not received goes over to the listener.
        send(2).await?;
        let topic = process::listen(cx, &[s!("x")]).await?.first();
        assert!(topic.is_identical(&process::listen(cx, &[s!("x")]).await?.first()));
        send(3).await?;
        assert_eq!(receive(cx, &topic).await?[0].as_int(), Some(2));
        assert_eq!(receive(cx, &topic).await?[0].as_int(), Some(3));
        // After unlisten the inbox gets it again; what was queued for the topic is not lost.
        for value in 4..=6 {
            send(value).await?;
        }
        time::sleep(cx, &[s!("1ms")]).await?;
        assert_eq!(process::unlisten(cx, &[topic.clone()]).await?.first().as_bool(), Some(true));
        let [buffered, ok] = receive(cx, &topic).await?;
        assert_eq!((buffered.as_int(), ok.as_bool()), (Some(4), Some(true)));
        let [_, ok] = receive(cx, &topic).await?;
        assert_eq!(ok.as_bool(), Some(false));
        for expected in 5..=6 {
            let [message, _] = receive(cx, &inbox).await?;
            assert_eq!(data(cx, &message).await?.as_int(), Some(expected));
        }
        let [gone, err] = process::unlisten(cx, &[topic]).await?.adjust(cx);
        assert_eq!((gone.as_bool(), text(&err).as_str()), (Some(false), "channel not found"));
        nothing(cx)
    });
    run(&[("app:main", main)]);
}

#[test]
fn polling_the_inbox_takes_what_is_queued() {
    program!(main, |cx, args| {
        let own = process::pid(cx, &[])?;
        let inbox = process::inbox(cx, &[]).await?;
        assert!(get(&select(cx, &[&inbox], true).await?, "default").truthy());
        process::send(cx, &mut [own, s!("t"), Value::TRUE]).await?;
        let result = select(cx, &[&inbox], true).await?;
        assert!(get(&result, "channel").is_identical(&inbox));
        nothing(cx)
    });
    run(&[("app:main", main)]);
}

/// Asks, and polls until the answer is there.
async fn poll_for_answers(cx: Cx) -> LuaResult<()> {
    let inbox = process::inbox(cx, &[]).await?;
    let [child, _] = spawn_monitored(cx, "app:child", &[]).await?;
    for number in 1..=50 {
        process::send(cx, &mut [child.clone(), s!("t"), Value::int(number)]).await?;
        let found = loop {
            cx.spend()?;
            let found = select(cx, &[&inbox], true).await?;
            if !get(&found, "default").truthy() {
                break found;
            }
        };
        assert_eq!(data(cx, &get(&found, "value")).await?.as_int(), Some(number));
    }
    Ok(())
}

program!(answering, |cx, args| {
    let inbox = process::inbox(cx, &[]).await?;
    loop {
        let [message, _] = receive(cx, &inbox).await?;
        let from = method(cx, &message, "from", &[]).await?.first();
        let content = data(cx, &message).await?;
        process::send(cx, &mut [from, s!("t"), content]).await?;
    }
});

#[test]
fn who_polls_the_inbox_sees_what_is_sent_meanwhile() {
    program!(main, |cx, args| {
        poll_for_answers(cx).await?;
        nothing(cx)
    });
    run(&[("app:main", main), ("app:child", answering)]);
}

#[test]
fn who_polls_lets_others_go_first_in_a_simulation() {
    program!(main, |cx, args| {
        poll_for_answers(cx).await?;
        nothing(cx)
    });
    simulate(1, &[("app:main", main), ("app:child", answering)]);
}

#[test]
fn errors_of_send_have_their_texts() {
    program!(child, |cx, args| { nothing(cx) });
    program!(main, |cx, args| {
        let failure = async |args: &[Value]| -> LuaResult<(String, String)> {
            let [ok, err] = process::send(cx, &mut args.to_vec()).await?.adjust(cx);
            assert!(ok.is_nil());
            Ok((kind(&err), text(&err)))
        };
        let expect = |kind: &str, text: &str| (kind.to_owned(), text.to_owned());
        let events = process::events(cx, &[]).await?;
        let [child, _] = spawn_monitored(cx, "app:child", &[]).await?;
        receive(cx, &events).await?;
        assert_eq!(failure(&[child, s!("t")]).await?, expect("NotFound", "process not found"));
        assert_eq!(
            failure(&[s!("nobody"), s!("t")]).await?,
            expect("NotFound", "could not resolve 'nobody' as PID or registered name")
        );
        assert_eq!(failure(&[s!("{no:host|0x00001}"), s!("t")]).await?, expect("NotFound", "host not found"));
        assert_eq!(failure(&[s!("{n@a:b|0x00001}"), s!("t")]).await?, expect("NotFound", "node not found"));
        assert_eq!(failure(&[s!("x"), s!("@t")]).await?, expect("Invalid", "cannot send to @ topics"));
        assert_eq!(
            failure(&[s!("x")]).await?,
            expect("Invalid", "send requires at least destination and topic arguments")
        );
        assert!(process::send(cx, &mut [Value::NIL, s!("t")]).await.is_err());
        nothing(cx)
    });
    run(&[("app:main", main), ("app:child", child)]);
}

#[test]
fn a_message_is_a_deep_copy() {
    program!(main, |cx, args| {
        let own = process::pid(cx, &[])?;
        let inbox = process::inbox(cx, &[]).await?;
        let (table, shared, meta) = (new_table(cx), new_table(cx), new_table(cx));
        for key in ["a", "b"] {
            set_field(cx, &table, &Value::string(key), shared.clone())?;
        }
        set_field(cx, &table, &s!("self"), table.clone())?;
        set_field(cx, &table, &s!("int"), Value::int(1))?;
        set_field(cx, &table, &s!("float"), Value::float(1.0))?;
        set_field(cx, &table, &s!("channel"), channel::new(cx, &[])?)?;
        set_field(cx, &table, &s!("now"), time::now(cx, &[])?)?;
        set_field(cx, &table, &s!("error"), errors::new(cx, &[s!("boom")])?)?;
        set_field(cx, &meta, &s!("name"), s!("meta"))?;
        table.as_table().unwrap().set_metatable(meta.clone());
        process::send(cx, &mut [own, s!("t"), table.clone(), Value::NIL, Value::int(3)]).await?;
        set_field(cx, &shared, &s!("later"), Value::TRUE)?;
        let [message, _] = receive(cx, &inbox).await?;
        let payloads = method(cx, &message, "payload", &[]).await?.first();
        assert_eq!(payloads.as_table().unwrap().length(), 3);
        let first = payloads.as_table().unwrap().get_int(1);
        let copy = method(cx, &first, "data", &[]).await?.first();
        assert!(!copy.is_identical(&table));
        assert!(get(&copy, "a").is_identical(&get(&copy, "b")));
        assert!(get(&copy, "self").is_identical(&copy));
        assert!(get(&get(&copy, "a"), "later").is_nil());
        assert_eq!((get(&copy, "int").as_int(), get(&copy, "float").as_float()), (Some(1), Some(1.0)));
        assert!(get(&copy, "channel").is_nil() && get(&copy, "now").is_nil());
        assert_eq!(text(&get(&copy, "error")), "boom");
        let copied_meta = copy.as_table().unwrap().metatable();
        assert_eq!(text(&get(&copied_meta, "name")), "meta");
        assert!(!copied_meta.is_identical(&meta));
        nothing(cx)
    });
    run(&[("app:main", main)]);
}

#[test]
fn a_table_that_nobody_else_has_is_moved() {
    program!(echo, |cx, args| {
        let inbox = process::inbox(cx, &[]).await?;
        loop {
            let [message, _] = receive(cx, &inbox).await?;
            let answer = data(cx, &message).await?;
            let from = method(cx, &message, "from", &[]).await?.first();
            drop(message);
            process::send(cx, &mut [from, s!("answer"), answer]).await?;
        }
    });
    program!(main, |cx, args| {
        let inbox = process::inbox(cx, &[]).await?;
        let [echo, _] = spawn(cx, "app:echo", &[]).await?;
        let made = |text: &Value| {
            let table = new_table(cx);
            let function = crate::function!(|cx, args| { nothing(cx) });
            for (key, value) in [("text", text.clone()), ("own", Value::string("own")), ("f", function)] {
                set_field(cx, &table, &Value::string(key), value)?;
            }
            crate::kit::set_index(cx, &table, Value::int(1), text.clone())?;
            LuaResult::Ok(table)
        };
        for _ in 0..3 {
            let text = Value::string("shared with the sender");
            let table = made(&text)?;
            set_field(cx, &table, &s!("f"), Value::NIL)?;
            let mut moved = [echo.clone(), s!("t"), table];
            process::send(cx, &mut moved).await?;
            assert!(moved[2].is_nil(), "it went as it was");
            // What somebody else has, or what has no copy, stays.
            let kept = made(&text)?;
            let mut copied = [echo.clone(), s!("t"), kept.clone()];
            process::send(cx, &mut copied).await?;
            let mut partly = [echo.clone(), s!("t"), made(&text)?];
            process::send(cx, &mut partly).await?;
            assert!(copied[2].is_identical(&kept) && !partly[2].is_nil());
            for _ in 0..3 {
                let [message, _] = receive(cx, &inbox).await?;
                let answer = data(cx, &message).await?;
                drop(message);
                assert!(!get(&answer, "text").is_identical(&text), "no string is in two processes");
                assert_eq!(crate::kit::text(&get(&answer, "text")), "shared with the sender");
                assert_eq!(crate::kit::text(&get(&answer, "own")), "own");
                assert!(get(&answer, "f").is_nil());
                assert_eq!(
                    crate::kit::text(&answer.as_table().unwrap().get_int(1)),
                    "shared with the sender"
                );
            }
            assert_eq!(crate::kit::text(&text), "shared with the sender");
        }
        nothing(cx)
    });
    run(&[("app:main", main), ("app:echo", echo)]);
}
