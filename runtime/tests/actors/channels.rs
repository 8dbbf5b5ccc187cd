//! Coroutines, channels, select and timers inside of one process.

use crate::kit::*;
use crate::{closure, function, program};

fn push(cx: Cx, log: &Value, entry: &str) -> LuaResult<()> {
    let next = log.as_table().unwrap().length() + 1;
    set_index(cx, log, Value::int(next), Value::string(entry))
}

fn texts(log: &Value) -> Vec<String> {
    log.as_table().unwrap().array().iter().map(text).collect()
}

#[test]
fn the_sender_of_a_rendezvous_goes_on_first() {
    program!(main, |cx, args| {
        let (log, ch) = (new_table(cx), channel::new(cx, &[])?);
        let child = closure!(cx, [log, ch], |cx, this| {
            let (log, ch) = (this.upvalue(0), this.upvalue(1));
            push(cx, &log, "r-wait")?;
            let [value, _] = receive(cx, &ch).await?;
            push(cx, &log, &format!("r-got-{}", value.as_int().unwrap()))?;
            nothing(cx)
        });
        coroutine::spawn(cx, &[child]).await?;
        push(cx, &log, "main")?;
        method(cx, &ch, "send", &[Value::int(1)]).await?;
        push(cx, &log, "sent")?;
        time::sleep(cx, &[s!("1ms")]).await?;
        assert_eq!(texts(&log), ["r-wait", "main", "sent", "r-got-1"]);
        nothing(cx)
    });
    run(&[("app:main", main)]);
}

#[test]
fn a_buffer_is_first_in_first_out_and_then_blocks() {
    program!(main, |cx, args| {
        let ch = channel::new(cx, &[Value::int(2)])?;
        for value in 1..=2 {
            method(cx, &ch, "send", &[Value::int(value)]).await?;
        }
        let sender =
            closure!(cx, [ch], |cx, this| { method(cx, &this.upvalue(0), "send", &[Value::int(3)]).await });
        coroutine::spawn(cx, &[sender]).await?;
        for value in 1..=3 {
            let [got, ok] = receive(cx, &ch).await?;
            assert_eq!((got.as_int(), ok.as_bool()), (Some(value), Some(true)));
        }
        // nil travels; the end is told by the second result.
        let ch = channel::new(cx, &[Value::int(1)])?;
        method(cx, &ch, "send", &[]).await?;
        let [got, ok] = receive(cx, &ch).await?;
        assert!(got.is_nil() && ok.truthy());
        nothing(cx)
    });
    run(&[("app:main", main)]);
}

#[test]
fn close_wakes_receivers_and_senders() {
    program!(main, |cx, args| {
        let (log, ch) = (new_table(cx), channel::new(cx, &[])?);
        for _ in 0..2 {
            let receiver = closure!(cx, [log, ch], |cx, this| {
                let [_, ok] = receive(cx, &this.upvalue(1)).await?;
                push(cx, &this.upvalue(0), &format!("{:?}", ok.as_bool()))?;
                nothing(cx)
            });
            coroutine::spawn(cx, &[receiver]).await?;
        }
        method(cx, &ch, "close", &[]).await?;
        method(cx, &ch, "close", &[]).await?;
        assert_eq!(texts(&log), ["Some(false)", "Some(false)"]);
        let thrown = method(cx, &ch, "send", &[]).await.err().unwrap();
        assert_eq!(text(&cx.catch(thrown)), "send on closed channel");
        // A blocked sender gets the error as a result.
        let (log, ch) = (new_table(cx), channel::new(cx, &[])?);
        let sender = closure!(cx, [log, ch], |cx, this| {
            let [ok, err] = method(cx, &this.upvalue(1), "send", &[]).await?.adjust(cx);
            assert!(ok.is_nil());
            push(cx, &this.upvalue(0), &text(&err))?;
            nothing(cx)
        });
        coroutine::spawn(cx, &[sender]).await?;
        method(cx, &ch, "close", &[]).await?;
        assert_eq!(texts(&log), ["send on closed channel"]);
        nothing(cx)
    });
    run(&[("app:main", main)]);
}

#[test]
fn select_takes_the_first_ready_case_and_the_closed_beats_the_default() {
    program!(main, |cx, args| {
        let (first, second) = (channel::new(cx, &[Value::int(200)])?, channel::new(cx, &[Value::int(200)])?);
        for value in 0..100 {
            method(cx, &first, "send", &[Value::int(value)]).await?;
            method(cx, &second, "send", &[Value::int(value)]).await?;
        }
        for value in 0..100 {
            let result = select(cx, &[&first, &second], true).await?;
            assert!(get(&result, "channel").is_identical(&first));
            assert_eq!(get(&result, "value").as_int(), Some(value));
        }
        assert!(get(&select(cx, &[&first], true).await?, "default").truthy());
        method(cx, &first, "close", &[]).await?;
        let result = select(cx, &[&first, &second], true).await?;
        assert_eq!(get(&result, "ok").as_bool(), Some(false));
        // A closed send case is never ready.
        let cases = new_table(cx);
        set_index(cx, &cases, Value::int(1), method(cx, &first, "case_send", &[Value::TRUE]).await?.first())?;
        let result = channel::select(cx, &[cases, Value::TRUE]).await?.first();
        assert!(get(&result, "default").truthy());
        nothing(cx)
    });
    run(&[("app:main", main)]);
}

#[test]
fn a_select_that_was_served_elsewhere_takes_nothing_later() {
    program!(main, |cx, args| {
        let (a, b) = (channel::new(cx, &[])?, channel::new(cx, &[Value::int(1)])?);
        let log = new_table(cx);
        let selector = closure!(cx, [log, a, b], |cx, this| {
            let result = select(cx, &[&this.upvalue(1), &this.upvalue(2)], false).await?;
            push(cx, &this.upvalue(0), &format!("{:?}", get(&result, "value").as_int()))?;
            nothing(cx)
        });
        coroutine::spawn(cx, &[selector]).await?;
        method(cx, &b, "send", &[Value::int(2)]).await?;
        time::sleep(cx, &[s!("1ms")]).await?;
        assert_eq!(texts(&log), ["Some(2)"]);
        let cases = new_table(cx);
        set_index(cx, &cases, Value::int(1), method(cx, &a, "case_send", &[Value::int(1)]).await?.first())?;
        assert!(get(&channel::select(cx, &[cases, Value::TRUE]).await?.first(), "default").truthy());
        nothing(cx)
    });
    run(&[("app:main", main)]);
}

#[test]
fn a_select_without_hope_fails_the_process() {
    program!(main, |cx, args| { channel::select(cx, &[new_table(cx)]).await });
    let error = exit_of(&[("app:main", main)]).unwrap_err();
    assert_eq!(error.message, "deadlock: all coroutines blocked with no pending operations (threads=0)");
}

#[test]
fn an_error_in_a_coroutine_fails_the_process_and_a_return_of_main_ends_them_all() {
    program!(failing, |cx, args| {
        let child = function!(|cx, args| { Err(cx.throw("in the child".into())) });
        coroutine::spawn(cx, &[child]).await?;
        time::sleep(cx, &[s!("1s")]).await
    });
    assert_eq!(exit_of(&[("app:main", failing)]).unwrap_err().message, "in the child");
    program!(returning, |cx, args| {
        let child = function!(|cx, args| {
            time::sleep(cx, &[s!("1s")]).await?;
            panic!("it was killed");
        });
        let thread = coroutine::spawn(cx, &[child]).await?;
        assert_eq!(text(&coroutine::status(cx, &[thread])?), "suspended");
        nothing(cx)
    });
    run(&[("app:main", returning)]);
}

#[test]
fn a_timeout_fires_once_and_closes_its_channel() {
    program!(main, |cx, args| {
        let expired = time::after(cx, &[s!("5ms")]).await?.first();
        let [at, ok] = receive(cx, &expired).await?;
        assert!(!at.is_nil() && ok.truthy());
        let [at, ok] = receive(cx, &expired).await?;
        assert!(at.is_nil() && !ok.truthy());
        let [_, err] = time::after(cx, &[Value::int(0)]).await?.adjust(cx);
        assert_eq!(text(&err), "time.after: duration must be > 0");
        let [_, err] = time::sleep(cx, &[s!("abc")]).await?.adjust(cx);
        assert_eq!((kind(&err).as_str(), text(&err).as_str()), ("Invalid", "time: invalid duration \"abc\""));
        nothing(cx)
    });
    run(&[("app:main", main)]);
}

#[test]
fn blocking_inside_pcall_works() {
    program!(main, |cx, args| {
        let sleeper = function!(|cx, args| {
            time::sleep(cx, &[s!("2ms")]).await?;
            Ok(Multi::one(cx, s!("slept")))
        });
        let [ok, value] = base::pcall(cx, &[sleeper]).await?.adjust(cx);
        assert_eq!((ok.as_bool(), text(&value).as_str()), (Some(true), "slept"));
        nothing(cx)
    });
    run(&[("app:main", main)]);
}
